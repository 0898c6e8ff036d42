// What was begun and not sent: kept in this browser with every key, and on the server, from where other devices have it.
// `chat.draft` is what the server has; an edit here is newer until the server has it too.
import { sendable } from "../core/text.js";
import * as storage from "../lib/storage.js";
import * as api from "../net/api.js";

const QUIET = 1_500; // milliseconds without a key before a draft goes to the server
const MOST = 10_000; // characters that the server keeps; longer ones stay in this browser
const FINAL = new Set(["not_found", "forbidden", "bad_frame", "unauthorized"]);

export class Drafts {
  #edits = new Map(); // conversation → {text, timer, busy}
  #echoes = new Map(); // conversation → drafts given to the server whose `state` has not come back yet
  #gone = false;

  constructor(client) {
    this.client = client;
    for (const [id, text] of storage.all(this.#start)) {
      if (typeof text === "string") this.#edits.set(Number(id), { text: sendable(text), timer: 0, busy: false });
    }
    addEventListener("pagehide", () => this.flush());
  }

  get #start() {
    return `draft.${this.client.me.id}.`;
  }

  /** The draft of a chat: what was written here last, else what another device has left on the server. */
  of(chat) {
    return this.#edits.get(chat.id)?.text ?? chat.draft ?? "";
  }

  set(chat, text) {
    if (this.#gone) return;
    const edit = this.#edits.get(chat.id) ?? { timer: 0, busy: false };
    this.#edits.set(chat.id, edit);
    edit.text = sendable(text);
    storage.write(this.#start + chat.id, edit.text);
    this.#later(chat, edit, QUIET);
  }

  /** A kept edit of an earlier visit goes to the server as soon as its chat is opened. */
  opened(chat) {
    const edit = this.#edits.get(chat.id);
    if (edit && !edit.timer && !this.#agreed(chat)) this.#later(chat, edit, QUIET);
  }

  /** The server has what was written here: whatever it says next is newer. */
  #agreed(chat) {
    const edit = this.#edits.get(chat.id);
    if (!edit || edit.busy || edit.text !== (chat.draft ?? "")) return false;
    this.#forgetEdit(chat);
    return true;
  }

  #later(chat, edit, milliseconds) {
    clearTimeout(edit.timer);
    edit.timer = setTimeout(() => this.save(chat), milliseconds);
  }

  /** Give the draft to the server now, one request at a time. */
  async save(chat) {
    const edit = this.#edits.get(chat.id);
    if (!edit || edit.busy || this.#gone || chat.left) return;
    clearTimeout(edit.timer);
    if (this.#agreed(chat)) return;
    const { text } = edit;
    if ([...text].length > MOST) return;
    edit.busy = true;
    this.#echoes.set(chat.id, [...(this.#echoes.get(chat.id) ?? []), text]);
    try {
      await api.call("PATCH", `conversations/${chat.id}/state`, { draft: text }, { keepalive: text.length < 5_000 });
      chat.draft = text;
      edit.busy = false;
      if (edit.text === text) this.#forgetEdit(chat);
      else this.save(chat);
    } catch (error) {
      edit.busy = false;
      if (!FINAL.has(error.code)) this.#later(chat, edit, QUIET * 4);
    }
  }

  #forgetEdit(chat) {
    clearTimeout(this.#edits.get(chat.id)?.timer);
    this.#edits.delete(chat.id);
    storage.write(this.#start + chat.id, null);
  }

  /** The page is being left: what waits goes now, even if nobody is left to hear the answer. */
  flush() {
    for (const id of [...this.#edits.keys()]) {
      const chat = this.client.chats.get(id);
      if (chat) this.save(chat);
    }
  }

  /** The server's draft has changed: news from another device, unless it is an echo of ours or we have a newer one. */
  heard(chat) {
    const echoes = this.#echoes.get(chat.id) ?? [];
    const at = echoes.indexOf(chat.draft);
    if (at >= 0) this.#echoes.set(chat.id, echoes.slice(at + 1));
    else if (!this.#agreed(chat) && !this.#edits.has(chat.id)) this.client.tell("draft", { id: chat.id });
  }

  /** A new connection: echoes of the old one will not come. */
  reconnected() {
    this.#echoes.clear();
  }

  /** The person has left: nothing is kept or saved from now on. What is kept already stays. */
  close() {
    this.#gone = true;
    for (const { timer } of this.#edits.values()) clearTimeout(timer);
    this.#edits.clear();
  }
}
