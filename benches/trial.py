#!/usr/bin/env python3
"""What the child costs that tries a workbook before a library reads it.

    python3 benches/trial.py                  4,200 insured
    python3 benches/trial.py --rows 1000000   another number
    python3 benches/trial.py --binary FILE    another program than target/release/kollektiv

The same roster is priced twice: from a plainly written workbook, which needs no child, and from one whose last row has something that only
the library reads, so that a child tries the file first. Instructions are those of the program and of the child by valgrind; times are the
medians of runs in turn, in which the second workbook also costs a second reading of its rows, in order.
"""

import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "peers"))
import inputs  # noqa: E402

RUNS = 15
# No program writes a comment into a row; the library passes over it.
STRANGE = b"<!-- --></row>"


def write_strange(plain, strange):
    """Copies a workbook, with something in its last row that is not plain."""
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(strange, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                head, end = content.rsplit(b"</row>", 1)
                content = head + STRANGE + end
            target.writestr(name, content)


def command(program, folder, contract):
    return [program, "quote", f"{folder}/{contract}.toml", "--out", f"{folder}/{contract}", "--format", "parquet", "--quiet"]


def instructions(program, folder, contract):
    """The instructions of the program, and of its children together."""
    run = subprocess.run(
        ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--trace-children=yes", "--cachegrind-out-file=/dev/null",
         f"--log-file={folder}/log-{contract}.%p", *command(program, folder, contract)], capture_output=True, text=True)
    # a child has no standard error, so that each process writes into a file of its own
    logs = sorted(pathlib.Path(folder).glob(f"log-{contract}.*"), key=lambda path: int(path.suffix[1:]))
    counts = re.findall(r"==(\d+)== I\s+refs:\s+([\d,]+)", "".join(path.read_text(errors="replace") for path in logs))
    if run.returncode not in (0, 3, 4) or not counts:
        sys.exit(f"the run ended with {run.returncode}:\n{run.stderr[-2000:]}")
    counts = [int(count.replace(",", "")) for _, count in counts]
    # the parent has the first number of a process
    return counts[0], sum(counts[1:])


def seconds(program, folder, contract):
    start = time.perf_counter()
    run = subprocess.run(command(program, folder, contract), capture_output=True)
    if run.returncode not in (0, 3, 4):
        sys.exit(f"the run ended with {run.returncode}:\n{run.stderr[-2000:]}")
    return time.perf_counter() - start


def main():
    words = sys.argv[1:]
    program = str(HERE.parent / "target/release/kollektiv")
    rows = 4200
    if "--binary" in words:
        program = str(pathlib.Path(words[words.index("--binary") + 1]).resolve())
    if "--rows" in words:
        rows = int(words[words.index("--rows") + 1])
    with tempfile.TemporaryDirectory() as folder:
        room = pathlib.Path(folder)
        inputs.write_xlsx(room / "plain.xlsx", rows, False)
        write_strange(room / "plain.xlsx", room / "strange.xlsx")
        for name in ("plain", "strange"):
            (room / f"{name}.toml").write_text(inputs.CONTRACT % f"{name}.xlsx", encoding="utf-8")
        for name, title in (("plain", "plain, without a child"), ("strange", "with a child")):
            parent, children = instructions(program, folder, name)
            print(f"{title:24} {parent / 1e6:>9.1f} M instructions, its child {children / 1e6:>8.1f} M ({children / parent:.1%})")
        times = {"plain": [], "strange": []}
        for _ in range(RUNS):
            for name, found in times.items():
                found.append(seconds(program, folder, name))
        plain, strange = (statistics.median(found) for found in times.values())
        print(f"{rows:,} insured: {plain * 1e3:.1f} ms without, {strange * 1e3:.1f} ms with a child")


if __name__ == "__main__":
    main()
