#!/usr/bin/env python3
"""Compares `kollektiv reprice --dry-run` with Polars and DuckDB on the same Parquet files of a book.

    python3 benches/peers/reprice.py [--quick] [--times N] [--peer NAME …] [--program PATH]

The book has 10,000 contracts of 100 insured, 2.3·10⁶ lines, made once in the user's cache folder; all prices rise by 12 % from 1 March.
The peers get one table with the rates of every cell before and after the change and their difference, as text and as whole numbers;
they read the book's files of lines, join, count unexpired days, round each line once, and write the repriced lines as Parquet and a row
a contract as CSV. `kollektiv` computes the rates from its register, verifies the files, adds up by programme, plan and size of change, and
syncs its files. Every run is checked over all contracts to the kopeck: lines, annual premium before and after, additional premium and
unexpired premium.
"""

import argparse
import collections
import csv
import decimal
import glob
import json
import pathlib
import shutil
import statistics
import subprocess
import sys

import inputs
import run as runs

CACHE = runs.CACHE
AMOUNTS = ["annual_before", "annual_after", "additional", "unexpired"]
PEERS = ["polars", "duckdb"]


def book(program, contracts):
    """The book, bound once, and the change."""
    folder = CACHE / f"book-{contracts}"
    change = CACHE / "change.toml"
    change.write_text(inputs.PRICE_CHANGE, encoding="utf-8")
    if not folder.exists():
        root = runs.HERE.parent.parent
        made, begun = CACHE / f"contracts-{contracts}", CACHE / f"book-{contracts}-unfinished"
        shutil.rmtree(begun, ignore_errors=True)
        subprocess.run(["cargo", "run", "--release", "--quiet", "--example", "samples", "--", "book", made, str(contracts), "100"],
                       cwd=root, check=True, stdout=subprocess.DEVNULL)
        subprocess.run([program, "bind", f"{made}/*/contract.toml", "--portfolio", begun, "--quiet"], check=True)
        shutil.rmtree(made)
        begun.rename(folder)
    return folder, change


def rates(python, program, folder):
    """The cells of the book with their rates, ready to be joined, so that no peer computes a rate."""
    table = CACHE / f"{folder.name}-rates.parquet"
    if not table.exists():
        cube = CACHE / "cube"
        subprocess.run([program, "cube", "--portfolio", folder, "--out", cube, "--quiet"], check=True)
        subprocess.run([python, runs.HERE / "reprice_rates.py", cube / "cube.parquet", table], check=True)
        shutil.rmtree(cube)
    return table


def sums(out):
    """The result of a run: repriced lines, and the amounts in kopecks."""
    total = collections.Counter()
    with open(out / "contracts.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            total["lines"] += int(row["lines_repriced"])
            for amount in AMOUNTS:
                total[amount] += int(decimal.Decimal(row[amount]) * 100)
    return dict(total)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a small book, once: whether all come to the same")
    parser.add_argument("--times", type=int, default=5, help="how often each is run")
    parser.add_argument("--peer", action="append", choices=PEERS, help="only this peer")
    parser.add_argument("--program", help="a kollektiv that is built already")
    options = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    program, python = options.program or str(runs.built()), runs.environment()
    folder, change = book(program, 100 if options.quick else 10_000)
    table = rates(python, program, folder)
    works = {"kollektiv": [program, "reprice", change, "--portfolio", folder, "--dry-run", "--quiet", "--out", "OUT"]}
    for peer in options.peer or PEERS:
        works[peer] = [python, runs.HERE / f"reprice_{peer}.py", f"{folder}/data/lines-*.parquet", table, "OUT"]
    seconds, memory, expected = collections.defaultdict(list), collections.Counter(), None
    out = CACHE / "out"
    for _ in range(1 if options.quick else options.times):
        for name, command in works.items():
            _, took, held = runs.run([str(word) for word in command], out)
            came = sums(out)
            expected = expected or came
            if came != expected:
                sys.exit(f"{name} came to\n{json.dumps(came)}\nand not to\n{json.dumps(expected)}")
            seconds[name].append(took)
            memory[name] = max(memory[name], held)
    shutil.rmtree(out, ignore_errors=True)
    files = len(glob.glob(f"{folder}/data/lines-*.parquet"))
    print(f"{runs.machine()}\n\nreprice: {expected['lines']:,} lines in {files} files, {expected['additional'] / 100:,.2f} roubles additional\n")
    own, own_memory = statistics.median(seconds["kollektiv"]), memory["kollektiv"]
    print("| | seconds (median) | from | to | times kollektiv's | memory, MiB | times kollektiv's |\n|---|---|---|---|---|---|---|")
    for name, took in seconds.items():
        middle, held = statistics.median(took), memory[name]
        print(f"| {name} | {middle:.2f} | {min(took):.2f} | {max(took):.2f} | {middle / own:.1f} | {held / 1024:.0f} | {held / own_memory:.1f} |")


if __name__ == "__main__":
    main()
