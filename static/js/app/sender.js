// Sends what waits in the outbox: one message of a chat at a time, so that their order holds whatever happens.

const ANSWER = 10_000; // an ack must come within; then the message is sent again, which is harmless
const AGAIN = new Set(["rate_limited", "overloaded"]);

export class Sender {
  #sent = new Map(); // conversation → {msgId, timer}

  constructor(client) {
    this.client = client;
  }

  /** Write a message: it is shown at once and kept until the server has stored it. */
  send(chat, content) {
    this.client.outbox.add({ msgId: crypto.randomUUID(), conversationId: chat.id, content, createdAt: Date.now() });
    this.flush();
  }

  retry(msgId) {
    this.client.outbox.retry(msgId);
    this.flush();
  }

  discard(msgId) {
    this.client.outbox.remove(msgId);
    this.flush();
  }

  /** Send the first waiting message of every chat that waits for no answer. */
  flush() {
    if (!this.client.socket.open || this.client.sync.running) return;
    const now = Date.now();
    for (const entry of this.client.outbox.entries) {
      if (entry.state !== "waiting" || this.#sent.has(entry.conversationId)) continue;
      if ((entry.notBefore ?? 0) <= now) this.#transmit(entry);
    }
  }

  #transmit({ msgId, conversationId, content }) {
    const data = { conversationId, content, contentType: 1, msgId };
    if (!this.client.socket.send("chat", data)) return;
    const timer = setTimeout(() => {
      this.#sent.delete(conversationId);
      this.client.socket.probe();
      this.flush();
    }, ANSWER);
    this.#sent.set(conversationId, { msgId, timer });
  }

  /** The connection is gone: what was not answered is sent again after the resume. */
  pause() {
    for (const { timer } of this.#sent.values()) clearTimeout(timer);
    this.#sent.clear();
  }

  /** Another tab has written this: if it does not send it soon, we do. */
  adopt(entry) {
    this.client.outbox.adopt(entry, Date.now() + ANSWER);
    setTimeout(() => this.flush(), ANSWER + 100);
  }

  /** `ack` sent: the message has its place now. */
  stored({ msgId, conversationId, seq, rev, timestamp }) {
    this.#answered(conversationId, msgId);
    const entry = this.client.outbox.get(msgId);
    if (entry) {
      this.client.outbox.settle(msgId); // until it has its place, which takes it out
      this.client.take({
        msgId, conversationId, seq, rev, fromUserId: this.client.me.id, content: entry.content, contentType: 1, createdAt: timestamp,
      });
    }
    this.flush();
  }

  /** `error` for a message: tried again later, or left to the person. */
  refused({ msgId, code, retryAfterMs }) {
    const entry = this.client.outbox.get(msgId);
    if (!entry) return;
    if (AGAIN.has(code)) {
      setTimeout(() => (this.#answered(entry.conversationId, msgId), this.flush()), retryAfterMs ?? 1000);
      this.client.tell("refused", { code, retryAfterMs });
      return;
    }
    this.#answered(entry.conversationId, msgId);
    this.client.outbox.fail(msgId, code);
    this.flush();
  }

  #answered(conversationId, msgId) {
    const sent = this.#sent.get(conversationId);
    if (sent?.msgId !== msgId) return;
    clearTimeout(sent.timer);
    this.#sent.delete(conversationId);
  }
}
