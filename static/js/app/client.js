// The page's own client: holds what the server holds, hears what changes, and tells the elements, which only show it.
import { Chat } from "../core/chat.js";
import { Outbox } from "../core/outbox.js";
import * as api from "../net/api.js";
import { Socket } from "../net/socket.js";
import * as storage from "../lib/storage.js";
import { Acts } from "./acts.js";
import { Around } from "./around.js";
import { Arrivals } from "./arrivals.js";
import { deviceName } from "./device.js";
import { Drafts } from "./drafts.js";
import { Faces } from "./faces.js";
import { frames } from "./frames.js";
import { Groups } from "./groups.js";
import { History } from "./history.js";
import { attachLeaving } from "./leaving.js";
import { List } from "./list.js";
import { Looking } from "./looking.js";
import { Memory } from "./memory.js";
import { Persons } from "./persons.js";
import { Pins } from "./pins.js";
import { Preferences } from "./preferences.js";
import { Push } from "./push.js";
import { Quotes } from "./quotes.js";
import { Receipts } from "./receipts.js";
import { Sender } from "./sender.js";
import { Stars } from "./stars.js";
import { Sync } from "./sync.js";
import { Typing } from "./typing.js";

/**
 * Events: "list" (rows of the list), "chat" ({id, message?, live?, changed?}: messages of one; `message`: one more in its log,
 * `live`: one that has just come, `changed`: one that is different now), "marks" ({id}: ticks), "pins" ({id}), "jump" ({id, seq}:
 * to a message), "typing" ({id}), "presence", "preferences", "profile" ({userId, …}), "persons" (who people are), "people"
 * (friends, requests, blocks), "group" ({id}: it, or its members), "section", "view", "select", "connection", "draft" ({id}), "refused" ({code, retryAfterMs}),
 * "announcement", "go" ({id}: of a notification), "gone" ({isKept}: whether what waits to be sent stays).
 */
export class Client extends EventTarget {
  chats = new Map();
  selected = null;
  /** Why this page is nobody's any more; null while it is somebody's. */
  gone = null;
  online = new Set();
  lastSeen = new Map();
  /** Milliseconds by which this device's clock is ahead of the server's. */
  clockAhead = 0;
  /** Milliseconds in which one may edit and take back what one has written. */
  windows = { edit: 86_400_000, recall: 86_400_000 };
  /** Whom this person knows; set by the people section. */
  people = null;
  /** Whether only friends may write to each other here. */
  friendsOnly = false;

  constructor(me, preferences = undefined) {
    super();
    this.me = me;
    this.outbox = new Outbox({
      load: () => [...storage.all(`outbox.${me.id}.`).values()],
      save: (msgId, entry) => storage.write(`outbox.${me.id}.${msgId}`, entry),
    });
    this.socket = new Socket({ ticket: async () => (await api.post("ws-tickets")).ticket, device: deviceName, userId: me.id });
    this.acts = new Acts(this);
    this.around = new Around(this);
    this.arrivals = new Arrivals(this);
    this.drafts = new Drafts(this);
    this.faces = new Faces(this);
    this.groups = new Groups(this);
    this.history = new History(this);
    this.list = new List(this);
    this.looking = new Looking(this);
    this.memory = new Memory(this);
    this.persons = new Persons(this);
    this.pins = new Pins(this);
    this.preferences = new Preferences(this, preferences);
    this.push = new Push(this);
    this.quotes = new Quotes(this);
    this.receipts = new Receipts(this);
    this.sender = new Sender(this);
    this.stars = new Stars(this);
    this.sync = new Sync(this);
    this.typing = new Typing(this);
    this.outbox.addEventListener("change", ({ detail }) => {
      this.tell("chat", { id: detail.conversationId });
      this.tell("list");
    });
    storage.follow(`outbox.${me.id}.`, (msgId, entry) => (entry ? this.sender.adopt(entry) : this.sender.drop(msgId)));
    this.socket.addEventListener("frame", ({ detail }) => frames[detail.type]?.(this, detail.data, detail));
    this.socket.addEventListener("state", () => this.#connectionChanged());
    attachLeaving(this);
  }

  async start() {
    this.socket.start();
    await this.list.load();
  }

  tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  // ---- conversations ----

  /** A conversation as the server describes it, known or new. */
  accept(body) {
    const known = this.chats.get(body.conversationId);
    const chat = known ?? new Chat(body, this.me.id);
    if (known) {
      const before = known.draft;
      known.merge(body);
      if (known.draft !== before) this.drafts.heard(known);
    }
    this.chats.set(chat.id, chat);
    if (this.selected?.left && this.selected.id === chat.id) this.select(chat); // I am in it again
    return chat;
  }

  /** The conversation with this id, asked of the server when it is not known yet; null when there is none. */
  async find(id) {
    if (!this.chats.has(id)) {
      try {
        this.accept(await api.get(`conversations/${id}`));
      } catch (error) {
        if (error.code === "not_found") return null;
        throw error;
      }
      this.tell("list");
    }
    return this.chats.get(id);
  }

  /** I am no longer in it. A group that is open stays to be read until it is closed. */
  remove(id) {
    this.chats.delete(id);
    if (this.selected?.id === id && this.selected.isGroup) Object.assign(this.selected, { left: true, role: null });
    else if (this.selected?.id === id) this.select(null);
    this.tell("list");
  }

  /** Show a conversation, or none. */
  select(chat) {
    if (chat === this.selected) return;
    this.selected = chat;
    this.tell("select");
    this.tell("list");
    if (chat) this.history.open(chat);
  }

  /** Open the direct chat with somebody. Raises ApiError. */
  async openDirect(userId) {
    const known = [...this.chats.values()].find((chat) => chat.kind === "direct" && chat.peerId === userId);
    return known ?? this.accept(await api.post("conversations", { kind: "direct", userId }));
  }

  /** Change my own view of a conversation: pinned, mutedUntil, draft. Raises ApiError. */
  async changeView(chat, changes) {
    this.accept(await api.patch(`conversations/${chat.id}/state`, changes));
    this.tell("list");
  }

  /** The conversations for the list: pinned first, then by last activity. */
  get rows() {
    const now = Date.now();
    return this.#sorted((chat) => !chat.isAway(now));
  }

  /** The archived conversations, by last activity. */
  get archived() {
    return this.#sorted((chat) => chat.archived);
  }

  #sorted(fits) {
    const at = (chat) => Math.max(chat.lastAt, this.outbox.of(chat.id).at(-1)?.createdAt ?? 0);
    const order = (one, other) => Number(other.pinned) - Number(one.pinned) || at(other) - at(one) || other.id - one.id;
    return [...this.chats.values()].filter(fits).sort(order);
  }

  /** How many chats hold something unread, of muted ones a mention: the badge in the rail and in the title. */
  get unreadChats() {
    const now = Date.now();
    const counts = (chat) => !chat.isAway(now) && (chat.mentioned || (!chat.muted(now) && (chat.unread || chat.unreadFrom)));
    return [...this.chats.values()].filter(counts).length;
  }

  #connectionChanged() {
    if (!this.socket.open) {
      this.sender.pause();
      this.sync.stop();
    }
    this.tell("connection");
  }

  // ---- presence ----

  setOnline(userId, isOnline, lastSeen = null) {
    if (isOnline) this.online.add(userId);
    else this.online.delete(userId);
    if (lastSeen) this.lastSeen.set(userId, lastSeen);
    this.tell("presence");
  }
}
