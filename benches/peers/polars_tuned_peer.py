"""The work in Polars for the least time: integer join keys, categories for repeated texts, hashes before windows, streamed lines.

The same judgements as `polars_peer.py`. The columns that decide are short numbers: a cell of the rate table is one integer, a person
is a hash. Only rows whose hash or id occurs twice are compared by their texts. Rates of a full year are rounded once a cell.
"""

import polars as pl

import work

PLAIN_DAY, ISO_DAY = "%d.%m.%Y", "%Y-%m-%d"
# found by comparison with other rows, or of a few rows only
LATE_CHECKS = ("duplicate-insured", "duplicate-id", "mixed-alphabet")
PLAN_NUMBERS = {plan: number for number, plan in enumerate(work.PLANS)}
AGES = 128
HASH_FACTOR = 0x9E37_79B9_7F4A_7C15

job = work.Job()


def scan():
    """The rows of the roster as texts, numbered as in a spreadsheet."""
    if not job.is_excel:
        return pl.scan_csv(job.roster, separator=";", has_header=False, skip_rows=1, row_index_name="row", row_index_offset=2,
                           schema=dict.fromkeys(work.COLUMNS, pl.String))
    options = {"dtypes": "string", "column_names": work.COLUMNS, "header_row": None, "skip_rows": 1}
    return pl.read_excel(job.roster, engine="calamine", has_header=True, read_options=options).lazy().with_row_index("row", offset=2)


def parsed_day(column):
    text = pl.col(column)
    plain = pl.when(text.str.len_bytes() == 10).then(text).str.to_date(PLAIN_DAY, strict=False)
    if not job.is_excel:
        return plain
    return pl.coalesce(text.str.head(10).str.to_date(ISO_DAY, strict=False), plain)


def is_given(column):
    return pl.col(column).is_not_null() & (pl.col(column) != "")


def day_of_year(day):
    return day.dt.month().cast(pl.Int32) * 32 + day.dt.day()


def cell_number(plan, risk_group, age):
    return (plan * len(work.RISK_GROUPS) + risk_group) * AGES + age


def rounded_kopecks(days):
    divisor = pl.lit(2 * work.DIVISOR, pl.Int128)
    return ((pl.col("numerator") * days * 2 + pl.lit(work.DIVISOR, pl.Int128)) // divisor).cast(pl.Int64)


def roubles(kopecks):
    return (kopecks.cast(pl.Decimal(20, 2)) / pl.lit(100, pl.Decimal(5, 0))).cast(pl.Decimal(18, 2))


contract_start, contract_end = pl.lit(work.START), pl.lit(work.END)
birth, first, last = pl.col("birth_date"), pl.col("first_day"), pl.col("last_day")
folded_name = pl.col("name").str.to_lowercase().str.replace_many([" ", *work.ALIKE_FROM], ["", *work.ALIKE_TO])
person = folded_name.hash(1) + birth.to_physical().cast(pl.Int64).reinterpret(signed=False) * HASH_FACTOR
years = first.dt.year() - birth.dt.year() - (day_of_year(first) < day_of_year(birth)).cast(pl.Int32)
bad_days = ((is_given("start") & pl.col("own_start").is_null()) | (is_given("end") & pl.col("own_end").is_null())
            | (first < contract_start) | (last > contract_end) | (first > last))
early_checks = {
    "missing-name": ~is_given("name"),
    "missing-birth-date": ~is_given("birth"),
    "bad-birth-date": is_given("birth") & (birth.is_null() | (birth < work.FIRST_BIRTH) | (birth > first)),
    "missing-risk-group": ~is_given("risk"),
    "bad-risk-group": is_given("risk") & ~pl.col("risk_group").is_between(0, 4).fill_null(False),
    "missing-plan": ~is_given("plan"),
    "unknown-plan": is_given("plan") & pl.col("plan_number").is_null(),
    "bad-cover-dates": bad_days,
    "age-outside-tariff": (pl.col("age") > work.LAST_AGE) & (birth >= work.FIRST_BIRTH),
}
assert {*early_checks, *LATE_CHECKS} == {*work.CHECKS}

judged = (
    scan()
    .with_columns(birth_date=parsed_day("birth"), own_start=parsed_day("start"), own_end=parsed_day("end"),
                  risk_group=pl.col("risk").cast(pl.Int8, strict=False),
                  plan_number=pl.col("plan").replace_strict(PLAN_NUMBERS, default=None, return_dtype=pl.Int32))
    .with_columns(first_day=pl.coalesce("own_start", contract_start), last_day=pl.coalesce("own_end", contract_end))
    .with_columns(age=years.cast(pl.Int16), person=pl.when(birth.is_not_null()).then(person),
                  has_latin=pl.col("name").str.contains("[A-Za-z]"),
                  has_own_days=pl.col("own_start").is_not_null() | pl.col("own_end").is_not_null())
    .with_columns(**early_checks)
    .select("row", "id", "name", "birth_date", "risk_group", "plan_number", "first_day", "last_day", "age", "person", "has_latin",
            "has_own_days", pl.col(list(early_checks)).fill_null(False))
    .collect(engine="auto" if job.is_excel else "streaming")
)


def repetitions():
    """The rows that repeat an insured or an id of a row before."""
    row, of_person, of_id = pl.col("row"), pl.col("first_of_person"), pl.col("first_of_id")
    candidates = judged.filter((pl.col("person").is_not_null() & pl.col("person").is_duplicated()) | pl.col("id").is_duplicated())
    return (
        candidates.with_columns(folded=folded_name)
        .with_columns(first_of_person=pl.when(birth.is_not_null()).then(row.min().over("folded", "birth_date")),
                      first_of_id=row.min().over("id"))
        .select("row", **{
            "duplicate-insured": (is_given("name") & birth.is_not_null() & (row > of_person)).fill_null(False),
            "duplicate-id": (is_given("id") & (row > of_id) & (of_person.is_null() | (of_person > of_id))).fill_null(False),
        })
    )


def diagnostics(repeated):
    """A row for each mistake, as all peers write it."""
    mixed = judged.filter("has_latin").filter(pl.col("name").str.contains("[Ѐ-ӿ]"))
    rows = {code: judged.filter(code) for code in early_checks}
    rows |= {code: repeated.filter(code) for code in ("duplicate-insured", "duplicate-id")} | {"mixed-alphabet": mixed}
    return pl.concat(
        rows[code].select(severity=pl.lit("warning" if code in work.WARNINGS else "error"), code=pl.lit(code), row="row",
                          column=pl.lit(column))
        for code, column in work.CHECKS.items())


repeated = repetitions()
found = diagnostics(repeated)
found.sort("row").write_csv(job.path("diagnostics.csv"))
repeated_rows = repeated.filter(pl.col("duplicate-insured") | pl.col("duplicate-id"))["row"]
priced = judged.filter(~pl.any_horizontal(list(early_checks)))
if len(repeated_rows):
    priced = priced.filter(~pl.col("row").is_in(repeated_rows.implode()))
priced = priced.lazy().select("row", "id", "name", "birth_date", "first_day", "last_day", "has_own_days", "age", "risk_group",
                              cell=cell_number(pl.col("plan_number"), pl.col("risk_group"), pl.col("age")))

rates = pl.LazyFrame(job.rates(), orient="row", schema={
    "plan": pl.String, "place": pl.Int8, "programme": pl.String, "kopecks": pl.Int64, "rate_risk": pl.Int32, "years": pl.Int32,
    "age_band": pl.String, "rate": pl.String, "numerator": pl.Int128})
rates = rates.select(
    pl.col("plan", "programme", "age_band", "rate").cast(pl.Categorical), "numerator", sum_insured=roubles(pl.col("kopecks")),
    cell=cell_number(pl.col("plan").replace_strict(PLAN_NUMBERS, return_dtype=pl.Int32), pl.col("rate_risk"), pl.col("years")),
    full_year=rounded_kopecks(work.YEAR_DAYS))
days = ((last - first).dt.total_days() + 1).cast(pl.Int16)


def lines_of(insured, kopecks):
    return insured.join(rates, on="cell").with_columns(kopecks=kopecks).select(
        "row", "id", "name", "birth_date", "age", "age_band", "risk_group", "plan", "programme", "sum_insured", "rate",
        first.alias("start"), last.alias("end"), days.alias("days"), roubles(pl.col("kopecks")).alias("premium"), "kopecks")


of_full_year = lines_of(priced.filter(~pl.col("has_own_days")), pl.col("full_year"))
of_own_days = lines_of(priced.filter("has_own_days"), rounded_kopecks(days.cast(pl.Int128)))
lines = pl.concat([of_full_year, of_own_days])
written = lines.drop("kopecks")
if job.is_everything:
    import tuned_book

    frame = written.collect()
    frame.write_parquet(job.path("premiums.parquet"), compression="snappy", statistics=False)
    frame.write_csv(job.path("premiums.csv"))
    tuned_book.write(job.path("quote.xlsx"), frame.columns, frame.iter_rows())
else:
    written.sink_parquet(job.path("premiums.parquet"), compression="snappy", statistics=False, maintain_order=False)

KEYS = ["plan", "programme", "age_band", "risk_group"]
# equal lines are added up as a product
cells = priced.filter(~pl.col("has_own_days")).group_by("cell", "risk_group").agg(insured=pl.len()).join(rates, on="cell").select(
    *KEYS, "insured", sum_insured=(pl.col("sum_insured") * pl.col("insured")).cast(pl.Decimal(18, 2)),
    kopecks=pl.col("full_year") * pl.col("insured"))
single = of_own_days.group_by(*KEYS).agg(insured=pl.len(), sum_insured=pl.sum("sum_insured").cast(pl.Decimal(18, 2)),
                                         kopecks=pl.sum("kopecks"))
groups = (pl.concat([cells, single], how="vertical_relaxed").group_by(*KEYS)
          .agg(pl.sum("insured"), pl.sum("sum_insured"), pl.sum("kopecks")).sort(*KEYS).collect())
groups.with_columns(premium=roubles(pl.col("kopecks"))).drop("kopecks").write_csv(job.path("groups.csv"))
work.done(groups["kopecks"].sum(), groups["insured"].sum(), dict(found["code"].value_counts().iter_rows()))
