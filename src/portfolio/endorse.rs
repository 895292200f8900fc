//! Endorsements (дополнительные соглашения): insured join a contract of the book, leave it or change plans from a day on.
//!
//! The list of changes is read like a roster with one more column. Each row has to match exactly one insured of the book, and one wrong
//! row refuses the list. All rows of the contract are written again, with the premium of every line; the earlier rows stay in the book. The
//! rules are `I25`–`I30`, in `docs/portfolio.md`.

mod changed_lines;
mod endorsement;
mod files;
pub(in crate::portfolio) mod matching;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::base::calendar::days_since_1970;
use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::progress::Progress;
use crate::output::folder::Folder;
use crate::portfolio::book::Portfolio;
use crate::portfolio::event::{Event, EventKind, NewInsured, PersonRef};
use crate::portfolio::fold::Folded;
use crate::portfolio::life::{Life, Recorded, record_one, version};
use crate::portfolio::register;
use crate::portfolio::register::versions::VersionKind;
use crate::portfolio::warning::Warning;
use crate::quote::admission::{Admitted, admit};
use crate::quote::contract::{Contract, Family};
use crate::quote::files::write_refused_changes;
use crate::roster::Roster;
use crate::roster::value::Action;
use crate::tariff::Tariff;
use changed_lines::{Before, changed_lines};
pub use changed_lines::{Cause, ChangedLine, Moves};
pub use endorsement::{Endorsement, Request};
use matching::{InsuredNames, Matched, match_insured};

/// The outcome of a request.
#[derive(Debug)]
pub enum Endorsed {
    /// The contract is endorsed.
    Done(Box<Endorsement>),
    /// The list of changes has wrong rows; nothing is changed.
    Refused(Box<Roster>),
}

/// Endorses a contract of the book, and writes the result to the folder of the request.
///
/// Each row counts from its own day, or from that of the request; days may lie before those of earlier lists (`I31`). The same list for the
/// same day again changes nothing and gives the same result.
///
/// # Errors
///
/// [`Error::Unlawful`] where the book has no such contract, the day is not one for it or its new headcount makes
/// a choice of the contract unlawful, [`Error::Damaged`] where its rows are not as they were written,
/// [`Error::Io`], [`Error::Register`], [`Error::Parquet`] where something cannot be written; the book is as it was.
pub fn endorse(book: &mut Portfolio, request: &Request, progress: &dyn Progress) -> Result<Endorsed, Error> {
    let refuse = |message: Message| Error::Unlawful { reason: message.with("number", request.number.as_str()) };
    let found = book.register.read(|register| register::contract(register, &request.number))?;
    let bound = found.ok_or_else(|| refuse(Message::new("endorse-number")))?;
    let (tariff, contract) = book.terms().parse(&bound)?;
    let outside = || {
        let (first, last) = (bound.first_day.to_string(), bound.last_day.to_string());
        refuse(Message::new("endorse-day").with("first", first).with("last", last))
    };
    let wanted = contract.changes_spec(&tariff, request.on, request.action).ok_or_else(outside)?;
    let mut roster = Roster::read(&request.changes, &wanted, progress)?;
    let fingerprint = fingerprint(&roster, request);
    let known = book.register.read(|register| register::endorsement(register, bound.id, &fingerprint))?;
    let run = match known {
        Some(known) => known,
        None => book.register.read(register::next_run)?,
    };
    let life = Life::read(book, bound, run)?;
    let before = life.checked_fold(book)?;
    if let Some(ended) = &before.ended {
        return Err(refuse(Message::new("endorse-ended").with("ended", ended.day)));
    }
    let names = InsuredNames::new(&before.rows.insured);
    let matched = match_insured(&mut roster, &names, &contract);
    let (admitted, counts) = admit(&mut roster, &contract, &tariff, &life.axes);
    if roster.tables.incomplete || counts.rejected > 0 || counts.referred > 0 {
        write_refused_changes(&roster, &request.refused, &request.number, request.language)?;
        return Ok(Endorsed::Refused(Box::new(roster)));
    }
    let load = load(&contract, &roster, request).map_err(refuse)?;
    let takes_family = request.with_family || contract.family == Family::Leaves;
    let rows = ListRows { roster: &roster, matched: &matched, admitted: &admitted, before: &before, run };
    let (events, staying) =
        rows.events(&contract, &tariff, load.as_deref(), takes_family).ok_or_else(|| refuse(unreadable()))?;
    let after = life.fold(&life.events_with(&events), &life.state.prices)?;
    let from_day = events.iter().map(|event| event.day).min().unwrap_or(life.state.contract.first_day);
    let version = version(&after, VersionKind::Endorsed, from_day, None);
    let rows_before = life.current_rows(book)?;
    let rows = Before { rows: &rows_before, folded: &before, rows_run: life.state.rows_run() };
    let (changed_lines, cells) = changed_lines(&rows, &after, &events, &life.state.prices);
    let void = after.void.iter().filter(|void| !before.void.contains(void)).count();
    let endorsement = Endorsement {
        tariff: life.tariff.id(),
        on: from_day,
        insured: after.rows.insured.clone(),
        cells,
        changed_lines,
        moves: Moves::count(&events),
        version,
        headcount: after.headcount.unwrap_or_default(),
        staying,
        void,
        roster,
        known: known.is_some(),
        state: life.state,
    };
    let folder = Folder::stage(&request.out)?;
    files::write(&folder, &endorsement, request)?;
    if !request.dry_run && known.is_none() {
        let contract = &endorsement.state.contract;
        let recorded = Recorded {
            contract: contract.id,
            number: contract.number.clone(),
            version: endorsement.version.clone(),
            rows: after.rows,
            events,
        };
        let id = contract.id;
        let warnings = Warning::of_tables(&endorsement.roster.tables);
        record_one(book, "endorse", &recorded, |commit, run| {
            register::add_warnings(commit, id, run, &warnings)?;
            register::add_endorsement(commit, run, id, &fingerprint)
        })?;
    }
    folder.publish()?;
    Ok(Endorsed::Done(Box::new(endorsement)))
}

fn unreadable() -> Message {
    Message::new("endorse-unreadable")
}

/// The rows of a list of changes, matched with the insured of the contract.
struct ListRows<'l> {
    roster: &'l Roster,
    matched: &'l [Matched],
    admitted: &'l [Admitted],
    before: &'l Folded,
    run: i64,
}

impl ListRows<'_> {
    /// The events of the list, and the places of relatives who stay after an employee leaves (`I39`).
    fn events(
        &self,
        contract: &Contract,
        tariff: &Tariff,
        load: Option<&str>,
        takes_family: bool,
    ) -> Option<(Vec<Event>, Vec<usize>)> {
        let listed = &self.roster.insured;
        let heads = listed.family_heads();
        let row = |at: usize| u32::try_from(at + 1).ok();
        // who a row of the list concerns
        let person = |at: usize| match self.matched[at].at {
            Some(found) => Some(self.before.people[found]),
            None => Some(PersonRef::Joined(self.run, row(at)?)),
        };
        let admitted: HashMap<usize, &Admitted> =
            self.admitted.iter().map(|admitted| (admitted.at as usize, admitted)).collect();
        let mut events = Vec::with_capacity(listed.len());
        for at in 0..listed.len() {
            let (who, cover) = (person(at)?, listed.cover[at]?);
            let values = || Box::new(self.matched[at].values.clone());
            let kind = match listed.action(at)? {
                Action::Leave => EventKind::Left { who, load: load.map(str::to_owned) },
                Action::ChangePlan | Action::Change => EventKind::Changed { who, values: values() },
                Action::Correct => EventKind::Corrected { who, values: values() },
                Action::Join => {
                    let admitted = admitted.get(&at)?;
                    let head = heads.as_ref().map(|heads| person(heads[at] as usize));
                    let text = |contact: &str| (!contact.is_empty()).then(|| contact.to_owned());
                    EventKind::Joined(Box::new(NewInsured {
                        id: listed.id.get(at).to_owned(),
                        name: listed.name.get(at).to_owned(),
                        birth_date: days_since_1970(listed.birth_date[at]?),
                        relation: listed.relation(at).map(|relation| relation.as_str().to_owned()),
                        head: head.flatten(),
                        plan: contract.terms.plans[usize::from(admitted.plan)].code.clone(),
                        risk_group: tariff.risk.value[usize::from(admitted.risk)].group,
                        sum_insured: listed.sum_insured(at).and_then(|sum| i64::try_from(sum.get()).ok()),
                        last: days_since_1970(cover.last()),
                        contacts: listed.contacts(at).map(text),
                    }))
                }
            };
            events.push(Event { run: self.run, row: row(at)?, day: cover.first(), kind });
        }
        let staying = self.staying(&events);
        if !takes_family {
            return Some((events, staying.into_iter().map(|(at, _)| at).collect()));
        }
        for (at, day) in staying {
            let kind = EventKind::Left { who: self.before.people[at], load: load.map(str::to_owned) };
            events.push(Event { run: self.run, row: row(events.len())?, day, kind });
        }
        Some((events, Vec::new()))
    }

    /// The relatives of employees who leave, and who do not leave themselves, with the day.
    fn staying(&self, events: &[Event]) -> Vec<(usize, Date)> {
        let insured = &self.before.rows.insured;
        let leaves: BTreeMap<PersonRef, Date> = { events.iter() }
            .filter_map(|event| match &event.kind {
                EventKind::Left { who, .. } => Some((*who, event.day)),
                _ => None,
            })
            .collect();
        let head_leaves = |at: usize| {
            let head = insured.head[at].filter(|head| *head != insured.person_of(at))?;
            leaves.get(self.before.people.get((head as usize).checked_sub(1)?)?).copied()
        };
        let stays = |at: usize| {
            let day = head_leaves(at).filter(|_| !leaves.contains_key(&self.before.people[at]))?;
            let is_covered = insured.end[at] >= days_since_1970(day).max(insured.start[at]);
            is_covered.then_some((at, day))
        };
        (0..insured.insured.len()).filter_map(stays).collect()
    }
}

/// SHA-256 of everything that identifies an endorsement of a contract.
fn fingerprint(roster: &Roster, request: &Request) -> String {
    let load = request.expense_load.map(|load| load.normalize().to_string()).unwrap_or_default();
    let files: Vec<&str> = roster.tables.files.iter().map(|file| file.sha256.as_str()).collect();
    let on = request.on.map(|on| on.to_string()).unwrap_or_default();
    let action = request.action.map(|action| format!("{action:?}\n")).unwrap_or_default();
    sha256(format!("{on}\n{load}\n{}\n{action}", files.join("\n")).as_bytes())
}

/// The share of expenses of those who leave, where the contract names none (`I27`).
fn load(contract: &Contract, roster: &Roster, request: &Request) -> Result<Option<String>, Message> {
    let leaves = (0..roster.insured.len()).any(|at| roster.insured.action(at) == Some(Action::Leave));
    match (contract.price_terms.expense_load, request.expense_load) {
        (Some(_), Some(_)) => Err(Message::new("endorse-load-twice")),
        (None, None) if leaves => Err(Message::new("endorse-load")),
        (_, asked) => Ok(asked.map(|asked| asked.to_string())),
    }
}

/// The default folders of an endorsement's result, `output/endorse-<number>-<day or list>`, and of the diagnostics of a refused list.
#[must_use]
pub fn folders(number: &str, on: Option<Date>, list: &Path) -> [PathBuf; 2] {
    let list = || list.file_stem().map(|stem| crate::output::folder_name(&stem.to_string_lossy())).unwrap_or_default();
    let name = format!("endorse-{}-{}", crate::output::folder_name(number), on.map_or_else(list, |on| on.to_string()));
    let output = Path::new("output");
    [output.join(&name), output.join(format!("{name}-refused"))]
}
