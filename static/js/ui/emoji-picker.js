// The emoji popover: search, groups, those used last, skin tones. On the phone it is a sheet at the bottom.
import { all, groups, recent, setTone, tone, used } from "../app/emoji.js";
import { inTone, search } from "../core/emoji.js";
import { h, icon, sr } from "../lib/dom.js";
import { gettext, language } from "../lib/i18n.js";
import { moveInGrid } from "./emoji-keys.js";
import { home, place } from "./menu.js";

const isChinese = language.startsWith("zh");
const GROUPS = () => ({
  recent: ["🕘", gettext("Often used")],
  smileys: ["😀", gettext("Smileys")],
  people: ["👋", gettext("People and hands")],
  nature: ["🐟", gettext("Nature")],
  food: ["🍲", gettext("Food")],
  travel: ["🚢", gettext("Travel")],
  activities: ["⚽", gettext("Activities")],
  objects: ["💡", gettext("Objects")],
  symbols: ["🔣", gettext("Symbols")],
  flags: ["🏁", gettext("Flags")],
});
const TONE_NAMES = () => [gettext("No skin tone"), gettext("Light skin"), gettext("Medium light skin"), gettext("Medium skin"), gettext("Medium dark skin"), gettext("Dark skin")];
const FIRST = ["👍", "❤️", "😂", "🎉", "🙏", "😊", "😭", "👏"]; // until some have been used

export const nameOf = ({ name, chinese }) => (isChinese && chinese) || name;

/** Let somebody pick an emoji at a button. Resolves to it, or to null when they think better of it. */
export function pickEmoji(anchor) {
  return new Promise((resolve) => new Picker(anchor, resolve).open());
}

class Picker {
  #picked = null;
  #tone = tone();

  constructor(anchor, resolve) {
    this.anchor = anchor;
    this.input = h("input", { type: "search", placeholder: gettext("Search emoji"), "aria-label": gettext("Search emoji"), autocomplete: "off", maxlength: "60" });
    this.toneButton = h("button", { class: "emoji__tone", type: "button", "aria-expanded": "false", title: gettext("Skin tone"), onclick: () => this.#showTones() });
    this.tones = h("div", { class: "emoji__tones", role: "radiogroup", "aria-label": gettext("Skin tone"), hidden: true });
    this.body = h("div", { class: "emoji__body", "aria-busy": "true" });
    this.name = h("div", { class: "emoji__name", "aria-hidden": "true" });
    this.tabs = h("div", { class: "emoji__tabs", role: "group", "aria-label": gettext("Groups of emoji"), hidden: true });
    this.said = h("div", { class: "sr", role: "status" });
    this.popover = h(
      "div", { class: "emoji", role: "dialog", "aria-label": gettext("Emoji"), popover: "auto" },
      h("div", { class: "emoji__head" }, h("label", { class: "searchbox" }, icon("search", "icon--s"), this.input), this.toneButton),
      this.tones, this.body, this.name, this.tabs, this.said,
    );
    this.input.addEventListener("input", () => this.#draw());
    this.popover.addEventListener("keydown", (event) => this.#key(event));
    this.body.addEventListener("click", ({ target }) => this.#pick(target.closest("button[data-emoji]")));
    for (const type of ["pointerover", "focusin"]) this.body.addEventListener(type, ({ target }) => this.#tell(target.closest("button[data-emoji]")));
    this.body.addEventListener("scroll", () => this.#mark(), { passive: true });
    this.popover.addEventListener("toggle", ({ newState }) => newState === "closed" && this.#closed(resolve));
  }

  async open() {
    home(this.anchor).append(this.popover);
    this.anchor.setAttribute("aria-expanded", "true");
    this.#drawTone();
    this.popover.showPopover();
    this.place();
    addEventListener("resize", this.place);
    if (matchMedia("(pointer: fine)").matches) this.input.focus();
    else this.popover.querySelector("button").focus({ preventScroll: true });
    try {
      [this.groups, this.all] = [await groups(), await all()];
      this.byText = new Map(this.all.map((one) => [one.text, one]));
      this.#draw();
    } catch {
      this.body.replaceChildren(h("p", { class: "emoji__none", role: "alert" }, gettext("The emoji did not load. Try again.")));
    }
    this.body.removeAttribute("aria-busy");
  }

  /** Beside its button; in a narrow window it is a sheet, which the style sheet places. */
  place = () => {
    if (matchMedia("(width >= 700px)").matches) place(this.popover, this.anchor);
    else for (const side of ["top", "left"]) this.popover.style.removeProperty(side);
  };

  #closed(resolve) {
    removeEventListener("resize", this.place);
    this.anchor.setAttribute("aria-expanded", "false");
    if (this.popover.contains(document.activeElement) || document.activeElement === document.body) this.anchor.focus();
    this.popover.remove();
    resolve(this.#picked);
  }

  #draw() {
    if (!this.groups) return;
    const text = this.input.value.trim();
    this.tabs.hidden = Boolean(text);
    if (!text) {
      const names = GROUPS();
      const last = [...new Set([...recent(), ...FIRST])].slice(0, 24).map((one) => this.byText.get(one)).filter(Boolean);
      const shown = [{ id: "recent", entries: last }, ...this.groups];
      this.body.replaceChildren(...shown.map(({ id, entries }) => this.#section(names[id][1], entries, id)));
      this.tabs.replaceChildren(...shown.map(({ id }) => this.#tab(id, names[id])));
    } else {
      const found = search(this.all, text);
      this.body.replaceChildren(found.length ? this.#section(gettext("Found"), found, "found") : h("p", { class: "emoji__none" }, gettext("No emoji of that name.")));
      this.said.textContent = found.length ? nameOf(found[0]) : gettext("No emoji of that name.");
    }
    this.body.scrollTop = 0;
    this.body.querySelector("button")?.setAttribute("tabindex", "0");
    this.#tell(this.body.querySelector("button"));
    this.#mark();
  }

  #section(title, entries, id) {
    const section = h("section", { class: "emoji__group", "data-group": id, "aria-label": title }, h("div", { class: "emoji__label", "aria-hidden": "true" }, title));
    section.style.setProperty("--rows", Math.ceil(entries.length / 8)); // until it has been drawn once
    section.append(h("div", { class: "emoji__grid" }, ...entries.map((one) =>
      h("button", { type: "button", tabindex: "-1", "data-emoji": one.text, "aria-label": nameOf(one) }, inTone(one, this.#tone)))));
    return section;
  }

  #tab(id, [sign, name]) {
    const go = () => this.body.querySelector(`[data-group=${id}]`).scrollIntoView({ block: "start" });
    return h("button", { type: "button", title: name, "data-tab": id, onclick: go }, h("span", { "aria-hidden": "true" }, sign), sr(name));
  }

  /** The group that is on top is marked. */
  #mark() {
    const top = this.body.getBoundingClientRect().top + 8;
    const sections = [...this.body.querySelectorAll("section")];
    const shown = sections.findLast((section) => section.getBoundingClientRect().top <= top) ?? sections[0];
    for (const tab of this.tabs.children) tab.setAttribute("aria-current", String(tab.dataset.tab === shown?.dataset.group));
  }

  /** What the emoji under the pointer or the focus is called. */
  #tell(button) {
    if (button) this.name.replaceChildren(h("span", {}, button.textContent), button.getAttribute("aria-label"));
  }

  #pick(button) {
    if (!button) return;
    used(button.dataset.emoji);
    this.#picked = button.textContent;
    this.popover.hidePopover();
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.preventDefault(); // a search field would only be emptied
      event.stopPropagation();
      this.popover.hidePopover();
    } else if (event.key === "Enter" && event.target === this.input) {
      event.preventDefault();
      if (this.input.value.trim()) this.#pick(this.body.querySelector("button[data-emoji]"));
    } else if (event.target.closest(".emoji__body") && /^[\p{L}\p{N}]$/u.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      this.input.focus(); // what is typed is searched for
    } else moveInGrid(event, this.body, this.input);
  }

  #drawTone() {
    this.toneButton.replaceChildren(inTone({ text: "✋", isToned: true }, this.#tone), sr(gettext("Skin tone")));
  }

  #showTones() {
    this.tones.hidden = !this.tones.hidden;
    this.toneButton.setAttribute("aria-expanded", String(!this.tones.hidden));
    if (this.tones.hidden) return;
    this.tones.replaceChildren(...TONE_NAMES().map((name, number) => {
      const radio = h("input", { type: "radio", name: "emoji-tone", value: number, "aria-label": name, checked: number === this.#tone });
      return h("label", { title: name }, radio, h("span", { "aria-hidden": "true" }, inTone({ text: "✋", isToned: true }, number)));
    }));
    this.tones.onchange = ({ target }) => this.#choose(Number(target.value));
    this.tones.querySelector(":checked").focus();
  }

  #choose(number) {
    this.#tone = number;
    setTone(number);
    this.#drawTone();
    for (const button of this.body.querySelectorAll("button[data-emoji]")) button.textContent = inTone(this.byText.get(button.dataset.emoji), number);
  }
}
