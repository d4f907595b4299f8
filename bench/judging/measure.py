"""A desk round with thousands of entries and hundreds of judges, through the same pages as the office and the judges use."""
import argparse
import json
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import uuid

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "load"))
from house import Client, Server, build, forget_peak, memory, say  # noqa: E402

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def flags():
    parser = argparse.ArgumentParser(prog="bench/judging/run", description=__doc__)
    parser.add_argument("--program", help="a program that is built already")
    parser.add_argument("--entries", type=int, default=3000)
    parser.add_argument("--judges", type=int, default=400)
    parser.add_argument("--work", default=str(ROOT / "target" / "judging-bench"))
    return parser.parse_args()


def filled(program, folder):
    """The demonstration, and who may sign in."""
    line = [program, "demo", "--dir", str(folder), "--port", "0", "--format", "json"]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    told = json.loads(process.stdout.readline())
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    return {one["role"]: one for one in told["sign_ins"]}


def columns(base, table, leave_out=()):
    return [row[1] for row in base.execute(f"PRAGMA table_info({table})") if row[1] not in leave_out]


def copy(base, table, where, given, values):
    """A row once more, with other values in some columns."""
    names = columns(base, table)
    row = dict(zip(names, base.execute(f"SELECT {', '.join(names)} FROM {table} WHERE {where}", given).fetchone()))
    row.update(values)
    marks = ", ".join("?" for _ in names)
    base.execute(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", [row[name] for name in names])


def grown(folder, entries, judges):
    """Applications of a competition that nobody judges yet, standing where experts judge, and experts; a tenth of these work for
    somebody who entered."""
    base = sqlite3.connect(folder / "jinmen.db")
    draw = random.Random(2021)
    judged = base.execute("SELECT call_id FROM review_round LIMIT 1").fetchone()[0]
    model, stage = base.execute(
        "SELECT a.id, a.stage FROM call_application a JOIN review_entry e ON e.application_id = a.id WHERE a.state = 'submitted'"
        " AND a.call_id = ? LIMIT 1", (judged,)).fetchone()
    call, version = base.execute(
        "SELECT id, form_version FROM call WHERE (kind, owner_id) = (SELECT kind, owner_id FROM call WHERE id = ?)"
        " AND state = 'published' AND id NOT IN (SELECT call_id FROM review_round) ORDER BY created_at DESC LIMIT 1",
        (judged,)).fetchone()
    firms = base.execute("SELECT id, name_zh FROM organization WHERE kind = 'enterprise' ORDER BY id").fetchall()
    for at in range(entries):
        id, (firm, name) = str(uuid.UUID(int=draw.getrandbits(128), version=4)), firms[at % len(firms)]
        copy(base, "call_application", "id = ?", (model,), {
            "id": id, "call_id": call, "number": f"DS-2026-{at + 5000:05}", "applicant_id": firm, "applicant_name": name,
            "place": 100 + at // len(firms), "state": "submitted", "stage": stage, "form_version": version, "granted": None,
            "handler_id": None})
        base.execute("INSERT INTO call_answer (application_id, path, typed, saved_at, saved_name) VALUES (?, 'project_name', ?, 0, '')",
                     (id, json.dumps([f"面向演示的第{at + 1}个项目"], ensure_ascii=False)))
    person = base.execute("SELECT person_id FROM review_expert ORDER BY id LIMIT 1").fetchone()[0]
    for at in range(judges - base.execute("SELECT COUNT(*) FROM review_expert").fetchone()[0]):
        id, name = str(uuid.UUID(int=draw.getrandbits(128), version=4)), f"演示评委{at + 1:03}"
        copy(base, "person", "id = ?", (person,), {"id": id, "name_zh": name, "name_key": name, "sort_key": name,
                                                    "resident_sealed": None, "resident_blind": None})
        firm, institution = draw.choice(firms) if at % 10 == 0 else (None, f"第{at % 60}演示大学")
        copy(base, "review_expert", "person_id = ?", (person,), {
            "id": str(uuid.UUID(int=draw.getrandbits(128), version=4)), "person_id": id, "name": name,
            "institution": institution, "institution_id": firm})
    base.commit()
    base.close()
    return call


class Desk:
    """Somebody at a browser."""

    def __init__(self, server, known):
        self.client = Client(server.port)
        self.client.sign_in(known["account"], known["password"])
        self.token, self.took = None, 0.0

    def get(self, path):
        began = time.monotonic()
        answer = self.client.ask("GET", path)
        self.took = time.monotonic() - began
        if answer.status != 200:
            raise SystemExit(f"{path} answers {answer.status}: {answer.body[:300]}")
        text = answer.body.decode()
        found = re.search(r'name="form_token" value="([^"]+)"', text)
        self.token = found.group(1) if found else self.token
        return text

    def post(self, path, fields):
        body = urllib.parse.urlencode([("form_token", self.token), *fields])
        began = time.monotonic()
        answer = self.client.ask("POST", path, body, FORM, timeout=600)
        self.took = time.monotonic() - began
        if answer.status not in (200, 303):
            raise SystemExit(f"{path} answers {answer.status}: {re.sub('<[^>]+>', ' ', answer.body.decode())[:2000]}")
        return answer

    def streamed(self, path):
        """A page that comes in pieces: seconds to the first and to the last, how many there were, the text."""
        self.client.ask("GET", "/healthz")
        link = self.client.link
        began = time.monotonic()
        link.request("GET", path, headers={"Cookie": self.client.cookie})
        answer = link.getresponse()
        first, parts, text = None, 0, b""
        while part := answer.read1(1 << 20):
            first = first or time.monotonic() - began
            parts, text = parts + 1, text + part
        return first, time.monotonic() - began, parts, text.decode()


def main():
    given = flags()
    work = pathlib.Path(given.work)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    program, folder = build(given), work / "instance"
    say("filling the demonstration")
    people = filled(program, folder)
    say(f"{given.entries} entries, {given.judges} judges")
    call = grown(folder, given.entries, given.judges)
    server = Server(program, folder).start()
    lines = []

    def line(what, seconds, note=""):
        lines.append((what, seconds, note))
        say(f"{what}: {seconds:.2f} s {note}")

    try:
        office = Desk(server, people["secretariat"])
        measure(server, office, call, given, people, line)
    finally:
        server.stop()
    print("\n| step | seconds | |\n| --- | ---: | --- |")
    for what, seconds, note in lines:
        print(f"| {what} | {seconds:.2f} | {note} |")


def measure(server, office, call, given, people, line):
    office.get(f"/work/reviews/new?call={call}&kind=desk")
    fields = {"title_zh": "三千项目网评", "due_on": "2036-12-31", "panels": "one", "giving": "assigned", "demand": "3", "load_most": "30",
              "trim": "none", "digits": "2", "ties": "highest", "blind": "yes",
              "criteria": "technology | 技术 | Technology | 60\nmarket | 市场 | Market | 40", "one_per_institution": "yes"}
    where = office.post(f"/work/reviews/new?call={call}&kind=desk", fields.items()).headers["Location"]
    office.post(f"{where}/entries", [])
    line("entries taken in", office.took)
    page = office.get(f"{where}?tab=judges")
    line("page of judges and conflicts, 300 experts to choose from", office.took)
    panel = re.search(r'<select[^>]*name="panel".*?<option value="([0-9a-f-]{36})"', page, re.S).group(1)
    experts = sqlite3.connect(server.folder / "jinmen.db").execute("SELECT id FROM review_expert").fetchall()
    office.post(f"{where}/choose", [("panel", panel), *(("expert", one) for (one,) in experts)])
    line("judges seated", office.took)
    office.post(f"{where}/invite", [])
    line("judges asked, with accounts and links", office.took)
    office.post(f"{where}/conflicts/find", [])
    conflicts = sqlite3.connect(server.folder / "jinmen.db").execute("SELECT COUNT(*) FROM review_conflict").fetchone()[0]
    line("conflicts found", office.took, f"{conflicts} of {len(experts) * given.entries} pairs")
    forget_peak([server.process.pid])
    first, all, parts, text = office.streamed(f"{where}/assign")
    line("preview of the assignment", all, f"first piece after {first:.2f} s, {parts} pieces")
    digest = re.search(r'name=\\?"digest\\?" value=\\?"([0-9a-f]+)', text).group(1)
    office.get(where)
    office.post(f"{where}/assign", [("digest", digest)])
    line("assignment taken", office.took)
    office.post(f"{where}/open", [])
    line("round opened", office.took)
    judge = Desk(server, people["judge"])
    own = where.replace("/reviews/", "/judging/")
    judge.get(own)
    judge.post(f"{own}/accept", [("signed", "yes")])
    page = judge.get(own)
    entries = re.findall(rf'href="({own}/[0-9a-f-]{{36}})"', page)
    line("a judge's list", judge.took, f"{len(set(entries))} entries")
    judge.get(entries[0])
    line("a packet with its card", judge.took)
    began = time.monotonic()
    for entry in dict.fromkeys(entries):
        judge.get(entry)
        judge.post(f"{entry}/score", [("mark.technology", "50.5"), ("mark.market", "30")])
    line("a judge reads and locks all", time.monotonic() - began, f"{len(set(entries))} entries")
    scored(server, where.rsplit("/", 1)[1])
    for path, what in ((where, "the office's page"), (f"{where}?tab=entries", "the list of entries"),
                       (f"{where}?tab=results", "the page of results while it is judged")):
        office.get(path)
        line(what, office.took)
    office.post(f"{where}/close", [("reason", "")])
    line("round closed and ranked", office.took)
    office.get(f"{where}?tab=results")
    line("the page of results with calibration", office.took)
    for kind in ("csv", "xlsx", "json"):
        began = time.monotonic()
        answer = office.client.ask("GET", f"{where}/scores.{kind}")
        if answer.status != 200:
            raise SystemExit(f"the export answers {answer.status}")
        line(f"export as {kind}", time.monotonic() - began, f"{len(answer.body):,} bytes")
    supervisor = Desk(server, people["supervisor"])
    supervisor.get(where)
    supervisor.post(f"{where}/confirm", [])
    line("result confirmed", supervisor.took)
    line("most memory resident", memory([server.process.pid], "VmHWM"), "MB, not seconds")


def scored(server, round):
    """Everybody else's scores, as they would be after weeks."""
    base = sqlite3.connect(server.folder / "jinmen.db", timeout=60)
    names = columns(base, "review_score", ("id", "entry_id", "seat_id", "marks", "total", "salt", "send_key"))
    model = base.execute(f"SELECT {', '.join(names)}, salt FROM review_score WHERE round_id = ? AND locked LIMIT 1", (round,)).fetchone()
    pairs = base.execute(
        "SELECT p.entry_id, p.seat_id FROM review_pair p JOIN review_entry e ON e.id = p.entry_id LEFT JOIN review_score s ON"
        " s.entry_id = p.entry_id AND s.seat_id = p.seat_id WHERE e.round_id = ? AND p.chosen_by <> 'barred' AND s.id IS NULL",
        (round,)).fetchall()
    draw = random.Random(7)
    rows = []
    for entry, seat in pairs:
        marks = [draw.randint(60, 119) / 2, draw.randint(40, 79) / 2]
        rows.append([str(uuid.uuid4()), entry, seat, json.dumps([f"{one:g}" for one in marks]), f"{sum(marks):g}",
                     os.urandom(16).hex(), uuid.uuid4().hex, *model[:-1]])
    marks = ", ".join("?" for _ in rows[0])
    base.executemany(
        f"INSERT INTO review_score (id, entry_id, seat_id, marks, total, salt, send_key, {', '.join(names)}) VALUES ({marks})", rows)
    base.commit()
    base.close()


main()
