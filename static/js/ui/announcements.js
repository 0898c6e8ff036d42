// What an administrator tells everybody: it stays until it is closed, or over. Closed ones stay closed on this device.
import * as storage from "../lib/storage.js";
import { h, icon, sr } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";

const KEPT = 50; // closed ones that are remembered
const LONGEST = 2_147_483_647; // milliseconds that a timer can wait

export function attachAnnouncements(client) {
  const place = document.querySelector("[data-announcements]");
  const shown = new Map(); // id → {element, timer}
  const key = `announcements.${client.me.id}`;
  const closed = () => [storage.read(key, [])].flat();

  function remove(id) {
    clearTimeout(shown.get(id)?.timer);
    shown.get(id)?.element.remove();
    shown.delete(id);
  }

  function last(id, milliseconds) {
    const one = shown.get(id);
    clearTimeout(one.timer);
    one.timer = setTimeout(() => remove(id), Math.min(milliseconds, LONGEST));
  }

  function close(id) {
    storage.write(key, [...closed(), id].slice(-KEPT));
    remove(id);
  }

  // The same one may come again, with every connection; one that is over takes itself away.
  client.addEventListener("announcement", ({ detail: { id, text, level, expiresAt } }) => {
    const left = expiresAt === null ? LONGEST : expiresAt - (Date.now() - client.clockAhead);
    if (left <= 0) return remove(id);
    if (shown.has(id)) return last(id, left); // it may be over sooner than was said: also when this clock is a little behind
    if (closed().includes(id)) return;
    const isWarning = level === "warning";
    const element = h(
      "div", { class: "announcement", "data-level": level, role: isWarning ? "alert" : "status" },
      icon(isWarning ? "alert" : "info"),
      h("p", { class: "announcement__text", dir: "auto" }, text),
      h("button", { class: "icon-btn", type: "button", title: gettext("Close"), onclick: () => close(id) }, icon("close"), sr(gettext("Close"))),
    );
    place.append(element);
    shown.set(id, { element, timer: null });
    last(id, left);
  });
}
