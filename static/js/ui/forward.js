// Forwarding: up to 20 chats and people, found by name.
import * as api from "../net/api.js";
import { avatar, h, icon } from "../lib/dom.js";
import { format, gettext, ngettext } from "../lib/i18n.js";
import { refusal, titleOf } from "./words.js";
import { toast } from "./toasts.js";

const MOST = 20;
const PAUSE = 150;

/** Ask where `message` goes, and send it there. */
export const forward = (client, message) => new Forward(client, message);

class Forward {
  #chosen = new Map(); // key → {to, name}
  #people = [];
  #asked = 0;
  #timer = null;

  constructor(client, message) {
    Object.assign(this, { client, message });
    this.input = h("input", { type: "search", "aria-label": gettext("Search"), placeholder: gettext("Search chats and people"), autocomplete: "off", maxlength: "80" });
    this.list = h("ul", { class: "forward__list", "aria-label": gettext("Chats and people") });
    this.button = h("button", { class: "btn btn--primary", type: "submit", disabled: true }, gettext("Forward"));
    this.note = h("span", { class: "forward__note", role: "status" });
    this.dialog = h(
      "dialog", { class: "switcher forward", "aria-label": gettext("Forward to") },
      h(
        "form", { class: "forward__form" },
        h("div", { class: "switcher__field" }, icon("search"), this.input),
        this.list,
        h("div", { class: "forward__foot" }, this.note, h("button", { class: "btn", type: "button", onclick: () => this.dialog.close() }, gettext("Cancel")), this.button),
      ),
    );
    this.input.addEventListener("input", () => this.#search());
    this.list.addEventListener("change", ({ target }) => this.#choose(target));
    this.dialog.querySelector("form").addEventListener("submit", (event) => (event.preventDefault(), this.#send()));
    const before = document.activeElement;
    this.dialog.addEventListener("close", () => {
      this.dialog.remove();
      if (before?.isConnected) before.focus({ preventScroll: true });
    });
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.input.focus();
    this.#search();
  }

  #search() {
    this.#asked += 1;
    this.#draw();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#find(), this.input.value ? PAUSE : 0);
  }

  async #find() {
    const asked = this.#asked;
    const text = this.input.value.trim();
    const found = await api.get(text ? `users?limit=20&search=${encodeURIComponent(text)}` : "friends").catch(() => ({ results: [] }));
    if (asked !== this.#asked) return;
    this.#people = found.results;
    this.#draw();
  }

  #draw() {
    const text = this.input.value.trim().toLocaleLowerCase();
    const fits = (...names) => names.some((name) => name?.toLocaleLowerCase().includes(text));
    const chats = this.client.rows.filter((chat) => fits(titleOf(chat), chat.peer?.username));
    const known = new Set(this.client.rows.map((chat) => chat.peerId));
    const people = this.#people.filter((person) => !known.has(person.id) && fits(person.displayName, person.username));
    const focused = this.list.contains(document.activeElement) ? document.activeElement.value : null;
    this.list.replaceChildren(
      ...chats.map((chat) => this.#item(`chat-${chat.id}`, titleOf(chat), { id: chat.peerId ?? chat.id, note: chat.isNote, group: chat.kind === "group", picture: chat.avatar ?? chat.peer?.avatar })),
      ...people.map(({ id, displayName, avatar: picture }) => this.#item(`user-${id}`, displayName, { id, picture })),
    );
    if (!this.list.children.length) this.list.append(h("li", { class: "switcher__none" }, gettext("Nobody of that name.")));
    if (focused) this.list.querySelector(`[value="${focused}"]`)?.focus();
    this.#limit();
  }

  #item(key, name, look) {
    const box = h("input", { type: "checkbox", value: key });
    box.checked = this.#chosen.has(key);
    box.name = name;
    return h("li", {}, h("label", { class: "hit" }, box, avatar({ ...look, name, size: "38" }), h("span", { class: "hit__text" }, h("span", { class: "hit__name", dir: "auto" }, name))));
  }

  #choose(box) {
    const [kind, id] = box.value.split("-");
    if (box.checked) this.#chosen.set(box.value, { to: kind === "chat" ? { conversationId: Number(id) } : { userId: Number(id) }, name: box.name });
    else this.#chosen.delete(box.value);
    this.#limit();
  }

  #limit() {
    const count = this.#chosen.size;
    for (const box of this.list.querySelectorAll("input")) box.disabled = count >= MOST && !box.checked;
    this.button.disabled = !count;
    this.note.textContent = count ? format(ngettext("%(count)s chosen", "%(count)s chosen", count), { count }) : "";
  }

  async #send() {
    const chosen = [...this.#chosen.values()];
    if (!chosen.length) return;
    this.button.disabled = true;
    try {
      const results = await this.client.acts.forward(this.message, chosen.map(({ to }) => to));
      this.dialog.close();
      this.#tell(chosen, results);
    } catch ({ code }) {
      this.button.disabled = false;
      this.note.textContent = refusal(code); // a toast would lie below the dialog
    }
  }

  #tell(chosen, results) {
    const failed = chosen.filter((_, at) => results[at]?.error).map(({ name }) => name);
    const sent = chosen.length - failed.length;
    const words = sent ? format(ngettext("Forwarded to %(count)s chat", "Forwarded to %(count)s chats", sent), { count: sent }) : "";
    if (!failed.length) toast(words);
    else toast([words, format(gettext("Not sent to %(names)s"), { names: failed.join(", ") })].filter(Boolean).join(". "), { error: true });
  }
}
