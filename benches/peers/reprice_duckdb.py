"""The repricing in DuckDB: one SQL text from Parquet to Parquet, 128-bit integers, all cores."""

import os
import sys

import duckdb

from reprice_work import EFFECTIVE, SCALE

lines, rates, out = sys.argv[1:]
os.makedirs(out, exist_ok=True)
UNIT = f"({100 * 10**SCALE}::HUGEINT * year_days)"


def amount(rate, days):
    """Kopecks of a rate for some days, the half away from zero; no amount is negative."""
    return f"((2::HUGEINT * kopecks * {rate} * {days} + {UNIT}) // (2 * {UNIT}))::BIGINT"


def roubles(kopecks):
    return f"({kopecks}::DECIMAL(18, 0) * 0.01::DECIMAL(3, 2))::DECIMAL(18, 2)"


db = duckdb.connect()
db.execute("SET preserve_insertion_order = false")
db.execute(f"""
CREATE TEMP TABLE priced AS
SELECT *, days > 0 AS in_force, {amount('step', 'days')} AS additional, {amount('before', 'days')} AS unexpired,
  CASE WHEN days > 0 THEN {amount('before', 'year_days')} ELSE 0 END AS annual_before,
  CASE WHEN days > 0 THEN {amount('after', 'year_days')} ELSE 0 END AS annual_after
FROM (
  SELECT *, greatest(("end" - "from") + 1, 0) AS days
  FROM (
    SELECT number, insured, sum_insured, (sum_insured * 100)::BIGINT AS kopecks, greatest("start", DATE '{EFFECTIVE}') AS "from", "end",
      rates.* EXCLUDE (number, cell)
    FROM read_parquet('{lines}') AS lines JOIN '{rates}' AS rates USING (number, cell)))""")
db.execute(f"""COPY (SELECT number, insured, plan, programme, risk_group, sum_insured, rate_before, rate_after, "from", "end",
    days AS unexpired_days, {roubles('additional')} AS additional
  FROM priced WHERE in_force) TO '{os.path.join(out, "lines.parquet")}' (FORMAT parquet)""")
sums = ", ".join(f"{roubles(f'sum({name})')} AS {name}" for name in ["annual_before", "annual_after", "additional", "unexpired"])
db.execute(f"""COPY (SELECT number, count(*) AS lines, count(*) FILTER (in_force) AS lines_repriced, {sums}
  FROM priced GROUP BY number ORDER BY number) TO '{os.path.join(out, "contracts.csv")}' (HEADER)""")
