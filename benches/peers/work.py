"""The inputs of all peers: the terms of the contract, the rates, the codes of diagnostics and the folder of the result.

The rates come from `rates.csv` of `kollektiv`, so that no peer has to work out any. A rate is a whole number of
1 / RATE_UNIT, and they stand by age, so that they can be joined by equality.
"""

import csv
import datetime
import json
import os
import sys

START, END = datetime.date(2026, 12, 1), datetime.date(2027, 11, 30)
YEAR_DAYS = 365
FIRST_BIRTH = datetime.date(1900, 1, 1)
RISK_GROUPS = range(5)
# older insured are referred to an underwriter
LAST_AGE = 79
RATE_UNIT = 10**12
COLUMNS = ["id", "name", "birth", "risk", "plan", "start", "end"]

# Plan, programme, sum insured in kopecks, in the order of the contract.
COVERS = [
    ("А", "16", 120_000_00),
    ("Б", "16", 150_000_00),
    ("Б", "17", 300_000_00),
    ("В", "3a", 500_000_00),
    ("В", "8", 64_999_99),
    ("В", "15", 50_000_00),
    ("В", "16", 200_000_00),
]
PLANS = sorted({plan for plan, _, _ in COVERS})

# Folds names for comparison: lowercase without spaces, е for ё, Cyrillic for similar Latin letters.
ALIKE_FROM, ALIKE_TO = "ёabcehkmoptxy", "еавсенкмортху"

# The diagnostics with their columns; the last two are warnings.
CHECKS = {
    "missing-name": "name",
    "missing-birth-date": "birth",
    "bad-birth-date": "birth",
    "missing-risk-group": "risk",
    "bad-risk-group": "risk",
    "missing-plan": "plan",
    "unknown-plan": "plan",
    "bad-cover-dates": "start",
    "duplicate-insured": "name",
    "duplicate-id": "id",
    "age-outside-tariff": "birth",
    "mixed-alphabet": "name",
}
WARNINGS = {"mixed-alphabet"}


class Job:
    """A job from the command line: `peer.py ROSTER RATES OUT KIND`."""

    def __init__(self):
        self.roster, rates, self.out, self.kind = sys.argv[1:]
        self.is_excel = self.roster.endswith(".xlsx")
        self.is_everything = self.kind == "everything"
        os.makedirs(self.out, exist_ok=True)
        with open(rates, encoding="utf-8") as file:
            self.steps = list(csv.DictReader(file))

    def rates(self):
        """The rates by age: plan, place of the cover, programme, sum insured in kopecks, risk group, age, band, rate as
        text, and the whole number by which days are multiplied."""
        rates = []
        for place, (plan, programme, kopecks) in enumerate(COVERS):
            for step in self.steps:
                if (step["plan"], step["programme"]) == (plan, programme):
                    for age in range(int(step["age_from"]), int(step["age_to"]) + 1):
                        rates.append((plan, place, programme, kopecks, int(step["risk_group"]), age, step["age_band"],
                                      step["rate"], kopecks * units(step["rate"])))
        return rates

    def path(self, name):
        return os.path.join(self.out, name)


# premium in kopecks = numerator × days ÷ DIVISOR, the half away from zero
DIVISOR = 100 * RATE_UNIT * YEAR_DAYS


def units(rate):
    """A rate with all its digits as a whole number."""
    whole, _, fraction = rate.partition(".")
    digits = len(str(RATE_UNIT)) - 1
    assert len(fraction) <= digits, rate
    return int(whole) * RATE_UNIT + int(fraction.ljust(digits, "0"))


def premium(numerator, days):
    """The premium in kopecks."""
    return (2 * numerator * days + DIVISOR) // (2 * DIVISOR)


def done(total_kopecks, lines, diagnostics):
    """Prints the result for the comparison."""
    counts = {code: int(count) for code, count in diagnostics.items() if count}
    print(json.dumps({"total": int(total_kopecks), "lines": int(lines), "diagnostics": dict(sorted(counts.items()))}))
