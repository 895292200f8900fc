#!/usr/bin/env python3
"""Compares `kollektiv` with alternative libraries on the same work with the same result.

    python3 benches/peers/run.py [--quick] [--times N] [--job NAME …] [--peer NAME …] [--program PATH]

Needs the standard library only: the peers are installed into a virtual environment in the user's cache folder, in the versions
of `requirements.txt`; reproducible inputs are made there too. Every run is checked: the total to the kopeck, the number of lines
and the diagnostics by code must be those of `kollektiv`, else the comparison stops. Prints a table of median times, ratios and
peak memory.
"""

import argparse
import collections
import csv
import json
import multiprocessing
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import time

import inputs

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "kollektiv" / "peers"
PEERS = ["polars_tuned", "polars", "duckdb_tuned", "duckdb", "pandas", "zen"]

# Warnings for which the peers have no check.
BEYOND_PEERS = {"similar-insured"}


class Job(collections.namedtuple("Job", "name insured ending faults kind title")):
    """A job of all peers: a roster with this number of insured → files; its faults are none, one warning or mistakes."""

    def roster(self):
        return CACHE / f"{self.insured}{f'-{self.faults}' if self.faults else ''}.{self.ending}"

    def make(self):
        """Makes the inputs if they are missing."""
        roster = self.roster()
        if not roster.exists():
            write = inputs.write_csv if self.ending == "csv" else inputs.write_xlsx
            unfinished = roster.with_suffix(".unfinished")
            apart(write, unfinished, self.insured, self.faults == "mistakes")
            if self.faults == "warning":
                inputs.add_warning(unfinished)
            unfinished.rename(roster)
        contract = CACHE / f"{roster.name}.toml"
        contract.write_text(inputs.CONTRACT % roster.name, encoding="utf-8")
        return roster, contract


LINES = "Parquet lines, groups, diagnostics"
JOBS = [
    Job("csv", 1_000_000, "csv", None, "lines", f"quote, 1,000,000 insured, CSV → {LINES}"),
    Job("warning", 1_000_000, "csv", "warning", "lines", f"quote, 1,000,000 insured, CSV with one warning → {LINES}"),
    Job("excel", 100_000, "xlsx", None, "lines", f"quote, 100,000 insured, one Excel sheet → {LINES}"),
    Job("everything", 4_200, "xlsx", None, "everything", "quote, 4,200 insured, Excel → everything"),
    Job("mistakes", 100_000, "csv", "mistakes", "lines", f"quote, 100,000 insured, CSV, one in 100 with a mistake → {LINES}"),
]

# The jobs at a size that takes a minute in total.
QUICK = {1_000_000: 20_000, 100_000: 10_000, 4_200: 1_000}


def commands(job, program, python, peers, contract, roster, rates):
    """The command lines by name; OUT stands for the folder of the result."""
    formats = ["--documents", "xlsx"] if job.kind == "everything" else ["--format", "parquet"]
    preliminary = ["--preliminary"] if job.faults == "mistakes" else []
    found = {"kollektiv": [program, "quote", contract, "--out", "OUT", "--quiet", *formats, *preliminary]}
    for peer in peers:
        found[peer] = [python, HERE / f"{peer}_peer.py", roster, rates, "OUT", job.kind]
    return {name: [str(word) for word in words] for name, words in found.items()}


def apart(work, *what):
    """Runs a function in a separate process, since a child inherits the peak memory of its parent."""
    with multiprocessing.Pool(1) as other:
        return other.apply(work, what)


def run(words, out):
    """Runs a command: its output, its seconds and its peak memory in KiB."""
    shutil.rmtree(out, ignore_errors=True)
    words = [str(out) if word == "OUT" else word for word in words]
    with open(CACHE / "output", "w+", encoding="utf-8") as output:
        begun = time.perf_counter()
        child = subprocess.Popen(words, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if child.returncode != 0:
        sys.exit(f"{' '.join(words)}\nended with {child.returncode}:\n{text}")
    return text, seconds, usage.ru_maxrss


def result(name, text, out):
    """The result: total in kopecks, lines, diagnostics by code."""
    if name != "kollektiv":
        return json.loads(text.splitlines()[-1])
    quote = json.loads((out / "quote.json").read_text(encoding="utf-8"))
    with open(out / "diagnostics.csv", encoding="utf-8", newline="") as file:
        counts = collections.Counter(found["code"] for found in csv.DictReader(file))
    counts = {code: count for code, count in sorted(counts.items()) if code not in BEYOND_PEERS}
    return {"total": int(quote["premium"].replace(".", "")), "lines": quote["lines"], "diagnostics": counts}


def compare(job, program, python, peers, times):
    """Runs all alternately, so that other load affects all alike; prints a row of the table for each."""
    roster, contract = job.make()
    first = CACHE / "first"
    run([program, "quote", str(contract), "--out", "OUT", "--quiet", "--format", "parquet",
         *(["--preliminary"] if job.faults == "mistakes" else [])], first)
    expected = result("kollektiv", "", first)
    found = ", ".join(f"{code} {count}" for code, count in expected["diagnostics"].items()) or "none"
    print(f"\n## {job.title}\n\n{expected['lines']:,} lines, {expected['total'] / 100:,.2f} roubles, diagnostics: {found}\n")
    found = commands(job, program, python, peers, contract, roster, first / "rates.csv")
    seconds, memory = collections.defaultdict(list), collections.defaultdict(list)
    for _ in range(times):
        for name, words in found.items():
            out = CACHE / "out"
            text, took, held = run(words, out)
            came = result(name, text, out)
            if came != expected:
                sys.exit(f"{job.name}: {name} came to\n{came}\nand not to\n{expected}")
            seconds[name].append(took)
            memory[name].append(held)
    own, own_memory = statistics.median(seconds["kollektiv"]), max(memory["kollektiv"])
    print("| | seconds (median) | from | to | times kollektiv's | memory, MiB | times kollektiv's |")
    print("|---|---|---|---|---|---|---|")
    for name in found:
        took, held = statistics.median(seconds[name]), max(memory[name])
        print(f"| {name} | {took:.2f} | {min(seconds[name]):.2f} | {max(seconds[name]):.2f} | {took / own:.1f} "
              f"| {held / 1024:.0f} | {held / own_memory:.1f} |", flush=True)


def environment():
    """The Python environment of the peers."""
    wanted = (HERE / "requirements.txt").read_text()
    folder = CACHE / "venv"
    installed = folder / "installed.txt"
    python = folder / "bin" / "python"
    if not installed.exists() or installed.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", HERE / "requirements.txt"],
                       check=True)
        installed.write_text(wanted)
    return python


def built():
    """Builds the program in the release profile."""
    root = HERE.parent.parent
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=root, check=True)
    metadata = subprocess.run(["cargo", "metadata", "--format-version", "1", "--no-deps"], cwd=root, check=True, capture_output=True)
    return pathlib.Path(json.loads(metadata.stdout)["target_directory"]) / "release" / "kollektiv"


def machine():
    """The machine of the measurement."""
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    busy = ", ".join(f"{load:.2f}" for load in os.getloadavg())
    return f"{model[1] if model else 'unknown processor'}, {os.cpu_count()} cores, load before: {busy}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small inputs, once: whether all come to the same")
    parser.add_argument("--times", type=int, help="runs of each; 5 by default, 1 with --quick")
    parser.add_argument("--job", action="append", choices=[job.name for job in JOBS], help="only this job")
    parser.add_argument("--peer", action="append", choices=PEERS, help="only this peer")
    parser.add_argument("--program", help="a kollektiv that is built already")
    options = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    program, python = options.program or str(built()), environment()
    print(f"{machine()}\n{', '.join((HERE / 'requirements.txt').read_text().split())}", flush=True)
    for job in JOBS:
        if options.job and job.name not in options.job:
            continue
        if options.quick:
            job = job._replace(insured=QUICK[job.insured], title=f"{job.title} (quick: {QUICK[job.insured]:,})")
        compare(job, program, python, options.peer or PEERS, options.times or (1 if options.quick else 5))


if __name__ == "__main__":
    main()
