// The details of a direct chat: the person, what one can do with them, what is pinned, what one has in common.
import { avatar, h } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { get } from "../net/api.js";
import { block as blockPerson, unblock } from "../people/deeds.js";
import { changeView, muteButton } from "../ui/chat-menu.js";
import { visit } from "../ui/views.js";
import { firstName, presence, titleOf } from "../ui/words.js";
import { block, deed, face, line } from "./parts.js";
import { pins } from "./pins.js";

/** `{root, end()}`: the pane's content, and how it stops listening. */
export function directDetails(client, chat) {
  const listening = new AbortController();
  const { signal } = listening;
  const who = h("div");
  const common = h("div");
  const last = h("section", { class: "block" });
  const root = h("div", { class: "scroll details__body", tabindex: "-1" }, who, pins(client, chat, signal), common, last);
  let stamp = "";
  const draw = () => {
    const state = presence(client, chat);
    const relation = client.people?.relation(chat.peerId) ?? null;
    const next = JSON.stringify([state, relation, chat.peer, chat.pinned, chat.archived, chat.muted(Date.now()), titleOf(chat)]);
    if (next === stamp) return;
    stamp = next;
    const focused = root.contains(document.activeElement) ? document.activeElement.dataset.deed : null;
    who.replaceChildren(head(client, chat, relation, state), actions(client, chat));
    last.replaceChildren(...end(client, chat, relation));
    if (focused) root.querySelector(`[data-deed="${focused}"]`)?.focus();
  };
  for (const type of ["list", "people", "presence", "profile"]) client.addEventListener(type, draw, { signal });
  draw();
  inCommon(client, chat, common);
  return { root, end: () => listening.abort() };
}

function head(client, chat, relation, state) {
  const online = client.online.has(chat.peerId);
  const seen = relation === "blocked" ? "" : state;
  const { username = "", status = "", avatar: picture } = chat.peer ?? {};
  return h(
    "div", { class: "who" },
    avatar({ id: chat.peerId, name: titleOf(chat), size: 88, picture }, seen && online ? "online" : ""),
    h("h2", { dir: "auto" }, titleOf(chat)),
    h("p", {}, username, seen && username && " · ", seen && h("span", { class: "presence", "data-presence": online ? "online" : "offline" }, seen)),
    status && h("p", { dir: "auto" }, status),
    relation === "blocked" && h("p", {}, gettext("You blocked this person.")),
  );
}

/** What can be done with any chat of mine. */
export function actions(client, chat, ...more) {
  return h(
    "div", { class: "actions" }, ...more,
    deed("mute", chat.muted(Date.now()) ? "bell" : "bell-off", chat.muted(Date.now()) ? gettext("Unmute") : gettext("Mute"), (button) => muteButton(client, chat, button)),
    deed("pin", "pin", chat.pinned ? gettext("Unpin") : gettext("Pin"), () => changeView(client, chat, { pinned: !chat.pinned })),
    !more.length && deed("archive", chat.archived ? "undo" : "save", chat.archived ? gettext("Back to the list") : gettext("Archive"), () => archive(client, chat)),
  );
}

const archive = (client, chat) =>
  chat.archived
    ? changeView(client, chat, { archived: false }, gettext("Chat is in the list again"), { archived: true })
    : changeView(client, chat, { archived: true }, gettext("Chat archived"), { archived: false });

async function inCommon(client, chat, place) {
  const found = await get(`users/${chat.peerId}/groups`).catch(() => null);
  if (!found?.results.length) return;
  const row = ({ conversationId: id, title }) =>
    h("li", {}, h("a", { class: "person", href: `/chat/${id}` }, ...face({ id, name: title, picture: client.chats.get(id)?.avatar, group: true })));
  place.replaceChildren(block(gettext("Groups in common"), found.results.length, null, h("ul", {}, ...found.results.map(row))));
}

function end(client, chat, relation) {
  const person = { id: chat.peerId, displayName: titleOf(chat), username: chat.peer?.username ?? "" };
  const name = firstName(person.displayName);
  return [
    line("user", gettext("Everything about this person"), "", () => visit(`/people/${chat.peerId}`)),
    relation === "blocked"
      ? line("undo", format(gettext("Unblock %(name)s"), { name }), "", () => unblock(client, person))
      : line("block", format(gettext("Block %(name)s"), { name }), gettext("No messages, no requests, no presence. They are not told."), () => blockPerson(client, person), true),
  ];
}
