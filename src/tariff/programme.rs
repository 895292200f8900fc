//! Programmes of insurance: base rates, and the coefficients of excluded and included services.

use rust_decimal::Decimal;

use crate::base::sex::Sex;
use crate::tariff::cited::Cited;
use crate::tariff::range::Range;

/// A service that a programme can be sold without or with: its index in
/// [`Tariff::services`](crate::tariff::Tariff::services).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceId(pub usize);

/// A service as the contract file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The code of the contract file.
    pub code: String,
    /// The name in Russian.
    pub name: String,
    /// The name in English.
    pub name_en: String,
    /// The services that are excluded together with it; excluding one of them too is refused (`I10`).
    pub holds: Vec<ServiceId>,
}

/// A programme of clause 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    /// The code: `1`, `3a`, `16`.
    pub code: String,
    /// The name in Russian.
    pub name: String,
    /// The name in English.
    pub name_en: String,
    /// The clause of the base rate.
    pub clause: String,
    /// RUB per 100 RUB of sum insured for a full year.
    pub base: Base,
    /// What can be excluded, if anything.
    pub exclusions: Option<Cited<Exclusions>>,
    /// What can be included, if anything.
    pub inclusions: Option<Cited<Vec<Inclusion>>>,
    /// The coefficient of collective contracts (`I12`).
    pub collective: Option<Cited<Wording<Decimal>>>,
    /// The only sex that the programme is for, if it is for one.
    pub sex: Option<Sex>,
    /// The care that the programme gives, as far as the edition states it (`I75`).
    pub care: Vec<ServiceId>,
    /// The programme for children that stands beside this one for adults, if there is one (`I75`): its index in
    /// [`Tariff::programmes`](crate::tariff::Tariff::programmes).
    pub for_children: Option<usize>,
}

impl Programme {
    /// The clause that states that the programme gives this care: that of its exclusions where it lists the service,
    /// else that of its base rate.
    #[must_use]
    pub fn care_clause(&self, service: ServiceId) -> &str {
        let lists = self.exclusions.as_ref().filter(|exclusions| exclusions.value.row(service).is_some());
        lists.map_or(self.clause.as_str(), |exclusions| exclusions.clause.as_str())
    }
}

/// A coefficient and the source's words for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording<T> {
    /// The coefficient.
    pub coefficient: T,
    /// The source's words.
    pub wording: String,
}

/// The base rate of a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// One number.
    Fixed(Decimal),
    /// A range to choose in.
    Range(Range),
    /// One number for each of the children's bands (`I6`).
    ByChildBand(Vec<Decimal>),
}

/// What can be excluded from a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusions {
    /// The single services.
    pub rows: Vec<Exclusion>,
    /// Sets with a coefficient of their own (`I9`): none, or one for every combination of the services in `rows`.
    pub sets: Vec<ExclusionSet>,
}

impl Exclusions {
    /// The row of a service.
    #[must_use]
    pub fn row(&self, service: ServiceId) -> Option<&Exclusion> {
        self.rows.iter().find(|row| row.service == service)
    }

    /// The coefficient of exactly this set of services, in any order, where the tariff lists it (`I9`).
    #[must_use]
    pub fn set(&self, services: &[ServiceId]) -> Option<Decimal> {
        let same = |set: &&ExclusionSet| {
            set.services.len() == services.len() && set.services.iter().all(|service| services.contains(service))
        };
        self.sets.iter().find(same).map(|set| set.coefficient)
    }
}

/// A service that can be excluded, and its coefficient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// The service.
    pub service: ServiceId,
    /// The coefficient.
    pub coefficient: ExclusionCoefficient,
    /// The source's words.
    pub wording: String,
}

/// The coefficient of one exclusion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExclusionCoefficient {
    /// One number.
    Fixed(Decimal),
    /// A range to choose in.
    Range(Range),
    /// One number for each of the children's bands, none where the tariff has a dash (`I8`).
    ByChildBand(Vec<Option<Decimal>>),
}

/// Services that have one coefficient when they are excluded together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExclusionSet {
    /// The services.
    pub services: Vec<ServiceId>,
    /// Their coefficient.
    pub coefficient: Decimal,
}

/// A service that can be included, and its coefficient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// The service.
    pub service: ServiceId,
    /// The coefficient and the source's words.
    pub value: Wording<Decimal>,
}

/// The code of a programme reduced to its number and its letter in Latin: `ДМС - 3а` → `3a`.
#[must_use]
pub fn fold_code(code: &str) -> String {
    let lower = code.trim().to_lowercase();
    let bare = ["дмс", "dms"].iter().find_map(|prefix| lower.strip_prefix(prefix)).map_or(lower.as_str(), |rest| {
        rest.trim_start_matches(|letter: char| letter.is_whitespace() || matches!(letter, '-' | '‐' | '–' | '—'))
    });
    bare.chars()
        .map(|letter| match letter {
            'а' => 'a',
            'б' => 'b',
            _ => letter,
        })
        .collect()
}
