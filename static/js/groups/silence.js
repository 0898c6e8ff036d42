// Why one can't write in a group, in the composer's place. What was typed stays there, for when one can again.
import { isAdmin } from "../core/rights.js";
import { h } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { until } from "../ui/system.js";

const LONGEST = 2_147_483_647; // milliseconds that a timer can wait

/** A line for the dock of this chat. It lives as long as the dock. */
export function silence(client, chat, composer) {
  const line = h("div", { class: "standing composer--off", role: "status", hidden: true });
  if (!chat.isGroup) return line;
  const listening = new AbortController();
  let wasThere = false;
  let timer = null;

  function draw() {
    wasThere ||= line.isConnected;
    if (wasThere && !line.isConnected) {
      clearTimeout(timer);
      listening.abort();
      return;
    }
    const words = reason(client, chat);
    if (words === line.textContent && line.hidden === !words) return;
    const hadFocus = composer.contains(document.activeElement);
    composer.hidden = Boolean(words);
    line.hidden = !words;
    line.textContent = words;
    if (words && hadFocus) document.querySelector(".log")?.focus({ preventScroll: true });
    clearTimeout(timer);
    const left = chat.silencedUntil - serverTime(client);
    if (left > 0) timer = setTimeout(draw, Math.min(left + 500, LONGEST));
  }
  for (const type of ["list", "group"]) client.addEventListener(type, draw, { signal: listening.signal });
  draw();
  return line;
}

const serverTime = (client) => Date.now() - client.clockAhead;

function reason(client, chat) {
  if (chat.left) return gettext("You are no longer in this group.");
  if (chat.silencedUntil > serverTime(client)) return format(gettext("You are muted until %(time)s."), { time: until(chat.silencedUntil) });
  return chat.posting === "admins" && !isAdmin(chat) ? gettext("Only admins can write here.") : "";
}
