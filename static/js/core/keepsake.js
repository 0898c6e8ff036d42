// A chat as a browser keeps it between two visits: what the server would say of it, and the end of its timeline. No DOM, no I/O.
import { Chat } from "./chat.js";

export const MESSAGES = 50;
const INTERNAL = new Set(["id", "me", "timeline", "excursion", "typing", "base", "since", "serverReadSeq", "problem"]);

/** What is kept: `{epoch, body}` and the end of `held`, its timeline or a page `{messages, rev, atStart}`, or nothing of it. */
export function keep(chat, held, epoch) {
  const body = { conversationId: chat.id, unread: chat.unread };
  for (const [key, value] of Object.entries(chat)) if (!INTERNAL.has(key) && isPlain(value)) body[key] = value;
  if (!held?.rev) return { epoch, body };
  const { messages, rev, atStart } = held;
  return { epoch, body, messages: messages.slice(-MESSAGES), rev, atStart: atStart && messages.length <= MESSAGES };
}

/** The chat again. Its timeline is a stretch with its cursor, as it was: a resume continues it. */
export function restore({ body, messages, rev, atStart }, me) {
  const chat = new Chat(body, me);
  if (messages) {
    chat.open().replace(messages, rev, atStart);
    chat.timeline.remembered = true;
  }
  return chat;
}

/** What can be kept as it is: text, numbers, and lists and objects as the server sends them. */
const isPlain = (value) =>
  value === null || ["string", "number", "boolean"].includes(typeof value) ||
  (typeof value === "object" && [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value)));
