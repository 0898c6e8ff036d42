// The account menu: theme, settings, administration, sign out.
import { signingOut } from "../app/leaving.js";
import { avatar, h } from "../lib/dom.js";
import { format, gettext, ngettext } from "../lib/i18n.js";
import { openMenu } from "./menu.js";
import { confirm } from "./dialog.js";
import { showStarred } from "./starred.js";
import { followingTheme, themeName } from "./theme.js";
import { toast } from "./toasts.js";
import { visit } from "./views.js";

export function attachAccount(client) {
  const picture = document.querySelector("[data-me]");
  let shown = picture;
  const show = () => {
    const { id, displayName: name, avatar: own } = client.me;
    const next = avatar({ id, name, size: 34, picture: own }, client.socket.open ? "online" : "");
    shown.replaceWith(next);
    shown = next;
    next.closest("button").title = name;
  };
  show();
  client.addEventListener("profile", ({ detail }) => detail.userId === client.me.id && show());
  client.addEventListener("connection", () => Boolean(shown.dataset.presence) !== client.socket.open && show());
  for (const button of document.querySelectorAll("[data-account]")) {
    button.addEventListener("click", () =>
      openMenu(button, [
        { icon: themeName().icon, text: themeName().text, act: () => turn(client) },
        { icon: "star", text: gettext("Starred messages"), act: () => showStarred(client) },
        { icon: "settings", text: gettext("Settings"), act: () => visit("/settings") },
        ...(client.me.isStaff ? [{ icon: "shield", text: gettext("Administration"), href: "/admin/" }] : []),
        null,
        { icon: "logout", text: gettext("Sign out"), act: () => signOut(client) },
      ]),
    );
  }
}

async function turn(client) {
  await client.preferences.change({ theme: followingTheme() }).catch(() => toast(gettext("That did not work. Try again."), { error: true }));
}

/** Sign out; what waits to be sent would be lost, so that is asked first. Nothing of this person stays in the browser. */
export async function signOut(client) {
  const waiting = client.outbox.entries.filter((entry) => entry.state !== "stored").length;
  const words = format(ngettext("%(count)s message was not sent yet and would be lost.", "%(count)s messages were not sent yet and would be lost.", waiting), { count: waiting });
  if (waiting && !(await confirm({ title: gettext("Sign out?"), text: words, deed: gettext("Sign out"), stay: gettext("Stay") }))) return;
  signingOut(client);
  const token = document.cookie.match(/(?:^|;\s*)skyeim_csrf=([^;]+)/)?.[1] ?? "";
  // The cookie may be somebody else's by now: whoever is meant is named, and nobody else is signed out.
  const fields = { csrfmiddlewaretoken: token, user: client.me.id };
  const inputs = Object.entries(fields).map(([name, value]) => h("input", { type: "hidden", name, value }));
  const form = h("form", { method: "post", action: "/sign-out" }, ...inputs);
  document.body.append(form);
  form.submit();
}
