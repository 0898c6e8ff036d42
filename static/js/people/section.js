// The people section: the list, the person page, the badge in the rail, and what leads there from elsewhere.
import { h, icon } from "../lib/dom.js";
import { format, gettext, ngettext } from "../lib/i18n.js";
import { permission } from "../ui/notifier.js";
import { register, visit } from "../ui/views.js";
import { openAdd } from "./add.js";
import { Book } from "./book.js";
import { PeopleList } from "./list.js";
import { PersonPage } from "./page.js";

const OWN = /^\/((people|chat)(\/\d+)?|settings\/notifications)?$/; // addresses that links within the section lead to

export function attachPeople(client) {
  client.people = new Book(client);
  const panes = ["list", "page"].map((name) => document.querySelector(`[data-people-${name}]`));
  const list = new PeopleList(client, panes[0]);
  const page = new PersonPage(client, panes[1]);
  register("people", (rest) => {
    if (!client.people.loaded) client.people.load();
    list.choose(Number(rest) || 0);
    page.show(rest);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-add-friend]")) openAdd(client);
    const link = event.target.closest("a[href]");
    const isOurs = link && link.closest('[data-in="people"], [data-welcome], .thread-head, [data-details-pane], [data-join-page]');
    if (!isOurs || !OWN.test(link.pathname) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    visit(link.pathname);
  });
  const badge = document.querySelector("[data-requests]");
  client.addEventListener("people", () => count(badge, client.people.requests.length));
  for (const type of ["people", "list"]) client.addEventListener(type, () => welcome(client));
}

const requests = (number) => format(ngettext("%(count)s request", "%(count)s requests", number), { count: number });

function count(badge, number) {
  badge.hidden = !number;
  badge.textContent = number > 99 ? "99+" : String(number);
  badge.setAttribute("aria-label", requests(number));
}

/** Somebody without chats is shown where to begin. */
function welcome(client) {
  const place = document.querySelector("[data-first-steps]");
  if (!place || client.gone) return;
  const isFirst = client.list.loaded && client.people.loaded && !client.rows.length;
  const waiting = client.people.requests.length;
  const stamp = `${isFirst} ${waiting}`;
  if (place.stamp === stamp) return;
  place.stamp = stamp;
  place.hidden = !isFirst;
  place.previousElementSibling.hidden = isFirst; // one way at a time
  const step = (symbol, text, sub, properties) =>
    h(properties.href ? "a" : "button", { class: "step", ...properties }, icon(symbol), h("span", {}, h("b", {}, text), h("small", {}, sub)), icon("next", "icon--flip"));
  const accept = format(ngettext("Accept %(count)s request", "Accept %(count)s requests", waiting), { count: waiting });
  place.replaceChildren(
    ...(waiting ? [step("people", accept, gettext("Somebody wants to talk to you"), { href: "/people" })] : []),
    step("user-plus", gettext("Find people"), gettext("By their name or username"), { type: "button", "data-add-friend": true }),
    step("people", gettext("Start a group"), gettext("With friends, a team, a class"), { type: "button", "data-new-group": true }),
    ...(permission() === "default" ? [step("bell", gettext("Turn on notifications"), gettext("Only for new messages"), { href: "/settings/notifications" })] : []),
  );
}
