// What the messages of the log hear: clicks on what they show, their menu, their tools, their keys, fingers.
import { isInside, visit } from "./views.js";
import { walk } from "./scroll.js";
import { press } from "./log-states.js";
import { jumpTo } from "./log-paging.js";
import { deeds } from "./message-deeds.js";
import { pressKey } from "./message-keys.js";
import { messageMenu } from "./message-menu.js";
import { attachTools } from "./message-tools.js";
import { attachFingers } from "./fingers.js";
import { messageOf } from "./log-draw.js";
import { hint } from "./hints.js";

/** `view`: the log element. */
export function attachMessages(view) {
  const { log } = view;
  log.addEventListener("click", (event) => press(view, event) || click(view, event));
  log.addEventListener("keydown", (event) => walk(log, event) || pressKey(view, event));
  log.addEventListener("contextmenu", (event) => menu(view, event));
  log.addEventListener("pointerover", (event) => hint(view, event.target));
  attachTools(view);
  attachFingers(view);
}

function menu(view, event) {
  if (document.querySelector(".menu--sheet:popover-open")) {
    event.preventDefault(); // a long press was quicker
    return;
  }
  const article = event.target.closest(".msg");
  const message = messageOf(view, article);
  if (!message || event.target.closest("a[href], .tools, .menu") || String(getSelection())) return; // the browser's own has more for those
  event.preventDefault();
  const byKey = event.button !== 2 || (!event.clientX && !event.clientY);
  messageMenu(view, message, article, { at: byKey || event.pointerType === "touch" ? null : { x: event.clientX, y: event.clientY }, sheet: event.pointerType === "touch" });
}

function click(view, event) {
  const { target } = event;
  const link = target.closest("a[href]");
  if (link) {
    inside(link, event);
    return;
  }
  const message = messageOf(view, target);
  const button = target.closest("button");
  if (!message || !button) return;
  const { quote, emoji } = button.dataset;
  if (quote) jumpTo(view, Number(quote));
  else if (emoji) deeds.toggle(view, message, emoji);
  else if ("react" in button.dataset) deeds.react(view, message, button);
  else if ("history" in button.dataset) deeds.history(view, message);
  else if ("restore" in button.dataset) deeds.restore(view, message);
}

/** An address of this page in a text is opened in the page. */
function inside(link, event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || link.origin !== location.origin || !isInside(link.pathname)) return;
  event.preventDefault();
  visit(link.pathname);
}
