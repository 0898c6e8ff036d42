// What was written here and is not stored yet. Kept outside the page, so that a reload or a crash loses nothing. No DOM.

import { sendable } from "./text.js";

/**
 * Entries `{msgId, conversationId, content, createdAt, order, state, reason}` in the order of writing. `state` is "waiting"
 * (no connection, or no answer yet), "failed" (the server refused it; the person decides) or "stored" (the server has it,
 * and its place in the timeline is not known yet). Each is kept by itself: tabs share the store, and none overwrites another's.
 */
export class Outbox extends EventTarget {
  #entries;
  #closed = false;

  /** `load()` returns the kept entries, `save(msgId, entry)` keeps one, or with null forgets it. */
  constructor({ load, save }) {
    super();
    this.save = save;
    this.#entries = load().filter(isEntry).map(clean).sort(byOrder);
  }

  get entries() {
    return this.#entries;
  }

  of(conversationId) {
    return this.#entries.filter((entry) => entry.conversationId === conversationId);
  }

  get(msgId) {
    return this.#entries.find((entry) => entry.msgId === msgId);
  }

  add(entry) {
    if (this.#closed) return;
    const order = Math.max(entry.createdAt, (this.#entries.at(-1)?.order ?? 0) + 1);
    this.#entries = [...this.#entries, clean({ state: "waiting", reason: null, order, ...entry })];
    this.#keep(entry.msgId);
  }

  /** It has its place among the stored messages: it is the server's now. Returns the entry. */
  remove(msgId) {
    const entry = this.get(msgId);
    if (entry) {
      this.#entries = this.#entries.filter((other) => other !== entry);
      this.save(msgId, null);
      this.#changed(entry);
    }
    return entry;
  }

  /** The server has it, but it cannot be shown in its place yet. */
  settle(msgId) {
    const entry = this.get(msgId);
    if (!entry) return;
    entry.state = "stored";
    this.save(msgId, null);
    this.#changed(entry);
  }

  fail(msgId, reason) {
    this.#set(msgId, "failed", reason);
  }

  retry(msgId) {
    this.#set(msgId, "waiting", null);
  }

  /** Another tab has written an entry (or changed it). It has until `notBefore` to send it itself. */
  adopt(entry, notBefore) {
    if (!isEntry(entry) || this.#closed) return;
    const others = this.#entries.filter((other) => other.msgId !== entry.msgId);
    this.#entries = [...others, { ...clean(entry), notBefore }].sort(byOrder);
    this.#changed(entry);
  }

  /** Another tab has sent or discarded an entry. */
  drop(msgId) {
    const entry = this.get(msgId);
    if (!entry || entry.state === "stored") return;
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#changed(entry);
  }

  /** The person has left: nothing is held or kept from now on. What is kept already stays. */
  close() {
    this.#closed = true;
    this.#entries = [];
  }

  #set(msgId, state, reason) {
    const entry = this.get(msgId);
    if (!entry) return;
    Object.assign(entry, { state, reason, notBefore: 0 });
    this.#keep(msgId);
  }

  #keep(msgId) {
    const { notBefore, ...entry } = this.get(msgId);
    this.save(msgId, entry);
    this.#changed(entry);
  }

  #changed({ conversationId }) {
    this.dispatchEvent(new CustomEvent("change", { detail: { conversationId } }));
  }
}

const isEntry = (entry) => Boolean(entry?.msgId) && typeof entry.content === "string";
const clean = (entry) => ({ ...entry, content: sendable(entry.content) });
const byOrder = (one, other) => (one.order ?? one.createdAt) - (other.order ?? other.createdAt);
