"""Fills registers of several sizes and measures them; every finished step is kept, so that a run that was stopped goes on."""
import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import threading
import time
import urllib.parse
import urllib.request

import ask
import phone
import report
from house import (ACCOUNT, ALLIANCE, HERE, PASSWORD, Client, Postgres, Server, build, cpu, forget_peak, memory, pressure, say,
                   tree)

ROOT = HERE.parent.parent


def flags():
    parser = argparse.ArgumentParser(prog="bench/load/run", description="Measures the program under load.")
    parser.add_argument("--quick", action="store_true", help="10,000 organisations on SQLite only, short rounds: under four minutes")
    parser.add_argument("--sizes", default="1000,10000,100000,1000000")
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--work", help="where registers and results are kept [target/load]")
    parser.add_argument("--program", help="a program that is built already")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--no-peer", action="store_true", help="without pretalx")
    parser.add_argument("--again", default="", help="steps to measure anew, by the beginning of their names")
    parser.add_argument("--just", default="", help="only steps whose names begin so, such as 'import': to fill registers ahead")
    parser.add_argument("--only", default="", help="pages to measure, such as 'search'")
    parser.add_argument("--write-docs", action="store_true", help="write the tables and the plot into docs/")
    given = parser.parse_args()
    if given.quick:
        given.sizes, given.databases, given.no_peer, given.seconds, given.rounds = "10000", "sqlite", True, 4, 1
    return given


class Results:
    def __init__(self, folder, again, just=""):
        self.folder, self.again = folder, tuple(one for one in again.split(",") if one)
        self.just = tuple(one for one in just.split(",") if one)
        folder.mkdir(parents=True, exist_ok=True)

    def step(self, name, work):
        """Does a step unless its result is there."""
        if self.just and not name.startswith(self.just):
            return {}
        file = self.folder / f"{name}.json"
        if file.exists() and not (self.again and name.startswith(self.again)):
            say(f"{name}: there already")
            return json.loads(file.read_text())
        say(f"{name}: measuring (waiting for a processor: {pressure()} %)")
        found = work()
        found["at"] = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
        file.write_text(json.dumps(found, ensure_ascii=False, indent=1))
        say(f"{name}: {json.dumps(found, ensure_ascii=False)}")
        return found


def program(path, work):
    """Size, and from an empty folder to the first page."""
    times = []
    for turn in range(5):
        folder = work / "empty" / str(turn) / "data"
        shutil.rmtree(folder.parent, ignore_errors=True)
        server = Server(path, folder)
        times.append(round(server.start("/").seconds, 3))
        rss = memory([server.process.pid])
        server.stop()
    return {"megabytes": round(os.path.getsize(path) / 1e6, 1), "first_page_seconds": statistics.median(times), "all": times,
            "rss_empty": rss, "version": subprocess.check_output([path, "--version"], text=True).strip(),
            "commit": subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()}


def table(work, count, kind):
    path = work / "tables" / f"{count}.{kind}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        say(f"inventing {count:,} organisations as {kind}")
        part = path.with_suffix(f".part.{kind}")
        subprocess.run(["python3", str(HERE / "generate.py"), str(count), str(part)], check=True)
        part.rename(path)
    return path


def account(server):
    subprocess.run([server.program, "user", "add", ACCOUNT, "--name", "量", "--role", "secretariat", "--organization", ALLIANCE,
                    "--password-stdin", *server.flags()], input=PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)


class SignIns(threading.Thread):
    """Somebody signs in twice a second while something else happens."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.taken, self.stopped = port, [], threading.Event()

    def run(self):
        while not self.stopped.wait(0.5):
            began = time.monotonic()
            try:
                Client(self.port).sign_in()
                self.taken.append(1000 * (time.monotonic() - began))
            except Exception as error:  # a refusal is a result too
                say(f"signing in failed: {error}")
                self.taken.append(30000.0)

    def end(self):
        self.stopped.set()
        self.join()
        taken = sorted(self.taken) or [0.0]
        return {"sign_ins": len(self.taken), "sign_in_p50": round(statistics.median(taken), 1),
                "sign_in_p99": round(taken[min(len(taken) - 1, int(len(taken) * 0.99))], 1), "sign_in_most": round(taken[-1], 1)}


def multipart(path):
    mark = "jinmen-load"
    head = (f"--{mark}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{path.name}\"\r\n"
            "Content-Type: application/octet-stream\r\n\r\n").encode()
    return head + path.read_bytes() + f"\r\n--{mark}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={mark}"}


def wait_for(server, id, wanted):
    while True:
        state, accepted, faulty = server.sql(f"SELECT state, accepted, faulty FROM import WHERE id = '{id}'")[0]
        if state in wanted:
            return state, int(accepted), int(faulty)
        time.sleep(0.2)


def import_table(server, path):
    """Hands a table in through the pages as a person does: upload, check, write; somebody signs in meanwhile."""
    own, beside = server.processes()
    client = Client(server.port)
    client.sign_in()
    alone = []
    for _ in range(10):
        began = time.monotonic()
        Client(server.port).sign_in()
        alone.append(1000 * (time.monotonic() - began))
    forget_peak(own)
    others, spent, other, began = SignIns(server.port), cpu(own), cpu(beside), time.monotonic()
    others.start()
    answer = client.ask("POST", "/work/imports", *multipart(path))
    if answer.status != 303:
        raise SystemExit(f"the table was refused: {answer.status} {answer.body[:400].decode()}")
    page = answer.headers["Location"]
    id = page.rsplit("/", 1)[1]
    uploaded = time.monotonic()
    client.ask("POST", f"{page}/check", "", {"Content-Type": "application/x-www-form-urlencoded"})
    state, accepted, faulty = wait_for(server, id, ("checked", "failed"))
    if state == "failed" or faulty:
        raise SystemExit(f"the table was not taken: {state}, {faulty} rows wrong")
    checked = time.monotonic()
    client.ask("POST", f"{page}/run", "", {"Content-Type": "application/x-www-form-urlencoded"})
    wait_for(server, id, ("done",))
    ended = time.monotonic()
    return {"rows": accepted, "rows_per_second": round(accepted / (ended - checked)),
            "rows_per_second_in_all": round(accepted / (ended - began)), "upload_seconds": round(uploaded - began, 2),
            "check_seconds": round(checked - uploaded, 2), "write_seconds": round(ended - checked, 2),
            "cpu_seconds": round(cpu(own) - spent, 1), "db_cpu_seconds": round(cpu(beside) - other, 1),
            "peak_mb": memory(own, "VmHWM"), "sign_in_alone": round(statistics.median(alone), 1), **others.end(),
            "pressure": pressure()}


def instance(path, work, database, name, postgres):
    if database == "postgres":
        postgres.make(f"load_{name}")
        return Server(path, work / "registers" / f"{database}-{name}" / "data", postgres.url(f"load_{name}"), postgres)
    return Server(path, work / "registers" / f"{database}-{name}" / "data")


def empty(server, database, name):
    shutil.rmtree(server.folder, ignore_errors=True)
    if database == "postgres":
        server.postgres.sql("postgres", f"DROP DATABASE IF EXISTS load_{name} WITH (FORCE)")
        server.postgres.make(f"load_{name}")


def filled(server, database, name, file):
    """An instance with a table imported, half of it shown to the public."""
    empty(server, database, name)
    account(server)
    server.start()
    try:
        found = import_table(server, file)
    finally:
        server.stop()
    # Pages show a thousand at once to the public; here one statement does what a hundred forms would.
    server.sql("UPDATE organization SET listed = TRUE WHERE uscc IS NOT NULL AND substr(uscc, 16, 1) IN ('0','2','4','6','8')",
               change=True)
    if database == "postgres":
        server.sql("VACUUM ANALYZE")
    found["disk_mb"] = disk(server)
    return found


def disk(server):
    if server.postgres:
        return round(int(server.sql("SELECT pg_database_size(current_database())")[0][0]) / 1e6)
    return round(sum(file.stat().st_size for file in server.folder.glob("jinmen.db*")) / 1e6)


def page_speeds(server, given, work):
    client_settings = (given.seconds, given.rounds, given.connections, work / "paths.txt",
                       [one for one in given.only.split(",") if one])
    server.start()
    try:
        client = Client(server.port)
        client.sign_in()
        return ask.pages(server, client.cookie, *client_settings)
    finally:
        server.stop()


def phone_page(server):
    server.start()
    try:
        return {path: phone.weigh(server.port, path) for path in ("/", "/organizations", "/search?q=" + urllib.parse.quote("科技"))}
    finally:
        server.stop()


def peer(path, given, work, results):
    """pretalx's comparable pages and ours, turn by turn in one run, each with 300 entries."""
    folder = work / "pretalx"
    subprocess.run(["bash", str(HERE / "pretalx" / "prepare"), str(folder)], check=True)
    server = instance(path, work, "sqlite", "300", None)
    if not server.folder.exists():
        filled(server, "sqlite", "300", table(work, 300, "csv"))
    process = subprocess.Popen(["bash", str(HERE / "pretalx" / "serve"), str(folder)])
    server.start()
    try:
        code, token, cookie = [(folder / name).read_text().strip() for name in ("code", "token", "cookie")]
        wait_http("http://127.0.0.1:8421/bench/schedule/")
        client = Client(server.port)
        client.sign_in()
        ours = ask.addresses(server)
        html = "Accept: text/html"
        theirs = {
            "public list": ("/bench/schedule/nojs", [html]), "one subject": (f"/bench/talk/{code}/", [html]),
            "workplace list": ("/orga/event/bench/submissions/", [html, f"Cookie: {cookie}"]),
            "api page of 50": ("/api/events/bench/submissions/?limit=50", [f"Authorization: Token {token}"]),
        }
        found = {}
        for name, (address, headers) in theirs.items():
            own, beside = server.processes()
            them = tree(process.pid)
            paths, inside = ours[name]
            mine = [html] + ([f"Cookie: {client.cookie}"] if inside else [])
            # A page of seconds needs a round in which some are answered.
            one = ask.rounds(given.rounds, f"http://127.0.0.1:8421{address}", None, them, [], max(given.seconds, 15),
                             given.connections, headers)
            two = ask.rounds(given.rounds, f"http://127.0.0.1:{server.port}", paths, own, beside, given.seconds,
                             given.connections, mine, work / "paths.txt")
            found[name] = {"pretalx": one, "jinmen": two, "times": round(two["rps"] / max(one["rps"], 0.01), 1),
                           "times_cpu": round(one["cpu_ms"] / max(two["cpu_ms"], 0.001), 1), "pretalx_page": address}
        found["memory"] = {"pretalx": memory(tree(process.pid)), "jinmen": memory(own)}
        found["version"] = (folder / "version").read_text().strip()
        return found
    finally:
        server.stop()
        process.terminate()
        process.wait()


def wait_http(url):
    for _ in range(200):
        try:
            urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": "text/html"}), timeout=30).read()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{url} does not answer")


def main():
    given = flags()
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    work = pathlib.Path(given.work or target / ("load-quick" if given.quick else "load")).resolve()
    results = Results(work / "results", given.again, given.just)
    say(f"registers and results are in {work}; /proc/pressure/cpu says {pressure()} % of the last ten seconds somebody waited")
    path = build(given)
    results.step("program", lambda: program(path, work))
    sizes, databases = [int(one) for one in given.sizes.split(",")], given.databases.split(",")
    postgres = Postgres(work / "postgres").start() if "postgres" in databases else None
    try:
        for size in sizes:
            for database in databases:
                name = str(size)
                server = instance(path, work, database, name, postgres)
                results.step(f"import-{database}-{size}-csv", lambda: filled(server, database, name, table(work, size, "csv")))
                results.step(f"pages-{database}-{size}", lambda: page_speeds(server, given, work))
                if size == 100_000 or given.quick:
                    other = instance(path, work, database, f"{size}_xlsx", postgres)
                    results.step(f"import-{database}-{size}-xlsx",
                                 lambda: filled(other, database, f"{size}_xlsx", table(work, size, "xlsx")))
                    if database == "sqlite":
                        results.step("phone", lambda: phone_page(server))
        if not given.no_peer:
            results.step("peer", lambda: peer(path, given, work, results))
    finally:
        if postgres:
            postgres.stop()
    if given.just:
        return
    text = report.text(work / "results")
    (work / "report.md").write_text(text)
    print("\n" + text)
    if given.write_docs:
        report.into_docs(work / "results", ROOT / "docs")


if __name__ == "__main__":
    main()
