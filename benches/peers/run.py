#!/usr/bin/env python3
"""Compares `kollektiv` with alternative libraries on the same work with the same result, and its own works with each other.

    python3 benches/peers/run.py [--quick] [--tuned] [--times N] [--job NAME …] [--peer NAME …] [--program PATH]

Needs the standard library only: the peers are installed into a virtual environment in the user's cache folder, in the versions
of `requirements.txt`; reproducible inputs are made there too. Every run is checked: the total to the kopeck, the number of lines
and the diagnostics by code must be those of `kollektiv`, else the comparison stops. Prints a table of median times, ratios and
peak memory for each job, and at the end one table of all jobs with the figures to reach.
"""

import argparse
import collections
import csv
import json

import inputs
import own_work
import reprice
import timing
from timing import CACHE, HERE

PEERS = ["polars_tuned", "polars", "duckdb_tuned", "duckdb", "pandas", "zen"]

# Warnings for which the peers have no check.
BEYOND_PEERS = {"similar-insured"}


class Job(collections.namedtuple("Job", "name insured ending faults kind title")):
    """A job of all peers: a roster with this number of insured → files; its faults are none, a number of warnings or mistakes."""

    def roster(self):
        return CACHE / f"{self.insured}{f'-{self.faults}' if self.faults else ''}.{self.ending}"

    def make(self):
        """Makes the inputs if they are missing."""
        roster = self.roster()
        if not roster.exists():
            write = inputs.write_csv if self.ending == "csv" else inputs.write_xlsx
            unfinished = roster.with_suffix(".unfinished")
            timing.apart(write, unfinished, self.insured, self.faults == "mistakes")
            if isinstance(self.faults, int):
                timing.apart(inputs.add_warnings, unfinished, self.faults)
            unfinished.rename(roster)
        contract = CACHE / f"{roster.name}.toml"
        contract.write_text(inputs.CONTRACT % roster.name, encoding="utf-8")
        return roster, contract


LINES = "Parquet lines, groups, diagnostics"
JOBS = [
    Job("csv", 1_000_000, "csv", None, "lines", f"quote, 1,000,000 insured, CSV → {LINES}"),
    Job("warning", 1_000_000, "csv", 1, "lines", f"quote, 1,000,000 insured, CSV with one warning → {LINES}"),
    Job("warnings-100", 1_000_000, "csv", 100, "lines", f"quote, 1,000,000 insured, CSV with 100 warnings → {LINES}"),
    Job("warnings-10000", 1_000_000, "csv", 10_000, "lines", f"quote, 1,000,000 insured, CSV with 10,000 warnings → {LINES}"),
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
    preliminary = ["--preliminary"] if job.faults == "mistakes" else []
    timing.run([program, "quote", str(contract), "--out", "OUT", "--quiet", "--format", "parquet", *preliminary], first)
    expected = result("kollektiv", "", first)
    found = ", ".join(f"{code} {count}" for code, count in expected["diagnostics"].items()) or "none"
    print(f"\n## {job.title}\n\n{expected['lines']:,} lines, {expected['total'] / 100:,.2f} roubles, diagnostics: {found}\n")
    found = commands(job, program, python, peers, contract, roster, first / "rates.csv")
    seconds, memory = collections.defaultdict(list), collections.defaultdict(list)
    for _ in range(times):
        for name, words in found.items():
            out = CACHE / "out"
            text, took, held = timing.run(words, out)
            came = result(name, text, out)
            if came != expected:
                raise SystemExit(f"{job.name}: {name} came to\n{came}\nand not to\n{expected}")
            seconds[name].append(took)
            memory[name].append(held)
    return timing.table(seconds, memory)


# What each job is to reach: seconds at most, and times the fastest peer at least; None where there is no figure.
TO_REACH = {
    "csv": (0.42, 3.4), "warning": (1.1, 1.4), "warnings-100": (1.1, 1.4), "warnings-10000": (1.1, 1.4), "mistakes": (0.16, 2),
    "excel": (0.11, 6), "everything": (0.09, 10), "reprice": (0.30, 4), "workbook": (0.6, None), "bind": (1.8, None),
    "bind one": (0.8, None), "letters": (0.8, None), "default files": (0.9, None),
}
# Times the plain roster at most.
SAVED_TO_REACH = 1.3


def conclude(found, own):
    """Prints all jobs with what they are to reach."""
    print("\n## All jobs\n\n| job | kollektiv, s | to reach, s | fastest peer | times kollektiv's | to reach |\n|---|---|---|---|---|---|")
    for name, (middle, _) in found.items():
        seconds, ratio = TO_REACH[name]
        peer = min((other for other in middle if other != "kollektiv"), key=middle.get)
        print(f"| {name} | {middle['kollektiv']:.2f} | {seconds} | {peer} | {middle[peer] / middle['kollektiv']:.1f} | {ratio} |")
    if "workbook" in own:
        own["workbook"] = (own["workbook"][0] - own["no workbook"][0], own["workbook"][1])
    for name, (seconds, memory) in own.items():
        if name in TO_REACH:
            print(f"| {name} ({memory:.0f} MiB) | {seconds:.2f} | {TO_REACH[name][0]} | | | |")
        elif name in own_work.SAVED_AS:
            print(f"| {name} | {seconds:.2f} | {SAVED_TO_REACH} times plain | plain | {seconds / own['plain'][0]:.2f} of it | |")
    if "csv" in found:
        print(f"\nThe most memory of the first job: {found['csv'][1]['kollektiv']:.0f} MiB; to reach: 200")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [job.name for job in JOBS] + ["reprice", "own"]
    parser.add_argument("--quick", action="store_true", help="small inputs, once: whether all come to the same")
    parser.add_argument("--tuned", action="store_true", help="only the peers that are written for the least time")
    parser.add_argument("--times", type=int, help="runs of each; 5 by default, 1 with --quick")
    parser.add_argument("--job", action="append", choices=names, help="only this job; `own` are the works without peers")
    parser.add_argument("--peer", action="append", choices=PEERS, help="only this peer")
    parser.add_argument("--program", help="a kollektiv that is built already")
    options = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    program, python = options.program or str(timing.built()), timing.environment()
    print(f"{timing.machine()}\n{', '.join((HERE / 'requirements.txt').read_text().split())}", flush=True)
    peers = options.peer or [peer for peer in PEERS if not options.tuned or peer.endswith("_tuned")]
    wanted, times = options.job or names, options.times or (1 if options.quick else 5)
    jobs = [job._replace(insured=QUICK[job.insured], title=f"{job.title} (quick: {QUICK[job.insured]:,})") if options.quick else job
            for job in JOBS]
    found = {job.name: compare(job, program, python, peers, times) for job in jobs if job.name in wanted}
    if "reprice" in wanted:
        found["reprice"] = reprice.compare(program, python, 100 if options.quick else 10_000, times)
    own = {}
    if "own" in wanted:
        csv, excel = (next(job for job in jobs if job.name == name) for name in ["csv", "excel"])
        many, some = (100, 10) if options.quick else (10_000, 1_000)
        for works in own_work.groups(program, csv, excel, many, some):
            own.update(own_work.measure(works, times))
    conclude(found, own)


if __name__ == "__main__":
    main()
