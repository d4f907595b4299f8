// <form data-beside="NAME TEXT">: its first part asks about things of which each has a field NAME, and the field TEXT in the part
// beside it describes them all, each from a line `- id: …` on. While somebody writes about one, the lines about it are in sight and
// stand on a ground of their own; and the other way round.

import { fresh } from "./dom.js";

export function besides(root) {
  for (const form of fresh(root, "form[data-beside]", "beside")) {
    const [name, describes] = form.dataset.beside.split(" ");
    const text = form.querySelector(`textarea[name="${describes}"]`);
    const things = () => [...form.querySelectorAll(`[name="${name}"]`)];
    if (!text || things().length === 0) continue;
    form.addEventListener("focusin", (event) => {
      const thing = things().filter((one) => !(one.compareDocumentPosition(event.target) & Node.DOCUMENT_POSITION_PRECEDING)).pop();
      if (thing && event.target.closest(".jm-left")) mark(text, lines(text.value, thing.value), true);
    });
    for (const name of ["click", "keyup"]) text.addEventListener(name, () => mark(text, around(text), false));
  }
}

/** The lines about a thing: the first, and the one behind the last; nothing where there are none. */
export function lines(text, id) {
  const all = text.split("\n");
  const from = all.findIndex((line) => id.trim() !== "" && begins(line) === id.trim());
  if (from < 0) return null;
  const length = all.slice(from + 1).findIndex((line) => /^\S/.test(line));
  let to = length < 0 ? all.length : from + 1 + length;
  while (all[to - 1].trim() === "") to -= 1;
  return [from, to];
}

/** The name on a line that begins the lines about a thing. */
function begins(line) {
  const found = /^\s*-\s+id:\s*(["']?)(.*?)\1\s*(#.*)?$/.exec(line);
  return found ? found[2].trim() : null;
}

function around(text) {
  const before = text.value.slice(0, text.selectionStart).split("\n");
  const id = before.map(begins).filter((found) => found !== null).pop();
  const found = id ? lines(text.value, id) : null;
  return found && before.length - 1 < found[1] ? found : null;
}

function mark(text, found, show) {
  const style = getComputedStyle(text);
  const [line, padding] = [parseFloat(style.lineHeight), parseFloat(style.paddingTop)];
  const [from, to] = found ?? [0, 0];
  text.style.setProperty("--from", `${padding + from * line}px`);
  text.style.setProperty("--height", `${(to - from) * line}px`);
  if (show && found) text.scrollTop = Math.max(0, (from - 1) * line);
}
