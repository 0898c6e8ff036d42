// Settings, blocked people: who can't reach me, and letting them again.
import * as api from "../net/api.js";
import { avatar, h } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { toast } from "../ui/toasts.js";
import { button, card, item, loaded, section } from "./parts.js";

export function blocked(client, signal, told) {
  const load = async () => {
    const { results } = await api.get("blocks");
    told("blocked", results.length ? String(results.length) : "");
    return results;
  };
  return [
    section(gettext("Blocked people"), gettext("They can’t write to you, ask to be friends, or see when you are here. They are not told."), loaded(load, list)),
  ];
}

function list(found, again) {
  if (!found.length) return h("p", { class: "card settings__empty" }, gettext("You have blocked nobody."));
  return card(...found.map((person) => row(person, again)));
}

function row(person, again) {
  const { id, displayName: name, username, avatar: picture } = person;
  const free = button(gettext("Unblock"), () => unblock(person, again));
  free.setAttribute("aria-label", format(gettext("Unblock %(name)s"), { name }));
  return item({ picture: avatar({ id, name, size: "38", picture }), name, sub: username }, free);
}

async function unblock({ id, displayName: name }, again) {
  const change = async (method) => {
    try {
      await api.call(method, `blocks/${id}`);
    } catch {
      toast(gettext("That did not work. Try again."), { error: true });
      return false;
    } finally {
      again();
    }
    return true;
  };
  if (await change("DELETE")) {
    toast(format(gettext("%(name)s is no longer blocked"), { name }), { action: gettext("Undo"), act: () => change("PUT") });
  }
}
