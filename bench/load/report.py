"""The results as tables and as a plot, for people and for docs/performance.md."""
import json
import math
import re

from ask import PAGES

DATABASES = {"sqlite": "SQLite", "postgres": "PostgreSQL 15"}


def load(folder):
    return {file.stem: json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))}


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "| " + " | ".join("---" if at == 0 else "---:" for at in range(len(heads))) + " |"]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def sizes(found, database):
    return sorted(int(name.split("-")[2]) for name in found if re.fullmatch(rf"pages-{database}-\d+", name))


def program(found):
    one = found.get("program")
    if not one:
        return ""
    rows = [["release program", f"{one['megabytes']} MB", "40 MB"],
            ["from an empty folder to the first page", f"{one['first_page_seconds']} s", "0.5 s"],
            ["resident memory of an empty instance", f"{one['rss_empty']} MB", ""]]
    for path, page in sorted((found.get("phone") or {}).items()):
        if path.startswith("/"):
            rows.append([f"`{path[:30]}` on a telephone, cold", f"{page['kb']} KB in {page['requests']} requests", "150 KB, 8 requests"])
    return f"## The program ({one['version']}, {one['commit']}, {one['at']} UTC)\n\n" + table(["", "measured", "wanted"], rows)


def imports(found):
    rows = []
    for database, label in DATABASES.items():
        for name, one in sorted(found.items(), key=lambda pair: pair[1].get("rows", 0)):
            if match := re.fullmatch(rf"import-{database}-(\d+)-(\w+)", name):
                rows.append([f"{label}, {int(match[1]):,}, {match[2].upper()}", f"{one['rows_per_second']:,}", one["check_seconds"],
                             one["write_seconds"], one["peak_mb"], one["sign_in_alone"], one["sign_in_p50"], one["sign_in_p99"],
                             one["sign_in_most"], one["disk_mb"], one["pressure"]])
    heads = ["import", "rows/s written", "check s", "write s", "peak MB", "sign-in alone ms", "meanwhile p50", "p99", "most",
             "disk MB", "pressure %"]
    return "## Import\n\n" + table(heads, rows) if rows else ""


def pages(found):
    parts = []
    for database, label in DATABASES.items():
        for size in sizes(found, database):
            one = found[f"pages-{database}-{size}"]
            rows = []
            for page, (rps, p99) in PAGES.items():
                if page in one:
                    at = one[page]
                    share = 1.0 if database == "sqlite" else 0.4
                    rows.append([page, f"{at['rps']:,.0f}", f"{rps * share:,.0f}", at["p50"], at["p99"], p99 if database == "sqlite" else "",
                                 at["cpu_ms"], at["db_cpu_ms"], at["bad"], at["foreign"], at["pressure"]])
            heads = ["page", "requests/s", "wanted", "p50 ms", "p99 ms", "wanted", "CPU ms/request", "of it database", "not 2xx",
                     "foreign cores", "pressure %"]
            memory = one.get("memory", {})
            parts.append(f"### {label}, {size:,} organisations ({one['at']} UTC; at most {memory.get('most', '?')} MB resident)\n\n"
                         + table(heads, rows))
    return "## Pages\n\n" + "\n\n".join(parts) if parts else ""


def growth(found):
    parts = []
    for database, label in DATABASES.items():
        every = sizes(found, database)
        if len(every) < 2:
            continue
        rows = []
        for page in PAGES:
            p99 = {size: found[f"pages-{database}-{size}"].get(page, {}).get("p99") for size in every}
            grown = f"{p99[1_000_000] / p99[10_000]:.2f}" if p99.get(1_000_000) and p99.get(10_000) else ""
            rows.append([page, *[p99[size] for size in every], grown])
        parts.append(f"### {label}: p99 in ms\n\n" + table(["page", *[f"{size:,}" for size in every], "10,000 to 1,000,000"], rows))
    return "## Growth\n\n" + "\n\n".join(parts) if parts else ""


def peer(found):
    one = found.get("peer")
    if not one:
        return ""
    wanted = {"one subject": 40}
    rows = [[page, at["pretalx"]["rps"], at["jinmen"]["rps"], at["times"], wanted.get(page, 100), at["pretalx"]["p99"], at["jinmen"]["p99"],
             at["pretalx"]["cpu_ms"], at["jinmen"]["cpu_ms"], at["times_cpu"], at["jinmen"]["foreign"]]
            for page, at in one.items() if isinstance(at, dict) and "times" in at]
    heads = ["page", "pretalx req/s", "ours", "times", "wanted", "pretalx p99 ms", "ours", "pretalx CPU ms", "ours", "times", "foreign cores"]
    return (f"## Beside pretalx {one['version']} (300 entries each, {one['at']} UTC; resident {one['memory']['pretalx']} MB and "
            f"{one['memory']['jinmen']} MB)\n\n" + table(heads, rows))


def text(folder):
    found = load(folder)
    return "\n\n".join(part for part in (program(found), imports(found), pages(found), growth(found), peer(found)) if part) + "\n"


COLOURS = ["#17477f", "#b4552d", "#3c7a4a", "#7a3c76", "#8a6d00"]


def plot(folder):
    """p99 over the number of organisations, both on logarithmic axes: SQLite drawn through, PostgreSQL dashed."""
    found = load(folder)
    width, height, left, top, right, bottom = 760, 430, 60, 20, 190, 50
    every = sorted({size for database in DATABASES for size in sizes(found, database)})
    values = [at["p99"] for name, one in found.items() if name.startswith("pages-") for page, at in one.items() if page in PAGES]
    if len(every) < 2 or not values:
        return None
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(every[0]), math.log10(every[-1])

    def x(size):
        return left + (width - left - right) * (math.log10(size) - first) / (last - first)

    def y(value):
        return height - bottom - (height - top - bottom) * (math.log10(value) - low) / max(high - low, 1)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12" role="img">',
           "<title>p99 by the number of organisations</title>", f'<rect width="{width}" height="{height}" fill="#fff"/>']
    for size in every:
        out.append(f'<line x1="{x(size):.0f}" x2="{x(size):.0f}" y1="{top}" y2="{height - bottom}" stroke="#e3e6ea"/>'
                   f'<text x="{x(size):.0f}" y="{height - bottom + 18}" text-anchor="middle">{size:,}</text>')
    for power in range(low, high + 1):
        at = y(10 ** power)
        out.append(f'<line x1="{left}" x2="{width - right}" y1="{at:.0f}" y2="{at:.0f}" stroke="#e3e6ea"/>'
                   f'<text x="{left - 8}" y="{at + 4:.0f}" text-anchor="end">{10 ** power:g} ms</text>')
    out.append(f'<text x="{(left + width - right) / 2:.0f}" y="{height - 10}" text-anchor="middle">organisations</text>')
    for number, page in enumerate(PAGES):
        colour = COLOURS[number % len(COLOURS)]
        for database, dash in (("sqlite", ""), ("postgres", ' stroke-dasharray="5 4"')):
            points = [(x(size), y(at["p99"])) for size in sizes(found, database)
                      if (at := found[f"pages-{database}-{size}"].get(page))]
            if points:
                path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
                out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
                out += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>' for a, b in points]
        out.append(f'<rect x="{width - right + 14}" y="{top + 8 + 22 * number}" width="12" height="12" fill="{colour}"/>'
                   f'<text x="{width - right + 32}" y="{top + 18 + 22 * number}">{page}</text>')
    legend = top + 18 + 22 * len(PAGES)
    out.append(f'<text x="{width - right + 14}" y="{legend}">drawn through: SQLite</text>'
               f'<text x="{width - right + 14}" y="{legend + 18}">dashed: PostgreSQL 15</text></svg>')
    return "\n".join(out) + "\n"


MARK = "<!-- measured -->"


def into_docs(folder, docs):
    """Puts the tables behind the mark of docs/performance.md and the plot beside it."""
    for name in ("performance.md", "performance.zh-CN.md"):
        file = docs / name
        if file.exists():
            file.write_text(file.read_text().split(MARK)[0] + f"{MARK}\n\n" + text(folder))
    if drawn := plot(folder):
        (docs / "performance.svg").write_text(drawn)
