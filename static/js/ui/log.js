// <sky-log>: the messages of the open conversation. At most 300 are in the document, a window over those that are held.
import { isUnread } from "../core/chat.js";
import { UnreadLine } from "../core/unread-line.js";
import { Window } from "../core/window.js";
import { h } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { draw, shownMessages } from "./log-draw.js";
import { loading, press, problem } from "./log-states.js";
import { coverLabels, fromEnd, hold, NEAR, putBack, steady, walk } from "./scroll.js";
import { titleOf } from "./words.js";
import { pressKey } from "./message-keys.js";

const MOST = 300;
const STEP = 60;
const SEEN = 400; // milliseconds that the end must be in view before it counts as read
const REST = 1_200; // milliseconds after the last movement before a day's name steps aside
export class SkyLog extends HTMLElement {
  #window = new Window(MOST, STEP);
  #line = new UnreadLine();
  #arrived = new Set();
  #below = 0;
  #landed = false;
  #held = 0; // until when the log stays at its end, whatever is still on its way: I have just gone there
  #timers = {};

  attach(client, chat, jump) {
    Object.assign(this, { client, chat, jump });
    this.log = h("div", {
      class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", tabindex: "0",
      "aria-label": format(gettext("Messages with %(name)s"), { name: titleOf(chat) }),
    });
    this.log.append((this.column = h("div", { class: "log__col" })));
    this.append(this.log);
    this.listening = new AbortController();
    const { signal } = this.listening;
    client.addEventListener("chat", ({ detail }) => detail.id === chat.id && this.#changed(detail), { signal });
    client.addEventListener("marks", ({ detail }) => detail.id === chat.id && this.render(), { signal });
    client.addEventListener("connection", () => this.#busy(client.sync.running), { signal });
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
    addEventListener("focus", () => this.#look(), { signal });
    this.log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    for (const type of ["wheel", "touchmove", "keydown"]) this.log.addEventListener(type, () => { this.#held = 0; this.#fill(); }, { passive: true });
    this.log.addEventListener("click", (event) => press(this, event));
    this.log.addEventListener("keydown", (event) => walk(this.log, event) || pressKey(this, event));
    this.resizing = new ResizeObserver(() => this.#resized());
    this.resizing.observe(this.log);
    this.render();
  }

  disconnectedCallback() {
    this.listening?.abort();
    this.resizing?.disconnect();
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
  }

  get atEnd() {
    return this.#window.atEnd && (fromEnd(this.log) < NEAR || performance.now() < this.#held);
  }

  #changed({ message, anew }) {
    if (anew && this.atEnd) this.#landed = false; // what was shown until now was remembered: this is the first look
    if (message) this.#arrived.add(message.msgId);
    if (message && isUnread(message, this.client.me.id) && !this.atEnd) this.#below += 1;
    this.render();
  }

  render() {
    const { timeline, problem: error } = this.chat;
    if (!timeline) {
      this.#landed = false;
      this.column.replaceChildren(error ? problem(error) : loading());
    } else if (this.#landed) {
      const follow = this.atEnd;
      const messages = shownMessages(this.client, this.chat);
      if (follow) this.#window.follow(messages.length);
      steady(this.log, () => this.#draw(messages), { follow });
      this.#look();
    } else {
      this.#land();
    }
  }

  /** The first look at a conversation: at the line above the unread, or the first message towards it; else at the end. */
  #land() {
    const { log } = this;
    const line = this.#line;
    line.start(this.chat);
    const messages = shownMessages(this.client, this.chat);
    if (line.isAbove) this.#window.showFrom(0, messages.length);
    else if (line.seq) this.#window.showFrom(messages.findIndex(({ seq }) => seq === line.seq), messages.length);
    else this.#window.showEnd(messages.length);
    this.#landed = true;
    this.#quietly(() => this.#draw(messages));
    const divider = this.column.querySelector(".unread-line");
    log.scrollTop = divider ? divider.offsetTop - 60 : line.isAbove ? 0 : log.scrollHeight;
    if (this.atEnd) log.scrollTop = log.scrollHeight;
    this.#look();
    requestAnimationFrame(() => this.#fill());
  }

  #draw(messages) {
    const shown = this.#window.slice(messages);
    draw(this.column, shown, { client: this.client, chat: this.chat, dividerSeq: this.#line.seq, arrived: this.#arrived });
  }

  // ---- moving through it ----

  /** To the newest message. */
  toEnd() {
    [this.#below, this.#held] = [0, performance.now() + 1_000];
    const messages = shownMessages(this.client, this.chat);
    this.#window.showEnd(messages.length, STEP * 2);
    this.#draw(messages);
    this.log.scrollTop = this.log.scrollHeight;
    this.#look();
  }

  #scrolled() {
    this.log.toggleAttribute("data-moving", true);
    this.#later("rest", REST, () => coverLabels(this.log));
    this.#look();
    this.#fill();
  }

  /** Near an edge of what is shown, show more. At the very top nothing scrolls any more: whoever tries to asks all the same. */
  async #fill() {
    const { log } = this;
    if (!this.isConnected || !this.#landed) return;
    if (log.scrollTop < log.clientHeight && !this.paging) await this.#older();
    if (!this.#window.atEnd && fromEnd(log) < log.clientHeight) this.#newer();
  }

  /** Show older messages: those held already, else the next page. */
  async #older() {
    this.paging = true;
    try {
      if (this.#window.start === 0) {
        this.#busy(true);
        const brought = await this.client.history.older(this.chat);
        if (!brought) this.#busy(false);
        if (!brought || !this.isConnected) return;
        this.#window.shift(brought);
        this.#line.look(this.chat);
      }
      const messages = shownMessages(this.client, this.chat);
      this.#window.older(messages.length);
      this.#quietly(() => steady(this.log, () => this.#draw(messages), { follow: performance.now() < this.#held }));
      requestAnimationFrame(() => this.#scrolled()); // a short page may leave the top in view
    } finally {
      this.paging = false;
    }
  }

  #newer() {
    const messages = shownMessages(this.client, this.chat);
    this.#window.newer(messages.length);
    this.#quietly(() => steady(this.log, () => this.#draw(messages)));
  }

  #resized() {
    putBack(this.log, this.kept);
    this.#look();
  }

  // ---- what has been seen ----

  #look() {
    this.kept = this.atEnd ? null : hold(this.log);
    if (this.atEnd) this.#below = 0;
    this.jump(this.atEnd ? null : this.#below);
    clearTimeout(this.#timers.seen);
    const isOld = this.chat.timeline?.remembered; // it may lack what the server counts as its end
    if (!this.#landed || isOld || this.chat.left || !this.atEnd || document.visibilityState !== "visible" || !document.hasFocus()) return;
    this.#later("seen", SEEN, () => this.client.receipts.read(this.chat));
  }

  /** Away and back: the line above the unread has done its work. */
  forgetDivider() {
    if (this.#line.forget()) this.render();
  }

  /** History is read by whoever goes there: only what is new is announced. */
  #quietly(draw) {
    this.#busy(true);
    draw();
    requestAnimationFrame(() => requestAnimationFrame(() => this.#busy(this.client.sync.running)));
  }

  #busy(busy) {
    if (busy) this.log.setAttribute("aria-busy", "true");
    else this.log.removeAttribute("aria-busy");
  }

  #later(name, milliseconds, act) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(() => this.isConnected && act(), milliseconds);
  }
}

customElements.define("sky-log", SkyLog);
