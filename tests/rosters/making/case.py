"""A case: the files of a roster and the expected outcome of reading them."""

import datetime
import pathlib

HERE = pathlib.Path(__file__).parent.parent

# id, name, birth date, risk group, plan: the insured of every good roster
PERSONS = [
    ("1001", "Иванов Иван Иванович", datetime.date(1980, 12, 31), "1", "A"),
    ("1002", "Петрова Анна Сергеевна", datetime.date(1990, 6, 5), "2", "A"),
    ("1003", "Сидоров Пётр Ильич", datetime.date(1975, 2, 28), "3", "B"),
]
HEADINGS = ["Таб. №", "ФИО", "Дата рождения", "Группа риска", "План"]


def typed(day):
    """A date in Russian notation."""
    return day.strftime("%d.%m.%Y")


def table(persons=PERSONS, headings=HEADINGS):
    """Headings and persons as rows of text."""
    return [list(headings)] + [[id, name, typed(born), risk, plan] for id, name, born, risk, plan in persons]


def delimited(rows, by=";", end="\n"):
    """Rows as a delimited text."""
    return "".join(by.join(row) + end for row in rows)


def path(kind, name):
    return HERE / kind / name


def expect(kind, stem, *, found=(), skipped=(), rows=None, status=None, persons=PERSONS, files=(), contract=None, messages=()):
    """Writes the expected outcome; by default all persons are read and priced.

    `rows`: read, priced, referred, rejected. `found`: `code row column` and, past the first sheet, its place. `messages`: names
    of messages. `persons=None`: the insured are not compared.
    """
    if status is None:
        status = "issued" if kind == "good" else "refused"
    if rows is None:
        count = len(persons or [])
        rows = (count, count, 0, 0) if status == "issued" else (0, 0, 0, 0)
    lines = [f'status = "{status}"', "rows = { read = %d, priced = %d, referred = %d, rejected = %d }" % rows]

    def listed(key, values):
        if values:
            lines.append(f"{key} = [" + ", ".join('"' + value.replace('"', '\\"') + '"' for value in values) + "]")

    listed("files", files)
    listed("diagnostics", found)
    listed("messages", messages)
    listed("skipped", skipped)
    if persons is not None and status == "issued":
        lines.append("insured = [")
        for id, name, born, risk, plan in persons:
            person = f"{id} | {name} | {born} | {risk} | {plan}".replace('"', '\\"')
            lines.append(f'    "{person}",')
        lines.append("]")
    path(kind, stem + ".expect").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if contract is not None:
        common = (HERE / "contract.toml").read_text(encoding="utf-8")
        common = common.replace("# The contract by which every roster here is read that has none of its own.\n\n", "")
        path(kind, stem + ".contract.toml").write_text(contract(common), encoding="utf-8")


def text_case(kind, stem, text, ending="csv", encoding="utf-8", **expected):
    """A case of one text file."""
    data = text if isinstance(text, bytes) else text.encode(encoding)
    path(kind, f"{stem}.{ending}").write_bytes(data)
    expect(kind, stem, **expected)


def headed(line):
    """A contract with an additional line at its head."""
    return lambda common: common.replace("end = 2027-11-30\n", f"end = 2027-11-30\n{line}\n")


def with_columns(line):
    """A contract that names a column."""
    return lambda common: common.replace("[[plan]]", f"[columns]\n{line}\n\n[[plan]]", 1)
