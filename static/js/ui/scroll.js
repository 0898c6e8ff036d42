// Keeps still what is being read, whatever changes above or below it.

export const NEAR = 100; // pixels from the end within which the log follows

export const fromEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight;

/**
 * Change the log's content by `mutate()`. With `follow` the end stays in view; otherwise the message at the top edge stays
 * where it is on the screen.
 */
export function steady(log, mutate, { follow = false } = {}) {
  const anchor = follow ? null : topMessage(log);
  const before = anchor?.getBoundingClientRect().top;
  mutate();
  if (follow) {
    log.scrollTop = log.scrollHeight;
    return;
  }
  // The message may have been made anew meanwhile: it is the same message all the same.
  const after = anchor && log.querySelector(`.msg[data-id="${anchor.dataset.id}"]`);
  if (after) log.scrollTop += after.getBoundingClientRect().top - before;
}

/** What is being read: the message at the top edge, and how far from it. */
export function hold(log) {
  const message = topMessage(log);
  return message && { id: message.dataset.id, top: message.getBoundingClientRect().top - log.getBoundingClientRect().top };
}

/** The log has another size: what was being read is where it was, or the end in view when that was. */
export function putBack(log, kept) {
  const message = kept && log.querySelector(`.msg[data-id="${kept.id}"]`);
  if (message) log.scrollTop += message.getBoundingClientRect().top - log.getBoundingClientRect().top - kept.top;
  else log.scrollTop = log.scrollHeight;
}

/** The first message whose end is in view. */
export function topMessage(log) {
  const edge = log.getBoundingClientRect().top;
  const messages = log.querySelectorAll(".msg");
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (messages[middle].getBoundingClientRect().bottom <= edge) low = middle + 1;
    else high = middle;
  }
  return messages[low] ?? null;
}

/** The names of days that stick to the top edge step aside where they lie over a message. */
export function coverLabels(log) {
  log.removeAttribute("data-moving");
  const top = topMessage(log)?.getBoundingClientRect().top ?? Infinity;
  for (const label of log.querySelectorAll(".day__label")) {
    label.toggleAttribute("data-covers", label.getBoundingClientRect().bottom > top && stuck(label, log));
  }
}

const stuck = (label, log) => label.getBoundingClientRect().top - log.getBoundingClientRect().top < 12;

/** Up and down go from message to message, Home and End to the ends of what is shown. */
export function walk(log, event) {
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.target.closest("button, a, [popover]")) return;
  const messages = [...log.querySelectorAll(".msg")];
  const at = messages.indexOf(document.activeElement);
  if (at < 0 && Math.abs(step) > 1) return; // the log itself scrolls
  const next = at < 0 ? (step < 0 ? messages.at(-1) : null) : messages[Math.max(0, Math.min(messages.length - 1, at + step))];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
