// Who is behind a reaction of more than fifty: asked for when somebody points at it.
import { format, gettext } from "../lib/i18n.js";
import * as api from "../net/api.js";

const MOST = 60; // names in a title

/** `chip`: a reaction whose names the message does not carry all, or nothing. */
export async function nameReactions(view, chip) {
  if (!chip || chip.asked) return;
  chip.asked = true;
  const { id } = chip.closest(".msg").dataset;
  try {
    const { results } = await api.get(`messages/${id}/reactions`);
    const names = results.filter(({ emoji }) => emoji === chip.dataset.emoji).map(({ user }) => user.displayName);
    chip.title = names.length > MOST ? format(gettext("%(names)s and others"), { names: names.slice(0, MOST).join(", ") }) : names.join(", ");
  } catch {
    chip.asked = false;
  }
}
