// The dialog with the links that lead into a group: make one, copy it, end it.
import { h, icon, sr } from "../lib/dom.js";
import { format, gettext, ngettext } from "../lib/i18n.js";
import { call, get, post } from "../net/api.js";
import { loaded } from "../settings/parts.js";
import { copyText } from "../ui/copy.js";
import { until } from "../ui/system.js";
import { toast } from "../ui/toasts.js";
import { titleOf } from "../ui/words.js";
import { attempt } from "./deeds.js";
import { choice, closeButton, openDialog } from "./dialog.js";

const DAY = 86_400_000; // milliseconds

const SPANS = () => [["3600000", gettext("In an hour")], [String(DAY), gettext("In a day")], [String(7 * DAY), gettext("In a week")], ["", gettext("Never")]];
const USES = () => [["", gettext("No limit")], ["1", gettext("Once")], ["10", gettext("10 times")], ["100", gettext("100 times")]];

export function openInvites(client, chat) {
  const span = choice(gettext("Ends"), SPANS(), String(7 * DAY), null, "span");
  const uses = choice(gettext("Can be used"), USES(), "", null, "uses");
  const path = `conversations/${chat.id}/invites`;
  const make = h("button", { class: "btn btn--primary" }, icon("link"), gettext("Make a link"));
  const form = h("form", { class: "invite-form" }, span, uses, make);
  const fresh = () => loaded(() => get(path), (found, again) => links(chat, found.results, again));
  let list = fresh();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    make.disabled = true;
    const number = (name) => (form.elements[name].value ? Number(form.elements[name].value) : null);
    const made = await attempt(() => post(path, { expiresInMs: number("span"), maxUses: number("uses") }));
    make.disabled = false;
    if (!made) return;
    const before = list; // what was asked before knows nothing of the new one
    before.replaceWith((list = fresh()));
    copyText(addressOf(made), gettext("Link made and copied"), gettext("Link made"));
  });
  openDialog(
    client, "invites", format(gettext("Invite to %(title)s"), { title: titleOf(chat) }),
    h("p", {}, gettext("Whoever has such a link and an account here can join, until it ends.")), form, list,
    h("div", { class: "dialog__actions" }, closeButton(gettext("Done"))),
  );
}

const addressOf = ({ url }) => new URL(url, location.origin).href;

function links(chat, found, again) {
  if (!found.length) return h("p", { class: "picker__said" }, gettext("There are no links yet."));
  return h("ul", { class: "invites__list", "aria-label": gettext("Links") }, ...found.map((invite) => row(chat, invite, again)));
}

function row(chat, invite, again) {
  const address = addressOf(invite);
  const end = async () => {
    if ((await attempt(() => call("DELETE", `conversations/${chat.id}/invites/${invite.id}`))) === undefined) return;
    toast(gettext("The link has ended"));
    again();
  };
  return h(
    "li", { class: "invite" },
    h("span", { class: "invite__text" },
      h("a", { class: "invite__link", href: address, dir: "ltr", target: "_blank", rel: "noopener" }, address.replace(/^https?:\/\//u, "")),
      h("span", { class: "person__sub" }, describe(invite))),
    h("button", { class: "icon-btn", type: "button", title: gettext("Copy"), onclick: () => copyText(address) }, icon("copy"), sr(gettext("Copy"))),
    h("button", { class: "icon-btn", type: "button", title: gettext("End this link"), onclick: end }, icon("trash"), sr(gettext("End this link"))),
  );
}

/** "used 3 of 10 times · until 14:30 · by Aiko" */
function describe({ uses, maxUses, expiresAt, createdBy }) {
  const used = maxUses
    ? format(gettext("used %(count)s of %(most)s times"), { count: uses, most: maxUses })
    : format(ngettext("used %(count)s time", "used %(count)s times", uses), { count: uses });
  return [
    used, expiresAt ? format(gettext("until %(time)s"), { time: until(expiresAt) }) : "",
    createdBy ? format(gettext("by %(name)s"), { name: createdBy.displayName }) : "",
  ].filter(Boolean).join(" · ");
}
