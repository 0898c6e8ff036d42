// What may be done with a message, as the page can know it; the server decides. No DOM.

const READERS = 256; // members of the largest group that says who has read

const NOTHING = { reply: false, react: false, edit: false, copy: false, link: false, forward: false, pin: false, star: false, unread: false, readers: false, history: false, takeBack: false };

/** Whether I may change a group and what is said in it. */
export const isAdmin = (chat) => chat.role === "owner" || chat.role === "admin";

/** Whether I may write here now, as far as the group is concerned. */
export const mayWrite = (chat, now) =>
  chat.kind !== "group" || (chat.role !== null && (chat.posting !== "admins" || isAdmin(chat)) && !(chat.silencedUntil > now));

/** Each deed and whether it is allowed. `windows`: milliseconds in which one may edit and take back; `now` by the server's clock. */
export function allowed(message, chat, { me, now, windows }) {
  const own = message.fromUserId === me;
  if (message.state) return { ...NOTHING, copy: true }; // it is not stored yet
  if (message.contentType === 5) return NOTHING;
  if (message.recalledAt) return { ...NOTHING, unread: !chat.isNote };
  const age = now - message.createdAt;
  const isGroup = chat.kind === "group";
  const inside = !isGroup || chat.role !== null;
  const writes = mayWrite(chat, now);
  return {
    reply: writes,
    react: inside,
    edit: writes && own && message.contentType === 1 && message.forwardedFrom === undefined && age < windows.edit,
    copy: Boolean(message.content),
    link: inside,
    forward: inside,
    pin: isGroup ? isAdmin(chat) : true,
    star: inside,
    unread: inside && !chat.isNote,
    readers: isGroup && inside && own && chat.memberCount <= READERS,
    history: Boolean(message.editedAt),
    takeBack: inside && ((own && age < windows.recall) || (isGroup && isAdmin(chat))),
  };
}
