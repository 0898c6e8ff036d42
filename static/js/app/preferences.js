// What the person prefers, on all their devices (protocol §3, `preferences`). A change holds at once, and is taken back where
// the server does not take it. Of two copies the one that was changed later holds.
import * as api from "../net/api.js";

export class Preferences {
  #held;
  #wanted = {}; // changes that are on their way

  constructor(client, held = {}) {
    this.client = client;
    this.#held = held;
  }

  /** As the server has them. */
  get held() {
    return this.#held;
  }

  /** As they are wanted: what is on its way to the server counts. */
  get values() {
    return { ...this.#held, ...this.#wanted };
  }

  /** Change some of them. Raises ApiError, and then they are as before. */
  async change(changes) {
    Object.assign(this.#wanted, changes);
    this.client.tell("preferences");
    try {
      this.heard(await api.patch("me/preferences", changes));
    } finally {
      for (const [name, value] of Object.entries(changes)) if (this.#wanted[name] === value) delete this.#wanted[name];
      this.client.tell("preferences");
    }
  }

  /** The server has said how they are. */
  heard(data) {
    if (data.changedAt <= (this.#held.changedAt ?? -1)) return;
    this.#held = data;
    this.client.tell("preferences");
  }

  /** Ask how they are: frames may have been missed. */
  async load() {
    this.heard(await api.get("me/preferences"));
  }
}
