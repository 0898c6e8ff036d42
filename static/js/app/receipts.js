// Tells the server what this device holds and what the person has read (protocol §3.1). All of a person's tabs share one
// limit there, so what is to be said waits in a queue and goes out at a steady pace; only the newest of each kind counts.

const TOGETHER = 50; // milliseconds: messages that come together are confirmed together
const BURST = 20; // frames at once, and then every PACE
const PACE = 1_000;

export class Receipts {
  #queue = new Map(); // "received:5" or "read:5" → seq
  #confirmed = new Map(); // conversation → the seq up to which this page has confirmed
  #timer = null;

  constructor(client) {
    this.client = client;
  }

  /** This device holds the chat up to its last message. */
  received(chat) {
    if ((this.#confirmed.get(chat.id) ?? 0) < chat.lastSeq) this.#say(`received:${chat.id}`, chat.lastSeq);
  }

  /** The person has seen the chat's end. */
  read(chat) {
    const upTo = chat.lastSeq;
    if (upTo <= chat.readSeq && !chat.unreadFrom) return;
    chat.read(upTo);
    this.#say(`read:${chat.id}`, upTo);
    this.client.tell("list");
  }

  /** After a resume: confirm what came with it, and repeat what was read while there was no connection. */
  repeat() {
    for (const chat of this.client.chats.values()) {
      if (chat.unread) this.received(chat);
      if (chat.readSeq > (chat.serverReadSeq ?? 0)) this.#say(`read:${chat.id}`, chat.readSeq);
    }
  }

  /** The server turned one down: for its rate it is said again, else there is nobody to say it to. */
  refused(id, { code, retryAfterMs }) {
    const chat = this.client.chats.get(Number(id.split(":")[1]));
    if (!chat || (code !== "rate_limited" && code !== "overloaded")) return;
    this.#confirmed.delete(chat.id);
    const seq = id.startsWith("read:") ? chat.readSeq : chat.lastSeq;
    this.#queue.set(id, Math.max(seq, this.#queue.get(id) ?? 0));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#flush(), Math.max(PACE, retryAfterMs ?? 0));
  }

  #say(id, seq) {
    this.#queue.set(id, seq);
    this.#timer ??= setTimeout(() => this.#flush(), TOGETHER);
  }

  #flush() {
    this.#timer = null;
    for (const [id, seq] of [...this.#queue].slice(0, BURST)) {
      const [type, conversationId] = [id.split(":")[0], Number(id.split(":")[1])];
      if (!this.client.socket.send(type, { conversationId, seq }, id)) return; // the next resume says it
      this.#queue.delete(id);
      this.#confirmed.set(conversationId, Math.max(seq, this.#confirmed.get(conversationId) ?? 0));
    }
    if (this.#queue.size) this.#timer = setTimeout(() => this.#flush(), PACE);
  }
}
