#!/usr/bin/env python3
"""How fast the policy module answers over a large register: my policies, reach and sandbox of every policy of the
demonstration, with so many organisations imported beside its own.

    register.py PROGRAM [100000] [FOLDER]

Makes the demonstration in FOLDER (a throw-away one without), imports the organisations of `bench/load/generate.py` through
the pages, and asks each page over HTTP, five times, as an officer and as an enterprise. Prints a table: the median and the
most, in milliseconds, and for pages that tell how far they are, when they first did. Needs only python3.
"""
import json
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "load"))
from house import Client, Server  # noqa: E402

LOAD = pathlib.Path(__file__).resolve().parent.parent / "load"
ROUNDS = 5
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Demo(Server):
    """The demonstration, made where there is none yet."""

    def start(self):
        self.process = subprocess.Popen([self.program, "demo", "--dir", self.folder, "--port", str(self.port), "--format", "json"],
                                        stdout=subprocess.PIPE, text=True)
        told = json.loads(self.process.stdout.readline())
        self.passwords = {one["role"]: one["password"] for one in told["sign_ins"]}
        return self


def signed_in(server, role):
    client = Client(server.port)
    client.sign_in(f"demo-{role}", server.passwords[role])
    return client


def fill(server, client, count, folder):
    table = folder / f"{count}.csv"
    subprocess.run([sys.executable, LOAD / "generate.py", str(count), table], check=True)
    mark = "jinmen-register"
    head = (f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{table.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n").encode()
    body = head + table.read_bytes() + f"\r\n--{mark}--\r\n".encode()
    page = client.ask("POST", "/work/imports", body,
                      {"Content-Type": f"multipart/form-data; boundary={mark}"}).headers["Location"]
    number = page.rsplit("/", 1)[1]
    for step, ended in (("check", "checked"), ("run", "done")):
        client.ask("POST", f"{page}/{step}", "", FORM)
        while (state := server.sql(f"SELECT state FROM import WHERE id = '{number}'")[0][0]) != ended:
            if state == "failed":
                raise SystemExit("the table was not taken")
            time.sleep(0.5)


def timed(client, path):
    """Milliseconds until the last byte, the median and the most; the answer."""
    taken = []
    for _ in range(ROUNDS):
        began = time.monotonic()
        answer = client.ask("GET", path)
        taken.append(1000 * (time.monotonic() - began))
        if answer.status != 200:
            raise SystemExit(f"{path} answers {answer.status}")
    return statistics.median(taken), max(taken), answer.body.decode()


def followed(client, path):
    """Milliseconds until the first news of a page that tells how far it is, and until the figures are there."""
    began = time.monotonic()
    client.link.request("GET", path, headers={"Cookie": client.cookie})
    answer = client.link.getresponse()
    first, last = None, b""
    while line := answer.readline():
        if line.startswith(b"data: "):
            first = first or 1000 * (time.monotonic() - began)
            last = line
    if json.loads(last[6:])["state"] != "done":
        raise SystemExit(f"{path} did not end")
    return first, 1000 * (time.monotonic() - began)


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else scratch)
        folder.mkdir(parents=True, exist_ok=True)
        server = Demo(program, folder / "data").start()
        try:
            if len(server.sql("SELECT 1 FROM organization LIMIT 1000")) < 1000:
                fill(server, signed_in(server, "secretariat"), count, folder)
            measure(server)
        finally:
            server.stop()


def measure(server):
    officer, firm = signed_in(server, "district_officer"), signed_in(server, "enterprise_admin")
    middle, most, _ = timed(firm, "/work/own-policies")
    print(f"organisations {server.sql('SELECT COUNT(*) FROM organization')[0][0]}; my policies {middle:.0f} ms, at most {most:.0f}\n")
    print("| policy | reached | reach ms | most | first news | sandbox ms | most |\n| --- | --- | --- | --- | --- | --- | --- |")
    listed = officer.ask("GET", "/work/policies").body.decode()
    for policy in sorted(set(re.findall(r"/work/policies/([0-9a-f-]{36})", listed))):
        base = f"/work/policies/{policy}"
        middle, most, page = timed(officer, f"{base}/reach?now=yes")
        title = re.search(rf'href="{base}">([^<]+)', page)
        reached = re.findall(r'jm-tile-value[^>]*>([^<]*)', page)[1:2]
        first, _ = followed(officer, f"{base}/reach/events")
        row = [title.group(1).strip() if title else policy, *reached, f"{middle:.0f}", f"{most:.0f}", f"{first:.0f}"]
        names = re.findall(r'name="(set\.[^"]+)"', officer.ask("GET", f"{base}/sandbox").body.decode())
        tried = [name for name in names if works(officer, base, name)]
        if tried:
            middle, most, _ = timed(officer, f"{base}/sandbox?{query(tried[0])}&now=yes")
            row += [f"{middle:.0f}", f"{most:.0f}"]
        else:
            row += ["", ""]
        print("| " + " | ".join(row) + " |")


def query(name):
    return urllib.parse.urlencode({name: "wan(7)"})


def works(client, base, name):
    """Whether a parameter is an amount of money."""
    return client.ask("GET", f"{base}/sandbox?{query(name)}&now=yes").status == 200


if __name__ == "__main__":
    main()
