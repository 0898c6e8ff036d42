// The messages of one conversation as this device holds them: placed by seq, changed by rev (protocol §4). No DOM, no I/O.

/** A stretch of messages without a hole, and `rev`: every change up to it has been seen, so it is the cursor of a sync. */
export class Timeline {
  messages = [];
  rev = 0;
  atStart = false;
  /** It was recalled from this browser, and the server has not continued it yet. */
  remembered = false;
  #ids = new Map();
  #ahead = new Set();
  #early = new Map(); // seq → a message behind a hole: what is missing was changed since, and comes with its later rev
  #unloaded = new Map(); // msgId → a changed message before the stretch: its page may have been read before the change

  get last() {
    return this.messages.at(-1);
  }

  /** A page of the newest messages takes the place of everything. `rev` was read before its rows. */
  replace(messages, rev, atStart) {
    this.messages = [...messages];
    this.#ids = new Map(messages.map((message) => [message.msgId, message]));
    this.rev = rev;
    this.remembered = false;
    this.#ahead.clear();
    this.#early.clear();
    this.#unloaded.clear();
    this.atStart = atStart;
  }

  /** An older page, which ends where this stretch begins. Returns how many are new. */
  prepend(messages, atStart) {
    const first = this.messages[0]?.seq ?? Infinity;
    const older = messages.filter((message) => message.seq < first).map((message) => this.#latest(message));
    this.messages.unshift(...older);
    for (const message of older) this.#ids.set(message.msgId, message);
    this.atStart = atStart;
    return older.length;
  }

  #latest(message) {
    const changed = this.#unloaded.get(message.msgId);
    this.#unloaded.delete(message.msgId);
    return changed?.rev > message.rev ? changed : message;
  }

  has(msgId) {
    return this.#ids.has(msgId);
  }

  get(msgId) {
    return this.#ids.get(msgId);
  }

  /**
   * A message as it is now. Returns "added", "changed", "known" when it is no news, or "gap" when messages are missing
   * before it; then it waits for them and is not counted as seen.
   */
  put(message) {
    const known = this.#ids.get(message.msgId);
    if (known) {
      this.hold(message.rev);
      if (known.rev >= message.rev) return "known";
      this.messages[this.messages.indexOf(known)] = message;
      this.#ids.set(message.msgId, message);
      return "changed";
    }
    const last = this.last?.seq ?? 0;
    if (message.seq > last + 1) {
      if (!(this.#early.get(message.seq)?.rev > message.rev)) this.#early.set(message.seq, message);
      return "gap";
    }
    this.hold(message.rev);
    if (message.seq <= last) return this.#putOlder(message);
    this.#append(message);
    return "added";
  }

  /** The next message, and those that waited for it. */
  #append(message) {
    for (let next = message; next; next = this.#early.get(this.last.seq + 1)) {
      this.#early.delete(next.seq);
      this.hold(next.rev);
      this.messages.push(next);
      this.#ids.set(next.msgId, next);
    }
  }

  /** A message within or before the stretch: one before it belongs to a page that is not loaded. */
  #putOlder(message) {
    const first = this.messages[0].seq;
    if (message.seq < first) {
      if (!(this.#unloaded.get(message.msgId)?.rev > message.rev)) this.#unloaded.set(message.msgId, message);
      return "known";
    }
    const at = message.seq - first;
    if (this.messages[at]?.seq === message.seq) return "known";
    this.messages.splice(at, 0, message);
    this.#ids.set(message.msgId, message);
    return "added";
  }

  /** A change has been seen. Own sends are answered before others' earlier changes may arrive: those wait here. */
  hold(rev) {
    if (rev > this.rev) this.#ahead.add(rev);
    while (this.#ahead.delete(this.rev + 1)) this.rev += 1;
  }

  /** The server has sent everything up to here; revs overtaken by later changes never come. */
  reach(rev) {
    this.rev = Math.max(this.rev, rev);
    for (const ahead of [...this.#ahead]) if (ahead <= this.rev) this.#ahead.delete(ahead);
    this.hold(this.rev);
  }

  /** Whether changes are known that came before others which did not. */
  get torn() {
    return this.#ahead.size > 0;
  }
}
