// Choose people: those chosen as chips, friends at once, others by name. Made for dialogs.
import { sendable } from "../core/text.js";
import { h, icon, sr } from "../lib/dom.js";
import { format, gettext, ngettext } from "../lib/i18n.js";
import { get } from "../net/api.js";
import { face } from "../details/parts.js";

const PAUSE = 150; // milliseconds after the last key
const SHOWN = 30;

/** `{root, field, ids}`. `without`: ids of people who are there already; `onchange()`: another choice. */
export function picker(client, { without = new Set(), onchange = () => null } = {}) {
  const chosen = new Map();
  let found = [];
  let asked = 0;
  let timer = null;
  let failed = false;
  const field = h("input", {
    class: "picker__field", type: "search", maxlength: "80", autocomplete: "off", placeholder: gettext("Name or username"), "aria-label": gettext("Find people"),
  });
  const chips = h("ul", { class: "picker__chips", "aria-label": gettext("Chosen people"), hidden: true });
  const list = h("ul", { class: "picker__list", "aria-label": gettext("People") });
  const said = h("p", { class: "picker__said", role: "status", hidden: true });
  const root = h("div", { class: "picker" }, chips, h("label", { class: "searchbox" }, icon("search", "icon--s"), field), said, list);

  const text = () => sendable(field.value).trim().toLocaleLowerCase();

  function set(person, isChosen) {
    if (isChosen) chosen.set(person.id, person);
    else chosen.delete(person.id);
    draw();
    onchange();
  }

  function chip(person) {
    const label = format(gettext("Without %(name)s"), { name: person.displayName });
    const button = h("button", { type: "button", class: "picker__chip", title: label }, h("span", { dir: "auto" }, person.displayName), icon("close", "icon--xs"), sr(label));
    button.addEventListener("click", () => (set(person, false), field.focus()));
    return h("li", {}, button);
  }

  function row(person) {
    const box = h("input", { type: "checkbox", "data-person": person.id });
    box.checked = chosen.has(person.id);
    box.addEventListener("change", () => {
      set(person, box.checked);
      list.querySelector(`[data-person="${person.id}"]`)?.focus();
    });
    return h("li", {}, h("label", { class: "person picker__person" }, ...face({ id: person.id, name: person.displayName, sub: person.username, picture: person.avatar }), box));
  }

  function draw() {
    const wanted = text();
    const friends = [...(client.people?.friends.values() ?? [])].sort((one, other) => one.displayName.localeCompare(other.displayName));
    const fits = ({ displayName, username }) => [displayName, username].some((name) => name?.toLocaleLowerCase().includes(wanted));
    const seen = new Set([client.me.id, ...without, ...(client.people?.blocked.keys() ?? [])]);
    const shown = [...friends, ...(wanted ? found : [])].filter((person) => fits(person) && !seen.has(person.id) && seen.add(person.id));
    list.replaceChildren(...shown.slice(0, SHOWN).map(row));
    chips.replaceChildren(...[...chosen.values()].map(chip));
    chips.hidden = !chosen.size;
    const nothing = wanted && !shown.length && !timer;
    const hint = !wanted && !shown.length && client.people?.loaded ? gettext("Type the name of somebody here.") : "";
    said.textContent = hint || (failed ? gettext("The search did not work. Try again.") : nothing ? format(gettext("Nothing for “%(text)s”. Check the spelling."), { text: field.value.trim() }) : "");
    said.hidden = !said.textContent;
  }

  async function search() {
    const mine = (asked += 1);
    failed = false;
    try {
      const { results } = await get(`users?limit=20&search=${encodeURIComponent(text())}`);
      if (mine === asked) found = results;
    } catch {
      failed = mine === asked;
    }
    if (mine !== asked) return;
    timer = null;
    draw();
  }

  field.addEventListener("input", () => {
    asked += 1;
    clearTimeout(timer);
    timer = text() ? setTimeout(search, PAUSE) : null;
    draw();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    event.preventDefault(); // not the form: the first one who is found
    list.querySelector("input:not(:checked)")?.click();
    field.select();
  });
  if (client.people && !client.people.loaded) client.people.load().then(draw);
  draw();
  return { root, field, ids: () => [...chosen.keys()] };
}

/** "2 people could not be added." */
export const leftOut = (count) => format(ngettext("%(count)s person could not be added.", "%(count)s people could not be added.", count), { count });
