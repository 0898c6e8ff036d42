// What can be done with a member of a group: write to them, look at them, and what one's role allows.
import { gettext } from "../lib/i18n.js";
import { handOver, remove, setMember } from "../groups/deeds.js";
import { message } from "../people/deeds.js";
import { openMenu } from "../ui/menu.js";
import { visit } from "../ui/views.js";

const HOUR = 3_600_000; // milliseconds

export function memberMenu(client, chat, member, button) {
  const { user, role } = member;
  const isMe = user.id === client.me.id;
  const items = [
    !isMe && { icon: "chat", text: gettext("Message"), act: () => message(client, user) },
    { icon: "user", text: isMe ? gettext("My page") : gettext("About this person"), act: () => visit(`/people/${user.id}`) },
  ];
  if (!isMe && !chat.left) items.push(...asOwner(client, chat, user, role), ...asAdmin(client, chat, member));
  openMenu(button, items.filter((item) => item !== false));
}

function asOwner(client, chat, user, role) {
  if (chat.role !== "owner") return [];
  return [
    null,
    role === "admin"
      ? { icon: "user", text: gettext("No longer an admin"), act: () => setMember(client, chat, user, { role: "member" }) }
      : { icon: "shield", text: gettext("Make an admin"), act: () => setMember(client, chat, user, { role: "admin" }) },
    { icon: "forward", text: gettext("Hand the group over …"), act: () => handOver(client, chat, user) },
  ];
}

/** Owners do it with everybody, admins with members. */
function asAdmin(client, chat, { user, role, silencedUntil }) {
  if (chat.role !== "owner" && !(chat.role === "admin" && role === "member")) return [];
  const now = () => Date.now() - client.clockAhead;
  const silence = (text, span) => ({ icon: "clock", text, act: () => setMember(client, chat, user, { silencedUntil: Math.round(now() + span) }) });
  return [
    null,
    ...(silencedUntil > now()
      ? [{ icon: "bell", text: gettext("Let them write again"), act: () => setMember(client, chat, user, { silencedUntil: null }) }]
      : [silence(gettext("Mute for an hour"), HOUR), silence(gettext("Mute for a day"), 24 * HOUR)]),
    { icon: "close", text: gettext("Remove from the group …"), danger: true, act: () => remove(client, chat, user) },
  ];
}
