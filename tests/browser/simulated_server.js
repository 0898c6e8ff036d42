// A server in memory that keeps exactly what protocol §4 promises, and nothing more. It does nothing by itself: what is
// processed, stored, pushed, delivered, cut and answered, and when, its caller says.

export const ME = 1;
export const PEER = 2;
const MISSING = 12; // changes that a resume brings at most: so few that resets are met

/** A conversation in the database: `log` by seq, `changes` by rev, each with the message as it was then. */
export class Talk {
  log = [];
  changes = [];
  read = 0;

  constructor(id) {
    this.id = id;
  }

  get rev() {
    return this.changes.length;
  }

  #change(message, origin, created) {
    message.rev = this.rev + 1;
    this.changes.push({ message, sent: { ...message }, origin, created });
  }

  add(from, content, msgId, origin = null) {
    const message = { msgId, conversationId: this.id, seq: this.log.length + 1, fromUserId: from, content, contentType: 1, createdAt: Date.now() };
    if (from === ME && this.read === this.log.length) this.read += 1;
    this.log.push(message);
    this.#change(message, origin, true);
    message.born = message.rev;
    return message;
  }

  edit(message) {
    message.content += "'";
    this.#change(message, null, false);
  }

  /** The changes after a rev as they are read from the database: the latest form of each message, in rev order. */
  after(rev) {
    return this.log.filter((m) => m.rev > rev).sort((one, other) => one.rev - other.rev)
      .map((m) => ({ type: m.born > rev ? "chat" : "update", data: wire(m) }));
  }

  get unread() {
    return this.log.filter((m) => m.seq > this.read && m.fromUserId !== ME).length;
  }

  get head() {
    const last = this.log.at(-1);
    return {
      conversationId: this.id, kind: "direct", title: "", peerId: PEER, lastSeq: this.log.length, lastRev: this.rev,
      readSeq: this.read, othersDeliveredSeq: 0, othersReadSeq: 0, unread: this.unread, unreadFrom: null, mutedUntil: null,
      pinned: false, archived: false, draft: "", ...(last && { lastMessage: wire(last), lastAt: last.createdAt }),
    };
  }

  page(query) {
    const before = Number(query.get("before") ?? Infinity);
    const rows = this.log.filter((m) => m.seq < before).slice(-Number(query.get("limit")));
    return { results: rows.map(wire), rev: this.rev, epoch: "e" };
  }
}

const wire = ({ born, ...message }) => ({ ...message });

export class Server {
  talks = new Map();
  connection = null;
  held = []; // requests for pages that are not answered yet
  refusals = [];
  journal = []; // sends that wait to be stored: a sync is not held up by them

  accept(socket) {
    this.connection = { socket, up: [], down: [], live: null, finish: null };
    const heartbeat = { intervalMs: 30_000, timeoutMs: 60_000 };
    this.connection.down.push({ type: "connected", data: { userId: ME, epoch: "e", onlineFriends: [], heartbeat } });
  }

  /** Take up to `count` frames that the client has sent. */
  process(count) {
    const { connection } = this;
    for (const { type, data, id } of connection?.up.splice(0, count) ?? []) {
      if (type === "ping") connection.down.push({ type: "pong", data: null });
      if (type === "chat") this.journal.push({ connection, data, id });
      if (type === "sync") this.#answer(connection, data, id);
      if (type === "read") {
        const talk = this.talks.get(data.conversationId);
        talk.read = Math.max(talk.read, Math.min(data.seq, talk.log.length));
      }
    }
  }

  /** Store up to `count` messages that wait in the journal; each is answered where it came from. */
  store(count) {
    for (const { connection, data, id } of this.journal.splice(0, count)) connection.down.push({ ...this.#stored(connection, data), id });
  }

  #stored(connection, { conversationId, content, msgId }) {
    const talk = this.talks.get(conversationId);
    const known = talk.log.find((m) => m.msgId === msgId);
    const code = this.refusals.shift();
    if (code && !known) return { type: "error", data: { code, message: "", msgId, retryAfterMs: 500 } };
    const { seq, born, createdAt } = known ?? talk.add(ME, content, msgId, connection);
    return { type: "ack", data: { msgId, status: "sent", timestamp: createdAt, conversationId, seq, rev: born } };
  }

  /** The first part of an answer: the heads are read, and what was missed is sent. The rest may take a while. */
  #answer(connection, { cursors }, id) {
    if (connection.finish) {
      connection.down.push({ type: "error", data: { code: "too_many", message: "" }, id });
      return;
    }
    const heads = [...this.talks.values()].map((talk) => talk.head);
    connection.live = new Map();
    for (const [key, rev] of Object.entries(cursors)) {
      const talk = this.talks.get(Number(key));
      const reason = rev > talk.rev ? "cursor_ahead" : talk.rev - rev > MISSING ? "too_far_behind" : null;
      if (!rev) continue;
      if (reason) {
        connection.down.push({ type: "reset", data: { conversationId: talk.id, reason } });
      } else {
        connection.down.push(...talk.after(rev));
        connection.live.set(talk.id, talk.rev);
      }
    }
    connection.finish = { heads, id };
  }

  /** The rest: the heads as they were read, what came since in conversations that are not live yet, `synced`. */
  finish() {
    const { connection } = this;
    if (!connection?.finish) return;
    const { heads, id } = connection.finish;
    connection.finish = null;
    connection.down.push({ type: "heads", data: { items: heads } });
    for (const { conversationId, lastRev } of heads) {
      if (connection.live.has(conversationId)) continue;
      const talk = this.talks.get(conversationId);
      connection.down.push(...talk.after(lastRev));
      connection.live.set(conversationId, talk.rev);
    }
    connection.down.push({ type: "synced", data: { serverTime: Date.now(), epoch: "e" }, id });
  }

  /** Push up to `count` changes of a conversation as they were made; or, as after a gap, all from the database. */
  push(id, count, repaired) {
    const { connection } = this;
    const talk = this.talks.get(id);
    if (!connection?.live?.has(id)) return;
    const at = connection.live.get(id);
    if (repaired) {
      connection.down.push(...talk.after(at));
      connection.live.set(id, talk.rev);
      return;
    }
    for (const { sent, origin, created } of talk.changes.slice(at, at + count)) {
      if (origin !== connection) connection.down.push({ type: created ? "chat" : "update", data: { ...sent } });
      connection.live.set(id, sent.rev);
    }
  }

  /** Frames reach the client one by one; `turn` waits until it has done with each. */
  async deliver(count, turn) {
    const { connection } = this;
    for (const frame of connection?.down.splice(0, count) ?? []) {
      if (connection.socket.closed) return;
      connection.socket.onmessage?.({ data: JSON.stringify(frame) });
      await turn();
    }
  }

  cut() {
    const { socket } = this.connection ?? {};
    this.connection = null;
    if (socket && !socket.closed) socket.onclose?.({ code: 1006 });
  }

  fetch(url) {
    const { pathname, searchParams } = new URL(url, location.href);
    const [what, id, part] = pathname.replace("/api/v1/", "").split("/");
    if (part === "messages") {
      const read = () => this.talks.get(Number(id)).page(searchParams);
      return new Promise((resolve, reject) => this.held.push({ read, early: read(), resolve, reject }));
    }
    if (what === "ws-tickets") return answer({ ticket: "t" });
    if (what === "presence") return answer({ results: [] });
    if (id) return answer(this.talks.get(Number(id)).head);
    return answer({ results: [...this.talks.values()].map((talk) => talk.head), next: null });
  }

  /** Answer a request for a page with what was there when it was asked, or is now; or break it off. */
  respond(how) {
    const request = this.held.shift();
    if (how === "fail") request?.reject(new TypeError("Failed to fetch"));
    else request?.resolve(answer(how === "early" ? request.early : request.read()));
  }
}

const answer = (body) => ({ ok: true, status: 200, text: async () => JSON.stringify(body) });
