// Sentences that several elements say.
import { clock, rowTime } from "../core/days.js";
import { format, gettext, language, ngettext } from "../lib/i18n.js";

export const STATUS = () => ({
  waiting: gettext("Sending"),
  failed: gettext("Not sent"),
  sent: gettext("Sent"),
  delivered: gettext("Delivered"),
  read: gettext("Read"),
});

/** What stands in the place of a message that was taken back. */
export function recalled({ moderated, recalledBy }, own) {
  if (moderated) return gettext("An administrator took back this message");
  if (recalledBy) return gettext("An admin took back this message");
  return own ? gettext("You took back a message") : gettext("Message taken back");
}

export const days = () => ({ today: gettext("Today"), yesterday: gettext("Yesterday") });

/** For a row: the time today, else the day. */
export const rowTimeOf = (ms) => rowTime(ms, Date.now(), language, days());

/** The name of a conversation. */
export const titleOf = (chat) => (chat.isNote ? gettext("Notes to self") : chat.title);

/** The address of the picture of a conversation, or null. */
export const pictureOf = (chat) => (chat.isGroup ? chat.avatar : chat.peer?.avatar) ?? null;

/** What `avatar` needs to know of a conversation. */
export const faceOf = (chat) => ({
  id: chat.peerId ?? chat.id, name: titleOf(chat), note: chat.isNote, group: chat.isGroup, picture: pictureOf(chat),
});

/** The first word of a name, for the composer and the typing strip. */
export const firstName = (name) => name.trim().split(/\s+/u)[0] || name;

/** Why a message was not sent. */
export function refusal(code) {
  return (
    {
      blocked: gettext("You blocked this person."),
      forbidden: gettext("You can’t write here."),
      not_friends: gettext("Only friends can write here."),
      not_found: gettext("This chat does not exist any more."),
      not_member: gettext("You are no longer in this group."),
      content_too_long: gettext("This message is too long."),
      content_empty: gettext("This message is empty."),
      not_member: gettext("You are no longer in this group."),
      too_late: gettext("It is too late to change this one."),
      offline: gettext("The server could not be reached."),
    }[code] ?? gettext("The server did not take it.")
  );
}

/** "online", "last seen 14:30", or nothing. */
export function presence(client, chat) {
  if (chat.kind !== "direct" || chat.isNote) return "";
  if (client.online.has(chat.peerId)) return gettext("online");
  const seen = client.lastSeen.get(chat.peerId);
  if (!seen) return "";
  const now = Date.now();
  const today = new Date(seen).toDateString() === new Date(now).toDateString();
  return format(gettext("last seen %(time)s"), {
    time: today ? clock(seen, language) : rowTime(seen, now, language, { yesterday: gettext("yesterday") }),
  });
}

export const members = (count) => format(ngettext("%(count)s member", "%(count)s members", count), { count });

/** "7 members, 3 online": of those whose presence I may know, I among them. */
export function headcount(client, chat) {
  const count = chat.memberCount ?? 0;
  const online = [...(chat.memberIds ?? [])].filter((id) => client.online.has(id)).length;
  if (!online) return members(count);
  return format(gettext("%(members)s, %(count)s online"), { members: members(count), count: online + 1 });
}

export const unreadLabel = (count) => format(ngettext("%(count)s unread", "%(count)s unread", count), { count });

export const jumpLabel = (count) =>
  count
    ? format(ngettext("%(count)s new message, jump to the latest", "%(count)s new messages, jump to the latest", count), { count })
    : gettext("Jump to the latest");

/** The first names of those who are typing. */
export const typists = (client, chat) =>
  [...chat.typing.keys()].map((id) => firstName(chat.isGroup ? client.faces.name(id, chat) : id === chat.peerId ? chat.title : "")).filter(Boolean);

export function typingLine(names) {
  if (names.length === 1) return format(gettext("%(name)s is typing"), { name: names[0] });
  if (names.length === 2) return format(gettext("%(one)s and %(other)s are typing"), { one: names[0], other: names[1] });
  const more = names.length - 2;
  return format(ngettext("%(one)s, %(other)s and %(more)s other", "%(one)s, %(other)s and %(more)s others", more), {
    one: names[0], other: names[1], more,
  });
}
