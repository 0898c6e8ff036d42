// Fingers on a message: a long press opens its menu, a swipe towards the end of the line answers it.
import { messageMenu, rightsOf } from "./message-menu.js";
import { deeds } from "./message-deeds.js";
import { messageOf } from "./log-draw.js";

const LONG = 450; // milliseconds
const STILL = 10; // pixels that a resting finger may move
const SWIPE = 40;
const MOST = 64;

export function attachFingers(view) {
  const { log } = view;
  let touch = null; // {article, bubble, x, y, by, timer, swiping}

  const end = () => {
    if (!touch) return;
    clearTimeout(touch.timer);
    touch.bubble.style.removeProperty("translate");
    touch = null;
  };
  const press = () => {
    const { article } = touch;
    end();
    const message = messageOf(view, article);
    if (!message || document.querySelector("[popover]:popover-open, dialog[open]")) return;
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(10);
    messageMenu(view, message, article, { sheet: true });
  };
  log.addEventListener("touchstart", (event) => {
    end();
    const article = event.target.closest(".msg");
    const bubble = article?.querySelector(".bubble");
    if (!bubble || event.touches.length > 1 || event.target.closest("pre")) return; // code scrolls sideways itself
    const [{ clientX: x, clientY: y }] = event.touches;
    touch = { article, bubble, x, y, by: 0, swiping: false, timer: setTimeout(press, LONG) };
  }, { passive: true });
  log.addEventListener("touchmove", (event) => {
    if (!touch) return;
    const [{ clientX, clientY }] = event.touches;
    const forth = document.documentElement.dir === "rtl" ? -1 : 1;
    const by = (clientX - touch.x) * forth;
    const aside = Math.abs(clientY - touch.y);
    if (Math.max(Math.abs(by), aside) < STILL) return;
    clearTimeout(touch.timer);
    if (!touch.swiping && (aside > Math.abs(by) || by < 0)) {
      end(); // it scrolls
      return;
    }
    touch.swiping = true;
    touch.by = Math.max(0, Math.min(MOST, by));
    touch.bubble.style.setProperty("translate", `${touch.by * forth}px`);
  }, { passive: true });
  log.addEventListener("touchend", (event) => {
    if (!touch) {
      if (document.querySelector(".menu--sheet:popover-open")) event.preventDefault(); // the lifted finger is no click
      return;
    }
    const { article, by } = touch;
    end();
    if (by < SWIPE) return;
    const message = messageOf(view, article);
    if (message && rightsOf(view, message).reply) deeds.reply(view, message);
  });
  log.addEventListener("touchcancel", end);
}
