// Who wrote what in a group: the name on the first message of a run, the picture beside the last one.
import { avatar, h, hue } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { titleOf } from "./words.js";

/** The name of whoever wrote a message, for its label. */
export function authorOf(client, chat, { fromUserId }, own) {
  if (own) return client.me.displayName;
  return chat.isGroup ? client.faces.name(fromUserId, chat) || gettext("Somebody") : titleOf(chat);
}

/** What an article shows of its author, as one string; "" where it shows nothing of them. */
export function dressOf({ message, own, pos }, client, chat) {
  if (own || !chat.isGroup) return "";
  return JSON.stringify([pos, authorOf(client, chat, message, own), client.faces.of(message.fromUserId, chat)?.avatar ?? null]);
}

/** Give the article of a message in a group what its place in the run asks for. In direct chats there is only one other. */
export function dress(element, item, client, chat) {
  const stamp = dressOf(item, client, chat);
  if ((element.author ?? "") === stamp) return element;
  element.author = stamp;
  const [pos, name, picture] = JSON.parse(stamp);
  const { fromUserId: id } = item.message;
  element.querySelector(":scope > .msg__side")?.remove();
  element.querySelector(".bubble__author")?.remove();
  element.prepend(h("span", { class: "msg__side" }, (pos === "last" || pos === "single") && avatar({ id, name, size: 34, picture })));
  if (pos === "first" || pos === "single") {
    element.querySelector(".bubble").prepend(h("b", { class: "bubble__author", "data-hue": hue(id), dir: "auto", "aria-hidden": "true" }, name));
  }
  return element;
}
