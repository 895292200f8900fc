#!/usr/bin/env python3
"""Whether the pipeline has become dearer: the instructions that each step takes for 10,000 insured, counted by valgrind.

    python3 benches/instructions.py            compares with `instructions.json`; fails where a step takes a tenth more
    python3 benches/instructions.py --update   writes the counts of today there

A count does not depend on the machine's speed or load. It does on the compiler and on the libraries: whoever changes
them looks at what has moved, and updates the file. A step that takes a tenth less is told too, so that the file is kept true.
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

# What is counted, as the step of `steps.rs` and the one that it begins with.
COUNTED = {
    "reading a CSV": ("csv", None),
    "reading a workbook": ("xlsx", None),
    "rating": ("rate", "csv"),
    "writing": ("write", "rate"),
}


def built():
    """The bench that goes through single steps."""
    told = subprocess.run(["cargo", "bench", "--bench", "steps", "--no-run", "--message-format", "json", "--quiet"],
                          cwd=HERE.parent, check=True, stdout=subprocess.PIPE, text=True).stdout
    messages = (json.loads(line) for line in told.splitlines() if line.startswith("{"))
    return next(message["executable"] for message in messages
                if message["reason"] == "compiler-artifact" and message["target"]["name"] == "steps")


def instructions(program, folder, step):
    """How many instructions the program takes for a step, with one thread."""
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
        change = count / known[name] - 1
        print(f"{name:20} {count:>15,} instructions, {change:+.1%}")
        moved |= change > MOST
        if change < -MOST:
            print(f"{'':20} a tenth less than in {KNOWN.name}: update it")
    if moved:
        sys.exit(f"a step has become dearer by more than {MOST:.0%}; if that is as it has to be: {sys.argv[0]} --update")


if __name__ == "__main__":
    main()
