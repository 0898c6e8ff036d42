// The switcher: search or jump to a chat, or to a person with whom there is none yet (Ctrl K, N).
import * as api from "../net/api.js";
import { avatar, h, icon, sr } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { onShortcut } from "./keys.js";
import { toast } from "./toasts.js";
import { go } from "./views.js";
import { faceOf, titleOf } from "./words.js";

const PAUSE = 150;

export class Switcher {
  #found = [];
  #asked = 0;
  #waiting = false;
  #entered = false;
  #timer = null;

  constructor(client) {
    this.client = client;
    this.input = h("input", {
      type: "search", role: "combobox", "aria-expanded": "true", "aria-controls": "hits", "aria-autocomplete": "list",
      "aria-label": gettext("Search"), placeholder: gettext("Search chats and people"), autocomplete: "off", maxlength: "80",
    });
    this.hits = h("div", { class: "switcher__list", id: "hits", role: "listbox", "aria-label": gettext("Chats and people") });
    this.none = h("div", { role: "status" });
    this.dialog = h(
      "dialog", { class: "switcher", "aria-label": gettext("Search or jump to") },
      h(
        "div", { class: "switcher__field" },
        h("button", { class: "icon-btn back", type: "button", onclick: () => this.dialog.close() }, icon("back", "icon--flip"), sr(gettext("Close"))),
        icon("search", "hide-phone"), this.input, h("span", { class: "kbd" }, "Esc"),
      ),
      this.hits,
      this.none,
    );
    document.body.append(this.dialog);
    this.input.addEventListener("input", () => this.#search());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.hits.addEventListener("click", (event) => this.#choose(event.target.closest("[role=option]")));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    document.addEventListener("click", (event) => event.target.closest("[data-switcher]") && this.open());
    onShortcut("switcher", () => this.open());
    onShortcut("new", () => this.open());
  }

  open() {
    if (this.dialog.open || this.client.gone) return;
    this.input.value = "";
    this.#found = [];
    this.dialog.showModal();
    this.input.focus();
    this.#search();
  }

  /** Chats at once, from what is held; people from the server, a moment after the last key. */
  #search() {
    this.#entered = false;
    this.#waiting = true;
    this.#asked += 1; // What was asked for earlier letters, or for none, is no answer any more.
    this.#draw();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#people(), this.input.value ? PAUSE : 0);
  }

  async #people() {
    const asked = this.#asked;
    const text = this.input.value.trim();
    try {
      const path = text ? `users?limit=20&search=${encodeURIComponent(text)}` : "friends";
      const { results } = await api.get(path);
      if (asked !== this.#asked) return;
      this.#found = results;
      this.problem = null;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.problem = error;
    }
    this.#waiting = false;
    if (!this.dialog.open) return;
    this.#draw();
    if (this.#entered) this.#enter();
  }

  #draw() {
    const text = this.input.value.trim().toLocaleLowerCase();
    const fits = (...names) => names.some((name) => name?.toLocaleLowerCase().includes(text));
    const chats = this.client.rows.filter((chat) => fits(titleOf(chat), chat.peer?.username)).slice(0, text ? 8 : 6);
    const known = new Set(chats.map((chat) => chat.peerId));
    // What was found for the letters before the last may fit no longer.
    const people = this.#found.filter((person) => !known.has(person.id) && fits(person.displayName, person.username));
    const myself = !text && ![...this.client.chats.values()].some((chat) => chat.isNote);
    const selected = this.hits.querySelector("[aria-selected=true]")?.id;
    this.hits.replaceChildren(
      ...section(gettext("Chats"), chats.map((chat) => hit(`chat-${chat.id}`, titleOf(chat), chat.peer?.username, faceOf(chat)))),
      ...section(gettext("People"), [
        ...people.map((person) => hit(`user-${person.id}`, person.displayName, person.username, { id: person.id, picture: person.avatar })),
        ...(myself ? [hit(`user-${this.client.me.id}`, gettext("Notes to self"), "", { id: this.client.me.id, note: true })] : []),
      ]),
    );
    const options = this.#options;
    this.hits.hidden = !options.length; // a list box must have options
    this.input.setAttribute("aria-expanded", String(!this.hits.hidden));
    this.none.replaceChildren(...(options.length ? [] : [this.#nothing(this.input.value.trim())]));
    this.#select(options.find((option) => option.id === selected) ?? options[0]);
  }

  #nothing(text) {
    if (this.problem) return h("p", { class: "switcher__none", role: "alert" }, gettext("The search did not work. Try again."));
    if (!text) return h("p", { class: "switcher__none" }, gettext("Type a name."));
    return h("p", { class: "switcher__none" }, format(gettext("Nothing for “%(text)s”. Check the spelling."), { text }));
  }

  get #options() {
    return [...this.hits.querySelectorAll("[role=option]")];
  }

  #select(option) {
    for (const other of this.#options) other.setAttribute("aria-selected", String(other === option));
    this.input.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const options = this.#options;
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && options.length) {
      event.preventDefault();
      this.#select(options[(at + step + options.length) % options.length]);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      this.#enter();
    }
    if (event.key === "Escape") {
      event.preventDefault(); // a search field would only be emptied
      this.dialog.close();
    }
  }

  /** Choose what is selected; when nothing fits yet and the server has not answered, as soon as it has. */
  #enter() {
    const option = this.hits.querySelector("[aria-selected=true]");
    this.#entered = !option && this.#waiting;
    this.#choose(option);
  }

  async #choose(option) {
    if (!option) return;
    const [kind, id] = option.id.split("-");
    try {
      const chat = kind === "chat" ? this.client.chats.get(Number(id)) : await this.client.openDirect(Number(id));
      this.dialog.close();
      await go(chat.id);
    } catch (error) {
      toast(error.code === "not_friends" ? gettext("Only friends can write here.") : gettext("This chat could not be opened. Try again."), { error: true });
    }
  }
}

const section = (title, hits) => (hits.length ? [h("div", { class: "list-label", role: "presentation" }, title), ...hits] : []);

const hit = (id, name, sub, { id: seed, note, group, picture }) =>
  h(
    "div", { class: "hit", role: "option", id, "aria-selected": "false" },
    avatar({ id: seed, name, size: 38, note, group, picture }),
    h("span", { class: "hit__text" }, h("span", { class: "hit__name", dir: "auto" }, name), sub && h("span", { class: "hit__sub" }, sub)),
  );
