//! The columns of the lines: `premiums.csv` and `premiums.parquet` have one row for each insured and cover, in roster
//! order, then in the plan's order of covers.
//!
//! [`LineColumn`] declares each column once: its name, its type, and its value by what the value depends on. Both writers
//! go through [`LineColumn::ALL`]; the reader finds a column by its name.

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
use crate::tariff::band::Band;
use crate::tariff::programme::Programme;

named_enum! {
    /// A column of the lines, in the order of the files.
    pub(crate) enum LineColumn with value: Value {
        /// The file of the roster.
        File = "file" => Value::SheetText(|sheet| &sheet.file),
        /// Its sheet; empty in a file without sheets.
        Sheet = "sheet" => Value::SheetText(|sheet| &sheet.name),
        /// The number of the row in the sheet.
        Row = "row" => Value::RowNumber(|rows, at| rows.row[at]),
        /// The id, as the roster has it.
        Id = "id" => Value::PersonalText(|rows, at| rows.id.get(at)),
        /// The name, as the roster has it; empty in a census.
        Name = "name" => Value::PersonalText(|rows, at| rows.name.get(at)),
        /// The day of birth; none in a census.
        BirthDate = "birth_date" => Value::RowDay(|rows, at| rows.birth_date[at]),
        /// Completed years on the first day of the insured's cover (`I4`).
        Age = "age" => Value::InsuredNumber(|insured| u32::from(insured.age_years)),
        /// The band of the age in §2.2.
        AgeBand = "age_band" => Value::CellText(|cell| Cow::Owned(cell.age_band.to_string())),
        /// The risk group (§2.5).
        RiskGroup = "risk_group" => Value::CellNumber(|cell| u32::from(cell.risk_group)),
        /// The code of the plan.
        Plan = "plan" => Value::CellText(|cell| Cow::Borrowed(&cell.plan.code)),
        /// The code of the programme.
        Programme = "programme" => Value::CellText(|cell| Cow::Borrowed(&cell.programme.code)),
        /// The sum insured.
        SumInsured = "sum_insured" => Value::Amount(|line| line.sum_insured),
        /// The exact rate per 100 of sum insured and year.
        Rate = "rate" => Value::CellText(|cell| Cow::Borrowed(cell.rate)),
        /// The first day of cover.
        Start = "start" => Value::CoverDay(|cover| cover.first()),
        /// The last day of cover, which is insured too.
        End = "end" => Value::CoverDay(|cover| cover.last()),
        /// The days of cover.
        Days = "days" => Value::CoverNumber(|cover| cover.days()),
        /// The premium.
        Premium = "premium" => Value::Amount(|line| line.premium()),
    }
}

/// The type of a column, and its value by what the value depends on.
pub(crate) enum Value {
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
    /// A text of the cell that the line is rated by.
    CellText(for<'c> fn(&CellKey<'c>) -> Cow<'c, str>),
    /// A number of the cell.
    CellNumber(fn(&CellKey<'_>) -> u32),
    /// An amount of the line.
    Amount(fn(&Line<'_>) -> Kopecks),
}

/// What the values of a line depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dependency {
    /// The insured with their row, sheet and days of cover.
    Insured,
    /// The cell of the cube.
    Cell,
    /// The line.
    Line,
}

impl Value {
    /// What the value depends on.
    pub const fn dependency(&self) -> Dependency {
        match self {
            Self::SheetText(_)
            | Self::PersonalText(_)
            | Self::RowNumber(_)
            | Self::RowDay(_)
            | Self::InsuredNumber(_)
            | Self::CoverDay(_)
            | Self::CoverNumber(_) => Dependency::Insured,
            Self::CellText(_) | Self::CellNumber(_) => Dependency::Cell,
            Self::Amount(_) => Dependency::Line,
        }
    }
}

/// What a cell of the cube is told apart by, and its rate.
pub(crate) struct CellKey<'c> {
    pub plan: &'c Plan,
    pub programme: &'c Programme,
    pub age_band: Band,
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
            age_band: quote.tariff.age.value[price.axes.ages[at.age_class].age_band].years,
            risk_group: quote.tariff.risk.value[at.risk].group,
            rate: &cell.rate,
        })
    }
}
