// Starts the page: the client first, then the elements that show it.
import { Client } from "./app/client.js";
import { attachInstalled } from "./app/installed.js";
import { Details } from "./details/pane.js";
import { attachGroups } from "./groups/start.js";
import { attachPeople } from "./people/section.js";
import { attachSettings } from "./settings/section.js";
import { attachAccount } from "./ui/account.js";
import { attachAnnouncements } from "./ui/announcements.js";
import "./ui/chats.js";
import { attachGone } from "./ui/gone.js";
import { attachKeys } from "./ui/keys.js";
import { attachNotifier } from "./ui/notifier.js";
import { SkyPill } from "./ui/pill.js";
import { attachStepping } from "./ui/stepping.js";
import { Switcher } from "./ui/switcher.js";
import { attachLook } from "./ui/theme.js";
import "./ui/thread.js";
import { attachTitle } from "./ui/title.js";
import { follow, go } from "./ui/views.js";

const { me, preferences, friendsOnly, windows } = JSON.parse(document.getElementById("boot").textContent);
const client = new Client(me, preferences);
client.friendsOnly = friendsOnly;
Object.assign(client.windows, windows);
const thread = document.querySelector("sky-thread");
const pill = new SkyPill();
pill.attach(client);
document.body.append(pill);
document.querySelector("sky-chats").attach(client);
thread.attach(client);
const switcher = new Switcher(client);
attachLook(client);
attachKeys(client);
attachStepping(client);
attachAccount(client);
attachAnnouncements(client);
attachTitle(client);
attachNotifier(client);
attachGone(client);
attachPeople(client);
attachSettings(client);
attachGroups(client, switcher);
client.details = new Details(client);
attachInstalled();
await client.memory.recall();
client.start();
follow(client);
client.looking.attach();
client.push.attach();
client.addEventListener("go", ({ detail }) => go(detail.id));
if (new URLSearchParams(location.search).has("new")) {
  history.replaceState(null, "", "/"); // the shortcut of the installed page
  switcher.open();
}
