// What the pages of the settings are made of: sections, rows, switches, choices.
import { h, icon } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";

const SHOWN = 2_000;

export const section = (title, note, ...children) =>
  h(
    "section", { class: "section" },
    h("header", {}, h("h2", { class: "settings__title" }, title, h("span", { class: "settings__saved", role: "status" })), note && h("p", {}, note)),
    ...children,
  );

export const card = (...items) => h("ul", { class: "card" }, ...items);

/** A row: an icon, its name and a line below, and what stands at its end. */
export const item = ({ picture = null, name = null, tag = null, sub = null }, ...end) =>
  h(
    "li", { class: "item" },
    typeof picture === "string" ? icon(picture) : picture,
    h("span", { class: "item__text" },
      name && h("span", { class: "item__name" }, h("span", { dir: "auto" }, name), tag && h("span", { class: "tag tag--accent" }, tag)),
      sub && h("span", { class: "item__sub" }, sub)),
    ...end,
  );

/** A switch that is a preference: `section.js` hears of it. */
export const toggle = (preference, label, checked) =>
  h("input", { class: "switch", type: "checkbox", role: "switch", "aria-label": label, "data-preference": preference, checked });

/** One choice of several that is a preference. `options`: `[value, text, before?]`. */
export const segments = (preference, label, options, value) =>
  h(
    "span", { class: "segments", role: "radiogroup", "aria-label": label },
    ...options.map(([each, text, before]) => h("label", {}, choice(preference, each, each === value), before, text)),
  );

export const choice = (preference, value, checked) =>
  h("input", { type: "radio", name: preference, value, "data-preference": preference, checked });

export const button = (text, act, kind = "") => h("button", { class: `btn btn--s ${kind}`.trim(), type: "button", onclick: act }, text);

/** Say quietly, beside the title above `element`, that what was changed is kept. */
export function saved(element) {
  const place = element.closest(".section")?.querySelector(".settings__saved");
  if (!place) return;
  clearTimeout(place.timer);
  place.textContent = gettext("Saved");
  place.timer = setTimeout(() => (place.textContent = ""), SHOWN);
}

export const waiting = () =>
  h("div", { class: "card settings__wait", "aria-hidden": "true" }, ...Array.from({ length: 3 }, () => h("div", { class: "skel" }, h("i"), h("span", {}, h("i"), h("i")))));

export const problem = (error, again) =>
  h(
    "div", { class: "card settings__problem", role: "alert" },
    h("b", {}, gettext("This did not load")),
    h("p", {}, error.code === "offline" ? gettext("The server could not be reached.") : error.message),
    button(gettext("Try again"), again),
  );

/** A part of a page that is loaded: waits (when that is worth showing), shows, or says why not and offers to try again. */
export function loaded(load, show) {
  const place = h("div", { class: "settings__loaded", "aria-busy": "true" });
  const fill = async () => {
    const timer = setTimeout(() => place.replaceChildren(waiting()), 150);
    try {
      const found = await load();
      const at = [...place.querySelectorAll("button")].indexOf(document.activeElement);
      place.replaceChildren(show(found, fill));
      if (at >= 0) [...place.querySelectorAll("button")].slice(0, at + 1).at(-1)?.focus(); // the keyboard goes on where it was
    } catch (error) {
      place.replaceChildren(problem(error, fill));
    } finally {
      clearTimeout(timer);
      place.removeAttribute("aria-busy");
    }
  };
  fill();
  return place;
}
