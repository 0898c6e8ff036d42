// Trees of the page's markup, written down for tests.
import { parse, plain } from "/static/js/core/markup.js";

export { parse, plain };

export const who = (name) => ({ ben: { id: 3, name: "Ben" }, 小明: { id: 4, name: "小明" } })[name] ?? null;

function inner(nodes) {
  return nodes.map((node) => {
    if (typeof node === "string") return node;
    if (node.type === "code") return `<c>${node.text}</c>`;
    if (node.type === "mention") return `<@${node.id}>`;
    if (node.type === "link") return `<a ${node.href}>${inner(node.children)}</a>`;
    return `<${node.type[0]}>${inner(node.children)}</${node.type[0]}>`;
  }).join("");
}

/** A tree as one line: P paragraph, C code, Q quote, U and O lists; <b> bold, <i> italic, <s> strike, <c> code. */
export function line(blocks) {
  return blocks.map((block) => {
    if (block.type === "paragraph") return `P(${inner(block.children)})`;
    if (block.type === "code") return `C[${block.language}](${block.text})`;
    if (block.type === "quote") return `Q{${line(block.children)}}`;
    return `${block.ordered ? "O" : "U"}{${block.items.map(({ value, children }) => (value ?? "") + line(children)).join(";")}}`;
  }).join(" ");
}

/** All that a tree holds, in its order: words, addresses that the words hide, languages, numbers. */
export function saidIn(node) {
  if (typeof node === "string") return node;
  if (node.type === "code") return (node.language ?? "") + node.text;
  if (node.type === "mention") return node.text;
  if (node.type === "list") return node.items.map(({ value, children }) => (value ?? "") + children.map(saidIn).join("")).join("");
  const words = node.children.map(saidIn).join("");
  return node.type === "link" && words !== node.href ? words + node.href : words;
}

export function depthOf(node) {
  if (typeof node === "string") return 0;
  const children = node.items?.flatMap((item) => item.children) ?? node.children ?? [];
  return 1 + children.reduce((most, child) => Math.max(most, depthOf(child)), 0);
}

/** What of a text is no mark, nor could be one. ">" begins quotes. */
export const letters = (text) => text.replace(/[^\p{L}\p{N}<&"'=/]/gu, "");

/** How long a text takes, in milliseconds, how deep its tree is, and whether it holds all that was typed. */
export function weigh(text) {
  const began = performance.now();
  const tree = parse(text, who);
  const time = performance.now() - began;
  return [time, Math.max(0, ...tree.map(depthOf)), letters(tree.map(saidIn).join("")) === letters(text)];
}
