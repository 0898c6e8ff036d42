// Colours for code, which the server finds: they come when the code is in view, after its text, and change nothing but colour.
import * as api from "../net/api.js";

const KEPT = 200; // pieces of code whose colours are remembered
const known = new Map(); // language and text → promise of its pieces, or of null
const waiting = new WeakMap();

const seen = globalThis.IntersectionObserver && new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    fill(target, waiting.get(target));
  }
}, { rootMargin: "200px" });

/** Colour the text of an element when it comes into view. Where that cannot be done the code stays plain. */
export function paint(element, language, text) {
  waiting.set(element, { language, text });
  seen?.observe(element);
}

async function fill(element, { language, text }) {
  const pieces = await ask(language, text);
  if (!pieces || element.textContent !== text) return;
  element.replaceChildren(...pieces.map(([kind, part]) => {
    if (!kind) return part;
    const span = document.createElement("span");
    span.className = `tok-${kind}`;
    span.textContent = part;
    return span;
  }));
}

function ask(language, text) {
  const key = `${language}\n${text}`;
  if (!known.has(key)) {
    if (known.size >= KEPT) known.delete(known.keys().next().value);
    known.set(key, find(language, text).catch(() => (known.delete(key), null))); // another time, perhaps
  }
  return known.get(key);
}

async function find(language, text) {
  const { pieces } = await api.post("highlight", { language, text });
  return pieces?.map(([, part]) => part).join("") === text ? pieces : null;
}
