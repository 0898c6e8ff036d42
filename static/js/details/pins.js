// The pinned messages of a chat, in its details: newest pin first. One leads to its place in the log.
import { plain } from "../core/markup.js";
import { h } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { visit } from "../ui/views.js";
import { recalled, rowTimeOf, titleOf } from "../ui/words.js";
import { block, face } from "./parts.js";

/** The block; it is not there while nothing is pinned. It follows the chat until `signal`. */
export function pins(client, chat, signal) {
  const place = h("div", { hidden: true });
  const draw = () => {
    const found = client.pins.of(chat);
    const focused = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    place.hidden = !found.length;
    place.replaceChildren(block(gettext("Pinned messages"), found.length, null, h("ul", {}, ...found.map((message) => row(client, chat, message)))));
    if (focused) place.querySelector(`[href="${focused}"]`)?.focus();
  };
  client.addEventListener("pins", ({ detail }) => detail.id === chat.id && draw(), { signal });
  client.addEventListener("persons", draw, { signal });
  draw(); // the bar over the log asks for them
  return place;
}

function row(client, chat, message) {
  const own = message.fromUserId === client.me.id;
  const name = own ? client.me.displayName : chat.isGroup ? client.faces.name(message.fromUserId, chat) || gettext("Somebody") : titleOf(chat);
  const picture = own ? client.me.avatar : chat.isGroup ? client.faces.of(message.fromUserId, chat)?.avatar : chat.peer?.avatar;
  const text = message.recalledAt ? recalled(message, own) : plain(message.content);
  const path = `/chat/${chat.id}/m/${message.seq}`;
  const go = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    visit(path);
  };
  const time = h("time", { class: "person__time" }, rowTimeOf(message.createdAt));
  return h("li", {}, h("a", { class: "person", href: path, onclick: go }, ...face({ id: message.fromUserId, name, sub: text, picture }), time));
}
