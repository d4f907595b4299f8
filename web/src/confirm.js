// <form data-confirm="What happens and cannot be undone">: asks in a dialog before it is sent.
// With and without scripts the same text stands above the button.

import { element, fresh } from "./dom.js";

export function confirmations(root) {
  for (const form of fresh(root, "form[data-confirm]", "confirm")) {
    form.addEventListener(
      "submit",
      (event) => {
        // A second button (preview, keep as draft) carries a name and does not do what cannot be undone.
        if (event.submitter?.name) return;
        if (form.dataset.confirmed) {
          delete form.dataset.confirmed;
          return;
        }
        event.preventDefault();
        event.stopImmediatePropagation();
        ask(form, event.submitter);
      },
      { capture: true },
    );
  }
}

function ask(form, submitter) {
  const heading = element("h2", { class: "jm-dialog-title", id: "confirm-title" }, form.dataset.confirmTitle ?? "");
  const text = element("p", { id: "confirm-text" }, form.dataset.confirm);
  const no = element("button", { type: "button", class: "btn" }, form.dataset.confirmNo ?? "×");
  const yes = element("button", { type: "button", class: "btn btn-danger" }, submitter?.textContent.trim() || (form.dataset.confirmYes ?? "OK"));
  const dialog = element(
    "dialog",
    { class: "jm-dialog", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text" },
    heading,
    text,
    element("div", { class: "jm-dialog-actions" }, no, yes),
  );
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => {
    dialog.close();
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    submitter?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  no.focus();
}
