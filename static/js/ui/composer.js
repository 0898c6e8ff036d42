// <sky-composer>: where one writes.
import { sendable } from "../core/text.js";
import { h, icon, sr } from "../lib/dom.js";
import { format, gettext, ngettext } from "../lib/i18n.js";
import { Context } from "./composer-context.js";
import { completeMentions } from "./mention-list.js";
import { emojiButton } from "./composer-emoji.js";
import { attachFormatting } from "./formatting.js";
import { firstName, titleOf } from "./words.js";

const MOST = 10_000; // characters (protocol §6)

export class SkyComposer extends HTMLElement {
  attach(client, chat, onsend) {
    Object.assign(this, { client, chat, onsend });
    const label = chat.isNote ? gettext("Write a note") : format(gettext("Message %(name)s"), { name: chat.isGroup ? titleOf(chat) : firstName(titleOf(chat)) });
    this.field = h("textarea", {
      class: "composer__field", id: "composer", rows: "1", dir: "auto", placeholder: label, "aria-label": label,
      enterkeyhint: "send", autocomplete: "off", "aria-describedby": "composer-note",
    });
    this.note = h("p", { class: "composer__note", id: "composer-note", role: "status", hidden: true });
    this.button = h("button", { class: "icon-btn composer__send", title: `${gettext("Send")} (Enter)`, hidden: true }, icon("send"), sr(gettext("Send")));
    this.form = h("form", { class: "composer", "aria-label": gettext("Message") }, h("div", { class: "composer__row" }, this.field, emojiButton(this.field), this.button), this.note);
    this.append(this.form);
    completeMentions(client, chat, this.field);
    attachFormatting(this.field);
    this.form.addEventListener("submit", (event) => (event.preventDefault(), this.send()));
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.field.addEventListener("input", () => this.#input());
    this.field.addEventListener("blur", () => this.client.typing.mine(this.chat, false));
    this.listening = new AbortController();
    const { signal } = this.listening;
    client.addEventListener("draft", ({ detail }) => detail.id === chat.id && !this.context.editing && this.put(client.drafts.of(chat)), { signal });
    client.addEventListener("write", ({ detail }) => detail.id === chat.id && this.write(detail.text), { signal });
    client.addEventListener("refused", ({ detail }) => this.#refused(detail), { signal });
    this.put(client.drafts.of(chat));
    this.context = new Context(this);
    this.form.prepend(this.context.bar);
    client.drafts.opened(chat);
  }

  disconnectedCallback() {
    this.listening?.abort();
    this.client?.drafts.save(this.chat);
    this.client?.typing.mine(this.chat, false);
  }

  focus() {
    this.field?.focus();
  }

  /** Send what is written. What is too long stays, and says so. */
  send() {
    const text = sendable(this.field.value);
    if (!text.trim() || [...text].length > MOST) return;
    this.client.typing.mine(this.chat, false);
    if (this.context.editing) {
      this.context.save(text);
      return;
    }
    this.client.sender.send(this.chat, text, this.context.take(text));
    this.put("");
    this.client.drafts.set(this.chat, "");
    this.client.drafts.save(this.chat);
    this.onsend();
  }

  /** Add a text to what is written, as its next line. */
  write(text) {
    if (this.context.editing) this.context.cancel();
    const before = this.field.value.trimEnd();
    this.put(before ? `${before}\n${text}` : text);
    this.#input();
    this.focus();
  }

  #key(event) {
    // While an input method composes, Enter chooses a word (229 on browsers that say so only this way).
    if (event.isComposing || event.keyCode === 229) return;
    const touch = matchMedia("(pointer: coarse)").matches;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && !touch) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && this.context.cancel()) {
      event.preventDefault();
    } else if (event.key === "ArrowUp" && !this.field.value && !event.shiftKey && !event.altKey && this.onup?.()) {
      event.preventDefault();
    }
  }

  #input() {
    this.#size();
    this.client.typing.mine(this.chat, this.field.value.trim() !== "");
    if (this.context.editing) this.context.keep(this.field.value);
    else this.client.drafts.set(this.chat, this.field.value);
  }

  /** Show this text, whatever was there. */
  put(text) {
    if (this.field.value !== text) this.field.value = text;
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
    this.say(over > 0 ? format(ngettext("%(count)s character too many", "%(count)s characters too many", over), { count: over }) : "");
  }

  /** Say something below the field until the next key. */
  say(words) {
    this.note.hidden = !words;
    this.note.textContent = words;
  }

  #refused({ code, retryAfterMs }) {
    if (code !== "rate_limited" && code !== "overloaded") return;
    const seconds = Math.max(1, Math.ceil((retryAfterMs ?? 1000) / 1000));
    this.say(format(gettext("A little slower. You can send again in %(seconds)s s."), { seconds }));
    setTimeout(() => this.isConnected && this.#size(), seconds * 1000);
  }
}

customElements.define("sky-composer", SkyComposer);
