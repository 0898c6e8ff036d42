// The menu of a message: quick reactions, then everything that may be done with it.
import { allowed } from "../core/rights.js";
import { isMine, QUICK } from "../core/reactions.js";
import { h, icon, sr } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { openMenu } from "./menu.js";
import { deeds } from "./message-deeds.js";

/** What may be done with a message now, as the page can know it. */
export function rightsOf({ client, chat, composer }, message) {
  const can = allowed(message, chat, { me: client.me.id, now: Date.now() - client.clockAhead, windows: client.windows });
  return composer?.hidden ? { ...can, reply: false, edit: false } : can; // there is nothing to write in
}

/** Open it at `element`, which the focus goes back to; at the point `at`, where given; as a sheet for fingers. */
export function messageMenu(place, message, element, { at = null, sheet = false } = {}) {
  const { client, chat } = place;
  const can = rightsOf(place, message);
  const act = (name) => () => deeds[name](place, message, element);
  const isPinned = client.pins.has(chat, message.msgId);
  const isStarred = client.stars.has(message.msgId);
  const items = [
    can.reply && { icon: "reply", flip: true, text: gettext("Reply"), key: "R", act: act("reply") },
    can.edit && { icon: "edit", text: gettext("Edit"), key: "E", act: act("edit") },
    can.copy && { icon: "copy", text: gettext("Copy text"), key: "C", act: act("copy") },
    can.link && { icon: "link", text: gettext("Copy link"), act: act("link") },
    can.forward && { icon: "forward", flip: true, text: gettext("Forward"), key: "F", act: act("forward") },
    can.pin && { icon: "pin", text: isPinned ? gettext("Unpin message") : gettext("Pin message"), act: act("pin") },
    can.star && { icon: "star", text: isStarred ? gettext("Remove star") : gettext("Star"), act: act("star") },
    can.unread && { icon: "clock", text: gettext("Mark unread from here"), key: "U", act: act("unread") },
    can.readers && { icon: "eye", text: gettext("Read by"), act: act("readers") },
    can.history && { icon: "undo", text: gettext("Edit history"), act: act("history") },
  ].filter(Boolean);
  if (can.takeBack) items.push(...(items.length ? [null] : []), { icon: "trash", text: gettext("Take back for everyone"), danger: true, act: act("takeBack") });
  if (!items.length) return;
  openMenu(element, items, { head: can.react ? quick(place, message, element) : null, at, sheet, label: gettext("Message actions") });
}

function quick(place, message, element) {
  const { client } = place;
  const buttons = QUICK.map((emoji) => {
    const mine = isMine(client.acts.shown(message).reactions, emoji, client.me.id);
    return h(
      "button",
      { type: "button", role: "menuitemcheckbox", tabindex: "-1", "aria-checked": String(mine), onclick: () => deeds.toggle(place, message, emoji) },
      emoji,
    );
  });
  const more = h(
    "button", { type: "button", role: "menuitem", tabindex: "-1", title: gettext("More reactions"), onclick: () => deeds.react(place, message, element) },
    icon("plus", "icon--s"), sr(gettext("More reactions")),
  );
  return h("div", { class: "menu__react", role: "group", "aria-label": gettext("Quick reactions") }, ...buttons, more);
}
