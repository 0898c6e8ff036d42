// A row of the list: what it shows as plain data, and its elements.
import { isSystem } from "../core/chat.js";
import { rowTime } from "../core/days.js";
import { plain } from "../core/markup.js";
import { avatar, h, icon, sr, tick } from "../lib/dom.js";
import { format, gettext, language } from "../lib/i18n.js";
import { systemText } from "./system.js";
import { days, firstName, pictureOf, recalled, STATUS, titleOf, typingLine, typists, unreadLabel } from "./words.js";

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
    group: chat.isGroup,
    seed: chat.peerId ?? chat.id,
    picture: pictureOf(chat),
    online: !chat.isNote && client.online.has(chat.peerId),
    selected: client.selected === chat,
    time: last ? rowTime(last.createdAt, now, language, days()) : "",
    own,
    ...said(client, chat, last, own),
    status: own && !isSystem(last) && !chat.isNote && !last.recalledAt ? (waiting ? "waiting" : queued.length ? "sent" : chat.status(last.seq)) : "",
    failed: failed ? plain(failed.content) : "",
    typing: typists(client, chat),
    draft: unread || client.selected === chat ? "" : plain(client.drafts.of(chat)),
    mentioned: chat.mentioned,
    unread: unread || (chat.unreadFrom ? -1 : 0),
    muted: chat.muted(now),
    pinned: chat.pinned,
  };
}

/** The last line of a chat: `who` wrote it ("" where that needs no saying), its `text`. */
function said(client, chat, last, own) {
  if (!last) return { who: "", text: "" };
  if (isSystem(last)) return { who: "", text: systemText(client, chat, last) };
  if (last.recalledAt) return { who: "", text: recalled(last, own) };
  const name = chat.isGroup && !own ? firstName(client.faces.name(last.fromUserId, chat)) : "";
  const other = name && format(gettext("%(name)s:"), { name });
  return { who: own && !chat.isNote ? gettext("You:") : other, text: plain(last.content) };
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
    if (view.who) line.append(h("span", { class: "row__who" }, view.who), " ");
    line.append(view.text);
  }
  return line;
}

function flags(view) {
  const found = h("span", { class: "row__flags" });
  if (view.mentioned) found.append(h("span", { class: "badge badge--at", role: "img", "aria-label": gettext("You were mentioned") }, icon("at")));
  if (view.unread) {
    const count = view.unread < 0 ? "" : view.unread > 999 ? "999+" : view.unread;
    const kind = `badge${view.muted ? " badge--quiet" : ""}${count === "" ? " badge--dot" : ""}`;
    found.append(h("span", { class: kind, role: "img", "aria-label": count === "" ? gettext("Marked unread") : unreadLabel(count) }, String(count)));
  } else if (view.pinned && !view.mentioned) {
    found.append(icon("pin", "icon--s"), sr(gettext("Pinned")));
  }
  return found;
}
