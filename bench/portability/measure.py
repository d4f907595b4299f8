#!/usr/bin/env python3
"""Measures `jinmen assess` against labelled places: recall, hard negatives kept quiet, precision, per kind.

See README.md beside this file for what counts as a match.
"""
import argparse
import csv
import json
import os
import random
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGETS = "aarch64 loongarch64 loongarch64-abi1 riscv64 sw_64".split()
# Kinds that say the same of a place.
CLOSE = [
    {"arch-ifdef", "arch-error", "rust-cfg"},
    {"x86-header", "intrinsics", "rust-intrinsics"},
    {"jni", "prebuilt-binary", "jar-native", "nested-archive", "node-addon"},
    {"activex", "browser-plugin"},
    {"db-driver", "sql-dialect"},
    {"office", "com"},
    {"go-build-tag", "go-stub"},
]
# Where the statement or the condition goes over more lines than one.
WITHIN_TWO = {"char-sign", "inline-asm", "arch-ifdef", "arch-error", "memory-order", "sql-dialect"}
# How many findings of one kind in one repository may stand for it in a sample.
AT_MOST = 5


def close(one, other):
    return one == other or any(one in kinds and other in kinds for kinds in CLOSE)


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def run(*command, **more):
    return subprocess.run(command, check=True, **more)


def checkout(repo, commit, gitdir, folder):
    """The files of a commit. Objects that a snapshot left out are left out here."""
    if folder.exists():
        return
    folder.mkdir(parents=True)
    if gitdir is None:
        gitdir = folder.with_name(folder.name + ".git")
        run("git", "init", "--quiet", "--bare", str(gitdir))
        run("git", "-C", str(gitdir), "fetch", "--quiet", "--depth", "1", f"https://github.com/{repo}", commit)
    git = ("git", f"--git-dir={gitdir}")
    listed = run(*git, "ls-tree", "-r", "-z", commit, stdout=subprocess.PIPE).stdout.split(b"\0")
    batch = subprocess.Popen((*git, "cat-file", "--batch"), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for entry in filter(None, listed):
        what, name = entry.split(b"\t", 1)
        mode, kind, object_id = what.split()
        if kind != b"blob" or mode == b"120000":
            continue
        batch.stdin.write(object_id + b"\n")
        batch.stdin.flush()
        head = batch.stdout.readline().split()
        if len(head) < 3:
            continue
        content = batch.stdout.read(int(head[2]))
        batch.stdout.read(1)
        path = os.path.join(os.fsencode(folder), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
    batch.stdin.close()
    batch.wait()


def assess(program, folder):
    out = run(*program, str(folder), "--format", "json", stdout=subprocess.PIPE).stdout
    return json.loads(out)


def matches(finding, row, exact):
    """Whether a blocker is the one that a row speaks of."""
    if finding["path"] != row["path"] or not close(finding["kind"], row["kind"]):
        return False
    distance = abs(finding["line"] - int(row["line"]))
    return distance == 0 or (not exact and distance <= 2 and int(row["line"]) > 0 and row["kind"] in WITHIN_TWO)


def loud(finding, row):
    """Whether a blocker, of whatever kind, stands where a hard negative says that there is none."""
    return finding["path"] == row["path"] and finding["line"] == int(row["line"])


def share(part, whole):
    return f"{part}/{whole} {part / whole:.3f}" if whole else "-"


def report(rows, blockers, judged, quiet):
    """Prints the figures; `blockers` by repository."""
    true = [row for row in rows if row["blocker"] == "true"]
    false = [row for row in rows if row["blocker"] != "true"]
    kinds = defaultdict(Counter)
    missed, wrong = [], []
    same_targets = found_any = exact = 0
    for row in true:
        own = [finding for finding in blockers[row["repo"]] if matches(finding, row, exact=False)]
        kinds[row["kind"]]["true"] += 1
        if own:
            kinds[row["kind"]]["found"] += 1
            found_any += 1
            exact += any(matches(finding, row, exact=True) for finding in own)
            wanted = set(TARGETS if row["targets"] == "all" else row["targets"].split())
            same_targets += any(set(finding["targets"]) == wanted for finding in own)
        else:
            missed.append(row)
    for row in false:
        kinds[row["kind"]]["false"] += 1
        if any(loud(finding, row) for finding in blockers[row["repo"]]):
            wrong.append(row)
        else:
            kinds[row["kind"]]["quiet"] += 1
    print(f"recall of blockers          {share(found_any, len(true))}   at the exact line {share(exact, len(true))}")
    print(f"  with exactly its targets  {share(same_targets, found_any)}")
    print(f"hard negatives kept quiet   {share(len(false) - len(wrong), len(false))}")
    per_repo = {}
    for row in true:
        own = per_repo.setdefault((row["repo"], row["kind"]), [0, 0])
        own[1] += 1
        own[0] += row not in missed
    print(f"recall by repository, kind  {share(sum(1 for found, _ in per_repo.values() if found), len(per_repo))} (one place is enough)")
    precision(rows, blockers, judged, kinds)
    print(f"\n{'kind':18} {'found':>7} {'recall':>7} {'quiet':>7} {'blockers':>9} {'judged true':>12}")
    for kind in sorted(kinds):
        one = kinds[kind]
        recall = f"{one['found'] / one['true']:.2f}" if one["true"] else "-"
        print(
            f"{kind:18} {one['found']:>3}/{one['true']:<3} {recall:>7} {one['quiet']:>3}/{one['false']:<3}"
            f" {one['blockers']:>9} {one['judged_true']:>6}/{one['judged']:<5}"
        )
    weak = [kind for kind, one in kinds.items() if one["true"] >= 3 and one["found"] / one["true"] < 0.6]
    print("kinds with three true cases or more under 0.6:", ", ".join(sorted(weak)) or "none")
    if not quiet:
        for row in missed:
            print("missed ", row["repo"], row["path"], row["line"], row["kind"])
        for row in wrong:
            print("loud   ", row["repo"], row["path"], row["line"], row["kind"])


def labelled(finding, rows):
    """True or False where a row speaks of a blocker, None where none does."""
    for row in rows:
        if row["blocker"] == "true" and matches(finding, row, exact=False):
            return True
    for row in rows:
        if row["blocker"] != "true" and loud(finding, row):
            return False
    return None


def precision(rows, blockers, judged, kinds):
    """What labels and judgements say of the blockers; a kind of a repository counts as at most five findings."""
    own = defaultdict(list)
    for row in rows:
        own[row["repo"]].append(row)
    known = {(row["repo"], row["path"], int(row["line"]), row["kind"]): row["true"] == "true" for row in judged}
    at_labels = Counter()
    cells = defaultdict(lambda: [0, 0, 0])
    for repo, findings in blockers.items():
        for finding in findings:
            kinds[finding["kind"]]["blockers"] += 1
            label = labelled(finding, own[repo])
            if label is not None:
                at_labels[label] += 1
            else:
                label = known.get((repo, finding["path"], finding["line"], finding["kind"]))
                if label is not None:
                    kinds[finding["kind"]]["judged"] += 1
                    kinds[finding["kind"]]["judged_true"] += label
            cell = cells[repo, finding["kind"]]
            cell[0] += 1
            if label is not None:
                cell[1] += 1
                cell[2] += label
    print(f"blockers                    {sum(len(findings) for findings in blockers.values())}")
    print(f"precision at labelled lines {share(at_labels[True], sum(at_labels.values()))}")
    judged_now = sum(one["judged"] for one in kinds.values())
    judged_true = sum(one["judged_true"] for one in kinds.values())
    if judged_now:
        print(f"precision of the judged     {share(judged_true, judged_now)} (findings without a label)")
    weight = right = spoken = 0.0
    for all_, seen, good in cells.values():
        counts = min(all_, AT_MOST)
        weight += counts
        if seen:
            spoken += counts
            right += counts * good / seen
    if spoken:
        print(f"precision, weighed          {right / spoken:.3f} (known for {spoken / weight:.0%} of the weight)")


def sample(rows, blockers, judged, count, seed):
    """Findings without a label or a judgement, by a fixed seed, at most five of one kind in one repository."""
    own = defaultdict(list)
    for row in rows:
        own[row["repo"]].append(row)
    known = {(row["repo"], row["path"], int(row["line"]), row["kind"]) for row in judged}
    cells = defaultdict(list)
    for repo in sorted(blockers):
        for finding in blockers[repo]:
            if labelled(finding, own[repo]) is None:
                cells[repo, finding["kind"]].append(finding)
    chance = random.Random(seed)
    pool = []
    for (repo, _), findings in sorted(cells.items()):
        pool += [(repo, finding) for finding in chance.sample(findings, min(AT_MOST, len(findings)))]
    chance.shuffle(pool)
    pool = [one for one in pool if (one[0], one[1]["path"], one[1]["line"], one[1]["kind"]) not in known]
    for repo, finding in pool[:count]:
        print(json.dumps({"repo": repo, **{key: finding[key] for key in ("path", "line", "kind", "evidence")}}, ensure_ascii=False))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("labels", help="a file of labelled places")
    options.add_argument("--program", default="jinmen assess", help="what prints a report: PROGRAM PATH --format json")
    options.add_argument("--work", default="/tmp/jinmen-portability", help="where repositories are checked out")
    options.add_argument("--where", help="repo,gitdir of repositories that are at hand; others come from GitHub")
    options.add_argument("--judged", help="judged findings without a label")
    options.add_argument("--sample", type=int, default=0, help="print this many findings to be judged")
    options.add_argument("--seed", type=int, default=20250701)
    options.add_argument("--totals", action="store_true", help="no single rows, for the half that is kept unseen")
    flags = options.parse_args()
    rows = rows_of(flags.labels)
    where = {row["repo"]: row["gitdir"] for row in rows_of(flags.where)} if flags.where else {}
    judged = rows_of(flags.judged) if flags.judged and Path(flags.judged).exists() else []
    blockers = {}
    for repo, commit in sorted({(row["repo"], row["commit"]) for row in rows}):
        folder = Path(flags.work) / repo.replace("/", "+")
        checkout(repo, commit, where.get(repo), folder)
        found = assess(flags.program.split(), folder)
        blockers[repo] = [finding for finding in found["findings"] if finding["blocker"]]
    if flags.sample:
        sample(rows, blockers, judged, flags.sample, flags.seed)
    else:
        report(rows, blockers, judged, flags.totals)
    return 0


if __name__ == "__main__":
    sys.exit(main())
