//! The insured of a contract while its events are folded.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::calendar::{age_years, day_after_1970};
use crate::base::messages::Message;
use crate::portfolio::event::{NewInsured, PersonRef, Values};
use crate::portfolio::premium::line::days_between;
use crate::portfolio::rows::InsuredRows;

/// The rows of insured, and whose they are.
pub(super) struct Roster {
    /// The rows: those as bound, then those of joiners and changes in the order of their days.
    pub insured: InsuredRows,
    /// The insured of each row.
    people: Vec<PersonRef>,
    /// What has made each row: the run and row of an event, zeros for the rows as bound.
    made_by: Vec<(i64, u32)>,
    /// The rows of each insured, in the order of their days.
    rows: BTreeMap<PersonRef, Vec<usize>>,
    /// Who heads the family of each joiner.
    heads: BTreeMap<usize, PersonRef>,
    has_families: bool,
}

impl Roster {
    pub fn new(insured: InsuredRows) -> Self {
        let people: Vec<PersonRef> = insured.insured.iter().map(|ordinal| PersonRef::Bound(*ordinal)).collect();
        Self {
            rows: people.iter().zip(0..).map(|(who, at)| (*who, vec![at])).collect(),
            made_by: vec![(0, 0); people.len()],
            has_families: insured.head.iter().any(Option::is_some),
            heads: BTreeMap::new(),
            people,
            insured,
        }
    }

    /// The insured of a row.
    pub fn person(&self, at: usize) -> PersonRef {
        self.people[at]
    }

    /// The first row of an insured.
    pub fn first_row(&self, who: PersonRef) -> Option<usize> {
        self.rows.get(&who)?.first().copied()
    }

    /// The row by which an insured is covered on a day or later.
    pub fn covered_row(&self, who: PersonRef, on: i32) -> Option<usize> {
        let at = *self.rows.get(&who)?.last()?;
        (self.insured.end[at] >= on.max(self.insured.start[at])).then_some(at)
    }

    /// The number of insured who are covered on a day or later.
    pub fn headcount(&self, on: i32) -> u32 {
        let insured = &self.insured;
        let is_covered = |at: &usize| days_between(insured.start[*at].max(on), insured.end[*at]) > 0;
        let covered = self.rows.values().filter(|rows| rows.iter().any(is_covered)).count();
        u32::try_from(covered).unwrap_or(u32::MAX)
    }

    /// Ends a row before a day; an insured without any day of cover keeps a row without days.
    pub fn end_row(&mut self, at: usize, on: i32) {
        let start = self.insured.start[at];
        self.insured.end[at] = if start < on { on - 1 } else { start - 1 };
    }

    /// Adds an insured who joins on a day.
    pub fn join(&mut self, who: PersonRef, new: &NewInsured, first: i32) -> usize {
        let at = self.people.len();
        let PersonRef::Joined(run, row) = who else { unreachable!("only an event lets an insured join") };
        let insured = &mut self.insured;
        insured.id.push(new.id.clone());
        insured.name.push(new.name.clone());
        insured.birth_date.push(new.birth_date);
        insured.relation.push(new.relation.clone());
        insured.plan.push(new.plan.clone());
        insured.risk_group.push(new.risk_group.into());
        insured.start.push(first);
        insured.end.push(new.last);
        insured.push_contacts(new.contacts.clone());
        insured.policy_number.push(new.policy_number.clone());
        self.heads.extend(new.head.map(|head| (at, head)));
        self.has_families |= new.head.is_some();
        self.push(who, (run, row))
    }

    /// Ends a row before a day, and begins another one with new values.
    pub fn change(&mut self, at: usize, on: i32, values: &Values, made_by: (i64, u32)) -> usize {
        let (first, last) = (on.max(self.insured.start[at]), self.insured.end[at]);
        self.end_row(at, on);
        let insured = &mut self.insured;
        let contacts = insured.contacts(at).map(|contact| contact.map(str::to_owned));
        insured.id.push(insured.id[at].clone());
        insured.name.push(insured.name[at].clone());
        insured.birth_date.push(insured.birth_date[at]);
        insured.relation.push(insured.relation[at].clone());
        insured.plan.push(insured.plan[at].clone());
        insured.risk_group.push(insured.risk_group[at]);
        insured.start.push(first);
        insured.end.push(last);
        insured.push_contacts(contacts);
        insured.policy_number.push(insured.policy_number[at].clone());
        let new = self.push(self.people[at], made_by);
        self.set_values(new, values);
        new
    }

    /// Completes the columns of a new row.
    fn push(&mut self, who: PersonRef, made_by: (i64, u32)) -> usize {
        let at = self.people.len();
        self.insured.insured.push(0);
        self.insured.head.push(None);
        self.insured.age.push(0);
        self.insured.person.push(None);
        self.people.push(who);
        self.made_by.push(made_by);
        self.rows.entry(who).or_default().push(at);
        at
    }

    /// Sets the values of a row.
    pub fn set_values(&mut self, at: usize, values: &Values) {
        let insured = &mut self.insured;
        if let Some(name) = &values.name {
            insured.name[at].clone_from(name);
        }
        if let Some(birth_date) = values.birth_date {
            insured.birth_date[at] = birth_date;
        }
        if values.relation.is_some() {
            insured.relation[at].clone_from(&values.relation);
        }
        if let Some(plan) = &values.plan {
            insured.plan[at].clone_from(plan);
        }
        if let Some(group) = values.risk_group {
            insured.risk_group[at] = group.into();
        }
        let columns =
            [&mut insured.phone, &mut insured.email, &mut insured.address, &mut insured.passport, &mut insured.snils];
        for (column, contact) in columns.into_iter().zip(&values.contacts) {
            if contact.is_some() {
                column[at].clone_from(contact);
            }
        }
        if values.birth_date.is_some() {
            // an age that cannot be worked out is a fault where the row is priced
            let _ = self.set_age(at);
        }
    }

    /// Works out the age on the first day of a row (`I4`).
    pub fn set_age(&mut self, at: usize) -> Result<(), Message> {
        let days = [self.insured.birth_date[at], self.insured.start[at]].map(day_after_1970);
        let [Some(birth), Some(first)] = days else { return Err(unreadable()) };
        self.insured.age[at] = age_years(birth, first).ok_or_else(unreadable)?.into();
        Ok(())
    }

    /// The rows with their ordinals, the insured of each, and the new place of each row: rows stand in the order of the runs that made them,
    /// so that late news moves no row.
    pub fn finish(self) -> (InsuredRows, Vec<PersonRef>, Vec<usize>) {
        let Self { insured: before, people, made_by, rows, heads, has_families } = self;
        let mut order: Vec<usize> = (0..people.len()).collect();
        order.sort_by_key(|at| (made_by[*at], *at));
        let mut places = vec![0; people.len()];
        for (place, at) in order.iter().enumerate() {
            places[*at] = place;
        }
        let ordinal = |place: usize| u32::try_from(place + 1).unwrap_or(u32::MAX);
        let first_ordinal =
            |who: &PersonRef| rows.get(who).and_then(|rows| rows.first()).map(|at| ordinal(places[*at]));
        let mut insured = InsuredRows::default();
        for at in &order {
            let at = *at;
            let own = ordinal(places[at]);
            let first = first_ordinal(&people[at]).unwrap_or(own);
            let first_row = rows.get(&people[at]).and_then(|rows| rows.first()).copied().unwrap_or(at);
            let is_joiner = matches!(people[at], PersonRef::Joined(..));
            let head = if is_joiner {
                has_families.then(|| heads.get(&first_row).and_then(first_ordinal).unwrap_or(first))
            } else {
                before.head[first_row]
            };
            insured.insured.push(own);
            insured.id.push(before.id[at].clone());
            insured.name.push(before.name[at].clone());
            insured.birth_date.push(before.birth_date[at]);
            insured.relation.push(before.relation[at].clone());
            insured.head.push(head);
            insured.plan.push(before.plan[at].clone());
            insured.age.push(before.age[at]);
            insured.risk_group.push(before.risk_group[at]);
            insured.start.push(before.start[at]);
            insured.end.push(before.end[at]);
            insured.push_contacts(before.contacts(at).map(|contact| contact.map(str::to_owned)));
            insured.person.push(Some(first).filter(|first| *first != own));
            insured.policy_number.push(before.policy_number[at].clone());
        }
        (insured, order.into_iter().map(|at| people[at]).collect(), places)
    }
}

/// The number of insured who are covered on a day or later; an insured with several rows counts once.
#[must_use]
pub fn in_force(insured: &InsuredRows, on: i32) -> u32 {
    let covered =
        (0..insured.insured.len()).filter(|at| days_between(insured.start[*at].max(on), insured.end[*at]) > 0);
    let people: BTreeSet<u32> = covered.map(|at| insured.person_of(at)).collect();
    u32::try_from(people.len()).unwrap_or(u32::MAX)
}

/// The message for rows that do not follow from the contract's terms.
pub(super) fn unreadable() -> Message {
    Message::new("endorse-unreadable")
}
