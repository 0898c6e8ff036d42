// Who is typing: others, for six seconds after the last word of it; and I, told at most every three.

const HEARD = 6_000;
const REPEAT = 3_000;

export class Typing {
  #told = new Map(); // conversation → when

  constructor(client) {
    this.client = client;
  }

  heard({ conversationId, userId, typing }) {
    const chat = this.client.chats.get(conversationId);
    if (!chat) return;
    if (!typing) {
      this.stopped(chat, userId);
      return;
    }
    clearTimeout(chat.typing.get(userId));
    chat.typing.set(userId, setTimeout(() => this.stopped(chat, userId), HEARD));
    this.#changed(chat);
  }

  stopped(chat, userId) {
    if (!chat.typing.has(userId)) return;
    clearTimeout(chat.typing.get(userId));
    chat.typing.delete(userId);
    this.#changed(chat);
  }

  /** I am typing, or have stopped. */
  mine(chat, typing) {
    const told = this.#told.get(chat.id) ?? 0;
    if (typing ? Date.now() - told < REPEAT : !told) return;
    if (typing) this.#told.set(chat.id, Date.now());
    else this.#told.delete(chat.id);
    if (!chat.isNote && !chat.left) this.client.socket.send("typing", { conversationId: chat.id, typing });
  }

  #changed(chat) {
    this.client.tell("typing", { id: chat.id });
    this.client.tell("list");
  }
}
