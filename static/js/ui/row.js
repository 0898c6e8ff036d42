// A row of the list: what it shows as plain data, and its elements.
import { rowTime } from "../core/days.js";
import { plain } from "../core/markup.js";
import { avatar, h, icon, sr, tick } from "../lib/dom.js";
import { format, gettext, language } from "../lib/i18n.js";
import { days, firstName, recalled, STATUS, titleOf, typingLine, unreadLabel } from "./words.js";

/** What a row shows, as plain data: the row is made anew only when this changes. */
export function describe(client, chat) {
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
    picture: chat.peer?.avatar,
    online: !chat.isNote && client.online.has(chat.peerId),
    selected: client.selected === chat,
    time: last ? rowTime(last.createdAt, now, language, days()) : "",
    own,
    text: last ? (last.recalledAt ? recalled(last, own) : plain(last.content)) : "",
    gone: Boolean(last?.recalledAt),
    status: own && !chat.isNote && !last.recalledAt ? (waiting ? "waiting" : queued.length ? "sent" : chat.status(last.seq)) : "",
    failed: failed ? plain(failed.content) : "",
    typing: [...chat.typing.keys()].map((id) => (id === chat.peerId ? firstName(chat.title) : "")).filter(Boolean),
    draft: unread || client.selected === chat ? "" : plain(client.drafts.of(chat)),
    unread: unread || (chat.unreadFrom ? -1 : 0),
    muted: chat.muted(now),
    pinned: chat.pinned,
  };
}

export function row(chat, view) {
  const link = h("a", {
    class: "row", href: `/chat/${chat.id}`, "data-id": chat.id, tabindex: "-1", "aria-current": view.selected ? "page" : null,
    "data-unread": view.unread !== 0, "data-muted": view.muted,
  });
  link.append(
    avatar({ id: view.seed, name: view.title, note: view.note, group: view.group, picture: view.picture }, view.online ? "online" : ""),
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
    if (view.own && !view.note && !view.gone) line.append(h("span", { class: "row__who" }, gettext("You:")), " ");
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
