// Pages of a conversation, by REST.
import { reaches } from "../core/unread-line.js";
import * as api from "../net/api.js";

const PAGE = 60;
const MOST = 200; // that the server gives at once
const AROUND = 30; // read messages above the first unread
const FAR = 2_000; // messages that are loaded at once to reach the first unread; beyond, scrolling loads them

export class History {
  #older = new Set();
  #loading = new Set();

  constructor(client) {
    this.client = client;
  }

  /** Load the newest messages of a chat that was never opened. */
  async open(chat) {
    if (chat.timeline) return;
    await this.load(chat);
  }

  /**
   * Load the newest messages, so many that the first unread is among them, whatever is held. A failure is kept in
   * `chat.problem` for the pane to show.
   */
  async load(chat) {
    if (this.#loading.has(chat)) return;
    this.#loading.add(chat);
    chat.problem = null;
    try {
      const page = await this.#newest(chat);
      const timeline = chat.open();
      timeline.replace(page.results, page.rev, page.atStart);
      this.client.sync.replaced(chat);
      for (const message of page.results) chat.take(message);
      this.client.arrivals.placed(chat);
      if (timeline.rev < chat.lastRev) this.client.sync.request(chat);
    } catch (error) {
      chat.problem = error;
    }
    this.#loading.delete(chat);
    this.client.tell("chat", { id: chat.id, loaded: true });
    this.client.tell("list");
  }

  async #newest(chat) {
    const far = chat.unread ? chat.lastSeq - chat.readSeq + AROUND : 0;
    const limit = Math.min(MOST, Math.max(PAGE, far));
    const { results, rev } = await api.get(`conversations/${chat.id}/messages?limit=${limit}`);
    const found = { results, rev, atStart: results.length < limit };
    while (chat.unread && !reaches(found.results, chat.readSeq, found.atStart) && found.results.length < FAR) {
      const before = `limit=${MOST}&before=${found.results[0].seq}`;
      const page = await api.get(`conversations/${chat.id}/messages?${before}`).catch(() => null);
      if (!page) break; // what is here is shown, and scrolling asks again
      found.results.unshift(...page.results);
      found.atStart = page.results.length < MOST;
    }
    return found;
  }

  /** Load the page before what is held. Returns how many messages it brought; 0 at the start or on a failure. */
  async older(chat) {
    const { timeline } = chat;
    if (!timeline || timeline.atStart || !timeline.messages.length || this.#older.has(chat.id)) return 0;
    this.#older.add(chat.id);
    try {
      const page = await api.get(`conversations/${chat.id}/messages?limit=${PAGE}&before=${timeline.messages[0].seq}`);
      return timeline.prepend(page.results, page.results.length < PAGE);
    } catch {
      return 0; // scrolling on asks again
    } finally {
      this.#older.delete(chat.id);
    }
  }
}
