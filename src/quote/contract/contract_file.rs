//! A contract: its terms, and everything else in the contract file.

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::calendar::{Period, Term};
use crate::base::named_enum::named_enum;
use crate::base::source_file::{SourceFile, Span};
use crate::pricing::choice::Choices;
use crate::pricing::terms::{Plan, Terms};
use crate::quote::contract::accepted::Accepted;
use crate::quote::contract::census::Census;
use crate::quote::contract::reading_terms::ReadingTerms;
use crate::quote::contract::roster_files::RosterFiles;
use crate::roster::field::Field;
use crate::roster::spec::{ChangeRules, DetachDay, PlanSpec, RosterSpec, RowKind};
use crate::roster::value::Action;
use crate::table::spec::SheetChoice;
use crate::table::value::DateOrder;
use crate::tariff::Tariff;

/// One collective contract, checked.
#[derive(Debug, Clone)]
pub struct Contract {
    /// The number.
    pub number: String,
    /// The policyholder (страхователь).
    pub policyholder: String,
    /// What the contract is priced by.
    pub terms: Terms,
    /// The last day on which the offer can be accepted, where the contract states one.
    pub offer_until: Option<Date>,
    /// The place of the choice for the headcount, which is checked only with the roster; empty where there is none.
    pub headcount_span: Span,
    /// The files of the roster.
    pub rosters: Vec<RosterFiles>,
    /// What replaces the roster in a first enquiry.
    pub census: Census,
    /// The insured outside of the tariff's ages that an underwriter accepted (`I73`).
    pub accepted: Vec<Accepted>,
    /// The variants of the contract for one offer; none once an option is chosen.
    pub options: Vec<ContractOption>,
    /// The name of the option that the terms are those of.
    pub option: Option<String>,
    /// Which sheets of the roster's workbooks are read.
    pub sheet: SheetChoice,
    /// The roster's own headings of fields that are not recognised.
    pub columns: Vec<(Field, String)>,
    /// Other words for the plans in rosters, in the order of the plans.
    pub plan_aliases: Vec<Vec<String>>,
    /// The order of day and month in the roster, where the contract states it.
    pub date_order: Option<DateOrder>,
    /// The headings of the roster's columns that are to be ignored.
    pub ignored: Vec<String>,
    /// The names of the roster's sheets that are to be ignored.
    pub ignored_sheets: Vec<String>,
    /// The risk group of rows that state none.
    pub default_risk_group: Option<u8>,
    /// The payment periods, in order; together they are the term.
    pub instalments: Vec<Period>,
    /// The terms of price changes and refunds (§2.3).
    pub price_terms: PriceTerms,
    /// The terms of a refund where the contract is terminated (`I34`): those of a refused price change, unless the contract has its own.
    pub termination: ExpenseTerms,
    /// Which headcount counts when insured join or leave.
    pub headcount_basis: HeadcountBasis,
    /// Which day a day of detachment in a list of changes is (`I26`).
    pub detach_day: Option<DetachDay>,
    /// What becomes of relatives when an employee leaves (`I39`).
    pub family: Family,
    /// The clinics that serve the insured, in the order of the plans.
    pub clinics: Vec<PlanClinic>,
    /// The text of the contract file.
    pub source: SourceFile,
}

/// The terms of price changes and refunds (§2.3; `I21`, `I22`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceTerms {
    /// The share of the expenses (расходы на ведение дела); without it no refund is stated.
    pub expense_load: Option<Decimal>,
    /// The premium that the share is taken of.
    pub expense_basis: ExpenseBasis,
    /// The effect of a fall in prices on the running contract.
    pub price_decrease: PriceDecrease,
    /// Whether no price change applies to the contract (`I37`).
    pub price_fixed: bool,
    /// The ids of the price changes that its price includes (`I36`).
    pub included_changes: Vec<String>,
}

impl PriceTerms {
    /// The terms of a refund where a price change is refused (`I22`).
    #[must_use]
    pub const fn expenses(&self) -> ExpenseTerms {
        ExpenseTerms { load: self.expense_load, basis: self.expense_basis }
    }
}

/// The expenses (расходы на ведение дела) that are kept when a contract ends (`I22`, `I34`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpenseTerms {
    /// Their share; without it no refund is stated.
    pub load: Option<Decimal>,
    /// The premium that the share is taken of.
    pub basis: ExpenseBasis,
}

named_enum! {
    /// The premium of which the expenses are a share (`I22`).
    #[derive(Default)]
    pub enum ExpenseBasis {
        /// The premium that is paid and not yet earned.
        #[default]
        Paid = "paid",
        /// The premium of the unexpired days.
        Unexpired = "unexpired",
        /// The written premium.
        Written = "written",
    }
}

named_enum! {
    /// The effect of a fall in prices on the running contract (`I21`).
    #[derive(Default)]
    pub enum PriceDecrease {
        /// The running contract keeps its price.
        #[default]
        Keep = "keep",
        /// The difference is credited.
        Credit = "credit",
    }
}

named_enum! {
    /// The headcount of the coefficient of §2.1 once insured have joined or left (`I28`).
    #[derive(Default)]
    pub enum HeadcountBasis {
        /// The headcount at inception, for the whole term.
        #[default]
        Inception = "inception",
        /// The headcount in force: an endorsement reprices the days to come of all insured.
        Current = "current",
    }
}

named_enum! {
    /// What becomes of relatives when an employee leaves (`I39`).
    #[derive(Default)]
    pub enum Family {
        /// They stay, and the result lists them.
        #[default]
        Stays = "stays",
        /// They leave on the same day.
        Leaves = "leaves",
    }
}

/// A clinic that serves the insured of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanClinic {
    /// The index of the plan.
    pub plan: usize,
    /// The clinic's code.
    pub clinic: String,
    /// How the clinic is paid.
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

impl ClinicMode {
    /// The words of the contract file.
    pub(super) const WORDS: [&str; 2] = ["attachment", "by-fact"];
}

/// A variant of a contract for one offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractOption {
    /// The name in the offer.
    pub name: String,
    /// The choices: those of the contract, with those that the option names in their place.
    pub(super) choices: Choices,
    /// The place of the choice for the headcount.
    pub(super) headcount_span: Span,
    /// The plans: those of the contract in their order, each replaced where the option has a plan of its code; then others of the option.
    pub(super) plans: Vec<Plan>,
    /// Other words for the plans in rosters.
    pub(super) plan_aliases: Vec<Vec<String>>,
    /// The clinics, in the order of the plans.
    pub(super) clinics: Vec<PlanClinic>,
}

impl Contract {
    /// The contract as one of its options offers it, without other options.
    #[must_use]
    pub fn with_option(&self, option: &ContractOption) -> Self {
        let ContractOption { name, choices, headcount_span, plans, plan_aliases, clinics } = option.clone();
        Self {
            terms: Terms { choices, plans, ..self.terms.clone() },
            headcount_span,
            plan_aliases,
            clinics,
            options: Vec::new(),
            option: Some(name),
            ..self.clone()
        }
    }

    /// The term.
    #[must_use]
    pub const fn term(&self) -> Term {
        self.terms.term
    }

    /// The first and the last day.
    #[must_use]
    pub const fn days(&self) -> (Date, Date) {
        (self.term().period().first(), self.term().period().last())
    }

    /// The folder of the contract file, to which its paths are relative.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.source.path.parent().map(Path::to_owned).unwrap_or_default()
    }

    /// How a roster of this contract is read.
    #[must_use]
    pub fn roster_spec(&self, tariff: &Tariff) -> RosterSpec {
        let plan = |(place, plan): (usize, &Plan)| PlanSpec {
            code: plan.code.clone(),
            name: plan.name.clone(),
            aliases: self.plan_aliases.get(place).cloned().unwrap_or_default(),
            own_sum_insured: plan.covers.len() == 1,
        };
        RosterSpec {
            period: self.term().period(),
            rows: RowKind::Insured,
            plans: self.terms.plans.iter().enumerate().map(plan).collect(),
            risk_groups: tariff.risk.value.iter().map(|row| row.group).collect(),
            date_order: self.date_order,
            default_risk_group: self.default_risk_group,
            default_plan: None,
            columns: self.columns.clone(),
            ignored: self.ignored.clone(),
            ignored_sheets: self.ignored_sheets.clone(),
            sheet: self.sheet.clone(),
            contacts: false,
            changes: ChangeRules::default(),
            terms_optional: false,
            by_options: false,
        }
    }

    /// How a roster of this contract is read for a book, which keeps contacts too.
    #[must_use]
    pub fn book_roster_spec(&self, tariff: &Tariff) -> RosterSpec {
        RosterSpec { contacts: true, ..self.roster_spec(tariff) }
    }

    /// How a list of changes from a day on is read; `None` where the day is outside of the contract.
    ///
    /// The list may have other headings than the roster, and stands on the only sheet that holds one.
    #[must_use]
    pub fn changes_spec(
        &self,
        tariff: &Tariff,
        on: Option<Date>,
        action: Option<Action>,
        reading: &ReadingTerms,
    ) -> Option<RosterSpec> {
        if on.is_some_and(|on| !self.term().period().contains(on)) {
            return None;
        }
        Some(reading.apply(RosterSpec {
            rows: RowKind::Changes,
            sheet: SheetChoice::Every,
            changes: ChangeRules { on, action, detach_day: self.detach_day },
            ..self.book_roster_spec(tariff)
        }))
    }

    /// How a full roster is read that is compared with the insured of the contract: those who are insured need no risk group and no plan.
    #[must_use]
    pub fn reconciled_spec(&self, tariff: &Tariff, reading: &ReadingTerms) -> RosterSpec {
        reading.apply(RosterSpec { terms_optional: true, ..self.book_roster_spec(tariff) })
    }

    /// How a census of this contract is read.
    #[must_use]
    pub fn census_spec(&self, tariff: &Tariff) -> RosterSpec {
        RosterSpec { rows: RowKind::Counts, ..self.roster_spec(tariff) }
    }
}
