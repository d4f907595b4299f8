// <div data-pad="/api/v1/judging/…/entries" data-state="…/live/state" data-start="{…}" data-texts="{…}" data-token="…">: a judge's card in
// a live final. It works without a network: what is typed stays in this page and in the browser; a score that is locked waits in
// line until the server has it, under a key that makes sending it twice one score.

import { element, fill, fresh } from "./dom.js";
import { follow, tell } from "./stage.js";

const RETRY = 3000;

export function pads(root) {
  for (const box of fresh(root, "[data-pad]", "pad")) new Pad(box);
}

class Pad {
  constructor(box) {
    const start = JSON.parse(box.dataset.start);
    this.box = box;
    this.texts = JSON.parse(box.dataset.texts);
    this.criteria = start.criteria;
    // Judges who share a phone each have their own.
    this.store = `jm-pad-${start.round}-${start.seat}`;
    this.kept = this.load();
    this.news = start.pad;
    this.online = true;
    this.shown = undefined;
    this.draw();
    follow(box.dataset.state, (news) => {
      this.online = true;
      this.hear(news);
    });
    window.addEventListener("online", () => this.send());
    window.addEventListener("offline", () => this.status());
    setInterval(() => this.send(), RETRY);
    this.send();
  }

  load() {
    try {
      return JSON.parse(localStorage.getItem(this.store) ?? "{}");
    } catch {
      return {};
    }
  }

  keep() {
    try {
      localStorage.setItem(this.store, JSON.stringify(this.kept));
    } catch {
      // A browser that keeps nothing keeps it in the page.
    }
  }

  /** What was typed for an entry: here, else what the server has. */
  of(id) {
    const entry = this.news.entries.find((one) => one.id === id);
    this.kept[id] ??= { marks: { ...(entry?.marks ?? {}) }, key: crypto.randomUUID?.() ?? String(Math.random()).slice(2), locked: false, sent: false };
    return this.kept[id];
  }

  hear(news) {
    const was = this.news.current;
    this.news = news;
    for (const entry of news.entries) {
      const own = this.kept[entry.id];
      if (entry.locked && own) Object.assign(own, { locked: true, sent: true, total: entry.total });
      // The office opened it again: it is to be given anew, under another key.
      if (!entry.locked && own?.sent) {
        delete this.kept[entry.id];
        if (this.shown === entry.id) this.shown = undefined;
      }
    }
    this.keep();
    const clock = this.box.querySelector(".jm-clock");
    if (clock) tell(clock, news.left, news.runs);
    if (news.current && news.current !== was) this.choose(news.current);
    else if (this.shown === undefined) this.draw();
    else this.status();
  }

  choose(id) {
    if (id !== this.shown) this.said = undefined;
    this.shown = id;
    this.draw();
  }

  draw() {
    const { entries, current } = this.news;
    this.shown ??= current ?? entries.find((one) => !this.of(one.id).locked)?.id ?? entries[0]?.id;
    const clock = element("span", { class: "jm-clock", role: "timer" });
    const head = element("div", { class: "jm-pad-head" }, element("span", { class: "jm-pad-phase" }), clock);
    const list = element("div", { class: "jm-pad-list" });
    for (const one of entries) {
      const button = element("button", { type: "button", class: `btn${one.id === this.shown ? " btn-primary" : ""}`, "data-entry": one.id }, one.code);
      button.addEventListener("click", () => this.choose(one.id));
      list.append(button);
    }
    const note = element("p", { class: "jm-pad-note", role: "status", "data-note": "" });
    this.box.replaceChildren(head, note, list, this.card());
    tell(clock, this.news.left, this.news.runs);
    this.status();
  }

  card() {
    const entry = this.news.entries.find((one) => one.id === this.shown);
    if (!entry) return element("p", {}, this.texts.waiting);
    const own = this.of(entry.id);
    const card = element("section", { class: "jm-panel jm-pad-card" }, element("h2", {}, `${entry.code} ${entry.title}`));
    if (entry.name) card.append(element("p", {}, entry.name));
    if (own.locked) {
      const total = own.total ?? this.total(own);
      card.append(element("p", { class: "jm-pad-total" }, `${this.texts.locked} ${total}`));
      return card;
    }
    const total = element("p", { class: "jm-pad-total" });
    const sum = () => (total.textContent = `${this.texts.total} ${this.total(own)}`);
    for (const one of this.criteria) {
      const id = `pad-${one.key}`;
      const input = element("input", { class: "form-control jm-pad-mark", id, inputmode: "decimal", autocomplete: "off", maxlength: "6", value: own.marks[one.key] ?? "" });
      input.addEventListener("input", () => {
        own.marks[one.key] = plain(input.value);
        this.said = undefined;
        input.setAttribute("aria-invalid", fits(own.marks[one.key], one.most) ? "false" : "true");
        this.keep();
        sum();
      });
      const label = element("label", { for: id }, `${one.title} `, element("small", {}, fill(this.texts.most, { most: one.most })));
      card.append(element("div", { class: "jm-pad-row" }, label, input));
    }
    sum();
    const lock = element("button", { type: "button", class: "btn btn-primary jm-pad-lock" }, this.texts.lock);
    lock.addEventListener("click", () => this.lock(entry, own));
    card.append(total, lock);
    return card;
  }

  /** In hundredths of a point, so that nothing is rounded by chance. */
  total(own) {
    const weighted = this.criteria.some((one) => one.weight > 0);
    const units = this.criteria.map((one) => hundredths(own.marks[one.key] ?? "0") * (weighted ? one.weight : 100));
    return (units.reduce((a, b) => a + b, 0) / 10000).toFixed(2);
  }

  lock(entry, own) {
    const wrong = this.criteria.filter((one) => !fits(own.marks[one.key] ?? "", one.most));
    if (wrong.length > 0) {
      this.say(fill(this.texts.missing, { names: wrong.map((one) => one.title).join("、") }), true);
      this.box.querySelector(`#pad-${wrong[0].key}`)?.focus();
      return;
    }
    if (!window.confirm(fill(this.texts.confirm, { code: entry.code, total: this.total(own) }))) return;
    own.locked = true;
    own.sent = false;
    this.keep();
    this.draw();
    this.send();
  }

  /** Sends what waits in line, one after the other. */
  async send() {
    if (this.sending) return;
    this.sending = true;
    for (const [id, own] of Object.entries(this.kept)) {
      if (!own.locked || own.sent) continue;
      try {
        const headers = { "content-type": "application/json", "x-form-token": this.box.dataset.token };
        const body = JSON.stringify({ marks: own.marks, lock: true, key: own.key });
        const answer = await fetch(`${this.box.dataset.pad}/${id}/score`, { method: "PUT", credentials: "same-origin", headers, body });
        this.online = true;
        if (answer.ok) {
          const told = await answer.json();
          Object.assign(own, { sent: true, total: told.total });
          if (this.shown === id) this.draw();
          this.say(this.texts.sent, false);
        } else if (answer.status === 422) {
          // It cannot be taken as it is: the judge types again.
          Object.assign(own, { locked: false });
          if (this.shown === id) this.draw();
          this.say(this.texts.refused, true);
        } else {
          // The round is closed, or one must sign in again: it is kept and tried again, and the judge reads why.
          const problem = await answer.json().catch(() => ({}));
          own.waits = problem.detail ?? problem.title;
        }
      } catch {
        this.online = false;
      }
      this.keep();
    }
    this.sending = false;
    this.status();
  }

  /** Who is on the stage, what waits in line; else what was said last. */
  status() {
    const waiting = Object.values(this.kept).filter((own) => own.locked && !own.sent);
    const phase = this.box.querySelector(".jm-pad-phase");
    const current = this.news.entries.find((one) => one.id === this.news.current);
    if (phase) phase.textContent = current ? fill(this.texts.now, { code: current.code }) : this.texts.waiting;
    const connected = this.online && navigator.onLine;
    if (waiting.length > 0) {
      const why = waiting.find((own) => own.waits)?.waits ?? "";
      this.note(`${fill(this.texts.queued, { n: waiting.length })} ${connected ? why : this.texts.offline}`, true);
    } else if (!connected) {
      this.note(this.texts.offline, true);
    } else {
      this.note(this.said?.text ?? "", this.said?.wrong ?? false);
    }
  }

  /** Says something until the judge types again. */
  say(text, wrong) {
    this.said = { text, wrong };
    this.status();
  }

  note(text, wrong) {
    const note = this.box.querySelector("[data-note]");
    if (!note) return;
    // A text that is set again is read out again.
    if (note.textContent !== text) note.textContent = text;
    note.classList.toggle("is-unsaved", wrong);
  }
}

/** Digits of Chinese input methods as plain ones. */
function plain(text) {
  return text
    .trim()
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[．。]/g, ".");
}

function fits(text, most) {
  return /^\d{1,4}(\.\d{1,2})?$/.test(text ?? "") && hundredths(text) <= hundredths(most);
}

function hundredths(text) {
  const [whole, part = ""] = String(text || "0").split(".");
  return Number(whole) * 100 + Number(part.padEnd(2, "0").slice(0, 2));
}
