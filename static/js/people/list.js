// The list of people: requests, friends who are online, the others, and whoever else is found by name.
import { sendable } from "../core/text.js";
import { avatar, h, sr } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { get } from "../net/api.js";
import { keep } from "../ui/keyed.js";
import { SKELETON, skeleton } from "../ui/skeleton.js";
import { presence } from "../ui/words.js";
import { offer, problem, received, sent } from "./parts.js";
import { foundWords, known } from "./words.js";

const PAUSE = 150; // after the last key

export class PeopleList {
  #chosen = 0;
  #found = [];
  #state = "idle"; // of the search by the server: idle, waiting, done, failed
  #asked = 0;
  #timer = null;

  constructor(client, pane) {
    Object.assign(this, { client, pane });
    this.rows = pane.querySelector("[data-people-rows]");
    this.field = pane.querySelector("[data-people-search]");
    this.sections = ["requests", "online", "others", "found"].map(section);
    this.empty = h("div", { class: "blank" });
    this.said = h("p", { class: "switcher__none", role: "status" });
    this.heard = h("span", { class: "sr", role: "status" }); // how many others were found, for who does not see them
    this.pane.append(this.heard);
    this.field.addEventListener("input", () => this.#search());
    this.rows.addEventListener("keydown", (event) => this.#move(event));
    for (const type of ["people", "presence"]) client.addEventListener(type, () => this.draw());
    setTimeout(() => !client.people.loaded && this.draw(), SKELETON);
  }

  /** Mark the person that is open, 0 for none. */
  choose(id) {
    this.#chosen = id;
    this.draw();
  }

  get #text() {
    return sendable(this.field.value).trim().toLocaleLowerCase();
  }

  draw() {
    const { people, gone } = this.client;
    if (gone || this.pane.hidden) return; // it is drawn when it is shown
    const hadFocus = this.rows.contains(document.activeElement);
    if (!people.loaded) {
      const again = () => people.load();
      this.rows.replaceChildren(people.failed ? problem(gettext("Your people did not load"), people.failed, again) : skeleton());
      return;
    }
    this.rows.removeAttribute("aria-busy");
    if (this.sections[0].root.parentNode !== this.rows) this.rows.replaceChildren(...this.sections.map(({ root }) => root), this.said, this.empty);
    const fits = ({ displayName, username }) => [displayName, username].some((name) => name.toLocaleLowerCase().includes(this.#text));
    const friends = [...people.friends.values()].filter((person) => !people.blocked.has(person.id) && fits(person));
    friends.sort((one, other) => one.displayName.localeCompare(other.displayName));
    const isOnline = ({ id }) => this.client.online.has(id);
    const open = people.requests.filter(({ user }) => fits(user));
    const mine = people.outgoing.filter(({ user }) => fits(user));
    const asked = [...open.map((one) => this.#request(one, received)), ...mine.map((one) => this.#request(one, sent))];
    const here = friends.filter(isOnline).map((person) => this.#friend(person));
    const away = friends.filter((person) => !isOnline(person)).map((person) => this.#friend(person));
    const shown = new Set([...friends, ...open.map(({ user }) => user), ...mine.map(({ user }) => user)].map(({ id }) => id));
    const found = this.#text ? this.#found.filter((person) => !shown.has(person.id)).map((person) => this.#stranger(person)) : [];
    [asked, here, away, found].forEach((items, at) => fill(this.sections[at], items, at === 0 ? open.length : items.length));
    this.#nothing(asked.length + here.length + away.length + found.length);
    this.#rove();
    // The last of a section is answered, and the section gone: the keyboard goes on with the rows, or with the field over them.
    if (hadFocus && !this.rows.contains(document.activeElement)) (this.rows.querySelector('.row[tabindex="0"]') ?? this.field).focus({ preventScroll: true });
  }

  #request(request, make) {
    return { key: `request-${request.id}`, stamp: JSON.stringify(request), make: () => h("li", {}, make(this.client, request)) };
  }

  #friend(person) {
    const online = this.client.online.has(person.id);
    const state = presence(this.client, { kind: "direct", isNote: false, peerId: person.id });
    return this.#row(person, online ? "online" : "", (online && person.status) || state || person.username, () => null);
  }

  #stranger(person) {
    return this.#row(person, "", known(person), () => offer(this.client, person));
  }

  #row(person, state, sub, action) {
    const current = this.#chosen === person.id;
    const stamp = JSON.stringify([person, state, sub, current, this.client.people.relation(person.id)]);
    const make = () =>
      h(
        "li", { class: "people__row" },
        h(
          "a", { class: "row", href: `/people/${person.id}`, tabindex: "-1", "aria-current": current ? "page" : null },
          avatar({ id: person.id, name: person.displayName, picture: person.avatar }, state),
          h(
            "span", { class: "row__main" }, h("span", { class: "row__name", dir: "auto" }, person.displayName),
            h("span", { class: "row__preview", dir: "auto" }, sub), state && sub !== gettext("online") && sr(gettext("online")),
          ),
        ),
        action(),
      );
    return { key: person.id, stamp, make };
  }

  /** What is said when there is nobody to show. */
  #nothing(count) {
    const { people } = this.client;
    const failed = this.#state === "failed" && this.#text;
    this.said.hidden = !this.#text || (count > 0 && !failed) || this.#state === "waiting";
    const words = failed ? gettext("The search did not work. Try again.") : format(gettext("Nothing for “%(text)s”. Check the spelling."), { text: this.field.value.trim() });
    if (!this.said.hidden && this.said.textContent !== words) this.said.textContent = words;
    this.empty.hidden = Boolean(this.#text) || people.friends.size > 0 || count > 0;
    if (this.empty.hidden || this.empty.firstChild) return;
    this.empty.append(
      h("h2", {}, gettext("No friends yet")), h("p", {}, gettext("Find people by their name and ask them.")),
      h("button", { class: "btn btn--primary", type: "button", "data-add-friend": true }, gettext("Add a friend")),
    );
  }

  /** Friends at once, from what is held; others from the server, a moment after the last key. */
  #search() {
    this.#asked += 1; // what was asked for other letters is no answer any more
    this.#found = [];
    this.#state = this.#text ? "waiting" : "idle";
    clearTimeout(this.#timer);
    if (this.#text) this.#timer = setTimeout(() => this.#ask(this.#asked), PAUSE);
    this.draw();
  }

  async #ask(asked) {
    try {
      const { results } = await get(`users?limit=20&search=${encodeURIComponent(this.#text)}`);
      if (asked !== this.#asked) return;
      this.#found = results;
      this.#state = "done";
      this.heard.textContent = results.length ? foundWords(results.length) : "";
    } catch {
      if (asked !== this.#asked) return;
      this.#state = "failed";
    }
    this.draw();
  }

  /** One row takes the tab key; the arrows move on from there. */
  #rove() {
    const rows = [...this.rows.querySelectorAll(".row")];
    const current = rows.find((row) => row === document.activeElement) ?? rows.find((row) => row.hasAttribute("aria-current")) ?? rows[0];
    for (const row of rows) row.tabIndex = row === current ? 0 : -1;
  }

  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    const rows = [...this.rows.querySelectorAll(".row")];
    const at = rows.indexOf(document.activeElement);
    if (step === undefined || at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    rows[Math.max(0, Math.min(rows.length - 1, at + step))].focus();
    this.#rove();
  }
}

const TITLES = () => ({ requests: gettext("Requests"), online: gettext("Online"), others: gettext("Others"), found: gettext("Other people") });

function section(name) {
  const count = h("span", { class: "num" });
  const list = h("ul", { class: name === "requests" ? "" : "rows" });
  return { root: h("section", { hidden: true }, h("h2", { class: "list-label" }, TITLES()[name], count), list), list, count };
}

function fill({ root, list, count }, items, number) {
  root.hidden = !items.length;
  count.textContent = number || "";
  keep(list, items);
}
