"""Many applicants save and hand in within the last minute before a deadline; once undisturbed, once with the server killed.

What was acknowledged is compared with what the database holds afterwards."""
import argparse
import json
import pathlib
import random
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "load"))
from house import ALLIANCE, PASSWORD, Client, Postgres, Server, build, say  # noqa: E402

TYPED = "为验证截止前一分钟的集中提交而写的一段说明。" * 12
JSON = {"Content-Type": "application/json"}


def flags():
    parser = argparse.ArgumentParser(prog="bench/calls/run", description="The last minute before a deadline.")
    parser.add_argument("--program", help="a program that is built already")
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--applicants", type=int, default=500)
    parser.add_argument("--saves", type=int, default=8, help="times that each saves before handing in")
    parser.add_argument("--late", type=int, default=10, help="of a hundred, how many hand in too late")
    parser.add_argument("--work", default=str(ROOT / "target" / "calls-bench"))
    parser.add_argument("--runs", default="quiet,killed")
    return parser.parse_args()


def asked(client, method, path, body, wanted):
    answer = client.ask(method, path, json.dumps(body), JSON)
    if answer.status not in wanted:
        raise SystemExit(f"{method} {path} answers {answer.status}: {answer.body[:400].decode()}")
    return json.loads(answer.body or b"null")


class Applicant(threading.Thread):
    """One firm's person: saves now and then, hands in once, asks again where the answer was lost."""

    def __init__(self, number, server, application, cookie, saves, submit_at):
        super().__init__(daemon=True)
        self.server, self.application = server, application
        self.client = Client(server.port)
        self.client.cookie = cookie
        draw = random.Random(number)
        before = sorted(draw.uniform(submit_at - 45, submit_at - 0.2) for _ in range(saves))
        self.plan, self.submit_at = before, submit_at
        self.took, self.acknowledged, self.refused, self.lost, self.wrong = [], None, None, 0, []

    def ask(self, method, path, body):
        """An answer; a connection that breaks is tried again, as a person does."""
        while True:
            began = time.monotonic()
            try:
                answer = self.client.ask(method, path, json.dumps(body), JSON, timeout=30)
            except OSError:
                self.lost += 1
                time.sleep(0.25)
                continue
            except Exception:  # a connection that was closed in the middle
                self.lost += 1
                time.sleep(0.25)
                continue
            self.took.append((path.rsplit("/", 1)[1] if method == "POST" else "save", 1000 * (time.monotonic() - began)))
            return answer

    def run(self):
        own = f"/api/v1/own-applications/{self.application}"
        for turn, at in enumerate(self.plan):
            time.sleep(max(0.0, at - time.time()))
            text = f"{TYPED}{turn}"
            answer = self.ask("PATCH", own, {"answers": {"subject": f"第 {turn} 次保存", "content": text}})
            # Over the deadline a draft can still be saved; only handing in is refused.
            if answer.status != 200:
                self.wrong.append(f"saving answers {answer.status}: {answer.body[:200]}")
        time.sleep(max(0.0, self.submit_at - time.time()))
        answer = self.ask("POST", f"{own}/submit", {})
        said = json.loads(answer.body or b"null")
        if answer.status == 200:
            self.acknowledged = said
        elif answer.status == 409:
            self.refused = said
        else:
            self.wrong.append(f"handing in answers {answer.status}: {answer.body[:200]}")


def deadline():
    """The end of a minute that is far enough for everybody to be ready."""
    return (int(time.time() + 75) // 60 + 1) * 60


def furnished(server, count):
    """An instance with firms, each with somebody who may apply."""
    add = [server.program, "user", "add"]
    given = {"input": PASSWORD, "text": True, "check": True, "stdout": subprocess.DEVNULL}
    subprocess.run([*add, "office", "--name", "办", "--role", "secretariat", "--organization", ALLIANCE,
                    "--password-stdin", *server.flags()], **given)
    for number in range(count):
        subprocess.run([*add, f"firm-{number}", "--name", "人", "--role", "enterprise_admin", "--organization",
                        f"天津第{number:03}演示试验有限公司", "--password-stdin", *server.flags()], **given)


def call(office, closes, title):
    # Days and times of a call are China's.
    there = time.gmtime(closes + 8 * 3600)
    day, clock = time.strftime("%Y-%m-%d", there), time.strftime("%H:%M", there)
    draft = {"template": "plain", "title_zh": title, "closes_on": day, "closes_time": clock, "telephone": "022-00000000"}
    id = asked(office, "POST", "/api/v1/own-calls", draft, (201,))["id"]
    asked(office, "POST", f"/api/v1/own-calls/{id}/publish", {}, (200, 204))
    return id


def percentile(values, share):
    values = sorted(values)
    return round(values[min(len(values) - 1, int(len(values) * share))], 1) if values else 0.0


def one_run(server, name, given, cookies):
    office = Client(server.port)
    office.sign_in("office")
    closes = deadline()
    id = call(office, closes, f"截止前一分钟 {name}")
    draw = random.Random(name)
    applicants = []
    for number, cookie in enumerate(cookies):
        firm = Client(server.port)
        firm.cookie = cookie
        application = asked(firm, "POST", "/api/v1/own-applications", {"call": id}, (200, 201))["id"]
        late = draw.random() * 100 < given.late
        # More and more the nearer the end is, and some a moment after it.
        at = closes + draw.uniform(0.0, 2.0) if late else closes - 50 * draw.random() ** 2 - 0.05
        applicants.append(Applicant(number, server, application, cookie, given.saves, at))
    say(f"{name}: {len(applicants)} drafts, {closes - time.time():.0f} s to the deadline")
    began = time.time()
    for one in applicants:
        one.start()
    killed = None
    if name.startswith("killed"):
        time.sleep(max(0.0, closes - 20 - time.time()))
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        server.start()
        killed = round(server.seconds, 2)
    for one in applicants:
        one.join()
    return judged(server, name, id, applicants, closes, killed, time.time() - began)


def judged(server, name, call, applicants, closes, killed, seconds):
    """What was told beside what is there."""
    rows = server.sql("SELECT a.id, a.state, COALESCE(a.number, ''), COALESCE(a.submitted_at, 0), "
                      "(SELECT COUNT(*) FROM call_submission s WHERE s.application_id = a.id) FROM call_application a "
                      f"WHERE a.call_id = '{call}'")
    held = {id: (state, number, int(at), int(times)) for id, state, number, at, times in rows}
    faults = [fault for one in applicants for fault in one.wrong]
    for one in applicants:
        state, number, at, times = held[one.application]
        if one.acknowledged and (state != "submitted" or number != one.acknowledged["number"]):
            faults.append(f"{one.application} was acknowledged as {one.acknowledged['number']} and is {state} {number}")
        if state == "submitted" and at >= closes * 1_000_000:
            faults.append(f"{one.application} was accepted late")
        if times > 1 or (state == "draft" and times):
            faults.append(f"{one.application} was handed in {times} times")
        if one.refused and state == "draft" and one.submit_at < closes - 5:
            faults.append(f"{one.application} was refused {closes - one.submit_at:.1f} s before the end: {one.refused}")
    numbers = [number for state, number, _, _ in held.values() if state == "submitted"]
    if len(set(numbers)) != len(numbers):
        faults.append("two have the same number")
    took = {kind: [ms for one in applicants for what, ms in one.took if (what == "submit") == (kind == "submit")]
            for kind in ("save", "submit")}
    found = {"run": name, "applicants": len(applicants), "submitted": len(numbers),
             "acknowledged": sum(1 for one in applicants if one.acknowledged),
             "refused_late": sum(1 for one in applicants if one.refused and held[one.application][0] == "draft"),
             "answer_lost_but_in": sum(1 for one in applicants if one.refused and held[one.application][0] == "submitted"),
             "connections_lost": sum(one.lost for one in applicants), "restart_seconds": killed, "seconds": round(seconds),
             **{f"{kind}_{what}": value for kind, all in took.items() for what, value in
                (("count", len(all)), ("p50", round(statistics.median(all), 1)), ("p99", percentile(all, 0.99)),
                 ("most", round(max(all), 1)))}, "faults": faults}
    say(json.dumps(found, ensure_ascii=False))
    return found


def main():
    given = flags()
    program = build(given)
    work = pathlib.Path(given.work)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    all_found = []
    for database in given.databases.split(","):
        postgres = Postgres(work / "postgres").start() if database == "postgres" else None
        if postgres:
            postgres.make("calls")
        server = Server(program, work / database / "data", postgres and postgres.url("calls"), postgres)
        server.folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            say(f"{database}: {given.applicants} firms")
            furnished(server, given.applicants)
            server.start()
            cookies = []
            for number in range(given.applicants):
                firm = Client(server.port)
                firm.sign_in(f"firm-{number}")
                cookies.append(firm.cookie)
            all_found += [one_run(server, f"{run} {database}", given, cookies) for run in given.runs.split(",")]
        finally:
            if server.process:
                server.stop()
            if postgres:
                postgres.stop()
    (work / "results.json").write_text(json.dumps(all_found, ensure_ascii=False, indent=1))
    print("\n| run | handed in | acknowledged | late and refused | lost | late | twice | save p50 / p99 ms | hand in p50 / p99 / most ms |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for one in all_found:
        kind = lambda word: sum(1 for fault in one["faults"] if word in fault)
        print(f"| {one['run']} | {one['submitted']} | {one['acknowledged']} | {one['refused_late']} | {kind('was acknowledged')} | "
              f"{kind('late')} | {kind('times')} | {one['save_p50']} / {one['save_p99']} | "
              f"{one['submit_p50']} / {one['submit_p99']} / {one['submit_most']} |")
    broken = [fault for one in all_found for fault in one["faults"]]
    print("\n".join(broken))
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
