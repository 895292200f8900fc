"""The work in pandas: Arrow's reader of CSV, calamine for Excel, texts of Arrow, exact premiums by Python's whole numbers.

There are no whole numbers of 128 bits here, so that each premium is worked out once for every pair of a rate and a number of
days that occurs, and joined.
"""

import decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet

import work

job = work.Job()
PLAIN = "%d.%m.%Y"

if job.is_excel:
    roster = pd.read_excel(job.roster, engine="calamine", dtype=object, header=0, names=work.COLUMNS, keep_default_na=False)
else:
    roster = pd.read_csv(job.roster, sep=";", engine="pyarrow", dtype=str, header=0, names=work.COLUMNS, keep_default_na=False)

birth_text, start_text, end_text = roster["birth"], roster["start"], roster["end"]


def day(values):
    """Days; most cells of an Excel sheet are days already."""
    if job.is_excel:
        is_text = values.map(type) == str
        days = pd.to_datetime(values.mask(is_text), errors="coerce")
        return days.fillna(pd.to_datetime(values.where(is_text), format=PLAIN, errors="coerce"))
    return pd.to_datetime(values.where(values.str.len() == 10), format=PLAIN, errors="coerce")


start, end = pd.Timestamp(work.START), pd.Timestamp(work.END)
birth, own_start, own_end = day(birth_text), day(start_text), day(end_text)
first, last = own_start.fillna(start), own_end.fillna(end)
given = {column: roster[column].notna() & (roster[column] != "") for column in work.COLUMNS}
name = roster["name"].astype("string[pyarrow]").fillna("")
folded = name.str.lower().str.replace(" ", "", regex=False).str.translate(str.maketrans(work.ALIKE_FROM, work.ALIKE_TO))
ids = roster["id"].astype("string[pyarrow]")
risk = pd.to_numeric(roster["risk"], errors="coerce")
plan = roster["plan"].astype("string[pyarrow]").fillna("")
row = pd.Series(range(2, len(roster) + 2), index=roster.index)
before_birthday = (first.dt.month * 32 + first.dt.day) < (birth.dt.month * 32 + birth.dt.day)
age = first.dt.year - birth.dt.year - before_birthday
first_birth = pd.Timestamp(work.FIRST_BIRTH)
first_of_person = row.groupby([folded, birth], sort=False).transform("min")
first_of_id = row.groupby(ids, sort=False).transform("min")

checks = {
    "missing-name": ~given["name"],
    "missing-birth-date": ~given["birth"],
    "bad-birth-date": given["birth"] & (birth.isna() | (birth < first_birth) | (birth > first)),
    "missing-risk-group": ~given["risk"],
    "bad-risk-group": given["risk"] & ~risk.isin(work.RISK_GROUPS),
    "missing-plan": ~given["plan"],
    "unknown-plan": given["plan"] & ~plan.isin(work.PLANS),
    "bad-cover-dates": given["start"] & own_start.isna() | given["end"] & own_end.isna()
    | (first < start) | (last > end) | (first > last),
    "duplicate-insured": given["name"] & birth.notna() & (row > first_of_person),
    "duplicate-id": given["id"] & (row > first_of_id) & (first_of_person.isna() | (first_of_person > first_of_id)),
    "age-outside-tariff": (age > work.LAST_AGE) & (birth >= first_birth),
    "mixed-alphabet": name.str.contains("[A-Za-z]") & name.str.contains("[Ѐ-ӿ]"),
}

found = pd.concat([
    pd.DataFrame({"severity": "warning" if code in work.WARNINGS else "error", "code": code, "row": row[is_wrong],
                  "column": work.CHECKS[code]})
    for code, is_wrong in checks.items()
])
found.sort_values("row").to_csv(job.path("diagnostics.csv"), index=False)

clean = ~pd.concat([checks[code] for code in checks if code not in work.WARNINGS], axis=1).any(axis=1)
rates = pd.DataFrame(job.rates(), columns=["plan", "place", "programme", "kopecks", "risk_group", "age", "age_band", "rate",
                                           "numerator"])
rates["cell"] = range(len(rates))
numerators = rates.pop("numerator").tolist()
rates["plan"] = rates["plan"].astype("string[pyarrow]")
insured = pd.DataFrame({"row": row, "id": ids, "name": name, "birth_date": birth, "plan": plan, "risk_group": risk, "age": age,
                        "start": first, "end": last, "days": (last - first).dt.days + 1})[clean]
insured = insured.astype({"risk_group": "int64", "age": "int64"})
lines = insured.merge(rates, on=["plan", "risk_group", "age"])
pairs = lines[["cell", "days"]].drop_duplicates()
pairs["premium_kopecks"] = [work.premium(numerators[cell], days) for cell, days in zip(pairs["cell"], pairs["days"])]
lines = lines.merge(pairs, on=["cell", "days"])
lines = lines.sort_values(["row", "place"])


def roubles(kopecks):
    """Whole kopecks as decimals, each different amount once."""
    codes, amounts = pd.factorize(kopecks)
    amounts = pa.array([decimal.Decimal(int(amount)).scaleb(-2) for amount in amounts], pa.decimal128(18, 2))
    return pa.DictionaryArray.from_arrays(pa.array(codes), amounts).dictionary_decode()


columns = {column: pa.array(lines[column]) for column in
           ["row", "id", "name", "age", "age_band", "risk_group", "plan", "programme", "rate", "days"]}
columns |= {target: pa.array(lines[column]).cast(pa.date32())
            for target, column in [("birth_date", "birth_date"), ("start", "start"), ("end", "end")]}
columns |= {"sum_insured": roubles(lines["kopecks"]), "premium": roubles(lines["premium_kopecks"])}
pa.parquet.write_table(pa.table(columns), job.path("premiums.parquet"))
if job.is_everything:
    import pyarrow.csv

    import book

    pa.csv.write_csv(pa.table(columns), job.path("premiums.csv"))
    book.write(job.path("quote.xlsx"), list(columns), zip(*(column.to_pylist() for column in columns.values())))
groups = lines.groupby(["plan", "programme", "age_band", "risk_group"])
groups = groups.agg(insured=("row", "size"), sum_insured=("kopecks", "sum"), premium=("premium_kopecks", "sum")).reset_index()
for column in ["sum_insured", "premium"]:
    groups[column] = [f"{kopecks // 100}.{kopecks % 100:02}" for kopecks in groups[column]]
groups.to_csv(job.path("groups.csv"), index=False)
work.done(lines["premium_kopecks"].sum(), len(lines), found["code"].value_counts().to_dict())
