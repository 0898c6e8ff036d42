// What a message shows beside its text: that it was forwarded, what it answers, reactions.
import { mentionsMe, mentionsOf } from "../core/mentions.js";
import { isMine } from "../core/reactions.js";
import { plain } from "../core/markup.js";
import { h, icon, sr } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { recalled } from "./words.js";

/**
 * What there is to show, as plain data. `stamp` is that for which the article is made anew; reactions change in their place.
 */
export function extras(client, chat, message) {
  const { me } = client;
  const isGone = Boolean(message.recalledAt);
  const quote = message.replyTo && !isGone ? quoted(client, chat, message.replyTo) : null;
  const mentionOf = isGone ? null : mentionsOf(message, { me: me.id, personOf: (id) => client.persons.get(id) });
  const found = {
    me: me.id, quote, mentionOf, nameOf: (id) => nameOf(client, chat, id),
    reactions: isGone || !message.reactions ? null : Object.entries(message.reactions),
    isForwarded: !isGone && message.forwardedFrom !== undefined && message.forwardedFrom !== null,
    isEdited: !isGone && Boolean(message.editedAt), meansMe: !isGone && mentionsMe(message, me.id),
    canRestore: isGone && client.acts.takenText(message.msgId) !== undefined,
    mayReact: chat.kind !== "group" || chat.role !== null,
  };
  const names = (message.mentions ?? []).map((id) => client.persons.get(id)?.displayName ?? "");
  found.stamp = JSON.stringify([quote, found.isForwarded, message.editedAt ?? 0, found.canRestore, isGone ? [] : names]);
  return found;
}

function quoted(client, chat, msgId) {
  const message = client.quotes.get(chat, msgId);
  if (!message) return { msgId, name: "", text: message === false ? gettext("Message not available") : "…", seq: 0 };
  const own = message.fromUserId === client.me.id;
  const text = message.recalledAt ? recalled({}, false) : plain(client.acts.shown(message).content);
  return { msgId, name: own ? gettext("You") : nameOf(client, chat, message.fromUserId), text, seq: message.seq };
}

const nameOf = (client, chat, id) => (id === client.me.id ? gettext("You") : client.faces.name(id, chat));

/** What stands above the text. */
export const above = ({ isForwarded, quote }) => [
  isForwarded && h("span", { class: "forwarded" }, icon("forward", "icon--xs icon--flip"), gettext("Forwarded")),
  quote &&
    h(
      "button", { class: "quote", type: "button", "data-quote": quote.seq || null, disabled: !quote.seq },
      h("b", { dir: "auto" }, quote.name), h("span", { dir: "auto" }, quote.text),
    ),
];

export const edited = () => h("button", { class: "edited", type: "button", "data-history": true, title: gettext("Show what it said before") }, gettext("edited"));

/** The way back for an own text that was taken back. */
export const restore = () => h("button", { class: "link", type: "button", "data-restore": true }, gettext("Put it back in the composer"));

/** The row of reactions, or null. */
export function reactionRow(extra) {
  if (!extra.reactions?.length) return null;
  const row = h("ul", { class: "reactions", "aria-label": gettext("Reactions") }, ...extra.reactions.map((one) => h("li", {}, chip(one, extra))));
  if (extra.mayReact) row.append(h("li", {}, add()));
  row.stamp = reactionStamp(extra);
  return row;
}

const reactionStamp = ({ reactions, nameOf: name }) => JSON.stringify(reactions?.map(([emoji, { count, userIds }]) => [emoji, count, userIds.map(name)]) ?? []);

function chip([emoji, { count, userIds }], { reactions, me, nameOf: name, mayReact }) {
  const mine = isMine(Object.fromEntries(reactions), emoji, me);
  const names = userIds.map(name).filter(Boolean);
  const title = count > names.length ? format(gettext("%(names)s and others"), { names: names.join(", ") }) : names.join(", ");
  return h(
    "button",
    { class: "reaction", type: "button", "aria-pressed": String(mine), title, "data-emoji": emoji, "data-more": count > userIds.length, disabled: !mayReact },
    h("span", {}, emoji), h("span", { class: "num" }, String(count)),
  );
}

const add = () => h("button", { class: "reaction reaction--add", type: "button", "data-react": true, "aria-haspopup": "dialog", title: gettext("Add a reaction") }, icon("smile"), sr(gettext("Add a reaction")));

/** The reactions of an article that stays as it is otherwise. */
export function touchReactions(element, extra) {
  const old = element.querySelector(".reactions");
  const focused = old?.contains(document.activeElement) ? document.activeElement.dataset.emoji : null;
  if ((old?.stamp ?? "[]") === reactionStamp(extra)) return;
  const row = reactionRow(extra);
  if (old && row) old.replaceWith(row);
  else if (old) old.remove();
  else if (row) element.querySelector(".msg__stack").append(row);
  if (focused) (row?.querySelector(`[data-emoji="${focused}"]`) ?? element).focus({ preventScroll: true });
}
