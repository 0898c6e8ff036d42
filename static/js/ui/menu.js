// A menu at a button: a popover that the keyboard can use. Esc and a click elsewhere close it.
import { h, icon } from "../lib/dom.js";

/** `items`: `{icon, text, act, danger, href}`; null is a line. The first item gets the focus. */
export function openMenu(button, items) {
  const menu = h("div", { class: "menu", role: "menu", popover: "auto" }, ...items.map(entry));
  (button.closest("main, nav, aside, section, [role=main], [role=region], dialog") ?? document.body).append(menu); // stays in its landmark
  button.setAttribute("aria-expanded", "true");
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    button.setAttribute("aria-expanded", "false");
    if (menu.contains(document.activeElement) || document.activeElement === document.body) button.focus();
    menu.remove();
  });
  menu.addEventListener("click", (event) => event.target.closest("[role=menuitem]") && menu.hidePopover());
  menu.addEventListener("keydown", (event) => move(event, menu));
  menu.showPopover();
  place(menu, button);
  menu.querySelector("[role=menuitem]")?.focus();
}

function entry(item) {
  if (!item) return h("hr");
  const properties = { class: "menu__item", role: "menuitem", tabindex: "-1", "data-danger": Boolean(item.danger) };
  if (item.href) return h("a", { ...properties, href: item.href }, icon(item.icon), item.text);
  return h("button", { ...properties, type: "button", onclick: item.act }, icon(item.icon), item.text);
}

function move(event, menu) {
  const items = [...menu.querySelectorAll("[role=menuitem]")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Tab") menu.hidePopover();
  if (step === undefined) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}

/** Beside the button, within the window. */
function place(menu, button) {
  const { top, bottom, left, right } = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const under = bottom + 6 + height < innerHeight;
  const start = document.documentElement.dir === "rtl" ? left : right - width;
  menu.style.setProperty("top", `${Math.max(8, under ? bottom + 6 : top - height - 6)}px`);
  menu.style.setProperty("left", `${Math.min(Math.max(8, start), innerWidth - width - 8)}px`);
}
