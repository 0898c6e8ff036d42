// One conversation as its member sees it. What is unread follows from seqs; nothing is counted up beside them. No DOM.
import { Timeline } from "./timeline.js";

const MOST = 1000;
const GROUP = ["title", "avatar", "description", "role", "memberCount", "access", "posting", "history", "joinedSeq", "silencedUntil"];
const TAKEN = ["kind", "peerId", "unreadFrom", "mutedUntil", "pinned", "archived", "draft", "mentionSeq", "people", ...GROUP];

/** Whether a message says what happened to the conversation: nobody wrote it, and it is never unread. */
export const isSystem = (message) => message.contentType === 5;

/** Whether a message counts as unread for `me` until it is read. */
export const isUnread = (message, me) => message.fromUserId !== me && !isSystem(message);

/** The state of a conversation, from the REST body or from an item of `heads`. */
export class Chat {
  constructor(body, me) {
    this.id = body.conversationId;
    this.me = me;
    this.timeline = null;
    this.excursion = null; // where a jump has led, away from the newest
    this.peer = null;
    this.lastMessage = null;
    this.lastAt = 0;
    this.typing = new Map();
    this.readSeq = 0;
    // How many messages of others lie in (base.after, base.upTo], and the seqs of those that came since.
    this.base = { after: 0, upTo: 0, count: 0 };
    this.since = new Set();
    /** I am no longer a member: it is shown as long as it is open. */
    this.left = false;
    this.merge(body);
  }

  /** Take over what the server says. Watermarks never go back. */
  merge(body) {
    for (const key of TAKEN) if (key in body) this[key] = body[key];
    if (body.peer) this.peer = body.peer;
    for (const key of ["lastSeq", "lastRev", "othersDeliveredSeq", "othersReadSeq"]) {
      if (key in body) this[key] = Math.max(this[key] ?? 0, body[key]);
    }
    if (body.lastMessage && body.lastMessage.seq >= (this.lastMessage?.seq ?? 0)) this.lastMessage = body.lastMessage;
    if (body.lastAt) this.lastAt = Math.max(this.lastAt, body.lastAt);
    if ("unread" in body) this.#rebase(body.readSeq, body.lastSeq ?? this.lastSeq, body.unread);
    if ("readSeq" in body) {
      this.serverReadSeq = body.readSeq;
      this.readSeq = Math.max(this.readSeq, body.readSeq);
    }
  }

  /** The server has counted: `unread` messages of others after `readSeq`, as far as `upTo`. */
  #rebase(readSeq, upTo, unread) {
    if (upTo < this.base.upTo && readSeq <= this.base.after) return;
    this.base = { after: readSeq, upTo, count: unread };
    for (const seq of this.since) if (seq <= upTo) this.since.delete(seq);
  }

  /**
   * A message arrived (or was sent): the newest one moves the end, one of somebody else may be unread, also when the answer
   * to an own one has overtaken it. Returns whether it is news.
   */
  take(message) {
    const isCounted = isUnread(message, this.me);
    const isNew = isCounted ? message.seq > this.base.upTo && !this.since.has(message.seq) : message.seq > this.lastSeq;
    this.lastSeq = Math.max(this.lastSeq, message.seq);
    this.lastRev = Math.max(this.lastRev, message.rev ?? 0);
    if (message.seq >= (this.lastMessage?.seq ?? 0)) {
      this.lastMessage = message;
      this.lastAt = Math.max(this.lastAt, message.createdAt);
    }
    if (isNew && isCounted) this.since.add(message.seq);
    if (isNew && isCounted && this.names(message)) this.mentionSeq = Math.max(this.mentionSeq ?? 0, message.seq);
    return isNew;
  }

  /** Whether a message names me, or everybody. */
  names({ mentions, mentionAll }) {
    return Boolean(mentionAll || mentions?.includes(this.me));
  }

  /** Whether I am named in something that I have not read. */
  get mentioned() {
    return (this.mentionSeq ?? 0) > this.readSeq;
  }

  /** I have read up to here. */
  read(seq) {
    this.readSeq = Math.max(this.readSeq, Math.min(seq, this.lastSeq));
    this.unreadFrom = null;
  }

  /** How many messages of others I have not read, counted to 1,000. */
  get unread() {
    const since = [...this.since].filter((seq) => seq > this.readSeq).length;
    const before = this.readSeq >= this.base.upTo ? 0 : this.#countedBefore();
    return Math.min(MOST, before + since);
  }

  #countedBefore() {
    if (this.readSeq <= this.base.after) return this.base.count;
    // Read a part of what the server counted: whoever holds the messages counts the rest, else the count is an upper bound.
    const held = this.timeline?.messages ?? [];
    if (held.length && held[0].seq <= this.readSeq + 1) {
      return held.filter((m) => m.seq > this.readSeq && m.seq <= this.base.upTo && isUnread(m, this.me)).length;
    }
    return Math.min(this.base.count, this.base.upTo - this.readSeq);
  }

  /** What has become of an own message: sent, delivered or read. */
  status(seq) {
    if (seq <= this.othersReadSeq) return "read";
    return seq <= this.othersDeliveredSeq ? "delivered" : "sent";
  }

  get isNote() {
    return this.kind === "direct" && this.peerId === this.me;
  }

  muted(now) {
    return Boolean(this.mutedUntil && this.mutedUntil > now);
  }

  /** Archived and so not in the list; it is there as long as it holds something unread, or, when it is muted, a mention. */
  isAway(now) {
    return Boolean(this.archived) && !this.mentioned && (this.muted(now) || !(this.unread || this.unreadFrom));
  }

  get isGroup() {
    return this.kind === "group";
  }

  /** The timeline, made when it is first needed. */
  open() {
    this.timeline ??= new Timeline();
    return this.timeline;
  }
}
