// <form data-draft="/drafts/…">: what is typed is kept on the server, field by field. Changed fields are PUT to that
// address as one JSON object, two seconds after the last key; the form says when it was last saved.

import { fill, fresh, now } from "./dom.js";

const PAUSE = 1500;
const RETRY = 10000;

export function drafts(root) {
  for (const form of fresh(root, "form[data-draft]", "draft")) watch(form);
}

function watch(form) {
  const changed = new Set();
  const note = form.querySelector("[data-draft-note]");
  let timer;
  let busy = false;

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  async function save() {
    if (busy || changed.size === 0) return;
    busy = true;
    const names = [...changed];
    changed.clear();
    try {
      const answer = await put(form, names);
      if (!answer.ok) throw new Error(String(answer.status));
      say(note, form.dataset.savedText, { time: now() }, false);
    } catch {
      for (const name of names) changed.add(name);
      say(note, form.dataset.unsavedText, { time: now() }, true);
      later(RETRY);
    }
    busy = false;
    if (changed.size > 0 && !note?.classList.contains("is-unsaved")) later(PAUSE);
  }

  form.addEventListener("input", (event) => {
    if (!draftable(event.target)) return;
    changed.add(event.target.name);
    later(PAUSE);
  });
  form.addEventListener("focusout", () => changed.size > 0 && later(200));
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    changed.clear();
  });
  window.addEventListener("pagehide", () => changed.size > 0 && put(form, [...changed], true).catch(() => {}));
}

function draftable(input) {
  return input.name && !["password", "file", "hidden"].includes(input.type) && !("undrafted" in input.dataset);
}

function put(form, names, leaving = false) {
  const data = new FormData(form);
  const body = Object.fromEntries(names.map((name) => [name, data.getAll(name).length > 1 ? data.getAll(name) : (data.get(name) ?? "")]));
  const headers = { "content-type": "application/json" };
  const token = data.get("form_token");
  if (token) headers["x-form-token"] = token;
  return fetch(form.dataset.draft, { method: "PUT", headers, body: JSON.stringify(body), credentials: "same-origin", keepalive: leaving });
}

function say(note, text, values, unsaved) {
  if (!note || !text) return;
  note.textContent = fill(text, values);
  note.classList.toggle("is-unsaved", unsaved);
}
