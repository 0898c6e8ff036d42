// Who wrote what in a group: the name on the first message of a run, the picture beside the last one.
import { avatar, h, hue } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { titleOf } from "./words.js";

/** The name of whoever wrote a message, for its label. */
export function authorOf(client, chat, { fromUserId }, own) {
  if (own) return client.me.displayName;
  return chat.isGroup ? client.faces.name(fromUserId, chat) || gettext("Somebody") : titleOf(chat);
}

/** Give the article of a message in a group what its place in the run asks for. In direct chats there is only one other. */
export function dress(element, { message, own, pos }, client, chat) {
  if (own || !chat.isGroup) return element;
  const name = authorOf(client, chat, message, own);
  const picture = client.faces.of(message.fromUserId, chat)?.avatar ?? null;
  const stamp = JSON.stringify([pos, name, picture]);
  if (element.author === stamp) return element;
  element.author = stamp;
  const isLast = pos === "last" || pos === "single";
  const side = h("span", { class: "msg__side" }, isLast && avatar({ id: message.fromUserId, name, size: 34, picture }));
  element.querySelector(":scope > .msg__side")?.remove();
  element.prepend(side);
  element.querySelector(".bubble__author")?.remove();
  if (pos === "first" || pos === "single") {
    element.querySelector(".bubble").prepend(h("b", { class: "bubble__author", "data-hue": hue(message.fromUserId), dir: "auto", "aria-hidden": "true" }, name));
  }
  return element;
}
