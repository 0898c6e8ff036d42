// The account menu: theme, administration, sign out.
import * as storage from "../lib/storage.js";
import { avatar, h } from "../lib/dom.js";
import { format, gettext, ngettext } from "../lib/i18n.js";
import { openMenu } from "./menu.js";
import { confirm } from "./dialog.js";
import { nextTheme, themeName } from "./theme.js";

export function attachAccount(client) {
  const picture = document.querySelector("[data-me]");
  picture.replaceWith(avatar({ id: client.me.id, name: client.me.displayName, size: 34 }));
  for (const button of document.querySelectorAll("[data-account]")) {
    button.addEventListener("click", () =>
      openMenu(button, [
        { icon: themeName().icon, text: themeName().text, act: nextTheme },
        ...(client.me.isStaff ? [{ icon: "settings", text: gettext("Administration"), href: "/admin/" }] : []),
        null,
        { icon: "logout", text: gettext("Sign out"), act: () => signOut(client) },
      ]),
    );
  }
}

/** Sign out; what waits to be sent would be lost, so that is asked first. Nothing of this person stays in the browser. */
async function signOut(client) {
  const waiting = client.outbox.entries.filter((entry) => entry.state !== "stored").length;
  const words = format(ngettext("%(count)s message was not sent yet and would be lost.", "%(count)s messages were not sent yet and would be lost.", waiting), { count: waiting });
  if (waiting && !(await confirm({ title: gettext("Sign out?"), text: words, deed: gettext("Sign out"), stay: gettext("Stay") }))) return;
  storage.forget(`outbox.${client.me.id}.`);
  client.drafts.forget();
  const token = document.cookie.match(/(?:^|;\s*)skyeim_csrf=([^;]+)/)?.[1] ?? "";
  const form = h("form", { method: "post", action: "/sign-out" }, h("input", { type: "hidden", name: "csrfmiddlewaretoken", value: token }));
  document.body.append(form);
  form.submit();
}
