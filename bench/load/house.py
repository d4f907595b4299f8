"""What the measurements run on: the program, a PostgreSQL of their own, requests, processor time and memory of processes."""
import glob
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ACCOUNT, PASSWORD, ALLIANCE = "bench", "measured twice, cut once", "天津演示联盟"


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def build(given):
    """The program that was named, else one built in release."""
    if given.program:
        return str(pathlib.Path(given.program).resolve())
    say("building the program")
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet", "--package", "jinmen"], cwd=ROOT, check=True)
    return str(pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "release" / "jinmen")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def tree(pid):
    """A process with all below it."""
    found = [pid]
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parent = int(pathlib.Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            if parent == pid:
                found += tree(int(entry))
    return found


def cpu(pids):
    """Processor seconds of processes, with those of their ended children."""
    ticks = 0
    for pid in pids:
        try:
            part = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(part[11]) + int(part[12])
        except (OSError, IndexError):
            pass
    return ticks / os.sysconf("SC_CLK_TCK")


def busy():
    """Processor seconds that the whole machine worked."""
    part = [int(x) for x in open("/proc/stat").readline().split()[1:]]
    return (part[0] + part[1] + part[2] + part[5] + part[6]) / os.sysconf("SC_CLK_TCK")


def pressure():
    """The share of the last ten seconds in which something waited for a processor, in percent."""
    try:
        return float(re.search(r"avg10=([\d.]+)", open("/proc/pressure/cpu").readline()).group(1))
    except (OSError, AttributeError):
        return None


def memory(pids, what="VmRSS"):
    """Resident megabytes; `VmHWM` is the most there was since `forget_peak`."""
    total = 0
    for pid in pids:
        try:
            total += int(re.search(rf"{what}:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1))
        except (OSError, AttributeError):
            pass
    return round(total / 1024, 1)


def forget_peak(pids):
    for pid in pids:
        pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")


class Answer:
    def __init__(self, answer, body):
        self.status, self.headers, self.body = answer.status, answer.headers, body


class Client:
    """One visitor on one connection, with the session's cookie."""

    def __init__(self, port):
        self.port, self.cookie, self.link = port, None, None

    def ask(self, method, path, body=None, headers=None, timeout=120):
        headers = dict(headers or {})
        if self.cookie:
            headers["Cookie"] = self.cookie
        if self.link is None:
            self.link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            self.link.request(method, path, body=body, headers=headers)
            answer = self.link.getresponse()
            read = answer.read()
        except Exception:
            self.link = None
            raise
        return Answer(answer, read)

    def sign_in(self, account=ACCOUNT, password=PASSWORD):
        body = json.dumps({"account": account, "password": password})
        answer = self.ask("POST", "/api/v1/session", body, {"Content-Type": "application/json"})
        if answer.status != 200:
            raise RuntimeError(f"signing in answers {answer.status}: {answer.body[:200]}")
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]


class Postgres:
    """A server of its own with the settings of the package: fsync on."""

    def __init__(self, folder):
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
        if not found:
            raise SystemExit("PostgreSQL is not there: apt-get install postgresql-15, or --databases sqlite")
        self.bin = pathlib.Path(found[-1]).parent
        self.folder, self.port = pathlib.Path(folder), free_port()
        self.as_whom = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def start(self):
        if not (self.folder / "data").exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            if self.as_whom:
                shutil.chown(self.folder, "postgres")
            subprocess.run([*self.as_whom, self.bin / "initdb", "-D", self.folder / "data", "-U", "jinmen", "-A", "trust",
                            "-E", "UTF8", "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, cwd="/")
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)
        subprocess.run([*self.as_whom, self.bin / "pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o",
                        f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories=''", "start"],
                       check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd="/")
        return self

    def stop(self):
        subprocess.run([*self.as_whom, self.bin / "pg_ctl", "-D", self.folder / "data", "-m", "fast", "-w", "stop"],
                       check=False, stdout=subprocess.DEVNULL, cwd="/")

    def pid(self):
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def sql(self, database, text):
        done = subprocess.run([self.bin / "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "jinmen", "-d", database, "-At",
                               "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", text], check=True, capture_output=True, text=True)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def make(self, database):
        if not self.sql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{database}'"):
            self.sql("postgres", f"CREATE DATABASE {database}")

    def url(self, database):
        return f"postgres://jinmen@127.0.0.1:{self.port}/{database}"


class Server:
    """The program, serving one instance."""

    def __init__(self, program, folder, url=None, postgres=None):
        self.program, self.folder, self.url, self.postgres = program, pathlib.Path(folder), url, postgres
        self.port, self.process = free_port(), None

    def flags(self):
        return ["--dir", str(self.folder)] + (["--database", self.url] if self.url else [])

    def start(self, page="/readyz"):
        self.folder.mkdir(parents=True, exist_ok=True)
        log = open(self.folder.parent / "serve.log", "ab")
        began = time.monotonic()
        self.process = subprocess.Popen([self.program, "serve", *self.flags(), "--port", str(self.port)], stderr=log, stdout=log)
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as link:
                    link.sendall(f"GET {page} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
                    if b" 200 " in link.recv(64):
                        break
            except OSError:
                pass
            if self.process.poll() is not None:
                raise SystemExit(f"the program ended: see {log.name}")
            time.sleep(0.002)
        self.seconds = time.monotonic() - began
        return self

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def processes(self):
        own = [self.process.pid]
        return own, (tree(self.postgres.pid()) if self.postgres else [])

    def sql(self, text, change=False):
        """Rows of a statement, past the program: to choose what is asked for, never to measure."""
        if self.postgres:
            return self.postgres.sql(self.url.rsplit("/", 1)[1], text)
        import sqlite3
        link = sqlite3.connect(self.folder / "jinmen.db", timeout=60)
        try:
            rows = link.execute(text).fetchall()
            if change:
                link.commit()
            return [list(map(str, row)) for row in rows]
        finally:
            link.close()
