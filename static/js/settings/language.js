// Settings, language: of the page, and of letters that the server writes.
import { h } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { toast } from "../ui/toasts.js";
import { section } from "./parts.js";

const NAMES = { en: "English", "zh-hans": "中文" }; // each in its own words, whatever the page speaks

export const languageName = (client) => NAMES[client.preferences.values.language] ?? gettext("Automatic");

export function language(client) {
  const options = [["", gettext("Automatic"), gettext("What the browser asks for")], ...Object.entries(NAMES)];
  const current = client.preferences.values.language;
  const list = h("div", { class: "card", role: "radiogroup", "aria-label": gettext("Language") }, ...options.map((option) => row(option, current)));
  list.addEventListener("change", ({ target }) => choose(client, list, target.value));
  return [section(gettext("Language"), gettext("Of this page and of letters to you. The page loads anew; what you have begun to write stays."), list)];
}

const row = ([value, name, sub], current) =>
  h(
    "label", { class: "item settings__choice" },
    h("span", { class: "item__text" }, h("span", { class: "item__name", lang: value || null }, name), sub && h("span", { class: "item__sub" }, sub)),
    h("input", { type: "radio", name: "language", value, checked: value === current }),
  );

async function choose(client, list, value) {
  try {
    await client.preferences.change({ language: value });
  } catch (error) {
    const { language: held } = client.preferences.values;
    for (const input of list.querySelectorAll("input")) input.checked = input.value === held;
    toast(error.code === "offline" ? gettext("Not saved: the server could not be reached.") : gettext("That did not work. Try again."), { error: true });
  }
}

/** The language was changed, here or elsewhere: the page loads anew, at once where nobody looks or where it was asked for. */
export function followLanguage(client) {
  const drawn = client.preferences.held.language;
  let told = drawn;
  client.addEventListener("preferences", () => {
    const { language: wanted } = client.preferences.held; // not before the server has it, or the page would come as it was
    if (wanted === told || client.gone) return;
    told = wanted;
    if (wanted === drawn) return;
    const here = location.pathname === "/settings/language" && document.visibilityState === "visible";
    if (here || document.visibilityState !== "visible") reload(client);
    else toast(gettext("Your language was changed."), { action: gettext("Reload"), act: () => reload(client) });
  });
}

function reload(client) {
  client.drafts.flush();
  location.reload();
}
