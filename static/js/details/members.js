// The members of a group: a page at a time, found by name, one tab stop with arrows, a menu for each.
import { sendable } from "../core/text.js";
import { h, icon } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { get } from "../net/api.js";
import { keep } from "../ui/keyed.js";
import { memberMenu } from "./member-menu.js";
import { standingOf } from "./member-words.js";
import { block, face, problem, small } from "./parts.js";
import { ROLES } from "../groups/words.js";

const FIRST = 30;
const MORE = 100;
const PAUSE = 150; // milliseconds after the last key
const SEARCHED = 12; // members from which on they can be searched

/** The block. It follows the group until `signal`. */
export function members(client, chat, signal) {
  const field = h("input", { type: "search", maxlength: "80", autocomplete: "off", placeholder: gettext("Find a member"), "aria-label": gettext("Find a member") });
  const search = h("label", { class: "searchbox", hidden: true }, icon("search", "icon--s"), field);
  const list = h("ul", { class: "members", "aria-label": gettext("Members"), "aria-busy": "true" });
  const said = h("p", { class: "picker__said", role: "status", hidden: true });
  const more = small(gettext("Show more"), () => load(true));
  const trouble = h("div");
  const root = block(gettext("Members"), "", null, search, list, said, trouble, more);
  const count = root.querySelector(".num");
  let found = [];
  let next = null;
  let asked = 0;
  let timer = null;
  more.hidden = true;

  const text = () => sendable(field.value).trim();

  async function load(isMore = false) {
    if (chat.left) return;
    const mine = (asked += 1);
    const limit = isMore ? MORE : Math.min(MORE, Math.max(FIRST, found.length));
    const after = isMore && next ? `&after=${encodeURIComponent(next)}` : "";
    try {
      const page = await get(`conversations/${chat.id}/members?limit=${limit}&search=${encodeURIComponent(text())}${after}`);
      if (mine !== asked || signal.aborted) return;
      client.persons.note(...page.results.map(({ user }) => user));
      found = isMore ? [...found, ...page.results] : page.results;
      next = page.next;
      trouble.replaceChildren();
      draw();
    } catch (error) {
      if (mine === asked && !signal.aborted && error.code !== "not_found") trouble.replaceChildren(problem(error, () => load(isMore)));
    }
  }

  function draw() {
    list.removeAttribute("aria-busy");
    count.textContent = String(chat.memberCount ?? "");
    search.hidden = (chat.memberCount ?? 0) < SEARCHED;
    more.hidden = !next;
    said.hidden = found.length > 0;
    said.textContent = found.length ? "" : gettext("Nobody of that name is a member.");
    keep(list, found.map(item));
    rove();
  }

  function item(member) {
    const { user, role } = member;
    const isOnline = client.online.has(user.id) || user.id === client.me.id;
    const sub = standingOf(client, member);
    const stamp = JSON.stringify([user, role, sub, isOnline, member.silencedUntil]);
    const open = (event) => memberMenu(client, chat, member, event.currentTarget);
    const make = () =>
      h("li", {}, h(
        "button", { class: "person", type: "button", tabindex: "-1", "aria-haspopup": "menu", "aria-expanded": "false", onclick: open },
        ...face({ id: user.id, name: user.displayName, sub, picture: user.avatar, presence: isOnline ? "online" : "" }),
        ROLES()[role] && h("span", { class: "tag" }, ROLES()[role]),
      ));
    return { key: user.id, stamp, make };
  }

  const rows = () => [...list.querySelectorAll(".person")];

  function rove(to = null) {
    const all = rows();
    const current = to ?? all.find((row) => row === document.activeElement) ?? all[0];
    for (const row of all) row.tabIndex = row === current ? 0 : -1;
  }

  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    const all = rows();
    const at = all.indexOf(document.activeElement);
    if (step === undefined || at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const target = all[Math.max(0, Math.min(all.length - 1, at + step))];
    target.focus();
    rove(target);
  });
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      found = [];
      load();
    }, PAUSE);
  });
  client.addEventListener("group", ({ detail }) => detail.id === chat.id && load(), { signal });
  client.addEventListener("presence", () => found.length && draw(), { signal });
  // The next page comes by itself when its button comes near.
  const seen = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && !more.hidden && load(true), { rootMargin: "200px" });
  seen.observe(more);
  signal.addEventListener("abort", () => seen.disconnect());
  load();
  return root;
}
