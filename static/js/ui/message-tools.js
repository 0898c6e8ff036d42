// The tools over a message: one row of buttons, put where the pointer or the focus is. It floats and never moves the text.
import { h, icon, sr } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { QUICK } from "../core/reactions.js";
import { deeds } from "./message-deeds.js";
import { messageMenu, rightsOf } from "./message-menu.js";
import { messageOf } from "./log-draw.js";

const [THUMB] = QUICK;

export function attachTools(view) {
  const { log } = view;
  const button = (name, title, ...children) => h("button", { class: "icon-btn", type: "button", "data-tool": name, title }, ...children);
  const thumb = format(gettext("React with %(emoji)s"), { emoji: THUMB });
  const row = h(
    // Nothing of it is news: the log around it is a live region.
    "div", { class: "tools", role: "toolbar", "aria-label": gettext("Message actions"), "aria-live": "off" },
    button("thumb", thumb, h("span", { "aria-hidden": "true" }, THUMB), sr(thumb)),
    button("react", gettext("React"), icon("smile"), sr(gettext("React"))),
    button("reply", `${gettext("Reply")} (R)`, icon("reply", "icon--flip"), sr(gettext("Reply"))),
    button("more", gettext("More"), icon("more"), sr(gettext("More"))),
  );
  row.querySelector("[data-tool=more]").setAttribute("aria-haspopup", "menu");
  row.querySelector("[data-tool=react]").setAttribute("aria-haspopup", "dialog");
  const put = ({ target }) => {
    const article = target.closest?.(".msg");
    const bubble = article?.querySelector(".bubble");
    if (!bubble || row.parentElement === bubble || document.querySelector("[popover]:popover-open")) return;
    const message = messageOf(view, article);
    const can = message && rightsOf(view, message);
    if (!can || !(can.react || can.reply || can.copy || can.takeBack)) {
      row.remove();
      return;
    }
    for (const one of row.children) one.hidden = !{ thumb: can.react, react: can.react, reply: can.reply, more: true }[one.dataset.tool];
    bubble.append(row);
  };
  log.addEventListener("pointerover", (event) => event.pointerType === "mouse" && put(event));
  log.addEventListener("focusin", put);
  row.addEventListener("click", (event) => act(view, event.target.closest("button")));
}

function act(view, button) {
  const article = button?.closest(".msg");
  const message = messageOf(view, article);
  if (!message) return;
  const { tool } = button.dataset;
  if (tool === "thumb") deeds.toggle(view, message, THUMB);
  if (tool === "react") deeds.react(view, message, button);
  if (tool === "reply") deeds.reply(view, message);
  if (tool === "more") messageMenu(view, message, button);
}
