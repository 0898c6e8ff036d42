// Sentences about people.
import { daysBetween } from "../core/days.js";
import { format, gettext, language, ngettext } from "../lib/i18n.js";

export const inCommon = (count) =>
  format(ngettext("%(count)s friend in common", "%(count)s friends in common", count), { count });

export const foundWords = (count) => format(ngettext("%(count)s person found", "%(count)s people found", count), { count });

/** "theo · 2 friends in common" */
export const known = (person) => [person.username, person.friendsInCommon ? inCommon(person.friendsInCommon) : ""].filter(Boolean).join(" · ");

/** When I asked: today, yesterday, a weekday within a week, else the date. */
export function askedWhen(ms, now = Date.now()) {
  const days = daysBetween(ms, now);
  if (days <= 0) return gettext("You asked today");
  if (days === 1) return gettext("You asked yesterday");
  const form = days < 7 ? { weekday: "long" } : { day: "numeric", month: "long" };
  return format(gettext("You asked on %(day)s"), { day: new Intl.DateTimeFormat(language, form).format(ms) });
}

/** Why a deed did not work. */
export const refusal = ({ code }) =>
  ({
    offline: gettext("The server could not be reached."),
    not_found: gettext("This is no longer there."),
    forbidden: gettext("You can’t ask this person."),
    blocked: gettext("You blocked this person."),
    not_friends: gettext("Only friends can write here."),
    too_many: gettext("You have too many open requests."),
  })[code] ?? gettext("That did not work. Try again.");

/** Why something did not load. */
export const trouble = (error) => (error.code === "offline" ? gettext("The server could not be reached.") : error.message);
