// Emoji: how they are found, and in which skin tone. No DOM.
const SELECTOR = "\ufe0f";
export const TONES = ["", "🏻", "🏼", "🏽", "🏾", "🏿"];

/** What the server tells (`[emoji, English, Chinese, "other,words", 1 with skin tones]`) as an object. */
export function entry([text, name, chinese, other, tones]) {
  const words = `${name} ${other}`.toLowerCase().split(/[\s,:.()“”’!-]+/u).filter(Boolean);
  return { text, name, chinese, words, others: other.toLowerCase().split(","), isToned: tones === 1 };
}

/** An emoji in a skin tone: 0 is none, 1 to 5 from light to dark. */
export function inTone({ text, isToned }, tone) {
  if (!isToned || !tone) return text;
  const [first] = text;
  const rest = text.slice(first.length);
  return first + TONES[tone] + (rest.startsWith(SELECTOR) ? rest.slice(1) : rest);
}

/** How well an emoji fits what was typed: the lower the better; Infinity when it doesn't. */
function fit({ name, chinese, words, others }, asked, typed) {
  if (others.includes(typed)) return 0; // "+1"
  const whole = asked.join(" ");
  if (name === whole || chinese === whole || others.includes(whole)) return 0;
  if (name.startsWith(whole) || chinese.startsWith(whole)) return 1;
  if (asked.every((one) => words.some((word) => word.startsWith(one)))) return words[0].startsWith(asked[0]) ? 2 : 3;
  return [chinese, ...others].some((one) => one.includes(whole) && /[^\u0000-\u024f]/u.test(one)) ? 4 : Infinity;
}

/** Those that fit, best first, else in their order; at most `most`. */
export function search(entries, text, most = 80) {
  const typed = text.trim().toLowerCase();
  const asked = typed.split(/[\s_+:-]+/u).filter(Boolean);
  if (!asked.length) return [];
  const ranked = entries.map((one, at) => ({ one, at, rank: fit(one, asked, typed) })).filter(({ rank }) => rank < Infinity);
  return ranked.sort((left, right) => left.rank - right.rank || left.at - right.at).slice(0, most).map(({ one }) => one);
}
