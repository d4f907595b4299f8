#!/usr/bin/env python3
"""The forty rules in DuckDB and numpy over the same organisations, one thread each, every amount computed.

    python3 compare.py ORGANIZATIONS.csv AS_OF reference.json
Prints JSON: for each engine the best of three in seconds, and the sums of each rule.
"""
import json
import re
import sys
import time

import duckdb
import numpy as np


def sql(text):
    """CEL as the rules use it, in SQL: integer division is //, a conditional is CASE."""
    text = text.replace("&&", " AND ").replace("||", " OR ").replace("==", "=").replace("math.least", "least")
    text = text.replace("math.greatest", "greatest")
    text = re.sub(r"!(?!=)", " NOT ", text)
    text = re.sub(r"\[([^\]]*)\]", r"(\1)", text)
    return conditional(text).replace("/", "//")


def conditional(text):
    """(a ? b : c) becomes CASE, the last one first."""
    while "?" in text:
        text = balanced(text)
    return text


def balanced(text):
    """Rewrites the last conditional of the text."""
    mark = text.rindex("?")
    depth, start = 0, 0
    for at in range(mark - 1, -1, -1):
        depth += (text[at] == ")") - (text[at] == "(")
        if depth < 0 or (depth == 0 and text[at] in "?:,"):
            start = at + 1
            break
    depth, colon, end = 0, None, len(text)
    for at in range(mark + 1, len(text)):
        depth += (text[at] == "(") - (text[at] == ")")
        if depth < 0 or (depth == 0 and text[at] == ","):
            end = at
            break
        if depth == 0 and text[at] == ":" and colon is None:
            colon = at
        elif depth == 0 and text[at] == ":":
            end = at
            break
    test, yes, no = text[start:mark], text[mark + 1:colon], text[colon + 1:end]
    return f"{text[:start]}(CASE WHEN {test} THEN {yes} ELSE {no} END){text[end:]}"


def python(text):
    """CEL as the rules use it, in numpy."""
    text = text.replace("math.least", "np.minimum").replace("math.greatest", "np.maximum")
    text = re.sub(r"(\w+(?: / \w+)?) in \[([^\]]*)\]", r"np.isin(\1, [\2])", text)
    while "?" in text:
        new = balanced(text)
        new = re.sub(r"\(CASE WHEN (.*?) THEN (.*?) ELSE (.*?) END\)", r"np.where(\1, \2, \3)", new)
        text = new
    return logic(text)


def logic(text):
    """&& and || bind weaker than comparisons in CEL, & and | stronger in Python: brackets around each operand."""
    out, stack, start = "", [], 0
    text = re.sub(r"!(?!=)", "~", text)

    def split(part, operator):
        parts, depth, last = [], 0, 0
        at = 0
        while at < len(part):
            depth += (part[at] in "([") - (part[at] in ")]")
            if depth == 0 and part.startswith(operator, at):
                parts.append(part[last:at])
                last = at + 2
                at += 1
            at += 1
        return parts + [part[last:]]

    def inner(part):
        found, depth, last, result = None, 0, 0, ""
        for at, c in enumerate(part):
            if c in "([":
                if depth == 0:
                    result += part[last:at + 1]
                    last = at + 1
                depth += 1
            elif c in ")]":
                depth -= 1
                if depth == 0:
                    result += walk(part[last:at]) + c
                    last = at + 1
        return result + part[last:]

    def walk(part):
        either = split(part, "||")
        if len(either) > 1:
            return " | ".join(f"({walk(one)})" for one in either)
        both = split(part, "&&")
        if len(both) > 1:
            return " & ".join(f"({walk(one)})" for one in both)
        items = split_commas(part)
        if len(items) > 1:
            return ",".join(walk(one) for one in items)
        return inner(part)

    def split_commas(part):
        parts, depth, last = [], 0, 0
        for at, c in enumerate(part):
            depth += (c in "([") - (c in ")]")
            if depth == 0 and c == ",":
                parts.append(part[last:at])
                last = at + 1
        return parts + [part[last:]]

    return walk(text)


def parameters(rules, as_of):
    """The value of each parameter on the day."""
    return {name: [value for day, value in values if day <= as_of][-1] for name, values in rules["parameters"].items()}


def main():
    path, as_of, rules = sys.argv[1], int(sys.argv[2]), json.load(open(sys.argv[3]))
    fixed = parameters(rules, as_of) | {"as_of": as_of}
    db = duckdb.connect()
    db.execute("SET threads = 1")
    db.execute(f"CREATE TABLE o AS SELECT * FROM read_csv('{path}', all_varchar=false)")
    for flag in ("is_high_tech", "listed"):
        db.execute(f"ALTER TABLE o ALTER {flag} TYPE BOOLEAN")

    def filled(text):
        return re.sub(r"\b(" + "|".join(fixed) + r")\b", lambda match: str(fixed[match.group(1)]), text)

    columns = ", ".join(
        f"CASE WHEN {sql(filled(r['condition']))} THEN {sql(filled(r['amount']))} ELSE 0 END AS {r['id']}"
        for r in rules["rules"])
    counts = ", ".join(f"count(*) FILTER ({sql(filled(r['condition']))})" for r in rules["rules"])
    best = 1e9
    for _ in range(3):
        started = time.process_time()
        db.execute(f"CREATE OR REPLACE TABLE answers AS SELECT {columns} FROM o")
        best = min(best, time.process_time() - started)
    totals = db.execute("SELECT " + ", ".join(f"sum({r['id']})" for r in rules["rules"]) + " FROM answers").fetchone()
    counts = db.execute(f"SELECT {counts} FROM o").fetchone()
    duck = {r["id"]: [int(c), int(t)] for r, c, t in zip(rules["rules"], counts, totals)}

    data = {name: np.asarray(values) for name, values in db.execute("SELECT * FROM o").fetchnumpy().items()}
    size = len(data["annual_revenue"])
    programs = [(r["id"], compile(python(r["condition"]), r["id"], "eval"),
                 compile(re.sub(r"(?<!/)/(?!/)", "//", python(r["amount"])), r["id"], "eval")) for r in rules["rules"]]
    programs = [(i, compile(re.sub(r"(?<!/)/(?!/)", "//", python(r["condition"])), i, "eval"), a)
                for (i, _, a), r in zip(programs, rules["rules"])]
    fastest = 1e9
    with np.errstate(all="ignore"):
        for _ in range(3):
            amounts = {i: np.zeros(size, np.int64) for i, _, _ in programs}
            count = dict.fromkeys(amounts, 0)
            started = time.process_time()
            for start in range(0, size, 16384):
                names = {name: values[start:start + 16384] for name, values in data.items()} | fixed | {"np": np}
                for i, condition, amount in programs:
                    held = eval(condition, names)
                    amounts[i][start:start + 16384] = np.where(held, eval(amount, names), 0)
                    count[i] += int(np.count_nonzero(held))
            fastest = min(fastest, time.process_time() - started)
    numpy = {i: [count[i], int(amounts[i].sum())] for i in amounts}
    print(json.dumps({"duckdb": {"seconds": best, "sums": duck}, "numpy": {"seconds": fastest, "sums": numpy}}))


if __name__ == "__main__":
    main()
