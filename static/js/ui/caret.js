// Where in the window a character of a textarea is.
import { h } from "../lib/dom.js";

const COPIED = [
  "direction", "font", "letterSpacing", "lineHeight", "paddingTop", "paddingRight", "paddingBottom", "paddingLeft",
  "tabSize", "textAlign", "textIndent", "textTransform", "wordSpacing", "wordBreak", "overflowWrap",
];

/** The place of the character at `index`, in the window: `{x, top, bottom}`. */
export function caretPlace(field, index) {
  const from = getComputedStyle(field);
  const mark = h("span", {}, "\u200b");
  const mirror = h("div", { "aria-hidden": "true" }, field.value.slice(0, index), mark, field.value.slice(index) || ".");
  for (const name of COPIED) mirror.style[name] = from[name];
  Object.assign(mirror.style, { position: "fixed", left: "0", top: "0", visibility: "hidden", whiteSpace: "pre-wrap", boxSizing: "border-box" });
  mirror.style.width = `${field.clientWidth}px`;
  document.body.append(mirror);
  const { left, top, height } = mark.getBoundingClientRect();
  mirror.remove();
  const box = field.getBoundingClientRect();
  const y = box.top + top - field.scrollTop;
  return { x: box.left + left, top: Math.max(box.top, y), bottom: Math.min(box.bottom, y + height) };
}
