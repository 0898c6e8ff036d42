// What the composer is about beside a new message: an answer to one, or a change of an own one. A change is kept with every key
// until it is saved or cancelled; the draft of the chat waits meanwhile.
import { mentioned } from "../core/mentions.js";
import { plain } from "../core/markup.js";
import { isAdmin } from "../core/rights.js";
import { h, icon, sr } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import * as storage from "../lib/storage.js";
import { toast } from "./toasts.js";
import { refusal } from "./words.js";

const replies = new Map(); // conversation → the message that is being answered, while the page lives
const FINAL = new Set(["too_late", "forbidden", "not_found", "content_too_long", "content_empty", "bad_frame"]);

export class Context {
  /** The message that is being changed, or null. */
  editing = null;
  /** The message that is being answered, or null. */
  replyTo = null;
  #saving = false;

  constructor(composer) {
    this.composer = composer;
    this.client = composer.client;
    this.chat = composer.chat;
    this.bar = h("div", { class: "context", hidden: true });
    const kept = storage.read(this.#key, null);
    if (kept?.message && typeof kept.text === "string") this.#show({ editing: kept.message, text: kept.text });
    else if (replies.has(this.chat.id)) this.#show({ replyTo: replies.get(this.chat.id) });
  }

  get #key() {
    return `edit.${this.client.me.id}.${this.chat.id}`;
  }

  /** Answer a message. */
  reply(message) {
    if (this.editing) this.cancel();
    this.#show({ replyTo: message });
    this.composer.focus();
  }

  /** Change an own message: its text takes the place of the draft. */
  edit(message) {
    this.#show({ editing: message, text: message.content });
    this.keep(message.content);
    this.composer.focus();
    this.composer.field.setSelectionRange(message.content.length, message.content.length);
  }

  /** Neither any more. Returns whether there was something to cancel. */
  cancel() {
    const was = this.editing ?? this.replyTo;
    if (this.editing) storage.write(this.#key, null);
    this.#show({});
    return Boolean(was);
  }

  /** What is written of a change. */
  keep(text) {
    if (!this.client.gone) storage.write(this.#key, { message: this.editing, text });
  }

  /** What a new message carries besides its text; the answer is given with it. */
  take(text) {
    const more = this.mentions(text);
    if (this.replyTo) more.replyTo = this.replyTo.msgId;
    if (this.replyTo) this.#show({});
    return more;
  }

  mentions(text) {
    return this.chat.kind === "group" ? mentioned(text, this.client.persons.all, isAdmin(this.chat)) : {};
  }

  /** Save the change. What could not be saved stays in the composer, and its text is never lost. */
  async save(text) {
    const message = this.editing;
    if (this.#saving) return;
    if (text === message.content) {
      this.cancel();
      return;
    }
    if (!this.client.socket.open) {
      this.composer.say(gettext("No connection. Your change waits here until you can save it."));
      return;
    }
    this.#saving = true;
    this.#show({}); // the new text stands in the log already
    try {
      await this.client.acts.edit(message, text, this.mentions(text).mentions ?? []);
      storage.write(this.#key, null);
    } catch (error) {
      this.#failed(message, text, error);
    } finally {
      this.#saving = false;
    }
  }

  #failed(message, text, { code }) {
    const isHere = this.composer.isConnected && !this.editing;
    if (FINAL.has(code)) {
      storage.write(this.#key, null);
      const act = () => this.client.tell("write", { id: this.chat.id, text });
      toast(refusal(code), { error: true, action: gettext("Put it in the composer"), act });
    } else {
      if (isHere) this.#show({ editing: message, text });
      toast(gettext("Your change was not saved. Try again."), { error: true });
    }
  }

  #show({ editing = null, replyTo = null, text = null }) {
    const wasEditing = this.editing;
    Object.assign(this, { editing, replyTo });
    if (replyTo) replies.set(this.chat.id, replyTo);
    else if (!editing) replies.delete(this.chat.id);
    const message = editing ?? replyTo;
    this.bar.hidden = !message;
    this.bar.replaceChildren(...(message ? this.#parts(message) : []));
    if (editing) this.composer.put(text);
    else if (wasEditing) this.composer.put(this.client.drafts.of(this.chat));
  }

  #parts(message) {
    const own = message.fromUserId === this.client.me.id;
    const name = own ? gettext("yourself") : this.#author(message);
    const title = this.editing ? gettext("Editing") : format(gettext("Replying to %(name)s"), { name });
    return [
      icon(this.editing ? "edit" : "reply", this.editing ? "" : "icon--flip"),
      h("div", { class: "context__text" }, h("b", { dir: "auto" }, title), h("span", { dir: "auto" }, plain(message.content))),
      h(
        "button", { class: "icon-btn", type: "button", title: `${gettext("Cancel")} (Esc)`, onclick: () => (this.cancel(), this.composer.focus()) },
        icon("close"), sr(gettext("Cancel")),
      ),
    ];
  }

  #author({ fromUserId }) {
    return this.client.faces.name(fromUserId, this.chat) || (this.chat.isGroup ? gettext("Somebody") : this.chat.title);
  }
}
