// The arrows in a body of grids of buttons, one below the other; above them is a field.

/** Move the focus as a key says. */
export function moveInGrid(event, body, field) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const button = event.target.closest("button");
  const isIn = body.contains(button);
  if (!isIn && !(event.target === field && event.key === "ArrowDown")) return;
  const goal = isIn ? next(event.key, button, body, field) : body.querySelector("button");
  if (!goal) return;
  event.preventDefault();
  for (const other of body.querySelectorAll("button[tabindex='0']")) other.setAttribute("tabindex", "-1");
  if (goal !== field) goal.setAttribute("tabindex", "0");
  goal.focus();
  goal.scrollIntoView({ block: "nearest" });
}

function next(key, button, body, field) {
  const buttons = [...body.querySelectorAll("button")];
  const at = buttons.indexOf(button);
  const isMirrored = getComputedStyle(body).direction === "rtl";
  const side = { ArrowRight: isMirrored ? -1 : 1, ArrowLeft: isMirrored ? 1 : -1 }[key];
  if (side) return buttons[at + side];
  if (key === "Home") return buttons[0];
  if (key === "End") return buttons.at(-1);
  if (key === "ArrowDown") return below(button);
  if (key === "ArrowUp") return above(button) ?? field;
  return null;
}

const columns = (grid) => getComputedStyle(grid).gridTemplateColumns.split(" ").length;

function below(button) {
  const grid = button.parentElement;
  const all = [...grid.children];
  const wide = columns(grid);
  const at = all.indexOf(button);
  if (at + wide < all.length) return all[at + wide];
  const isLastRow = Math.floor(at / wide) === Math.floor((all.length - 1) / wide);
  if (!isLastRow) return all.at(-1);
  const under = grid.parentElement.nextElementSibling?.querySelectorAll("button");
  return under?.[Math.min(at % wide, under.length - 1)];
}

function above(button) {
  const grid = button.parentElement;
  const all = [...grid.children];
  const wide = columns(grid);
  const at = all.indexOf(button);
  if (at >= wide) return all[at - wide];
  const over = grid.parentElement.previousElementSibling?.querySelectorAll("button");
  if (!over?.length) return null;
  const lastRow = Math.floor((over.length - 1) / wide) * wide;
  return over[Math.min(lastRow + (at % wide), over.length - 1)];
}
