#!/usr/bin/env python3
"""Makes the first inputs of every target from the test rosters and contracts: `python3 tests/fuzz/seeds.py`.

They are written to `tests/fuzz/corpus`, which `cargo fuzz run` extends and git ignores, with `words.dict`, a dictionary
for all targets.
"""

import hashlib
import tomllib
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent
WORKBOOKS = {".xlsx", ".xlsb", ".xls", ".ods"}
MOST_BYTES = 64 * 1024
"""Larger files slow the fuzzer down and find no more than small ones."""


WORDS = [
    "ФИО", "Фамилия", "Имя", "Отчество", "Дата рождения", "Группа риска", "План", "Пол", "Страховая сумма",
    "Дата начала", "Дата окончания", "Табельный номер", "Итого", "Всего", "Иванов", "31.12.1980", "29.02.1980",
    "1980-12-31", " 00:00:00", "T00:00:00", " г.", "120 000,00", " руб.", " группа", "1-я", "IV", "sep=;", "#N/A",
    "#Н/Д", "E+15", "=====PART ", "xl/workbook.xml", "xl/workbook.bin", "xl/sharedStrings.xml", "xl/styles.xml",
    "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "content.xml", "mimetype", '<row r="', '<c r="',
    "XFD1048576", "A1:XFD1048576", ' t="s"', ' t="inlineStr"', ' t="str"', ' t="e"', ' t="d"', ' s="1"', "<v>",
    "<is><t>", "<f>", '<mergeCell ref="', ' xml:space="preserve"', ' date1904="1"', ' numFmtId="14"', ' uniqueCount="',
    'table:number-columns-repeated="', 'table:number-rows-repeated="', 'office:value-type="date"',
    'office:date-value="', "table:covered-table-cell", "programme = ", "sum_insured = ", "default_risk_group = ",
    "[columns]", "[choices]", "[[plan]]", "[[plan.cover]]", "exclude = [", "include = [", 'ranges = "mid"', "\u00a0",
    "\u200b", "\u0306", "\ufeff", "\r\n", '""',
]
"""Words of tables and contracts for the dictionary of every target."""


def keep(target: str, content: bytes) -> None:
    if 0 < len(content) <= MOST_BYTES:
        folder = HERE / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha1(content).hexdigest()).write_bytes(content)


def parts(path: Path) -> bytes | None:
    """The parts of a workbook that make up its tables, in the format of the target `parts`."""
    try:
        with zipfile.ZipFile(path) as book:
            names = [name for name in book.namelist() if name.endswith((".xml", ".bin", ".rels"))]
            names = [name for name in names if not any(word in name for word in ("theme", "docProps", "settings"))]
            if sum(book.getinfo(name).file_size for name in names) > MOST_BYTES:
                return None
            return b"".join(b"=====PART " + name.encode() + b"\n" + book.read(name) for name in names)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return None


def part(path: Path, name: str) -> bytes | None:
    """A part of a zip."""
    try:
        with zipfile.ZipFile(path) as book:
            return book.read(name)
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError):
        return None


def of_rosters() -> None:
    rosters = [*(TESTS / "rosters").glob("*/*"), *(TESTS / "cases").glob("*/roster.*"), *(TESTS / "formats").glob("*.*")]
    for path in sorted(rosters):
        content = path.read_bytes()
        if path.suffix in WORKBOOKS and content[:2] in (b"PK", b"\xd0\xcf"):
            keep("workbook", content)
            if content[:2] == b"PK":
                keep("parts", parts(path) or b"")
            keep("trial", content)
            if path.suffix == ".ods" and content[:2] == b"PK":
                keep("ods", part(path, "content.xml") or b"")
        elif path.suffix in WORKBOOKS | {".csv", ".txt"}:
            keep("text", content)
            of_text(content)


def of_text(content: bytes) -> None:
    """Headings and single values."""
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        return
    rows = [row.replace(";", "\t") for row in text.splitlines()]
    keep("headings", "\n".join(rows[:6]).encode())
    for row in rows:
        for value in row.split("\t"):
            keep("values", value.strip('"').encode()[:200])


def of_dictionary() -> None:
    listed = tomllib.loads((TESTS.parent / "src/roster/headings.toml").read_text())
    for words in listed.values():
        keep("headings", ("\t".join(words) + "\n").encode())


def of_contracts() -> None:
    for path in [*sorted((TESTS / "contracts").glob("*/*.toml")), TESTS / "rosters/contract.toml"]:
        keep("contract", path.read_bytes())


def dictionary() -> None:
    """Writes the dictionary of libFuzzer; bytes outside ASCII are escaped."""
    def escaped(word: str) -> str:
        plain = (chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in word.encode())
        return "".join(plain)

    marks = [r"\xff\xfe", r"\xfe\xff"]
    lines = [f'"{word}"\n' for word in [*map(escaped, WORDS), *marks]]
    (HERE / "corpus" / "words.dict").write_text("".join(lines))


if __name__ == "__main__":
    of_rosters()
    of_dictionary()
    of_contracts()
    dictionary()
