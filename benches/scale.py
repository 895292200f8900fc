#!/usr/bin/env python3
"""How the program scales: one core against two, ten times the insured, and a small workbook against reading its cells only.

    python3 benches/scale.py [--times N] [--quick]

Inputs are those of `peers/`, in the user's cache folder. Each run is a process that ends with a complete folder; compared commands
alternate. Prints medians, peak memory, and memory an insured. Fails if two runs over one roster give different premiums.
"""

import argparse
import collections
import json
import pathlib
import shutil
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "peers"))

import instructions  # noqa: E402
import run as peers  # noqa: E402
import timing  # noqa: E402

BOTH = ["--format", "csv,parquet"]


def quote(program, contract, words):
    return [program, "quote", contract, "--out", "OUT", "--quiet", *words]


def measured(works, times):
    """Runs commands alternately: the median seconds and the peak memory in MiB of each, by name."""
    out = timing.CACHE / "out"
    seconds, memory, premiums = collections.defaultdict(list), collections.Counter(), {}
    for _ in range(times):
        for name, words in works.items():
            _, took, held = timing.run([str(word) for word in words], out)
            seconds[name].append(took)
            memory[name] = max(memory[name], held)
            if "OUT" in words:
                premium = json.loads((out / "quote.json").read_text(encoding="utf-8"))["premium"]
                contract = next(word for word in words if str(word).endswith(".toml"))
                if premiums.setdefault(contract, premium) != premium:
                    sys.exit(f"{name} came to {premium} and not to {premiums[contract]}")
    shutil.rmtree(out, ignore_errors=True)
    return {name: (statistics.median(took), memory[name] / 1024) for name, took in seconds.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5, help="runs of each")
    parser.add_argument("--quick", action="store_true", help="small rosters, once, to check that it works")
    options = parser.parse_args()
    times, small = (1, 20_000) if options.quick else (options.times, 1_000_000)
    timing.CACHE.mkdir(parents=True, exist_ok=True)
    program, steps = timing.built(), instructions.built()
    csv, everything = peers.JOBS[0], next(job for job in peers.JOBS if job.name == "everything")
    jobs = [csv._replace(insured=small), csv._replace(insured=10 * small), everything]
    (_, contract), (_, large), (workbook, with_workbook) = map(peers.Job.make, jobs)
    parquet = ["--format", "parquet"]
    print(timing.machine(), flush=True)

    def on(cores):
        return ["taskset", "--cpu-list", cores, *quote(program, contract, parquet)]

    # by the operating system: threads that read, hash or write are limited too
    found = measured({"one": on("0"), "two": on("0,1")}, times)
    (one, _), (two, held) = found.values()
    print(f"\n{small:,} insured, CSV → Parquet: {one:.2f} s on one core, {two:.2f} s on two: {one / two:.2f} times as fast")

    found = measured({"small": quote(program, contract, parquet), "large": quote(program, large, parquet)}, times)
    (short, few), (long, many) = found.values()
    print(f"{10 * small:,} insured: {long:.2f} s, {long / short:.2f} times as long as {small:,} ({short:.2f} s)")
    print(f"memory: {few:.0f} and {many:.0f} MiB, {(many - few) * 2**20 / (9 * small):.0f} bytes for each insured more")

    with_walk = timing.CACHE / "walk"
    with_walk.mkdir(exist_ok=True)
    insured = workbook.name.split(".")[0]
    shutil.copy(workbook, with_walk / workbook.name)
    found = measured({
        "walk": [steps, with_walk, insured, "walk"],
        "quote": quote(program, with_workbook, BOTH),
    }, 4 * times)
    (walk, _), (whole, _) = found.values()
    print(f"{insured} insured from Excel with all files of lines: {1000 * whole:.1f} ms, {whole / walk:.2f} times the bare walk "
          f"through the cells ({1000 * walk:.1f} ms), both from the start of the program to its end")


if __name__ == "__main__":
    main()
