// The way to a message that is not held: its page, and the pages towards what is.
import { Excursion } from "../core/excursion.js";
import * as api from "../net/api.js";

const PAGE = 60;

export class Around {
  #busy = new Set();

  constructor(client) {
    this.client = client;
  }

  /** Have a message of a chat at hand. Returns whether it is there. Raises ApiError. */
  async go(chat, seq) {
    const { timeline } = chat;
    if (timeline?.messages.some((message) => message.seq === seq)) {
      chat.excursion = null;
      return true;
    }
    if (chat.excursion?.has(seq)) return true;
    const { results } = await api.get(`conversations/${chat.id}/messages?around=${seq}&limit=${PAGE}`);
    const excursion = new Excursion(results);
    if (!excursion.has(seq)) return false;
    chat.excursion = excursion;
    this.#join(chat);
    return true;
  }

  /** The page before what is shown of an excursion. Returns how many messages it brought. */
  older = (chat) =>
    this.#page(chat, `before=${chat.excursion.messages[0].seq}`, (excursion, results) => excursion.prepend(results, results.length < PAGE));

  /** The page after it. Where it meets the newest messages, the excursion is over. Returns how many it brought. */
  newer = (chat) =>
    this.#page(chat, `after=${chat.excursion.messages.at(-1).seq}`, (excursion, results) => {
      const brought = excursion.append(results);
      this.#join(chat);
      return brought;
    });

  async #page(chat, where, place) {
    const { excursion } = chat;
    if (this.#busy.has(excursion)) return 0;
    this.#busy.add(excursion);
    try {
      const { results } = await api.get(`conversations/${chat.id}/messages?limit=${PAGE}&${where}`);
      return chat.excursion === excursion ? place(excursion, results) : 0;
    } catch {
      return 0; // scrolling on asks again
    } finally {
      this.#busy.delete(excursion);
    }
  }

  /** What lies before the stretch that is held belongs to it. */
  #join(chat) {
    const { excursion, timeline } = chat;
    if (!timeline || !excursion.meets(timeline.messages[0]?.seq)) return;
    timeline.prepend(excursion.messages, excursion.atStart);
    chat.excursion = null;
  }
}
