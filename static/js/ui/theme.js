// How pages look: theme, size of text, colour of what rises. Kept in this browser too, for pages that are nobody's and for
// those that come without a network; `js/theme.js` applies it before the first paint.
import { gettext } from "../lib/i18n.js";
import * as storage from "../lib/storage.js";

const KEY = "look";
const ORDER = ["auto", "light", "dark"];

export function theme() {
  return document.documentElement.dataset.theme ?? "auto";
}

function show({ theme: wanted, textSize, rising }) {
  const { dataset } = document.documentElement;
  if (wanted === "auto" || !wanted) delete dataset.theme;
  else dataset.theme = wanted;
  for (const meta of document.querySelectorAll("meta[data-scheme]")) { // the frame of the window, and the phone's status bar
    const { scheme } = meta.dataset;
    meta.media = dataset.theme ? (scheme === dataset.theme ? "all" : "not all") : `(prefers-color-scheme: ${scheme})`;
  }
  dataset.text = textSize ?? "normal";
  if (rising === "red") dataset.ticks = "red-up";
  else delete dataset.ticks;
}

/** From now on the page looks as its person prefers. */
export function attachLook(client) {
  const kept = storage.read(KEY, null);
  const held = client.preferences.values.changedAt;
  if (kept?.user === client.me.id && kept.at > held) client.preferences.load().catch(() => null); // this page is an old copy
  else keep(client);
  client.addEventListener("preferences", () => {
    if (client.gone) return;
    show(client.preferences.values);
    keep(client);
  });
}

function keep(client) {
  const { theme: wanted, textSize, rising, changedAt } = client.preferences.values;
  storage.write(KEY, { user: client.me.id, at: changedAt, theme: wanted, textSize, rising });
}

export const followingTheme = () => ORDER[(ORDER.indexOf(theme()) + 1) % ORDER.length];

/** The next theme on a page that is nobody's: this browser keeps it. */
export function nextTheme() {
  const look = { user: 0, at: 0, ...storage.read(KEY, {}), theme: followingTheme() };
  storage.write(KEY, look);
  show(look);
}

/** What the menu says of the theme that is on. */
export const themeName = () =>
  ({
    auto: { icon: "auto", text: gettext("Theme: as the system") },
    light: { icon: "sun", text: gettext("Theme: light") },
    dark: { icon: "moon", text: gettext("Theme: dark") },
  })[theme()];
