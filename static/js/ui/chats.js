// <sky-chats>: the list of conversations.
import { rowTime } from "../core/days.js";
import { oneLine } from "../core/text.js";
import { avatar, h, icon, sr, tick } from "../lib/dom.js";
import { format, gettext, language } from "../lib/i18n.js";
import { keep } from "./keyed.js";
import { go } from "./views.js";
import { days, firstName, STATUS, titleOf, typingLine, unreadLabel } from "./words.js";

const SKELETON = 150; // milliseconds before a skeleton is worth showing

export class SkyChats extends HTMLElement {
  #filter = "all";

  attach(client) {
    this.client = client;
    this.rows = this.querySelector("[data-rows]");
    this.addEventListener("click", (event) => this.#click(event));
    this.rows.addEventListener("keydown", (event) => this.#move(event));
    for (const type of ["list", "select", "presence", "typing"]) client.addEventListener(type, () => this.#soon());
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
    if (!client.list.loaded) {
      this.rows.replaceChildren(client.list.failed ? this.#problem() : skeleton());
      return;
    }
    this.rows.removeAttribute("aria-busy");
    const all = client.rows;
    const unread = all.filter((chat) => chat.unread || chat.unreadFrom);
    this.querySelector("[data-unread-chats]").textContent = unread.length || "";
    const shown = this.#filter === "unread" ? unread : all;
    if (!shown.length) {
      this.rows.replaceChildren(this.#empty());
      return;
    }
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

  #empty() {
    if (this.#filter === "unread") return h("div", { class: "blank" }, h("h2", {}, gettext("Nothing unread")));
    return h(
      "div", { class: "blank" },
      h("h2", {}, gettext("No chats yet")),
      h("p", {}, gettext("They appear here as soon as someone says something.")),
      h("button", { class: "btn btn--primary", type: "button", "data-switcher": true }, gettext("New chat")),
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

const skeleton = () =>
  h("div", { "aria-hidden": "true" }, ...Array.from({ length: 7 }, () =>
    h("div", { class: "skel" }, h("i"), h("span", {}, h("i"), h("i")))));

/** What a row shows, as plain data: the row is made anew only when this changes. */
function describe(client, chat) {
  const now = Date.now();
  const queued = client.outbox.of(chat.id);
  const waiting = queued.length > 0 && queued.at(-1).state !== "stored";
  const failed = queued.find((entry) => entry.state === "failed");
  const last = queued.at(-1) ?? chat.lastMessage;
  const own = Boolean(last) && (queued.length > 0 || last.fromUserId === client.me.id);
  const unread = chat.unread;
  return {
    title: titleOf(chat),
    note: chat.isNote,
    group: chat.kind === "group",
    seed: chat.peerId ?? chat.id,
    online: !chat.isNote && client.online.has(chat.peerId),
    selected: client.selected === chat,
    time: last ? rowTime(last.createdAt, now, language, days()) : "",
    own,
    text: last ? oneLine(last.content) : "",
    status: own && !chat.isNote ? (waiting ? "waiting" : queued.length ? "sent" : chat.status(last.seq)) : "",
    failed: failed ? oneLine(failed.content) : "",
    typing: [...chat.typing.keys()].map((id) => (id === chat.peerId ? firstName(chat.title) : "")).filter(Boolean),
    draft: unread || client.selected === chat ? "" : oneLine(client.drafts.of(chat)),
    unread: unread || (chat.unreadFrom ? -1 : 0),
    muted: chat.muted(now),
    pinned: chat.pinned,
  };
}

function row(chat, view) {
  const link = h("a", {
    class: "row", href: `/chat/${chat.id}`, "data-id": chat.id, tabindex: "-1", "aria-current": view.selected ? "page" : null,
    "data-unread": view.unread !== 0, "data-muted": view.muted,
  });
  link.append(
    avatar({ id: view.seed, name: view.title, note: view.note, group: view.group }, view.online ? "online" : ""),
    h(
      "span", { class: "row__main" },
      h(
        "span", { class: "row__top" },
        h("span", { class: "row__name", dir: "auto" }, view.title),
        view.online && sr(gettext("online")),
        view.muted && h("span", { class: "row__mute" }, icon("bell-off", "icon--xs"), sr(gettext("Muted"))),
        h("span", { class: "row__time" }, mark(view), h("time", {}, view.time)),
      ),
      h("span", { class: "row__bottom" }, preview(view), flags(view)),
    ),
  );
  return h("li", {}, link);
}

const mark = ({ status, failed }) => (status && !failed ? tick(status, STATUS()[status]) : null);

function preview(view) {
  const line = h("span", { class: "row__preview", dir: "auto" });
  if (view.failed) {
    line.append(icon("alert", "icon--s"), format(gettext("Not sent: %(text)s"), { text: view.failed }));
  } else if (view.typing.length) {
    line.append(h("span", { class: "row__typing" }, h("span", { class: "dots" }, h("i"), h("i"), h("i")), typingLine(view.typing)));
  } else if (view.draft) {
    line.append(h("span", { class: "row__draft" }, gettext("Draft:")), " ", view.draft);
  } else {
    if (view.own && !view.note) line.append(h("span", { class: "row__who" }, gettext("You:")), " ");
    line.append(view.text);
  }
  return line;
}

function flags(view) {
  const found = h("span", { class: "row__flags" });
  if (view.unread) {
    const count = view.unread < 0 ? "" : view.unread > 999 ? "999+" : view.unread;
    const kind = `badge${view.muted ? " badge--quiet" : ""}${count === "" ? " badge--dot" : ""}`;
    found.append(h("span", { class: kind, role: "img", "aria-label": count === "" ? gettext("Marked unread") : unreadLabel(count) }, String(count)));
  } else if (view.pinned) {
    found.append(icon("pin", "icon--s"), sr(gettext("Pinned")));
  }
  return found;
}

customElements.define("sky-chats", SkyChats);
