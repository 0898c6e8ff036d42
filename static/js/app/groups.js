// Groups while they change: a message that says so brings the news, and the group is asked for anew, once for many of them.
import { isSystem } from "../core/chat.js";
import * as api from "../net/api.js";

const TOGETHER = 300; // milliseconds

/** Tells the client's listeners "group" ({id}) when a group, or what its details show, may have changed. */
export class Groups {
  #due = new Map(); // conversation → timer

  constructor(client) {
    this.client = client;
    client.addEventListener("chat", ({ detail: { id, live } }) => live && isSystem(live) && this.#later(id));
    client.addEventListener("select", () => this.#opened());
  }

  #opened() {
    if (this.client.selected?.isGroup) this.#people(this.client.selected);
  }

  /** Those who write in an open group have names and faces, and those who are online are counted. */
  async #people(chat) {
    if (chat.left) return;
    const page = await api.get(`conversations/${chat.id}/members?limit=100`).catch(() => null);
    if (!page) return;
    const people = page.results.map(({ user }) => user);
    chat.memberIds = page.next ? null : new Set(people.map(({ id }) => id)); // of a large group not all are known
    this.client.persons.note(...people);
    this.client.tell("list");
  }

  #later(id) {
    const { client } = this;
    if (client.chats.get(id)?.isGroup === false) return; // a pinned message is a change in direct chats too
    // While a resume runs the heads that come with it say how all groups are.
    if (client.sync.running && client.selected?.id !== id) return;
    clearTimeout(this.#due.get(id));
    this.#due.set(id, setTimeout(() => this.refresh(id), TOGETHER));
  }

  /** Ask how a group is now. */
  async refresh(id) {
    this.#due.delete(id);
    const { client } = this;
    if (client.gone || !client.chats.has(id)) return;
    const body = await api.get(`conversations/${id}`).catch(() => null);
    if (body && client.chats.has(id)) this.changed(body);
  }

  /** A group as the server has just described it. */
  changed(body) {
    const chat = this.client.accept(body);
    this.client.tell("list");
    this.client.tell("group", { id: chat.id });
    if (chat === this.client.selected) this.#people(chat);
    return chat;
  }
}
