// The page after its person has left it: nothing private is on the screen, and the pill says what can be done.
import { h } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";

const PRIVATE = ".skip, .rail__item, [data-in]:not(sky-thread) > *, dialog, [popover], .toast";

export function attachGone(client) {
  client.addEventListener("gone", ({ detail }) => {
    for (const part of document.querySelectorAll(PRIVATE)) part.remove();
    document.body.dataset.view = "thread"; // on a phone too: that is where the pill is
    for (const pane of document.querySelectorAll("[data-in]")) pane.hidden = !pane.dataset.in.split(" ").includes("chats");
    const welcome = document.querySelector("[data-welcome]");
    welcome.replaceChildren(welcome.querySelector("img"), h("p", {}, words(client.gone, detail.isKept)));
  });
}

function words(reason, isKept) {
  if (reason === "disabled") return gettext("An administrator can enable it again.");
  if (reason === "somebody-else" && isKept) return gettext("What was not sent yet is kept until its writer signs in again.");
  return gettext("Your chats are here again when you sign in.");
}
