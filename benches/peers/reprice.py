#!/usr/bin/env python3
"""`kollektiv reprice --dry-run` side by side with Polars and DuckDB on the same Parquet of a book with the same result.

    python3 benches/peers/reprice.py [--quick] [--times N] [--peer NAME …] [--program PATH]

The book has 10,000 contracts of 100 insured, 2.3·10⁶ lines, made once in the user's cache folder; all prices rise by 12 % from the first
of March. The peers are given the rates of every cell before and after, and the difference, as whole numbers beside the texts, in one
table; they read the book's files of lines, join, count unexpired days, round each line once, and write the repriced lines as Parquet and
a row a contract as CSV. `kollektiv` works the rates out from its register, proves the files, adds up by programme, plan and size of change, and
syncs what it writes. Every run is checked before it counts: lines, full-year premium before and after, additional premium and premium of
the unexpired days, over all contracts, to the kopeck.
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
    """The cells of the book with their rates, ready to be joined; what is not given is nobody's to work out."""
    table = CACHE / f"{folder.name}-rates.parquet"
    if not table.exists():
        cube = CACHE / "cube"
        subprocess.run([program, "cube", "--portfolio", folder, "--out", cube, "--quiet"], check=True)
        subprocess.run([python, runs.HERE / "reprice_rates.py", cube / "cube.parquet", table], check=True)
        shutil.rmtree(cube)
    return table


def sums(out):
    """What a run came to: lines repriced, and the amounts in kopecks."""
    total = collections.Counter()
    with open(out / "contracts.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            total["lines"] += int(row["lines_repriced"])
            for amount in AMOUNTS:
                total[amount] += int(decimal.Decimal(row[amount]) * 100)
    return dict(total)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--quick", action="store_true", help="a small book, once: whether all come to the same")
    words.add_argument("--times", type=int, default=5, help="how often each is run")
    words.add_argument("--peer", action="append", choices=PEERS, help="only this peer")
    words.add_argument("--program", help="a kollektiv that is built already")
    said = words.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    program, python = said.program or str(runs.built()), runs.environment()
    folder, change = book(program, 100 if said.quick else 10_000)
    table = rates(python, program, folder)
    works = {"kollektiv": [program, "reprice", change, "--portfolio", folder, "--dry-run", "--quiet", "--out", "OUT"]}
    for peer in said.peer or PEERS:
        works[peer] = [python, runs.HERE / f"reprice_{peer}.py", f"{folder}/data/lines-*.parquet", table, "OUT"]
    seconds, memory, expected = collections.defaultdict(list), collections.Counter(), None
    out = CACHE / "out"
    for _ in range(1 if said.quick else said.times):
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
