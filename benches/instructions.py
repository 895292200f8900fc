#!/usr/bin/env python3
"""Guards the cost of the pipeline: counts the instructions of each step for 10,000 insured with valgrind.

    python3 benches/instructions.py            compares with `instructions.json`; fails if a step takes a tenth more
    python3 benches/instructions.py --update   writes the current counts to it

A count does not depend on the speed or load of the machine, but on the compiler and the libraries: update the file after a
change of them. A step that takes a tenth less is reported too, so that the file stays current.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
KNOWN = HERE / "instructions.json"
INSURED = "10000"
MOST = 0.10

# The counted steps of `steps.rs`, each with the step that it includes.
COUNTED = {
    "reading a CSV": ("csv", None),
    "reading windows-1251": ("1251", None),
    "reading a workbook": ("xlsx", None),
    "rating": ("rate", "csv"),
    "writing": ("write", "rate"),
    "writing, with a warning": ("warn", "rate"),
    "a workbook of the quote": ("workbook", "write"),
    "bind": ("bind", None),
    "reprice": ("reprice", "bind"),
    "letters": ("letters", "reprice"),
}


def built():
    """Builds the bench of single steps."""
    output = subprocess.run(["cargo", "bench", "--bench", "steps", "--no-run", "--message-format", "json", "--quiet"],
                          cwd=HERE.parent, check=True, stdout=subprocess.PIPE, text=True).stdout
    messages = (json.loads(line) for line in output.splitlines() if line.startswith("{"))
    return next(message["executable"] for message in messages
                if message["reason"] == "compiler-artifact" and message["target"]["name"] == "steps")


def instructions(program, folder, step):
    """The number of instructions of a step with one thread."""
    counted = subprocess.run(
        ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={folder}/counts",
         program, folder, INSURED, step],
        env={**os.environ, "RAYON_NUM_THREADS": "1"}, capture_output=True, text=True)
    found = re.search(r"I\s+refs:\s+([\d,]+)", counted.stderr)
    if counted.returncode != 0 or not found:
        sys.exit(f"{step} ended with {counted.returncode}:\n{counted.stderr}")
    return int(found[1].replace(",", ""))


def main():
    program = built()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, folder, INSURED, "make"], check=True)
        steps = {step: instructions(program, folder, step) for step, _ in COUNTED.values()}
    counts = {name: steps[step] - steps.get(before, 0) for name, (step, before) in COUNTED.items()}
    if "--update" in sys.argv:
        KNOWN.write_text(json.dumps(counts, indent=4) + "\n")
    known = json.loads(KNOWN.read_text())
    moved = False
    for name, count in counts.items():
        if name not in known:
            print(f"{name:25} {count:>15,} instructions, not in {KNOWN.name}: update it")
            continue
        change = count / known[name] - 1
        print(f"{name:25} {count:>15,} instructions, {change:+.1%}")
        moved |= change > MOST
        if change < -MOST:
            print(f"{'':25} a tenth fewer than in {KNOWN.name}: update it")
    if moved:
        sys.exit(f"a step takes more than {MOST:.0%} more instructions; if that is intended: {sys.argv[0]} --update")


if __name__ == "__main__":
    main()
