// A stretch of messages away from the newest, where a jump has led. It grows both ways until it meets what is held. No DOM, no I/O.

export class Excursion {
  /** `messages`: a page around the message that was wanted. */
  constructor(messages) {
    this.messages = [...messages];
    this.atStart = messages[0]?.seq === 1;
  }

  /** The page before. Returns how many are new. */
  prepend(messages, atStart) {
    const first = this.messages[0]?.seq ?? Infinity;
    const older = messages.filter(({ seq }) => seq < first);
    this.messages.unshift(...older);
    this.atStart = atStart;
    return older.length;
  }

  /** The page after. Returns how many are new. */
  append(messages) {
    const last = this.messages.at(-1)?.seq ?? 0;
    const newer = messages.filter(({ seq }) => seq > last);
    this.messages.push(...newer);
    return newer.length;
  }

  /** A message has changed. */
  put(message) {
    const at = this.messages.findIndex(({ msgId }) => msgId === message.msgId);
    if (at >= 0 && this.messages[at].rev < message.rev) this.messages[at] = message;
  }

  get(msgId) {
    return this.messages.find((message) => message.msgId === msgId);
  }

  has(seq) {
    return this.messages.some((message) => message.seq === seq);
  }

  /** Whether it reaches the stretch that ends with the newest, whose first message has the seq `first`. */
  meets(first) {
    return first !== undefined && (this.messages.at(-1)?.seq ?? 0) >= first - 1;
  }
}
