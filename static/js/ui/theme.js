// Light, dark, or as the system is; kept per browser. `js/theme.js` applies it before the first paint.
import { gettext } from "../lib/i18n.js";

const KEY = "skyeim.theme";
const ORDER = ["auto", "light", "dark"];

export function theme() {
  return document.documentElement.dataset.theme ?? "auto";
}

export function nextTheme() {
  const next = ORDER[(ORDER.indexOf(theme()) + 1) % ORDER.length];
  if (next === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    if (next === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // It holds for this page only.
  }
}

/** What the menu says of the theme that is on. */
export const themeName = () =>
  ({
    auto: { icon: "auto", text: gettext("Theme: as the system") },
    light: { icon: "sun", text: gettext("Theme: light") },
    dark: { icon: "moon", text: gettext("Theme: dark") },
  })[theme()];
