// Settings, devices: where this person is signed in, and ending that.
import * as api from "../net/api.js";
import { rowTime } from "../core/days.js";
import { h } from "../lib/dom.js";
import { format, gettext, language, ngettext } from "../lib/i18n.js";
import { confirm } from "../ui/dialog.js";
import { toast } from "../ui/toasts.js";
import { button, card, item, loaded, section } from "./parts.js";

export function devices(client, signal, told) {
  const load = async () => {
    const { results } = await api.get("sessions");
    told("devices", String(results.length));
    return results.sort((one, other) => Number(other.isCurrent) - Number(one.isCurrent) || other.lastSeenAt - one.lastSeenAt);
  };
  return [
    section(gettext("Devices"), gettext("Each of these can read and send as you. End any you don’t recognise."), loaded(load, (found, again) => list(found, again))),
  ];
}

function list(found, again) {
  const others = found.filter((session) => !session.isCurrent);
  const end = format(ngettext("End the other %(count)s", "End the other %(count)s", others.length), { count: others.length });
  return card(
    ...found.map((session) => row(session, again)),
    others.length
      ? item({ sub: gettext("Ends every session except this one.") }, button(end, () => endOthers(others.length, again)))
      : item({ sub: gettext("You are signed in nowhere else.") }),
  );
}

function row(session, again) {
  const seen = h("time", { datetime: new Date(session.lastSeenAt).toISOString(), title: new Date(session.lastSeenAt).toLocaleString(language) }, when(session.lastSeenAt));
  const sub = h("span", {}, session.address && `${session.address} · `, ...(session.isCurrent ? [gettext("active now")] : [seen]));
  const name = session.device || (session.kind === "token" ? gettext("A program") : gettext("Unknown device"));
  const end = h("button", { class: "btn btn--s btn--danger-plain", type: "button", "aria-label": format(gettext("End %(device)s"), { device: name }), onclick: () => endOne(session, name, again) }, gettext("End"));
  return item({ picture: picture(session), name, tag: session.isCurrent && gettext("This device"), sub }, !session.isCurrent && end);
}

const picture = ({ kind, isPhone }) => (kind === "token" ? "code" : isPhone ? "phone" : "laptop");

const when = (at) => format(gettext("active %(time)s"), { time: rowTime(at, Date.now(), language, { yesterday: gettext("yesterday") }) });

async function endOne(session, name, again) {
  const text = gettext("It is signed out at once. Whoever uses it needs the password to come back.");
  if (!(await confirm({ title: format(gettext("End %(device)s?"), { device: name }), text, deed: gettext("End session"), stay: gettext("Keep") }))) return;
  await act(() => api.call("DELETE", `sessions/${session.id}`), gettext("Session ended"), again);
}

async function endOthers(count, again) {
  const text = format(ngettext("%(count)s session is signed out at once. This one stays.", "%(count)s sessions are signed out at once. This one stays.", count), { count });
  if (!(await confirm({ title: gettext("End all other sessions?"), text, deed: gettext("End them"), stay: gettext("Keep") }))) return;
  await act(() => api.post("sessions/end-others"), gettext("All other sessions ended"), again);
}

async function act(deed, words, again) {
  try {
    await deed();
    toast(words);
  } catch (error) {
    if (error.code !== "not_found") toast(gettext("That did not work. Try again."), { error: true }); // gone already is as wanted
  }
  again();
}
