// What a line of text is made of: bold, italic, strike, code, links, mentions. No DOM.
import { addressAt, isAddress, misleads } from "./addresses.js";

// Where something may begin or end. Runs are taken as a whole.
const NEXT = /\*+|_+|~+|`+|\[|\]\(|@|https?:\/\/|mailto:/giu;
const TARGET = /\]\(([^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\)/uy;
const NAME = /[\p{L}\p{M}\p{N}_.+-]{1,64}/uy;
const LETTER = /[\p{L}\p{M}\p{N}]/u;
// Scripts that put no space between words: a mark may stand between any two of their letters.
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const KINDS = { "*": { 1: ["italic"], 2: ["bold"], 3: ["bold", "italic"] }, _: { 1: ["italic"] }, "~": { 2: ["strike"] } };

const isLetter = (one) => one !== "" && LETTER.test(one);
const isWord = (one) => isLetter(one) && !DENSE.test(one);
const isSpace = (one) => one === "" || /\s/u.test(one);

/** The character that ends before `at`, whole; "" at the start. */
function before(text, at) {
  const isLow = /[\udc00-\udfff]/.test(text[at - 1] ?? "");
  return isLow ? text.slice(Math.max(0, at - 2), at) : (text[at - 1] ?? "");
}

/**
 * A text as a list of strings and `{type, …}`: bold, italic and strike have `children`, code has `text`, link `href` and
 * `children`, mention what `mentionOf(username)` returned (null for nobody) and `text`. Marks that have no other
 * half stay what they are. Takes time in proportion to the text, and is never deeper than five.
 */
export const inline = (text, mentionOf = () => null) => new Inline(text, mentionOf).parse();

class Inline {
  #out = [];
  #open = new Map(); // kind and character → {at, size}: the last mark of a kind that waits for its other half
  #bracket = null; // {at}: the last "[" that waits for "](…)"

  constructor(text, mentionOf) {
    this.text = text;
    this.mentionOf = mentionOf;
  }

  parse() {
    let done = 0;
    NEXT.lastIndex = 0;
    for (let match = NEXT.exec(this.text); match; match = NEXT.exec(this.text)) {
      const { index: at, 0: found } = match;
      this.#say(this.text.slice(done, at));
      done = at + this.#take(found, at);
      NEXT.lastIndex = done;
    }
    this.#say(this.text.slice(done));
    return joined(this.#out);
  }

  /** Handle what was found; returns how many characters of the text that took. */
  #take(found, at) {
    const first = found[0].toLowerCase();
    if (first === "h" || first === "m") return this.#address(found, at);
    if (this.text[at - 1] === "\\") return this.#say(found); // no mark; and the backslash stays
    if (first === "`") return this.#code(found, at);
    if (first === "[") return this.#openBracket();
    if (first === "]") return this.#link(at);
    if (first === "@") return this.#mention(at);
    return this.#mark(found, at);
  }

  #say(text) {
    if (text) {
      if (typeof this.#out.at(-1) === "string" && !this.#isHeld(this.#out.length)) this.#out[this.#out.length - 1] += text;
      else this.#out.push(text);
    }
    return text.length;
  }

  /** Whether something waits just there, so that what comes next must stay a piece of its own. */
  #isHeld(at) {
    for (const one of this.#open.values()) if (one.at === at - 1) return true;
    return this.#bracket?.at === at - 1;
  }

  #code(run, at) {
    const ends = /`+/gu;
    ends.lastIndex = at + run.length;
    let end = ends.exec(this.text);
    while (end && end[0].length !== run.length) end = ends.exec(this.text);
    if (!end) return this.#say(run);
    let text = this.text.slice(at + run.length, end.index);
    if (text.includes("`") && /^ .+ $/su.test(text)) text = text.slice(1, -1); // `` `a` ``: room for the marks
    this.#out.push({ type: "code", text });
    return ends.lastIndex - at;
  }

  #openBracket() {
    this.#out.push("[");
    this.#bracket = { at: this.#out.length - 1 };
    return 1;
  }

  #link(at) {
    const bracket = this.#bracket;
    TARGET.lastIndex = at;
    const found = bracket && TARGET.exec(this.text);
    if (!found || !isAddress(found[1])) return this.#say("](");
    this.#bracket = null;
    const inside = this.#out.slice(bracket.at + 1);
    const words = inside.map(wordsOf).join("");
    if (!words.trim() || inside.some(isLink) || misleads(words, found[1])) return this.#say("](");
    this.#wrap(bracket.at, { type: "link", href: found[1] });
    return found[0].length;
  }

  #address(found, at) {
    const address = isWord(before(this.text, at)) ? "" : addressAt(this.text, at);
    if (!address) return this.#say(found);
    this.#out.push({ type: "link", href: address, children: [address] });
    return address.length;
  }

  #mention(at) {
    NAME.lastIndex = at + 1;
    const name = isWord(before(this.text, at)) ? "" : (NAME.exec(this.text)?.[0] ?? "");
    for (let end = name.length; end > 0; end -= 1) {
      // A shorter name counts where the rest is no part of its word: a full stop, or a script without spaces.
      const rest = name[end] ?? "";
      if (rest === "_" || isWord(rest)) continue;
      const person = this.mentionOf(name.slice(0, end));
      if (!person) continue;
      this.#out.push({ ...person, type: "mention", text: `@${name.slice(0, end)}` });
      return end + 1;
    }
    return this.#say("@");
  }

  /** A run of `*`, `_` or `~`: the second half of what is open, or the first half of what may come. */
  #mark(run, at) {
    const kinds = KINDS[run[0]][run.length];
    if (!kinds) return this.#say(run);
    const previous = before(this.text, at);
    const next = String.fromCodePoint(this.text.codePointAt(at + run.length) ?? 32);
    const isGlue = run[0] === "_" ? isLetter : isWord;
    let left = kinds;
    if (!isSpace(previous) && !isGlue(next)) left = this.#close(run[0], left);
    if (!left.length) return run.length;
    const size = left.reduce((sum, kind) => sum + sizeOf(kind), 0);
    const canOpen = !isSpace(next) && !isGlue(previous);
    if (!canOpen) return this.#say(run.slice(0, size)) && run.length;
    for (const kind of left) {
      this.#out.push(run[0].repeat(sizeOf(kind)));
      this.#open.set(kind + run[0], { at: this.#out.length - 1 });
    }
    return run.length;
  }

  /** Close those of `kinds` that are open, the last one first; returns those that were not. */
  #close(mark, kinds) {
    const open = kinds.filter((kind) => this.#open.has(kind + mark)).sort((one, other) => this.#open.get(other + mark).at - this.#open.get(one + mark).at);
    const done = new Set();
    for (const kind of open) {
      const start = this.#open.get(kind + mark);
      if (!start || start.at === this.#out.length - 1) continue;
      this.#wrap(start.at, { type: kind });
      done.add(kind);
    }
    return kinds.filter((kind) => !done.has(kind));
  }

  /** Everything behind the mark at `at` becomes the children of a node that takes its place. */
  #wrap(at, node) {
    for (const [key, one] of this.#open) if (one.at >= at) this.#open.delete(key);
    if (this.#bracket?.at >= at) this.#bracket = null;
    const [, ...children] = this.#out.splice(at);
    this.#out.push({ ...node, children: joined(children) });
  }
}

/** The same list, strings beside each other made one. */
function joined(nodes) {
  const found = [];
  let text = "";
  for (const node of [...nodes, null]) {
    if (typeof node === "string") text += node;
    else {
      if (text) found.push(text);
      if (node) found.push(node);
      text = "";
    }
  }
  return found;
}

const sizeOf = (kind) => (kind === "italic" ? 1 : 2);
const isLink = (node) => node.type === "link" || node.type === "mention" || Boolean(node.children?.some(isLink));

/** What a node says, without its marks. */
export const wordsOf = (node) => (typeof node === "string" ? node : (node.text ?? node.children.map(wordsOf).join("")));
