// The stage of a live final. Clocks count on by themselves; every second the page asks how things stand.
// <… data-screen="/live/…/state" data-texts="{…}">: the screen in the hall, drawn anew.
// <… data-room="/live/…/state" data-phase="pitch">: the control room, loaded anew when something changed and nobody types.

import { element, fill, fresh } from "./dom.js";

const BEAT = 1000;

export function stages(root) {
  for (const clock of fresh(root, ".jm-clock", "clock")) count(clock);
  for (const screen of fresh(root, "[data-screen]", "screen")) follow(screen.dataset.screen, (news) => draw(screen, news));
  for (const room of fresh(root, "[data-room]", "room")) watch(room);
}

/** A clock knows when it was told how much is left. */
export function tell(clock, left, runs) {
  clock.dataset.left = left;
  clock.dataset.runs = runs ? "yes" : "";
  clock.told = Date.now();
  show(clock);
}

function count(clock) {
  clock.told = Date.now();
  show(clock);
  setInterval(() => show(clock), 250);
}

function show(clock) {
  const passed = clock.dataset.runs ? Math.floor((Date.now() - clock.told) / 1000) : 0;
  const left = Number(clock.dataset.left) - passed;
  const seconds = Math.abs(left);
  const text = `${left < 0 ? "-" : ""}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  if (clock.textContent !== text) clock.textContent = text;
  clock.classList.toggle("is-short", left <= 60 && left > 0 && Boolean(clock.dataset.runs));
  clock.classList.toggle("is-over", left <= 0 && Boolean(clock.dataset.runs));
}

/** Asks again and again; what cannot be had now is asked for later. */
export function follow(address, heard) {
  const ask = async () => {
    try {
      const answer = await fetch(address, { credentials: "same-origin", headers: { accept: "application/json" } });
      if (answer.ok) heard(await answer.json());
    } catch {
      // Without a network the page stays as it is.
    }
    setTimeout(ask, BEAT);
  };
  setTimeout(ask, BEAT);
}

function draw(screen, news) {
  const texts = JSON.parse(screen.dataset.texts);
  const part = (name) => screen.querySelector(`[data-${name}]`);
  const put = (name, text) => {
    const place = part(name);
    if (place && place.textContent !== text) place.textContent = text;
  };
  put("phase", texts[news.phase] ?? "");
  put("now", news.current ? `${news.current.place} ${news.current.title}` : "");
  put("name", news.current?.name ?? "");
  put("locked", news.judges > 0 ? fill(texts._locked, { n: news.locked, all: news.judges }) : "");
  const clock = screen.querySelector(".jm-clock");
  if (clock) tell(clock, news.left, news.runs);
  const last = part("last");
  const result = news.last ? JSON.stringify(news.last) : "";
  if (last && last.dataset.shown !== result) {
    last.dataset.shown = result;
    last.replaceChildren(...(news.last ? lastResult(texts, news.last) : []));
  }
  const order = part("order");
  const lines = JSON.stringify(news.entries);
  if (order && order.dataset.shown !== lines) {
    order.dataset.shown = lines;
    order.replaceChildren(...news.entries.map((entry) => line(entry)));
  }
}

function lastResult(texts, last) {
  const made = [element("h2", {}, last.title), element("p", { class: "jm-hall-score" }, last.score)];
  if (last.dropped > 0) made.push(element("p", {}, fill(texts._dropped, { n: last.dropped })));
  if (last.guests) made.push(element("p", {}, fill(texts._guests, { n: last.guest_count, score: last.guests })));
  return made;
}

function line(entry) {
  return element("li", entry.score ? { class: "is-done" } : {}, element("span", {}, entry.title), " ", element("b", {}, entry.score ?? ""));
}

function watch(room) {
  let before;
  follow(room.dataset.room, (news) => {
    const clock = room.querySelector(".jm-clock");
    if (clock) tell(clock, news.left, news.runs);
    const now = JSON.stringify([news.phase, news.current?.id, news.locked, news.entries.map((entry) => entry.state)]);
    const changed = before !== undefined && before !== now;
    before = now;
    const typing = document.activeElement?.matches("input, textarea, select") || document.querySelector("dialog[open], details[open]");
    if (changed && !typing) location.reload();
  });
}
