// The emoji to react with.
import { pickEmoji } from "./emoji-picker.js";

/** Let somebody choose at `element`, which the focus goes back to. Resolves to an emoji or null. */
export async function pickReaction(element) {
  const emoji = await pickEmoji(element);
  if (document.activeElement === document.body) element.focus?.({ preventScroll: true });
  return emoji;
}
