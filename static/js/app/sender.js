// Sends what waits in the outbox: one message of a chat at a time, in the order of writing, whichever tab has written it.

const ANSWER = 10_000; // an ack must come within; then the message is sent again, which is harmless
const STRIKES = 3; // times without an answer, or refused without a name, on one connection that lives; then the person decides
const AGAIN = new Set(["rate_limited", "overloaded"]);

/** What a message has besides its text. */
const moreOf = ({ replyTo, mentions, mentionAll }) => ({ ...(replyTo && { replyTo }), ...(mentions?.length && { mentions }), ...(mentionAll && { mentionAll }) });

export class Sender {
  #sent = new Map(); // conversation → {msgId, timer}
  #strikes = new Map(); // msgId → how often this connection has had no use for it

  constructor(client) {
    this.client = client;
  }

  /**
   * Write a message: it is shown at once and kept until the server has stored it. `more`: `{replyTo, mentions, mentionAll}`, as
   * far as it has them.
   */
  send(chat, content, more = {}) {
    this.client.outbox.add({ msgId: crypto.randomUUID(), conversationId: chat.id, content, createdAt: Date.now(), ...more });
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

  /** Send the first waiting message of every chat that waits for no answer. Where it is another tab's turn, the chat waits. */
  flush() {
    if (!this.client.socket.open || this.client.sync.running) return;
    const now = Date.now();
    const first = new Map();
    for (const entry of this.client.outbox.entries) {
      if (entry.state === "waiting" && !first.has(entry.conversationId)) first.set(entry.conversationId, entry);
    }
    for (const [conversationId, entry] of first) {
      if (!this.#sent.has(conversationId) && (entry.notBefore ?? 0) <= now) this.#transmit(entry);
    }
  }

  #transmit(entry) {
    const { msgId, conversationId, content } = entry;
    const data = { conversationId, content, contentType: 1, msgId, ...moreOf(entry) };
    if (!this.client.socket.send("chat", data)) return;
    const timer = setTimeout(() => {
      this.client.socket.probe(); // without a sign of life the connection is given up before the last strike
      this.#strike(conversationId, msgId, "no_answer");
      this.flush();
    }, ANSWER);
    this.#sent.set(conversationId, { msgId, timer });
  }

  /** The connection is gone: what was not answered is sent again after the resume. */
  pause() {
    for (const { timer } of this.#sent.values()) clearTimeout(timer);
    this.#sent.clear();
    this.#strikes.clear();
  }

  get unanswered() {
    return this.#sent.size;
  }

  /** A frame was refused without saying which: any that waits for its answer may be it. The good ones are taken when sent again. */
  suspect(code) {
    for (const [conversationId, { msgId }] of [...this.#sent]) this.#strike(conversationId, msgId, code);
    this.flush();
  }

  /** A message that nobody takes must not keep those after it waiting for ever. */
  #strike(conversationId, msgId, reason) {
    this.#answered(conversationId, msgId);
    const strikes = (this.#strikes.get(msgId) ?? 0) + 1;
    this.#strikes.set(msgId, strikes);
    if (strikes >= STRIKES) this.#fail(msgId, reason);
  }

  #fail(msgId, reason) {
    this.#strikes.delete(msgId);
    this.client.outbox.fail(msgId, reason);
  }

  /** Another tab has written this (or changed it): if it does not send it soon, we do. */
  adopt(entry) {
    this.client.outbox.adopt(entry, Date.now() + ANSWER);
    setTimeout(() => this.flush(), ANSWER + 100);
    this.flush();
  }

  /** Another tab has sent or discarded this: it is the turn of what comes after it. */
  drop(msgId) {
    this.client.outbox.drop(msgId);
    this.flush();
  }

  /** `ack` sent: the message has its place now. */
  stored({ msgId, conversationId, seq, rev, timestamp }) {
    this.#answered(conversationId, msgId);
    this.#strikes.delete(msgId);
    const entry = this.client.outbox.get(msgId);
    if (entry) {
      this.client.outbox.settle(msgId); // until it has its place, which takes it out
      this.client.arrivals.take({
        msgId, conversationId, seq, rev, fromUserId: this.client.me.id, content: entry.content, contentType: 1, createdAt: timestamp,
        ...moreOf(entry),
      });
    }
    this.flush();
  }

  /** `error` for a message: tried again later, or left to the person. */
  refused({ msgId, code, retryAfterMs }) {
    const entry = this.client.outbox.get(msgId);
    if (!entry) return;
    if (AGAIN.has(code)) {
      this.#strikes.delete(msgId);
      clearTimeout(this.#sent.get(entry.conversationId)?.timer); // this was an answer: it is not sent again before its time
      setTimeout(() => (this.#answered(entry.conversationId, msgId), this.flush()), retryAfterMs ?? 1000);
      this.client.tell("refused", { code, retryAfterMs });
      return;
    }
    this.#answered(entry.conversationId, msgId);
    this.#fail(msgId, code);
    this.flush();
  }

  #answered(conversationId, msgId) {
    const sent = this.#sent.get(conversationId);
    if (sent?.msgId !== msgId) return;
    clearTimeout(sent.timer);
    this.#sent.delete(conversationId);
  }
}
