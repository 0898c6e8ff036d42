// What happens when one does something with a message: from its menu, its tools, its keys. `place`: {client, chat, composer, log}.
import { isMine } from "../core/reactions.js";
import { gettext } from "../lib/i18n.js";
import { confirm } from "./dialog.js";
import { markUnread } from "./chat-menu.js";
import { pickReaction } from "./pick-reaction.js";
import { forward } from "./forward.js";
import { showHistory, showReaders } from "./message-dialogs.js";
import { toast } from "./toasts.js";
import { refusal } from "./words.js";

const WORDS = { too_late: 1, forbidden: 1, not_found: 1, offline: 1, blocked: 1 };

/** Do it; a refusal is said. Returns whether it was done. */
async function attempt(act) {
  try {
    await act();
    return true;
  } catch ({ code }) {
    toast(code === "too_many" ? gettext("That is as many as there can be.") : WORDS[code] ? refusal(code) : gettext("That did not work. Try again."), { error: true });
    return false;
  }
}

async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text); // only over HTTPS or on this computer
    toast(said);
  } catch {
    toast(gettext("This browser does not allow copying here."), { error: true });
  }
}

export const deeds = {
  reply: ({ composer }, message) => composer.context.reply(message),

  edit: ({ composer }, message) => composer.context.edit(message),

  copy: (_, message) => copy(message.content, gettext("Copied")),

  link: ({ chat }, message) => copy(`${location.origin}/chat/${chat.id}/m/${message.seq}`, gettext("Link copied")),

  forward: ({ client }, message) => forward(client, message),

  async pin({ client, chat }, message) {
    const on = !client.pins.has(chat, message.msgId);
    if (await attempt(() => client.pins.set(chat, message, on))) toast(on ? gettext("Message pinned") : gettext("Message unpinned"));
  },

  async star({ client }, message) {
    const on = !client.stars.has(message.msgId);
    if (await attempt(() => client.stars.set(message, on))) toast(on ? gettext("Message starred") : gettext("Star removed"));
  },

  unread: ({ client, chat }, message) => markUnread(client, chat, message.seq),

  readers: ({ client }, message) => showReaders(client, message),

  history: ({ client }, message) => showHistory(client, message),

  async takeBack({ client, chat }, message, element) {
    const own = message.fromUserId === client.me.id;
    const wanted = await confirm({
      title: gettext("Take back this message?"),
      text: own ? gettext("Nobody can read it here any more. Who has read it already may remember it.") : gettext("Nobody in the group can read it here any more."),
      deed: gettext("Take back for everyone"), stay: gettext("Keep it"),
    });
    if (wanted) await attempt(() => client.acts.takeBack(message));
    const article = document.querySelector(`sky-log .msg[data-id="${message.msgId}"]`) ?? element;
    if (client.selected === chat && document.activeElement === document.body) article?.focus({ preventScroll: true });
  },

  /** React with this emoji, or no longer. */
  toggle({ client }, message, emoji) {
    const now = client.acts.shown(message);
    return attempt(() => client.acts.react(message, emoji, !isMine(now.reactions, emoji, client.me.id)));
  },

  /** Choose an emoji and react with it. */
  async react({ client }, message, element) {
    const emoji = await pickReaction(element);
    if (emoji) await attempt(() => client.acts.react(message, emoji, true));
  },

  /** Put an own text that was taken back into the composer. */
  restore({ client, chat }, message) {
    client.tell("write", { id: chat.id, text: client.acts.takenText(message.msgId) });
  },
};
