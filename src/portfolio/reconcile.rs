//! Reconciliation: the full roster of an employer against the insured of a contract. The difference is a list of changes for `endorse`.
//!
//! An insured is the same by the id, or without an id by name and birth date, as in a list of changes; what fits several insured, or an id
//! with another name and another birth date, is listed as unclear and changes nothing.

mod difference;
mod list;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::base::calendar::{Period, day_after_1970, days_since_1970};
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::progress::Progress;
use crate::output::folder::Folder;
use crate::portfolio::book::Portfolio;
use crate::portfolio::endorse::insured_names::{InsuredNames, MatchFailure, Sought, given_names};
use crate::portfolio::life::Life;
use crate::portfolio::rows::InsuredRows;
use crate::quote::admission::admit;
use crate::quote::contract::Contract;
use crate::quote::files::write_refused_changes;
use crate::roster::Roster;
use crate::roster::field::Field;
use crate::roster::value::{Action, Relation};
use crate::table::text::folded;
pub use difference::{Difference, Reconciliation, Request, Unclear};

/// The outcome of a request.
#[derive(Debug)]
pub enum Reconciled {
    /// The difference is written.
    Done(Box<Reconciliation>),
    /// The roster has wrong rows.
    Refused(Box<Roster>),
}

/// Compares a roster with the insured of a contract, and writes the list of changes to the folder of the request. The book stays unchanged.
///
/// # Errors
///
/// [`Error::Unlawful`] where the book has no such contract, it has ended or the day is not one of it; [`Error::Damaged`] where its rows are
/// not as they were written; [`Error::Io`] where the result cannot be written.
pub fn reconcile(book: &Portfolio, request: &Request, progress: &dyn Progress) -> Result<Reconciled, Error> {
    let refuse = |message: Message| Error::Unlawful { reason: message.with("number", request.number.as_str()) };
    let life = Life::in_force(book, &request.number)?;
    let (first, last) = (life.state.contract.first_day, life.state.contract.last_day);
    let on = request.on;
    if on < first || on > last {
        let (first, last) = (first.to_string(), last.to_string());
        return Err(refuse(Message::new("endorse-day").with("first", first).with("last", last)));
    }
    let spec = life.contract.reconciled_spec(&life.tariff, &request.reading);
    let mut roster = Roster::read(&request.rosters, &spec, progress)?;
    life.checked_fold(book)?;
    let rows = life.current_rows(book)?;
    let known = rows.accepted_ages();
    let rows = rows.insured;
    let names = InsuredNames::new(&rows, &request.number, life.bound_insured());
    let lacking = fill_terms(&mut roster, &names, &life.contract, on);
    let accepted = (0..roster.insured.len()).filter_map(|at| {
        let found = names.find(&sought(&roster, at, on)).ok()?;
        Some((at, *known.get(&rows.person_of(found))?))
    });
    let accepted = if known.is_empty() { BTreeMap::new() } else { accepted.collect() };
    let (_, counts) = admit(&mut roster, &life.contract, &life.tariff, &life.axes, &accepted);
    if roster.tables.incomplete || counts.rejected > lacking || counts.referred > 0 {
        write_refused_changes(&roster, &request.refused, &request.number, request.language)?;
        return Ok(Reconciled::Refused(Box::new(roster)));
    }
    let comparison = Comparison { roster: &roster, rows: &rows, names: &names, contract: &life.contract, on };
    let (differences, unclear, same) = comparison.compare();
    let reconciliation = Reconciliation { on, differences, unclear, same, roster };
    let folder = Folder::stage(&request.out)?;
    list::write(&folder, &reconciliation, request)?;
    folder.publish()?;
    Ok(Reconciled::Done(Box::new(reconciliation)))
}

/// What a row of the roster states of an insured.
fn sought(roster: &Roster, at: usize, on: Date) -> Sought<'_> {
    let listed = &roster.insured;
    Sought {
        id: listed.id.get(at),
        policy_number: listed.text(Field::PolicyNumber, at),
        name: listed.name.get(at),
        birth_date: listed.birth_date[at].map(days_since_1970),
        on: days_since_1970(on),
        may_differ: [true; 2],
    }
}

/// Gives rows of insured the risk group and the plan of the book where they state none, and rejects joiners without them; returns the number of
/// these.
fn fill_terms(roster: &mut Roster, names: &InsuredNames<'_>, contract: &Contract, on: Date) -> usize {
    let mut lacking = 0;
    for at in 0..roster.insured.len() {
        let listed = &roster.insured;
        let (has_group, has_plan) = (listed.risk_group[at].is_some(), listed.plan[at].is_some());
        if listed.rejected[at] || has_group && has_plan {
            continue;
        }
        let found = names.find(&sought(roster, at, on));
        let listed = &mut roster.insured;
        if let Ok(found) = found {
            let rows = names.rows;
            let place = || contract.terms.plans.iter().position(|plan| plan.code == rows.plan[found]);
            listed.plan[at] = listed.plan[at].or_else(|| place().and_then(|place| u16::try_from(place).ok()));
            listed.risk_group[at] = listed.risk_group[at].or_else(|| u8::try_from(rows.risk_group[found]).ok());
        } else {
            listed.rejected[at] = true;
            lacking += 1;
        }
    }
    lacking
}

/// A roster and the insured of a contract on a day.
struct Comparison<'c> {
    roster: &'c Roster,
    rows: &'c InsuredRows,
    names: &'c InsuredNames<'c>,
    contract: &'c Contract,
    on: Date,
}

impl Comparison<'_> {
    fn compare(&self) -> (Vec<Difference>, Vec<Unclear>, usize) {
        let names = self.names;
        let on = days_since_1970(self.on);
        let listed = &self.roster.insured;
        let (mut differences, mut unclear, mut same) = (Vec::new(), Vec::new(), 0);
        // the row of the roster for each insured of the book
        let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
        for at in 0..listed.len() {
            let name = listed.name.get(at);
            let sought = sought(self.roster, at, self.on);
            let mut doubt = |reason: Message, taken: &mut BTreeMap<u32, u32>| {
                // no insured who may be meant leaves
                let candidates = names.candidates(&sought);
                taken.extend(candidates.into_iter().map(|found| (self.rows.person_of(found), listed.row[at])));
                unclear.push(Unclear { row: Some(listed.row[at]), name: name.to_owned(), reason });
            };
            match names.find(&sought) {
                Err(MatchFailure::None | MatchFailure::Left(_)) if listed.rejected[at] => {
                    doubt(Message::new("reconcile-terms"), &mut taken);
                }
                Err(MatchFailure::None | MatchFailure::Left(_)) => differences.push(self.joiner(at)),
                Err(MatchFailure::Numbers) => doubt(Message::new("another-policy-number"), &mut taken),
                Err(MatchFailure::Several) => doubt(Message::new("ambiguous-insured"), &mut taken),
                Err(MatchFailure::Another) => doubt(Message::new("another-insured"), &mut taken),
                Ok(found) => {
                    if let Some(before) = taken.insert(self.rows.person_of(found), listed.row[at]) {
                        doubt(Message::new("reconcile-twice").with("row", before.to_string()), &mut taken);
                    } else {
                        let before = differences.len();
                        self.changes(at, found, &mut differences);
                        same += usize::from(differences.len() == before);
                    }
                }
            }
        }
        for at in 0..self.rows.insured.len() {
            let is_covered = self.rows.end[at] >= on.max(self.rows.start[at]);
            if is_covered && taken.insert(self.rows.person_of(at), 0).is_none() {
                differences.push(self.leaver(at));
            }
        }
        doubt_same_names(&mut differences, &mut unclear);
        (differences, unclear, same)
    }

    fn joiner(&self, at: usize) -> Difference {
        let listed = &self.roster.insured;
        let cover = listed.cover[at];
        let contract_last = self.contract.days().1;
        Difference {
            action: Action::Join,
            id: listed.id.get(at).to_owned(),
            name: listed.name.get(at).to_owned(),
            birth_date: listed.birth_date[at],
            relation: listed.relation(at),
            risk_group: listed.risk_group[at],
            plan: listed.plan[at].and_then(|plan| self.code(plan)),
            sum_insured: listed.sum_insured(at),
            day: cover.map_or(self.on, |cover| cover.first().max(self.on)),
            last: cover.map(Period::last).filter(|last| *last < contract_last),
            reason: Message::new("reconcile-joins"),
        }
    }

    fn leaver(&self, at: usize) -> Difference {
        Difference {
            day: day_after_1970(self.rows.start[at]).map_or(self.on, |start| start.max(self.on)),
            ..self.known(at, Action::Leave, Message::new("reconcile-leaves"))
        }
    }

    /// A row about an insured of the book, without values.
    fn known(&self, at: usize, action: Action, reason: Message) -> Difference {
        Difference {
            action,
            id: self.rows.id[at].clone(),
            name: self.rows.name[at].clone(),
            birth_date: day_after_1970(self.rows.birth_date[at]),
            relation: None,
            risk_group: None,
            plan: None,
            sum_insured: None,
            day: self.on,
            last: None,
            reason,
        }
    }

    fn code(&self, plan: u16) -> Option<String> {
        self.contract.terms.plans.get(usize::from(plan)).map(|plan| plan.code.clone())
    }

    /// Adds what differs between a row of the roster and an insured of the book.
    fn changes(&self, at: usize, found: usize, differences: &mut Vec<Difference>) {
        let (listed, rows) = (&self.roster.insured, self.rows);
        let name = listed.name.get(at);
        let renamed = folded(name) != folded(&rows.name[found]);
        let plan = listed.plan[at].and_then(|plan| self.code(plan)).filter(|plan| *plan != rows.plan[found]);
        let risk_group = listed.risk_group[at].filter(|group| u32::from(*group) != rows.risk_group[found]);
        let birth_date = listed.birth_date[at].filter(|born| days_since_1970(*born) != rows.birth_date[found]);
        let relation = listed
            .relation(at)
            .filter(|relation| *relation != Relation::Unknown)
            .filter(|relation| rows.relation[found].as_deref().is_some_and(|known| known != relation.as_str()));
        if birth_date.is_some() || relation.is_some() {
            let reason = Message::new(if birth_date.is_some() { "reconcile-birth-date" } else { "reconcile-relation" });
            let known = self.known(found, Action::Correct, reason);
            differences.push(Difference { birth_date: birth_date.or(known.birth_date), relation, ..known });
        }
        if renamed || plan.is_some() || risk_group.is_some() {
            let (action, reason) = match (renamed, plan.is_some()) {
                (true, _) => (Action::Change, "reconcile-name"),
                (false, true) => (Action::ChangePlan, "reconcile-plan"),
                (false, false) => (Action::Change, "reconcile-risk-group"),
            };
            let known = self.known(found, action, Message::new(reason));
            let name = if renamed { name.to_owned() } else { known.name.clone() };
            // all rows of a list mean the insured as they are known before it
            differences.push(Difference { name, risk_group, plan, ..known });
        }
        // who is in the roster with an earlier last day leaves after it
        let last = listed.cover[at].map(Period::last).filter(|last| days_since_1970(*last) < rows.end[found]);
        if let Some(day) = last.and_then(|last| last.tomorrow().ok()).filter(|day| *day >= self.on) {
            differences.push(Difference { day, ..self.known(found, Action::Leave, Message::new("reconcile-ends")) });
        }
    }
}

/// What may make a joiner and a leaver one insured: a name, or given names with the day of birth.
type DoubtKey = (String, Option<Date>);

/// The keys by which a joiner and a leaver may be one insured, with the reason.
fn doubt_keys(difference: &Difference) -> Vec<(DoubtKey, &'static str)> {
    let given = given_names(&difference.name).filter(|_| difference.birth_date.is_some());
    let by_name = ((folded(&difference.name), None), "reconcile-same-name");
    let by_given_names = given.map(|given| ((given, difference.birth_date), "reconcile-same-given-names"));
    [Some(by_name), by_given_names].into_iter().flatten().collect()
}

/// Moves those who would join and leave under one name, or with another surname, to what is unclear: the birth date may be wrong, or the
/// surname new.
fn doubt_same_names(differences: &mut Vec<Difference>, unclear: &mut Vec<Unclear>) {
    let mut actions: BTreeMap<DoubtKey, [bool; 2]> = BTreeMap::new();
    for difference in differences.iter() {
        for (key, _) in doubt_keys(difference) {
            let [joins, leaves] = actions.entry(key).or_default();
            *joins |= difference.action == Action::Join;
            *leaves |= difference.action == Action::Leave;
        }
    }
    differences.retain(|difference| {
        let reason = doubt_keys(difference).into_iter().find(|(key, _)| actions.get(key) == Some(&[true; 2]));
        let reason = reason.filter(|_| matches!(difference.action, Action::Join | Action::Leave));
        if let Some((_, reason)) = reason {
            unclear.push(Unclear { row: None, name: difference.name.clone(), reason: Message::new(reason) });
        }
        reason.is_none()
    });
}
