// One message of the log.
import { clock, fullTime } from "../core/days.js";
import { onlyEmoji } from "../core/text.js";
import { h, icon, tick } from "../lib/dom.js";
import { format, gettext, language } from "../lib/i18n.js";
import { draw } from "./markup.js";
import { above, edited, reactionRow, restore, touchReactions } from "./message-parts.js";
import { recalled, refusal, STATUS } from "./words.js";

/**
 * What the article of an item depends on, as one string. `status` is that of an own message: waiting, failed, sent,
 * delivered, read, or "" in notes to self.
 */
export const stampOf = (item, status) => `${restOf(item)} ${item.message.seq} ${item.pos} ${status}`;

/** The part of it for which an article is made anew: its text, and why it was not sent. */
export const restOf = ({ message }) => `${textStamp(message)} ${message.reason ?? ""}`;

const stamps = new WeakMap();

/** A short stamp of a text, computed once a message. */
function textStamp(message) {
  let stamp = stamps.get(message);
  if (stamp === undefined) {
    let sum = 5381;
    for (let at = 0; at < message.content.length; at += 1) sum = (sum * 33 + message.content.charCodeAt(at)) | 0;
    stamps.set(message, (stamp = message.recalledAt ? "gone" : `${message.content.length}.${sum}`));
  }
  return stamp;
}

/** `extra`: what it shows beside its text (message-parts.js). */
export function article(item, { status, author, extra, isNew = false }) {
  const { message, own } = item;
  const bare = onlyEmoji(message.content);
  const time = clock(message.createdAt, language);
  return h(
    "article",
    {
      class: `msg${own ? " msg--own" : ""}${isNew ? " is-new" : ""}`, "data-pos": item.pos, "data-id": message.msgId,
      "data-seq": message.seq, tabindex: "-1", "aria-label": label(author, time, extra),
    },
    h(
      "div", { class: "msg__stack" },
      message.recalledAt
        ? gone(message, own, time, extra)
        : h("div", { class: `bubble${bare ? " bubble--bare" : ""}` }, ...above(extra), ...draw(message.content, { after: meta(message, own ? status : "", time, extra), mentionOf: extra.mentionOf ?? undefined })),
      status === "failed" && failure(message),
      reactionRow(extra),
    ),
  );
}

function label(author, time, { meansMe }) {
  const words = meansMe ? gettext("%(author)s, %(time)s, mentions you") : "%(author)s, %(time)s";
  return format(words, { author, time });
}

/** What is left of a message that was taken back. */
const gone = (message, own, time, extra) =>
  h(
    "div", { class: "bubble bubble--gone" },
    h("p", { class: "bubble__text" }, icon("undo", "icon--s"), h("span", {}, recalled(message, own)), extra.canRestore && restore(), meta(message, "", time, {})),
  );

function meta(message, status, time, { isEdited }) {
  const shown = h("span", { class: "meta", dir: "ltr" }, isEdited && edited(), h("time", { title: fullTime(message.createdAt, language) }, time));
  if (status && status !== "failed") shown.append(tick(status, STATUS()[status]));
  return shown;
}

/** Only the place in its group or the mark of an article change: leave everything else alone. Returns whether it could. */
export function touch(element, item, status, extra) {
  const old = element.querySelector(".tick-icon");
  if (status === "failed" || element.querySelector(".fail") || Boolean(old) !== Boolean(status)) return false;
  element.dataset.pos = item.pos;
  element.dataset.seq = item.message.seq;
  const time = element.querySelector("time");
  const shown = clock(item.message.createdAt, language);
  if (time.textContent !== shown) time.textContent = shown;
  if (old && !old.classList.contains(`tick--${status}`)) old.replaceWith(tick(status, STATUS()[status]));
  touchReactions(element, extra);
  return true;
}

const failure = (message) =>
  h(
    "div", { class: "fail", role: "alert", title: refusal(message.reason) },
    icon("alert"), gettext("Not sent"), h("span", { class: "fail__why" }, refusal(message.reason)),
    h("button", { type: "button", "data-retry": message.msgId }, gettext("Retry")),
    h("button", { type: "button", "data-discard": message.msgId }, gettext("Discard")),
  );
