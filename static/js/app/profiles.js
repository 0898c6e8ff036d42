// How people show themselves, while it changes (protocol §3, `profile`).

/** Somebody has another name, status line or picture: the chats with them show it, and "profile" tells everybody else. */
export function showProfile(client, { userId, ...shown }) {
  if (userId === client.me.id) Object.assign(client.me, shown);
  for (const chat of client.chats.values()) {
    if (chat.kind !== "direct" || chat.peerId !== userId) continue;
    chat.peer = { ...chat.peer, id: userId, ...shown };
    chat.title = shown.displayName;
  }
  client.tell("profile", { userId, ...shown });
  client.tell("list");
}
