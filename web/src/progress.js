// <div data-progress="/jobs/…/progress">: follows long work by server-sent events.
// Each event's data is JSON: {"done": 40, "total": 100, "text": "…", "state": "running|done|failed", "href": "/…", "label": "…"};
// "html" is what the work made and takes the place of the progress.

import { element, fresh } from "./dom.js";

export function progress(root) {
  for (const box of fresh(root, "[data-progress]", "progress")) follow(box);
}

function follow(box) {
  if (!window.EventSource || box.dataset.state !== "running") return;
  const source = new EventSource(box.dataset.progress);
  source.onmessage = (event) => {
    const news = JSON.parse(event.data);
    if (news.state === "done" || news.state === "failed") source.close();
    if (news.html) replace(box, news.html);
    else show(box, news);
  };
  window.addEventListener("pagehide", () => source.close());
}

/** Every part, and the charts, are told of what was added. */
function replace(box, html) {
  const made = document.createRange().createContextualFragment(html);
  const added = [...made.children];
  box.replaceWith(made);
  for (const one of added) one.dispatchEvent(new CustomEvent("jinmen:added", { bubbles: true }));
}

function show(box, news) {
  const bar = box.querySelector("progress");
  if (bar && news.total > 0) {
    bar.max = news.total;
    bar.value = news.done;
  }
  const text = box.querySelector("[data-progress-text]");
  if (text && news.text) text.textContent = news.text;
  if (news.state) box.dataset.state = news.state;
  for (const cancel of box.querySelectorAll("[data-progress-cancel]")) cancel.hidden = news.state === "done" || news.state === "failed";
  const place = box.querySelector("[data-progress-link]");
  if (place && news.href) place.replaceChildren(element("a", { class: "btn btn-primary", href: news.href }, news.label ?? news.href));
}
