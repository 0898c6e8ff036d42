// The line above what was unread when a chat was opened: it stands before the first such message or, while that one is not
// held, nowhere. No DOM.

import { isUnread } from "./chat.js";

/** Whether `messages`, a stretch that ends with the newest, hold everything after the seq `after`. */
export const reaches = (messages, after, atStart) => atStart || messages[0]?.seq <= after + 1;

export class UnreadLine {
  /** The seq of the message below the line; null when there is no line, or not yet. */
  seq = null;
  #after = null;

  /** Whether there is something unread whose beginning is not held yet. */
  get isAbove() {
    return this.#after !== null && this.seq === null;
  }

  start(chat) {
    this.seq = null;
    this.#after = chat.unread ? chat.readSeq : null;
    this.look(chat);
  }

  /** Older messages may have brought the first unread one. */
  look({ timeline: { messages, atStart }, me }) {
    if (!this.isAbove || !reaches(messages, this.#after, atStart)) return;
    const first = messages.find((message) => message.seq > this.#after && isUnread(message, me));
    if (first) this.seq = first.seq;
    else this.#after = null;
  }

  /** It has done its work. Returns whether there was one. */
  forget() {
    const was = this.seq !== null;
    this.seq = this.#after = null;
    return was;
  }
}
