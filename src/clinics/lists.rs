//! Whom a clinic is told to serve in advance: everybody attached on a day, and who came and went between two days.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::clinics::insured_view::{CoverPeriod, InsuredView};
use crate::clinics::network::{Clinic, Network};
use crate::roster::contacts::Contacts;
use crate::table::text::folded;

/// Somebody attached to a clinic, with what the clinic needs to know and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attached {
    /// Surname, given name, patronymic.
    pub name: String,
    /// The day of birth.
    pub birth_date: Date,
    /// The policy number; empty where the book has none.
    pub policy: String,
    /// The code of the clinic's programme.
    pub programme: String,
    /// The first day, whatever plans the days are on that follow each other.
    pub first: Date,
    /// The last day.
    pub last: Date,
    /// Who it is in the book: the contract's number and the person's in it.
    pub key: (String, u32),
    /// How the insured is reached and known, as far as the roster says.
    pub contacts: Contacts<Option<String>>,
}

/// The list of one clinic.
#[derive(Debug, Clone)]
pub struct ClinicList<'n> {
    /// The clinic.
    pub clinic: &'n Clinic,
    /// Everybody attached on the day, by name.
    pub today: Vec<Attached>,
    /// What has changed since an earlier day, where one was given.
    pub changes: Option<Changes>,
}

/// Who came and who went between two days: attached before + attach − detach = attached today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// How many were attached on the earlier day.
    pub before: usize,
    /// Who is attached now and was not, or was on another programme.
    pub attach: Vec<Attached>,
    /// Who was attached and is no more, or is on another programme.
    pub detach: Vec<Attached>,
    /// Who is attached on both days to the same programme, with other days now.
    pub moved: Vec<Attached>,
}

/// The lists of all clinics, gathered while the book is shown once.
#[derive(Debug)]
pub struct Lists<'n> {
    network: &'n Network,
    as_of: Date,
    since: Option<Date>,
    /// By clinic: on the day, and on the earlier day.
    attached: Vec<[Vec<Attached>; 2]>,
}

impl<'n> Lists<'n> {
    /// Lists for a day, and for what has changed since an earlier one.
    #[must_use]
    pub fn new(network: &'n Network, as_of: Date, since: Option<Date>) -> Self {
        Self {
            network,
            as_of,
            since,
            attached: network.clinics.iter().map(|_| <[Vec<Attached>; 2]>::default()).collect(),
        }
    }

    /// Takes somebody of the book into account.
    pub fn show(&mut self, served: &InsuredView<'_>) {
        self.take(served, 0, self.as_of);
        if let Some(since) = self.since {
            self.take(served, 1, since);
        }
    }

    fn take(&mut self, served: &InsuredView<'_>, side: usize, day: Date) {
        if !served.is_insured(day) {
            return;
        }
        let plan = &served.contract.plans[usize::from(served.plan)];
        for (clinic, attached) in self.network.clinics.iter().zip(&mut self.attached) {
            for programme in plan.programmes_at(&clinic.code) {
                attached[side].push(Attached::new(served, clinic, programme));
            }
        }
    }

    /// The lists of the clinics that somebody is or was attached to, in the order of the network.
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
    fn new(served: &InsuredView<'_>, clinic: &Clinic, programme: &str) -> Self {
        let days = days(served, clinic, programme);
        Self {
            name: served.name.to_owned(),
            birth_date: served.birth_date,
            policy: served.policy.to_owned(),
            programme: programme.to_owned(),
            first: days.first(),
            last: days.last(),
            key: (served.contract.number.clone(), served.ordinal),
            contacts: served.contacts.map(|contact| contact.map(str::to_owned)),
        }
    }

    /// By what the same attachment is known on two days: the person and the programme.
    fn identity(&self) -> ((&str, u32), String) {
        ((&self.key.0, self.key.1), folded(&self.programme))
    }
}

/// The days on which somebody is attached to a programme without a break: a change of plan is none where the new one has it too.
fn days(served: &InsuredView<'_>, clinic: &Clinic, programme: &str) -> Period {
    let has_it = |stay: &&CoverPeriod| {
        let mut programmes = served.contract.plans[usize::from(stay.plan)].programmes_at(&clinic.code);
        programmes.any(|other| folded(other) == folded(programme))
    };
    let follows = |earlier: Period, later: Period| earlier.last().tomorrow().is_ok_and(|day| day == later.first());
    let joined = |earlier: Period, later: Period| Period::new(earlier.first(), later.last()).unwrap_or(later);
    let stays = || served.stays.iter().filter(has_it).map(|stay| stay.cover);
    let back =
        stays().rev().fold(served.cover, |days, stay| if follows(stay, days) { joined(stay, days) } else { days });
    stays().fold(back, |days, stay| if follows(days, stay) { joined(days, stay) } else { days })
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
