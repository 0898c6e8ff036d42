// Messages that others answer to: those that are not held are asked for once, and follow their changes.
import * as api from "../net/api.js";

const MOST = 500; // that are remembered

export class Quotes {
  #found = new Map(); // msgId → message; null while it is asked for; false when I may not see it

  constructor(client) {
    this.client = client;
    client.addEventListener("chat", ({ detail: { changed } }) => {
      if (changed && this.#found.has(changed.msgId)) this.#found.set(changed.msgId, changed);
    });
  }

  /** The message; null while it is being asked for; false when there is nothing that I may see. */
  get(chat, msgId) {
    const held = chat.timeline?.get(msgId) ?? chat.excursion?.get(msgId);
    if (held) return held;
    if (!this.#found.has(msgId)) this.#ask(chat, msgId);
    return this.#found.get(msgId);
  }

  async #ask(chat, msgId) {
    this.#found.set(msgId, null);
    if (this.#found.size > MOST) this.#found.delete(this.#found.keys().next().value);
    try {
      this.#found.set(msgId, await api.get(`messages/${msgId}`));
    } catch ({ code }) {
      if (code === "not_found" || code === "forbidden") this.#found.set(msgId, false);
      else setTimeout(() => this.#found.delete(msgId), 5_000); // the next drawing asks again
    }
    this.client.tell("chat", { id: chat.id });
  }
}
