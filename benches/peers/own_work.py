"""Works of `kollektiv` alone: how the file of a roster is saved, more files, a workbook, a book, letters.

Works of one group run in turn, so that other load affects them alike; where they price one roster, their premiums must be equal.
"""

import collections
import json
import shutil
import statistics
import sys

import inputs
import timing

# A contract of a made book has this many insured.
INSURED = 100

Work = collections.namedtuple("Work", "name title words")


def with_quotes(text):
    """The roster with the name of its middle row in quotes."""
    rows = text.split("\n")
    fields = rows[len(rows) // 2].split(";")
    fields[1] = f'"{fields[1]}"'
    rows[len(rows) // 2] = ";".join(fields)
    return "\n".join(rows).encode()


SAVED_AS = {
    "windows-1251": lambda text: text.encode("cp1251"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "quotes": with_quotes,
}


def save_as(name, roster, path):
    path.write_bytes(SAVED_AS[name](roster.read_text(encoding="utf-8")))


def saved_as(name, roster):
    """A contract for the roster with the bytes of another way to save it."""
    path = roster.with_name(f"{roster.stem}-{name}.csv")
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        timing.apart(save_as, name, roster, unfinished)
        unfinished.rename(path)
    contract = timing.CACHE / f"{path.name}.toml"
    contract.write_text(inputs.CONTRACT % path.name, encoding="utf-8")
    return contract


def contracts(count):
    """Contract files of this number of contracts of 100 insured."""
    folder = timing.CACHE / f"contracts-{count}"
    if not folder.exists():
        unfinished = timing.CACHE / f"contracts-{count}-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        timing.make_book(unfinished, count, INSURED)
        unfinished.rename(folder)
    return f"{folder}/*/contract.toml"


def book(program, count):
    """A book of these contracts, bound once, and a change that raises all prices."""
    folder, change = timing.CACHE / f"book-{count}", timing.CACHE / "change.toml"
    change.write_text(inputs.PRICE_CHANGE, encoding="utf-8")
    if not folder.exists():
        unfinished = timing.CACHE / f"book-{count}-unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        timing.run([program, "bind", contracts(count), "--portfolio", str(unfinished), "--quiet"], unfinished)
        unfinished.rename(folder)
    return folder, change


def groups(program, csv, excel, many, some):
    """The works by group, over the jobs of a large CSV and a workbook, and books of many and of some contracts."""
    (roster, clean), (_, sheet) = csv.make(), excel.make()

    def quote(contract, *words):
        return [program, "quote", str(contract), "--out", "OUT", "--quiet", *words]

    parquet = ["--format", "parquet"]
    folder, change = book(program, some)
    yield [Work("plain", f"{csv.insured:,} insured, CSV in UTF-8 → Parquet", quote(clean, *parquet)),
           *(Work(name, f"the same saved with {name}", quote(saved_as(name, roster), *parquet)) for name in SAVED_AS),
           Work("default files", "the same, CSV and Parquet", quote(clean))]
    yield [Work("no workbook", f"{excel.insured:,} insured, Excel → CSV and Parquet", quote(sheet)),
           Work("workbook", "the same with quote.xlsx", quote(sheet, "--documents", "xlsx"))]
    yield [Work("bind", f"bind {many:,} contracts of {INSURED}", [program, "bind", contracts(many), "--portfolio", "OUT", "--quiet"])]
    yield [Work("bind one", f"bind a contract of {csv.insured:,}", [program, "bind", str(clean), "--portfolio", "OUT", "--quiet"])]
    yield [Work("letters", f"reprice {some:,} contracts with letters",
                [program, "reprice", str(change), "--portfolio", str(folder), "--dry-run", "--notices", "--quiet", "--out", "OUT"])]


def measure(works, times):
    """The median seconds and the peak memory in MiB of each work, by name."""
    seconds, memory, premiums = collections.defaultdict(list), collections.Counter(), set()
    out = timing.CACHE / "out"
    for _ in range(times):
        for work in works:
            _, took, held = timing.run(work.words, out)
            seconds[work.name].append(took)
            memory[work.name] = max(memory[work.name], held)
            if (saved := out / "quote.json").exists():
                premiums.add(json.loads(saved.read_text(encoding="utf-8"))["premium"])
    shutil.rmtree(out, ignore_errors=True)
    if len(premiums) > 1:
        sys.exit(f"{', '.join(work.name for work in works)} came to different premiums: {', '.join(sorted(premiums))}")
    print("\n| work | seconds (median) | from | to | times the first | memory, MiB |\n|---|---|---|---|---|---|")
    first = statistics.median(seconds[works[0].name])
    for work in works:
        took = seconds[work.name]
        print(f"| {work.title} | {statistics.median(took):.2f} | {min(took):.2f} | {max(took):.2f} "
              f"| {statistics.median(took) / first:.2f} | {memory[work.name] / 1024:.0f} |", flush=True)
    return {name: (statistics.median(took), memory[name] / 1024) for name, took in seconds.items()}
