// A safe part of Markdown, as a plain tree. No DOM; nothing in it is ever read as HTML, and there are no images.
import { inline, wordsOf } from "./inline.js";

const DEEPEST = 6; // quotes and lists within each other; beyond that, text stays text
const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*(.*)$/u;
const LANGUAGE = /^[\p{L}\p{N}_+#.-]{0,32}$/u;
const QUOTE = /^ {0,3}> /u;
const ITEM = /^([ \t]*)([-*•]|(?:0|[1-9]\d{0,8})\.)[ \t]+(?=\S)/u;
const RULE = /^[-*_ \t]+$/u;
// Without any of these a text is a paragraph and nothing else: most are.
const MARKED = /[*_~`[@>]|https?:|mailto:|^[ \t]*(?:[-•]|\d+\.)[ \t]/imu;

/**
 * The blocks of a text:
 * `{type: "paragraph", children}` (what `inline` gives; line breaks and blank lines as they were typed),
 * `{type: "code", language, text}`, `{type: "quote", children: blocks}`,
 * `{type: "list", ordered, items: [{value, children: blocks}]}` where `value` is the number that was typed.
 */
export function parse(text, mentionOf) {
  const lines = text.split("\n");
  if (MARKED.test(text)) return blocks(lines, mentionOf, 0);
  const { from, to } = trimmed(lines);
  return from < to ? [{ type: "paragraph", children: [lines.slice(from, to).join("\n")] }] : [];
}

function blocks(lines, mentionOf, depth) {
  const found = [];
  const lonely = {}; // mark → length from which on a fence has no end below
  let plain = [];
  const flush = () => {
    const paragraph = paragraphOf(plain, mentionOf);
    if (paragraph) found.push(paragraph);
    plain = [];
  };
  let at = 0;
  while (at < lines.length) {
    const [block, next] = begun(lines, at, mentionOf, depth, lonely);
    if (block) {
      flush();
      found.push(block);
      at = next;
    } else {
      plain.push(lines[at]);
      at += 1;
    }
  }
  flush();
  return found;
}

/** The block other than a paragraph that begins at a line, and the line behind it; null when none does. */
function begun(lines, at, mentionOf, depth, lonely) {
  const line = lines[at];
  if (FENCE.test(line)) return fence(lines, at, lonely);
  if (depth >= DEEPEST) return [null, at];
  if (QUOTE.test(line)) return quote(lines, at, mentionOf, depth);
  if (isItem(line)) return list(lines, at, mentionOf, depth);
  return [null, at];
}

const isItem = (line) => ITEM.test(line) && !RULE.test(line);

function fence(lines, at, lonely) {
  const [, mark, rest] = lines[at].match(FENCE);
  const inside = rest.trim();
  if (inside.includes(mark[0]) || mark.length >= (lonely[mark[0]] ?? Infinity)) return [null, at];
  const indent = lines[at].indexOf(mark[0]);
  for (let end = at + 1; end < lines.length; end += 1) {
    const closing = lines[end].match(FENCE);
    if (!closing || closing[2] || closing[1][0] !== mark[0] || closing[1].length < mark.length) continue;
    const code = lines.slice(at + 1, end).map((one) => (one.slice(0, indent).trim() ? one : one.slice(indent)));
    // What is no name of a language is the first line of the code.
    if (!LANGUAGE.test(inside)) code.unshift(rest);
    return [{ type: "code", language: LANGUAGE.test(inside) ? inside : "", text: code.join("\n") }, end + 1];
  }
  lonely[mark[0]] = mark.length;
  return [null, at];
}

function quote(lines, at, mentionOf, depth) {
  const inside = [];
  let end = at;
  for (; end < lines.length && (QUOTE.test(lines[end]) || /^ {0,3}>$/u.test(lines[end])); end += 1) inside.push(lines[end].replace(/^ *> ?/u, ""));
  return [{ type: "quote", children: blocks(inside, mentionOf, depth + 1) }, end];
}

/** How far a line is indented, in columns; a tab counts for four. */
function columns(text) {
  let found = 0;
  for (const one of text) {
    if (one === " ") found += 1;
    else if (one === "\t") found += 4;
    else break;
  }
  return found;
}

function unindented(line, by) {
  let left = by;
  let at = 0;
  for (; left > 0 && (line[at] === " " || line[at] === "\t"); at += 1) left -= line[at] === "\t" ? 4 : 1;
  return line.slice(at);
}

/** Items of one kind; what is indented deeper than its item's mark belongs to it. */
function list(lines, at, mentionOf, depth) {
  const first = lines[at].match(ITEM);
  const ordered = first[2].endsWith(".");
  const indent = columns(first[1]);
  const items = [];
  let end = at;
  while (end < lines.length && isItem(lines[end])) {
    const [whole, space, mark] = lines[end].match(ITEM);
    if (mark.endsWith(".") !== ordered || columns(space) > indent + 1 || columns(space) < indent) break;
    const inside = [lines[end].slice(whole.length)];
    for (end += 1; end < lines.length && lines[end].trim() && columns(lines[end]) >= indent + 2; end += 1) {
      inside.push(unindented(lines[end], Math.min(whole.length, columns(lines[end]))));
    }
    items.push({ value: ordered ? Number(mark.slice(0, -1)) : null, children: itemOf(inside, mentionOf, depth) });
  }
  return [{ type: "list", ordered, items }, end];
}

/** The first line of an item is text, whatever it begins with. */
function itemOf([first, ...rest], mentionOf, depth) {
  const own = rest.findIndex((line) => FENCE.test(line) || QUOTE.test(line) || isItem(line));
  const text = paragraphOf([first, ...(own < 0 ? rest : rest.slice(0, own))], mentionOf);
  return [text, ...(own < 0 ? [] : blocks(rest.slice(own), mentionOf, depth + 1))].filter(Boolean);
}

/** Where lines begin and end without the blank ones around them. */
function trimmed(lines) {
  let from = 0;
  let to = lines.length;
  while (from < to && !lines[from].trim()) from += 1;
  while (to > from && !lines[to - 1].trim()) to -= 1;
  return { from, to };
}

/** Marks have their other half before the next blank line. Blank lines around a paragraph are nobody's. */
function paragraphOf(lines, mentionOf) {
  const { from, to } = trimmed(lines);
  if (from === to) return null;
  const parts = lines.slice(from, to).join("\n").split(/(\n(?:[^\S\n]*\n)+)/u);
  const children = parts.flatMap((part, number) => (number % 2 ? [part] : inline(part, mentionOf)));
  return { type: "paragraph", children };
}

const wordsIn = (block) => {
  if (block.type === "code") return block.text;
  if (block.type === "paragraph") return block.children.map(wordsOf).join("");
  if (block.type === "quote") return block.children.map(wordsIn).join("\n");
  return block.items.map(({ value, children }) => [value === null ? "" : `${value}.`, ...children.map(wordsIn)].join(" ")).join("\n");
};

const PREVIEW = 200; // characters
const KEPT = 500; // previews that are remembered: lists ask for the same ones again and again
const previews = new Map();

/** One line for a preview: what was said, without the marks. */
export function plain(text) {
  const start = text.slice(0, 4 * PREVIEW);
  let found = previews.get(start);
  if (found === undefined) {
    const line = (one) => one.replace(/\s+/gu, " ").trim().slice(0, PREVIEW);
    found = line(parse(start).map(wordsIn).join(" ")) || line(start);
    if (previews.size >= KEPT) previews.delete(previews.keys().next().value);
    previews.set(start, found);
  }
  return found;
}
