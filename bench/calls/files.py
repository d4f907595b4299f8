"""Fifty files of a hundred megabytes are attached to one application, eight at once; one is too many, one too large, one is cut
off in the middle. Then the office takes all of them as one archive. What is kept is compared with what was sent."""
import argparse
import hashlib
import html
import http.client
import json
import pathlib
import re
import shutil
import sys
import tempfile
import threading
import time
import urllib.parse
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "load"))
from house import Client, Server, forget_peak, memory, say  # noqa: E402
from deadline import asked, build, call, furnished  # noqa: E402

MB = 1024 * 1024
QUESTIONS = {"first": 20, "second": 20, "third": 10}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def flags():
    parser = argparse.ArgumentParser(prog="bench/calls/files", description=__doc__)
    parser.add_argument("--program", help="a program that is built already")
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--work", default=str(ROOT / "target" / "calls-files"))
    return parser.parse_args()


def schema(megabytes):
    files = {name: {"type": "array", "title": f"材料{name}", "maxItems": most, "x-file": {"accept": ".pdf", "most_mb": megabytes}}
             for name, most in QUESTIONS.items()}
    return {"type": "object", "properties": {"name_zh": {"x-fact": "name_zh"}, **files}, "required": ["name_zh", *QUESTIONS],
            "x-sections": [{"key": "all", "title": "材料", "fields": ["name_zh", *QUESTIONS]}]}


def page_form(client, page, action, fields):
    """Sends a form of a page with its token."""
    text = html.unescape(client.ask("GET", page).body.decode())
    found = re.search(rf'action="([^"]*{action}[^"]*)"', text)
    token = re.search(r'name="form_token" value="([^"]+)"', text)
    body = urllib.parse.urlencode({"form_token": token.group(1), **fields})
    answer = client.ask("POST", found.group(1), body, FORM)
    if answer.status not in (200, 303):
        raise SystemExit(f"{found.group(1)} answers {answer.status}: {answer.body[:400].decode()}")


def piece(number):
    """The megabyte that the file of a number repeats: all files differ."""
    return hashlib.shake_128(f"file {number}".encode()).digest(MB)


def digest(number, megabytes):
    found, one = hashlib.sha256(), piece(number)
    for _ in range(megabytes):
        found.update(one)
    return found.hexdigest()


def upload(port, cookie, application, question, number, megabytes, stop_at=None):
    """Sends one file as a browser does; the status, or none where it was cut off."""
    head = (f'--x\r\nContent-Disposition: form-data; name="file"; filename="{number}.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n").encode()
    link, one = http.client.HTTPConnection("127.0.0.1", port, timeout=300), piece(number)
    link.putrequest("POST", f"/work/own-applications/{application}/files/{question}")
    link.putheader("Cookie", cookie)
    link.putheader("Content-Type", "multipart/form-data; boundary=x")
    link.putheader("Content-Length", str(len(head) + megabytes * MB + len(b"\r\n--x--\r\n")))
    try:
        link.endheaders(head)
        for sent in range(megabytes):
            if sent == stop_at:
                link.close()
                return None
            link.send(one)
        link.send(b"\r\n--x--\r\n")
        return link.getresponse().status
    except (BrokenPipeError, ConnectionResetError):
        return "closed"
    finally:
        link.close()


def main():
    given = flags()
    program, work = build(given), pathlib.Path(given.work)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    server, faults = Server(program, work / "data"), []
    try:
        furnished(server, 1)
        server.start()
        office, firm = Client(server.port), Client(server.port)
        office.sign_in("office")
        firm.sign_in("firm-0")
        id = asked(office, "POST", "/api/v1/own-calls", {"template": "plain", "title_zh": "五十份材料", "telephone": "022-00000000"},
                   (201,))["id"]
        page_form(office, f"/work/calls/{id}/form", f"/work/calls/{id}/form\\?", {"schema": json.dumps(schema(given.megabytes))})
        asked(office, "POST", f"/api/v1/own-calls/{id}/publish", {}, (200, 204))
        application = asked(firm, "POST", "/api/v1/own-applications", {"call": id}, (200, 201))["id"]
        if upload(server.port, firm.cookie, application, "first", 92, given.megabytes, given.megabytes // 2) is not None:
            faults.append("one cut off is answered")
        forget_peak([server.process.pid])
        pid, todo = server.process.pid, [(name, at) for name, most in QUESTIONS.items() for at in range(most)]
        todo = list(enumerate(todo))
        began, lock = time.monotonic(), threading.Lock()

        def work_off():
            while True:
                with lock:
                    if not todo:
                        return
                    number, (question, _) = todo.pop()
                status = upload(server.port, firm.cookie, application, question, number, given.megabytes)
                if status != 303:
                    faults.append(f"file {number} answers {status}")

        workers = [threading.Thread(target=work_off) for _ in range(8)]
        [one.start() for one in workers]
        [one.join() for one in workers]
        seconds, peak = time.monotonic() - began, memory([pid], "VmHWM")
        for what, status, wanted in (
                ("one too many", upload(server.port, firm.cookie, application, "third", 90, 1), (409, 422)),
                ("one too large", upload(server.port, firm.cookie, application, "third", 91, given.megabytes + 1), (413, 422, "closed"))):
            if status not in wanted:
                faults.append(f"{what} answers {status}")
        done = firm.ask("POST", f"/api/v1/own-applications/{application}/submit", "{}", {"Content-Type": "application/json"})
        if done.status != 200:
            faults.append(f"handing in answers {done.status}: {done.body[:300].decode()}")
        forget_peak([pid])
        began = time.monotonic()
        out = taken(server, office, id, given.megabytes, faults)
        found = {"files": 50, "megabytes_each": given.megabytes, "seconds_in": round(seconds, 1),
                 "mb_per_second": round(50 * given.megabytes / seconds), "peak_mb": peak,
                 "seconds_out": round(time.monotonic() - began, 1), "peak_mb_out": memory([pid], "VmHWM"), "kept": out, "faults": faults}
        say(json.dumps(found, ensure_ascii=False))
    finally:
        if server.process:
            server.stop()
        shutil.rmtree(work, ignore_errors=True)
    sys.exit(1 if faults else 0)


def taken(server, office, id, megabytes, faults):
    """The archive of all files, read as it comes; how many files of it are those that were sent."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    link.request("GET", f"/work/calls/{id}/files.zip", headers={"Cookie": office.cookie})
    answer = link.getresponse()
    if answer.status != 200:
        faults.append(f"the archive answers {answer.status}")
        return 0
    with tempfile.TemporaryFile(dir=server.folder.parent) as kept:
        shutil.copyfileobj(answer, kept, MB)
        wanted, there = {digest(number, megabytes) for number in range(50)}, 0
        with zipfile.ZipFile(kept) as book:
            for name in book.namelist():
                with book.open(name) as one:
                    there += hashlib.file_digest(one, "sha256").hexdigest() in wanted
    if there != 50:
        faults.append(f"{there} of 50 files are in the archive as they were sent")
    return there


main()
