// Words in the language of the page. The catalogue is a script that Django serves before the modules (`/strings.js`).
const django = globalThis.django ?? {};

export const gettext = django.gettext ?? ((text) => text);
export const ngettext = django.ngettext ?? ((one, many, count) => (count === 1 ? one : many));

/** `text` with `%(name)s` replaced by the values of that name. */
export const format = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);

export const language = document.documentElement.lang || "en";
