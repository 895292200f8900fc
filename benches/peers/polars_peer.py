"""The work in Polars: lazy frames, 128-bit integers, all cores."""

import polars as pl

import work

job = work.Job()
PLAIN, ISO = "%d.%m.%Y", "%Y-%m-%d"

if job.is_excel:
    read = pl.read_excel(job.roster, engine="calamine", has_header=True,
                         read_options={"dtypes": "string", "column_names": work.COLUMNS, "header_row": None, "skip_rows": 1})
    roster = read.lazy()
else:
    roster = pl.scan_csv(job.roster, separator=";", has_header=False, skip_rows=1,
                         schema={name: pl.String for name in work.COLUMNS})


def day(column):
    text = pl.col(column)
    plain = pl.when(text.str.len_bytes() == 10).then(text).str.to_date(PLAIN, strict=False)
    return pl.coalesce(text.str.head(10).str.to_date(ISO, strict=False), plain) if job.is_excel else plain


def given(column):
    return pl.col(column).is_not_null() & (pl.col(column) != "")


start, end = pl.lit(work.START), pl.lit(work.END)
folded = pl.col("name").str.to_lowercase().str.replace_many([" ", *work.ALIKE_FROM], ["", *work.ALIKE_TO])
birth, first, last = pl.col("birth_date"), pl.col("first_day"), pl.col("last_day")
before_birthday = (first.dt.month().cast(pl.Int32) * 32 + first.dt.day()) < (birth.dt.month().cast(pl.Int32) * 32 + birth.dt.day())
place = pl.col("row")

judged = (
    roster.with_row_index("row", offset=2)
    .with_columns(birth_date=day("birth"), own_start=day("start"), own_end=day("end"), folded=folded,
                  risk_group=pl.col("risk").cast(pl.Int8, strict=False))
    .with_columns(first_day=pl.coalesce("own_start", start), last_day=pl.coalesce("own_end", end))
    .with_columns(
        age=(first.dt.year() - birth.dt.year() - before_birthday.cast(pl.Int32)).cast(pl.Int16),
        first_of_person=pl.when(birth.is_not_null()).then(place.min().over("folded", "birth_date")),
        first_of_id=place.min().over("id"),
    )
    .with_columns(**{
        "missing-name": ~given("name"),
        "missing-birth-date": ~given("birth"),
        "bad-birth-date": given("birth") & (birth.is_null() | (birth < work.FIRST_BIRTH) | (birth > first)),
        "missing-risk-group": ~given("risk"),
        "bad-risk-group": given("risk") & ~pl.col("risk_group").is_in(list(work.RISK_GROUPS)).fill_null(False),
        "missing-plan": ~given("plan"),
        "unknown-plan": given("plan") & ~pl.col("plan").is_in(work.PLANS),
        "bad-cover-dates": (given("start") & pl.col("own_start").is_null()) | (given("end") & pl.col("own_end").is_null())
        | (first < start) | (last > end) | (first > last),
        "duplicate-insured": given("name") & birth.is_not_null() & (place > pl.col("first_of_person")),
        "duplicate-id": given("id") & (place > pl.col("first_of_id"))
        & (pl.col("first_of_person").is_null() | (pl.col("first_of_person") > pl.col("first_of_id"))),
        "age-outside-tariff": (pl.col("age") > work.LAST_AGE) & (birth >= work.FIRST_BIRTH),
        "mixed-alphabet": pl.col("name").str.contains("[A-Za-z]") & pl.col("name").str.contains("[Ѐ-ӿ]"),
    })
    .with_columns(pl.col(list(work.CHECKS)).fill_null(False))
    .collect(engine="streaming" if not job.is_excel else "auto")
)

found = pl.concat(
    judged.filter(pl.col(code)).select(
        severity=pl.lit("warning" if code in work.WARNINGS else "error"), code=pl.lit(code), row="row", column=pl.lit(column))
    for code, column in work.CHECKS.items()
)
found.sort("row").write_csv(job.path("diagnostics.csv"))

rates = pl.DataFrame(job.rates(), orient="row", schema={
    "plan": pl.String, "place": pl.Int8, "programme": pl.String, "kopecks": pl.Int64, "risk_group": pl.Int8, "age": pl.Int16,
    "age_band": pl.String, "rate": pl.String, "numerator": pl.Int128})
days = (last - first).dt.total_days() + 1


def roubles(kopecks):
    return (kopecks.cast(pl.Decimal(20, 2)) / pl.lit(100, pl.Decimal(5, 0))).cast(pl.Decimal(18, 2))


lines = (
    judged.lazy()
    .filter(~pl.any_horizontal([code for code in work.CHECKS if code not in work.WARNINGS]))
    .join(rates.lazy(), on=["plan", "risk_group", "age"])
    .with_columns(days=days.cast(pl.Int16))
    .with_columns(premium_kopecks=((pl.col("numerator") * pl.col("days") * 2 + pl.lit(work.DIVISOR, pl.Int128))
                                   // pl.lit(2 * work.DIVISOR, pl.Int128)).cast(pl.Int64))
    .select("row", "id", "name", "birth_date", "age", "age_band", "risk_group", "plan", "programme",
            roubles(pl.col("kopecks")).alias("sum_insured"), "rate", first.alias("start"), last.alias("end"), "days",
            roubles(pl.col("premium_kopecks")).alias("premium"), "premium_kopecks")
    .collect()
)
kopecks = lines["premium_kopecks"].sum()
lines = lines.drop("premium_kopecks")
lines.write_parquet(job.path("premiums.parquet"))
if job.is_everything:
    import book

    lines.write_csv(job.path("premiums.csv"))
    book.write(job.path("quote.xlsx"), lines.columns, lines.iter_rows())
(
    lines.group_by("plan", "programme", "age_band", "risk_group")
    .agg(pl.len().alias("insured"), pl.sum("sum_insured"), pl.sum("premium"))
    .sort("plan", "programme", "age_band", "risk_group")
    .write_csv(job.path("groups.csv"))
)
work.done(kopecks, lines.height, dict(found["code"].value_counts().iter_rows()))
