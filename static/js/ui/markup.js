// A text that somebody wrote, as elements: made one by one, nothing of it is ever read as HTML.
import { onlyEmoji } from "../core/text.js";
import { parse } from "../core/markup.js";
import { h, icon } from "../lib/dom.js";
import { format, gettext } from "../lib/i18n.js";
import { paint } from "./code-colours.js";
import { toast } from "./toasts.js";
import { visit } from "./views.js";

const SHOWN = 2_000; // milliseconds for which a button says that it has copied
const TAGS = { bold: "strong", italic: "em", strike: "s" };

/**
 * The elements of a text. `after` (the time and the mark of a message) floats into the last line where that is one of a
 * paragraph, and comes below anything else. `mentionOf(username)` returns `{id, name, me}` or null.
 */
export function draw(text, { after = null, mentionOf } = {}) {
  if (onlyEmoji(text)) return [paragraph([text], after)];
  const blocks = parse(text, mentionOf);
  const found = blocks.map((block, number) => drawn(block, number === blocks.length - 1 ? after : null));
  const last = blocks.at(-1);
  if (after && !takes(last)) found.push(h("p", { class: "bubble__text bubble__end" }, after));
  return found;
}

/** Whether something can float into the last line of a block. */
const takes = (block) => block?.type === "paragraph" || (block?.type === "list" && block.items.at(-1).children.at(-1)?.type === "paragraph");

const paragraph = (children, after) => h("p", { class: "bubble__text", dir: "auto" }, ...children, after);

function drawn(block, after = null) {
  if (block.type === "paragraph") return paragraph(block.children.map(piece), after);
  if (block.type === "code") return code(block);
  if (block.type === "quote") return h("blockquote", { class: "bubble__quote", dir: "auto" }, ...block.children.map((child) => drawn(child)));
  const items = block.items.map((item, number) => entry(item, number === block.items.length - 1 && takes(block) ? after : null));
  return h(block.ordered ? "ol" : "ul", { class: "bubble__list", dir: "auto" }, ...items);
}

/** An item: the number that was typed is its number. */
function entry({ value, children }, after) {
  const last = children.length - 1;
  return h("li", { value }, ...children.map((child, number) => {
    if (child.type !== "paragraph") return drawn(child);
    return h("p", { class: "bubble__item", dir: "auto" }, ...child.children.map(piece), number === last && after);
  }));
}

function piece(node) {
  if (typeof node === "string") return node;
  if (node.type === "code") return h("code", { dir: "ltr" }, node.text);
  if (node.type === "mention") return h("span", { class: node.me ? "mention mention--me" : "mention", title: node.text }, `@${node.name}`);
  const children = node.children.map(piece);
  return node.type === "link" ? link(node.href, children) : h(TAGS[node.type], {}, ...children);
}

/** An address. A conversation of this very site opens in this page; where the words hide the address, the title tells it. */
function link(href, children) {
  const title = children.length === 1 && children[0] === href ? null : href;
  if (isInside(href)) return h("a", { href, title, "data-inside": true }, ...children);
  return h("a", { href, title, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

function isInside(href) {
  const { origin, pathname } = new URL(href);
  return origin === location.origin && pathname.startsWith("/chat/");
}

globalThis.document?.addEventListener("click", (event) => {
  const inside = event.target.closest?.("a[data-inside]");
  if (!inside || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  visit(inside.pathname);
});

function code({ language, text }) {
  const shown = h("code", {}, text);
  const label = language ? format(gettext("Code, %(language)s"), { language }) : gettext("Code");
  if (language) paint(shown, language, text);
  return h(
    "div", { class: "codeblock", dir: "ltr" },
    h("div", { class: "codeblock__head" }, h("span", {}, language || gettext("Code")), copyButton(text)),
    h("pre", { tabindex: "0", role: "group", "aria-label": label }, shown),
  );
}

function copyButton(text) {
  const button = h("button", { class: "btn", type: "button" });
  const say = (words) => button.replaceChildren(icon("copy", "icon--s"), words);
  say(gettext("Copy"));
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text); // only over HTTPS or on this computer
      say(gettext("Copied"));
      setTimeout(() => say(gettext("Copy")), SHOWN);
    } catch {
      toast(gettext("This browser does not allow copying here."), { error: true });
    }
  });
  return button;
}
