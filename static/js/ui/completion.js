// Completion above the caret of a text field: a list that the keyboard goes through while the focus stays in the field.
import { h } from "../lib/dom.js";
import { caretPlace } from "./caret.js";
import { replaceRange } from "./insert.js";

const WORD = /[\p{L}\p{M}\p{N}_.+'’-]{0,32}$/u;
const GLUED = /[\p{Script=Latin}\p{N}_@:/\\]$/u; // "12:30", "a@b.c", "::": no beginning of a word
const completers = new WeakMap();
let number = 0;

/**
 * Offer a list for words that begin with `trigger`. `find(text)` is asked with what stands between it and the caret (at least
 * `least` characters) and gives, at once or later, `[{label, sub?, insert, picture?}]`: `picture` is a node before the label,
 * `insert` takes the place of the trigger and the text, with a space behind it. `chosen(item)` hears of it. `name`: what a
 * screen reader calls the list. A field may have several triggers. Returns `{close()}`.
 */
export function attachCompletion(field, { trigger, find, least = 0, name = "", chosen = () => {} }) {
  if (!completers.has(field)) completers.set(field, new Completer(field));
  const completer = completers.get(field);
  completer.sources.push({ trigger, find, least, name, chosen });
  return { close: () => completer.close() };
}

class Completer {
  sources = [];
  #items = [];
  #at = 0;
  #asked = 0;
  #word = null; // {source, from, to}: what the list is about
  #left = null; // where a list was closed by Esc: none there again

  constructor(field) {
    this.field = field;
    this.list = h("div", { class: "complete", role: "listbox", id: `complete-${(number += 1)}`, popover: "manual" });
    field.setAttribute("aria-autocomplete", "list");
    // Before whoever else listens at the field: Enter chooses here, and sends there.
    field.addEventListener("keydown", (event) => this.#key(event), { capture: true });
    for (const type of ["input", "compositionend", "click"]) field.addEventListener(type, (event) => this.#look(event));
    field.addEventListener("keyup", ({ key }) => /^(Arrow(Left|Right)|Home|End)$/u.test(key) && this.#look({}));
    field.addEventListener("blur", () => this.close());
    addEventListener("resize", () => this.isOpen && this.#place());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
    this.list.addEventListener("click", ({ target }) => {
      const option = target.closest("[role=option]");
      if (option) this.#choose([...this.list.children].indexOf(option));
    });
  }

  get isOpen() {
    return this.list.isConnected && this.list.matches(":popover-open");
  }

  close() {
    this.#asked += 1;
    this.#items = [];
    this.#word = null;
    if (this.isOpen) this.list.hidePopover();
    for (const name of ["aria-activedescendant", "aria-controls"]) this.field.removeAttribute(name);
  }

  /** The word before the caret that one of the triggers begins, or null. */
  #find() {
    const { selectionStart: to, selectionEnd, value } = this.field;
    if (to !== selectionEnd) return null;
    const before = value.slice(Math.max(0, to - 64), to);
    const text = before.match(WORD)[0];
    const at = before.length - text.length - 1;
    const source = this.sources.find(({ trigger }) => trigger === before[at]);
    if (!source || text.length < source.least || GLUED.test(before.slice(0, at))) return null;
    return { source, text, from: to - text.length - 1, to };
  }

  async #look({ isComposing = false }) {
    if (isComposing) return;
    const word = this.#find();
    if (word?.from !== this.#left) this.#left = null;
    if (!word || this.#left !== null) {
      this.close();
      return;
    }
    const asked = (this.#asked += 1);
    const items = await Promise.resolve(word.source.find(word.text)).catch(() => []);
    if (asked !== this.#asked) return;
    if (!items.length || document.activeElement !== this.field) this.close();
    else this.#show(word, items);
  }

  #show(word, items) {
    this.#word = word;
    this.#items = items;
    this.list.setAttribute("aria-label", word.source.name);
    this.list.replaceChildren(...items.map((item, index) => h(
      "div", { class: "complete__item", role: "option", id: `${this.list.id}-${index}` },
      item.picture, h("span", { class: "complete__label", dir: "auto" }, item.label), item.sub && h("small", { dir: "auto" }, item.sub),
    )));
    if (!this.list.isConnected) this.field.parentElement.append(this.list);
    if (!this.isOpen) this.list.showPopover();
    this.field.setAttribute("aria-controls", this.list.id);
    this.#select(0);
    this.#place();
  }

  #place() {
    const { x, top, bottom } = caretPlace(this.field, this.#word.from);
    const { offsetWidth: width, offsetHeight: height } = this.list;
    const start = document.documentElement.dir === "rtl" ? x - width : x;
    const above = top - 18 - height; // above the field's card, too
    this.list.style.setProperty("left", `${Math.max(8, Math.min(start - 8, innerWidth - width - 8))}px`);
    this.list.style.setProperty("top", `${above >= 8 ? above : Math.min(bottom + 18, innerHeight - height - 8)}px`);
  }

  #select(index) {
    this.#at = index;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    this.field.setAttribute("aria-activedescendant", this.list.children[index].id);
    this.list.children[index].scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    if (!this.isOpen || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = this.#items.length;
    if (step) this.#select((this.#at + step + count) % count);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) this.#choose(this.#at);
    else if (event.key === "Escape") {
      this.#left = this.#word.from;
      this.close();
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #choose(index) {
    const item = this.#items[index];
    const { source, from } = this.#word;
    const to = Math.max(from, this.field.selectionStart); // more may have been typed since the list was asked for
    this.close();
    const follows = /^\s/u.test(this.field.value.slice(to));
    this.#left = from; // what is put in is no new question
    replaceRange(this.field, from, to, item.insert + (follows ? "" : " "));
    source.chosen(item);
  }
}
