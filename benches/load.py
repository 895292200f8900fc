#!/usr/bin/env python3
"""Doubles the size of inputs along one axis after another, and fails where the instructions grow faster than the size.

    python3 benches/load.py                  every axis
    python3 benches/load.py sheets payments  these axes
    python3 benches/load.py --quick          every axis at a quarter of the sizes, as `.ci/run` does
    python3 benches/load.py --binary FILE    another program than target/release/kollektiv

Each axis is measured at three sizes, n, 2n and 4n. The slope is log2 of (the growth from 2n to 4n) / (the growth from n to 2n): 1 where the
cost is linear, 2 where it is quadratic. A fixed cost drops out of it; a growth of less than a twentieth of the whole cost is none. Nothing
is timed: valgrind counts instructions. A command has to end alike at each size, since a refusal would cost less than what it refuses.
"""

import concurrent.futures
import datetime
import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font

HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = HERE.parent / "samples"
STEEPEST = 1.2
# of the whole cost; with less, the noise of the fixed cost decides about the slope
LEAST_GROWTH = 0.05

CONTRACT = """number = "{number}"
policyholder = "ООО «Нагрузка»"
start = 2026-12-01
end = 2027-11-30
default_risk_group = 1
{keys}
[choices]
ranges = "mid"
{plans}
"""
PLAN = '\n[[plan]]\ncode = "{code}"\n\n[[plan.cover]]\nprogramme = "16"\nsum_insured = 100000\n'
HEADINGS = ["Таб. №", "ФИО", "Дата рождения", "Группа риска", "Вариант"]
LETTERS = "абвгдежзиклмнопрст"


def word(number, length=5):
    """A word of Russian letters for a number, different for different numbers."""
    letters = ""
    for _ in range(length):
        number, letter = divmod(number, len(LETTERS))
        letters += LETTERS[letter]
    return letters.capitalize() + "ов"


def person(number, plan="П1"):
    birth = datetime.date(1962, 1, 1) + datetime.timedelta(days=number * 37 % 15000)
    return [f"{number + 1:06}", f"{word(number)} Иван Ильич", birth, 1, plan]


def text_of(cell):
    return cell.strftime("%d.%m.%Y") if isinstance(cell, datetime.date) else str(cell)


def write_csv(path, headings, rows):
    lines = [";".join(headings)] + [";".join(map(text_of, row)) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_workbook(path, rows, decorate=lambda sheet: None, sheets=1):
    workbook = openpyxl.Workbook()
    for at in range(sheets):
        sheet = workbook.active if at == 0 else workbook.create_sheet(f"Лист {at + 1}")
        sheet.append(HEADINGS)
        for row in rows[at::sheets]:
            sheet.append(row)
        decorate(sheet)
    workbook.save(path)


def contract(folder, keys="", plans=PLAN.format(code="П1"), number="T-1", name="contract.toml"):
    (folder / name).write_text(CONTRACT.format(number=number, keys=keys, plans=plans), encoding="utf-8")


# An axis writes the input of a size to a folder and returns the command to count, after commands that prepare it.

def rows(folder, n):
    contract(folder)
    write_csv(folder / "roster.csv", HEADINGS, [person(at) for at in range(n)])
    return ["quote contract.toml roster.csv"]


def workbook_rows(folder, n):
    contract(folder)
    write_workbook(folder / "roster.xlsx", [person(at) for at in range(n)])
    return ["quote contract.toml roster.xlsx"]


def faulty_rows(folder, n):
    contract(folder)
    write_csv(folder / "roster.csv", HEADINGS, [person(at)[:2] + ["31.02.1980", 9, "Х"] for at in range(n)])
    return ["check contract.toml roster.csv"]


def columns(folder, n):
    contract(folder)
    headings = HEADINGS + [f"Отметка {at}" for at in range(n)]
    write_csv(folder / "roster.csv", headings, [person(at) + ["да"] * n for at in range(20)])
    return ["check contract.toml roster.csv"]


def sheets(folder, n):
    contract(folder, 'sheet = "*"')
    write_workbook(folder / "roster.xlsx", [person(at) for at in range(n * 3)], sheets=n)
    return ["quote contract.toml roster.xlsx"]


def files(folder, n):
    contract(folder, 'roster = "parts/*.csv"')
    (folder / "parts").mkdir()
    for at in range(n):
        write_csv(folder / "parts" / f"{at:05}.csv", HEADINGS, [person(at)])
    return ["quote contract.toml"]


def plans(folder, n):
    contract(folder, plans="".join(PLAN.format(code=f"П{at + 1}") for at in range(n)))
    write_csv(folder / "roster.csv", HEADINGS, [person(at, f"П{at + 1}") for at in range(n)])
    return ["quote contract.toml roster.csv"]


def covers(folder, n):
    # a programme may be in a plan once, so that all but the first are refused
    cover = '\n[[plan.cover]]\nprogramme = "16"\nsum_insured = 100000\n'
    contract(folder, plans=PLAN.format(code="П1") + cover * n)
    write_csv(folder / "roster.csv", HEADINGS, [person(0)])
    return ["check contract.toml roster.csv"]


def exclusions(folder, n):
    services = ", ".join(['"dental"'] * n)
    contract(folder, plans=PLAN.format(code="П1") + f"exclude = [{services}]\n")
    write_csv(folder / "roster.csv", HEADINGS, [person(0)])
    return ["check contract.toml roster.csv"]


def census(folder, n):
    counts = "".join(f'\n[[census]]\nplan = "П{at % 30 + 1}"\nage = {at % 60 + 18}\ninsured = 2\n' for at in range(n))
    contract(folder, plans="".join(PLAN.format(code=f"П{at + 1}") for at in range(30)) + counts)
    return ["quote contract.toml"]


def instalments(folder, n):
    days = (datetime.date(2026, 12, 1) + datetime.timedelta(days=at) for at in range(n))
    contract(folder, f"instalments = [{', '.join(day.isoformat() for day in days)}]")
    write_csv(folder / "roster.csv", HEADINGS, [person(0)])
    return ["quote contract.toml roster.csv"]


def duplicates(folder, n):
    contract(folder)
    write_csv(folder / "roster.csv", HEADINGS, [person(at % 50) for at in range(n)])
    return ["check contract.toml roster.csv"]


def similar_names(folder, n):
    contract(folder)
    same_day = datetime.date(1980, 5, 5)
    write_csv(folder / "roster.csv", HEADINGS,
              [[at + 1, f"{word(at)} Иван Ильич", same_day, 1, "П1"] for at in range(n)])
    return ["check contract.toml roster.csv"]


def decorated(decorate):
    def axis(folder, n):
        contract(folder)
        write_workbook(folder / "roster.xlsx", [person(at) for at in range(n)], decorate)
        return ["check contract.toml roster.xlsx"]
    return axis


def notes(sheet):
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 2).comment = Comment("проверить", "кадры")


def hidden_rows(sheet):
    for row in range(2, sheet.max_row + 1, 2):
        sheet.row_dimensions[row].hidden = True


def merges(sheet):
    for row in range(2, sheet.max_row, 2):
        sheet.merge_cells(start_row=row, end_row=row + 1, start_column=5, end_column=5)


def styles(sheet):
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 2).font = Font(size=6 + row / 1000, bold=row % 2 == 0)


def bound(folder, insured=20):
    contract(folder, 'roster = "roster.csv"')
    write_csv(folder / "roster.csv", HEADINGS, [person(at) for at in range(insured)])
    return ["bind contract.toml --portfolio book"]


def contracts(folder, n):
    write_csv(folder / "roster.csv", HEADINGS, [person(at) for at in range(3)])
    for at in range(n):
        contract(folder, 'roster = "roster.csv"', number=f"T-{at + 1}", name=f"{at:05}.toml")
    return [["bind", *sorted(path.name for path in folder.glob("*.toml")), "--portfolio", "book"]]


def insured_of_a_change(folder, n):
    (folder / "change.toml").write_text(
        'id = "A"\nnotified = 2027-01-10\neffective = 2027-03-01\n[[change]]\nprogrammes = ["16"]\ncoefficient = "1.05"\n')
    return bound(folder, n) + ["reprice change.toml --portfolio book"]


def payments(folder, n):
    rows = [["T-1", datetime.date(2027, 1, 1) + datetime.timedelta(days=at % 300), f"{at + 1},50"] for at in range(n)]
    write_csv(folder / "payments.csv", ["Договор", "Дата", "Сумма"], rows)
    return bound(folder) + ["pay payments.csv --portfolio book"]


def equal_payments(folder, n):
    write_csv(folder / "payments.csv", ["Договор", "Дата", "Сумма"], [["T-1", datetime.date(2027, 1, 9), "7,50"]] * n)
    return bound(folder) + ["pay payments.csv --portfolio book"]


def joiners(folder, n):
    headings = ["Вид изменения", *HEADINGS]
    write_csv(folder / "changes.csv", headings, [["прикрепить", *person(at + 1000)] for at in range(n)])
    return bound(folder) + ["endorse T-1 changes.csv --on 2027-01-15 --portfolio book"]


def leavers(folder, n):
    headings = ["Вид изменения", *HEADINGS]
    write_csv(folder / "changes.csv", headings, [["открепить", *person(at)] for at in range(n)])
    return bound(folder, n + 10) + ["endorse T-1 changes.csv --on 2027-01-15 --portfolio book"]


def endorsements(folder, n):
    headings = ["Вид изменения", *HEADINGS]
    commands = bound(folder)
    for at in range(n + 1):
        write_csv(folder / f"{at}.csv", headings, [["прикрепить", *person(at + 1000)]])
        day = datetime.date(2027, 1, 15) + datetime.timedelta(days=at)
        commands.append(f"endorse T-1 {at}.csv --on {day} --portfolio book")
    return commands


def price_changes(folder, n):
    commands = bound(folder)
    for at in range(n + 1):
        day = datetime.date(2027, 3, 1) + datetime.timedelta(days=at)
        (folder / f"{at}.toml").write_text(
            f'id = "A{at}"\nnotified = 2027-01-10\neffective = {day}\n[[change]]\nprogrammes = ["16"]\ncoefficient = "1.01"\n')
        commands.append(f"reprice {at}.toml --portfolio book")
    return commands


def served(folder):
    for path in (SAMPLES / "clinics").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return ["bind contract.toml --portfolio book"]


def services(folder, n):
    commands = served(folder)
    network = (folder / "clinics.toml").read_text(encoding="utf-8")
    service = '[[clinic.service]]\ncode = "Н-{0:05}"\nname = "Приём врача № {0}"\ncategory = "therapy"\nprice = 900\n\n'
    first = network.index("[[clinic.service]]")
    more = "".join(service.format(at) for at in range(n))
    (folder / "clinics.toml").write_text(network[:first] + more + network[first:], encoding="utf-8")
    return commands + ["clinics settle register.csv --clinic dent-01 --portfolio book --clinics clinics.toml"]


def letters(folder, n):
    headings = ["№ полиса", "Клиника", "Услуга", "Дата письма"]
    days = [datetime.date(2026, 12, 2) + datetime.timedelta(days=at % 300) for at in range(n)]
    write_csv(folder / "many.csv", headings, [["0912-004", "dent-01", "Т-99", day] for day in days])
    return served(folder) + ["clinics letter many.csv --portfolio book --clinics clinics.toml"]


def register_rows(folder, n):
    headings = ["№ п/п", "Пациент", "Д.р.", "№ полиса", "Дата приёма", "Код", "Кол-во", "Стоимость, руб."]
    row = ["Аверин Максим Олегович", "14.03.1984", "0912-001"]
    days = [datetime.date(2026, 12, 2) + datetime.timedelta(days=at % 300) for at in range(n)]
    write_csv(folder / "many.csv", headings,
              [[at + 1, *row, day, "Т-02", 1, "4200,00"] for at, day in enumerate(days)])
    return served(folder) + ["clinics settle many.csv --clinic dent-01 --portfolio book --clinics clinics.toml"]


# Each axis with its smallest size.
AXES = {
    "rows": (rows, 4000), "workbook rows": (workbook_rows, 2000), "faulty rows": (faulty_rows, 1000),
    "columns": (columns, 200), "sheets": (sheets, 40), "files": (files, 60), "plans": (plans, 60),
    "covers": (covers, 200), "exclusions": (exclusions, 400), "census": (census, 400),
    "instalments": (instalments, 80), "duplicates": (duplicates, 2000), "similar names": (similar_names, 2000),
    "notes": (decorated(notes), 500), "hidden rows": (decorated(hidden_rows), 500), "merges": (decorated(merges), 500),
    "styles": (decorated(styles), 500), "contracts": (contracts, 40), "insured of a change": (insured_of_a_change, 2000),
    "price changes": (price_changes, 12), "payments": (payments, 1000), "equal payments": (equal_payments, 1000),
    "joiners": (joiners, 500), "leavers": (leavers, 500), "endorsements": (endorsements, 12), "letters": (letters, 300),
    "register rows": (register_rows, 1000), "services": (services, 400),
}


def count(program, folder, command):
    """The instructions of a command and of its children with one thread, and its exit code."""
    words = command if isinstance(command, list) else command.split()
    run = subprocess.run(
        ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--trace-children=yes",
         f"--cachegrind-out-file={folder}/counts.%p", f"--log-file={folder}/log.%p", program, *words, "--threads", "1", "--quiet"],
        cwd=folder, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, text=True)
    # a child has no standard error, so that each process writes into a file of its own
    logs = "".join(path.read_text(errors="replace") for path in pathlib.Path(folder).glob("log.*"))
    found = re.findall(r"I\s+refs:\s+([\d,]+)", logs)
    if run.returncode not in (0, 3, 4) or not found:
        sys.exit(f"{' '.join(words[:4])} ended with {run.returncode}:\n{run.stderr[-2000:]}")
    return sum(int(number.replace(",", "")) for number in found), run.returncode


def cost(program, axis, n):
    """The instructions of the last command of an axis at a size, and its exit code."""
    with tempfile.TemporaryDirectory() as room:
        folder = pathlib.Path(room)
        *before, counted = axis(folder, n)
        for command in before:
            run = subprocess.run([program, *command.split(), "--quiet"], cwd=folder, capture_output=True, text=True)
            if run.returncode != 0:
                sys.exit(f"{command} ended with {run.returncode}:\n{run.stderr[-2000:]}")
        return count(program, folder, counted)


def measure(program, name, divisor):
    """A line on the cost of an axis, and whether it grows as it may."""
    axis, n = AXES[name]
    n //= divisor
    (first, *codes), (second, *others), (third, *more) = (cost(program, axis, n * times) for times in (1, 2, 4))
    if not codes == others == more:
        return f"{name}: ends with {codes + others + more} at {n} × 1, 2, 4", False
    slope = math.log2((third - second) / (second - first)) if third > second > first else 0.0
    line = (f"{name:20} {n:>6} × 1, 2, 4: {first / 1e6:>9.1f} {second / 1e6:>9.1f} {third / 1e6:>9.1f} M instructions, "
            f"slope {slope:.2f}")
    return line, slope <= STEEPEST or third - second < third * LEAST_GROWTH


def main():
    words = sys.argv[1:]
    program = str(HERE.parent / "target/release/kollektiv")
    divisor = 1
    if "--quick" in words:
        words.remove("--quick")
        divisor = 4
    if "--binary" in words:
        at = words.index("--binary")
        program = str(pathlib.Path(words[at + 1]).resolve())
        del words[at:at + 2]
    unknown = [name for name in words if name not in AXES]
    if unknown:
        sys.exit(f"no axis is called {', '.join(unknown)}; the axes: {', '.join(AXES)}")
    names = words or list(AXES)
    steep = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as threads:
        measured = threads.map(lambda name: measure(program, name, divisor), names)
        for name, (line, is_good) in zip(names, measured):
            print(line, flush=True)
            if not is_good:
                steep.append(name)
    if steep:
        sys.exit(f"the cost grows faster than the size (slope over {STEEPEST}), or a size is refused: {', '.join(steep)}")


if __name__ == "__main__":
    main()
