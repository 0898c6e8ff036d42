// The emoji to react with.
import { pickEmoji } from "./emoji-picker.js";

/** Let somebody choose at `element`, a message or a button of it. Resolves to an emoji or null. */
export async function pickReaction(element) {
  const article = element.closest(".msg") ?? element;
  const anchor = element.closest("button") ?? article.querySelector("[data-tool=react]:not([hidden])") ?? article;
  const emoji = await pickEmoji(anchor);
  if (anchor === article) article.removeAttribute("aria-expanded");
  if (!document.activeElement || document.activeElement === document.body) article.focus({ preventScroll: true });
  return emoji;
}
