// <sky-composer>: where one writes. The draft is kept here at once, and on the server for other devices.
import * as storage from "../lib/storage.js";
import { h, icon, sr } from "../lib/dom.js";
import { format, gettext, ngettext } from "../lib/i18n.js";
import { firstName, titleOf } from "./words.js";

const MOST = 10_000; // characters (protocol §6)
const QUIET = 1_500; // milliseconds without a key before the draft goes to the server

export class SkyComposer extends HTMLElement {
  #timer = null;
  #server = "";

  attach(client, chat, onsend) {
    Object.assign(this, { client, chat, onsend });
    const label = chat.isNote ? gettext("Write a note") : format(gettext("Message %(name)s"), { name: firstName(titleOf(chat)) });
    this.field = h("textarea", {
      class: "composer__field", id: "composer", rows: "1", dir: "auto", placeholder: label, "aria-label": label,
      enterkeyhint: "send", autocomplete: "off", "aria-describedby": "composer-note",
    });
    this.note = h("p", { class: "composer__note", id: "composer-note", role: "status", hidden: true });
    this.button = h("button", { class: "icon-btn composer__send", title: `${gettext("Send")} (Enter)`, hidden: true }, icon("send"), sr(gettext("Send")));
    this.form = h("form", { class: "composer", "aria-label": gettext("Message") }, h("div", { class: "composer__row" }, this.field, this.button), this.note);
    this.append(this.form);
    this.form.addEventListener("submit", (event) => (event.preventDefault(), this.send()));
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("input", () => this.#input());
    this.field.addEventListener("blur", () => this.client.typing.mine(this.chat, false));
    this.listening = new AbortController();
    const { signal } = this.listening;
    client.addEventListener("drafts", ({ detail }) => detail.id === chat.id && this.#fromElsewhere(), { signal });
    client.addEventListener("refused", ({ detail }) => this.#refused(detail), { signal });
    addEventListener("pagehide", () => this.#keep(), { signal });
    this.#server = chat.draft ?? "";
    this.#show(storage.read(this.#key_, null) ?? this.#server);
  }

  get #key_() {
    return `draft.${this.client.me.id}.${this.chat.id}`;
  }

  disconnectedCallback() {
    this.listening?.abort();
    this.#keep();
    this.client?.typing.mine(this.chat, false);
  }

  focus() {
    this.field?.focus();
  }

  /** Send what is written. What is too long stays, and says so. */
  send() {
    const text = this.field.value;
    if (!text.trim() || [...text].length > MOST) return;
    this.client.typing.mine(this.chat, false);
    this.client.sender.send(this.chat, text);
    this.#show("");
    this.#keep();
    this.onsend();
  }

  #key(event) {
    // While an input method composes, Enter chooses a word (229 on browsers that say so only this way).
    if (event.isComposing || event.keyCode === 229) return;
    const touch = matchMedia("(pointer: coarse)").matches;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !touch) {
      event.preventDefault();
      this.send();
    }
  }

  #input() {
    this.#size();
    this.client.typing.mine(this.chat, this.field.value.trim() !== "");
    storage.write(this.#key_, this.field.value);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), QUIET);
  }

  #show(text) {
    this.field.value = text;
    this.#size();
  }

  #size() {
    const text = this.field.value;
    if (!CSS.supports("field-sizing", "content")) {
      this.field.style.setProperty("height", "auto");
      this.field.style.setProperty("height", `${this.field.scrollHeight}px`);
    }
    const over = [...text].length - MOST;
    this.button.hidden = !text.trim();
    this.button.disabled = over > 0;
    this.#say(over > 0 ? format(ngettext("%(count)s character too many", "%(count)s characters too many", over), { count: over }) : "");
  }

  #say(words) {
    this.note.hidden = !words;
    this.note.textContent = words;
  }

  /** Keep the draft: here at once, and on the server, from where other devices have it. */
  #keep() {
    clearTimeout(this.#timer);
    const text = this.field.value;
    storage.write(this.#key_, text || null);
    if (text === this.#server) return;
    this.#server = this.chat.draft = text;
    this.client.changeView(this.chat, { draft: text.slice(0, MOST) }).catch(() => (this.#server = null));
  }

  /** Another device has changed the draft: take it over unless something is being written here. */
  #fromElsewhere() {
    const draft = this.chat.draft ?? "";
    if (draft === this.#server || this.field.value !== (this.#server ?? "")) return;
    this.#server = draft;
    storage.write(this.#key_, draft || null);
    this.#show(draft);
  }

  #refused({ code, retryAfterMs }) {
    if (code !== "rate_limited" && code !== "overloaded") return;
    const seconds = Math.max(1, Math.ceil((retryAfterMs ?? 1000) / 1000));
    this.#say(format(gettext("A little slower. You can send again in %(seconds)s s."), { seconds }));
    setTimeout(() => this.isConnected && this.#size(), seconds * 1000);
  }
}

customElements.define("sky-composer", SkyComposer);
