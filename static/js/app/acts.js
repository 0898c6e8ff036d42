// What one does with a stored message. It is shown at once, and as the server says as soon as it has said something.
import { wished } from "../core/reactions.js";
import * as api from "../net/api.js";

const TAKEN = 50; // own texts that were taken back and can be put into the composer again

export class Acts {
  #edits = new Map(); // msgId → {content}: on its way to the server
  #wishes = new Map(); // msgId → Map of emoji → {on}
  #taken = new Map(); // msgId → text

  constructor(client) {
    this.client = client;
  }

  /** Whether anything is shown that the server has not confirmed. */
  get isIdle() {
    return !this.#edits.size && !this.#wishes.size;
  }

  /** A message with what I am just doing to it. */
  shown(message) {
    const edit = this.#edits.get(message.msgId);
    const wishes = this.#wishes.get(message.msgId);
    if ((!edit && !wishes) || message.recalledAt) return message;
    const { reactions } = message;
    return { ...message, ...edit, ...(wishes && { reactions: wished(reactions, wishes, this.client.me.id) }) };
  }

  /** Give a message another text. Raises ApiError; then the old one is shown again. */
  async edit(message, content, mentions) {
    const { msgId, conversationId } = message;
    const change = { content, mentions, editedAt: Date.now() };
    this.#edits.set(msgId, change);
    this.client.tell("chat", { id: conversationId });
    try {
      this.#heard(await api.patch(`messages/${msgId}`, { content, mentions }));
    } finally {
      if (this.#edits.get(msgId) === change) this.#edits.delete(msgId);
      this.client.tell("chat", { id: conversationId });
    }
  }

  /** Take a message back for everybody. Raises ApiError. */
  async takeBack(message) {
    const isOwnText = message.fromUserId === this.client.me.id && message.contentType === 1;
    this.#heard(await api.call("DELETE", `messages/${message.msgId}`));
    if (!isOwnText) return;
    this.#taken.set(message.msgId, message.content);
    if (this.#taken.size > TAKEN) this.#taken.delete(this.#taken.keys().next().value);
    this.client.tell("chat", { id: message.conversationId });
  }

  /** The text of an own message that was taken back while this page was open, or undefined. */
  takenText = (msgId) => this.#taken.get(msgId);

  /** React, or take a reaction back. One request at a time for each: the last wish holds. Raises ApiError. */
  async react({ msgId, conversationId }, emoji, on) {
    const wishes = this.#wishes.get(msgId) ?? new Map();
    const running = wishes.get(emoji);
    if (running) running.on = on;
    const wish = running ?? { on };
    this.#wishes.set(msgId, wishes.set(emoji, wish));
    this.client.tell("chat", { id: conversationId });
    if (running) return;
    let asked = null;
    try {
      while (asked !== wish.on) {
        asked = wish.on;
        this.#heard(await api.call(asked ? "PUT" : "DELETE", `messages/${msgId}/reactions/${encodeURIComponent(emoji)}`));
      }
    } finally {
      wishes.delete(emoji);
      if (!wishes.size) this.#wishes.delete(msgId);
      this.client.tell("chat", { id: conversationId });
    }
  }

  /** Send it on. `to`: `[{conversationId | userId}]`. Returns as many `{conversationId, …}` or `{error}`. Raises ApiError. */
  async forward({ msgId }, to) {
    const { results } = await api.post(`messages/${msgId}/forward`, { to: to.map((one) => ({ ...one, msgId: crypto.randomUUID() })) });
    return results;
  }

  readers = ({ msgId }) => api.get(`messages/${msgId}/readers`);

  history = async ({ msgId }) => (await api.get(`messages/${msgId}/edits`)).results;

  #heard(message) {
    if (message?.msgId) this.client.arrivals.take(message, true);
  }
}
