// <sky-log>: the messages of the open conversation. At most 300 are in the document, a window over those that are held.
import { Window } from "../core/window.js";
import { h } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { draw, shownMessages } from "./log-draw.js";
import { loading, problem } from "./log-states.js";
import { coverLabels, fromEnd, NEAR, steady, walk } from "./scroll.js";
import { titleOf } from "./words.js";

const MOST = 300;
const STEP = 60;
const SEEN = 400; // milliseconds that the end must be in view before it counts as read
const REST = 1_200; // milliseconds after the last movement before a day's name steps aside

export class SkyLog extends HTMLElement {
  #window = new Window(MOST, STEP);
  #dividerSeq = null;
  #arrived = new Set();
  #below = 0;
  #landed = false;
  #timers = {};

  attach(client, chat, jump) {
    Object.assign(this, { client, chat, jump });
    this.log = h("div", {
      class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", tabindex: "0",
      "aria-label": format(gettext("Messages with %(name)s"), { name: titleOf(chat) }),
    });
    this.column = h("div", { class: "log__col" });
    this.log.append(this.column);
    this.append(this.log);
    this.listening = new AbortController();
    const { signal } = this.listening;
    client.addEventListener("chat", ({ detail }) => detail.id === chat.id && this.#changed(detail), { signal });
    client.addEventListener("marks", ({ detail }) => detail.id === chat.id && this.render(), { signal });
    client.addEventListener("connection", () => this.#busy(client.sync.running), { signal });
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
    addEventListener("focus", () => this.#look(), { signal });
    this.log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.log.addEventListener("click", (event) => this.#click(event));
    this.log.addEventListener("keydown", (event) => walk(this.log, event));
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
    return this.#window.atEnd && fromEnd(this.log) < NEAR;
  }

  #changed({ message }) {
    if (message) {
      this.#arrived.add(message.msgId);
      if (message.fromUserId !== this.client.me.id && !this.atEnd) this.#below += 1;
    }
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

  /** The first look at a conversation: at the line above the unread, else at the end. */
  #land() {
    const { chat, client, log } = this;
    const first = chat.timeline.messages.find((m) => m.seq > chat.readSeq && m.fromUserId !== client.me.id);
    this.#dividerSeq = first?.seq ?? null;
    const messages = shownMessages(this.client, this.chat);
    this.#window.showEnd(messages.length);
    this.#landed = true;
    this.#quietly(() => this.#draw(messages));
    const divider = this.column.querySelector(".unread-line");
    log.scrollTop = divider ? divider.offsetTop - 60 : log.scrollHeight;
    if (fromEnd(log) < NEAR) log.scrollTop = log.scrollHeight;
    this.#look();
  }

  #draw(messages) {
    const shown = this.#window.slice(messages);
    draw(this.column, shown, { client: this.client, chat: this.chat, dividerSeq: this.#dividerSeq, arrived: this.#arrived });
  }

  // ---- moving through it ----

  /** To the newest message. */
  toEnd() {
    this.#below = 0;
    const messages = shownMessages(this.client, this.chat);
    this.#window.showEnd(messages.length, STEP * 2);
    this.#draw(messages);
    this.log.scrollTop = this.log.scrollHeight;
    this.#look();
  }

  async #scrolled() {
    const { log } = this;
    log.toggleAttribute("data-moving", true);
    this.#later("rest", REST, () => coverLabels(log));
    this.#look();
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
      }
      const messages = shownMessages(this.client, this.chat);
      this.#window.older(messages.length);
      this.#quietly(() => steady(this.log, () => this.#draw(messages)));
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
    if (this.wasAtEnd) this.log.scrollTop = this.log.scrollHeight;
    this.#look();
  }

  // ---- what has been seen ----

  #look() {
    this.wasAtEnd = this.atEnd;
    if (this.atEnd) this.#below = 0;
    this.jump(this.atEnd ? null : this.#below);
    clearTimeout(this.#timers.seen);
    if (!this.#landed || !this.atEnd || document.visibilityState !== "visible" || !document.hasFocus()) return;
    this.#later("seen", SEEN, () => this.client.receipts.read(this.chat));
  }

  /** Away and back: the line above the unread has done its work. */
  forgetDivider() {
    if (this.#dividerSeq === null) return;
    this.#dividerSeq = null;
    this.render();
  }

  // ---- the rest ----

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

  #click(event) {
    const { retry } = event.target.closest("[data-retry]")?.dataset ?? {};
    const { discard } = event.target.closest("[data-discard]")?.dataset ?? {};
    if (retry) this.client.sender.retry(retry);
    if (discard) this.client.sender.discard(discard);
    if (event.target.closest("[data-again]")) this.client.history.load(this.chat);
  }
}

customElements.define("sky-log", SkyLog);
