// The people of groups: who they are is asked once (persons.js), and kept with the group for a start without a network.

export class Faces {
  constructor(client) {
    this.client = client;
    client.addEventListener("persons", () => client.tell("list"));
  }

  /** Somebody, `{id, displayName, avatar, …}`; null while that is being asked. */
  of(id, chat = null) {
    const found = id === this.client.me.id ? this.client.me : this.client.persons.get(id);
    const kept = chat?.people?.[id] ?? null;
    if (found && chat?.isGroup && !same(kept, found)) {
      chat.people = { ...chat.people, [id]: { id, displayName: found.displayName, avatar: found.avatar ?? null } };
    }
    return found ?? kept;
  }

  /** The name of somebody, or "" while it is being asked. */
  name(id, chat = null) {
    return this.of(id, chat)?.displayName ?? "";
  }
}

const same = (one, other) => one?.displayName === other.displayName && one?.avatar === (other.avatar ?? null);
