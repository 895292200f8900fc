//! `rates.csv`, `groups.csv` and `diagnostics.csv`, read back by the names of their columns.

use crate::base::error::Error;
use crate::base::money::{Kopecks, Rate};
use crate::output::csv_injection::defused;
use crate::quote::exact::Exact;
use crate::quote::files::rates::{FACTOR_COLUMNS, NAME as RATES};
use crate::quote::quote_json::{Plan, QuoteJson};
use crate::quote::saved_quote::source::Source;
use crate::tariff::band::Band;

/// A row of the price list: the rate of a cover for some ages and a risk group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatedCell {
    /// The plan, by its place in [`QuoteJson::plans`].
    pub plan: usize,
    /// The cover, by its place in the plan.
    pub cover: usize,
    /// The ages, in completed years.
    pub ages: Band,
    /// Their band in the table of §2.2, as the tariff prints it.
    pub age_band: String,
    /// The risk group.
    pub risk_group: u8,
    /// The factors by [`FACTOR_COLUMNS`], none where one does not apply; they multiply to the rate.
    pub factors: [Option<Exact>; FACTOR_COLUMNS.len()],
    /// The exact rate.
    pub rate: Exact,
}

/// The insured of one plan and programme, one age band and one risk group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The plan, by its place in [`QuoteJson::plans`].
    pub plan: usize,
    /// The cover, by its place in the plan.
    pub cover: usize,
    /// The age band of §2.2, as the tariff prints it.
    pub age_band: String,
    /// The risk group.
    pub risk_group: u8,
    /// The number of insured.
    pub insured: usize,
    /// The sum of their sums insured.
    pub sum_insured: Kopecks,
    /// The sum of their premiums.
    pub premium: Kopecks,
}

/// A diagnostic of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// `error`, `referral` or `warning`.
    pub severity: String,
    /// The code.
    pub code: String,
    /// The file.
    pub file: String,
    /// The sheet; empty in a file without sheets.
    pub sheet: String,
    /// The number of the row; none where it is about the whole sheet.
    pub row: Option<u32>,
    /// The column as Excel names it; empty where it is about the whole row.
    pub column: String,
    /// The value, masked where it is personal.
    pub value: String,
    /// The message, in the language of the quote.
    pub message: String,
}

/// The covers of a quote, by the texts of a table.
#[derive(Debug)]
pub(super) struct Covers {
    plans: Vec<(String, Vec<String>)>,
}

impl Covers {
    pub fn new(quote: &QuoteJson) -> Self {
        let programmes = |plan: &Plan| plan.covers.iter().map(|cover| cover.programme.clone()).collect::<Vec<_>>();
        let plans = quote.plans.iter().map(|plan| (defused(&plan.code).into_owned(), programmes(plan)));
        Self { plans: plans.collect() }
    }

    /// The plan of a code as a table writes it.
    pub fn plan(&self, code: &str) -> Option<usize> {
        self.plans.iter().position(|(listed, _)| listed == code)
    }

    /// The cover of a programme in a plan.
    pub fn cover(&self, plan: usize, programme: &str) -> Option<usize> {
        self.plans[plan].1.iter().position(|listed| listed == programme)
    }
}

/// Reads the price list, and checks each rate against its factors.
pub(super) fn rates(source: &Source<'_>, quote: &QuoteJson) -> Result<Vec<RatedCell>, Error> {
    let covers = Covers::new(quote);
    let mut rates = Vec::new();
    source.rows(RATES, |row| {
        let plan = covers.plan(row.text("plan")?)?;
        let cover = covers.cover(plan, row.text("programme")?)?;
        let ages = Band { from: row.parse("age_from")?, to: row.parse("age_to")? };
        let (age_band, risk_group) = (row.text("age_band")?.to_owned(), row.parse("risk_group")?);
        let mut factors: [Option<Exact>; FACTOR_COLUMNS.len()] = Default::default();
        for (factor, column) in factors.iter_mut().zip(FACTOR_COLUMNS) {
            let text = row.text(column)?;
            if !text.is_empty() {
                *factor = Some(Exact::parse(text)?);
            }
        }
        let rate = Exact::parse(row.text("rate")?)?;
        let product: Rate = factors.iter().flatten().map(Exact::value).product();
        (product == rate.value()).then_some(())?;
        rates.push(RatedCell { plan, cover, ages, age_band, risk_group, factors, rate });
        Some(())
    })?;
    Ok(rates)
}

/// Reads the collective by plan, programme, age band and risk group.
pub(super) fn groups(source: &Source<'_>, quote: &QuoteJson) -> Result<Vec<Group>, Error> {
    let covers = Covers::new(quote);
    let mut groups = Vec::new();
    source.rows("groups.csv", |row| {
        let plan = covers.plan(row.text("plan")?)?;
        groups.push(Group {
            plan,
            cover: covers.cover(plan, row.text("programme")?)?,
            age_band: row.text("age_band")?.to_owned(),
            risk_group: row.parse("risk_group")?,
            insured: row.parse("insured")?,
            sum_insured: row.amount("sum_insured")?,
            premium: row.amount("premium")?,
        });
        Some(())
    })?;
    Ok(groups)
}

/// Reads the diagnostics.
pub(super) fn diagnostics(source: &Source<'_>) -> Result<Vec<Diagnostic>, Error> {
    let mut diagnostics = Vec::new();
    source.rows("diagnostics.csv", |row| {
        let text = |column| row.text(column).map(str::to_owned);
        diagnostics.push(Diagnostic {
            severity: text("severity")?,
            code: text("code")?,
            file: text("file")?,
            sheet: text("sheet")?,
            row: Some(row.text("row")?).filter(|row| !row.is_empty()).map(str::parse).transpose().ok()?,
            column: text("column")?,
            value: text("value")?,
            message: text("message")?,
        });
        Some(())
    })?;
    Ok(diagnostics)
}
