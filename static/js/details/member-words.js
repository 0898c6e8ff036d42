// The line under the name of a member.
import { format, gettext } from "../lib/i18n.js";
import { until } from "../ui/system.js";
import { presence } from "../ui/words.js";

export function standingOf(client, { user, silencedUntil }) {
  if (silencedUntil > Date.now() - client.clockAhead) return format(gettext("muted until %(time)s"), { time: until(silencedUntil) });
  if (user.id === client.me.id) return gettext("you");
  return presence(client, { kind: "direct", isNote: false, peerId: user.id }) || user.status || user.username;
}
