// What the composer has for emoji: a button, and completion after ":".
import { all, recent, tone, used } from "../app/emoji.js";
import { inTone, search } from "../core/emoji.js";
import { h, icon, sr } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { attachCompletion } from "./completion.js";
import { nameOf, pickEmoji } from "./emoji-picker.js";
import { insertAtCaret } from "./insert.js";

const OFFERED = 8;

/** The button, for the row of the field. */
export function emojiButton(field) {
  attachCompletion(field, { trigger: ":", find, least: 1, name: gettext("Emoji"), chosen: ({ used: text }) => used(text) });
  const pick = async () => {
    const emoji = await pickEmoji(button);
    if (emoji) insertAtCaret(field, emoji);
  };
  const button = h(
    "button", { class: "icon-btn", type: "button", title: gettext("Emoji"), "aria-haspopup": "dialog", "aria-expanded": "false", onclick: pick },
    icon("smile"), sr(gettext("Emoji")),
  );
  return button;
}

/** Two letters say enough; so does one sign of a script where a sign is a word. ":5" and ":-)" are no names. */
async function find(text) {
  if (/^[\d\W_]*$/u.test(text) && !/\p{L}/u.test(text)) return [];
  if (text.length < 2 && /^[\u0000-\u02ff]/u.test(text)) return [];
  const mine = recent();
  const rank = ({ text: one }) => (mine.includes(one) ? 0 : 1);
  const found = search(await all(), text, 3 * OFFERED).map((one, at) => ({ one, at }));
  found.sort((left, right) => rank(left.one) - rank(right.one) || left.at - right.at);
  return found.slice(0, OFFERED).map(({ one }) => {
    const emoji = inTone(one, tone());
    return { label: nameOf(one), insert: emoji, used: one.text, picture: h("span", { class: "complete__emoji", "aria-hidden": "true" }, emoji) };
  });
}
