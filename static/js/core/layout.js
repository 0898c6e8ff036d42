// From messages to what the log shows: days, groups of one author, the line above the first unread. No DOM.
import { isSystem } from "./chat.js";
import { dayKey } from "./days.js";

const TOGETHER = 5 * 60_000;

/**
 * Sections `{key, at, items}` by day. An item is `{kind: "divider"}` or `{kind: "message", key, message, own, pos}` with
 * pos single, first, middle or last within its group: same author, at most five minutes apart, no line in between.
 * What happened to the conversation is `{kind: "system", key, message}`.
 */
export function arrange(messages, { me, dividerSeq = null }) {
  const sections = [];
  let previous = null;
  for (const message of messages) {
    const key = dayKey(message.createdAt);
    if (sections.at(-1)?.key !== key) {
      sections.push({ key, at: message.createdAt, items: [] });
      previous = null;
    }
    const { items } = sections.at(-1);
    if (message.seq === dividerSeq) {
      items.push({ kind: "divider", key: "divider" });
      previous = null;
    }
    if (isSystem(message)) {
      items.push({ kind: "system", key: message.msgId, message });
      previous = null;
      continue;
    }
    const item = { kind: "message", key: message.msgId, message, own: message.fromUserId === me, pos: "single" };
    if (previous && belongs(previous.message, message)) {
      previous.pos = previous.pos === "single" ? "first" : "middle";
      item.pos = "last";
    }
    items.push(item);
    previous = item;
  }
  return sections;
}

const belongs = (before, after) =>
  before.fromUserId === after.fromUserId && after.createdAt - before.createdAt <= TOGETHER;
