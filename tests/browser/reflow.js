// What is cut off or needs scrolling sideways on the page as it stands: one line for each. Returns [] where all is well.
(() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, label, [role=menuitem], [role=option]";
  const SIDEWAYS = ".filters, pre, .results"; // may scroll sideways: that is how they show what they hold
  const problems = new Set();
  const name = (element) => `${element.localName}.${element.className?.baseVal ?? element.className} “${element.textContent.trim().slice(0, 30)}”`;
  const isHidden = (element) => {
    for (let each = element; each; each = each.parentElement) if (each.matches(".sr, .skip") || getComputedStyle(each).clipPath !== "none") return true;
    return !element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  };
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth + 1) problems.add(`the page is ${page.scrollWidth - innerWidth} px too wide`);

  for (const element of document.querySelectorAll("body *")) {
    const { overflowX, textOverflow } = getComputedStyle(element);
    if (overflowX === "visible" || textOverflow === "ellipsis" || element.matches(`${SIDEWAYS}, input, svg, svg *, .log`) || isHidden(element)) continue;
    if (element.scrollWidth > element.clientWidth + 1) problems.add(`${name(element)} is ${element.scrollWidth - element.clientWidth} px too wide`);
  }

  /** Whether a box stands within the window and within whatever cuts off around it; what scrolls can be scrolled. */
  function cut({ left, right, top, bottom }, from) {
    if (left < -1 || right > innerWidth + 1) return true;
    for (let each = from; each && each !== document.body; each = each.parentElement) {
      const { overflowY, position } = getComputedStyle(each);
      if (overflowY === "auto" || overflowY === "scroll") return false;
      const box = each.getBoundingClientRect();
      if (overflowY !== "visible" && (top < box.top - 1 || bottom > box.bottom + 1)) return true;
      if (position === "fixed") return top < -1 || bottom > innerHeight + 1;
    }
    return document.body.matches(".app") && (top < -1 || bottom > innerHeight + 1);
  }

  for (const control of document.querySelectorAll(CONTROLS)) {
    if (isHidden(control) || control.closest(SIDEWAYS)) continue;
    if (cut(control.getBoundingClientRect(), control.parentElement)) problems.add(`${name(control)} is cut off`);
    const walker = document.createTreeWalker(control, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const holder = text.parentElement;
      if (!text.data.trim() || isHidden(holder) || holder.closest(".badge, .av")) continue;
      let end = holder; // what would show it with an ellipsis
      while (end !== control && getComputedStyle(end).textOverflow !== "ellipsis") end = end.parentElement;
      if (getComputedStyle(end).textOverflow === "ellipsis") continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const [words, box] = [range.getBoundingClientRect(), control.getBoundingClientRect()];
      const isBlock = getComputedStyle(control).display !== "inline";
      if (isBlock && (words.left < box.left - 1 || words.right > box.right + 1)) problems.add(`the words of ${name(control)} stand out of it`);
    }
  }
  return [...problems];
})();
