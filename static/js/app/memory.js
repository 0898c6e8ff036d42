// What this browser remembers of a person's chats, so that a start shows them at once and without a network: the list, and
// the newest messages of the newest chats. The server's word takes its place and is never mixed with it: what is recalled is
// recalled before anything is asked, and a recalled timeline is a stretch with its cursor, which a resume continues.
import { keep, MESSAGES, restore } from "../core/keepsake.js";
import * as records from "../lib/records.js";
import * as api from "../net/api.js";

const TALKS = 30; // chats whose messages are kept
const ROWS = 500; // chats of the list
const LAZY = 2_000; // milliseconds that changes are gathered
const PATIENCE = 1_500; // milliseconds that a start waits for the memory
const AHEAD = 4_000; // milliseconds between two pages that are asked for ahead
const STALE = 300_000; // milliseconds before the same one is asked for again
const META = 0; // the key of what concerns all; those of chats are their ids

export class Memory {
  #kept = new Map(); // chats that are kept → a stamp of what is kept of them
  #epoch = null; // the life of the database that the records are of
  #pages = new Map(); // chats that were not opened → {messages, rev, atStart, at}
  #timer = null;
  #closed = true;

  constructor(client) {
    this.client = client;
  }

  /** Show what is remembered, and remember from now on. Called once, before anything is asked of the server. */
  async recall() {
    const { client } = this;
    const late = new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE));
    const found = await Promise.race([records.all(client.me.id), late]);
    this.#closed = false;
    records.forgetOthers(client.me.id);
    if (found) this.#show(found);
    for (const type of ["chat", "marks", "list"]) client.addEventListener(type, () => this.#later());
    addEventListener("pagehide", () => this.save());
    setInterval(() => this.#ahead(), AHEAD);
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.save());
  }

  #show(found) {
    const { client } = this;
    const epoch = found.find(({ key }) => key === META)?.value.epoch;
    if (!epoch) return;
    this.#epoch = client.sync.epoch = epoch;
    for (const { key, value } of found) {
      if (key === META || value.epoch !== epoch) continue;
      this.#kept.set(key, stamp(value));
      const chat = restore(value, client.me.id);
      client.chats.set(chat.id, chat);
      client.arrivals.placed(chat);
    }
    client.list.loaded = client.chats.size > 0;
    client.tell("list");
  }

  #later() {
    if (!this.#closed) this.#timer ??= setTimeout(() => this.save(), LAZY);
  }

  /** Write what has changed. Nothing is written before the server has said which life of its database this is. */
  save() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const { client } = this;
    const epoch = client.sync.epoch;
    if (this.#closed || !epoch || !client.list.loaded) return;
    const anew = epoch !== this.#epoch;
    if (anew) this.#forgetKnown();
    this.#epoch = epoch;
    const rows = client.rows.slice(0, ROWS);
    const held = (chat) => (chat.timeline?.rev ? chat.timeline : this.#pages.get(chat.id));
    const talks = new Set(rows.filter(held).slice(0, TALKS));
    const stay = new Set(rows.map((chat) => chat.id));
    const changes = [...this.#kept.keys()].filter((id) => !stay.has(id)).map((id) => [id, null]);
    for (const [id] of changes) this.#kept.delete(id);
    for (const chat of rows) {
      const record = keep(chat, talks.has(chat) ? held(chat) : null, epoch);
      const mark = stamp(record);
      if (this.#kept.get(chat.id) === mark) continue;
      changes.push([chat.id, record]);
      this.#kept.set(chat.id, mark);
    }
    if (changes.length || anew) records.write(client.me.id, [[META, { epoch }], ...changes], { anew });
  }

  /**
   * Ask for the end of a chat that nobody has opened yet, for a start without a network: one at a time, while nothing else is
   * going on, and only where a worker would open the page then.
   */
  async #ahead() {
    const { client } = this;
    const { connection, serviceWorker } = navigator;
    if (this.#closed || !client.socket.open || client.sync.running || !serviceWorker?.controller || connection?.saveData) return;
    if (document.visibilityState !== "visible") return;
    const now = Date.now();
    const isWanted = (chat) => {
      const page = this.#pages.get(chat.id);
      return !chat.timeline && chat.lastSeq && (!page || (page.rev < chat.lastRev && page.at < now - STALE));
    };
    const chat = client.rows.slice(0, TALKS).find(isWanted);
    if (!chat) return;
    const before = this.#pages.get(chat.id) ?? { messages: [], rev: 0, atStart: false };
    this.#pages.set(chat.id, { ...before, at: now }); // should it fail, it is asked for again later
    try {
      const { results, rev } = await api.get(`conversations/${chat.id}/messages?limit=${MESSAGES}`);
      if (!this.#closed) this.#pages.set(chat.id, { messages: results, rev, atStart: results.length < MESSAGES, at: now });
      this.#later();
    } catch {
      // A start without a network will show its last line only.
    }
  }

  #forgetKnown() {
    this.#pages.clear();
    this.#kept.clear();
  }

  /** The person has left: nothing is written any more, and what was is gone. */
  async close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#pages.clear();
    await records.forget(this.client.me.id);
  }
}

/** What tells two records of a chat apart: a change of its messages takes another rev. */
const stamp = ({ body, messages, rev }) => JSON.stringify([body, rev ?? 0, messages?.length ?? 0]);
