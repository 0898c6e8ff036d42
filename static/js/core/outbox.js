// What was written here and is not stored yet. Kept outside the page, so that a reload or a crash loses nothing. No DOM.

/**
 * Entries `{msgId, conversationId, content, createdAt, state, reason}` in the order of writing. `state` is "waiting"
 * (no connection, or no answer yet) or "failed" (the server refused it; the person decides).
 */
export class Outbox extends EventTarget {
  #entries;

  /** `load()` returns the kept entries, `save(entries)` keeps them. */
  constructor({ load, save }) {
    super();
    this.save = save;
    this.#entries = load().filter((entry) => entry?.msgId && typeof entry.content === "string");
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
    this.#entries.push({ state: "waiting", reason: null, ...entry });
    this.#changed(entry.conversationId);
  }

  /** Stored: it is the server's now. Returns the entry. */
  remove(msgId) {
    const entry = this.get(msgId);
    if (entry) {
      this.#entries = this.#entries.filter((other) => other !== entry);
      this.#changed(entry.conversationId);
    }
    return entry;
  }

  fail(msgId, reason) {
    this.#set(msgId, "failed", reason);
  }

  retry(msgId) {
    this.#set(msgId, "waiting", null);
  }

  #set(msgId, state, reason) {
    const entry = this.get(msgId);
    if (!entry) return;
    Object.assign(entry, { state, reason });
    this.#changed(entry.conversationId);
  }

  #changed(conversationId) {
    this.save(this.#entries);
    this.dispatchEvent(new CustomEvent("change", { detail: { conversationId } }));
  }
}
