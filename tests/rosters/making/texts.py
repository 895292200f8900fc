"""Rosters in text files: encodings, delimiters, quotes, line breaks, forms of values."""

from .case import HEADINGS, PERSONS, delimited, headed, table, text_case, typed, with_columns


def good():
    plain = delimited(table())
    for stem, encoding in [
        ("utf-8", "utf-8"), ("utf-8-marked", "utf-8-sig"), ("utf-16", "utf-16"), ("windows-1251", "cp1251"),
        ("utf-16-le-unmarked", "utf-16-le"), ("utf-16-be-unmarked", "utf-16-be"),
    ]:
        text_case("good", stem, plain, encoding=encoding)
    text_case("good", "utf-16-be", b"\xfe\xff" + plain.encode("utf-16-be"))
    short = [("", "ИВАНОВ И И", PERSONS[0][2], "1", "A"), ("", "ПЕТРОВА А С", PERSONS[1][2], "2", "A")]
    text_case("good", "windows-1251-short", delimited(table(short)), encoding="cp1251", persons=short)
    one = [("", "ИВАНОВ И И", PERSONS[0][2], "1", "A")]
    for stem, by in [("semicolon", ";"), ("comma", ","), ("tab", "\t"), ("bar", "|")]:
        text_case("good", f"by-{stem}", delimited(table(), by), ending="txt" if by == "\t" else "csv")
    text_case("good", "crlf-and-lf-mixed", plain.replace("\n", "\r\n", 2))
    text_case("good", "cr-of-old-macintosh", plain.replace("\n", "\r"))
    text_case("good", "no-line-break-at-the-end", plain.rstrip("\n"))
    text_case("good", "separator-declared", "sep=;\n" + plain)
    text_case("good", "comma-inside-quotes", delimited([[f'"{cell}"' for cell in row] for row in comma_rows()], ","),
              persons=comma_persons())
    broken = 'Таб. №;"Фамилия\nИмя\r\nОтчество";"Дата\nрождения";Группа риска;План\n' + delimited(table()[1:])
    text_case("good", "line-break-in-a-heading", broken)
    text_case("good", "line-break-in-a-cell", delimited([
        HEADINGS + ["Адрес"], table()[1] + ['"г. Москва;\nул. Новая"'], table()[2] + [""], table()[3] + ['"Тверь"']]))
    text_case("good", "quote-inside-a-field", delimited([
        HEADINGS + ["Организация"], *[row + ['ООО "Ромашка"'] for row in table()[1:]]]))
    text_case("good", "quotes-badly-doubled", delimited([
        HEADINGS + ["Организация"], *[row + ['"ООО "Ромашка""'] for row in table()[1:]]]))
    text_case("good", "title-and-blank-rows", "ООО «Проверка»;;;;\n\n;;;;\nСписок на 01.12.2026;;;;\n" + plain)
    rows = table()
    text_case("good", "rows-among-the-data", delimited([
        rows[0], ["1", "2", "3", "4", "5"], ["Отдел кадров"], rows[1], [], ["", "Цех № 2", "", "", ""], rows[2], rows[3], [],
        ["", "Итого:", "", "", "3"], ["Всего 3 чел."], [], ["Генеральный директор", "", "", "Лютиков Л.Л."], ["М.П."],
    ]), skipped=["2 column-numbers", "3 sub-heading", "6 sub-heading", "10 total", "11 total", "13 signature", "14 signature"])
    text_case("good", "totals-under-the-birth-dates", delimited([
        rows[0], rows[1], ["", "Итого:", "1"], rows[2], rows[3], ["Всего", "", "3 чел.", "", ""]]), skipped=["3 total", "6 total"])
    text_case("good", "columns-in-any-order", delimited([[row[column] for column in (4, 2, 0, 3, 1)] for row in rows]))
    text_case("good", "numbered-in-advance", delimited([
        ["№ п/п", *rows[0]], *[[str(at), *row] for at, row in enumerate(rows[1:], 1)], ["4"], ["5"], ["6", "", "", "", "", ""]]),
        skipped=["5 unfilled", "6 unfilled", "7 unfilled"])
    text_case("good", "unknown-column", delimited([row + ["М"] if at else row + ["Размер одежды"] for at, row in enumerate(rows)]),
              found=["unknown-column 1 F"])
    spaced = [["  " + cell + "\u00a0 " for cell in row] for row in rows]
    text_case("good", "spaces-around", delimited(spaced))
    text_case("good", "letters-decomposed", delimited(rows).replace("й", "и\u0306").replace("ё", "е\u0308"),
              persons=[(*person[:1], person[1].replace("ё", "е\u0308"), *person[2:]) for person in PERSONS])
    latin = [("1", "Smith John", PERSONS[0][2], "1", "A"), ("2", "Müller Jörg", PERSONS[1][2], "2", "A")]
    text_case("good", "names-in-latin", delimited(table(latin)), persons=latin)
    mixed = [("1", "Ceмёнов Пётр", PERSONS[0][2], "1", "A")]
    text_case("good", "letters-of-two-alphabets", delimited(table(mixed)), persons=mixed, found=["mixed-alphabet 2 B"])
    three = [["Фамилия", "Имя", "Отчество", *HEADINGS[2:]]] + [[*row[1].split(), *row[2:]] for row in rows[1:]]
    text_case("good", "name-in-three-columns", delimited(three), persons=[("", *person[1:]) for person in PERSONS])
    spanned = [[HEADINGS[1], "", "", *HEADINGS[2:]], *three[1:]]
    text_case("good", "name-under-one-heading-over-three-columns", delimited(spanned), persons=[("", *person[1:]) for person in PERSONS])
    text_case("good", "column-named-by-the-contract", plain.replace("Дата рождения", "Когда появился"),
              contract=with_columns('birth_date = "Когда появился"'))
    text_case("good", "risk-group-by-default", delimited([row[:3] + row[4:] for row in rows]), contract=headed("default_risk_group = 1"),
              persons=[(*person[:3], "1", person[4]) for person in PERSONS])
    forms = ["31.12.1980", "31/12/1980", "1980-12-31", "31-12-1980", "31.12.1980 г.", "31.12.1980 0:00:00", "1980-12-31T00:00:00"]
    dated = [(str(at), f"Иванов Иван {'АБВГДЕЖ'[at]}.", form, "1", "A") for at, form in enumerate(forms)]
    text_case("good", "forms-of-dates", delimited([HEADINGS, *map(list, dated)]),
              persons=[(*row[:2], PERSONS[0][2], *row[3:]) for row in dated])
    groups = ["1", "1.0", "1,0", "I", "1 группа", "гр. 1", "1-я", "первая"]
    risky = [(str(at), f"Иванов Иван {'АБВГДЕЖЗ'[at]}.", typed(PERSONS[0][2]), group, "A") for at, group in enumerate(groups)]
    text_case("good", "forms-of-risk-groups", delimited([HEADINGS, *map(list, risky)]),
              persons=[(*row[:2], PERSONS[0][2], "1", "A") for row in risky])
    sums = ["120 000,00", "120000.00", "120 000 руб.", "120\u00a0000 ₽", "120000", ""]
    own = [(str(at), f"Иванов Иван {'АБВГДЕЖ'[at]}.", typed(PERSONS[0][2]), "1", "A", sum) for at, sum in enumerate(sums)]
    text_case("good", "forms-of-money", delimited([HEADINGS + ["Страховая сумма"], *map(list, own)]),
              persons=[(*row[:2], PERSONS[0][2], "1", "A") for row in own])
    plans = ["A", "а", "Сотрудники", "СОТРУДНИКИ ", "сотрудники"]
    planned = [(str(at), f"Иванов Иван {'АБВГДЕЖ'[at]}.", typed(PERSONS[0][2]), "1", plan) for at, plan in enumerate(plans)]
    text_case("good", "forms-of-plans", delimited([HEADINGS, *map(list, planned)]),
              persons=[(*row[:2], PERSONS[0][2], "1", "A") for row in planned])
    text_case("good", "own-days", delimited([HEADINGS + ["Действует с", "Действует по"], rows[1] + ["01.03.2027", ""],
              rows[2] + ["", "31.05.2027"], rows[3] + ["", ""]]))
    scientific = [("1,23457E+15", *PERSONS[0][1:]), ("1,23457E+15", *PERSONS[1][1:])]
    text_case("good", "ids-in-powers-of-ten", delimited(table(scientific)), persons=scientific, found=["bad-id 2 A", "bad-id 3 A"])
    alike = [*PERSONS, ("1004", "Петрова Анна Сергевна", *PERSONS[1][2:]),
             ("1005", "Иванович Иванов Иван", *PERSONS[0][2:]), ("1006", "Петров Олег Сергеевич", *PERSONS[1][2:])]
    text_case("good", "insured-alike", delimited(table(alike)), persons=alike, found=["similar-insured 5 B", "similar-insured 6 B"])
    man = [[*rows[0], "Пол"], [*rows[1][:4], "Ж", "м"], [*rows[2][:4], "Ж", "ж"]]
    text_case("good", "sex-and-programme", delimited(man), found=["sex-and-programme 2 F"],
              persons=[(*PERSONS[0][:4], "Ж"), (*PERSONS[1][:4], "Ж")])
    text_case("good", "remarks-without-days", delimited([[*rows[0], "Примечание"], [*rows[1], "декрет"], [*rows[2], ""], [*rows[3], "Цех 2"]]))
    judged = [[*rows[0], "Пол", "Возраст"], [*rows[1], "Ж", "45"], [*rows[2], "Ж", "63"], [*rows[3], "?", "52"]]
    text_case("good", "sex-and-age-columns", delimited(judged),
              found=["sex-and-name 2 F", "age-and-birth-date 3 G", "unknown-sex 4 F"])
    text_case("good", "encoding-guessed", delimited(table(one, ["ID", "Full name", "Birth date", "Risk group", "Plan"])),
              encoding="cp1251", persons=one, found=["guessed-encoding 0"])


def comma_persons():
    return [("1001", "Иванов, Иван", PERSONS[0][2], "1", "A"), ("1002", 'Петрова "Анна"', PERSONS[1][2], "2", "A")]


def comma_rows():
    return [[cell.replace('"', '""') for cell in row] for row in table(comma_persons())]


def bad():
    rows = table()

    def one(stem, column, value, code, referred=False, more=(), headings=HEADINGS, messages=()):
        """The second person has a mistake in one cell."""
        body = [list(row) + [""] * (len(headings) - len(row)) for row in rows[1:]]
        body[1][column] = value
        letter = "ABCDEFGHI"[column]
        text_case("bad", stem, delimited([list(headings), *body]), rows=(3, 2, 1, 0) if referred else (3, 2, 0, 1),
                  found=[f"{code} 3 {letter}", *more], messages=messages)

    one("name-missing", 1, "", "missing-name")
    one("birth-date-missing", 2, "", "missing-birth-date")
    one("risk-group-missing", 3, "", "missing-risk-group")
    one("plan-missing", 4, "", "missing-plan")
    one("birth-date-two-digit-year", 2, "05.06.90", "bad-birth-date", messages=["date-two-digit-year"])
    one("birth-date-no-such-day", 2, "31.04.1990", "bad-birth-date", messages=["date-no-such-day"])
    one("birth-date-no-date", 2, "июнь 1990", "bad-birth-date", messages=["date-unreadable"])
    one("birth-date-too-early", 2, "05.06.1899", "bad-birth-date", messages=["birth-date-too-early"])
    one("birth-date-after-cover", 2, "02.12.2026", "bad-birth-date", messages=["birth-date-after-cover"])
    one("birth-date-of-a-formula-fault", 2, "#ЗНАЧ!", "bad-birth-date", messages=["formula-fault"])
    one("name-of-a-formula-fault", 1, "#Н/Д", "missing-name", messages=["formula-fault"])
    one("risk-group-unknown", 3, "7", "bad-risk-group")
    one("risk-group-no-number", 3, "высокий", "bad-risk-group")
    one("plan-unknown", 4, "VIP", "unknown-plan")
    own = HEADINGS + ["Страховая сумма", "Действует с", "Действует по"]
    one("sum-insured-unreadable", 5, "сто тысяч", "bad-sum-insured", headings=own)
    one("sum-insured-zero", 5, "0", "bad-sum-insured", headings=own)
    one("sum-insured-of-three-decimals", 5, "120.000", "bad-sum-insured", headings=own)
    one("cover-before-the-contract", 6, "30.11.2026", "bad-cover-dates", headings=own, messages=["cover-dates-outside"])
    one("cover-after-the-contract", 7, "01.12.2027", "bad-cover-dates", headings=own, messages=["cover-dates-outside"])
    one("cover-unreadable", 6, "скоро", "bad-cover-dates", headings=own)
    one("too-old-for-the-tariff", 2, "05.06.1940", "age-outside-tariff", referred=True)
    text_case("bad", "sum-insured-on-several-covers", delimited([own[:6], rows[1] + [""], rows[2] + [""], rows[3] + ["100000"]]),
              rows=(3, 2, 0, 1), found=["bad-sum-insured 4 F"], messages=["sum-insured-several-covers"])
    text_case("bad", "cover-ends-before-it-begins", delimited([own, rows[1] + ["", "01.03.2027", "28.02.2027"]]),
              rows=(1, 0, 0, 1), found=["bad-cover-dates 2 G"], messages=["cover-dates-order"])
    text_case("bad", "cover-wrong-at-both-ends", delimited([own, rows[1] + ["", "30.11.2026", "скоро"]]),
              rows=(1, 0, 0, 1), found=["bad-cover-dates 2 G", "bad-cover-dates 2 H"])
    text_case("bad", "cover-ends-wrong-and-too-old", delimited([
        own, [*rows[1][:2], "05.06.2005", rows[1][3], "Д", "", "01.02.2027", "01.12.2027"]]),
        rows=(1, 0, 0, 1), found=["age-outside-programme 2 C", "bad-cover-dates 2 H"])
    born = [*rows[1][:2], "31.12.2099", *rows[1][3:]]
    text_case("bad", "insured-twice-on-an-impossible-day", delimited([rows[0], born, ["", *born[1:]]]),
              rows=(2, 0, 0, 2), found=["bad-birth-date 2 C", "duplicate-insured 3 B", "bad-birth-date 3 C"])
    text_case("bad", "too-old-for-the-programme", delimited([rows[0], [*rows[1][:4], "Д"]]), rows=(1, 0, 0, 1),
              found=["age-outside-programme 2 C"])
    text_case("bad", "insured-twice", delimited([*rows, rows[1]]), rows=(4, 3, 0, 1), found=["duplicate-insured 5 B"])
    other = [["", "ИВАНОВ  ИВАН ИВАНОВИЧ", *rows[1][2:]], ["", "Сидоров Петр Ильич", *rows[3][2:]],
             ["", "Пeтpoвa Aннa Cepгeeвнa", *rows[2][2:]]]
    text_case("bad", "insured-twice-otherwise-written", delimited([*rows, *other]), rows=(6, 3, 0, 3),
              found=["duplicate-insured 5 B", "duplicate-insured 6 B", "duplicate-insured 7 B", "mixed-alphabet 7 B"])
    text_case("bad", "id-twice", delimited([*rows, ["1001", "Новикова Нина", "01.02.1991", "1", "A"]]), rows=(4, 3, 0, 1),
              found=["duplicate-id 5 A"])
    text_case("bad", "everything-wrong-at-once", delimited([rows[0], ["1001", "", "31.02.1990", "9", "Z"], rows[2]]),
              rows=(2, 1, 0, 1), found=["missing-name 2 B", "bad-birth-date 2 C", "bad-risk-group 2 D", "unknown-plan 2 E"])
    family = ["ФИО", "Дата рождения", "Степень родства", "Группа риска", "План"]
    text_case("bad", "two-tables-under-one-another", delimited([
        HEADINGS[1:3] + HEADINGS[4:] + ["Размер"], *[[row[1], row[2], row[4], "М"] for row in rows[1:3]], [""], ["Члены семьи", "", "", ""], family,
        [rows[3][1], rows[3][2], "сын", rows[3][3], rows[3][4]]]), contract=headed("default_risk_group = 1"),
        rows=(3, 2, 0, 1), skipped=["5 sub-heading", "6 repeated-headings"],
        found=["unknown-column 1 D", "unclaimed-column 1 E", "ambiguous-column 6", "unknown-plan 7 C"])
    text_case("bad", "day-in-a-remark", delimited([[*rows[0], "Примечание"], [*rows[1], "с 01.03.2027"], [*rows[2], ""], [*rows[3], ""]]),
              rows=(3, 3, 0, 0), found=["unclaimed-column 1 F"])
    text_case("bad", "section-of-former-insured", delimited([rows[0], rows[1], ["Уволенные (открепить)"], rows[2], ["Цех № 2"], rows[3]]),
              rows=(3, 2, 0, 1), skipped=["3 left-heading", "5 sub-heading"], found=["left-section 4"])
    text_case("bad", "signature-with-a-risk-group", delimited([
        *rows, ["", "Директор Пётр", "", "1", "A"], ["Директор", "Новиков Пётр Ильич", "", "", ""], ["Отдел 1", "8", "", "1", "A"]]),
        rows=(5, 3, 0, 2), skipped=["6 signature"], found=["skipped-row 0", "missing-birth-date 5 C", "bad-name 7 B", "missing-birth-date 7 C"])
    text_case("bad", "row-of-a-lone-name", delimited([*rows, ["", "Новикова Нина Павловна"]]), rows=(4, 3, 0, 1),
              found=["missing-birth-date 5 C", "missing-risk-group 5 D", "missing-plan 5 E"])
    three = [["Фамилия", "Имя", "Отчество", *HEADINGS[2:]], ["Иванов", "", "Иванович", *rows[1][2:]], ["Ким", "Ли", "", *rows[2][2:]]]
    text_case("bad", "given-name-missing", delimited(three), rows=(2, 1, 0, 1), found=["missing-name 2 B"])
    text_case("bad", "column-missing", delimited([row[:3] + row[4:] for row in rows]), found=["missing-column 1"],
              messages=["missing-column"])
    text_case("bad", "column-like-another", delimited(rows).replace("Дата рождения", "Дата рождения работающего"),
              found=["missing-column 1", "unknown-column 1 C"], messages=["missing-column-near", "unknown-column"])
    text_case("bad", "column-of-the-contract-missing", delimited(rows), contract=with_columns('id = "Номер"'),
              found=["missing-column 1"], messages=["missing-column-named"])
    text_case("bad", "column-twice", delimited([row + [row[2]] if at else row + ["Д.р."] for at, row in enumerate(rows)]),
              found=["ambiguous-column 1 F"])
    text_case("bad", "no-headings", delimited(rows[1:]), found=["no-roster 0"])
    text_case("bad", "headings-alone", delimited(rows[:1]), found=["no-roster 0"], messages=["roster-no-insured"])
    text_case("bad", "quote-unclosed", delimited([rows[0], rows[1], [rows[2][0], '"' + rows[2][1], *rows[2][2:]], rows[3]]),
              found=["unreadable-file 0"], messages=["roster-open-quote"])
    quoted = [rows[0], [rows[1][0], '"Иванов', *rows[1][2:]], rows[2], [rows[3][0], '"Сидоров"', *rows[3][2:]]]
    text_case("bad", "quote-closed-by-another", delimited(quoted), found=["unreadable-file 0"], messages=["roster-open-quote"])
    swallowed = [rows[0], [*rows[1][:1], '"' + rows[1][1], *rows[1][2:]], rows[2], [rows[3][0], rows[3][1] + '"', *rows[3][2:]]]
    text_case("bad", "quote-closed-at-the-end-of-another-cell", delimited(swallowed), found=["unreadable-file 0"], messages=["roster-open-quote"])
    text_case("bad", "column-twice-by-one-heading", delimited([row + [row[2]] for row in rows]),
              found=["ambiguous-column 1 F"], messages=["same-columns"])
    endless = [HEADINGS + ["Хобби"], [*rows[1][:3], "9", "A", "x" * 33_000]]
    text_case("bad", "mistake-beside-a-text-that-no-cell-holds", delimited(endless), rows=(1, 0, 0, 1),
              found=["unknown-column 1 F", "bad-risk-group 2 D"])
    text_case("bad", "formulas-in-a-text", delimited([HEADINGS, ["1", "Иванов Иван", "=C3", "1", "A"]]), rows=(1, 0, 0, 1),
              found=["bad-birth-date 2 C"])
