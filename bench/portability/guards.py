#!/usr/bin/env python3
"""What the engine says is compiled for a target, against what the target's compiler keeps.

`guards.py trees` makes trees of conditions by a fixed seed and asks both about each line. `guards.py files FOLDER...` asks both
about every statement of real C files. Compilers: aarch64-linux-gnu-gcc, riscv64-linux-gnu-gcc, and
`python -m ziglang cc` for loongarch64; those that are missing are named and left out.
"""
import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

COMPILERS = {
    "aarch64": ["aarch64-linux-gnu-gcc"],
    "riscv64": ["riscv64-linux-gnu-gcc"],
    "loongarch64": [sys.executable, "-m", "ziglang", "cc", "-target", "loongarch64-linux-gnu"],
}
# Macros whose value every compiler of the targets decides; none that differs between GCC and Clang for one CPU.
DEFINED = """__x86_64__ __i386__ __amd64__ _M_X64 _WIN32 WIN32 _MSC_VER __APPLE__ __FreeBSD__ __SSE2__ __AVX2__ __aarch64__ __ARM_NEON
__arm__ __riscv __loongarch__ __loongarch64 __linux__ __unix__ __LP64__ __ELF__ __powerpc64__ __s390x__ __mips__ __sw_64__""".split()
VALUES = [("__SIZEOF_POINTER__", [4, 8]), ("__SIZEOF_LONG__", [4, 8]), ("__riscv_xlen", [32, 64]), ("__loongarch_grlen", [32, 64])]


def expression(chance, own, depth=0):
    kind = chance.random()
    if depth > 3 or kind < 0.35:
        return f"defined({chance.choice(DEFINED)})" if chance.random() < 0.7 else f"defined {chance.choice(DEFINED)}"
    if kind < 0.5:
        name, values = chance.choice(VALUES)
        return f"({name} {chance.choice(['==', '!=', '>', '>=', '<'])} {chance.choice(values)})"
    if kind < 0.6 and own:
        return chance.choice([chance.choice(own), f"defined({chance.choice(own)})", f"{chance.choice(own)} > 1"])
    if kind < 0.7:
        return f"!({expression(chance, own, depth + 1)})"
    if kind < 0.75:
        return str(chance.choice([0, 1, "0x10 >> 4", "3 - 3", "(1 << 2) == 4", "7 % 2"]))
    if kind < 0.8:
        inner = [expression(chance, own, depth + 1) for _ in range(3)]
        return f"({inner[0]} ? {inner[1]} : {inner[2]})"
    return f"({expression(chance, own, depth + 1)} {chance.choice(['&&', '||'])} {expression(chance, own, depth + 1)})"


def tree(chance, lines, own, depth=0):
    """Appends lines; every leaf is a statement."""
    for _ in range(chance.randint(1, 3)):
        if depth >= 4 or chance.random() < 0.3:
            lines.append(f"int leaf_{len(lines)} = {len(lines)};")
            continue
        word = chance.random()
        if word < 0.2:
            lines.append(f"#ifdef {chance.choice(DEFINED)}")
        elif word < 0.35:
            lines.append(f"#ifndef {chance.choice(DEFINED)}")
        else:
            lines.append(f"#if {expression(chance, own)}")
        tree(chance, lines, own, depth + 1)
        for _ in range(chance.choice([0, 0, 1, 2])):
            lines.append(f"#elif {expression(chance, own)}")
            tree(chance, lines, own, depth + 1)
        if chance.random() < 0.5:
            lines.append("#else")
            tree(chance, lines, own, depth + 1)
        lines.append("#endif")


def generated(folder, count, seed):
    chance = random.Random(seed)
    for number in range(count):
        lines, own = [], [f"OWN_{number}_{index}" for index in range(3)]
        for name in own:
            # A macro of the file: its value hangs on the machine.
            lines += [f"#if {expression(chance, [])}", f"#define {name} {chance.choice([1, 2])}", "#else", f"#define {name} 0", "#endif"]
        while sum(line.startswith("int leaf") for line in lines) < 12:
            tree(chance, lines, own)
        (folder / f"tree_{number}.c").write_text("\n".join(lines) + "\n")


def kept(compiler, path, folder):
    """Lines of a file that its compiler keeps, or None; the last one where it stopped on an error."""
    done = subprocess.run([*compiler, "-E", "-w", f"-I{folder}", f"-I{path.parent}", str(path)], capture_output=True, text=True, errors="replace")
    found, line, own = set(), 0, False
    for text in done.stdout.splitlines():
        mark = re.match(r'# (\d+) "([^"]*)"', text)
        if mark:
            line, own = int(mark[1]), Path(mark[2]) == path
            continue
        if own and text.strip():
            found.add(line)
        line += 1
    # An error in a header stops where the file includes it.
    places = re.findall(re.escape(str(path)) + r":(\d+)", done.stderr) if "error:" in done.stderr else []
    return found, min(map(int, places)) if places else (0 if done.returncode else None)


def evaluated(program, folder):
    """For each C file: from which line on it is certainly and possibly compiled for which targets."""
    out = subprocess.run([*program, str(folder)], check=True, stdout=subprocess.PIPE).stdout
    return {path: spans for path, spans in json.loads(out).items() if path.endswith((".c", ".cc", ".cpp"))}


def says(spans, line, target):
    """True or False where the engine is certain, None where the build decides."""
    must, may = [target], [target]
    for first, certainly, possibly in spans:
        if first > line:
            break
        must, may = certainly, possibly
    return True if target in must else None if target in may else False


def code(text):
    """Lines that hold code on their own: no directives, comments, or ends of what began above."""
    found, comment, joined, fresh = [], False, False, True
    for number, line in enumerate(text, 1):
        bare = line.strip()
        goes_on = joined
        joined = bare.endswith("\\")
        if comment or goes_on or not bare or bare.startswith(("#", "//", "*", "/*")):
            comment = ("/*" in bare or comment) and "*/" not in bare
            continue
        comment = "/*" in bare and "*/" not in bare.split("/*")[-1]
        # What goes on from above may be an argument of a macro, which compilers write into its first line.
        if ";" in bare and fresh:
            found.append(number)
        bare = re.sub(r"/\*.*?\*/|//.*", "", bare).strip()
        fresh = bare.endswith((";", "{", "}", ":"))
    return found


def there(compiler):
    if compiler[0] == sys.executable:
        return subprocess.run([*compiler[:3], "version"], capture_output=True).returncode == 0
    return shutil.which(compiler[0]) is not None


def compare(folder, program, compilers, real):
    spans_of = evaluated(program, folder)
    # A source that another one includes is compiled there, with what is defined there.
    included = set()
    for name in spans_of:
        included.update(re.findall(r'#\s*include\s+"(?:[^"]*/)?([^"/]+\.(?:c|cc|cpp))"', (folder / name).read_text(errors="replace")))
    spans_of = {name: spans for name, spans in spans_of.items() if Path(name).name not in included}
    agreed = differing = open_ = kept_lines = 0
    for name in sorted(spans_of):
        path = folder / name
        text = path.read_text(errors="replace").splitlines()
        lines = code(text)
        for target, compiler in compilers.items():
            found, stopped = kept(compiler, path, folder)
            # A compiler that stops early, for a header that is not there, tells nothing of what follows.
            told = [line for line in lines if stopped is None or line < stopped]
            for line in told:
                said = says(spans_of[name], line, target)
                if said is None:
                    open_ += 1
                elif said == (line in found):
                    agreed += 1
                    kept_lines += said
                else:
                    differing += 1
                    if differing <= 20:
                        print(f"{target} {name}:{line}: the engine says {'compiled' if said else 'left out'}: {text[line - 1].strip()[:80]}")
    print(f"{folder.name if real else 'trees'}: {agreed} of {agreed + differing} lines agree, {kept_lines} of them compiled; the build decides {open_}")
    return differing


def main():
    options = argparse.ArgumentParser()
    options.add_argument("what", choices=["trees", "files"])
    options.add_argument("folders", nargs="*", type=Path)
    options.add_argument("--program", default="target/release/examples/compiled", help="the example `compiled` of engines/portability")
    options.add_argument("--count", type=int, default=100)
    options.add_argument("--seed", type=int, default=20250701)
    flags = options.parse_args()
    compilers = {target: compiler for target, compiler in COMPILERS.items() if there(compiler)}
    for target in COMPILERS.keys() - compilers.keys():
        print(f"no compiler for {target}: {' '.join(COMPILERS[target])}")
    differing = 0
    if flags.what == "trees":
        with tempfile.TemporaryDirectory() as folder:
            generated(Path(folder), flags.count, flags.seed)
            differing = compare(Path(folder), flags.program.split(), compilers, real=False)
    for folder in flags.folders:
        differing += compare(folder.resolve(), flags.program.split(), compilers, real=True)
    return 1 if differing or not compilers else 0


if __name__ == "__main__":
    sys.exit(main())
