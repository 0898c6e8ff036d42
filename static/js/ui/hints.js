// What is asked of the server when somebody points at a mark of a message: who is behind it.
import { format, gettext, ngettext } from "../lib/i18n.js";
import * as api from "../net/api.js";
import { rightsOf } from "./message-menu.js";
import { messageOf } from "./log-draw.js";

const MOST = 60; // names in a title

/** The pointer is at `target`. */
export function hint(view, target) {
  const chip = target.closest("[data-more]");
  if (chip) once(chip, () => nameReactions(chip));
  const mark = target.closest(".tick--read, .tick--delivered, .tick--sent");
  const message = mark && view.chat.isGroup && messageOf(view, mark);
  if (message && rightsOf(view, message).readers) once(mark, () => countReaders(view, message, mark));
}

async function once(element, ask) {
  if (element.asked) return;
  element.asked = true;
  await ask().catch(() => (element.asked = false));
}

/** A reaction of more than fifty: its message does not carry all the names. */
async function nameReactions(chip) {
  const { results } = await api.get(`messages/${chip.closest(".msg").dataset.id}/reactions`);
  const names = results.filter(({ emoji }) => emoji === chip.dataset.emoji).map(({ user }) => user.displayName);
  chip.title = names.length > MOST ? format(gettext("%(names)s and others"), { names: names.slice(0, MOST).join(", ") }) : names.join(", ");
}

/** How many have read an own message of a group. */
async function countReaders(view, message, mark) {
  const { results } = await view.client.acts.readers(message);
  const count = results.filter(({ readAt, user }) => readAt !== undefined && user).length;
  const words = format(ngettext("Read by %(count)s", "Read by %(count)s", count), { count });
  mark.closest(".meta").title = words;
  if (count) mark.setAttribute("aria-label", words);
}
