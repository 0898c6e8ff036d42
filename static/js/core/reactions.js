// Reactions to a message: `{emoji: {count, userIds (the first 50)}}`. No DOM.

export const QUICK = ["👍", "❤️", "😂", "🎉", "🙏"];

/** Whether I have reacted so. */
export const isMine = (reactions, emoji, me) => Boolean(reactions?.[emoji]?.userIds.includes(me));

/** The reactions as they will be when my wishes, emoji → on, have been heard. */
export function wished(reactions, wishes, me) {
  const found = { ...reactions };
  for (const [emoji, { on }] of wishes) {
    const { count = 0, userIds = [] } = found[emoji] ?? {};
    if (userIds.includes(me) === on) continue;
    const left = on ? { count: count + 1, userIds: [...userIds, me] } : { count: count - 1, userIds: userIds.filter((id) => id !== me) };
    if (left.count > 0) found[emoji] = left;
    else delete found[emoji];
  }
  return found;
}
