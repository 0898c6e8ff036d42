// The messages that I have starred, of all chats, newest star first.
import { rowTime } from "../core/days.js";
import { plain } from "../core/markup.js";
import { h } from "../lib/dom.js";
import { gettext, language } from "../lib/i18n.js";
import { hits } from "./hits.js";
import { sheet } from "./sheet.js";
import { toast } from "./toasts.js";
import { visit } from "./views.js";
import { days, recalled } from "./words.js";

export function showStarred(client) {
  const dialog = sheet(gettext("Starred messages"), async () => {
    const list = h("div", {});
    const more = h("button", { class: "btn btn--block", type: "button" }, gettext("Show more"));
    let next = null;
    const load = async () => {
      const page = await client.stars.page(next);
      list.append(hits(page.results.map((star) => item(client, dialog, star))));
      next = page.next;
      more.hidden = !next;
    };
    more.addEventListener("click", () => load().catch(() => toast(gettext("That did not work. Try again."), { error: true })));
    await load();
    const none = h("p", { class: "sheet__none" }, gettext("Nothing starred yet. A star keeps a message at hand, for you alone."));
    return list.querySelector("li") ? [list, more] : [none];
  });
}

function item(client, dialog, { message, conversation: { id, title } }) {
  const chat = client.chats.get(id);
  return {
    title: chat?.isNote ? gettext("Notes to self") : (chat?.title ?? title),
    text: message.recalledAt ? recalled(message, message.fromUserId === client.me.id) : plain(message.content),
    time: rowTime(message.createdAt, Date.now(), language, days()),
    go: () => (dialog.close(), visit(`/chat/${id}/m/${message.seq}`)),
    drop: {
      label: gettext("Remove star"),
      act: (element) => client.stars.set(message, false).then(() => element.remove(), () => toast(gettext("That did not work. Try again."), { error: true })),
    },
  };
}
