// The picture of a group while it is chosen: shown at once, given to the server later or now.
import { h, icon, sr } from "../lib/dom.js";
import { gettext } from "../lib/i18n.js";
import { toast } from "../ui/toasts.js";

export const TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif"];

/** A button that chooses one. `plain()` draws what is there without; `onchoose(file)` is told. `{root, file, draw()}`. */
export function picturePart(plain, onchoose = () => null) {
  const input = h("input", { type: "file", accept: TYPES.join(","), hidden: true, tabindex: "-1" });
  const button = h("button", { class: "picture-part", type: "button", title: gettext("Choose a picture"), onclick: () => input.click() });
  const part = { root: h("span", {}, button, input), file: null, draw };
  function draw() {
    const shown = plain();
    if (part.file) {
      const image = h("img", { class: "av__face", alt: "" });
      image.src = URL.createObjectURL(part.file);
      image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
      shown.append(image);
    }
    button.replaceChildren(shown, h("span", { class: "picture-part__mark" }, icon("image", "icon--xs")), sr(gettext("Choose a picture")));
  }
  input.addEventListener("change", () => {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    if (!TYPES.includes(file.type)) {
      toast(gettext("Choose a JPEG, PNG, WebP or GIF picture."), { error: true });
      return;
    }
    part.file = file;
    draw();
    onchoose(file);
  });
  draw();
  return part;
}
