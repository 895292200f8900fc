//! `quote.json`: the result for programs; money and coefficients are strings.

pub(crate) mod terms;

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::pricing::rating::Placed;
use crate::quote::contract::choice::ChosenBy;
use crate::quote::{Price, Quote, RowCounts};

#[derive(Serialize)]
struct QuoteFile<'q> {
    number: &'q str,
    policyholder: &'q str,
    status: &'static str,
    start: String,
    end: String,
    rows: Rows,
    #[serde(flatten)]
    price: Option<PricePart<'q>>,
    skipped: Vec<Skipped<'q>>,
    #[serde(flatten)]
    terms: Option<Terms<'q>>,
    /// Whether the rows are those of a census, which counts people and names nobody.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    census: bool,
}

/// What a reader of the files needs to know of the terms, beside the figures.
#[derive(Serialize)]
struct Terms<'q> {
    year_days: u32,
    tariff: terms::Edition<'q>,
}

#[derive(Serialize)]
pub(crate) struct Rows {
    read: usize,
    priced: usize,
    referred: usize,
    rejected: usize,
}

impl From<RowCounts> for Rows {
    fn from(rows: RowCounts) -> Self {
        Self { read: rows.read, priced: rows.priced, referred: rows.referred, rejected: rows.rejected }
    }
}

#[derive(Serialize)]
struct PricePart<'q> {
    headcount: u32,
    lines: usize,
    coefficients: Coefficients<'q>,
    premium: String,
    corridor: Corridor,
    plans: Vec<Plan<'q>>,
    programmes: Vec<Programme<'q>>,
    instalments: Vec<Instalment>,
}

#[derive(Serialize)]
struct Coefficients<'q> {
    headcount: Coefficient<'q>,
    risk: BTreeMap<u8, Coefficient<'q>>,
    /// Only the covers that have a range of their own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    covers: Vec<CoverCoefficients<'q>>,
    age: terms::Ages<'q>,
}

#[derive(Serialize)]
struct CoverCoefficients<'q> {
    plan: &'q str,
    programme: &'q str,
    #[serde(skip_serializing_if = "Option::is_none")]
    base_rate: Option<Coefficient<'q>>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    exclude: Map<String, Value>,
}

#[derive(Serialize)]
struct Coefficient<'q> {
    value: String,
    low: String,
    high: String,
    chosen: bool,
    clause: &'q str,
    by: &'static str,
    rule: &'static str,
}

impl<'q> Coefficient<'q> {
    fn new(placed: Placed, clause: &'q str, rule: &'static str) -> Self {
        Self {
            value: placed.coefficient.to_string(),
            low: placed.range.low.to_string(),
            high: placed.range.high.to_string(),
            chosen: placed.by != ChosenBy::Nobody,
            clause,
            by: placed.by.as_str(),
            rule,
        }
    }
}

#[derive(Serialize)]
struct Corridor {
    low: String,
    high: String,
}

#[derive(Serialize)]
struct Plan<'q> {
    code: &'q str,
    insured: u64,
    premium: String,
    name: Option<&'q str>,
    covers: Vec<terms::PlanCover<'q>>,
}

#[derive(Serialize)]
struct Programme<'q> {
    code: &'q str,
    lines: u64,
    sum_insured: String,
    premium: String,
    name: &'q str,
    name_en: &'q str,
}

#[derive(Serialize)]
struct Instalment {
    from: String,
    to: String,
    amount: String,
}

/// A row among the data that holds no insured.
#[derive(Serialize)]
struct Skipped<'q> {
    file: &'q str,
    sheet: &'q str,
    row: u32,
    reason: &'static str,
}

/// Writes `quote.json`; without a price it has the status and the rows and no money.
pub fn quote(quote: &Quote<'_>, file: &mut dyn Write) -> io::Result<()> {
    let (start, end) = quote.contract.days();
    let skipped = quote.roster.sheets.iter().flat_map(|sheet| {
        let (file, name) = (sheet.file.as_str(), sheet.name.as_str());
        sheet.skipped.iter().map(move |(row, reason)| Skipped { file, sheet: name, row: *row, reason: reason.as_str() })
    });
    let content = QuoteFile {
        number: &quote.contract.number,
        policyholder: &quote.contract.policyholder,
        status: quote.status.as_str(),
        start: start.to_string(),
        end: end.to_string(),
        rows: quote.rows.into(),
        price: quote.price.as_ref().map(|price| price_part(quote, price)),
        skipped: skipped.collect(),
        terms: quote
            .price
            .as_ref()
            .map(|_| Terms { year_days: quote.contract.term.year_days(), tariff: terms::Edition::new(quote.tariff) }),
        census: quote.roster.census,
    };
    write(&content, file)
}

/// Writes a value as JSON that people can read, with a line break at the end.
pub fn write(content: &impl Serialize, file: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *file, content)?;
    file.write_all(b"\n")
}

fn price_part<'q>(quote: &'q Quote<'_>, price: &'q Price<'_>) -> PricePart<'q> {
    let totals = &price.totals;
    let plans = quote.contract.plans.iter().zip(&totals.plans);
    let periods = quote.contract.instalments.iter().zip(&totals.instalments);
    PricePart {
        headcount: price.headcount,
        lines: price.lines.count,
        coefficients: coefficients(quote, price),
        premium: totals.premium.chosen.to_string(),
        corridor: Corridor { low: totals.premium.low.to_string(), high: totals.premium.high.to_string() },
        plans: plans
            .map(|(plan, total)| Plan {
                code: &plan.code,
                insured: total.insured,
                premium: total.premium.to_string(),
                name: plan.name.as_deref(),
                covers: plan.covers.iter().map(|cover| terms::PlanCover::new(quote, price, cover)).collect(),
            })
            .collect(),
        programmes: totals
            .programmes
            .iter()
            .map(|total| Programme {
                code: &quote.tariff.programmes[total.programme].code,
                lines: total.lines,
                sum_insured: total.sum_insured.to_string(),
                premium: total.premium.to_string(),
                name: &quote.tariff.programmes[total.programme].name,
                name_en: &quote.tariff.programmes[total.programme].name_en,
            })
            .collect(),
        instalments: periods
            .map(|(period, amount)| Instalment {
                from: period.first().to_string(),
                to: period.last().to_string(),
                amount: amount.to_string(),
            })
            .collect(),
    }
}

fn coefficients<'q>(quote: &'q Quote<'_>, price: &'q Price<'_>) -> Coefficients<'q> {
    let tariff = quote.tariff;
    let mut covers = Vec::new();
    for plan in &quote.contract.plans {
        for cover in &plan.covers {
            let programme = &tariff.programmes[cover.programme];
            let base_rate =
                price.rating.base_rate(cover).map(|placed| Coefficient::new(placed, &programme.clause, "I2"));
            let mut exclude = Map::new();
            for excluded in &cover.exclude {
                let clause = programme.exclusions.as_ref().map_or("", |says| says.clause.as_str());
                if let Some(placed) = price.rating.exclusion(cover, excluded) {
                    let value = serde_json::to_value(Coefficient::new(placed, clause, "I2")).unwrap_or_default();
                    exclude.insert(tariff.services[excluded.service.0].code.clone(), value);
                }
            }
            if base_rate.is_some() || !exclude.is_empty() {
                covers.push(CoverCoefficients { plan: &plan.code, programme: &programme.code, base_rate, exclude });
            }
        }
    }
    Coefficients {
        headcount: Coefficient::new(price.rating.headcount(), &tariff.headcount.clause, price.rating.headcount_rule()),
        risk: price
            .rating
            .risk()
            .map(|(group, placed)| (group, Coefficient::new(placed, &tariff.risk.clause, "I2")))
            .collect(),
        covers,
        age: terms::Ages::new(tariff),
    }
}
