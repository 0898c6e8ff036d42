// <sky-log>: the messages of the open conversation. At most 300 are in the document, a window over those that are held.
import { isUnread } from "../core/chat.js";
import { UnreadLine } from "../core/unread-line.js";
import { Window } from "../core/window.js";
import { h } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { draw, shownMessages } from "./log-draw.js";
import { fill } from "./log-paging.js";
import { loading, problem } from "./log-states.js";
import { attachMessages } from "./messages.js";
import { coverLabels, fromEnd, hold, NEAR, putBack, steady } from "./scroll.js";
import { titleOf } from "./words.js";

const MOST = 300;
const STEP = 60;
const SEEN = 400; // milliseconds that the end must be in view before it counts as read
const REST = 1_200; // milliseconds after the last movement before a day's name steps aside

export class SkyLog extends HTMLElement {
  window = new Window(MOST, STEP);
  line = new UnreadLine();
  landed = false;
  held = 0; // until when the log stays at its end, whatever is still on its way: I have just gone there
  jumping = false; // the way to a message is on: what is in view meanwhile does not count as read
  #arrived = new Set();
  #below = 0;
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
    client.addEventListener("persons", () => this.render(), { signal });
    client.addEventListener("connection", () => this.busy(client.sync.running), { signal });
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
    addEventListener("focus", () => this.#look(), { signal });
    this.log.addEventListener("scroll", () => this.scrolled(), { passive: true });
    for (const type of ["wheel", "touchmove", "keydown"]) this.log.addEventListener(type, () => { this.held = 0; fill(this); }, { passive: true });
    attachMessages(this);
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
    return !this.chat.excursion && this.window.atEnd && (fromEnd(this.log) < NEAR || performance.now() < this.held);
  }

  #changed({ message, anew }) {
    if (anew && this.atEnd) this.landed = false; // what was shown until now was remembered: this is the first look
    if (message) this.#arrived.add(message.msgId);
    if (message && isUnread(message, this.client.me.id) && !this.atEnd) this.#below += 1;
    this.render();
  }

  render() {
    const { timeline, problem: error } = this.chat;
    if (!timeline) {
      this.landed = false;
      this.column.replaceChildren(error ? problem(error) : loading());
    } else if (this.landed) {
      const follow = this.atEnd;
      const messages = shownMessages(this.client, this.chat);
      if (follow) this.window.follow(messages.length);
      steady(this.log, () => this.draw(messages), { follow });
      this.#look();
    } else {
      this.#land();
    }
  }

  /** The first look at a conversation: at the line above the unread, or the first message towards it; else at the end. */
  #land() {
    const { log } = this;
    const line = this.line;
    line.start(this.chat);
    const messages = shownMessages(this.client, this.chat);
    if (line.isAbove) this.window.showFrom(0, messages.length);
    else if (line.seq) this.window.showFrom(messages.findIndex(({ seq }) => seq === line.seq), messages.length);
    else this.window.showEnd(messages.length);
    this.landed = true;
    this.quietly(() => this.draw(messages));
    const divider = this.column.querySelector(".unread-line");
    log.scrollTop = divider ? divider.offsetTop - 60 : line.isAbove ? 0 : log.scrollHeight;
    if (this.atEnd) log.scrollTop = log.scrollHeight;
    this.#look();
    requestAnimationFrame(() => fill(this));
  }

  draw(messages) {
    const shown = this.window.slice(messages);
    draw(this.column, shown, { client: this.client, chat: this.chat, dividerSeq: this.line.seq, arrived: this.#arrived });
  }

  // ---- moving through it ----

  /** To the newest message. */
  toEnd() {
    [this.#below, this.held, this.chat.excursion] = [0, performance.now() + 1_000, null];
    const messages = shownMessages(this.client, this.chat);
    this.window.showEnd(messages.length, STEP * 2);
    this.draw(messages);
    this.log.scrollTop = this.log.scrollHeight;
    this.#look();
  }

  scrolled() {
    this.log.toggleAttribute("data-moving", true);
    this.#later("rest", REST, () => coverLabels(this.log));
    this.#look();
    fill(this);
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
    const isOld = this.chat.timeline?.remembered || this.jumping; // it may lack what the server counts as its end
    if (!this.landed || isOld || this.chat.left || !this.atEnd || document.visibilityState !== "visible" || !document.hasFocus()) return;
    this.#later("seen", SEEN, () => this.client.receipts.read(this.chat));
  }

  /** Away and back: the line above the unread has done its work. */
  forgetDivider() {
    if (this.line.forget()) this.render();
  }

  /** History is read by whoever goes there: only what is new is announced. */
  quietly(draw) {
    this.busy(true);
    draw();
    requestAnimationFrame(() => requestAnimationFrame(() => this.busy(this.client.sync.running)));
  }

  busy(busy) {
    if (busy) this.log.setAttribute("aria-busy", "true");
    else this.log.removeAttribute("aria-busy");
  }

  #later(name, milliseconds, act) {
    clearTimeout(this.#timers[name]);
    this.#timers[name] = setTimeout(() => this.isConnected && act(), milliseconds);
  }
}

customElements.define("sky-log", SkyLog);
