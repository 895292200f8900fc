//! The records of an insured in one contract: the rows of every version, and the events.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rayon::prelude::*;

use crate::base::calendar::{day_after_1970, days_since_1970};
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::parallel::collect_in_order;
use crate::portfolio::book::Portfolio;
use crate::portfolio::event::{Event, EventKind, PersonRef};
use crate::portfolio::files::{Files, OPEN_FILES};
use crate::portfolio::groups::read_segment;
use crate::portfolio::life::Life;
use crate::portfolio::register;
use crate::portfolio::register::contracts::BoundContract;
use crate::portfolio::register::erasure;
use crate::portfolio::register::files::Segment;
use crate::portfolio::rows::value::Value;
use crate::portfolio::rows::{InsuredRows, Rows};
use crate::portfolio::store::{Damage, FileKind};
use crate::table::text::{folded, folded_number};

/// A person by name and birth date: the folded name, and days since 1970.
pub(super) type Identity = (String, i32);

/// How a request identifies a person.
#[derive(Debug, Clone)]
pub(super) enum SoughtInsured {
    /// A full name, a policy number or a personnel number.
    Words { name: String, number: String },
    /// The name and the birth date.
    Person(Identity),
}

impl SoughtInsured {
    /// A person by a full name or a number.
    pub fn parse(words: &str) -> Self {
        Self::Words { name: folded(words), number: folded_number(words) }
    }

    fn matches(&self, name: &str, birth_date: i32, numbers: [&str; 2]) -> bool {
        match self {
            Self::Words { name: sought, number } => {
                folded(name) == *sought || numbers.iter().any(|of| !of.is_empty() && folded_number(of) == *number)
            }
            Self::Person((sought, born)) => birth_date == *born && folded(name) == *sought,
        }
    }
}

/// The records of an insured in one contract.
#[derive(Debug)]
pub(super) struct Enrolment {
    /// The contract.
    pub contract: BoundContract,
    /// Every name that the records have.
    pub names: BTreeSet<String>,
    /// Every birth date that the records have, in days since 1970.
    pub birth_dates: BTreeSet<i32>,
    /// Every personnel and policy number that the records have.
    pub numbers: BTreeSet<String>,
    /// The rows in the files of insured: file and row.
    pub rows: BTreeSet<(i64, u64)>,
    /// The ordinals of the rows.
    pub ordinals: BTreeSet<u32>,
    /// The events, annulled ones too.
    pub events: Vec<Event>,
    /// The days on which the age of the insured counts.
    pub days: BTreeSet<Date>,
    /// The last day of cover as known now, in days since 1970; `None` without any day.
    pub last_day: Option<i32>,
}

/// The rows of a version, and the insured of each.
struct VersionRows {
    segment: Segment,
    rows: InsuredRows,
    people: Vec<PersonRef>,
    is_current: bool,
}

/// The insured who are sought, each with the records in every contract, by the name and the birth date that were recorded last.
pub(super) fn enrolments(
    book: &Portfolio,
    files: &mut Files,
    sought: &SoughtInsured,
    only: Option<PersonOfContract>,
) -> Result<BTreeMap<Identity, Vec<Enrolment>>, Error> {
    let mut hits: BTreeMap<i64, Hits> = BTreeMap::new();
    if let Some((contract, who)) = only {
        hits.entry(contract).or_default().people.insert(who);
    }
    let holders = book.register.read(erasure::holders_of_insured)?;
    for (file, row) in rows_of(book, files, sought)? {
        let before = holders.range((file, 0)..=(file, row)).next_back();
        for (contract, run, rows) in before.into_iter().flat_map(|(_, holders)| holders) {
            let first = before.map_or(0, |((_, first), _)| *first);
            if row < first + rows {
                hits.entry(*contract).or_default().rows.insert((*run, row - first));
            }
        }
    }
    book.register.read(|register| {
        erasure::each_event(register, None, |contract, event| {
            if let EventKind::Joined(new) = &event.kind
                && sought.matches(
                    &new.name,
                    new.birth_date,
                    [&new.id, new.policy_number.as_deref().unwrap_or_default()],
                )
            {
                hits.entry(contract).or_default().people.insert(PersonRef::Joined(event.run, event.row));
            }
        })
    })?;
    let mut found: BTreeMap<Identity, Vec<Enrolment>> = BTreeMap::new();
    for (contract, hits) in hits {
        for (identity, enrolment) in of_contract(book, files, contract, hits)? {
            found.entry(identity).or_default().push(enrolment);
        }
    }
    Ok(found)
}

/// An insured of a contract, by its id.
pub(super) type PersonOfContract = (i64, PersonRef);

/// The records of sought insured that are found in a contract.
#[derive(Default)]
struct Hits {
    /// Run and place among its rows.
    rows: BTreeSet<(i64, u64)>,
    people: BTreeSet<PersonRef>,
}

/// The rows of sought insured in all files of insured: file and row.
fn rows_of(book: &Portfolio, files: &mut Files, sought: &SoughtInsured) -> Result<Vec<(i64, u64)>, Error> {
    let damaged = |damage: Damage| damage.into_error(book.folder());
    let ids = files.ids();
    let is_insured = |id: &&i64| files.stored(**id).is_some_and(|stored| stored.kind == FileKind::Insured);
    let insured: Vec<i64> = ids.iter().filter(is_insured).copied().collect();
    let mut found = Vec::new();
    for ids in insured.chunks(OPEN_FILES) {
        let rows = |id: &i64| {
            let reader = files.get(*id)?;
            let group = |group: usize| {
                let columns = reader.columns(group, &["id", "name", "birth_date", "policy_number"])?;
                let of_group = &reader.groups()[group];
                let count = usize::try_from(of_group.rows).map_err(|_| reader.damage())?;
                let names: Option<Vec<String>> = columns[1].as_ref().and_then(Value::values);
                let births: Option<Vec<i32>> = columns[2].as_ref().and_then(Value::values);
                let ids: Option<Vec<String>> = columns[0].as_ref().and_then(Value::values);
                let policies = Value::values_or_missing(columns[3].as_ref(), count);
                let (Some(names), Some(births), Some(ids), Some(policies)) = (names, births, ids, policies) else {
                    return Err(reader.damage());
                };
                let policies: Vec<Option<String>> = policies;
                let is_wanted = |at: &usize| {
                    sought.matches(&names[*at], births[*at], [&ids[*at], policies[*at].as_deref().unwrap_or_default()])
                };
                Ok((0..count).filter(is_wanted).map(|at| (*id, of_group.first_row + at as u64)).collect::<Vec<_>>())
            };
            (0..reader.groups().len()).map(group).collect::<Result<Vec<_>, Damage>>()
        };
        let rows = collect_in_order(ids.par_iter().map(rows)).map_err(damaged)?;
        found.extend(rows.into_iter().flatten().flatten());
        files.close_others(&BTreeSet::new());
    }
    Ok(found)
}

/// The records of the insured of a contract that are found, by the name and the birth date that were recorded last.
fn of_contract(
    book: &Portfolio,
    files: &Files,
    contract: i64,
    hits: Hits,
) -> Result<BTreeMap<Identity, Enrolment>, Error> {
    let (contract, mut events) = book.register.read(|register| {
        let mut events = Vec::new();
        erasure::each_event(register, Some(contract), |_, event| events.push(event))?;
        Ok((register::contract_at(register, contract)?, events))
    })?;
    events.sort_by_key(|event| (event.run, event.row));
    let versions = read_versions(book, files, &contract)?;
    let Hits { rows, mut people } = hits;
    people.extend(
        rows.into_iter().filter_map(|(run, at)| versions.get(&run)?.people.get(usize::try_from(at).ok()?).copied()),
    );
    let mut found: BTreeMap<Identity, Enrolment> = BTreeMap::new();
    for who in people {
        let records = Records::new(who, &versions, &events);
        let Some(identity) = records.identity.clone() else { continue };
        let enrolment = found.entry(identity).or_insert_with(|| Enrolment {
            contract: contract.clone(),
            names: BTreeSet::new(),
            birth_dates: BTreeSet::new(),
            numbers: BTreeSet::new(),
            rows: BTreeSet::new(),
            ordinals: BTreeSet::new(),
            events: Vec::new(),
            days: BTreeSet::from([contract.first_day]),
            last_day: None,
        });
        records.add_to(enrolment, &versions);
    }
    Ok(found)
}

/// Where the records of one insured are.
struct Records<'e> {
    /// The folded name and the birth date of the last record.
    identity: Option<Identity>,
    /// Run and place of each row.
    rows: Vec<(i64, usize)>,
    events: Vec<&'e Event>,
}

impl<'e> Records<'e> {
    fn new(who: PersonRef, versions: &BTreeMap<i64, VersionRows>, events: &'e [Event]) -> Self {
        let own = |event: &&Event| {
            event.kind.who() == Some(who)
                || matches!(event.kind, EventKind::Joined(_)) && PersonRef::Joined(event.run, event.row) == who
        };
        let events: Vec<&Event> = events.iter().filter(own).collect();
        let mut rows = Vec::new();
        let mut identity = None;
        for event in &events {
            if let EventKind::Joined(new) = &event.kind {
                identity = Some((folded(&new.name), new.birth_date));
            }
        }
        for (run, version) in versions {
            for at in (0..version.people.len()).filter(|at| version.people[*at] == who) {
                identity = Some((folded(&version.rows.name[at]), version.rows.birth_date[at]));
                rows.push((*run, at));
            }
        }
        Self { identity, rows, events }
    }

    fn add_to(self, enrolment: &mut Enrolment, versions: &BTreeMap<i64, VersionRows>) {
        for (run, at) in self.rows {
            let version = &versions[&run];
            let rows = &version.rows;
            enrolment.names.insert(rows.name[at].clone());
            enrolment.birth_dates.insert(rows.birth_date[at]);
            let numbers = [Some(&rows.id[at]), rows.policy_number[at].as_ref()];
            enrolment.numbers.extend(numbers.into_iter().flatten().filter(|number| !number.is_empty()).cloned());
            enrolment.rows.insert((version.segment.file, version.segment.first_row + at as u64));
            enrolment.ordinals.insert(rows.insured[at]);
            enrolment.days.extend(day_after_1970(rows.start[at]));
            if version.is_current && rows.start[at] <= rows.end[at] {
                enrolment.last_day = enrolment.last_day.max(Some(rows.end[at]));
            }
        }
        for event in self.events {
            enrolment.days.insert(event.day);
            let (name, birth_date) = match &event.kind {
                EventKind::Joined(new) => (Some(&new.name), Some(new.birth_date)),
                EventKind::Changed { values, .. } | EventKind::Corrected { values, .. } => {
                    (values.name.as_ref(), values.birth_date)
                }
                EventKind::Left { .. } | EventKind::Ended(_) => (None, None),
            };
            if let EventKind::Joined(new) = &event.kind {
                let numbers = [Some(&new.id), new.policy_number.as_ref()];
                enrolment.numbers.extend(numbers.into_iter().flatten().filter(|number| !number.is_empty()).cloned());
            }
            enrolment.names.extend(name.cloned());
            enrolment.birth_dates.extend(birth_date);
            enrolment.events.push(event.clone());
        }
    }
}

/// The rows of every run that has written insured of a contract, and the insured of each row.
fn read_versions(
    book: &Portfolio,
    files: &Files,
    contract: &BoundContract,
) -> Result<BTreeMap<i64, VersionRows>, Error> {
    let damaged = |damage: Damage| damage.into_error(book.folder());
    let next = book.register.read(register::next_run)?;
    let (segments, versions, is_void) = book.register.read(|register| {
        let segments = register::segments(register, contract.id)?;
        let versions = register::versions(register, contract.id, next)?;
        Ok((segments, versions, register::is_annulled(register, contract, next)?))
    })?;
    let current = versions.iter().rev().find(|version| version.kind != register::VersionKind::Repriced);
    let current = current.filter(|_| !is_void).map(|version| version.run);
    let mut read = BTreeMap::new();
    for (run, _, segment) in segments.into_iter().filter(|(_, kind, _)| *kind == FileKind::Insured) {
        let rows: InsuredRows = read_segment(files, segment).map_err(damaged)?;
        let people = if run == contract.run {
            rows.insured.iter().map(|ordinal| PersonRef::Bound(*ordinal)).collect()
        } else {
            let life = Life::read(book, contract.clone(), run + 1)?;
            life.fold(&life.events, &life.state.prices)?.people
        };
        if people.len() != rows.len() {
            return Err(Error::Damaged {
                folder: book.folder().to_owned(),
                reason: Message::new("book-contradiction").with("number", contract.number.as_str()),
            });
        }
        read.insert(run, VersionRows { segment, rows, people, is_current: Some(run) == current });
    }
    Ok(read)
}

impl Enrolment {
    /// Whether the insured is covered on a day or later.
    pub fn is_covered(&self, day: Date) -> bool {
        self.last_day.is_some_and(|last| last >= days_since_1970(day))
    }
}
