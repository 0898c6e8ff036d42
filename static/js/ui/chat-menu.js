// What can be done with a chat as a whole, from its head and from its row. Everything here can be undone.
import { leave as leaveGroup } from "../groups/deeds.js";
import { gettext } from "../lib/i18n.js";
import { openMenu } from "./menu.js";
import { toast } from "./toasts.js";
import { leave } from "./views.js";

const FOREVER = 8_640_000_000_000_000; // milliseconds: the last date there is
const HOUR = 3_600_000;

/** The menu of `chat`, at the element that it was asked for. */
export function chatMenu(client, chat, button) {
  const change = (changes, said, undo) => changeView(client, chat, changes, said, undo);
  const isUnread = Boolean(chat.unread || chat.unreadFrom);
  if (chat.left) {
    openMenu(button, [{ icon: "close", text: gettext("Close this chat"), act: leave }]);
    return;
  }
  openMenu(button, [
    isUnread
      ? { icon: "check", text: gettext("Mark read"), act: () => client.receipts.read(chat) }
      : { icon: "eye", text: gettext("Mark unread"), act: () => markUnread(client, chat, chat.lastSeq) },
    { icon: "pin", text: chat.pinned ? gettext("Unpin") : gettext("Pin"), act: () => change({ pinned: !chat.pinned }) },
    chat.muted(Date.now())
      ? { icon: "bell", text: gettext("Unmute"), act: () => unmute(client, chat) }
      : { icon: "bell-off", text: gettext("Mute …"), act: () => muteMenu(client, chat, button) },
    chat.archived
      ? { icon: "undo", text: gettext("Back to the list"), act: () => change({ archived: false }, gettext("Chat is in the list again"), { archived: true }) }
      : { icon: "save", text: gettext("Archive"), act: () => change({ archived: true }, gettext("Chat archived"), { archived: false }) },
    ...(chat.isGroup ? [null, { icon: "logout", flip: true, text: gettext("Leave group"), danger: true, act: () => leaveGroup(client, chat) }] : []),
  ]);
}

function muteMenu(client, chat, button) {
  const until = (text, time) => ({ icon: "clock", text, act: () => mute(client, chat, time()) });
  openMenu(button, [
    until(gettext("For an hour"), () => Date.now() + HOUR),
    until(gettext("For 8 hours"), () => Date.now() + 8 * HOUR),
    until(gettext("For a week"), () => Date.now() + 7 * 24 * HOUR),
    { ...until(gettext("Until I unmute it"), () => FOREVER), icon: "bell-off" },
  ]);
}

export const mute = (client, chat, until = FOREVER) =>
  changeView(client, chat, { mutedUntil: until }, gettext("Chat muted"), { mutedUntil: null });

export const unmute = (client, chat) =>
  changeView(client, chat, { mutedUntil: null }, gettext("Chat unmuted"), { mutedUntil: chat.mutedUntil });

/** A button that mutes, after a question for how long, or lets the chat be heard again. */
export function muteButton(client, chat, button) {
  if (chat.muted(Date.now())) unmute(client, chat);
  else muteMenu(client, chat, button);
}

/** Mark a chat unread from a message on. It is closed: what is open and in view counts as read. */
export async function markUnread(client, chat, seq) {
  if (!seq || chat.isNote) return;
  if (client.selected === chat) leave();
  await changeView(client, chat, { unreadFrom: seq }, gettext("Marked unread"), { unreadFrom: null });
}

/** Change my own view of a chat; `said` is shown, with `undo` as the way back. */
export async function changeView(client, chat, changes, said = null, undo = null) {
  try {
    await client.changeView(chat, changes);
    if (said) toast(said, { action: gettext("Undo"), act: () => changeView(client, chat, undo) });
  } catch {
    toast(gettext("That did not work. Try again."), { error: true });
  }
}
