// How a group is run, for those who run it. A change holds at once, and goes back where the server does not take it.
import { h } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { change } from "../groups/deeds.js";
import { choice } from "../groups/dialog.js";
import { ACCESS, HISTORY, POSTING, refusal } from "../groups/words.js";
import { toast } from "../ui/toasts.js";
import { block } from "./parts.js";

const SHOWN = 2_000; // milliseconds

/** The block. It follows the group until `signal`. */
export function settings(client, chat, signal) {
  const saved = h("span", { class: "settings__saved", role: "status" });
  let timer = null;
  const set = (name) => async (select) => {
    const before = chat[name];
    try {
      await change(client, chat, { [name]: select.value });
      saved.textContent = gettext("Saved");
      clearTimeout(timer);
      timer = setTimeout(() => (saved.textContent = ""), SHOWN);
    } catch (error) {
      select.closest(".choice").choose(before);
      toast(refusal(error), { error: true });
    }
  };
  const choices = {
    access: choice(gettext("Who can join"), ACCESS(), chat.access, set("access"), "access"),
    posting: choice(gettext("Who can write"), POSTING(), chat.posting, set("posting"), "posting"),
    history: choice(gettext("New members see"), HISTORY(), chat.history, set("history"), "history"),
  };
  client.addEventListener("group", ({ detail }) => {
    if (detail.id === chat.id) for (const [name, one] of Object.entries(choices)) one.choose(chat[name]);
  }, { signal });
  return block(gettext("Settings"), null, saved, h("div", { class: "details__choices" }, ...Object.values(choices)));
}
