#!/usr/bin/env python3
"""Compares `kollektiv reprice` by the program itself, by its workers, by DuckDB and by Spark on the same books.

    python3 benches/engines.py [--quick] [--lines N …] [--times N] [--engine NAME …] [--workers N] [--master URL] [--program PATH]

The engines are those of the tests (`.ci/engines` installs them). Reproducible books are made in the user's cache folder. Every run
is checked: each file of its result must have the bytes of the program's own; the repriced lines of an engine must be the same rows. Prints a table for each book and extrapolates from
the two largest: the time to start an engine, its time per 10⁶ lines, and the size at which it is as fast as the program.
"""

import argparse
import collections
import hashlib
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
HOME_CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "kollektiv"
CACHE = HOME_CACHE / "engines-bench"
ENGINES = pathlib.Path(os.environ.get("KOLLEKTIV_ENGINES") or HOME_CACHE / "engines")
LINES_PER_CONTRACT = 2_300

sys.path.insert(0, str(HERE / "peers"))
import timing  # noqa: E402  the description of the machine and the build of the program

CONTRACT = """number = "N-{place}"
policyholder = "ООО «Книга {place}»"
start = 2026-01-01
end = 2026-12-31
roster = "roster.csv"
price_decrease = "{decrease}"
expense_load = "0.2"

[choices]
ranges = "mid"

[[plan]]
code = "A"

[[plan.cover]]
programme = "16"
sum_insured = {sum}
exclude = ["dental"]

[[plan]]
code = "B"

[[plan.cover]]
programme = "16"
sum_insured = {sum}

[[plan.cover]]
programme = "8"
sum_insured = 54321.09
"""

CHANGE = """id = "spring"
notified = 2026-01-01
effective = 2026-04-05

[[change]]
programmes = ["16"]
coefficient = "1.1237"

[[change]]
programmes = ["8"]
coefficient = "0.8765"
"""


def name(number):
    """A name in letters, unlike those of other numbers: similar names of one birth date are warnings, which the book would keep."""
    letters = "абвгдежзиклмнопрстуфхцчшэюя"
    mixed, word = number * 2_654_435_761 % 2**32, ""
    for _ in range(7):
        mixed, letter = divmod(mixed, len(letters))
        word += letters[letter]
    return word.capitalize() + "ов"


def book(program, lines):
    """A book with this number of lines, made once; three insured have five lines."""
    folder = CACHE / f"book-{lines}"
    if folder.exists():
        return folder
    contracts = max(1, round(lines / LINES_PER_CONTRACT))
    inputs = CACHE / f"inputs-{lines}"
    shutil.rmtree(inputs, ignore_errors=True)
    left = lines * 3 // 5
    for place in range(contracts):
        insured = left // (contracts - place)
        left -= insured
        here = inputs / f"{place:06}"
        here.mkdir(parents=True)
        decrease = "credit" if place % 2 else "keep"
        text = CONTRACT.format(place=place, decrease=decrease, sum=f"{80_000 + 79 * place % 900_000}.{place % 100:02}")
        (here / "contract.toml").write_text(text, encoding="utf-8")
        with open(here / "roster.csv", "w", encoding="utf-8") as file:
            file.write("Таб. №;ФИО;Дата рождения;Группа риска;План;Страховая сумма;Действует с;Действует по\n")
            for at in range(insured):
                born = f"01.{1 + at % 12:02}.{1965 + (at * 13 + place) % 40}"
                plan = "A" if at % 3 == 0 else "B"
                own = f"{1000 + at * 31}.{at % 100:02}" if at % 9 == 0 else ""
                start = "15.05.2026" if at % 9 == 2 else ""
                end = "31.03.2026" if at % 9 == 1 else ""
                file.write(f"{at + 1};{name(at)} Пётр;{born};{1 + at % 3};{plan};{own};{start};{end}\n")
    unfinished = CACHE / f"unfinished-{lines}"
    shutil.rmtree(unfinished, ignore_errors=True)
    subprocess.run([program, "bind", f"{inputs}/*/contract.toml", "--portfolio", unfinished, "--quiet"], check=True)
    shutil.rmtree(inputs)
    unfinished.rename(folder)
    return folder


Run = collections.namedtuple("Run", "seconds own engine memory")


def measured(words, environment):
    """Runs a command: wall time, processor time of the program and of its engine, peak memory in KiB."""
    ticks = os.sysconf("SC_CLK_TCK")
    seen = [0.0]

    def watch(pid, ended):
        while not ended.wait(0.02):
            try:
                fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
            except OSError:
                return
            seen[0] = max(seen[0], (int(fields[11]) + int(fields[12])) / ticks)

    with open(CACHE / "output", "w+", encoding="utf-8") as output:
        begun = time.perf_counter()
        child = subprocess.Popen([str(word) for word in words], stdout=output, stderr=subprocess.STDOUT, env=environment)
        ended = threading.Event()
        watcher = threading.Thread(target=watch, args=(child.pid, ended))
        watcher.start()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begun
        ended.set()
        watcher.join()
        child.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        if child.returncode != 0:
            sys.exit(f"{words}\nended with {child.returncode}:\n{output.read()}")
    whole = usage.ru_utime + usage.ru_stime
    return Run(seconds, min(seen[0], whole), whole - min(seen[0], whole), usage.ru_maxrss)


def hashes(folder):
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def is_equal(own, other, is_engine):
    """Whether two results are equal; of the lines that an engine has written, the rows."""
    one, two = hashes(own), hashes(other)
    if not is_engine:
        return one == two
    lines, rest = "lines.parquet", lambda found: {
        name: digest for name, digest in found.items() if not name.startswith("lines.parquet") and name != "manifest.json"}
    if rest(one) != rest(two):
        return False
    tables = [f"read_parquet('{folder / lines}{'/*.parquet' if (folder / lines).is_dir() else ''}')" for folder in (own, other)]
    query = " UNION ALL ".join(f"SELECT count(*) AS n FROM (FROM {a} EXCEPT ALL FROM {b})" for a, b in (tables, tables[::-1]))
    asked = subprocess.run([ENGINES / "bin" / "duckdb", "-init", "/dev/null", "-noheader", "-list", "-c", f"SELECT sum(n) FROM ({query})"],
                           capture_output=True, check=True, text=True)
    return asked.stdout.strip() == "0"


def spark_home():
    return next(ENGINES.glob("lib/python3*/site-packages/pyspark"), None)


def compare(program, lines, engines, times, workers, master, settings):
    """Runs the engines alternately, so that other load affects all alike; the medians by engine."""
    folder = book(program, lines)
    change = CACHE / "change.toml"
    change.write_text(CHANGE, encoding="utf-8")
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"}
    words = {"embedded": [], "workers": ["--workers", workers], "duckdb": ["--engine", "duckdb", "--engine-program", ENGINES / "bin" / "duckdb"]}
    if home := spark_home():
        environment["SPARK_HOME"] = str(home)
        words["spark"] = ["--engine", "spark", "--master", master]
        words["spark"] += [word for setting in settings for word in ("--spark-conf", setting)]
    found = collections.defaultdict(list)
    for _ in range(times):
        for engine in engines:
            out = CACHE / f"out-{engine}"
            shutil.rmtree(out, ignore_errors=True)
            fixed = [program, "reprice", change, "--portfolio", folder, "--dry-run", "--out", out, "--quiet"]
            found[engine].append(measured(fixed + words[engine], environment))
            if not is_equal(CACHE / "out-embedded", out, engine in ("duckdb", "spark")):
                sys.exit(f"{lines:,} lines: {engine} has come to another result")
            if engine != "embedded":
                shutil.rmtree(out)
    size = sum(path.stat().st_size for path in (folder / "data").glob("lines-*"))
    print(f"\n## {lines:,} lines, {size / 1e6:,.1f} MB of them\n")
    print("| | seconds (median) | from | to | processor here | processor of engine or workers | memory, MiB |")
    print("|---|---|---|---|---|---|---|")
    medians = {}
    for engine in engines:
        runs = found[engine]
        median = Run(*(statistics.median(column) for column in zip(*runs)))
        medians[engine] = median
        times_taken = [run.seconds for run in runs]
        print(f"| {engine} | {median.seconds:.2f} | {min(times_taken):.2f} | {max(times_taken):.2f} | {median.own:.2f} "
              f"| {median.engine:.2f} | {max(run.memory for run in runs) / 1024:.0f} |", flush=True)
    return medians


def conclude(sizes, medians):
    """Extrapolates from the two largest books."""
    (less, more), (of_less, of_more) = sizes[-2:], medians[-2:]
    millions = (more - less) / 1e6
    print(f"\n## Extrapolation from {less:,} and {more:,} lines\n")
    print("| | seconds to start | seconds per 10⁶ lines | processor here per 10⁶ | of the engine per 10⁶ | 10⁸ lines, on this machine |")
    print("|---|---|---|---|---|---|")
    slopes = {}
    for engine in of_more:
        one, other = of_less[engine], of_more[engine]
        slope = Run(*((b - a) / millions for a, b in zip(one, other)))
        start = max(0.0, other.seconds - slope.seconds * more / 1e6)
        slopes[engine] = (start, slope)
        print(f"| {engine} | {start:.1f} | {slope.seconds:.2f} | {slope.own:.2f} | {slope.engine:.2f} "
              f"| {start + slope.seconds * 100:.0f} s |")
    _, embedded = slopes["embedded"]
    print()
    for engine, (start, slope) in slopes.items():
        if engine == "embedded":
            continue
        gain = embedded.seconds - slope.seconds
        if gain > 0:
            print(f"- {engine} is as fast as the program at {start / gain:.0f}·10⁶ lines, on this machine.")
            continue
        # with more cores the time of the engine approaches zero, and the time of this machine remains
        whole, left = embedded.own + embedded.engine, slope.own
        if left >= whole:
            print(f"- {engine} is not as fast as the program at any size, whatever the cluster: what is left to do here takes "
                  f"{left:.2f} s of processor per 10⁶ lines, and the whole work by the program {whole:.2f} s.")
        else:
            cores = slope.engine * os.cpu_count() / (whole - left)
            print(f"- {engine} is not as fast as the program at any size on this machine; a cluster would have to have more than "
                  f"{cores:.0f} cores beside the {os.cpu_count()} here.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small books, once: whether all come to the same")
    parser.add_argument("--lines", type=int, action="append", help="a book of so many lines, as often as wanted")
    parser.add_argument("--times", type=int, help="runs of each; 3 by default, 1 with --quick")
    parser.add_argument("--engine", action="append", choices=["workers", "duckdb", "spark"], help="only this beside the program")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="the number of worker processes; one a core by default")
    parser.add_argument("--master", default="local[*]", help="the cluster of Spark; by default in one process on all cores")
    parser.add_argument("--spark-conf", action="append", default=["spark.driver.memory=4g"], help="a setting of Spark")
    parser.add_argument("--program", help="a kollektiv that is built already")
    options = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    program = options.program or str(timing.built())
    print(timing.machine(), flush=True)
    sizes = sorted(options.lines or ([23_000, 230_000] if options.quick else [230_000, 2_300_000, 10_000_000]))
    engines = ["embedded", *(options.engine or ["workers", "duckdb", "spark"])]
    times = options.times or (1 if options.quick else 3)
    medians = [compare(program, lines, engines, times, options.workers, options.master, options.spark_conf) for lines in sizes]
    if len(sizes) > 1:
        conclude(sizes, medians)


if __name__ == "__main__":
    main()
