// What was begun and not sent: kept in this browser with every key, and on the server, from where other devices have it.
import * as storage from "../lib/storage.js";
import * as api from "../net/api.js";

const QUIET = 1_500; // milliseconds without a key before a draft goes to the server
const MOST = 10_000; // characters that the server keeps

export class Drafts {
  #timers = new Map();
  #saved = new Map(); // chat → what the server has
  #gone = false;

  constructor(client) {
    this.client = client;
    addEventListener("pagehide", () => this.flush());
  }

  #key(chat) {
    return `draft.${this.client.me.id}.${chat.id}`;
  }

  /** The draft of a chat: what was written here last, else what another device has left on the server. */
  of(chat) {
    return storage.read(this.#key(chat), null) ?? chat.draft ?? "";
  }

  set(chat, text) {
    if (this.#gone) return;
    if (!this.#saved.has(chat)) this.#saved.set(chat, chat.draft ?? "");
    chat.draft = text;
    storage.write(this.#key(chat), text);
    clearTimeout(this.#timers.get(chat));
    this.#timers.set(chat, setTimeout(() => this.save(chat), QUIET));
  }

  /** Give the draft to the server now. Until it has it, this browser's copy is the newer one. */
  async save(chat) {
    clearTimeout(this.#timers.get(chat));
    if (!this.#timers.delete(chat) || this.#gone) return;
    const text = chat.draft.slice(0, MOST);
    if (this.#saved.get(chat) === text) {
      storage.write(this.#key(chat), null);
      return;
    }
    try {
      await api.call("PATCH", `conversations/${chat.id}/state`, { draft: text }, { keepalive: text.length < 5_000 });
      this.#saved.set(chat, text);
      if (storage.read(this.#key(chat), null) === text) storage.write(this.#key(chat), null);
    } catch {
      this.#timers.set(chat, setTimeout(() => this.save(chat), QUIET * 4));
    }
  }

  /** The page is being left: what waits goes now, even if nobody is left to hear the answer. */
  flush() {
    for (const chat of [...this.#timers.keys()]) this.save(chat);
  }

  /** The server says that another device has changed a draft. Returns whether it is news here. */
  heard(chat) {
    if (this.#timers.has(chat)) return false;
    this.#saved.set(chat, chat.draft ?? "");
    storage.write(this.#key(chat), null);
    return true;
  }

  /** Signing out: nothing of this stays in the browser. */
  forget() {
    this.#gone = true;
    storage.forget(`draft.${this.client.me.id}.`);
  }
}
