// What a text is made of: links, and whether it is nothing but emoji. No DOM.
const LINK = /\bhttps?:\/\/[^\s<>"'“”‘’]+/giu;
const TRAILING = /[.,;:!?…，。；：！？、)\]}>]+$/u;
const EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Presentation}|\p{Regional_Indicator}|\p{Emoji_Modifier}|[\u200d\ufe0f\u20e3#*0-9])+$/u;
const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;

/** The parts of a text: strings, and `{href}` for addresses, which end before the punctuation of their sentence. */
export function parts(text) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    let href = match[0];
    const tail = href.match(TRAILING)?.[0] ?? "";
    // A closing bracket belongs to the address when it holds the opening one.
    const keep = tail.startsWith(")") && href.includes("(") ? 1 : 0;
    href = href.slice(0, href.length - tail.length + keep);
    if (!URL.canParse(href)) continue;
    if (match.index > end) found.push(text.slice(end, match.index));
    found.push({ href });
    end = match.index + href.length;
  }
  if (end < text.length) found.push(text.slice(end));
  return found;
}

/** Whether a text is one to three emoji and nothing else: shown large and without a bubble. */
export function onlyEmoji(text) {
  const trimmed = text.replace(/\s+/gu, "");
  if (!trimmed || trimmed.length > 40 || !EMOJI.test(trimmed)) return false;
  const graphemes = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(trimmed)];
  return graphemes.length <= 3 && graphemes.every(({ segment }) => PICTURE.test(segment));
}

/** The text as it may be sent: the server refuses U+0000 and halves of characters, which scripts and pastes can bring. */
export const sendable = (text) => text.replace(/\0/gu, "").replace(/\p{Surrogate}/gu, "\ufffd");

/** One line for a preview. */
export const oneLine = (text) => text.replace(/\s+/gu, " ").trim().slice(0, 200);
