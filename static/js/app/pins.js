// The pinned messages of a chat, newest pin first, held while it is open.
import * as api from "../net/api.js";

const MARKS = new Set(["pinned", "unpinned"]);
const TOGETHER = 50; // milliseconds: several changes at once are asked for once

/** Tells "pins" ({id}) when those of a chat have changed. */
export class Pins {
  #held = new Map(); // conversation → messages
  #asked = new Map(); // conversation → the number of the last question
  #wanted = new Set(); // conversations to ask for, now or with the next connection
  #timer = null;

  constructor(client) {
    this.client = client;
    client.addEventListener("chat", ({ detail: { id, live, changed } }) => {
      if (live?.system && MARKS.has(live.system.action)) this.want(id);
      if (changed) this.#changed(id, changed);
    });
    client.addEventListener("connection", () => this.#wanted.size && this.#later());
  }

  of = (chat) => this.#held.get(chat.id) ?? [];

  has = (chat, msgId) => this.of(chat).some((message) => message.msgId === msgId);

  /** Ask for those of a chat, as soon as there is a connection. */
  want(id) {
    this.#wanted.add(id);
    this.#later();
  }

  #later() {
    if (!this.client.socket.open) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      for (const id of this.#wanted) this.#load(id);
      this.#wanted.clear();
    }, TOGETHER);
  }

  async #load(id) {
    const number = (this.#asked.get(id) ?? 0) + 1;
    this.#asked.set(id, number);
    try {
      const { results } = await api.get(`conversations/${id}/pins`);
      if (this.#asked.get(id) === number) this.#hold(id, results);
    } catch {
      // What was known stays; the next opening asks again.
    }
  }

  #changed(id, message) {
    const held = this.#held.get(id);
    const at = held?.findIndex(({ msgId }) => msgId === message.msgId) ?? -1;
    if (at < 0) return;
    const others = message.recalledAt ? held.filter((_, index) => index !== at) : held.with(at, { ...held[at], ...message });
    this.#hold(id, others);
  }

  #hold(id, messages) {
    this.#held.set(id, messages);
    this.client.tell("pins", { id });
  }

  /** Pin a message, or no longer. Raises ApiError. */
  async set(chat, { msgId }, on) {
    await api.call(on ? "PUT" : "DELETE", `messages/${msgId}/pin`);
    await this.#load(chat.id);
  }
}
