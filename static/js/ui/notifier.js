// Says that somebody wrote while nobody looked at that chat: a sound, and a notification of the desktop. One tab speaks for all.
import { isSystem } from "../core/chat.js";
import { plain } from "../core/markup.js";
import { Tabs } from "../app/tabs.js";
import { gettext } from "../lib/i18n.js";
import { attachChime, chime } from "./chime.js";
import { go } from "./views.js";
import { firstName, pictureOf, titleOf } from "./words.js";

const QUIET = 1_500; // milliseconds between two sounds
const LOGO = document.querySelector('link[rel="icon"]').href;

/** "unsupported", "insecure" (not over HTTPS), "default" (nobody was asked yet), "denied" or "granted". */
export function permission() {
  if (!globalThis.isSecureContext) return "insecure";
  return "Notification" in globalThis ? Notification.permission : "unsupported";
}

export function attachNotifier(client) {
  const tabs = new Tabs(client);
  const shown = new Map(); // chat → its notification
  const heard = new Map(); // chat → the seq up to which it has been spoken of
  let rang = 0;
  attachChime();

  client.addEventListener("chat", ({ detail: { id, live: message } }) => {
    const chat = client.chats.get(id);
    if (!message || !chat || isSystem(message) || message.fromUserId === client.me.id || message.seq <= Math.max(chat.readSeq, heard.get(id) ?? 0)) return;
    heard.set(id, message.seq);
    if (!tabs.speaks || tabs.at(id) || (chat.muted(Date.now()) && !chat.names(message)) || chat.isAway(Date.now())) return;
    const { sounds, desktopNotifications, notificationPreview } = client.preferences.values;
    if (sounds && Date.now() - rang > QUIET && chime()) rang = Date.now();
    if (!desktopNotifications || permission() !== "granted") return;
    const note = notify(titleOf(chat), {
      body: notificationPreview ? words(client, chat, message) : gettext("New message"),
      tag: `chat-${id}`, icon: pictureOf(chat) ? `${pictureOf(chat)}?size=96` : LOGO,
    }, () => go(id));
    if (!note) return;
    shown.set(id, note);
    note.addEventListener("close", () => shown.get(id) === note && shown.delete(id));
  });

  const clear = () => {
    for (const [id, note] of shown) if (!client.chats.get(id)?.unread) note.close();
  };
  client.addEventListener("list", clear);
  client.addEventListener("gone", clear);
  addEventListener("pagehide", () => {
    for (const note of shown.values()) note.close();
  });
}

/** "Ben: see you there" in a group. */
function words(client, chat, message) {
  const name = chat.isGroup ? firstName(client.faces.name(message.fromUserId, chat)) : "";
  return name ? `${name}: ${plain(message.content)}` : plain(message.content);
}

/** Show one; null where the browser lets only service workers do that. `renotify`: a new message of a chat is news again. */
export function notify(title, options, act) {
  try {
    const note = new Notification(title, { silent: true, renotify: true, ...options });
    note.addEventListener("click", () => {
      window.focus();
      note.close();
      act?.();
    });
    return note;
  } catch {
    return null;
  }
}
