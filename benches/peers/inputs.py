"""The inputs of the comparison: reproducible collectives of invented persons, as CSV or as an Excel sheet.

The contract has three plans with seven covers; of ten insured three are on the plan with one cover, four on the one with
two, three on the one with four, so that there are 2.3 lines to an insured. One in twenty has days of cover of its own.
"""

import datetime
import random
import zipfile
from xml.sax.saxutils import escape

SEED = 2026
START = datetime.date(2026, 12, 1)
END = datetime.date(2027, 11, 30)
TERM_DAYS = 365
HEADINGS = ["Таб. №", "ФИО", "Дата рождения", "Группа риска", "План", "Действует с", "Действует по"]

SURNAMES = """Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев
Лебедев Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв Борисов
Яковлев Григорьев Романов Воробьёв Сергеев Кузьмин Фролов Александров Дмитриев Королёв Гусев Киселёв Ильин Максимов
Поляков Сорокин Виноградов Ковалёв Белов Медведев Антонов Тарасов Жуков Баранов Филиппов Комаров Давыдов Беляев
Герасимов Богданов Осипов Сидоров Матвеев Титов Марков Миронов Крылов Куликов Карпов Власов Мельников Денисов""".split()
MEN = """Александр Алексей Анатолий Андрей Антон Аркадий Борис Вадим Валентин Валерий Виктор Виталий Владимир
Владислав Вячеслав Геннадий Георгий Григорий Даниил Денис Дмитрий Евгений Егор Иван Игорь Кирилл Константин Леонид
Максим Михаил Никита Николай Олег Павел Пётр Роман Руслан Семён Сергей Станислав Степан Тимофей Фёдор Юрий""".split()
FATHERS = """Александрович Алексеевич Андреевич Антонович Борисович Валерьевич Викторович Владимирович Геннадьевич
Дмитриевич Евгеньевич Иванович Игоревич Константинович Леонидович Максимович Михайлович Николаевич Олегович Павлович
Петрович Романович Семёнович Сергеевич Степанович Тимурович Фёдорович Юрьевич Яковлевич""".split()

# In a roster with mistakes one of this number of insured has one.
ONE_IN = 100


def day(date):
    return date.strftime("%d.%m.%Y")


def rows(insured, mistakes, seed=SEED):
    """The rows of a roster: id, name, birth date, risk group, plan, first and last day of cover.

    Dates are dates where they are sound, and texts where they are not. No two have the same name and birth date, and no two
    the same id, but where that is the mistake.
    """
    numbers = random.Random(seed)
    taken = set()
    earlier = []
    for place in range(insured):
        while True:
            name = f"{numbers.choice(SURNAMES)} {numbers.choice(MEN)} {numbers.choice(FATHERS)}"
            birth = datetime.date(1957, 1, 1) + datetime.timedelta(days=numbers.randrange(18_900))
            if (name, birth) not in taken:
                break
        taken.add((name, birth))
        start = end = None
        if numbers.randrange(20) == 0:
            first = numbers.randrange(TERM_DAYS)
            last = first + numbers.randrange(TERM_DAYS - first)
            kind = numbers.randrange(3)
            start = None if kind == 1 else START + datetime.timedelta(days=first)
            end = None if kind == 0 else START + datetime.timedelta(days=last)
        row = [10_000_001 + place, name, birth, numbers.choice([0, 1, 1, 1, 1, 2, 2, 2, 3, 4]),
               numbers.choice("АААББББВВВ"), start, end]
        if mistakes and place % ONE_IN == ONE_IN - 1:
            MISTAKES[(place // ONE_IN) % len(MISTAKES)](row, earlier[numbers.randrange(len(earlier))])
        elif mistakes:
            earlier.append(row)
        yield row


def put(column, value):
    def mistake(row, _other):
        row[5] = row[6] = None
        row[column] = value
    return mistake


def period(start, end):
    def mistake(row, _other):
        row[5], row[6] = start, end
    return mistake


def same_person(row, other):
    row[1], row[2] = other[1].upper().replace("Ё", "Е"), other[2]


def same_id(row, other):
    row[0] = other[0]


def two_alphabets(row, _other):
    row[1] = row[1].replace("о", "o").replace("а", "a").replace("е", "e")


MISTAKES = [
    put(1, ""), put(2, ""), put(2, "31.02.1985"), put(2, "12.07.85"), put(2, "нет данных"), put(2, "01.01.1899"),
    put(2, datetime.date(2027, 1, 15)), put(2, datetime.date(1910, 5, 5)), put(3, ""), put(3, 7), put(4, ""), put(4, "Г"),
    period(datetime.date(2026, 11, 1), None), period(None, datetime.date(2028, 1, 1)), period("31.11.2026", None),
    period(datetime.date(2027, 5, 1), datetime.date(2027, 4, 1)), same_person, same_id, two_alphabets,
]


def written(value):
    return "" if value is None else day(value) if isinstance(value, datetime.date) else str(value)


def write_csv(path, insured, mistakes):
    with open(path, "w", encoding="utf-8") as file:
        file.write(";".join(HEADINGS) + "\n")
        for row in rows(insured, mistakes):
            file.write(";".join(written(value) for value in row) + "\n")


def add_warnings(path, count):
    """Writes the last «е» of the name by the Latin letter of the same shape in this many rows of a CSV: as many warnings.

    The rows are spread evenly over the roster, and its last row is one of them.
    """
    rows = path.read_text(encoding="utf-8").splitlines()
    last = len(rows) - 1
    for number in range(count):
        place = last - number * (last // count)
        while "е" not in (fields := rows[place].split(";"))[1]:
            place -= 1
        head, _, tail = fields[1].rpartition("е")
        fields[1] = f"{head}e{tail}"
        rows[place] = ";".join(fields)
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")


def write_xlsx(path, insured, mistakes):
    """A workbook as Excel writes it: one table of texts, dates as numbers with a format."""
    texts = {}

    def cell(column, row, value):
        place = f"{'ABCDEFG'[column]}{row}"
        if isinstance(value, datetime.date):
            serial = (value - datetime.date(1899, 12, 30)).days
            return f'<c r="{place}" s="1"><v>{serial}</v></c>'
        if isinstance(value, int):
            return f'<c r="{place}"><v>{value}</v></c>'
        return f'<c r="{place}" t="s"><v>{texts.setdefault(value, len(texts))}</v></c>'

    xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    application = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    # fixed times make the zip reproducible
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        def part(name):
            return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))

        def put_part(name, content):
            book.writestr(part(name), xml + content, zipfile.ZIP_DEFLATED)

        sheet = part("xl/worksheets/sheet1.xml")
        sheet.compress_type = zipfile.ZIP_DEFLATED
        with book.open(sheet, "w") as file:
            file.write(f'{xml}<worksheet xmlns="{main}"><dimension ref="A1:G{insured + 1}"/><sheetData>'.encode())
            for number, row in [(1, HEADINGS)]:
                cells = "".join(cell(column, number, value) for column, value in enumerate(row))
                file.write(f'<row r="{number}" spans="1:7">{cells}</row>'.encode())
            for number, row in enumerate(rows(insured, mistakes), 2):
                filled = ((column, value) for column, value in enumerate(row) if value not in (None, ""))
                cells = "".join(cell(column, number, value) for column, value in filled)
                file.write(f'<row r="{number}" spans="1:7">{cells}</row>'.encode())
            file.write(b"</sheetData></worksheet>")
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
        put_part("xl/sharedStrings.xml", f'<sst xmlns="{main}" uniqueCount="{len(texts)}">{items}</sst>')
        put_part("xl/styles.xml", f'<styleSheet xmlns="{main}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
                 '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>'
                 '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>')
        put_part("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{related}"><sheets>'
                 '<sheet name="Список" sheetId="1" r:id="rId1"/></sheets></workbook>')
        put_part("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships">'
                 f'<Relationship Id="rId1" Type="{related}/worksheet" Target="worksheets/sheet1.xml"/>'
                 f'<Relationship Id="rId2" Type="{related}/sharedStrings" Target="sharedStrings.xml"/>'
                 f'<Relationship Id="rId3" Type="{related}/styles" Target="styles.xml"/></Relationships>')
        put_part("_rels/.rels", f'<Relationships xmlns="{package}/relationships">'
                 f'<Relationship Id="rId1" Type="{related}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        put_part("[Content_Types].xml", f'<Types xmlns="{package}/content-types">'
                 '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                 f'<Override PartName="/xl/workbook.xml" ContentType="{application}.sheet.main+xml"/>'
                 f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{application}.worksheet+xml"/>'
                 f'<Override PartName="/xl/sharedStrings.xml" ContentType="{application}.sharedStrings+xml"/>'
                 f'<Override PartName="/xl/styles.xml" ContentType="{application}.styles+xml"/></Types>')


CONTRACT = f"""number = "PEERS"
policyholder = "АО «Большой коллектив»"
start = {START}
end = {END}
roster = "%s"

[choices]
ranges = "mid"
headcount = "low"
risk = {{ 1 = "1.10", 3 = "high" }}

[[plan]]
code = "А"

[[plan.cover]]
programme = "16"
sum_insured = 120000

[[plan]]
code = "Б"

[[plan.cover]]
programme = "16"
sum_insured = 150000
exclude = ["dental"]
include = ["office_doctor"]

[[plan.cover]]
programme = "17"
sum_insured = 300000
exclude = ["planned_admission"]

[[plan]]
code = "В"

[[plan.cover]]
programme = "3a"
sum_insured = 500000
exclude = ["home_care"]

[[plan.cover]]
programme = "8"
sum_insured = "64999.99"
price_change = "1.10"

[[plan.cover]]
programme = "15"
sum_insured = 50000

[[plan.cover]]
programme = "16"
sum_insured = 200000
include = ["personal_doctor"]
additional_services = "1.25"
"""

# A price change that raises every line of a book.
PRICE_CHANGE = """id = "bench"
notified = 2026-11-01
effective = 2027-03-01
[[change]]
programmes = ["*"]
coefficient = "1.12"
"""
