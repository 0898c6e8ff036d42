// Pages of a conversation, by REST.
import * as api from "../net/api.js";

const PAGE = 60;
const MOST = 200;

export class History {
  #older = new Set();
  #loading = new Set();

  constructor(client) {
    this.client = client;
  }

  /** Load the newest messages of a chat that was never opened: so many that the first unread is among them. */
  async open(chat) {
    if (chat.timeline) return;
    await this.load(chat);
  }

  /** Load the newest messages, whatever is held. A failure is kept in `chat.problem` for the pane to show. */
  async load(chat) {
    if (this.#loading.has(chat)) return;
    this.#loading.add(chat);
    chat.problem = null;
    const limit = Math.min(MOST, Math.max(PAGE, chat.unread + 30));
    try {
      const page = await api.get(`conversations/${chat.id}/messages?limit=${limit}`);
      const timeline = chat.open();
      timeline.replace(page.results, page.rev, page.results.length < limit);
      for (const message of page.results) chat.take(message);
      if (timeline.rev < chat.lastRev) this.client.sync.request(chat);
    } catch (error) {
      chat.problem = error;
    }
    this.#loading.delete(chat);
    this.client.tell("chat", { id: chat.id, loaded: true });
    this.client.tell("list");
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
