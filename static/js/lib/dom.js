// Makes elements without ever parsing a string as HTML.
const SPRITE = new URL("../../icons.svg", import.meta.url).pathname;
const SVG = "http://www.w3.org/2000/svg";

/** An element: `h("p", {class: "x", hidden: true, onclick: f}, "text", child)`. null and false children are left out. */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function use(name, attributes) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  const link = document.createElementNS(SVG, "use");
  link.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(link);
  return svg;
}

export const icon = (name, size = "") => use(name, { class: `icon ${size}`.trim(), "aria-hidden": "true" });

/** The mark of an own message: queued, sent, delivered or read. */
export const tick = (status, label) =>
  use(`t-${status === "waiting" ? "clock" : status}`, {
    class: `tick-icon tick--${status}`, role: "img", "aria-label": label,
  });

export const sr = (text) => h("span", { class: "sr" }, text);

/** One of twelve hues for an id, the same everywhere. */
export const hue = (id) => ((Math.imul(Number(id), 2654435761) >>> 0) % 12) + 1;

/** One or two letters for a name: the first of the first and the last word; one for scripts without spaces. */
export function initials(name) {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = (word) => [...word][0] ?? "";
  if (!words.length) return "?";
  if (/\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u.test(first(words[0]))) return first(words[0]);
  return (first(words[0]) + (words.length > 1 ? first(words.at(-1)) : "")).toLocaleUpperCase();
}

const PICTURES = [96, 256, 512]; // pixels that the server has pictures in

/**
 * The picture of a person or chat: `picture` (its address) where they have one, over the initials, which stay when it does
 * not come. `presence`: "online" or nothing.
 */
export function avatar({ id, name, size = "", note = false, group = false, picture = null }, presence = "") {
  const kind = note ? " av--note" : group ? " av--group" : "";
  const properties = { class: `av${size && ` av--${size}`}${kind}`, "data-hue": hue(id), "aria-hidden": "true" };
  if (presence) properties["data-presence"] = presence;
  if (note) return h("span", properties, icon("save"));
  return h("span", properties, initials(name), picture && face(picture, Number(size) || 46));
}

function face(picture, size) {
  const wanted = size * Math.min(3, globalThis.devicePixelRatio || 1);
  const pixels = PICTURES.find((one) => one >= wanted) ?? PICTURES.at(-1);
  const image = h("img", { class: "av__face", src: `${picture}?size=${pixels}`, alt: "", width: size, height: size, decoding: "sync" });
  image.addEventListener("error", () => image.remove());
  return image;
}
