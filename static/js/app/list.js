// The list of conversations, by REST, and when the people in it were last seen.
import * as api from "../net/api.js";

const PAGE = 100;
const PEOPLE = 200; // that one request may ask about

export class List {
  loaded = false;
  failed = null;
  #running = false;
  #wanted = false;

  constructor(client) {
    this.client = client;
  }

  /** Load all of it: rows appear page by page. Asked for again meanwhile, it is loaded once more. */
  async load() {
    this.#wanted = true;
    if (this.#running) return;
    this.#running = true;
    while (this.#wanted) {
      this.#wanted = false;
      await this.#pages();
    }
    this.#running = false;
  }

  async #pages() {
    this.failed = null;
    try {
      let before = "";
      do {
        const page = await api.get(`conversations?limit=${PAGE}${before && `&before=${before}`}`);
        for (const body of page.results) this.client.accept(body);
        before = page.next;
        this.loaded = true;
        this.client.tell("list");
      } while (before);
    } catch (error) {
      this.failed = error;
      this.client.tell("list");
    }
    this.#presence().catch(() => null); // the rows are there without it
  }

  async #presence() {
    const ids = [...new Set([...this.client.chats.values()].map((chat) => chat.peerId).filter(Boolean))].slice(0, PEOPLE);
    if (!ids.length) return;
    const { results } = await api.get(`presence?users=${ids.join(",")}`);
    for (const { userId, lastSeen } of results) if (lastSeen) this.client.lastSeen.set(userId, lastSeen);
    this.client.tell("presence");
  }
}
