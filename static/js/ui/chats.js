// <sky-chats>: the list of conversations.
import { h, icon } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { received } from "../people/parts.js";
import { chatMenu } from "./chat-menu.js";
import { keep } from "./keyed.js";
import { describe, row } from "./row.js";
import { SKELETON, skeleton } from "./skeleton.js";
import { go } from "./views.js";

export class SkyChats extends HTMLElement {
  #filter = "all";
  #said = null; // what stands in the place of rows

  attach(client) {
    this.client = client;
    this.rows = this.querySelector("[data-rows]");
    this.addEventListener("click", (event) => this.#click(event));
    this.rows.addEventListener("keydown", (event) => this.#move(event));
    this.rows.addEventListener("contextmenu", (event) => this.#menu(event)); // also its key, and a long press
    for (const type of ["list", "select", "presence", "typing", "people", "section"]) client.addEventListener(type, () => this.#soon());
    setInterval(() => this.#soon(), 60_000); // "14:36" becomes "Yesterday" without anything else happening
    setTimeout(() => !client.list.loaded && this.render(), SKELETON);
  }

  #soon() {
    this.pending ??= Promise.resolve().then(() => {
      this.pending = null;
      this.render();
    });
  }

  render() {
    const { client } = this;
    if (client.gone) return;
    if (!client.list.loaded) {
      this.#said = null;
      this.rows.replaceChildren(client.list.failed ? this.#problem() : skeleton());
      return;
    }
    this.rows.removeAttribute("aria-busy");
    const all = client.rows;
    const unread = all.filter((chat) => chat.unread || chat.unreadFrom);
    this.querySelector("[data-unread-chats]").textContent = unread.length || "";
    const groups = all.filter((chat) => chat.isGroup);
    const mentions = all.filter((chat) => chat.mentioned);
    this.querySelector("[data-mentioned-chats]").textContent = mentions.length || "";
    this.querySelector("[data-filter=mentions]").hidden = !mentions.length && this.#filter !== "mentions";
    this.querySelector("[data-filter=groups]").hidden = !groups.length && this.#filter !== "groups";
    const archived = client.archived;
    this.querySelector("[data-filter=archived]").hidden = !archived.length && this.#filter !== "archived";
    const shown = { all, unread, mentions, groups, archived }[this.#filter];
    if (!shown.length) {
      this.#nothing();
      return;
    }
    this.#said = null;
    let list = this.rows.querySelector("ul");
    if (!list) this.rows.replaceChildren((list = h("ul", { class: "rows" })));
    keep(list, shown.map((chat) => this.#item(chat)));
    this.#rove(list);
  }

  #item(chat) {
    const view = describe(this.client, chat);
    return { key: chat.id, stamp: JSON.stringify(view), make: () => row(chat, view) };
  }

  /** One row takes the tab key; the arrows move on from there. */
  #rove(list) {
    const rows = [...list.querySelectorAll(".row")];
    const current = rows.find((one) => one === document.activeElement) ?? list.querySelector("[aria-current]") ?? rows[0];
    for (const one of rows) one.tabIndex = one === current ? 0 : -1;
  }

  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = [...this.rows.querySelectorAll(".row")];
    const at = rows.indexOf(document.activeElement);
    if (at < 0) return;
    event.preventDefault();
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    next.focus();
    this.#rove(this.rows);
  }

  #click(event) {
    const filter = event.target.closest("[data-filter]");
    if (filter) {
      this.#filter = filter.dataset.filter;
      for (const one of this.querySelectorAll("[data-filter]")) one.setAttribute("aria-pressed", String(one === filter));
      this.render();
    }
    const link = event.target.closest("a.row");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      go(Number(link.dataset.id));
    }
    if (event.target.closest("[data-again]")) this.client.list.load();
  }

  #menu(event) {
    const link = event.target.closest("a.row");
    const chat = link && this.client.chats.get(Number(link.dataset.id));
    if (!chat) return;
    event.preventDefault();
    chatMenu(this.client, chat, link);
  }

  /** What is said in the place of rows; whoever has no chats yet can answer those who ask. */
  #nothing() {
    const { people } = this.client;
    const open = this.#filter === "all" && people && !this.hidden ? people.requests : [];
    const stamp = JSON.stringify([this.#filter, open]);
    if (this.#said === stamp && this.rows.firstChild) return; // the focus stays where it is
    this.#said = stamp;
    this.rows.replaceChildren(...open.map((request) => received(this.client, request)), this.#empty());
  }

  #empty() {
    if (this.#filter === "archived") return h("div", { class: "blank" }, h("h2", {}, gettext("Nothing archived")));
    if (this.#filter === "mentions") return h("div", { class: "blank" }, h("h2", {}, gettext("No mentions")));
    if (this.#filter === "groups") return h("div", { class: "blank" }, h("h2", {}, gettext("No groups")));
    if (this.#filter === "unread") return h("div", { class: "blank" }, h("h2", {}, gettext("Nothing unread")));
    return h(
      "div", { class: "blank" },
      h("h2", {}, gettext("No chats yet")),
      h("p", {}, gettext("They appear here as soon as someone says something.")),
      h("button", { class: "btn btn--primary", type: "button", "data-switcher": true }, gettext("New chat")),
      h("button", { class: "btn btn--plain only-phone", type: "button", "data-add-friend": true }, gettext("Find people")),
    );
  }

  #problem() {
    return h(
      "div", { class: "blank", role: "alert" }, icon("cloud-off"),
      h("h2", {}, gettext("Your chats did not load")),
      h("p", {}, this.client.list.failed.code === "offline" ? gettext("The server could not be reached.") : this.client.list.failed.message),
      h("button", { class: "btn btn--primary", type: "button", "data-again": true }, gettext("Try again")),
    );
  }
}

customElements.define("sky-chats", SkyChats);
