//! The short tables of a written quote: rates, groups, diagnostics.

use crate::base::error::Error;
use crate::base::money::{Kopecks, Rate};
use crate::output::csv_injection::defused;
use crate::quote::files::rates::{FACTOR_COLUMNS, KEY_COLUMNS, NAME as RATES};
use crate::quote::saved_quote::terms::amount;
use crate::quote::saved_quote::{Exact, Quote, Source};
use crate::tariff::band::Band;

/// A row of the price list: the rate of a cover for some ages and a risk group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatedCell {
    /// The plan, by its place in [`Quote::plans`].
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
    /// The plan, by its place in [`Quote::plans`].
    pub plan: usize,
    /// The cover, by its place in the plan.
    pub cover: usize,
    /// The age band of §2.2, as the tariff prints it.
    pub age_band: String,
    /// The risk group.
    pub risk_group: u8,
    /// Their number.
    pub insured: usize,
    /// The sum of their sums insured.
    pub sum_insured: Kopecks,
    /// The sum of their premiums.
    pub premium: Kopecks,
}

/// Something that is wrong with the roster, as it was said.
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
    /// What is wrong and what to do, in the language of the quote.
    pub message: String,
}

/// Where the covers of a quote are, by the texts of a table.
#[derive(Debug)]
pub struct Covers {
    plans: Vec<(String, Vec<String>)>,
}

impl Covers {
    pub fn new(quote: &Quote) -> Self {
        let programmes = |plan: &crate::quote::saved_quote::Plan| {
            plan.covers.iter().map(|cover| cover.programme.clone()).collect::<Vec<_>>()
        };
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

/// The price list, each rate proved by its factors.
pub fn rates(source: &Source<'_>, quote: &Quote) -> Result<Vec<RatedCell>, Error> {
    let covers = Covers::new(quote);
    let mut rates = Vec::new();
    source.rows(RATES, |row| {
        let plan = covers.plan(row.get(0)?)?;
        let mut factors: [Option<Exact>; FACTOR_COLUMNS.len()] = Default::default();
        for (at, factor) in factors.iter_mut().enumerate() {
            let text = row.get(KEY_COLUMNS.len() + at)?;
            if !text.is_empty() {
                *factor = Some(Exact::as_written(text)?);
            }
        }
        let rate = Exact::as_written(row.get(KEY_COLUMNS.len() + FACTOR_COLUMNS.len())?)?;
        let product: Rate = factors.iter().flatten().map(Exact::value).product();
        (product == rate.value()).then_some(())?;
        rates.push(RatedCell {
            plan,
            cover: covers.cover(plan, row.get(1)?)?,
            ages: Band { from: row.get(2)?.parse().ok()?, to: row.get(3)?.parse().ok()? },
            age_band: row.get(4)?.to_owned(),
            risk_group: row.get(5)?.parse().ok()?,
            factors,
            rate,
        });
        Some(())
    })?;
    Ok(rates)
}

/// The collective by plan, programme, age band and risk group.
pub fn groups(source: &Source<'_>, quote: &Quote) -> Result<Vec<Group>, Error> {
    let covers = Covers::new(quote);
    let mut groups = Vec::new();
    source.rows("groups.csv", |row| {
        let plan = covers.plan(row.get(0)?)?;
        groups.push(Group {
            plan,
            cover: covers.cover(plan, row.get(1)?)?,
            age_band: row.get(2)?.to_owned(),
            risk_group: row.get(3)?.parse().ok()?,
            insured: row.get(4)?.parse().ok()?,
            sum_insured: amount(row.get(5)?)?,
            premium: amount(row.get(6)?)?,
        });
        Some(())
    })?;
    Ok(groups)
}

/// Everything that is wrong with the roster.
pub fn diagnostics(source: &Source<'_>) -> Result<Vec<Diagnostic>, Error> {
    let mut diagnostics = Vec::new();
    source.rows("diagnostics.csv", |row| {
        let text = |at: usize| row.get(at).map(str::to_owned);
        diagnostics.push(Diagnostic {
            severity: text(0)?,
            code: text(1)?,
            file: text(2)?,
            sheet: text(3)?,
            row: Some(row.get(4)?).filter(|row| !row.is_empty()).map(str::parse).transpose().ok()?,
            column: text(5)?,
            value: text(6)?,
            message: text(7)?,
        });
        Some(())
    })?;
    Ok(diagnostics)
}
