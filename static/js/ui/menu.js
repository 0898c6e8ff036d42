// A menu at a button: a popover that the keyboard can use. Esc and a click elsewhere close it.
import { h, icon } from "../lib/dom.js";

/**
 * `items`: `{icon, text, act, danger, href, key}`; null is a line. The first item gets the focus. `head`: a node above them. `at`:
 * the point `{x, y}` where it opens, else beside the button. `sheet`: at the bottom of the window, for fingers.
 */
export function openMenu(button, items, { head = null, at = null, sheet = false, label = null } = {}) {
  const menu = h("div", { class: `menu${sheet ? " menu--sheet" : ""}`, role: "menu", popover: "auto", "aria-label": label }, head, ...items.map(entry));
  home(button).append(menu);
  const isButton = button.hasAttribute("aria-haspopup");
  if (isButton) button.setAttribute("aria-expanded", "true");
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    if (isButton) button.setAttribute("aria-expanded", "false");
    if (menu.contains(document.activeElement) || document.activeElement === document.body) button.focus();
    menu.remove();
  });
  const choose = ({ target }) => {
    if (!target.closest("[role^=menuitem]")) return;
    menu.hidePopover();
    button.focus({ preventScroll: true }); // what the item does comes after this, and dialogs lead back here
  };
  menu.addEventListener("click", choose, { capture: true });
  menu.addEventListener("keydown", (event) => move(event, menu));
  menu.showPopover();
  if (!sheet) place(menu, at ? { top: at.y, bottom: at.y - 6, left: at.x, right: at.x + menu.offsetWidth } : button);
  menu.querySelector("[role=menuitem]")?.focus();
  return menu;
}

/** Where something floats that belongs to `button`: in its landmark, but never among messages, which are drawn anew and read out. */
export function home(button) {
  const from = button.closest(".log")?.parentElement ?? button;
  return from.closest("main, nav, aside, section, [role=main], [role=region], dialog") ?? document.body;
}

function entry(item) {
  if (!item) return h("hr");
  const properties = { class: "menu__item", role: "menuitem", tabindex: "-1", "data-danger": Boolean(item.danger) };
  if (item.href) return h("a", { ...properties, href: item.href }, icon(item.icon), item.text);
  return h("button", { ...properties, type: "button", onclick: item.act }, icon(item.icon, item.flip ? "icon--flip" : ""), item.text, item.key && h("span", { class: "kbd", "aria-hidden": "true" }, item.key));
}

function move(event, menu) {
  const items = [...menu.querySelectorAll("[role^=menuitem]")];
  const forth = document.documentElement.dir === "rtl" ? -1 : 1;
  const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: forth, ArrowLeft: -forth }[event.key];
  if (event.key === "Tab") menu.hidePopover();
  if (step === undefined) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}

/** Beside an element or a box, within the window. */
export function place(menu, anchor) {
  const { top, bottom, left, right } = anchor.getBoundingClientRect?.() ?? anchor;
  const { offsetWidth: width, offsetHeight: height } = menu;
  const under = bottom + 6 + height < innerHeight;
  const start = document.documentElement.dir === "rtl" ? left : right - width;
  menu.style.setProperty("top", `${Math.max(8, under ? bottom + 6 : top - height - 6)}px`);
  menu.style.setProperty("left", `${Math.min(Math.max(8, start), innerWidth - width - 8)}px`);
}
