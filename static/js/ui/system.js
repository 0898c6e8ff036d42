// What happened to a conversation, as a sentence: for the log with its names set off, for the list as plain text.
import { clock } from "../core/days.js";
import { h } from "../lib/dom.js";
import { gettext, language, ngettext } from "../lib/i18n.js";
import { firstName } from "./words.js";

const NAMED = 3; // people that one line names

/** The line of the log: `p.system`, with the time. */
export function systemLine(client, chat, message) {
  const time = clock(message.createdAt, language);
  return h(
    "p", { class: "system", "data-id": message.msgId, "data-seq": message.seq, dir: "auto" },
    ...phrase(client, chat, message).map((part) => (typeof part === "string" ? part : h("b", { dir: "auto" }, part.name))), " · ", h("time", {}, time),
  );
}

/** The sentence as text. */
export const systemText = (client, chat, message) =>
  phrase(client, chat, message).map((part) => (typeof part === "string" ? part : part.name)).join("");

/** The parts of the sentence: strings, and `{name}` for people and titles. */
function phrase(client, chat, message) {
  const { system } = message;
  const sentence = system && SENTENCES()[system.action]?.(system);
  if (!sentence) return [message.content];
  const who = (id, isFirst) => person(client, chat, id, isFirst);
  const values = { who: [who(system.actorId, true)], other: [who(system.userId, false)], names: [], title: [{ name: system.title ?? "" }] };
  if (system.userIds) values.names = listed(system.userIds.map((id) => who(id, false)), system.count ?? system.userIds.length);
  if (system.until) values.time = [until(system.until)];
  return sentence.split(/(%\(\w+\)s)/u).flatMap((part) => values[part.slice(2, -2)] ?? [part]).filter((part) => part !== "");
}

function person(client, chat, id, isFirst) {
  if (id === undefined) return "";
  if (id === client.me.id) return { name: isFirst ? gettext("You") : gettext("you") };
  return { name: firstName(client.faces.name(id, chat)) || gettext("Somebody") };
}

/** "Ben, Carol and 4 others" */
function listed(people, count) {
  const shown = people.slice(0, people.length > NAMED + 1 || count > people.length ? NAMED : people.length);
  const more = count - shown.length;
  const rest = ngettext("%(more)s other", "%(more)s others", more).replace("%(more)s", more);
  const items = [...shown.map((_, at) => `\u0001${at}\u0001`), ...(more > 0 ? [rest] : [])];
  const text = new Intl.ListFormat(language, { type: "conjunction" }).format(items);
  return text.split("\u0001").map((part, at) => (at % 2 ? shown[Number(part)] : part)).filter((part) => part !== "");
}

/** "14:30", and with the day when it is another one. */
export function until(ms) {
  if (new Date(ms).toDateString() === new Date().toDateString()) return clock(ms, language);
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "short", hour: "numeric", minute: "2-digit", hourCycle: "h23" }).format(ms);
}

const SENTENCES = () => ({
  created: () => gettext("%(who)s created the group"),
  renamed: () => gettext("%(who)s renamed the group to %(title)s"),
  described: () => gettext("%(who)s changed the description"),
  picture: () => gettext("%(who)s changed the picture"),
  settings,
  added: () => gettext("%(who)s added %(names)s"),
  joined: ({ via }) => (via === "invite" ? gettext("%(who)s joined by a link") : gettext("%(who)s joined")),
  removed: () => gettext("%(who)s removed %(other)s"),
  left: () => gettext("%(who)s left"),
  role: ({ role }) => (role === "admin" ? gettext("%(who)s made %(other)s an admin") : gettext("%(who)s took the admin role from %(other)s")),
  owner: () => gettext("%(who)s handed the group over to %(other)s"),
  silenced: () => gettext("%(who)s muted %(other)s until %(time)s"),
  unsilenced: () => gettext("%(who)s let %(other)s write again"),
  pinned: () => gettext("%(who)s pinned a message"),
  unpinned: () => gettext("%(who)s unpinned a message"),
});

/** One change has a sentence of its own; several at once are the settings. */
function settings({ access, posting, history }) {
  if ([access, posting, history].filter(Boolean).length !== 1) return gettext("%(who)s changed the settings of the group");
  return {
    private: gettext("%(who)s made the group private"),
    request: gettext("%(who)s let people ask to join"),
    open: gettext("%(who)s opened the group to everybody"),
    admins: gettext("%(who)s let only admins write"),
    all: posting ? gettext("%(who)s let everybody write") : gettext("%(who)s let new members see everything"),
    joined: gettext("%(who)s let new members see only what comes after they join"),
  }[access ?? posting ?? history];
}
