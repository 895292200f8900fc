"""Compares `kollektiv reprice --dry-run` with Polars and DuckDB on the same Parquet files of a book.

The book has 10,000 contracts of 100 insured, 2.3·10⁶ lines, made once in the user's cache folder; all prices rise by 12 % from 1 March.
The peers get one table with the rates of every cell before and after the change and their difference, as text and as whole numbers;
they read the book's files of lines, join, count unexpired days, round each line once, and write the repriced lines as Parquet and a row
a contract as CSV. `kollektiv` computes the rates from its register, verifies the files, adds up by programme, plan and size of change, and
syncs its files. Every run is checked over all contracts to the kopeck: lines, annual premium before and after, additional premium and
unexpired premium.
"""

import collections
import csv
import decimal
import glob
import json
import shutil
import subprocess
import sys

import own_work
import timing

CACHE = timing.CACHE
AMOUNTS = ["annual_before", "annual_after", "additional", "unexpired"]
PEERS = ["polars", "duckdb"]


def rates(python, program, folder):
    """The cells of the book with their rates, ready to be joined, so that no peer computes a rate."""
    table = CACHE / f"{folder.name}-rates.parquet"
    if not table.exists():
        cube = CACHE / "cube"
        subprocess.run([program, "cube", "--portfolio", folder, "--out", cube, "--quiet"], check=True)
        subprocess.run([python, timing.HERE / "reprice_rates.py", cube / "cube.parquet", table], check=True)
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


def compare(program, python, contracts, times):
    """Runs all in turn over a book of this many contracts; prints a row of the table for each."""
    folder, change = own_work.book(program, contracts)
    table = rates(python, program, folder)
    works = {"kollektiv": [program, "reprice", change, "--portfolio", folder, "--dry-run", "--quiet", "--out", "OUT"]}
    for peer in PEERS:
        works[peer] = [python, timing.HERE / f"reprice_{peer}.py", f"{folder}/data/lines-*.parquet", table, "OUT"]
    seconds, memory, expected = collections.defaultdict(list), collections.defaultdict(list), None
    out = CACHE / "out"
    for _ in range(times):
        for name, command in works.items():
            _, took, held = timing.run([str(word) for word in command], out)
            came = sums(out)
            expected = expected or came
            if came != expected:
                sys.exit(f"{name} came to\n{json.dumps(came)}\nand not to\n{json.dumps(expected)}")
            seconds[name].append(took)
            memory[name].append(held)
    shutil.rmtree(out, ignore_errors=True)
    files = len(glob.glob(f"{folder}/data/lines-*.parquet"))
    print(f"\n## reprice\n\n{expected['lines']:,} lines in {files} files, {expected['additional'] / 100:,.2f} roubles additional\n")
    return timing.table(seconds, memory)
