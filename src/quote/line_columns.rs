//! The columns of the lines: `premiums.csv` and `premiums.parquet` have one row for each insured and cover, in roster
//! order, then in the plan's order of covers.
//!
//! [`LineColumn`] declares each column once: its name, its type, and its value by what the value depends on. Both writers
//! go through [`LineColumn::ALL`]; the reader finds a column by its name.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "`Line::premium` alone is not general over the line's lifetime"
)]

use std::borrow::Cow;

use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::base::money::Kopecks;
use crate::base::named_enum::named_enum;
use crate::pricing::terms::Plan;
use crate::quote::admission::Admitted;
use crate::quote::lines::Line;
use crate::quote::{Price, Quote};
use crate::roster::insured::Insured;
use crate::table::tables::Sheet;
use crate::tariff::programme::Programme;

use CellValue::{CellNumber, CellText};
use InsuredValue::{CoverDay, CoverNumber, InsuredNumber, PersonalText, RowDay, RowNumber, SheetText};

named_enum! {
    /// A column of the lines, in the order of the files.
    pub(crate) enum LineColumn with value: Value {
        /// The file of the roster.
        File = "file" => Value::Insured(SheetText(|sheet| &sheet.file)),
        /// Its sheet; empty in a file without sheets.
        Sheet = "sheet" => Value::Insured(SheetText(|sheet| &sheet.name)),
        /// The number of the row in the sheet.
        Row = "row" => Value::Insured(RowNumber(|rows, at| rows.row[at])),
        /// The id, as the roster has it.
        Id = "id" => Value::Insured(PersonalText(|rows, at| rows.id.get(at))),
        /// The name, as the roster has it; empty in a census.
        Name = "name" => Value::Insured(PersonalText(|rows, at| rows.name.get(at))),
        /// The day of birth; none in a census.
        BirthDate = "birth_date" => Value::Insured(RowDay(|rows, at| rows.birth_date[at])),
        /// Completed years on the first day of the insured's cover (`I4`).
        Age = "age" => Value::Insured(InsuredNumber(|insured| u32::from(insured.age_years))),
        /// The band of the age in §2.2.
        AgeBand = "age_band" => Value::Cell(CellText(|cell| Cow::Owned(cell.age_band.clone()))),
        /// The risk group (§2.5).
        RiskGroup = "risk_group" => Value::Cell(CellNumber(|cell| u32::from(cell.risk_group))),
        /// The code of the plan.
        Plan = "plan" => Value::Cell(CellText(|cell| Cow::Borrowed(&cell.plan.code))),
        /// The code of the programme.
        Programme = "programme" => Value::Cell(CellText(|cell| Cow::Borrowed(&cell.programme.code))),
        /// The sum insured.
        SumInsured = "sum_insured" => Value::Amount(|line| line.sum_insured),
        /// The exact rate per 100 of sum insured and year.
        Rate = "rate" => Value::Cell(CellText(|cell| Cow::Borrowed(cell.rate))),
        /// The first day of cover.
        Start = "start" => Value::Insured(CoverDay(Period::first)),
        /// The last day of cover, which is insured too.
        End = "end" => Value::Insured(CoverDay(Period::last)),
        /// The days of cover.
        Days = "days" => Value::Insured(CoverNumber(Period::days)),
        /// The premium.
        Premium = "premium" => Value::Amount(|line| line.premium()),
    }
}

/// The value of a column by what it depends on, which many lines have in common; the variants give its type.
pub(crate) enum Value {
    /// A value of the insured, with their row, their sheet and their days of cover.
    Insured(InsuredValue),
    /// A value of the cell that the line is rated by.
    Cell(CellValue),
    /// An amount of the line.
    Amount(fn(&Line<'_>) -> Kopecks),
}

/// A value that all lines of an insured have in common.
pub(crate) enum InsuredValue {
    /// A text of the roster's sheet.
    SheetText(fn(&Sheet) -> &str),
    /// A text of the row that identifies a person: Parquet has no statistics of it.
    PersonalText(fn(&Insured, usize) -> &str),
    /// A number of the row that mostly grows from row to row.
    RowNumber(fn(&Insured, usize) -> u32),
    /// A day of the row, where it has one.
    RowDay(fn(&Insured, usize) -> Option<Date>),
    /// A number of the insured.
    InsuredNumber(fn(&Admitted) -> u32),
    /// A day of the insured's cover.
    CoverDay(fn(Period) -> Date),
    /// A number of the insured's cover.
    CoverNumber(fn(Period) -> u32),
}

/// A value that all lines of a cell have in common.
pub(crate) enum CellValue {
    /// A text of the cell.
    CellText(for<'c> fn(&CellKey<'c>) -> Cow<'c, str>),
    /// A number of the cell.
    CellNumber(fn(&CellKey<'_>) -> u32),
}

/// The key of a cell of the cube, and its rate.
pub(crate) struct CellKey<'c> {
    pub plan: &'c Plan,
    pub programme: &'c Programme,
    pub age_band: String,
    pub risk_group: u8,
    pub rate: &'c str,
}

impl<'c> CellKey<'c> {
    /// The cell at a place of the cube; `None` where no line needs it.
    pub fn new(quote: &'c Quote<'_>, price: &'c Price<'_>, cell_at: usize) -> Option<Self> {
        let cell = price.lines.cell(cell_at)?;
        let at = price.axes.coordinates(cell_at);
        let plan = &quote.contract.terms.plans[at.plan];
        Some(Self {
            plan,
            programme: &quote.tariff.programmes[plan.covers[at.cover].programme],
            age_band: quote.tariff.age_band_name(price.axes.ages[at.age_class].age_band),
            risk_group: quote.tariff.risk.value[at.risk].group,
            rate: &cell.rate,
        })
    }
}
