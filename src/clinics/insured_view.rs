//! The insured as the clinics know them: their contract, their plans and their days.

use std::sync::Arc;

use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::clinics::network::Category;
use crate::quote::contract::{ClinicMode, PlanClinic};
use crate::roster::contacts::Contacts;
use crate::table::text::folded;
use crate::table::value::Relation;

/// A contract of the book, as far as the clinics are concerned.
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

/// A plan, as far as the clinics are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsuredPlan {
    /// The code.
    pub code: String,
    /// What it covers.
    pub covers: Vec<InsuredCover>,
    /// Where its insured are served.
    pub clinics: Vec<PlanClinic>,
}

/// A cover of a plan: a programme of the tariff and the services that are excluded from it, by code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsuredCover {
    /// The programme.
    pub programme: String,
    /// The excluded services.
    pub excluded: Vec<String>,
}

impl InsuredPlan {
    /// Whether some cover has services of the category.
    #[must_use]
    pub fn covers(&self, category: &Category) -> bool {
        self.covers.iter().any(|cover| category.is_covered(&cover.programme, &cover.excluded))
    }

    /// The clinic's programmes that the insured are attached to, by code.
    pub fn programmes_at<'p>(&'p self, clinic: &str) -> impl Iterator<Item = &'p str> {
        let clinic = folded(clinic);
        self.clinics.iter().filter(move |place| folded(&place.clinic) == clinic).filter_map(|place| match &place.mode {
            ClinicMode::Attachment { programme } => Some(programme.as_str()),
            ClinicMode::ByFact => None,
        })
    }

    /// Whether the plan names the clinic, however it is paid.
    #[must_use]
    pub fn names(&self, clinic: &str) -> bool {
        let clinic = folded(clinic);
        self.clinics.iter().any(|place| folded(&place.clinic) == clinic)
    }
}

/// A run of days that an insured has on one plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoverPeriod {
    /// The plan, by its place in the contract.
    pub plan: u16,
    /// The first and the last day.
    pub cover: Period,
}

/// Somebody of the book, as it is shown to whoever asks: an insured with one run of days on one plan.
///
/// Who has changed plans is shown once for each, and is the same person; who was struck off and came back later is another.
#[derive(Debug, Clone, Copy)]
pub struct InsuredView<'b> {
    /// The contract.
    pub contract: &'b Arc<InsuredContract>,
    /// The person's number in the contract, which no endorsement changes: that of their first row.
    pub ordinal: u32,
    /// The policy number; empty where the book has none.
    pub policy: &'b str,
    /// Surname, given name, patronymic, as written.
    pub name: &'b str,
    /// The day of birth.
    pub birth_date: Date,
    /// What the insured is to the employee, where the roster says it.
    pub relation: Option<Relation>,
    /// The own cover of the employee who heads the family, where it is somebody else.
    pub head: Option<Period>,
    /// How the insured is reached and known, as far as the roster says.
    pub contacts: Contacts<Option<&'b str>>,
    /// The plan, by its place in the contract.
    pub plan: u16,
    /// The own first and last day on it.
    pub cover: Period,
    /// Every run of days of the person, in order, with this one; empty where there is no other.
    pub stays: &'b [CoverPeriod],
}

impl InsuredView<'_> {
    /// The same, kept.
    #[must_use]
    pub fn kept(&self) -> Person {
        Person {
            contract: Arc::clone(self.contract),
            ordinal: self.ordinal,
            policy: self.policy.to_owned(),
            name: self.name.to_owned(),
            birth_date: self.birth_date,
            relation: self.relation,
            head: self.head,
            plan: self.plan,
            cover: self.cover,
        }
    }

    /// Whether the insured is insured by this plan on a day.
    #[must_use]
    pub fn is_insured(&self, day: Date) -> bool {
        self.cover.contains(day)
    }
}

/// Somebody of the book, kept: as [`InsuredView`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The contract.
    pub contract: Arc<InsuredContract>,
    /// The person's number in the contract.
    pub ordinal: u32,
    /// The policy number; empty where the book has none.
    pub policy: String,
    /// Surname, given name, patronymic, as written.
    pub name: String,
    /// The day of birth.
    pub birth_date: Date,
    /// What the insured is to the employee.
    pub relation: Option<Relation>,
    /// The own cover of the employee who heads the family, where it is somebody else.
    pub head: Option<Period>,
    /// The plan, by its place in the contract.
    pub plan: u16,
    /// The own first and last day on it.
    pub cover: Period,
}

impl Person {
    /// Whether the insured is insured by this plan on a day.
    #[must_use]
    pub fn is_insured(&self, day: Date) -> bool {
        self.cover.contains(day)
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &InsuredPlan {
        &self.contract.plans[usize::from(self.plan)]
    }

    /// Who it is in the whole book: the contract's number and the person's in it.
    #[must_use]
    pub fn key(&self) -> (&str, u32) {
        (&self.contract.number, self.ordinal)
    }
}
