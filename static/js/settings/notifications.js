// Settings, notifications: what makes itself heard and seen while nobody looks at a chat.
import { h } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { chime } from "../ui/chime.js";
import { notify, permission } from "../ui/notifier.js";
import { pushPanel } from "../ui/push-panel.js";
import { toast } from "../ui/toasts.js";
import { button, card, item, section, toggle } from "./parts.js";

export function notifications(client, signal) {
  const { values } = client.preferences;
  const place = h("li", { class: "item" });
  const trial = item({ picture: "info", name: gettext("Not sure they arrive?"), sub: gettext("Sends one to this device") }, button(gettext("Send a test"), test));
  const draw = () => {
    place.replaceChildren(...desktop(client, draw).childNodes);
    trial.hidden = permission() !== "granted";
  };
  draw();
  addEventListener("focus", draw, { signal }); // the browser's own settings may have been changed meanwhile
  navigator.permissions?.query({ name: "notifications" }).then((status) => status.addEventListener("change", draw, { signal })).catch(() => null);
  const sounds = toggle("sounds", gettext("Sounds"), values.sounds);
  sounds.addEventListener("change", () => sounds.checked && chime());
  return [
    section(
      gettext("Notifications"), gettext("Only while you are not looking at the chat. Muted chats stay quiet."),
      card(
        place, trial,
        item({ picture: "eye", name: gettext("Show the message text"), sub: gettext("Here and while SkyeIM is closed. Off shows only who it is from") },
          toggle("notificationPreview", gettext("Show the message text"), values.notificationPreview)),
        item({ picture: "play", name: gettext("Sounds"), sub: gettext("Two soft notes for a new message") }, sounds),
      ),
    ),
    section(
      gettext("While SkyeIM is closed"), gettext("New messages are pushed to this device all the same. Only this browser can read them."),
      h("div", { class: "card" }, pushPanel(client)),
    ),
  ];
}

/** The row of desktop notifications, as the browser allows them. */
function desktop(client, draw) {
  const name = gettext("Desktop notifications");
  const state = permission();
  if (state === "granted") {
    return item({ picture: "bell", name, sub: gettext("Allowed by the browser") },
      toggle("desktopNotifications", name, client.preferences.values.desktopNotifications));
  }
  if (state === "default") {
    return item({ picture: "bell", name, sub: gettext("The browser will ask you.") }, button(gettext("Turn on"), () => ask(client, draw), "btn--primary"));
  }
  const reasons = {
    denied: gettext("The browser blocks them. Allow them for this site in its settings."),
    insecure: gettext("Browsers show them only for pages that come over HTTPS."),
    unsupported: gettext("This browser can’t show them."),
  };
  return item({ picture: "bell-off", name, sub: reasons[state] });
}

async function ask(client, draw) {
  const answer = await Notification.requestPermission();
  if (answer === "granted" && !client.preferences.values.desktopNotifications) {
    await client.preferences.change({ desktopNotifications: true }).catch(() => null);
  }
  draw();
}

function test() {
  const note = notify("SkyeIM", { body: gettext("This is how a message makes itself known."), tag: "test" });
  if (!note) toast(gettext("This browser can’t show them while the page is open."), { error: true });
}
