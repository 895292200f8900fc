"""The cells of a book's cube with the rates before and after the change as whole numbers: `reprice_rates.py CUBE TABLE`."""

import sys
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

from reprice_work import COEFFICIENT, SCALE

cube, table = sys.argv[1:]
cells = pq.read_table(cube, columns=["number", "cell", "plan", "programme", "risk_group", "year_days", "rate"])
before = cells["rate"].to_pylist()
after = [rate * COEFFICIENT for rate in before]


def text(rate):
    return f"{rate.normalize():f}"


def units(rates):
    scaled = [rate.scaleb(SCALE) for rate in rates]
    assert all(unit == int(unit) for unit in scaled), "a rate has more digits than are kept"
    return pa.array([int(unit) for unit in scaled], pa.int64())


columns = {name: cells[name] for name in ["number", "cell", "plan", "programme", "risk_group", "year_days"]}
columns |= {"rate_before": pa.array(map(text, before)), "rate_after": pa.array(map(text, after)),
            "before": units(before), "after": units(after), "step": units(rate * (COEFFICIENT - Decimal(1)) for rate in before)}
pq.write_table(pa.table(columns), table)
