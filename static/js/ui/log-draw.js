// Draws messages into the column of the log: days, groups, the line above the unread. Only what changed is touched.
import { dayName } from "../core/days.js";
import { arrange } from "../core/layout.js";
import { h } from "../lib/dom.js";
import { gettext, language } from "../lib/i18n.js";
import { keep } from "./keyed.js";
import { empty } from "./log-states.js";
import { authorOf, dress, dressOf } from "./authors.js";
import { extras } from "./message-parts.js";
import { article, restOf, stampOf, touch } from "./message.js";
import { systemLine, systemText } from "./system.js";
import { days } from "./words.js";

/** Everything a conversation shows: what is stored, then what waits to be, whatever day or clock it was written by. */
export function shownMessages(client, chat) {
  const now = client.acts.isIdle ? (messages) => messages : (messages) => messages.map((message) => client.acts.shown(message));
  if (chat.excursion) return now(chat.excursion.messages);
  const stored = now(chat.timeline?.messages ?? []);
  let at = stored.at(-1)?.createdAt ?? 0;
  const waiting = client.outbox.of(chat.id).filter((entry) => !chat.timeline?.has(entry.msgId));
  const placed = waiting.map((entry) => {
    at = Math.max(at, entry.createdAt);
    return { ...entry, fromUserId: client.me.id, seq: Infinity, createdAt: at };
  });
  return [...stored, ...placed];
}

/** The message of an article or of something in it, as it is stored or waits to be; null where there is none. */
export function messageOf({ client, chat }, element) {
  const { id } = element?.closest?.(".msg")?.dataset ?? {};
  if (!id) return null;
  return chat.excursion?.get(id) ?? chat.timeline?.get(id) ?? client.outbox.get(id) ?? null;
}

/** `arrived`: ids of messages that have just come; one of somebody else rises into view, once. */
export function draw(column, messages, { client, chat, dividerSeq, arrived }) {
  const sections = arrange(messages, { me: client.me.id, dividerSeq });
  if (!sections.length) {
    column.replaceChildren(empty(chat));
    return;
  }
  keep(column, sections.map(({ key }) => ({ key, stamp: key, make: () => h("section", { class: "day" }) })));
  sections.forEach((section, number) => {
    const element = column.children[number];
    const name = dayName(section.at, Date.now(), language, days());
    element.setAttribute("aria-label", name);
    const label = { key: "label", stamp: name, make: () => h("h2", { class: "day__label" }, name) };
    const items = section.items.map((item) => DRAWN[item.kind](item, client, chat, arrived));
    keep(element, [label, ...items], (child, item) => item.touch?.(child));
  });
}

const DIVIDER = {
  key: "divider",
  stamp: "",
  make: () => h("div", { class: "unread-line", role: "separator" }, gettext("New messages")),
};

const happened = ({ key, message }, client, chat) => ({
  key,
  stamp: `${message.seq} ${systemText(client, chat, message)}`,
  make: () => systemLine(client, chat, message),
});

function drawn(item, client, chat, arrived) {
  const { message, own } = item;
  const status = statusOf(message, own, chat);
  const extra = extras(client, chat, message);
  const author = authorOf(client, chat, message, own);
  const rest = `${restOf(item)} ${extra.stamp} ${author}`;
  return {
    key: item.key,
    stamp: `${stampOf(item, status)} ${extra.stamp} ${JSON.stringify(message.reactions ?? null)} ${dressOf(item, client, chat)}`,
    touch: (child) => child.rest === rest && touch(child, item, status, extra) && dress(child, item, client, chat),
    make: () => {
      const isNew = arrived.delete(message.msgId) && !own;
      return Object.assign(dress(article(item, { status, isNew, author, extra }), item, client, chat), { rest });
    },
  };
}

const DRAWN = { divider: () => DIVIDER, system: happened, message: drawn };

/** What has become of a message of mine; "" for others', for notes to self, which nobody else reads, and when it is gone. */
function statusOf(message, own, chat) {
  if (!own || message.recalledAt) return "";
  if (message.state) return message.state === "stored" ? "sent" : message.state;
  return chat.isNote ? "" : chat.status(message.seq);
}
