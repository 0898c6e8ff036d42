// The emoji to react with.
import { QUICK } from "../core/reactions.js";
import { openMenu } from "./menu.js";

/** Let somebody choose at `element`, which the focus goes back to. Resolves to an emoji or null. */
export const pickReaction = (element) =>
  new Promise((resolve) => {
    const menu = openMenu(element, QUICK.map((emoji) => ({ icon: "smile", text: emoji, act: () => resolve(emoji) })));
    menu.addEventListener("toggle", (event) => event.newState === "closed" && setTimeout(() => resolve(null), 0));
  });
