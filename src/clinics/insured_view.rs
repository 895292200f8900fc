//! The insured of a book as the clinics need them: contract, plan, days of cover, family.

use std::sync::Arc;

use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::base::money::Kopecks;
use crate::clinics::network::Category;
use crate::portfolio::policy_number::is_issued_form;
use crate::quote::contract::{ClinicMode, PlanClinic};
use crate::roster::contacts::Contacts;
use crate::roster::value::Relation;
use crate::table::text::folded;

/// The parts of a contract of the book that concern the clinics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsuredContract {
    /// The number.
    pub number: String,
    /// The policyholder.
    pub policyholder: String,
    /// The days of the contract.
    pub days: Period,
    /// The plans, in the order of the contract.
    pub plans: Vec<InsuredPlan>,
}

/// The parts of a plan that concern the clinics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsuredPlan {
    /// The code.
    pub code: String,
    /// The covers.
    pub covers: Vec<InsuredCover>,
    /// The clinics of the plan's insured.
    pub clinics: Vec<PlanClinic>,
}

/// A cover of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsuredCover {
    /// The code of the tariff's programme.
    pub programme: String,
    /// The codes of the excluded services.
    pub excluded: Vec<String>,
    /// The sum insured: the most that the insurer pays for an insured on the cover (`I62`).
    pub sum_insured: Kopecks,
}

impl InsuredPlan {
    /// Whether a cover of the plan includes services of the category.
    #[must_use]
    pub fn covers(&self, category: &Category) -> bool {
        self.paying_cover(category).is_some()
    }

    /// The cover that pays for services of the category: the first in the plan that includes them.
    #[must_use]
    pub fn paying_cover(&self, category: &Category) -> Option<&InsuredCover> {
        self.covers.iter().find(|cover| category.is_covered(&cover.programme, &cover.excluded))
    }

    /// The codes of the clinic programmes to which the plan attaches its insured.
    pub fn programmes_at<'p>(&'p self, clinic: &str) -> impl Iterator<Item = &'p str> {
        let clinic = folded(clinic);
        self.clinics.iter().filter(move |place| folded(&place.clinic) == clinic).filter_map(|place| match &place.mode {
            ClinicMode::Attachment { programme } => Some(programme.as_str()),
            ClinicMode::ByFact => None,
        })
    }

    /// Whether the plan names the clinic, by attachment or by fact.
    #[must_use]
    pub fn names(&self, clinic: &str) -> bool {
        let clinic = folded(clinic);
        self.clinics.iter().any(|place| folded(&place.clinic) == clinic)
    }
}

/// Consecutive days of an insured on one plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoverPeriod {
    /// Index of the plan in the contract.
    pub plan: u16,
    /// The first and the last day.
    pub cover: Period,
}

/// One cover period of an insured, borrowed from the rows of the book.
///
/// An insured who has changed plans has a view for each plan, all with the same ordinal. An insured who left and came back later has
/// two ordinals.
#[derive(Debug, Clone, Copy)]
pub struct InsuredView<'b> {
    /// The contract.
    pub contract: &'b Arc<InsuredContract>,
    /// The number of the insured in the contract: that of the first row, which no endorsement changes.
    pub ordinal: u32,
    /// The policy number: that of the roster, or else the one that the book has issued.
    pub policy: &'b str,
    /// The roster's first number, such as the personnel number; empty if it has none, and the policy number if it has no other.
    pub id: &'b str,
    /// Surname, given name, patronymic, as written.
    pub name: &'b str,
    /// The day of birth.
    pub birth_date: Date,
    /// The relation to the employee, if the roster states it.
    pub relation: Option<Relation>,
    /// The cover of the employee who heads the family; `None` for the employee.
    pub head_cover: Option<Period>,
    /// Telephone, e-mail, address and documents, as far as the roster has them.
    pub contacts: Contacts<Option<&'b str>>,
    /// Index of the plan in the contract.
    pub plan: u16,
    /// The first and the last day on the plan.
    pub cover: Period,
    /// All cover periods of the insured in order, this one included; empty if this is the only one.
    pub periods: &'b [CoverPeriod],
}

impl InsuredView<'_> {
    /// An owned copy, without contacts and other cover periods.
    #[must_use]
    pub fn to_record(&self) -> InsuredRecord {
        let follows = |earlier: Period, later: Period| earlier.last().tomorrow().is_ok_and(|day| day == later.first());
        let joined = |earlier: Period, later: Period| Period::new(earlier.first(), later.last()).unwrap_or(later);
        let covers = || self.periods.iter().map(|period| period.cover);
        let back = covers()
            .rev()
            .fold(self.cover, |days, cover| if follows(cover, days) { joined(cover, days) } else { days });
        let continuous =
            covers().fold(back, |days, cover| if follows(days, cover) { joined(days, cover) } else { days });
        InsuredRecord {
            contract: Arc::clone(self.contract),
            ordinal: self.ordinal,
            policy: self.policy.to_owned(),
            id: self.id.to_owned(),
            name: self.name.to_owned(),
            birth_date: self.birth_date,
            relation: self.relation,
            head_cover: self.head_cover,
            plan: self.plan,
            cover: self.cover,
            continuous,
        }
    }

    /// Whether the cover period includes a day.
    #[must_use]
    pub fn is_insured(&self, day: Date) -> bool {
        self.cover.contains(day)
    }
}

/// One cover period of an insured, owned; the fields are those of [`InsuredView`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsuredRecord {
    /// The contract.
    pub contract: Arc<InsuredContract>,
    /// The number of the insured in the contract.
    pub ordinal: u32,
    /// The policy number: that of the roster, or else the one that the book has issued.
    pub policy: String,
    /// The roster's first number, such as the personnel number; empty if it has none, and the policy number if it has no other.
    pub id: String,
    /// Surname, given name, patronymic, as written.
    pub name: String,
    /// The day of birth.
    pub birth_date: Date,
    /// The relation to the employee, if the roster states it.
    pub relation: Option<Relation>,
    /// The cover of the employee who heads the family; `None` for the employee.
    pub head_cover: Option<Period>,
    /// Index of the plan in the contract.
    pub plan: u16,
    /// The first and the last day on the plan.
    pub cover: Period,
    /// The consecutive days of cover around them, whatever the plans.
    pub continuous: Period,
}

impl InsuredRecord {
    /// Whether the cover period includes a day.
    #[must_use]
    pub fn is_insured(&self, day: Date) -> bool {
        self.cover.contains(day)
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &InsuredPlan {
        &self.contract.plans[usize::from(self.plan)]
    }

    /// Whether two records of different contracts have the name and the birth date of one person (`I69`).
    #[must_use]
    pub fn is_same_person(&self, other: &Self) -> bool {
        self.birth_date == other.birth_date
            && self.contract.number != other.contract.number
            && folded(&self.name) == folded(&other.name)
    }

    /// The numbers that may mean the insured.
    #[must_use]
    pub fn numbers(&self) -> [&str; 2] {
        [&self.policy, &self.id]
    }

    /// Whether the insured has no number but the one that the book has issued.
    #[must_use]
    pub fn has_only_issued_number(&self) -> bool {
        self.id.is_empty() && (self.policy.is_empty() || is_issued_form(&self.contract.number, &self.policy))
    }

    /// The identity of the insured in the book: the number of the contract and the ordinal in it.
    #[must_use]
    pub fn key(&self) -> (&str, u32) {
        (&self.contract.number, self.ordinal)
    }
}
