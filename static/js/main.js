// Starts the page: the client first, then the elements that show it.
import { Client } from "./app/client.js";
import { attachAccount } from "./ui/account.js";
import "./ui/chats.js";
import { SkyPill } from "./ui/pill.js";
import { Switcher } from "./ui/switcher.js";
import "./ui/thread.js";
import { attachTitle } from "./ui/title.js";
import { follow } from "./ui/views.js";

const { me } = JSON.parse(document.getElementById("boot").textContent);
const client = new Client(me);
const thread = document.querySelector("sky-thread");
const pill = new SkyPill();
pill.attach(client);
thread.prepend(pill);
document.querySelector("sky-chats").attach(client);
thread.attach(client);
new Switcher(client);
attachAccount(client);
attachTitle(client);
document.querySelector('[data-go="list"]').addEventListener("click", (event) => {
  event.preventDefault();
  if (document.body.dataset.view === "thread") history.pushState(null, "", "/");
  dispatchEvent(new PopStateEvent("popstate"));
});
client.start();
follow(client);
