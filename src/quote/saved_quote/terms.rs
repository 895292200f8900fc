//! `quote.json`, read back.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de};

use crate::base::calendar::shown_day;
use crate::base::messages::{Language, Message};
use crate::base::money::Kopecks;
use crate::quote::files::preliminary_notice;
use crate::quote::saved_quote::Exact;

/// A priced contract: its terms, and everything that is added up.
#[derive(Debug, Clone, Deserialize)]
pub struct Quote {
    /// The number.
    pub number: String,
    /// Who pays.
    pub policyholder: String,
    /// `issued` or `preliminary`.
    pub status: String,
    /// The first day.
    #[serde(deserialize_with = "date")]
    pub start: Date,
    /// The last day, which counts.
    #[serde(deserialize_with = "date")]
    pub end: Date,
    /// What became of the rows.
    pub rows: Rows,
    /// The insured that were priced on the whole contract (`I1`).
    pub headcount: usize,
    /// Their lines.
    pub lines: usize,
    /// The coefficients that the whole contract has.
    pub coefficients: Coefficients,
    /// The premium.
    #[serde(deserialize_with = "money")]
    pub premium: Kopecks,
    /// How low and how high the tariff lets it be.
    pub corridor: Corridor,
    /// The plans, in the order of the contract.
    pub plans: Vec<Plan>,
    /// The programmes that are covered, in the order of the tariff.
    pub programmes: Vec<Programme>,
    /// What is due in each payment period.
    pub instalments: Vec<Instalment>,
    /// The rows that hold no insured.
    pub skipped: Vec<Skipped>,
    /// The days of the contract year, 365 or 366.
    pub year_days: u32,
    /// The edition of the tariff.
    pub tariff: Edition,
    /// Whether the rows are those of a census.
    #[serde(default)]
    pub census: bool,
}

impl Quote {
    /// Whether the clean rows alone are priced, or a census.
    #[must_use]
    pub fn is_preliminary(&self) -> bool {
        self.status == "preliminary"
    }

    /// What it is about: the contract, the policyholder and the term.
    #[must_use]
    pub fn about(&self) -> Message {
        Message::new("book-about")
            .with("number", self.number.as_str())
            .with("policyholder", self.policyholder.as_str())
            .with("start", shown_day(self.start))
            .with("end", shown_day(self.end))
    }

    /// The name of the words for why it is preliminary, if it is.
    #[must_use]
    pub fn preliminary_notice(&self) -> Option<&'static str> {
        self.is_preliminary().then(|| preliminary_notice(self.census))
    }
}

/// What became of the rows; the three add up to those read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Rows {
    /// Rows of data.
    pub read: usize,
    /// Rows that are priced.
    pub priced: usize,
    /// Rows for an underwriter.
    pub referred: usize,
    /// Rows with an error.
    pub rejected: usize,
}

/// The coefficients that the whole contract has.
#[derive(Debug, Clone, Deserialize)]
pub struct Coefficients {
    /// By headcount (§2.1).
    pub headcount: Coefficient,
    /// By risk group (§2.5), every group of the tariff.
    pub risk: BTreeMap<u8, Coefficient>,
    /// By age (§2.2).
    pub age: AgeTable,
}

/// A coefficient taken from a range of the tariff.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Coefficient {
    /// The coefficient.
    pub value: Exact,
    /// The range, and who chose.
    #[serde(flatten)]
    pub choice: Choice,
    /// The clause of the tariff.
    pub clause: String,
    /// The rule by which the clause was read.
    pub rule: String,
}

/// The range that a coefficient was taken from, and who chose the place in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Choice {
    /// The lower end.
    pub low: Exact,
    /// The higher end.
    pub high: Exact,
    /// Who chose: `contract` by naming the very range, `ranges` (its word for all of them), or `nobody` (the middle).
    pub by: String,
}

/// The coefficients by age.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AgeTable {
    /// The clause of the tariff.
    pub clause: String,
    /// The rule by which the clause was read.
    pub rule: String,
    /// The bands, in order.
    pub bands: Vec<ByAge>,
}

/// What a number is at some ages, in completed years, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ByAge {
    /// The first age.
    pub from: u16,
    /// The last age.
    pub to: u16,
    /// The number.
    pub value: Exact,
}

/// The lowest and the highest premium that the tariff allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Corridor {
    /// Every range at its low end.
    #[serde(deserialize_with = "money")]
    pub low: Kopecks,
    /// Every range at its high end.
    #[serde(deserialize_with = "money")]
    pub high: Kopecks,
}

/// A plan with its insured, its premium and its covers.
#[derive(Debug, Clone, Deserialize)]
pub struct Plan {
    /// The code.
    pub code: String,
    /// The name, where it has one.
    pub name: Option<String>,
    /// Its insured.
    pub insured: usize,
    /// The sum of their premiums.
    #[serde(deserialize_with = "money")]
    pub premium: Kopecks,
    /// The programmes, in the order of the contract.
    pub covers: Vec<Cover>,
}

/// A programme of a plan.
#[derive(Debug, Clone, Deserialize)]
pub struct Cover {
    /// The code of the programme.
    pub programme: String,
    name: String,
    name_en: String,
    /// The sum insured of each insured who has none of their own.
    #[serde(deserialize_with = "money")]
    pub sum_insured: Kopecks,
    /// The services that are excluded.
    pub exclude: Vec<Service>,
    /// The services that are included.
    pub include: Vec<Service>,
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Service {
    /// The code.
    #[serde(rename = "service")]
    pub code: String,
    name: String,
    name_en: String,
}

impl Service {
    /// The name.
    #[must_use]
    pub fn name(&self, language: Language) -> &str {
        in_language(language, &self.name, &self.name_en)
    }
}

/// A factor of a cover's rates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CoverFactor {
    /// What it stands for: `base`, `price_change`, `additional_services`, `exclusion`, `inclusion`, `collective`.
    pub factor: String,
    /// The codes of the services that it is about.
    #[serde(default)]
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
    pub rule: Option<String>,
}

/// The value of a factor.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub enum Figure {
    /// The same at every age.
    #[serde(rename = "value")]
    Always(Exact),
    /// One for each of the children's ages.
    #[serde(rename = "by_age")]
    ByAge(Vec<ByAge>),
}

/// A programme's lines and premium over all plans.
#[derive(Debug, Clone, Deserialize)]
pub struct Programme {
    /// The code.
    pub code: String,
    name: String,
    name_en: String,
    /// The number of lines.
    pub lines: usize,
    /// The sum of the sums insured.
    #[serde(deserialize_with = "money")]
    pub sum_insured: Kopecks,
    /// The sum of the premiums.
    #[serde(deserialize_with = "money")]
    pub premium: Kopecks,
}

impl Programme {
    /// The name.
    #[must_use]
    pub fn name(&self, language: Language) -> &str {
        in_language(language, &self.name, &self.name_en)
    }
}

/// What is due in a payment period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Instalment {
    /// The first day.
    #[serde(deserialize_with = "date")]
    pub from: Date,
    /// The last day.
    #[serde(deserialize_with = "date")]
    pub to: Date,
    /// The amount.
    #[serde(deserialize_with = "money")]
    pub amount: Kopecks,
}

/// A row of the roster that holds no insured.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Edition {
    /// The short name.
    #[serde(rename = "edition")]
    pub code: String,
    /// The full name.
    pub title: String,
    /// The first day on which a contract may start that is priced by it.
    #[serde(deserialize_with = "date")]
    pub valid_from: Date,
}

fn in_language<'t>(language: Language, ru: &'t str, en: &'t str) -> &'t str {
    if language == Language::Ru { ru } else { en }
}

fn money<'de, D: Deserializer<'de>>(source: D) -> Result<Kopecks, D::Error> {
    let text = String::deserialize(source)?;
    amount(&text).ok_or_else(|| de::Error::custom("no amount"))
}

fn date<'de, D: Deserializer<'de>>(source: D) -> Result<Date, D::Error> {
    String::deserialize(source)?.parse().map_err(de::Error::custom)
}

/// An amount of a file: roubles with a point and two decimals.
pub(crate) fn amount(text: &str) -> Option<Kopecks> {
    let (whole, kopecks) = text.split_once('.')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let kopecks = Some(kopecks).filter(|kopecks| kopecks.len() == 2 && digits(kopecks))?;
    let whole = Some(whole).filter(|whole| digits(whole))?;
    let whole: i128 = whole.parse().ok()?;
    whole.checked_mul(100)?.checked_add(kopecks.parse().ok()?).map(Kopecks::new)
}
