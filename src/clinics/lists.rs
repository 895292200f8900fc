//! Lists of the insured attached to each clinic on a day, and the changes between two days.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::clinics::insured_view::{CoverPeriod, InsuredView};
use crate::clinics::network::{Clinic, Network};
use crate::roster::contacts::Contacts;
use crate::table::text::folded;

/// An insured attached to a clinic, with only the data that the clinic needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attached {
    /// Surname, given name, patronymic.
    pub name: String,
    /// The day of birth.
    pub birth_date: Date,
    /// The policy number; empty if the book has none.
    pub policy: String,
    /// The code of the clinic's programme.
    pub programme: String,
    /// The first day of the attachment, over consecutive cover periods of any plans.
    pub first: Date,
    /// The last day of the attachment.
    pub last: Date,
    /// The identity in the book: the number of the contract and the ordinal in it.
    pub key: (String, u32),
    /// Telephone, e-mail, address and documents, as far as the roster has them.
    pub contacts: Contacts<Option<String>>,
}

/// The list of one clinic.
#[derive(Debug, Clone)]
pub struct ClinicList<'n> {
    /// The clinic.
    pub clinic: &'n Clinic,
    /// The insured attached on the day, by name.
    pub today: Vec<Attached>,
    /// The changes since an earlier day, if one was given.
    pub changes: Option<Changes>,
}

/// The changes between two days: `before + attach − detach` is the number attached today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// The number attached on the earlier day.
    pub before: usize,
    /// Newly attached, or attached to another programme before.
    pub attach: Vec<Attached>,
    /// No longer attached, or attached to another programme now.
    pub detach: Vec<Attached>,
    /// Attached to the same programme on both days, with another first or last day now.
    pub moved: Vec<Attached>,
}

/// The lists of all clinics, filled in one pass over the book.
#[derive(Debug)]
pub struct Lists<'n> {
    network: &'n Network,
    as_of: Date,
    since: Option<Date>,
    /// For each clinic: attached on the day, and on the earlier day.
    attached: Vec<[Vec<Attached>; 2]>,
}

impl<'n> Lists<'n> {
    /// Empty lists for a day, and for the changes since an earlier day; [`Lists::insert`] fills them.
    #[must_use]
    pub fn new(network: &'n Network, as_of: Date, since: Option<Date>) -> Self {
        Self {
            network,
            as_of,
            since,
            attached: network.clinics.iter().map(|_| <[Vec<Attached>; 2]>::default()).collect(),
        }
    }

    /// Adds an insured of the book.
    pub fn insert(&mut self, view: &InsuredView<'_>) {
        self.attach(view, 0, self.as_of);
        if let Some(since) = self.since {
            self.attach(view, 1, since);
        }
    }

    fn attach(&mut self, view: &InsuredView<'_>, side: usize, day: Date) {
        if !view.is_insured(day) {
            return;
        }
        let plan = &view.contract.plans[usize::from(view.plan)];
        for (clinic, attached) in self.network.clinics.iter().zip(&mut self.attached) {
            for programme in plan.programmes_at(&clinic.code) {
                attached[side].push(Attached::new(view, clinic, programme));
            }
        }
    }

    /// The lists of the clinics with attached insured on either day, in the order of the network.
    #[must_use]
    pub fn finish(self) -> Vec<ClinicList<'n>> {
        let since = self.since;
        let list = |(clinic, [mut today, before]): (&'n Clinic, [Vec<Attached>; 2])| {
            today.sort();
            let changes = since.map(|_| Changes::between(before, &today));
            ClinicList { clinic, today, changes }
        };
        let lists = self.network.clinics.iter().zip(self.attached).map(list);
        lists
            .filter(|list| !list.today.is_empty() || list.changes.as_ref().is_some_and(|changes| changes.before > 0))
            .collect()
    }
}

impl Attached {
    fn new(view: &InsuredView<'_>, clinic: &Clinic, programme: &str) -> Self {
        let days = attached_days(view, clinic, programme);
        Self {
            name: view.name.to_owned(),
            birth_date: view.birth_date,
            policy: view.policy.to_owned(),
            programme: programme.to_owned(),
            first: days.first(),
            last: days.last(),
            key: (view.contract.number.clone(), view.ordinal),
            contacts: view.contacts.map(|contact| contact.map(str::to_owned)),
        }
    }

    /// The identity of an attachment on two days: the insured and the programme.
    fn identity(&self) -> ((&str, u32), String) {
        ((&self.key.0, self.key.1), folded(&self.programme))
    }
}

/// The consecutive days of an attachment to a programme; a change to another plan with the same programme does not interrupt it.
fn attached_days(view: &InsuredView<'_>, clinic: &Clinic, programme: &str) -> Period {
    let has_programme = |period: &&CoverPeriod| {
        let mut programmes = view.contract.plans[usize::from(period.plan)].programmes_at(&clinic.code);
        programmes.any(|other| folded(other) == folded(programme))
    };
    let follows = |earlier: Period, later: Period| earlier.last().tomorrow().is_ok_and(|day| day == later.first());
    let joined = |earlier: Period, later: Period| Period::new(earlier.first(), later.last()).unwrap_or(later);
    let periods = || view.periods.iter().filter(has_programme).map(|period| period.cover);
    let back = periods()
        .rev()
        .fold(view.cover, |days, period| if follows(period, days) { joined(period, days) } else { days });
    periods().fold(back, |days, period| if follows(days, period) { joined(days, period) } else { days })
}

impl Changes {
    fn between(mut before: Vec<Attached>, today: &[Attached]) -> Self {
        before.sort();
        let known: BTreeMap<_, &Attached> = before.iter().map(|attached| (attached.identity(), attached)).collect();
        let now: BTreeMap<_, &Attached> = today.iter().map(|attached| (attached.identity(), attached)).collect();
        let missing = |list: &[Attached], other: &BTreeMap<_, &Attached>| -> Vec<Attached> {
            list.iter().filter(|attached| !other.contains_key(&attached.identity())).cloned().collect()
        };
        let is_moved = |attached: &&Attached| {
            let earlier = known.get(&attached.identity());
            earlier.is_some_and(|earlier| (earlier.first, earlier.last) != (attached.first, attached.last))
        };
        Self {
            before: before.len(),
            attach: missing(today, &known),
            detach: missing(&before, &now),
            moved: today.iter().filter(is_moved).cloned().collect(),
        }
    }
}
