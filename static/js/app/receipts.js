// Tells the server what this device holds and what the person has read (protocol §3.1).

const TOGETHER = 50; // messages that come together are confirmed together

export class Receipts {
  #held = new Map();
  #timer = null;

  constructor(client) {
    this.client = client;
  }

  /** This device holds the chat up to its last message. */
  received(chat) {
    this.#held.set(chat.id, chat.lastSeq);
    this.#timer ??= setTimeout(() => this.#flush(), TOGETHER);
  }

  #flush() {
    this.#timer = null;
    for (const [conversationId, seq] of this.#held) {
      if (this.client.socket.send("received", { conversationId, seq })) this.#held.delete(conversationId);
    }
  }

  /** The person has seen the chat's end. */
  read(chat) {
    const upTo = chat.lastSeq;
    if (upTo <= chat.readSeq && !chat.unreadFrom) return;
    chat.read(upTo);
    this.client.socket.send("read", { conversationId: chat.id, seq: upTo });
    this.client.tell("list");
  }

  /** After a resume: confirm what came with it, and repeat what was read while there was no connection. */
  repeat() {
    for (const chat of this.client.chats.values()) {
      if (chat.unread) this.received(chat);
      if (chat.readSeq > (chat.serverReadSeq ?? 0)) this.client.socket.send("read", { conversationId: chat.id, seq: chat.readSeq });
    }
    this.#flush();
  }
}
