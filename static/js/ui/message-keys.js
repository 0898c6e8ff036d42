// Single letters on a focused message: R answers it, E changes it, C copies its text, F sends it on, U marks the chat unread from
// it on, + and : react, Delete takes it back.
import { deeds } from "./message-deeds.js";
import { rightsOf } from "./message-menu.js";
import { messageOf } from "./log-draw.js";

/** Key → [the right, the deed]. */
const KEYS = {
  r: ["reply", "reply"], e: ["edit", "edit"], c: ["copy", "copy"], f: ["forward", "forward"], u: ["unread", "unread"],
  "+": ["react", "react"], ":": ["react", "react"], delete: ["takeBack", "takeBack"],
};

export function pressKey(view, event) {
  const article = event.target.closest?.(".msg[data-seq]");
  if (event.target !== article || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const [right, deed] = KEYS[event.key.toLowerCase()] ?? [];
  const message = deed && messageOf(view, article);
  if (!message || !rightsOf(view, message)[right]) return;
  event.preventDefault();
  deeds[deed](view, message, article);
}

/** Change my newest message that I may change. Returns whether there is one. */
export function editLast(view) {
  const { timeline } = view.chat;
  const message = timeline?.messages.findLast((one) => one.fromUserId === view.client.me.id && rightsOf(view, one).edit);
  if (message) deeds.edit(view, message);
  return Boolean(message);
}
