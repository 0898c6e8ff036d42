// Settings, appearance: theme, size of text, colour of what rises.
import { h, icon } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { choice, item, section, segments } from "./parts.js";

export function appearance(client) {
  const { theme, textSize, rising } = client.preferences.values;
  const themes = [["auto", gettext("System")], ["light", gettext("Light")], ["dark", gettext("Dark")]];
  const sizes = [["small", gettext("Small")], ["normal", gettext("Normal")], ["large", gettext("Large")], ["largest", gettext("Largest")]];
  const colours = [["green", gettext("Green"), rise("green")], ["red", gettext("Red"), rise("red")]];
  return [
    section(
      gettext("Appearance"), gettext("On all your devices."),
      h(
        "div", { class: "card" },
        h("div", { class: "swatch", role: "radiogroup", "aria-label": gettext("Theme") },
          ...themes.map(([value, text]) => h("label", {}, choice("theme", value, value === theme), picture(value), text))),
        h(
          "ul", { class: "settings__rows" },
          item({ name: gettext("Text size") }, segments("textSize", gettext("Text size"), sizes, textSize)),
          item({ name: gettext("Rising prices"), sub: gettext("Which colour means up is a habit.") },
            segments("rising", gettext("Colour of rising prices"), colours, rising)),
        ),
      ),
    ),
  ];
}

const rise = (colour) => h("span", { class: "settings__rise", "data-colour": colour }, icon("up-tri", "icon--xs"));

const mini = (scheme) => h("span", { class: "mini", "data-scheme": scheme }, h("i"), h("span", {}, h("u"), h("u")));

const picture = (theme) =>
  h("span", { class: "swatch__pic", "aria-hidden": "true" }, theme === "auto" ? h("span", { class: "mini-split" }, mini("light"), mini("dark")) : mini(theme));
