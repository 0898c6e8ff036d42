// Picture, title and description of a group, while they are written. Nothing is kept before it is saved.
import { sendable } from "../core/text.js";
import { avatar, h } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { change, removePicture, setPicture } from "../groups/deeds.js";
import { picturePart } from "../groups/picture.js";
import { refusal } from "../groups/words.js";
import { pictureOf, titleOf } from "../ui/words.js";
import { small } from "./parts.js";

const TITLE = 120; // characters
const DESCRIPTION = 1000;

/** The form; `done()` is told when it is saved or not wanted any more. */
export function editForm(client, chat, done) {
  const title = h("input", { class: "input", name: "title", required: true, maxlength: String(TITLE), dir: "auto", autocomplete: "off" });
  const about = h("textarea", { class: "input", name: "description", rows: "4", maxlength: String(DESCRIPTION), dir: "auto" });
  title.value = titleOf(chat);
  about.value = chat.description ?? "";
  let without = false;
  const problem = h("p", { class: "field__error", role: "alert", hidden: true });
  const plain = () => avatar({ id: chat.id, name: title.value || "?", size: 88, group: true, picture: without ? null : pictureOf(chat) });
  const picture = picturePart(plain, () => (remove.hidden = false));
  const remove = small(gettext("Remove picture"), () => {
    without = true;
    picture.file = null;
    picture.draw();
    remove.hidden = true;
  }, "btn--danger-plain");
  remove.hidden = !pictureOf(chat);
  const save = h("button", { class: "btn btn--primary btn--s" }, gettext("Save"));

  async function keep() {
    const wanted = { title: sendable(title.value).trim(), description: sendable(about.value).trim() };
    const changes = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => value !== (chat[name] ?? "")));
    if (Object.keys(changes).length) await change(client, chat, changes);
    if (picture.file) await setPicture(client, chat, picture.file);
    else if (without && pictureOf(chat)) await removePicture(client, chat);
  }

  const form = h(
    "form", { class: "edit-group" }, h("div", { class: "edit-group__picture" }, picture.root, remove),
    h("label", { class: "field" }, h("span", { class: "field__label" }, gettext("Name of the group")), title),
    h("label", { class: "field" }, h("span", { class: "field__label" }, gettext("Description")), about),
    problem, h("div", { class: "edit-group__end" }, small(gettext("Cancel"), done, ""), save),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    save.disabled = true;
    try {
      await keep();
      done();
    } catch (error) {
      problem.textContent = error.code === "bad_frame" ? gettext("The group needs a name.") : refusal(error);
      problem.hidden = false;
      save.disabled = false;
    }
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    done();
  });
  return form;
}
