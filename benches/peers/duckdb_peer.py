"""The work in DuckDB: SQL from the file to Parquet, decimals and 128-bit integers, all cores."""

import duckdb
import pyarrow as pa

import work

job = work.Job()
db = duckdb.connect()

if job.is_excel:
    import fastexcel

    sheet = fastexcel.read_excel(job.roster).load_sheet(0, dtypes="string", column_names=work.COLUMNS, header_row=None, skip_rows=1)
    cells = sheet.to_arrow()
    source = "cells"
    day = "coalesce(try_strptime({0}, ['%Y-%m-%d', '%Y-%m-%d %H:%M:%S']), try_strptime({0}, '%d.%m.%Y'))::DATE"
else:
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in work.COLUMNS)
    source = f"read_csv('{job.roster}', header = true, delim = ';', columns = {{{columns}}})"
    day = "try_strptime({0}, '%d.%m.%Y')::DATE"

db.execute(f"""
CREATE TABLE roster AS
SELECT *, coalesce(own_start, DATE '{work.START}') AS first_day, coalesce(own_end, DATE '{work.END}') AS last_day
FROM (SELECT row_number() OVER () + 1 AS row, *,
    {day.format('birth')} AS birth_date, {day.format('start')} AS own_start, {day.format('"end"')} AS own_end,
    try_cast(risk AS INTEGER) AS risk_group,
    translate(replace(lower(name), ' ', ''), '{work.ALIKE_FROM}', '{work.ALIKE_TO}') AS folded
  FROM {source})""")

db.execute(f"""
CREATE TABLE judged AS
SELECT row, id, name, birth_date, plan, risk_group, first_day, last_day,
  coalesce(name, '') = '' AS "missing-name",
  coalesce(birth, '') = '' AS "missing-birth-date",
  coalesce(birth, '') <> '' AND (birth_date IS NULL OR birth_date < DATE '{work.FIRST_BIRTH}' OR birth_date > first_day)
    AS "bad-birth-date",
  coalesce(risk, '') = '' AS "missing-risk-group",
  coalesce(risk, '') <> '' AND coalesce(risk_group NOT BETWEEN {min(work.RISK_GROUPS)} AND {max(work.RISK_GROUPS)}, true)
    AS "bad-risk-group",
  coalesce(plan, '') = '' AS "missing-plan",
  coalesce(plan, '') <> '' AND plan NOT IN ({", ".join(f"'{plan}'" for plan in work.PLANS)}) AS "unknown-plan",
  own_start IS NULL AND coalesce("start", '') <> '' OR own_end IS NULL AND coalesce("end", '') <> ''
    OR first_day < DATE '{work.START}' OR last_day > DATE '{work.END}' OR first_day > last_day AS "bad-cover-dates",
  folded <> '' AND birth_date IS NOT NULL AND row > first_of_person AS "duplicate-insured",
  id <> '' AND row > first_of_id AND (first_of_person IS NULL OR first_of_person > first_of_id) AS "duplicate-id",
  age > {work.LAST_AGE} AND birth_date >= DATE '{work.FIRST_BIRTH}' AS "age-outside-tariff",
  regexp_matches(name, '[A-Za-z]') AND regexp_matches(name, '[Ѐ-ӿ]') AS "mixed-alphabet",
  age
FROM (SELECT *,
    year(first_day) - year(birth_date)
      - (month(first_day) * 32 + day(first_day) < month(birth_date) * 32 + day(birth_date))::INTEGER AS age,
    CASE WHEN birth_date IS NOT NULL THEN min(row) OVER (PARTITION BY folded, birth_date) END AS first_of_person,
    min(row) OVER (PARTITION BY id) AS first_of_id
  FROM roster)""")

found = " UNION ALL ".join(
    f"""SELECT '{"warning" if code in work.WARNINGS else "error"}' AS severity, '{code}' AS code, row, '{column}' AS "column"
    FROM judged WHERE "{code}" """
    for code, column in work.CHECKS.items()
)
db.execute(f"CREATE TABLE diagnostics AS {found}")
db.execute(f"COPY (FROM diagnostics ORDER BY row) TO '{job.path('diagnostics.csv')}' (HEADER)")

fields = ["plan", "place", "programme", "kopecks", "risk_group", "age", "age_band", "rate", "numerator"]
written = pa.table({field: [str(value) if field == "numerator" else value for value in values]
                    for field, values in zip(fields, zip(*job.rates()))})
db.execute("CREATE TABLE rates AS SELECT * REPLACE (numerator::HUGEINT AS numerator) FROM written")

clean = " AND ".join(f'NOT coalesce("{code}", false)' for code in work.CHECKS if code not in work.WARNINGS)
db.execute(f"""
CREATE TABLE lines AS
SELECT row, id, name, birth_date, age::SMALLINT AS age, age_band, risk_group::TINYINT AS risk_group, plan, programme,
  (kopecks::DECIMAL(18, 0) * 0.01::DECIMAL(3, 2))::DECIMAL(18, 2) AS sum_insured, rate, first_day AS "start", last_day AS "end",
  days::SMALLINT AS days,
  (((2 * numerator * days + {work.DIVISOR}::HUGEINT) // {2 * work.DIVISOR}::HUGEINT)::DECIMAL(18, 0)
    * 0.01::DECIMAL(3, 2))::DECIMAL(18, 2) AS premium
FROM (SELECT *, last_day - first_day + 1 AS days FROM judged WHERE {clean}) JOIN rates USING (plan, risk_group, age)""")
db.execute(f"COPY lines TO '{job.path('premiums.parquet')}' (FORMAT parquet)")
if job.is_everything:
    db.execute(f"COPY lines TO '{job.path('premiums.csv')}' (HEADER)")
    import book

    book.write(job.path("quote.xlsx"), [column[0] for column in db.execute("DESCRIBE lines").fetchall()],
                          db.execute("SELECT * FROM lines ORDER BY row").fetchall())
db.execute(f"""COPY (SELECT plan, programme, age_band, risk_group, count(*) AS insured, sum(sum_insured) AS sum_insured,
    sum(premium) AS premium FROM lines GROUP BY ALL ORDER BY ALL) TO '{job.path('groups.csv')}' (HEADER)""")

total, lines = db.execute("SELECT sum(premium) * 100, count(*) FROM lines").fetchone()
work.done(total, lines, dict(db.execute("SELECT code, count(*) FROM diagnostics GROUP BY code").fetchall()))
