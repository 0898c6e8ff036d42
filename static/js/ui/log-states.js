// What the log shows when it has no messages to show, and what its buttons do.
import { h, icon } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { titleOf } from "./words.js";

export const loading = () =>
  h("div", { class: "blank" }, h("span", { class: "spin", "aria-hidden": "true" }), h("p", { class: "sr", role: "status" }, gettext("Loading")));

export const problem = (error) =>
  h(
    "div", { class: "blank", role: "alert" }, icon("cloud-off"), h("h2", {}, gettext("This chat did not load")),
    h("p", {}, error.code === "offline" ? gettext("The server could not be reached.") : error.message),
    h("button", { class: "btn btn--primary", type: "button", "data-again": true }, gettext("Try again")),
  );

/** What the buttons within the log do that are about sending and loading. Returns whether it was one of them. */
export function press({ client, chat }, { target }) {
  const { retry } = target.closest("[data-retry]")?.dataset ?? {};
  const { discard } = target.closest("[data-discard]")?.dataset ?? {};
  if (retry) client.sender.retry(retry);
  if (discard) client.sender.discard(discard);
  const again = Boolean(target.closest("[data-again]"));
  if (again) client.history.load(chat);
  return Boolean(retry || discard || again);
}

export const empty = (chat) =>
  h(
    "div", { class: "blank" },
    h("p", {}, chat.isNote ? gettext("What you write here only you can see.") : format(gettext("Nothing said yet. Say hello to %(name)s."), { name: titleOf(chat) })),
  );
