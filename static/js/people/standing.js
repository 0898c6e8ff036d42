// What stands between somebody and me, over the composer of our chat, and what can be done about it.
import { h } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { firstName, titleOf } from "../ui/words.js";
import { openAdd } from "./add.js";
import { accept, takeBack, unblock } from "./deeds.js";

const WRITES = new Set(["friend", "self", null]); // null: not known yet; the server decides

/** A line for the dock of this chat. Where nobody may write it takes the composer's place. It lives as long as the dock. */
export function standing(client, chat, composer) {
  const line = h("div", { class: "standing", role: "status", hidden: true });
  if (chat.kind !== "direct" || chat.isNote || !client.people) return line;
  const listening = new AbortController();
  let shown = "";
  let wasThere = false;

  function draw() {
    wasThere ||= line.isConnected;
    if (wasThere && !line.isConnected) {
      listening.abort();
      return;
    }
    const relation = client.people.relation(chat.peerId);
    const request = client.people.request(chat.peerId);
    const stamp = JSON.stringify([relation, request?.id, titleOf(chat)]);
    if (stamp === shown) return;
    shown = stamp;
    const off = relation === "blocked" || (client.friendsOnly && !WRITES.has(relation));
    const focused = off && composer.contains(document.activeElement);
    composer.hidden = off;
    line.classList.toggle("composer--off", off);
    const words = say(client, chat, relation, request);
    line.hidden = !words;
    line.replaceChildren(...(words ?? []));
    if (focused) line.querySelector("button")?.focus();
  }
  for (const type of ["people", "list"]) client.addEventListener(type, draw, { signal: listening.signal });
  draw();
  return line;
}

function say(client, chat, relation, request) {
  const name = firstName(titleOf(chat));
  const person = { id: chat.peerId, displayName: titleOf(chat), username: chat.peer?.username ?? "" };
  const deed = (text, act) => h("button", { class: "btn btn--plain btn--s", type: "button", onclick: act }, text);
  const text = (words) => h("span", {}, format(words, { name }));
  switch (relation) {
    case "blocked":
      return [text(gettext("You blocked %(name)s.")), deed(gettext("Unblock"), () => unblock(client, person))];
    case "asks":
      return [text(gettext("%(name)s asks to be your friend.")), deed(gettext("Accept"), () => accept(client, request))];
    case "asked":
      return [text(gettext("You asked %(name)s to be friends.")), deed(gettext("Take back"), () => takeBack(client, request))];
    case "none":
      return [text(client.friendsOnly ? gettext("Only friends can write here.") : gettext("You and %(name)s are not friends.")), deed(gettext("Add friend"), () => openAdd(client, person))];
    default:
      return null;
  }
}
