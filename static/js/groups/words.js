// Sentences about groups.
import { gettext } from "../lib/i18n.js";

export const ROLES = () => ({ owner: gettext("Owner"), admin: gettext("Admin") });

/** Who can find a group. */
export const ACCESS = () => [
  ["private", gettext("Private"), gettext("Only by being added or by a link")],
  ["request", gettext("On request"), gettext("Anyone finds it and asks to join")],
  ["open", gettext("Open"), gettext("Anyone finds it and joins")],
];

/** Who may write in it. */
export const POSTING = () => [
  ["all", gettext("Everybody"), ""],
  ["admins", gettext("Only admins"), gettext("For announcements")],
];

/** What new members see. */
export const HISTORY = () => [
  ["joined", gettext("From when they join"), ""],
  ["all", gettext("Everything"), gettext("Also what was said before")],
];

/** Why a deed did not work. */
export const refusal = ({ code }) =>
  ({
    offline: gettext("The server could not be reached."),
    not_found: gettext("This is no longer there."),
    not_member: gettext("You are no longer in this group."),
    forbidden: gettext("You may not do this in this group."),
    too_many: gettext("That is more than fits."),
    bad_attachment: gettext("This picture can’t be used. It may be broken or too large."),
    rate_limited: gettext("A little slower. Try again in a moment."),
  })[code] ?? gettext("That did not work. Try again.");
