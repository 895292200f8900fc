//! `rates.csv`: the price list of the contract, one row for each rate that a line needs, with the factors of the rate.

use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::money::Rate;
use crate::output::csv_injection::defused;
use crate::output::folder::Folder;
use crate::pricing::trace::{Factor, Trace};
use crate::quote::{Price, Quote};

/// The name of the file.
pub const NAME: &str = "rates.csv";
/// The key of a row, before the factors.
const KEY_COLUMNS: [&str; 6] = ["plan", "programme", "age_from", "age_to", "age_band", "risk_group"];
/// The factors of a rate, in the order of the formula; [`OVERRIDE_COLUMN`] follows, then the exact rate.
pub const FACTOR_COLUMNS: [&str; 9] = [
    "base",
    "headcount",
    "age",
    "risk",
    "price_change",
    "additional_services",
    "exclusions",
    "inclusions",
    "collective",
];

/// The factors that the contract sets aside from the tariff's tables (`I72`, `I73`), with spaces between; empty where there is none.
pub const OVERRIDE_COLUMN: &str = "override";

/// Writes the rates in the order plan, cover, ages, risk group.
///
/// A factor that does not apply is empty; the others multiply to the rate with every digit. Several exclusions or
/// inclusions stand as their exact product.
pub(crate) fn write(quote: &Quote<'_>, price: &Price<'_>, folder: &Folder) -> Result<(), Error> {
    let Quote { contract, tariff, .. } = quote;
    folder.write(NAME, |file| {
        let mut records = csv::Writer::from_writer(file);
        records.write_record(KEY_COLUMNS.iter().chain(&FACTOR_COLUMNS).chain(&[OVERRIDE_COLUMN, "rate"]))?;
        let rated = |at: usize| price.lines.cell(at).map(|cell| (at, cell));
        for (at, cell) in (0..price.axes.cells()).filter_map(rated) {
            let at = price.axes.coordinates(at);
            let plan = &contract.terms.plans[at.plan];
            let (cover, ages) = (&plan.covers[at.cover], &price.axes.ages[at.age_class]);
            let Ok(trace) = price.rating.trace(cover, ages, at.risk) else {
                unreachable!("a rated cell has a derivation");
            };
            records.write_field(defused(&plan.code).as_ref())?;
            records.write_field(&tariff.programmes[cover.programme].code)?;
            records.write_field(ages.years.from.to_string())?;
            records.write_field(ages.years.to.to_string())?;
            records.write_field(tariff.age_band_name(ages.age_band))?;
            records.write_field(tariff.risk.value[at.risk].group.to_string())?;
            for factor in factors(&trace) {
                records.write_field(factor)?;
            }
            let overrides = trace.steps.iter().filter(|step| step.is_override()).map(|step| step.factor.as_str());
            records.write_field(overrides.collect::<Vec<_>>().join(" "))?;
            records.write_field(&cell.rate)?;
            records.write_record(None::<&[u8]>)?;
        }
        records.flush()
    })
}

/// The factors by column; empty where there is none.
#[must_use]
pub fn factors(trace: &Trace<'_>) -> [String; FACTOR_COLUMNS.len()] {
    let mut columns: [Vec<Decimal>; FACTOR_COLUMNS.len()] = Default::default();
    for step in trace.steps.iter().filter(|step| !step.is_left_out()) {
        let column = match step.factor {
            Factor::Base => 0,
            Factor::Headcount => 1,
            Factor::Age => 2,
            Factor::Risk(_) => 3,
            Factor::PriceChange => 4,
            Factor::AdditionalServices => 5,
            Factor::Exclusion(_) => 6,
            Factor::Inclusion(_) => 7,
            Factor::Collective => 8,
        };
        columns[column].push(step.coefficient);
    }
    columns.map(|factors| match factors.as_slice() {
        [] => String::new(),
        // as the tariff or the contract writes it
        [single] => single.to_string(),
        several => Rate::product(several.iter().copied()).to_string(),
    })
}
