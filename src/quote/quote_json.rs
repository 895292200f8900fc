//! `quote.json`: the declaration of what stands in it, for the writer and the reader. Money and coefficients are strings.

mod coefficients;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::base::as_text;
use crate::base::calendar::format_day;
use crate::base::messages::{Language, Message};
use crate::base::money::Kopecks;
use crate::quote::Status;
use crate::quote::admission::RowCounts;
use crate::quote::exact::Exact;
pub use coefficients::{AcceptedAge, AgeTable, ByAge, Choice, Coefficient, Coefficients, CoverCoefficients, RangeEnds};

/// A priced contract: its terms, and its totals.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct QuoteJson {
    /// The number.
    pub number: String,
    /// The policyholder.
    pub policyholder: String,
    /// `issued` or `preliminary`.
    pub status: Status,
    /// The first day.
    #[serde(with = "as_text")]
    pub start: Date,
    /// The last day, which is insured too.
    #[serde(with = "as_text")]
    pub end: Date,
    /// The last day on which the offer can be accepted, where the contract states one.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "as_text::optional")]
    pub offer_until: Option<Date>,
    /// The outcome of the rows.
    pub rows: RowCounts,
    /// The insured that were priced on the whole contract (`I1`).
    pub headcount: usize,
    /// Their lines.
    pub lines: usize,
    /// The coefficients of the whole contract.
    pub coefficients: Coefficients,
    /// The premium.
    #[serde(with = "as_text")]
    pub premium: Kopecks,
    /// The lowest and the highest premium that the tariff allows.
    pub corridor: Corridor,
    /// The plans, in the order of the contract.
    pub plans: Vec<Plan>,
    /// The programmes that are covered, in the order of the tariff.
    pub programmes: Vec<Programme>,
    /// The instalments, by payment period.
    pub instalments: Vec<Instalment>,
    /// The rows that hold no insured.
    pub skipped: Vec<Skipped>,
    /// The days of the contract year, 365 or 366.
    pub year_days: u32,
    /// The edition of the tariff.
    pub tariff: Edition,
    /// Whether the rows are those of a census.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub census: bool,
    /// The insured that an underwriter accepted outside of the tariff's ages (`I73`), in the order of the roster.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<AcceptedAge>,
}

/// A contract without a price: the status and the rows, and no money.
#[derive(Debug, Clone, Serialize)]
pub struct RefusedJson {
    /// The number.
    pub number: String,
    /// The policyholder.
    pub policyholder: String,
    /// `refused`.
    pub status: Status,
    /// The first day.
    #[serde(with = "as_text")]
    pub start: Date,
    /// The last day, which is insured too.
    #[serde(with = "as_text")]
    pub end: Date,
    /// The outcome of the rows.
    pub rows: RowCounts,
    /// The rows that hold no insured.
    pub skipped: Vec<Skipped>,
    /// Whether the rows are those of a census.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub census: bool,
}

impl QuoteJson {
    /// Whether the clean rows alone are priced, or a census.
    #[must_use]
    pub fn is_preliminary(&self) -> bool {
        self.status == Status::Preliminary
    }

    /// The subject of the quote: the contract, the policyholder and the term.
    #[must_use]
    pub fn about(&self) -> Message {
        Message::new("book-about")
            .with("number", self.number.as_str())
            .with("policyholder", self.policyholder.as_str())
            .with("start", format_day(self.start))
            .with("end", format_day(self.end))
    }

    /// The name of the message that explains why the quote is preliminary, if it is.
    #[must_use]
    pub fn preliminary_notice(&self) -> Option<&'static str> {
        self.status.preliminary_notice(self.census)
    }
}

/// The lowest and the highest premium that the tariff allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corridor {
    /// Every range at its low end.
    #[serde(with = "as_text")]
    pub low: Kopecks,
    /// Every range at its high end.
    #[serde(with = "as_text")]
    pub high: Kopecks,
}

/// A plan with its insured, its premium and its covers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// The code.
    pub code: String,
    /// The number of insured.
    pub insured: usize,
    /// The sum of their premiums.
    #[serde(with = "as_text")]
    pub premium: Kopecks,
    /// The name, where it has one.
    pub name: Option<String>,
    /// The programmes, in the order of the contract.
    pub covers: Vec<Cover>,
    /// The clinics that serve the insured, where the contract names them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clinics: Vec<ServingClinic>,
}

/// A clinic that serves the insured of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServingClinic {
    /// The code.
    pub clinic: String,
    /// The clinic's programme, where it is paid in advance (прикрепление); without it each case needs a guarantee letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub programme: Option<String>,
}

/// A programme of a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Cover {
    /// The code of the programme.
    pub programme: String,
    pub(super) name: String,
    pub(super) name_en: String,
    /// The sum insured of each insured who has none of their own.
    #[serde(with = "as_text")]
    pub sum_insured: Kopecks,
    /// The services that are excluded.
    pub exclude: Vec<Service>,
    /// The services that are included.
    pub include: Vec<Service>,
    /// The additional services in words (§2.4, `I74`), where the contract names them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub additional_services: Option<String>,
    /// The factors of its rates in the order of the formula, but for headcount, age and risk group.
    pub factors: Vec<CoverFactor>,
}

impl Cover {
    /// The name of the programme.
    #[must_use]
    pub fn name(&self, language: Language) -> &str {
        in_language(language, &self.name, &self.name_en)
    }
}

/// A service that a programme is sold without, or with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// The code.
    #[serde(rename = "service")]
    pub code: String,
    pub(super) name: String,
    pub(super) name_en: String,
}

impl Service {
    /// The name.
    #[must_use]
    pub fn name(&self, language: Language) -> &str {
        in_language(language, &self.name, &self.name_en)
    }
}

/// A factor of a cover's rates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverFactor {
    /// What it stands for: `base`, `price_change`, `additional_services`, `exclusion`, `inclusion`, `collective`.
    pub factor: String,
    /// The codes of the services that it excludes or includes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// Its value.
    #[serde(flatten)]
    pub figure: Figure,
    /// The range that it was taken from, where the tariff gives one.
    #[serde(flatten)]
    pub choice: Option<Choice>,
    /// The clause of the tariff.
    pub clause: String,
    /// The rule by which the clause was read, where one was needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// The value of a factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Figure {
    /// The same at every age.
    #[serde(rename = "value")]
    Always(Exact),
    /// One for each of the children's ages.
    #[serde(rename = "by_age")]
    ByAge(Vec<ByAge>),
}

/// A programme's lines and premium over all plans.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Programme {
    /// The code.
    pub code: String,
    /// The number of lines.
    pub lines: usize,
    /// The sum of the sums insured.
    #[serde(with = "as_text")]
    pub sum_insured: Kopecks,
    /// The sum of the premiums.
    #[serde(with = "as_text")]
    pub premium: Kopecks,
    pub(super) name: String,
    pub(super) name_en: String,
}

impl Programme {
    /// The name.
    #[must_use]
    pub fn name(&self, language: Language) -> &str {
        in_language(language, &self.name, &self.name_en)
    }
}

/// What is due in a payment period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instalment {
    /// The first day.
    #[serde(with = "as_text")]
    pub from: Date,
    /// The last day.
    #[serde(with = "as_text")]
    pub to: Date,
    /// The amount.
    #[serde(with = "as_text")]
    pub amount: Kopecks,
}

/// A row of the roster that holds no insured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The file.
    pub file: String,
    /// The sheet; empty in a file without sheets.
    pub sheet: String,
    /// The number of the row.
    pub row: u32,
    /// Why, in one word.
    pub reason: String,
}

/// An edition of the tariff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// The short name.
    #[serde(rename = "edition")]
    pub code: String,
    /// The full name.
    pub title: String,
    /// SHA-256 of its file, in hexadecimal.
    pub sha256: String,
    /// The first day on which a contract may start that is priced by it.
    #[serde(with = "as_text")]
    pub valid_from: Date,
    /// The last such day, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<String>,
}

fn in_language<'t>(language: Language, ru: &'t str, en: &'t str) -> &'t str {
    if language == Language::Ru { ru } else { en }
}
