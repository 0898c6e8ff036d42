// The resume after every connect: what was missed, then the heads of all conversations, then live (protocol §4).

export class Sync {
  running = false;
  missed = 0;
  epoch = null;
  #asked = new Set();
  #again = new Set();
  #stale = false;

  constructor(client) {
    this.client = client;
  }

  /** Just connected: ask for everything since the last frame of each conversation that is held. */
  begin(epoch) {
    this.epoch ??= epoch;
    this.#again.clear();
    this.#ask([...this.client.chats.values()].filter((chat) => chat.timeline));
  }

  /** A hole was found in one conversation: ask for what is missing. */
  request(chat) {
    if (this.running) this.#again.add(chat);
    else if (this.client.socket.open) this.#ask([chat]);
  }

  #ask(chats) {
    this.running = true;
    this.missed = 0;
    this.#stale = false;
    this.#asked = new Set(chats);
    const cursors = Object.fromEntries(chats.map((chat) => [chat.id, chat.timeline?.rev ?? 0]));
    this.client.socket.send("sync", { cursors, epoch: this.epoch });
    this.client.tell("connection");
  }

  count() {
    if (this.running) {
      this.missed += 1;
      this.client.tell("connection");
    }
  }

  heads(items) {
    for (const head of items) {
      const chat = this.client.accept(head);
      if (head.lastSeq > (chat.lastMessage?.seq ?? 0)) this.#stale = true;
    }
  }

  /** A conversation (or, without a name, everything) must be loaded anew. */
  reset({ conversationId, reason }) {
    const chats = conversationId === null ? [...this.client.chats.values()] : [this.client.chats.get(conversationId)];
    if (reason === "epoch") this.epoch = null;
    for (const chat of chats) {
      if (!chat?.timeline) continue;
      this.#asked.delete(chat);
      chat.timeline = null;
      if (chat === this.client.selected) this.client.history.load(chat);
    }
  }

  /** Cursor 0 says "I hold nothing", so no changes came for it: what began meanwhile is loaded. */
  #settle(chat) {
    if (chat.timeline?.rev === 0 && chat.lastRev > 0) this.client.history.load(chat);
    else chat.timeline?.reach(chat.lastRev);
  }

  /** Everything missed is here. */
  end({ epoch }) {
    this.running = false;
    this.epoch = epoch;
    for (const chat of this.#asked) this.#settle(chat);
    for (const chat of this.client.chats.values()) {
      if (chat.timeline && !this.#asked.has(chat) && chat.timeline.rev < chat.lastRev) this.#again.add(chat);
    }
    if (this.#stale) this.client.loadList();
    this.client.receipts.repeat();
    this.client.sender.flush();
    this.client.tell("list");
    this.client.tell("connection");
    if (this.client.selected) this.client.tell("chat", { id: this.client.selected.id });
    if (this.#again.size) {
      const again = [...this.#again];
      this.#again.clear();
      this.#ask(again);
    }
  }
}
