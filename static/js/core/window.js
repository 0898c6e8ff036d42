// Which part of a long conversation is in the document: at most `most` messages, moved in steps. No DOM.

export class Window {
  start = 0;
  /** How many messages it ends before; Infinity: with the newest, whatever comes. */
  end = Infinity;

  constructor(most, step) {
    this.most = most;
    this.step = step;
  }

  get atEnd() {
    return this.end === Infinity;
  }

  slice(messages) {
    return messages.slice(this.start, this.atEnd ? undefined : this.end);
  }

  /** The newest `count` of `length` messages. */
  showEnd(length, count = this.most) {
    this.end = Infinity;
    this.start = Math.max(0, length - count);
  }

  /** The part of `length` messages that begins a step before the one at `index`. */
  showFrom(index, length) {
    this.start = Math.max(0, Math.min(index - this.step, length - this.most));
    this.#settle(this.start + this.most, length);
  }

  /** New messages came while the end is in view: let the oldest go. */
  follow(length) {
    if (length - this.start > this.most) this.start = length - this.most;
  }

  /** `count` older messages were put before the others. */
  shift(count) {
    this.start += count;
    if (!this.atEnd) this.end += count;
  }

  /** One step towards the first of `length` messages; what is too far below goes. */
  older(length) {
    this.start = Math.max(0, this.start - this.step);
    this.#settle(Math.min(this.atEnd ? length : this.end, this.start + this.most), length);
  }

  /** One step towards the newest; what is too far above goes. */
  newer(length) {
    this.#settle(this.end + this.step, length);
    this.start = Math.max(this.start, (this.atEnd ? length : this.end) - this.most);
  }

  #settle(end, length) {
    this.end = end >= length ? Infinity : end;
  }
}
