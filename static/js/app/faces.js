// Who the people of groups are: those I know already, members that were listed, and whoever else is asked for, one at a time.
import * as api from "../net/api.js";

const PAUSE = 120; // milliseconds in which a list of members may answer for many

export class Faces {
  #known = new Map();
  #wanted = new Set();
  #timer = null;

  constructor(client) {
    this.client = client;
    client.addEventListener("profile", ({ detail: { userId, ...shown } }) => {
      const person = this.#known.get(userId);
      if (person) this.take([{ ...person, ...shown }]);
    });
    client.addEventListener("connection", () => client.socket.open && this.#later()); // what could not be asked
    client.addEventListener("gone", () => this.#forget());
  }

  /**
   * Somebody, `{id, displayName, avatar, …}`; null while that is being asked. What is known of the people of a chat is kept
   * with it, for a start without a network.
   */
  of(id, chat = null) {
    const found = this.#now(id);
    if (found && chat?.isGroup && !same(chat.people?.[id], found)) {
      chat.people = { ...chat.people, [id]: { id, displayName: found.displayName, avatar: found.avatar } };
    }
    if (found) return found;
    this.#wanted.add(id);
    this.#later();
    return chat?.people?.[id] ?? null;
  }

  /** The name of somebody, or "" while it is being asked. */
  name(id, chat = null) {
    return this.of(id, chat)?.displayName ?? "";
  }

  /** People as a list of them says they are. */
  take(people) {
    let isNews = false;
    for (const person of people) {
      isNews ||= !same(this.#known.get(person.id), person);
      this.#known.set(person.id, person);
      this.#wanted.delete(person.id);
    }
    if (isNews) this.#told();
  }

  #now(id) {
    const { me, people } = this.client;
    return id === me.id ? me : (people?.friends.get(id) ?? this.#known.get(id) ?? null);
  }

  #later() {
    if (this.#wanted.size && !this.client.gone) this.#timer ??= setTimeout(() => this.#ask(), PAUSE);
  }

  async #ask() {
    for (const id of this.#wanted) {
      if (this.#now(id)) {
        this.#wanted.delete(id);
        continue;
      }
      try {
        this.take([await api.get(`users/${id}`)]);
      } catch (error) {
        if (error.code !== "not_found") break; // asked again with the next connection, or when they are shown again
        this.take([{ id, displayName: "", avatar: null }]);
      }
    }
    this.#timer = null;
  }

  #told() {
    const { client } = this;
    client.tell("list");
    if (client.selected?.isGroup) client.tell("marks", { id: client.selected.id });
  }

  #forget() {
    clearTimeout(this.#timer);
    this.#known.clear();
    this.#wanted.clear();
  }
}

const same = (one, other) => one?.displayName === other.displayName && one?.avatar === other.avatar;
