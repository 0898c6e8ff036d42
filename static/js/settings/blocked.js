// Settings, blocked people: who can't reach me, and letting them again.
import { avatar, h } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { unblock } from "../people/deeds.js";
import { keep } from "../ui/keyed.js";
import { SKELETON } from "../ui/skeleton.js";
import { button, card, item, problem, section, waiting } from "./parts.js";

export function blocked(client, signal) {
  const place = h("div", { class: "settings__loaded", "aria-busy": "true" });
  const list = card();
  const draw = () => show(client, place, list);
  client.addEventListener("people", draw, { signal });
  setTimeout(() => !client.people.loaded && !place.firstChild && place.replaceChildren(waiting()), SKELETON);
  if (client.people.loaded || client.people.failed) draw();
  return [
    section(gettext("Blocked people"), gettext("They can’t write to you, ask to be friends, or see when you are here. They are not told."), place),
  ];
}

/** As the people section knows them: whatever is done here, there or on another device shows in both. */
function show(client, place, list) {
  const { people } = client;
  place.toggleAttribute("aria-busy", !people.loaded && !people.failed);
  if (!people.loaded) {
    if (people.failed) place.replaceChildren(problem(people.failed, () => people.load()));
    return;
  }
  const found = [...people.blocked.values()];
  if (!found.length) {
    const focused = place.contains(document.activeElement);
    place.replaceChildren(h("p", { class: "card settings__empty", tabindex: "-1" }, gettext("You have blocked nobody.")));
    if (focused) place.firstChild.focus();
    return;
  }
  if (list.parentNode !== place) place.replaceChildren(list);
  keep(list, found.map((person) => ({ key: person.id, stamp: JSON.stringify(person), make: () => row(client, person) })));
}

function row(client, person) {
  const { id, displayName: name, username, avatar: picture } = person;
  const free = button(gettext("Unblock"), () => unblock(client, person));
  free.setAttribute("aria-label", format(gettext("Unblock %(name)s"), { name }));
  return item({ picture: avatar({ id, name, size: "38", picture }), name, sub: username }, free);
}
