// The page's own client: holds what the server holds, hears what changes, and tells the elements, which only show it.
import { Chat } from "../core/chat.js";
import { Outbox } from "../core/outbox.js";
import * as api from "../net/api.js";
import { Socket } from "../net/socket.js";
import * as storage from "../lib/storage.js";
import { deviceName } from "./device.js";
import { Drafts } from "./drafts.js";
import { frames } from "./frames.js";
import { History } from "./history.js";
import { List } from "./list.js";
import { Receipts } from "./receipts.js";
import { Sender } from "./sender.js";
import { Sync } from "./sync.js";
import { Typing } from "./typing.js";

/**
 * Events: "list" (rows of the list), "chat" ({id}: messages of one), "marks" ({id}: ticks), "typing" ({id}), "presence",
 * "select", "connection", "draft" ({id}), "refused" ({code, retryAfterMs}), "announcement".
 */
export class Client extends EventTarget {
  chats = new Map();
  selected = null;
  online = new Set();
  lastSeen = new Map();
  #finding = new Map();

  constructor(me) {
    super();
    this.me = me;
    this.outbox = new Outbox({
      load: () => [...storage.all(`outbox.${me.id}.`).values()],
      save: (msgId, entry) => storage.write(`outbox.${me.id}.${msgId}`, entry),
    });
    this.socket = new Socket({ ticket: async () => (await api.post("ws-tickets")).ticket, device: deviceName });
    this.drafts = new Drafts(this);
    this.history = new History(this);
    this.list = new List(this);
    this.receipts = new Receipts(this);
    this.sender = new Sender(this);
    this.sync = new Sync(this);
    this.typing = new Typing(this);
    this.outbox.addEventListener("change", ({ detail }) => {
      this.tell("chat", { id: detail.conversationId });
      this.tell("list");
    });
    storage.follow(`outbox.${me.id}.`, (msgId, entry) => (entry ? this.sender.adopt(entry) : this.outbox.drop(msgId)));
    this.socket.addEventListener("frame", ({ detail }) => frames[detail.type]?.(this, detail.data, detail));
    this.socket.addEventListener("state", () => this.#connectionChanged());
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

  remove(id) {
    this.chats.delete(id);
    if (this.selected?.id === id) this.select(null);
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
    const at = (chat) => Math.max(chat.lastAt, this.outbox.of(chat.id).at(-1)?.createdAt ?? 0);
    return [...this.chats.values()]
      .filter((chat) => !chat.archived)
      .sort((one, other) => Number(other.pinned) - Number(one.pinned) || at(other) - at(one) || other.id - one.id);
  }

  /** How many chats that are not muted hold something unread: the badge in the rail and in the title. */
  get unreadChats() {
    const now = Date.now();
    return [...this.chats.values()].filter((chat) => !chat.archived && !chat.muted(now) && (chat.unread || chat.unreadFrom)).length;
  }

  // ---- what arrives ----

  /** A message, new or changed. */
  take(message, isUpdate = false) {
    const chat = this.chats.get(message.conversationId);
    if (chat) this.#place(chat, message, isUpdate);
    else this.#discover(message, isUpdate);
  }

  /** A message of a conversation that is new here: those that come while it is asked for wait behind it. */
  #discover(message, isUpdate) {
    const id = message.conversationId;
    const before = this.#finding.get(id) ?? this.find(id).catch(() => null); // offline: the next resume brings it
    const found = before.then((chat) => (chat && this.#place(chat, message, isUpdate), chat));
    this.#finding.set(id, found);
    found.finally(() => this.#finding.get(id) === found && this.#finding.delete(id));
  }

  #place(chat, message, isUpdate) {
    const isNew = !isUpdate && chat.take(message);
    chat.lastRev = Math.max(chat.lastRev, message.rev);
    if (chat.lastMessage?.msgId === message.msgId) chat.lastMessage = message;
    if (chat.timeline?.put(message) === "gap") this.sync.request(chat);
    else this.outbox.remove(message.msgId);
    this.typing.stopped(chat, message.fromUserId);
    if (!isUpdate && message.fromUserId !== this.me.id) this.receipts.received(chat);
    this.tell("chat", { id: chat.id, message: isNew ? message : null });
    this.tell("list");
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
