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
use crate::portfolio::endorse::matching::{InsuredNames, MatchFailure};
use crate::portfolio::event::EventKind;
use crate::portfolio::life::Life;
use crate::portfolio::rows::InsuredRows;
use crate::quote::admission::admit;
use crate::quote::contract::Contract;
use crate::quote::files::write_refused_changes;
use crate::roster::Roster;
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
    let on = request.on.unwrap_or_else(|| last_change(&life).unwrap_or(first).clamp(first, last));
    if on < first || on > last {
        let (first, last) = (first.to_string(), last.to_string());
        return Err(refuse(Message::new("endorse-day").with("first", first).with("last", last)));
    }
    let mut roster = Roster::read(&request.rosters, &life.contract.book_roster_spec(&life.tariff), progress)?;
    let (_, counts) = admit(&mut roster, &life.contract, &life.tariff, &life.axes);
    if roster.tables.incomplete || counts.rejected > 0 || counts.referred > 0 {
        write_refused_changes(&roster, &request.refused, &request.number, request.language)?;
        return Ok(Reconciled::Refused(Box::new(roster)));
    }
    let rows = life.current_rows(book)?.insured;
    let comparison = Comparison { roster: &roster, rows: &rows, contract: &life.contract, on };
    let (differences, unclear, same) = comparison.compare();
    let reconciliation = Reconciliation { on, differences, unclear, same, roster };
    let folder = Folder::stage(&request.out)?;
    list::write(&folder, &reconciliation, request)?;
    folder.publish()?;
    Ok(Reconciled::Done(Box::new(reconciliation)))
}

/// The last day from which a change of insured counts; corrections count from the first day of an insured.
fn last_change(life: &Life) -> Option<Date> {
    let changes = life.events.iter().filter(|event| !matches!(event.kind, EventKind::Corrected { .. }));
    changes.map(|event| event.day).max()
}

/// A roster and the insured of a contract on a day.
struct Comparison<'c> {
    roster: &'c Roster,
    rows: &'c InsuredRows,
    contract: &'c Contract,
    on: Date,
}

impl Comparison<'_> {
    fn compare(&self) -> (Vec<Difference>, Vec<Unclear>, usize) {
        let names = InsuredNames::new(self.rows);
        let on = days_since_1970(self.on);
        let listed = &self.roster.insured;
        let (mut differences, mut unclear, mut same) = (Vec::new(), Vec::new(), 0);
        // the row of the roster for each insured of the book
        let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
        for at in 0..listed.len() {
            let (id, name) = (listed.id.get(at), listed.name.get(at));
            let birth_date = listed.birth_date[at].map(days_since_1970);
            let mut doubt = |reason: Message, taken: &mut BTreeMap<u32, u32>| {
                // no insured who may be meant leaves
                let candidates = names.candidates((id, name), birth_date, on);
                taken.extend(candidates.into_iter().map(|found| (self.rows.person_of(found), listed.row[at])));
                unclear.push(Unclear { row: Some(listed.row[at]), name: name.to_owned(), reason });
            };
            match names.find((id, name), birth_date, on, [true; 2]) {
                Err(MatchFailure::None) => differences.push(self.joiner(at)),
                Err(MatchFailure::Several) => doubt(Message::new("ambiguous-insured"), &mut taken),
                Err(MatchFailure::Another) => doubt(Message::new("another-insured"), &mut taken),
                Ok(found) => {
                    if let Some(before) = taken.insert(self.rows.person_of(found), listed.row[at]) {
                        doubt(Message::new("changed-twice").with("row", before.to_string()), &mut taken);
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
            // a correction above comes first: afterwards the birth date is the roster's
            differences.push(Difference {
                name,
                birth_date: birth_date.or(known.birth_date),
                plan,
                risk_group,
                ..known
            });
        }
    }
}

/// Moves those who would join and leave under one name to what is unclear: one of the birth dates may be wrong.
fn doubt_same_names(differences: &mut Vec<Difference>, unclear: &mut Vec<Unclear>) {
    let mut actions: BTreeMap<String, [bool; 2]> = BTreeMap::new();
    for difference in differences.iter() {
        let [joins, leaves] = actions.entry(folded(&difference.name)).or_default();
        *joins |= difference.action == Action::Join;
        *leaves |= difference.action == Action::Leave;
    }
    differences.retain(|difference| {
        let is_doubted = matches!(difference.action, Action::Join | Action::Leave)
            && actions.get(&folded(&difference.name)) == Some(&[true; 2]);
        if is_doubted {
            let reason = Message::new("reconcile-same-name");
            unclear.push(Unclear { row: None, name: difference.name.clone(), reason });
        }
        !is_doubted
    });
}
