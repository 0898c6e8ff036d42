// The pieces that the list, the person page, the dialog and the settings are made of.
import { avatar, h, icon } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { openAdd } from "./add.js";
import { accept, decline, takeBack, unblock } from "./deeds.js";
import { askedWhen, known, trouble } from "./words.js";

export const button = (text, kind, act) => h("button", { class: `btn btn--s ${kind}`, type: "button", onclick: act }, text);

/** Picture, name and a line under it; a link to the person's page. */
export const who = (person, sub) =>
  h(
    "a", { class: "person", href: `/people/${person.id}` },
    avatar({ id: person.id, name: person.displayName, size: 38, picture: person.avatar }),
    h(
      "span", { class: "person__text" },
      h("span", { class: "person__name", dir: "auto" }, person.displayName), h("span", { class: "person__sub" }, sub),
    ),
  );

/** A request to me: who, a few words, and the two answers. */
export const received = (client, request, head = true) =>
  h(
    "div", { class: "request", role: "group", "aria-label": format(gettext("Friend request from %(name)s"), { name: request.user.displayName }) },
    head && who(request.user, known({ ...request.user, friendsInCommon: request.friendsInCommon })),
    request.note && h("p", { class: "request__note", dir: "auto" }, request.note),
    h(
      "div", { class: "request__actions" },
      button(gettext("Accept"), "btn--primary", () => accept(client, request)),
      button(gettext("Decline"), "btn--line", () => decline(client, request)),
    ),
  );

/** A request of mine. */
export const sent = (client, request) =>
  h(
    "div", { class: "request request--sent", role: "group", "aria-label": format(gettext("Your request to %(name)s"), { name: request.user.displayName }) },
    who(request.user, askedWhen(request.createdAt)),
    button(gettext("Take back"), "btn--line", () => takeBack(client, request)),
  );

/** What one can do first with somebody who is no friend. */
export function offer(client, person) {
  const request = client.people.request(person.id);
  switch (client.people.relation(person.id)) {
    case "none":
      return button(gettext("Add"), "btn--line", () => openAdd(client, person));
    case "asks":
      return button(gettext("Accept"), "btn--primary", () => accept(client, request));
    case "asked":
      return button(gettext("Take back"), "btn--line", () => takeBack(client, request));
    case "blocked":
      return button(gettext("Unblock"), "btn--line", () => unblock(client, person));
    default:
      return null;
  }
}

export const problem = (title, error, again) =>
  h(
    "div", { class: "blank", role: "alert" }, icon("cloud-off"), h("h2", {}, title), h("p", {}, trouble(error)),
    h("button", { class: "btn btn--primary", type: "button", onclick: again }, gettext("Try again")),
  );
