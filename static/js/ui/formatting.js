// Keys that put marks around what is selected in a text field, and take them away again.
import { replaceRange } from "./insert.js";

const MARKS = [
  { key: "b", shift: false, mark: "**" },
  { key: "x", shift: true, mark: "~~" },
  { key: "e", shift: false, mark: "`" },
];

export function attachFormatting(field) {
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    const found = MARKS.find(({ key, shift }) => key === event.key.toLowerCase() && shift === event.shiftKey);
    if (!found) return;
    event.preventDefault();
    toggle(field, found.mark);
  });
}

function toggle(field, mark) {
  const { selectionStart: from, selectionEnd: to, value } = field;
  const size = mark.length;
  const text = value.slice(from, to);
  if (value.slice(from - size, from) === mark && value.slice(to, to + size) === mark && from >= size) {
    replaceRange(field, from - size, to + size, text);
    field.setSelectionRange(from - size, to - size);
  } else if (mark === "`" && text.includes("\n")) {
    replaceRange(field, from, to, `\`\`\`\n${text}\n\`\`\``);
  } else {
    replaceRange(field, from, to, mark + text + mark);
    field.setSelectionRange(from + size, to + size);
  }
}
