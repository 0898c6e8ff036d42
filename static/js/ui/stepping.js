// From chat to chat by keys, in the order of the list.
import { onShortcut } from "./keys.js";
import { go } from "./views.js";

export function attachStepping(client) {
  const step = (by, fits) => () => {
    const { rows, selected } = client;
    const at = rows.indexOf(selected);
    const order = by > 0 ? rows.slice(at + 1) : rows.slice(0, Math.max(0, at)).reverse();
    const chat = order.find(fits);
    if (chat) go(chat.id);
  };
  const any = () => true;
  const unread = (chat) => chat.unread > 0 || Boolean(chat.unreadFrom);
  onShortcut("previous", step(-1, any));
  onShortcut("next", step(1, any));
  onShortcut("previousUnread", step(-1, unread));
  onShortcut("nextUnread", step(1, unread));
}
