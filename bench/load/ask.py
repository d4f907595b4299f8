"""Which addresses are asked for, chosen by number from a filled register; and wrk's answer to asking for them."""
import base64
import json
import os
import random
import re
import statistics
import subprocess
import time
import urllib.parse

from house import HERE, busy, cpu, forget_peak, memory, pressure

PAGES = {  # name: (requests a second, p99 in milliseconds) that are wanted on SQLite with 100,000 organisations
    "public list": (1000, 20), "one subject": (2000, 10), "workplace list": (400, 40), "api page of 50": (800, 20),
    "search": (500, 30),
}
COMMON = ["科技", "有限公司", "天津", "信息技术", "软件", "数据", "智能", "服务", "津门", "海河", "科技有限公司", "技术", "装备",
          "研究院", "协会", "中心", "信息", "公司", "滨城", "产业"]


def after(row):
    """A page's cursor as the program writes it."""
    return base64.urlsafe_b64encode(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()).decode().rstrip("=")


def sample(server, columns, condition, count, seed):
    """Rows spread over the whole register, the same ones for the same seed and register."""
    total = int(server.sql("SELECT COUNT(*) FROM organization")[0][0])
    numbers = random.Random(seed).sample(range(total), min(total, count * 3))
    codes = ",".join(f"'91120199MA{number:06d}'" for number in numbers)
    return server.sql(f"SELECT {columns} FROM organization o WHERE substr(o.uscc, 1, 16) IN ({codes}) AND {condition} "
                      f"ORDER BY o.id LIMIT {count}")


def queries(server):
    """200 queries: a tenth common words, the others names whole and cut, pieces of codes, pinyin and its initials."""
    draw = random.Random(4)
    rows = sample(server, "o.name_zh, o.uscc, (SELECT e.terms FROM search_entry e WHERE e.kind = 'organization' AND "
                  "e.object_id = o.id)", "o.listed", 200, 3)
    if not rows:
        raise SystemExit("there is nothing to search for")
    while len(rows) < 180:
        rows += rows
    found = list(COMMON)
    for at, (name, code, terms) in enumerate(rows[:180]):
        brand = name[2:5]
        sounds = [word for word in terms.split() if re.fullmatch("[a-z]{3,30}", word) and not word.startswith("zzz")]
        found.append([name, brand, name[1:5], brand + "科技", code, code[:14], draw.choice(sounds or [brand]),
                      draw.choice([word for word in sounds if len(word) > 8] or [brand]), name[:5]][at % 9])
    draw.shuffle(found)
    return found


def addresses(server):
    """The addresses of each kind of page, and whether they are asked for by somebody signed in."""
    listed = sample(server, "o.id, o.sort_key", "o.listed", 400, 1)
    every = sample(server, "o.sort_key, o.id", "TRUE", 400, 2)
    quote = urllib.parse.quote
    filters = []
    for at, (region, kind, industry) in enumerate((r, k, i) for r in ("120103", "120104", "120116", "120111")
                                                  for k in ("enterprise", "institution", "") for i in ("6513", "39", "")):
        asked = {"region": region, "kind": kind, "industry": industry, "listed": ["", "yes", "no"][at % 3],
                 "size": ["", "small", "medium"][at % 3]}
        filters.append("/work/organizations?" + urllib.parse.urlencode({k: v for k, v in asked.items() if v}))
    return {
        "public list": (["/organizations"] * 10 + [f"/organizations?after={after([key, id])}" for id, key in listed[:190]], False),
        "one subject": ([f"/organizations/{id}" for id, _ in listed], False),
        "workplace list": (filters, True),
        "api page of 50": ([f"/api/v1/organizations?limit=50&after={after(row)}" for row in every], True),
        "search": ([f"/search?q={quote(typed)}" for typed in queries(server)], False),
    }


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return round(float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit], 2)


def wrk(url, paths, own, beside, seconds, connections, headers=(), file=None):
    """One round of wrk on the same processors; `own` and `beside` are the processes that serve."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "30s"]
    for header in headers:
        command += ["-H", header]
    environment = dict(os.environ)
    if paths is not None:
        file.write_text("\n".join(paths) + "\n")
        environment["LOAD_PATHS"] = str(file)
        command += ["-s", str(HERE / "rotate.lua")]
    load = pressure()
    served, other, worked, asked, began = cpu(own), cpu(beside), busy(), sum(os.times()[2:4]), time.monotonic()
    said = subprocess.run([*command, url], capture_output=True, text=True, env=environment).stdout
    spent = time.monotonic() - began
    served, other = cpu(own) - served, cpu(beside) - other
    foreign = max(0.0, busy() - worked - served - other - (sum(os.times()[2:4]) - asked)) / spent
    if "Latency Distribution" not in said or "50%" not in said:
        raise SystemExit(f"wrk says nothing: {said}")
    number = int(re.search(r"(\d+) requests in", said).group(1))
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    errors = re.search(r"Socket errors: (.*)", said)
    at = {share: milliseconds(re.search(rf"(?m)^\s+{share}%\s+(\S+)\s*$", said).group(1)) for share in (50, 90, 99)}
    each = 1000 / max(number, 1)
    return {"rps": float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1)), "p50": at[50], "p90": at[90], "p99": at[99],
            "requests": number, "bad": int(bad.group(1)) if bad else 0, "errors": errors.group(1) if errors else "",
            "cpu_ms": round((served + other) * each, 3), "db_cpu_ms": round(other * each, 3), "foreign": round(foreign, 2),
            "pressure": load}


def rounds(number, *given, **named):
    """Several rounds: the one in the middle by requests a second, with all of them kept."""
    each = [wrk(*given, **named) for _ in range(number)]
    middle = sorted(each, key=lambda one: one["rps"])[len(each) // 2]
    return {**middle, "rounds": [[one["rps"], one["p99"], one["foreign"]] for one in each],
            "spread": round(statistics.pstdev(one["rps"] for one in each), 1)}


def pages(server, cookie, seconds, turns, connections, scratch, only=None):
    own, beside = server.processes()
    forget_peak(own)
    found = {}
    for name, (paths, inside) in addresses(server).items():
        if only and name not in only:
            continue
        headers = ["Accept: text/html", "Accept-Language: zh-CN"] + ([f"Cookie: {cookie}"] if inside else [])
        wrk(f"http://127.0.0.1:{server.port}", paths, own, beside, 1, connections, headers, scratch)
        found[name] = rounds(turns, f"http://127.0.0.1:{server.port}", paths, own, beside, seconds, connections, headers, scratch)
    found["memory"] = {"rss": memory(own), "most": memory(own, "VmHWM")}
    return found
