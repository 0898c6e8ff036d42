// The messages that I have starred, for myself alone.
import * as api from "../net/api.js";

const PAGE = 100;

export class Stars {
  #ids = new Set();
  #loaded = false;

  constructor(client) {
    this.client = client;
    client.addEventListener("connection", () => client.socket.open && !client.sync.running && this.#load());
  }

  has = (msgId) => this.#ids.has(msgId);

  /** Which ones, once a connection: another device may have changed them. */
  async #load() {
    if (this.#loaded) return;
    this.#loaded = true;
    const { results } = await this.page().catch(() => ({ results: [] }));
    for (const { message } of results) this.#ids.add(message.msgId);
  }

  /** A page, newest star first: `{results: [{message, conversation, starredAt}], next}`. Raises ApiError. */
  page = (before = null) => api.get(`stars?limit=${PAGE}${before ? `&before=${encodeURIComponent(before)}` : ""}`);

  /** Star, or no longer. Raises ApiError. */
  async set({ msgId }, on) {
    await api.call(on ? "PUT" : "DELETE", `messages/${msgId}/star`);
    if (on) this.#ids.add(msgId);
    else this.#ids.delete(msgId);
  }
}
