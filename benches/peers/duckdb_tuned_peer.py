"""The work in DuckDB for the least time: no order kept, integer join keys, and texts compared only where their hashes repeat.

The same judgements as `duckdb_peer.py`. A cell of the rate table is one integer; premiums of a full year are rounded once a cell.
"""

import duckdb
import pyarrow as pa

import work

LATE_CHECKS = {"duplicate-insured", "duplicate-id", "mixed-alphabet"}

job = work.Job()
db = duckdb.connect()
db.execute("SET preserve_insertion_order = false")
if job.is_excel:
    import fastexcel

    cells = fastexcel.read_excel(job.roster).load_sheet(
        0, dtypes="string", column_names=work.COLUMNS, header_row=None, skip_rows=1).to_arrow()
    source = "cells"
    day = "coalesce(try_strptime({0}, ['%Y-%m-%d', '%Y-%m-%d %H:%M:%S']), try_strptime({0}, '%d.%m.%Y'))::DATE"
else:
    types = ", ".join(f"'{name}': 'VARCHAR'" for name in work.COLUMNS)
    source = (f"read_csv('{job.roster}', header = true, delim = ';', quote = '', escape = '', auto_detect = false, "
              f"columns = {{{types}}})")
    day = "try_strptime({0}, '%d.%m.%Y')::DATE"
folded = f"translate(replace(lower(name), ' ', ''), '{work.ALIKE_FROM}', '{work.ALIKE_TO}')"
plan_number = "CASE plan " + " ".join(f"WHEN '{plan}' THEN {number}" for number, plan in enumerate(work.PLANS)) + " END"
cell = "(({plan}) * 5 + {risk}) * 128 + {age}"

db.execute(f"""
CREATE TEMP TABLE judged AS
WITH parsed AS (
  SELECT row_number() OVER () + 1 AS row, *, {day.format('birth')} AS birth_date, {day.format('start')} AS own_start,
    {day.format('"end"')} AS own_end, try_cast(risk AS TINYINT) AS risk_group, {plan_number} AS plan_number
  FROM {source}),
covered AS (
  SELECT *, coalesce(own_start, DATE '{work.START}') AS first_day, coalesce(own_end, DATE '{work.END}') AS last_day FROM parsed),
aged AS (
  SELECT *, year(first_day) - year(birth_date)
    - (month(first_day) * 32 + day(first_day) < month(birth_date) * 32 + day(birth_date))::INTEGER AS age
  FROM covered)
SELECT row, id, name, birth_date, plan_number, risk_group, first_day, last_day, age,
  CASE WHEN birth_date IS NOT NULL THEN hash({folded}, birth_date) END AS person,
  regexp_matches(name, '[A-Za-z]') AS has_latin,
  coalesce(name, '') = '' AS "missing-name",
  coalesce(birth, '') = '' AS "missing-birth-date",
  coalesce(birth, '') <> '' AND (birth_date IS NULL OR birth_date < DATE '{work.FIRST_BIRTH}' OR birth_date > first_day)
    AS "bad-birth-date",
  coalesce(risk, '') = '' AS "missing-risk-group",
  coalesce(risk, '') <> '' AND coalesce(risk_group NOT BETWEEN 0 AND 4, true) AS "bad-risk-group",
  coalesce(plan, '') = '' AS "missing-plan",
  coalesce(plan, '') <> '' AND plan_number IS NULL AS "unknown-plan",
  own_start IS NULL AND coalesce("start", '') <> '' OR own_end IS NULL AND coalesce("end", '') <> ''
    OR first_day < DATE '{work.START}' OR last_day > DATE '{work.END}' OR first_day > last_day AS "bad-cover-dates",
  age > {work.LAST_AGE} AND birth_date >= DATE '{work.FIRST_BIRTH}' AS "age-outside-tariff"
FROM aged""")

db.execute(f"""
CREATE TEMP TABLE repeated AS
WITH people AS (SELECT person FROM judged GROUP BY person HAVING count(*) > 1),
ids AS (SELECT hash(id) AS id_hash FROM judged GROUP BY ALL HAVING count(*) > 1),
candidates AS (
  SELECT row, id, birth_date, {folded} AS folded FROM judged
  WHERE person IN (SELECT person FROM people) OR hash(id) IN (SELECT id_hash FROM ids)),
firsts AS (
  SELECT *, CASE WHEN birth_date IS NOT NULL THEN min(row) OVER (PARTITION BY folded, birth_date) END AS first_of_person,
    min(row) OVER (PARTITION BY id) AS first_of_id
  FROM candidates)
SELECT row, coalesce(folded <> '' AND birth_date IS NOT NULL AND row > first_of_person, false) AS "duplicate-insured",
  coalesce(id <> '' AND row > first_of_id AND (first_of_person IS NULL OR first_of_person > first_of_id), false) AS "duplicate-id"
FROM firsts""")


def rows_with(code):
    """The rows of the diagnostics of a code."""
    if code == "mixed-alphabet":
        return "judged WHERE has_latin AND regexp_matches(name, '[Ѐ-ӿ]')"
    return f'{"repeated" if code in LATE_CHECKS else "judged"} WHERE "{code}"'


found = " UNION ALL ".join(
    f"""SELECT '{"warning" if code in work.WARNINGS else "error"}' AS severity, '{code}' AS code, row, '{column}' AS "column"
    FROM {rows_with(code)}"""
    for code, column in work.CHECKS.items())
db.execute(f"CREATE TEMP TABLE diagnostics AS {found}")
db.execute(f"COPY (FROM diagnostics ORDER BY row) TO '{job.path('diagnostics.csv')}' (HEADER)")

names = ["plan", "place", "programme", "kopecks", "risk_group", "age", "age_band", "rate", "numerator", "full_year"]
values = [[*rate[:-1], str(rate[-1]), work.premium(rate[-1], work.YEAR_DAYS)] for rate in job.rates()]
given = pa.table(dict(zip(names, map(list, zip(*values)))))
db.execute(f"""
CREATE TEMP TABLE rates AS
SELECT {cell.format(plan=plan_number, risk='risk_group', age='age')} AS cell, plan, programme, age_band, rate,
  numerator::HUGEINT AS numerator, (kopecks::DECIMAL(18, 0) * 0.01::DECIMAL(3, 2))::DECIMAL(18, 2) AS sum_insured, full_year
FROM given""")
is_clean = " AND ".join(f'NOT coalesce("{code}", false)' for code in work.CHECKS if code not in LATE_CHECKS)
divisor = f"{2 * work.DIVISOR}::HUGEINT"
lines = f"""
WITH priced AS (
  SELECT *, last_day - first_day + 1 AS days, {cell.format(plan='plan_number', risk='risk_group', age='age')} AS cell
  FROM judged
  WHERE {is_clean} AND row NOT IN (SELECT row FROM repeated WHERE "duplicate-insured" OR "duplicate-id"))
SELECT row, id, name, birth_date, age::SMALLINT AS age, age_band, risk_group, plan, programme, sum_insured, rate,
  first_day AS "start", last_day AS "end", days::SMALLINT AS days,
  ((CASE WHEN days = {work.YEAR_DAYS} THEN full_year
    ELSE ((2 * numerator * days + {work.DIVISOR}::HUGEINT) // {divisor})::BIGINT END)::DECIMAL(18, 0)
    * 0.01::DECIMAL(3, 2))::DECIMAL(18, 2) AS premium
FROM priced JOIN rates USING (cell)"""
if job.is_everything:
    import tuned_book

    db.execute(f"CREATE TEMP TABLE lines AS {lines}")
    lines = "FROM lines"
    db.execute(f"COPY lines TO '{job.path('premiums.csv')}' (HEADER)")
    tuned_book.write(job.path("quote.xlsx"), [column[0] for column in db.execute("DESCRIBE lines").fetchall()],
                     db.execute("SELECT * FROM lines ORDER BY row").fetchall())
db.execute(f"COPY ({lines}) TO '{job.path('premiums.parquet')}' (FORMAT parquet, COMPRESSION snappy)")
db.execute(f"""CREATE TEMP TABLE groups AS
SELECT plan, programme, age_band, risk_group, count(*) AS insured, sum(sum_insured) AS sum_insured, sum(premium) AS premium
FROM read_parquet('{job.path('premiums.parquet')}') GROUP BY ALL""")
db.execute(f"COPY (FROM groups ORDER BY ALL) TO '{job.path('groups.csv')}' (HEADER)")
total, count = db.execute("SELECT sum(premium) * 100, sum(insured) FROM groups").fetchone()
work.done(total, count, dict(db.execute("SELECT code, count(*) FROM diagnostics GROUP BY code").fetchall()))
