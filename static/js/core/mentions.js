// Who is meant by "@name" in a text: what is typed becomes ids, ids become names again. No DOM.

const MENTION = /(?<![\p{Script=Latin}\p{N}_@:/\\.])@([\p{L}\p{M}\p{N}_.+'’-]{1,150})/gu;
const MOST = 50; // people that one message may mention

export const ALL = "all"; // "@all" means everybody in the group

const same = (one, other) => one.toLowerCase() === other.toLowerCase();

/** The names after "@" in a text, as they are written, the longest first: the full stop of a sentence belongs to none. */
function* names(text) {
  for (const [, written] of text.matchAll(MENTION)) yield written;
}

/** The one of `people` whose username begins what is written after "@" (and is followed by punctuation at most). */
export const personAt = (written, people) =>
  people.find(({ username }) => same(written, username)) ?? people.find(({ username }) => same(written.replace(/[.+'’-]+$/u, ""), username));

/** The ids of those of `people` that a text mentions: `{mentions: [id], mentionAll}`. `mayAll`: whether "@all" counts. */
export function mentioned(text, people, mayAll) {
  const found = new Set();
  let mentionAll = false;
  for (const written of names(text)) {
    const person = personAt(written, people);
    if (person) found.add(person.id);
    else if (mayAll && same(written.replace(/[.+'’-]+$/u, ""), ALL)) mentionAll = true;
  }
  return { mentions: [...found].slice(0, MOST), mentionAll };
}

/**
 * For the drawing of a text: `mentionOf(username)` → `{id, name, me}` where that is one of those whom the message mentions, or
 * null. `personOf(id)` gives `{username, displayName}` or null. Null when the message mentions nobody.
 */
export function mentionsOf({ mentions = [], mentionAll = false }, { me, personOf }) {
  if (!mentions.length && !mentionAll) return null;
  const people = mentions.map(personOf).filter(Boolean);
  return (username) => {
    const person = people.find((one) => same(one.username, username));
    if (person) return { id: person.id, name: person.displayName, me: person.id === me };
    return mentionAll && same(username, ALL) ? { id: 0, name: ALL, me: true } : null;
  };
}

/** Whether a message means me. */
export const mentionsMe = ({ mentions = [], mentionAll, fromUserId }, me) => fromUserId !== me && (Boolean(mentionAll) || mentions.includes(me));
