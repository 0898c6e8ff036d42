// The settings section: the list of pages, and the page beside it (on a phone: after it).
import { h, icon, sr } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { onShortcut } from "../ui/keys.js";
import { toast } from "../ui/toasts.js";
import { back, leave, register, visit } from "../ui/views.js";
import { appearance } from "./appearance.js";
import { blocked } from "./blocked.js";
import { devices } from "./devices.js";
import { followLanguage, language } from "./language.js";
import { attachList, TITLES } from "./list.js";
import { notifications } from "./notifications.js";
import { saved } from "./parts.js";
import { profile } from "./profile.js";
import { shortcuts } from "./shortcuts.js";

/** Each draws its sections: `(client, signal, told)`. `signal` ends what it listens to; `told(name, words)` goes into the list. */
const PAGES = { profile, devices, notifications, appearance, blocked, language, shortcuts };
const phone = matchMedia("(width < 700px)");
const KEPT = new Set(["profile"]); // holds what was written and is not saved yet

export function attachSettings(client) {
  const pane = document.querySelector("[data-settings-page]");
  const list = attachList(client);
  let shown = null;
  let listening = new AbortController();
  register("settings", (rest) => {
    if (rest && !PAGES[rest]) return leave();
    const name = rest || "profile"; // beside the list; a phone shows the list alone
    list.mark(rest || !phone.matches ? name : "");
    if (name !== shown || !KEPT.has(name)) {
      listening.abort();
      listening = new AbortController();
      const column = h("div", { class: "page__col" }, ...PAGES[name](client, listening.signal, list.tell));
      pane.replaceChildren(head(), column);
      pane.setAttribute("aria-label", TITLES()[name]);
      pane.scrollTop = 0;
      shown = name;
    }
    return null;
  });
  pane.addEventListener("change", ({ target }) => target.dataset.preference && change(client, target));
  client.addEventListener("preferences", () => show(client, pane));
  followLanguage(client);
  onShortcut("settings", () => visit("/settings"));
  onShortcut("shortcuts", () => visit("/settings/shortcuts"));
}

const head = () =>
  h(
    "header", { class: "pane-head page__head only-phone" },
    h("button", { class: "icon-btn back", type: "button", onclick: back }, icon("back", "icon--flip"), sr(gettext("Back to settings"))),
    h("b", { class: "pane-head__title" }, gettext("Settings")),
  );

/** A switch or choice was changed: it holds at once, and goes back where the server does not take it. */
async function change(client, input) {
  const { preference } = input.dataset;
  try {
    await client.preferences.change({ [preference]: input.type === "checkbox" ? input.checked : input.value });
    saved(input);
  } catch (error) {
    toast(error.code === "offline" ? gettext("Not saved: the server could not be reached.") : gettext("That did not work. Try again."), { error: true });
  }
}

/** Preferences have changed, here or elsewhere: so do the switches and choices. */
function show(client, pane) {
  const { values } = client.preferences;
  for (const input of pane.querySelectorAll("[data-preference]")) {
    const value = values[input.dataset.preference];
    input.checked = input.type === "checkbox" ? value : input.value === value;
  }
}
