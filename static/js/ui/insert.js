// Changes what stands in a text field as typing would: it can be undone, and whoever listens hears "input".

/** Put `text` in place of what stands from `from` to `to`; the caret is behind it then. */
export function replaceRange(field, from, to, text) {
  field.focus();
  field.setSelectionRange(from, to);
  // The only way that keeps the field's own undo; without it the text is changed all the same.
  const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (done) return;
  field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** Put `text` at the caret, in place of what is selected. */
export const insertAtCaret = (field, text) => replaceRange(field, field.selectionStart, field.selectionEnd, text);
