"""The work with the rules engine GoRules ZEN: a table of decisions gives the rates of each insured.

The engine knows neither files nor other rows, so that reading, duplicates and writing are the standard library's and
Arrow's; the rates of a person are its decision, which is asked for
once for each plan, risk group and age. Rates are texts, since its numbers have 28 digits and no integers of kopecks.
"""

import csv
import datetime
import decimal
import json

import pyarrow as pa
import pyarrow.parquet
import zen

import work

job = work.Job()
ALIKE = str.maketrans(work.ALIKE_FROM, work.ALIKE_TO)


def decision():
    """A decision table: plan, risk group and age give all rates of the plan's covers."""
    fields = {"plan": "plan", "risk": "risk", "age": "age"}
    rules = []
    for plan in work.PLANS:
        covers = [cover for cover in work.COVERS if cover[0] == plan]
        steps = [step for step in job.steps if step["plan"] == plan and step["programme"] == covers[0][1]]
        for step in steps:
            same = [next(other for other in job.steps if (other["plan"], other["programme"]) == cover[:2]
                         and other["risk_group"] == step["risk_group"] and other["age_from"] == step["age_from"])
                    for cover in covers]
            rules.append({"_id": f"r{len(rules)}", "plan": json.dumps(plan, ensure_ascii=False), "risk": step["risk_group"],
                          "age": f"[{step['age_from']}..{step['age_to']}]", "band": json.dumps(step["age_band"]),
                          "rates": json.dumps([other["rate"] for other in same])})
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": field, "name": field, "field": field} for field in fields],
        "outputs": [{"id": field, "name": field, "field": field} for field in ["band", "rates"]],
        "rules": rules,
    }
    return json.dumps({
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            {"id": "table", "type": "decisionTableNode", "name": "table", "position": {"x": 1, "y": 0}, "content": table},
            {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
        ],
        "edges": [{"id": "a", "type": "edge", "sourceId": "in", "targetId": "table"},
                  {"id": "b", "type": "edge", "sourceId": "table", "targetId": "out"}],
    })


def rows():
    if job.is_excel:
        import python_calamine

        sheet = python_calamine.CalamineWorkbook.from_path(job.roster).get_sheet_by_index(0)
        yield from list(sheet.to_python())[1:]
    else:
        with open(job.roster, encoding="utf-8", newline="") as file:
            records = csv.reader(file, delimiter=";")
            next(records)
            yield from records


def day(value):
    """A day, none for an empty cell, or false for an unreadable one."""
    if value in ("", None):
        return None
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.date() if isinstance(value, datetime.datetime) else value
    try:
        return datetime.datetime.strptime(value, "%d.%m.%Y").date() if len(value) == 10 else False
    except ValueError:
        return False


def whole(value):
    return str(int(value)) if isinstance(value, float) else value


found, counts, groups = [], {}, {}
persons, ids = {}, {}
columns = {name: [] for name in ["row", "id", "name", "birth_date", "age", "age_band", "risk_group", "plan", "programme",
                                 "sum_insured", "rate", "start", "end", "days", "premium"]}
rates = zen.ZenEngine().create_decision(decision())
decisions, premiums = {}, {}
total = 0
for number, row in enumerate(rows(), 2):
    id, name, birth_text, risk, plan, start_text, end_text = (whole(value) for value in row)
    wrong = []
    birth, own_start, own_end = day(birth_text), day(start_text), day(end_text)
    first, last = own_start or work.START, own_end or work.END
    if not name:
        wrong.append("missing-name")
    if birth is None:
        wrong.append("missing-birth-date")
    elif not birth or birth < work.FIRST_BIRTH or birth > first:
        wrong.append("bad-birth-date")
        birth = None
    if risk == "":
        wrong.append("missing-risk-group")
    elif risk not in {str(group) for group in work.RISK_GROUPS}:
        wrong.append("bad-risk-group")
    if not plan:
        wrong.append("missing-plan")
    elif plan not in work.PLANS:
        wrong.append("unknown-plan")
    if own_start is False or own_end is False or first < work.START or last > work.END or first > last:
        wrong.append("bad-cover-dates")
    person = (name.lower().replace(" ", "").translate(ALIKE), birth)
    first_of_id = ids.setdefault(id, person) if id else person
    if name and birth and persons.setdefault(person, number) != number:
        wrong.append("duplicate-insured")
    if first_of_id != person:
        wrong.append("duplicate-id")
    if birth:
        age = first.year - birth.year - ((first.month, first.day) < (birth.month, birth.day))
        if age > work.LAST_AGE:
            wrong.append("age-outside-tariff")
    if any("A" <= letter <= "z" and letter.isalpha() for letter in name) and any("\u0400" <= letter <= "\u04ff" for letter in name):
        found.append(("warning", "mixed-alphabet", number, "name"))
    found.extend(("error", code, number, work.CHECKS[code]) for code in wrong)
    if wrong:
        continue
    # evaluating it for every insured would take many times as long
    decided = decisions.get((plan, risk, age))
    if decided is None:
        decided = decisions[plan, risk, age] = rates.evaluate({"plan": plan, "risk": int(risk), "age": age})["result"]
    days = (last - first).days + 1
    for (_, programme, kopecks), rate in zip((cover for cover in work.COVERS if cover[0] == plan), decided["rates"]):
        key = (kopecks, rate, days)
        premium = premiums.get(key)
        if premium is None:
            premium = premiums[key] = work.premium(kopecks * work.units(rate), days)
        values = (number, id, name, birth, age, decided["band"], int(risk), plan, programme, kopecks, rate, first, last, days,
                  premium)
        for column, value in zip(columns.values(), values):
            column.append(value)
        group = groups.setdefault((plan, programme, decided["band"], int(risk)), [0, 0, 0])
        group[0] += 1
        group[1] += kopecks
        group[2] += premium
        total += premium


def roubles(kopecks):
    return f"{kopecks // 100}.{kopecks % 100:02}"


amounts = {}
for name in ["sum_insured", "premium"]:
    columns[name] = pa.array([amounts.setdefault(kopecks, decimal.Decimal(kopecks).scaleb(-2)) for kopecks in columns[name]],
                             pa.decimal128(18, 2))
pa.parquet.write_table(pa.table(columns), job.path("premiums.parquet"))
if job.is_everything:
    import pyarrow.csv

    import book

    pa.csv.write_csv(pa.table(columns), job.path("premiums.csv"))
    book.write(job.path("quote.xlsx"), list(columns), zip(*(pa.array(column).to_pylist() for column in columns.values())))
with open(job.path("groups.csv"), "w", encoding="utf-8", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["plan", "programme", "age_band", "risk_group", "insured", "sum_insured", "premium"])
    writer.writerows([*key, count, roubles(insured), roubles(premium)] for key, (count, insured, premium) in sorted(groups.items()))
with open(job.path("diagnostics.csv"), "w", encoding="utf-8", newline="") as file:
    csv.writer(file).writerows([("severity", "code", "row", "column"), *found])
for _, code, _, _ in found:
    counts[code] = counts.get(code, 0) + 1
work.done(total, len(columns["row"]), counts)
