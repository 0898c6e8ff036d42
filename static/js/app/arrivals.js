// What arrives finds its place: in its conversation, or in one that is new here and is asked for first.

export class Arrivals {
  #finding = new Map();

  constructor(client) {
    this.client = client;
  }

  /** A message, new or changed. */
  take(message, isUpdate = false) {
    const chat = this.client.chats.get(message.conversationId);
    if (chat) this.#place(chat, message, isUpdate);
    else this.#discover(message, isUpdate);
  }

  /** Messages of a conversation that is new here wait behind the question for it. */
  #discover(message, isUpdate) {
    const id = message.conversationId;
    const before = this.#finding.get(id) ?? this.client.find(id).catch(() => null); // offline: the next resume brings it
    const found = before.then((chat) => (chat && this.#place(chat, message, isUpdate), chat));
    this.#finding.set(id, found);
    found.finally(() => this.#finding.get(id) === found && this.#finding.delete(id));
  }

  #place(chat, message, isUpdate) {
    const { client } = this;
    const isNew = !isUpdate && chat.take(message);
    chat.lastRev = Math.max(chat.lastRev, message.rev);
    if (chat.lastMessage?.msgId === message.msgId) chat.lastMessage = message;
    if (chat.timeline?.put(message) === "gap") client.sync.request(chat);
    else this.#settled(message.msgId);
    if (isUpdate) chat.excursion?.put(message);
    this.placed(chat);
    if (!isUpdate) client.typing.stopped(chat, message.fromUserId);
    if (!isUpdate && message.fromUserId !== client.me.id) client.receipts.received(chat);
    client.tell("chat", { id: chat.id, message: isNew ? message : null, live: isUpdate ? null : message, changed: isUpdate ? message : null });
    client.tell("list");
  }

  /** Own messages that have come to their place, behind another one or with a page, leave the outbox. */
  placed(chat) {
    for (const { msgId } of this.client.outbox.of(chat.id)) if (chat.timeline?.has(msgId)) this.#settled(msgId);
  }

  /** It waits no longer, and what was written after it need not: the tab that has sent it may say so too late to be heard. */
  #settled(msgId) {
    if (this.client.outbox.remove(msgId)) this.client.sender.flush();
  }
}
