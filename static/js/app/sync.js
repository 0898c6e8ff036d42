// The resume after every connect: what was missed, then the heads of all conversations, then live (protocol §4).

import { reaches } from "../core/unread-line.js";

const SILENCE = 20_000; // milliseconds without a frame of the answer before it is asked for again
const AGAIN = 1_000;

export class Sync {
  running = false;
  missed = 0;
  epoch = null;
  #count = 0;
  #asked = new Map(); // chats whose changes this answer brings → the cursor that was named for them
  #known = new Set(); // ids of all chats when it was asked for
  #heads = new Map(); // id → the rev up to which the answer brings changes
  #again = new Set();
  #stale = false;
  #reborn = false;
  #timer = null;

  constructor(client) {
    this.client = client;
  }

  /** Just connected: ask for everything since the last frame of each conversation that is held. */
  begin(epoch) {
    this.epoch ??= epoch;
    this.#again.clear();
    this.#ask([...this.client.chats.values()].filter((chat) => chat.timeline));
  }

  /** The connection is gone, and with it the rest of an answer. */
  stop() {
    clearTimeout(this.#timer);
    this.running = false;
  }

  /** A hole was found in one conversation: ask for what is missing. */
  request(chat) {
    if (this.running) this.#again.add(chat);
    else if (this.client.socket.open) this.#ask([chat]);
  }

  #ask(chats) {
    this.running = true;
    this.missed = 0;
    this.#stale = this.#reborn = false;
    this.#asked = new Map(chats.map((chat) => [chat, chat.timeline?.rev ?? 0]));
    this.#known = new Set(this.client.chats.keys());
    this.#heads.clear();
    const cursors = Object.fromEntries([...this.#asked].map(([chat, rev]) => [chat.id, rev]));
    this.client.socket.send("sync", { cursors, epoch: this.epoch }, `sync:${++this.#count}`);
    this.#wait(SILENCE);
    this.client.tell("connection");
  }

  /** Without another frame of the answer until then, ask again. */
  #wait(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.running && this.client.socket.open) this.#ask([...this.#asked.keys(), ...this.#again].filter((chat) => chat.timeline));
    }, milliseconds);
  }

  /** The server did not take the question: a limit, or an older one is still being answered. */
  refused(number, { retryAfterMs }) {
    if (number === this.#count && this.running) this.#wait(retryAfterMs ?? AGAIN);
  }

  count() {
    if (!this.running) return;
    this.missed += 1;
    this.#wait(SILENCE);
    this.client.tell("connection");
  }

  heads(items) {
    this.#wait(SILENCE);
    for (const head of items) {
      this.#heads.set(head.conversationId, head.lastRev);
      if (this.#reborn) this.client.chats.delete(head.conversationId);
      // Somebody has opened a chat with me and said nothing yet: that is no row of mine.
      const isBlank = head.lastSeq === 0 && !head.draft && !head.pinned;
      if (isBlank && !this.client.chats.has(head.conversationId)) continue;
      const chat = this.client.accept(head);
      if (head.lastSeq > (chat.lastMessage?.seq ?? 0)) this.#stale = true;
    }
  }

  /** A conversation (or, without a name, everything) must be loaded anew. */
  reset({ conversationId }) {
    if (conversationId === null) {
      // Another life of the database: nothing that is held counts any more, marks and last lines included.
      this.#reborn = true;
      this.#asked.clear();
      return;
    }
    const chat = this.client.chats.get(conversationId);
    if (!chat?.timeline) return;
    this.#asked.delete(chat);
    chat.timeline = null;
    if (chat === this.client.selected) this.client.history.load(chat);
  }

  /** Everything missed is here. */
  end({ epoch }) {
    const { client } = this;
    this.stop();
    this.epoch = epoch;
    for (const id of this.#known) if (!this.#heads.has(id)) client.remove(id);
    for (const [chat, cursor] of this.#asked) this.#settle(chat, cursor);
    for (const chat of client.chats.values()) {
      if (!chat.timeline || chat.timeline.rev >= chat.lastRev) continue;
      if (chat.timeline.rev) this.#again.add(chat);
      else client.history.load(chat); // it was loaded while nothing had been said, and this answer was not about it
    }
    if (this.#reborn && client.selected) client.select(client.chats.get(client.selected.id) ?? null);
    for (const chat of client.chats.values()) if (chat.timeline?.remembered) this.#confirm(chat);
    if (client.selected && !client.selected.timeline) client.history.load(client.selected);
    if (this.#stale || this.#reborn || client.list.failed) client.list.load();
    client.receipts.repeat();
    client.sender.flush();
    client.tell("list");
    client.tell("connection");
    if (client.selected) client.tell("chat", { id: client.selected.id });
    const again = [...this.#again].filter((chat) => chat.timeline);
    this.#again.clear();
    if (again.length) this.#ask(again);
  }

  /** A recalled timeline has been continued. Where the unread begins before it, it is as if it had never been held. */
  #confirm(chat) {
    const { messages, atStart } = chat.timeline;
    chat.timeline.remembered = false;
    if (!chat.unread) return;
    if (!reaches(messages, chat.readSeq, atStart)) chat.timeline = null;
    else if (chat === this.client.selected) this.client.tell("chat", { id: chat.id, anew: true });
  }

  /** A page has taken the place of what was held: an answer that is on its way does not reach up to its head any more. */
  replaced(chat) {
    this.#asked.delete(chat);
  }

  /**
   * The answer reaches to the head that came with it, not to what came live meanwhile: that may have left a hole. Cursor 0
   * says "I hold nothing", so no changes came for it: what began meanwhile is loaded.
   */
  #settle(chat, cursor) {
    const rev = this.#heads.get(chat.id) ?? 0;
    if (cursor) chat.timeline?.reach(rev);
    else if (chat.timeline?.rev < rev) this.client.history.load(chat);
  }
}
