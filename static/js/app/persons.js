// Who people are, by id: authors, those who are mentioned, those who react. Asked for once, when somebody is first shown.
import * as api from "../net/api.js";

const TOGETHER = 30; // milliseconds that questions are gathered
const AT_ONCE = 4; // questions that are under way

/** Tells "persons" when names have become known. */
export class Persons {
  #known = new Map();
  #asked = new Set();
  #waiting = [];
  #running = 0;
  #timer = null;

  constructor(client) {
    this.client = client;
    this.note(client.me);
    client.addEventListener("profile", ({ detail: { userId, ...profile } }) => this.note({ id: userId, ...profile }));
  }

  /** People whom the server has just described: `{id, username, displayName, avatar}`. */
  note(...people) {
    let isNews = false;
    for (const { id, username, displayName, avatar = null } of people) {
      const known = this.#known.get(id);
      if (known && known.username === username && known.displayName === displayName && known.avatar === avatar) continue;
      this.#known.set(id, { id, username, displayName, avatar });
      isNews = true;
    }
    if (isNews) this.#tell();
  }

  /** Somebody, or null: then they are asked for, and "persons" tells. Whom I may not know stays null. */
  get(id) {
    const known = this.#known.get(id) ?? this.#peer(id);
    if (known) return known;
    if (!this.#asked.has(id)) {
      this.#asked.add(id);
      this.#waiting.push(id);
      setTimeout(() => this.#ask(), TOGETHER);
    }
    return null;
  }

  #peer(id) {
    for (const { peer } of this.client.chats.values()) if (peer?.id === id) return peer;
    return null;
  }

  /** Everybody who is known here. */
  get all() {
    return [...this.#known.values()];
  }

  async #ask() {
    while (this.#waiting.length && this.#running < AT_ONCE) {
      const id = this.#waiting.shift();
      if (this.#known.has(id)) continue;
      this.#running += 1;
      api.get(`users/${id}`).then((body) => this.note(body)).catch(({ code }) => code === "offline" && this.#asked.delete(id))
        .finally(() => ((this.#running -= 1), this.#ask()));
    }
  }

  #tell() {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.client.tell("persons");
    }, 0);
  }
}
