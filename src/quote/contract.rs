//! A contract: its file read, checked against the tariff, and turned into terms that can be priced.
//!
//! A [`Contract`] that exists is lawful as far as it can be without its roster: the term, the plans, the covers and the
//! choices are inside what the tariff allows. What depends on the headcount is checked when that is known.

pub mod census;
pub mod choice;
pub(crate) mod cover;
pub(crate) mod read;
pub mod schema;
pub mod template;

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::calendar::{Period, Term};
use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::base::source_file::{SourceFile, Spanned};
use crate::roster::field::Field;
use crate::roster::spec::{PlanSpec, RosterSpec, RowKind, SheetChoice};
use crate::tariff::Tariff;
use crate::tariff::programme::ServiceId;
use census::Census;
use choice::{Choices, RangeChoice};
pub(crate) use cover::{known_programme, price_change};
pub use read::MAX_SHARE_DECIMALS;

/// The checked terms of one collective contract.
#[derive(Debug, Clone)]
pub struct Contract {
    /// The number.
    pub number: String,
    /// Who pays (страхователь).
    pub policyholder: String,
    /// The days of the contract.
    pub term: Term,
    /// Where the roster is, as written: paths and patterns, relative to the contract file.
    pub rosters: Vec<Spanned<String>>,
    /// What stands in for the roster in a first enquiry.
    pub census: Census,
    /// Which sheets of the roster's workbooks to take.
    pub sheet: SheetChoice,
    /// The roster's own headings of fields that are not recognised.
    pub columns: Vec<(Field, String)>,
    /// The risk group of rows that state none.
    pub default_risk_group: Option<u8>,
    /// The payment periods, in order; together they are the term.
    pub instalments: Vec<Period>,
    /// What happens to the money when prices change (§2.3).
    pub price_terms: PriceTerms,
    /// Which headcount counts when insured join or leave.
    pub headcount_basis: HeadcountBasis,
    /// Where the contract stands in the tariff's ranges (`I2`).
    pub choices: Choices,
    /// The plans, in the order of the file; at least one.
    pub plans: Vec<Plan>,
    /// The text that all this was read from.
    pub source: SourceFile,
}

/// The contract's word on price changes (§2.3; `I21`, `I22`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceTerms {
    /// The share of the expenses (расходы на ведение дела); without it no refund is stated.
    pub expense_load: Option<Decimal>,
    /// What the share is taken of.
    pub expense_basis: ExpenseBasis,
    /// What a fall in prices does to the running contract.
    pub price_decrease: PriceDecrease,
}

impl ExpenseBasis {
    /// The word of the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unexpired => "unexpired",
            Self::Written => "written",
        }
    }
}

impl PriceDecrease {
    /// The word of the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Credit => "credit",
        }
    }
}

/// What the expenses are a share of (`I22`).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum ExpenseBasis {
    /// The premium of the unexpired days.
    #[default]
    Unexpired,
    /// The written premium.
    Written,
}

/// What a fall in prices does to the running contract (`I21`).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum PriceDecrease {
    /// The running contract keeps its price.
    #[default]
    Keep,
    /// The amount is credited.
    Credit,
}

/// Which headcount the coefficient of §2.1 is for once insured have joined or left (`I28`).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum HeadcountBasis {
    /// The one at inception, for the whole term.
    #[default]
    Inception,
    /// The one in force: an endorsement reprices the days to come of everybody.
    Current,
}

/// What an insured can be on (вариант, пакет).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The code, by which rosters name it.
    pub code: String,
    /// The name, by which rosters may name it too.
    pub name: Option<String>,
    /// What it covers, in the order of the file; at least one cover, and each programme once.
    pub covers: Vec<Cover>,
    /// Where its insured are served.
    pub clinics: Vec<PlanClinic>,
}

/// One programme in a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// The programme: its place in [`Tariff::programmes`].
    pub programme: usize,
    /// The sum insured of each insured who has none of their own (`I17`).
    pub sum_insured: Kopecks,
    /// Where the base rate stands in its range, where the tariff gives one and the file says it.
    pub base_rate: Option<RangeChoice>,
    /// What is excluded, each service once.
    pub exclude: Vec<Excluded>,
    /// What is included, each service once.
    pub include: Vec<ServiceId>,
    /// The coefficient of §2.3, where there is one (`I13`).
    pub price_change: Option<Decimal>,
    /// The coefficient of §2.4, where there is one (`I14`).
    pub additional_services: Option<Decimal>,
}

impl Cover {
    /// The price level (§2.3) that is part of the cover's rates; 1 where prices have not changed.
    #[must_use]
    pub fn level(&self) -> Decimal {
        self.price_change.unwrap_or(Decimal::ONE)
    }
}

/// An excluded service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excluded {
    /// The service.
    pub service: ServiceId,
    /// Where its coefficient stands in the range, where the tariff gives one and the file says it.
    pub pick: Option<RangeChoice>,
}

/// A clinic that serves the insured of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanClinic {
    /// The clinic's code.
    pub clinic: String,
    /// How it is paid.
    pub mode: ClinicMode,
}

/// How a clinic is paid for the insured of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClinicMode {
    /// In advance, for a programme of the clinic (прикрепление).
    Attachment {
        /// The clinic's programme.
        programme: String,
    },
    /// For each case, by guarantee letter (по факту).
    ByFact,
}

impl Contract {
    /// Reads a contract file and checks it against the tariff.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`] and [`Contract::read`].
    pub fn open(path: &Path, tariff: &Tariff) -> Result<Self, Error> {
        Self::read(&SourceFile::open(path)?, tariff)
    }

    /// Checks the text of a contract file against the tariff.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with every fault of the file.
    pub fn read(source: &SourceFile, tariff: &Tariff) -> Result<Self, Error> {
        read::contract(source, tariff)
    }

    /// The first and the last day.
    #[must_use]
    pub fn days(&self) -> (Date, Date) {
        (self.term.period().first(), self.term.period().last())
    }

    /// The folder against which the file's paths are meant.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.source.path.parent().map(Path::to_owned).unwrap_or_default()
    }

    /// What a roster of this contract is read for.
    #[must_use]
    pub fn wanted(&self, tariff: &Tariff) -> RosterSpec {
        let plan = |plan: &Plan| PlanSpec {
            code: plan.code.clone(),
            name: plan.name.clone(),
            own_sum_insured: plan.covers.len() == 1,
        };
        RosterSpec {
            period: self.term.period(),
            rows: RowKind::Insured,
            plans: self.plans.iter().map(plan).collect(),
            risk_groups: tariff.risk.value.iter().map(|row| row.group).collect(),
            default_risk_group: self.default_risk_group,
            columns: self.columns.clone(),
            sheet: self.sheet.clone(),
            contacts: false,
        }
    }

    /// What a roster of this contract is read for on its way into a book.
    #[must_use]
    pub fn wanted_in_book(&self, tariff: &Tariff) -> RosterSpec {
        RosterSpec { contacts: true, ..self.wanted(tariff) }
    }

    /// What a list of changes from a day on is read for: who joins, leaves or changes plans.
    ///
    /// It may have other headings than the roster, and stands on the only sheet that holds one. `None` where the day is not one
    /// of the contract's.
    #[must_use]
    pub fn wanted_changes(&self, tariff: &Tariff, on: Date) -> Option<RosterSpec> {
        let period = self.term.period();
        let rest = Period::new(on, period.last()).filter(|_| period.contains(on))?;
        Some(RosterSpec {
            period: rest,
            rows: RowKind::Changes,
            sheet: SheetChoice::TheOne,
            ..self.wanted_in_book(tariff)
        })
    }

    /// What a census of this contract is read for.
    #[must_use]
    pub fn wanted_census(&self, tariff: &Tariff) -> RosterSpec {
        RosterSpec { rows: RowKind::Counts, ..self.wanted(tariff) }
    }
}
