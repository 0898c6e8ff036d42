// Single letters on a focused message: C copies its text, U marks the chat unread from it on.
import { gettext } from "../lib/i18n.js";
import { markUnread } from "./chat-menu.js";
import { toast } from "./toasts.js";

export function pressKey({ client, chat }, event) {
  const article = event.target.closest?.(".msg[data-seq]");
  if (event.target !== article || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const message = chat.timeline?.messages.find(({ seq }) => seq === Number(article.dataset.seq));
  const act = { c: () => copy(message.content), u: () => markUnread(client, chat, message.seq) }[event.key.toLowerCase()];
  if (!message || !act) return;
  event.preventDefault();
  act();
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text); // only over HTTPS or on this computer
    toast(gettext("Copied"));
  } catch {
    toast(gettext("This browser does not allow copying here."), { error: true });
  }
}
