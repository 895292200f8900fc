"""The repricing in Polars: streamed from file to file, 128-bit integers, all cores."""

import os
import sys

import polars as pl

from reprice_work import EFFECTIVE, SCALE

lines, rates, out = sys.argv[1:]
os.makedirs(out, exist_ok=True)
UNIT = pl.lit(100 * 10**SCALE, pl.Int128)
effective = pl.lit(EFFECTIVE)
whole = {name: pl.col(name).cast(pl.Int128) for name in ["kopecks", "days", "year_days", "before", "after", "step"]}


def amount(rate, days):
    """Kopecks of a rate for some days, the half away from zero; no amount is negative."""
    divisor = UNIT * whole["year_days"]
    return ((2 * whole["kopecks"] * whole[rate] * whole[days] + divisor) // (2 * divisor)).cast(pl.Int64)


def roubles(kopecks):
    return (pl.col(kopecks).cast(pl.Decimal(20, 2)) / pl.lit(100, pl.Decimal(5, 0))).cast(pl.Decimal(18, 2))


priced = (
    pl.scan_parquet(lines)
    .select("number", "insured", "cell", "sum_insured", "start", "end")
    .join(pl.scan_parquet(rates), on=["number", "cell"])
    .with_columns(pl.max_horizontal("start", effective).alias("from"), kopecks=(pl.col("sum_insured") * 100).cast(pl.Int64))
    .with_columns(days=((pl.col("end") - pl.col("from")).dt.total_days() + 1).clip(0))
    .with_columns(in_force=pl.col("days") > 0)
    .with_columns(additional=amount("step", "days"), unexpired=amount("before", "days"),
                  annual_before=pl.when("in_force").then(amount("before", "year_days")).otherwise(0),
                  annual_after=pl.when("in_force").then(amount("after", "year_days")).otherwise(0))
)
written = (
    priced.filter("in_force")
    .select("number", "insured", "plan", "programme", "risk_group", "sum_insured", "rate_before", "rate_after", "from", "end",
            pl.col("days").alias("unexpired_days"), roubles("additional").alias("additional"))
    .sink_parquet(os.path.join(out, "lines.parquet"), compression="snappy", statistics=False, maintain_order=False, lazy=True)
)
sums = (
    priced.group_by("number")
    .agg(pl.len().alias("lines"), pl.sum("in_force").alias("lines_repriced"),
         *(pl.sum(name) for name in ["annual_before", "annual_after", "additional", "unexpired"]))
)
# both in one pass over the book
_, sums = pl.collect_all([written, sums], engine="streaming")
(
    sums.sort("number")
    .with_columns(roubles(name).alias(name) for name in ["annual_before", "annual_after", "additional", "unexpired"])
    .write_csv(os.path.join(out, "contracts.csv"))
)
