// <button data-copy="text" data-copied="已复制">: puts the text on the clipboard and says so.

import { fresh } from "./dom.js";

export function copies(root) {
  for (const button of fresh(root, "button[data-copy]", "copy")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      const label = button.querySelector("[data-label]") ?? button;
      const before = label.textContent;
      label.textContent = button.dataset.copied;
      setTimeout(() => (label.textContent = before), 2000);
    });
  }
}
