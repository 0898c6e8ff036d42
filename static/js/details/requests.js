// Who asks to join a group, for those who run it: let in or decline.
import { isAdmin } from "../core/rights.js";
import { h } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { get } from "../net/api.js";
import { answer } from "../groups/deeds.js";
import { block, face, small } from "./parts.js";

const AGAIN = 20_000; // milliseconds: nothing on the socket says that somebody asks

/** The block; it is not there while nobody asks. It follows the group until `signal`. */
export function requests(client, chat, signal) {
  const place = h("div", { hidden: true });
  let stamp = "";
  const load = async () => {
    if (chat.left || !isAdmin(chat)) return show([]);
    const found = await get(`conversations/${chat.id}/requests`).catch(() => null);
    if (found && !signal.aborted) show(found.results);
    return null;
  };
  function show(found) {
    const next = JSON.stringify(found);
    if (next === stamp) return;
    stamp = next;
    place.hidden = !found.length;
    place.replaceChildren(block(gettext("Asking to join"), found.length, null, ...found.map((request) => card(client, chat, request, load))));
  }
  client.addEventListener("group", ({ detail }) => detail.id === chat.id && load(), { signal });
  const isLooked = () => document.visibilityState === "visible" && client.socket.open && chat.access === "request";
  const timer = setInterval(() => isLooked() && load(), AGAIN);
  signal.addEventListener("abort", () => clearInterval(timer));
  addEventListener("focus", load, { signal });
  load();
  return place;
}

function card(client, chat, { user, note }, load) {
  const act = async (accept) => {
    await answer(client, chat, user, accept);
    load();
  };
  return h(
    "div", { class: "request", role: "group", "aria-label": format(gettext("%(name)s asks to join"), { name: user.displayName }) },
    h("a", { class: "person", href: `/people/${user.id}` }, ...face({ id: user.id, name: user.displayName, sub: user.username, picture: user.avatar, size: 38 })),
    note && h("p", { class: "request__note", dir: "auto" }, note),
    h("div", { class: "request__actions" }, small(gettext("Let in"), () => act(true), "btn--primary"), small(gettext("Decline"), () => act(false), "btn--line")),
  );
}
