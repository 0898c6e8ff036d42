// Whom I know: friends, requests and blocks, as the server holds them. Loaded after every connect and when it says that
// something has changed, so that all tabs and devices agree.
import * as api from "../net/api.js";

const PEOPLE = 200; // that one request for presence may ask about

/** Tells the client's listeners "people" whenever something has changed. */
export class Book {
  loaded = false;
  failed = null;
  friends = new Map();
  blocked = new Map();
  incoming = [];
  outgoing = [];
  /** Ids of requests that are being declined: not shown any more, as long as that can be undone. */
  declining = new Set();
  #running = null;
  #wanted = false;

  constructor(client) {
    this.client = client;
    client.addEventListener("gone", () => this.#forget());
    client.addEventListener("profile", ({ detail }) => this.#show(detail));
  }

  /** Somebody has another name, status line or picture. */
  #show({ userId, ...shown }) {
    const all = [this.friends.get(userId), this.blocked.get(userId), ...[...this.incoming, ...this.outgoing].map(({ user }) => user)];
    const found = all.filter((person) => person?.id === userId);
    for (const person of found) Object.assign(person, shown);
    if (found.length) this.client.tell("people");
  }

  /** Load all of it. Asked for again meanwhile, it is loaded once more; resolves when the last answer is here. */
  load() {
    this.#wanted = true;
    this.#running ??= this.#loop().finally(() => (this.#running = null));
    return this.#running;
  }

  async #loop() {
    while (this.#wanted) {
      this.#wanted = false;
      try {
        const [friends, requests, blocks] = await Promise.all([api.get("friends"), api.get("friend-requests"), api.get("blocks")]);
        if (!this.client.gone) this.#take(friends.results, requests, blocks.results);
      } catch (error) {
        this.failed = error;
      }
      if (!this.client.gone) this.client.tell("people");
    }
    this.#presence().catch(() => null); // the rows are there without it
  }

  #take(friends, requests, blocks) {
    this.failed = null;
    this.loaded = true;
    const before = [...this.friends.keys()];
    this.friends = new Map(friends.map((person) => [person.id, person]));
    this.blocked = new Map(blocks.map((person) => [person.id, person]));
    for (const id of before) if (!this.friends.has(id) || this.blocked.has(id)) this.client.lastSeen.delete(id); // no longer mine to know
    this.incoming = requests.incoming;
    this.outgoing = requests.outgoing;
    const open = new Set(this.incoming.map(({ id }) => id));
    for (const id of this.declining) if (!open.has(id)) this.declining.delete(id);
  }

  #forget() {
    this.#take([], { incoming: [], outgoing: [] }, []);
    this.client.tell("people");
  }

  /** When the friends were last seen. */
  async #presence() {
    const ids = [...this.friends.keys()];
    for (let at = 0; at < ids.length; at += PEOPLE) {
      const { results } = await api.get(`presence?users=${ids.slice(at, at + PEOPLE).join(",")}`);
      for (const { userId, lastSeen } of results) if (lastSeen) this.client.lastSeen.set(userId, lastSeen);
    }
    if (ids.length) this.client.tell("presence");
  }

  /** Requests to me that wait for an answer. */
  get requests() {
    return this.incoming.filter(({ id }) => !this.declining.has(id));
  }

  /** The open request between somebody and me, whoever asked. */
  request(userId) {
    return [...this.requests, ...this.outgoing].find(({ user }) => user.id === userId) ?? null;
  }

  /** What somebody is to me: "self", "blocked", "friend", "asks", "asked" or "none"; null before that is known. */
  relation(userId) {
    if (userId === this.client.me.id) return "self";
    if (!this.loaded) return null;
    if (this.blocked.has(userId)) return "blocked";
    if (this.friends.has(userId)) return "friend";
    if (this.requests.some(({ user }) => user.id === userId)) return "asks";
    return this.outgoing.some(({ user }) => user.id === userId) ? "asked" : "none";
  }
}
