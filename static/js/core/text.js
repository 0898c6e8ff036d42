// Texts: whether one is nothing but emoji, and what may be sent. No DOM.
const EMOJI = /^(?:\p{Extended_Pictographic}|\p{Emoji_Presentation}|\p{Regional_Indicator}|\p{Emoji_Modifier}|[\u200d\ufe0f\u20e3#*0-9])+$/u;
const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;

/** Whether a text is one to three emoji and nothing else: shown large and without a bubble. */
export function onlyEmoji(text) {
  const trimmed = text.replace(/\s+/gu, "");
  if (!trimmed || trimmed.length > 40 || !EMOJI.test(trimmed)) return false;
  const graphemes = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(trimmed)];
  return graphemes.length <= 3 && graphemes.every(({ segment }) => PICTURE.test(segment));
}

/** The text as it may be sent: the server refuses U+0000 and halves of characters, which scripts and pastes can bring. */
export const sendable = (text) => text.replace(/\0/gu, "").replace(/\p{Surrogate}/gu, "\ufffd");
