// The one WebSocket of this tab: connects with a ticket, stays alive, comes back (protocol §1, §7, §8).
import { delay, reaction } from "../core/backoff.js";

const ANSWER = 10_000; // a ping must be answered within
const STUCK = 4_000; // a connect that is older is begun again when the network or the person comes back
const TICKS = 5_000; // how often the clock is looked at: a jump means that the machine slept

/**
 * Events: "frame" ({type, data, id}) and "state". The state is `{kind, retryAt, reason, downSince}` with kind
 * "connecting", "open", "waiting" (for retryAt) or "ended" (reason: signed-out, revoked, disabled,
 * somebody-else, replaced, broken).
 */
export class Socket extends EventTarget {
  state = { kind: "connecting", retryAt: 0, reason: null, downSince: Date.now() };
  #ticket;
  #device;
  #userId;
  #socket = null;
  #attempt = 0;
  #timers = new Map();
  #interval = 30_000;
  #lastTick = Date.now();
  #startedAt = Date.now();

  /** `ticket()` returns a fresh ticket or raises an ApiError; `device()` returns this tab's name; `userId`: whose it is. */
  constructor({ ticket, device, userId }) {
    super();
    this.#ticket = ticket;
    this.#device = device;
    this.#userId = userId;
    addEventListener("online", () => this.retry());
    addEventListener("offline", () => this.probe());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#woke());
    setInterval(() => this.#tick(), TICKS);
  }

  get open() {
    return this.state.kind === "open";
  }

  /** Connect now, whatever we are waiting for. */
  async start() {
    this.#clear("retry");
    this.#drop();
    this.#startedAt = Date.now();
    this.#set({ kind: "connecting", retryAt: 0, reason: null });
    const mine = (this.#socket = { close() {} });
    try {
      const ticket = await this.#ticket();
      if (this.#socket === mine) this.#connect(ticket);
    } catch (error) {
      if (this.#socket !== mine) return;
      if (error.status === 401 || error.status === 403) this.end("signed-out");
      else this.#wait(delay(this.#attempt++));
    }
  }

  /** Try at once if we are waiting to, or have been trying for so long that the network has changed since. */
  retry() {
    const isStuck = this.state.kind === "connecting" && Date.now() - this.#startedAt > STUCK;
    if (this.state.kind === "waiting" || isStuck) this.start();
  }

  /** Send a frame; false when there is no connection. `id` comes back in the reply or refusal. */
  send(type, data, id) {
    if (!this.open) return false;
    this.#socket.send(JSON.stringify({ type, data, id }));
    return true;
  }

  /** Ask for a sign of life: without one within ten seconds the connection is given up. */
  probe() {
    if (!this.open || this.#timers.has("pong")) return;
    this.send("ping", null);
    this.#timer("pong", ANSWER, () => this.#lost(1006));
  }

  #connect(ticket) {
    const address = new URL("/ws", location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const wanted = { receipts: "1", backlog: "0", people: "1", preferences: "1", profiles: "1" };
    address.search = new URLSearchParams({ ticket, device: this.#device(), ...wanted });
    const socket = (this.#socket = new WebSocket(address));
    socket.onmessage = ({ data }) => socket === this.#socket && this.#receive(JSON.parse(data));
    socket.onclose = ({ code }) => socket === this.#socket && this.#lost(code);
    this.#timer("open", ANSWER * 2, () => this.#lost(1006));
  }

  #receive(frame) {
    this.#clear("pong");
    if (frame.type === "connected") {
      if (frame.data.userId !== this.#userId) {
        this.end("somebody-else");
        return;
      }
      this.#clear("open");
      this.#attempt = 0;
      this.#interval = frame.data.heartbeat.intervalMs;
      this.#set({ kind: "open", retryAt: 0, reason: null });
      this.#beat();
    }
    this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
  }

  #beat() {
    this.#timer("ping", this.#interval * 0.9, () => {
      this.probe();
      this.#beat();
    });
  }

  #lost(code) {
    this.#drop();
    const then = reaction(code);
    if (then === "reconnect") this.#wait(delay(this.#attempt++));
    else if (then === "ticket") this.#wait(delay(this.#attempt++) / 4);
    else if (then === "later") this.#wait(10_000 + delay(this.#attempt++));
    else this.end(then);
  }

  #wait(milliseconds) {
    this.#set({ kind: "waiting", retryAt: Date.now() + milliseconds, reason: null });
    this.#timer("retry", milliseconds, () => this.start());
  }

  /** No connection any more, until `start()`. */
  end(reason) {
    this.#clear("retry");
    this.#drop();
    this.#set({ kind: "ended", retryAt: 0, reason });
  }

  #drop() {
    for (const name of ["ping", "pong", "open"]) this.#clear(name);
    const old = this.#socket;
    this.#socket = null;
    if (old instanceof WebSocket) {
      old.onmessage = old.onclose = null;
      old.close();
    }
  }

  /** The machine slept, or the page was looked at again: what looks open may be dead for long. */
  #woke() {
    this.retry();
    this.probe();
  }

  #tick() {
    const now = Date.now();
    if (now - this.#lastTick > TICKS * 4) this.#woke();
    this.#lastTick = now;
  }

  #set(change) {
    const wasOpen = this.open;
    const downSince = change.kind === "open" ? 0 : wasOpen || !this.state.downSince ? Date.now() : this.state.downSince;
    this.state = { ...this.state, ...change, downSince };
    this.dispatchEvent(new CustomEvent("state", { detail: this.state }));
  }

  #timer(name, milliseconds, act) {
    this.#clear(name);
    this.#timers.set(name, setTimeout(() => (this.#timers.delete(name), act()), milliseconds));
  }

  #clear(name) {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }
}
