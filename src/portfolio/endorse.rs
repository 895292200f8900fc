//! Endorsements (дополнительные соглашения): insured join a contract of the book, leave it or change plans from a day on.
//!
//! The list of changes is read like a roster with one more column. Each row has to match exactly one insured of the book, and one wrong
//! row refuses the list. All rows of the contract are written again, with the premium of every line; the earlier rows stay in the book. The
//! rules are `I25`–`I30`, in `docs/portfolio.md`.

pub mod agreement;
mod changed_lines;
mod changed_values;
mod endorsement;
mod families;
mod files;
pub(in crate::portfolio) mod insured_names;
mod matching;
mod next_instalments;
mod step;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::calendar::days_since_1970;
use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::progress::Progress;
use crate::output::folder::Folder;
use crate::portfolio::book::Portfolio;
use crate::portfolio::event::{Event, EventKind, NewInsured, PersonRef};
use crate::portfolio::fold::{Folded, in_force};
use crate::portfolio::life::{Life, Recorded, record_one, version};
use crate::portfolio::policy_number::issued_number;
use crate::portfolio::register;
use crate::portfolio::register::versions::VersionKind;
use crate::portfolio::rows::ContractRows;
use crate::portfolio::warning::Warning;
use crate::quote::admission::{Admitted, admit};
use crate::quote::contract::Contract;
use crate::quote::files::write_refused_changes;
use crate::roster::Roster;
use crate::roster::field::Field;
use crate::roster::value::Action;
use crate::tariff::Tariff;
use changed_lines::{Before, changed_lines};
pub use changed_lines::{Cause, ChangedLine, Moves};
pub use changed_values::ChangedValue;
use changed_values::changed_values;
pub use endorsement::{Endorsement, NextInstalment, Request};
use families::{families, families_of_leavers};
use insured_names::InsuredNames;
use matching::{Matched, match_insured};
use next_instalments::next_instalments;
use step::{Step, StepKind};

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
/// Each row counts from its own day, or from that of the request; days may lie before those of earlier lists (`I31`), and before the end of a
/// contract that has ended. The same list for the same day again changes nothing and gives the same result; with the families of its leavers
/// it adds nothing but these (`I39`).
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
    let wanted = contract.changes_spec(&tariff, request.on, request.action, &request.reading).ok_or_else(outside)?;
    let mut roster = Roster::read(&request.changes, &wanted, progress)?;
    let step = Step::find(book, &bound, &contract, &fingerprints(&roster, request), request)?;
    let life = Life::read(book, bound, step.run)?;
    let before = life.checked_fold(book)?;
    let (events, staying) = match step.kind {
        StepKind::Families { list } => {
            (families(&life, &before, list, step.run).ok_or_else(|| refuse(unreadable()))?, Vec::new())
        }
        StepKind::List { takes_families } => {
            let case = Case { request, contract: &contract, tariff: &tariff, life: &life, before: &before };
            match case.list_events(book, &mut roster, step.run, takes_families)? {
                Some(events) => events,
                None => return Ok(Endorsed::Refused(Box::new(roster))),
            }
        }
    };
    let all_events = life.events_with(&events);
    let after = life.fold(&all_events, &life.state.prices)?;
    let from_day = events.iter().map(|event| event.day).min().unwrap_or(life.state.contract.first_day);
    let version = version(&after, VersionKind::Endorsed, from_day, None);
    let rows_before = life.current_rows(book)?;
    let rows = Before { rows: &rows_before, folded: &before, rows_run: life.state.rows_run() };
    let (changed_lines, cells) = changed_lines(&rows, &after, &events, &life.state.prices);
    let void = after.void.iter().filter(|void| !before.void.contains(void)).count();
    let instalments = match &request.agreement {
        Some(_) => next_instalments(book, &life, step.run, &contract, (&before, &after), &version)?,
        None => Vec::new(),
    };
    let mut endorsement = Endorsement {
        tariff: life.tariff.id(),
        on: from_day,
        last_day: events.iter().map(|event| event.day).max().unwrap_or(from_day),
        insured: after.rows.insured.clone(),
        changed_values: changed_values(&before, &after, &events),
        cells,
        changed_lines,
        counted: counted(&all_events, [&before, &after]),
        moves: Moves::count(&events),
        version,
        headcount: after.headcount.unwrap_or_default(),
        staying,
        void,
        roster,
        known: step.is_known,
        instalments,
        without_agreement: None,
        state: life.state,
        out: request.result_folder(step.run),
    };
    let folder = Folder::stage(&endorsement.out)?;
    endorsement.without_agreement = files::write(&folder, &endorsement, request)?;
    if !request.dry_run && !step.is_known {
        record(book, &endorsement, after.rows, events, &step.fingerprint)?;
    }
    folder.publish()?;
    Ok(Endorsed::Done(Box::new(endorsement)))
}

/// The insured who are covered on the last day of these events or later, by each of two folds.
fn counted(events: &[Event], folds: [&Folded; 2]) -> [u32; 2] {
    let last = events.iter().map(|event| days_since_1970(event.day)).max().unwrap_or(i32::MIN);
    folds.map(|fold| in_force(&fold.rows.insured, last))
}

/// Records the endorsement in the book, in one commit with its warnings.
fn record(
    book: &mut Portfolio,
    endorsement: &Endorsement,
    rows: ContractRows,
    events: Vec<Event>,
    fingerprint: &str,
) -> Result<(), Error> {
    let contract = &endorsement.state.contract;
    let id = contract.id;
    let recorded =
        Recorded { contract: id, number: contract.number.clone(), version: endorsement.version.clone(), rows, events };
    let warnings = Warning::of_tables(&endorsement.roster.tables);
    record_one(book, "endorse", &recorded, |commit, run| {
        register::add_warnings(commit, id, run, &warnings)?;
        register::add_endorsement(commit, run, id, fingerprint)
    })
}

/// The events of a list, and the places of relatives who stay after an employee leaves (`I39`).
type ListEvents = (Vec<Event>, Vec<usize>);

/// A contract before a list of changes, and the request for it.
struct Case<'c> {
    request: &'c Request,
    contract: &'c Contract,
    tariff: &'c Tariff,
    life: &'c Life,
    before: &'c Folded,
}

impl Case<'_> {
    /// The events of the list; `None` where the list is refused, which is then written with its mistakes.
    fn list_events(
        &self,
        book: &Portfolio,
        roster: &mut Roster,
        run: i64,
        takes_families: bool,
    ) -> Result<Option<ListEvents>, Error> {
        let Self { request, contract, tariff, life, before } = *self;
        let refuse = |message: Message| Error::Unlawful { reason: message.with("number", request.number.as_str()) };
        let id = life.state.contract.id;
        let joined = book.register.read(|register| register::joined_before(register, id, run))?;
        let names = InsuredNames::new(&before.rows.insured, &request.number, life.bound_insured());
        let ended = before.ended.as_ref().map(|ended| ended.day);
        let matched = match_insured(roster, &names, contract, ended);
        let accepted = accepted_rows(&matched, before);
        let (admitted, counts) = admit(roster, contract, tariff, &life.axes, &accepted);
        if roster.tables.incomplete || counts.rejected > 0 || counts.referred > 0 {
            write_refused_changes(roster, &request.refused, &request.number, request.language)?;
            return Ok(None);
        }
        let load = load(contract, roster, request).map_err(refuse)?;
        let rows = ListRows {
            roster,
            matched: &matched,
            admitted: &admitted,
            before,
            run,
            numbered: life.bound_insured().saturating_add(joined),
        };
        let events = rows.events(contract, tariff, load.as_deref(), takes_families);
        events.ok_or_else(|| refuse(unreadable())).map(Some)
    }
}

/// The coefficients by age of the rows about insured that the contract accepts outside of the tariff's ages (`I73`).
fn accepted_rows(matched: &[Matched], before: &Folded) -> BTreeMap<usize, Decimal> {
    let known = before.rows.accepted_ages();
    let coefficient = |found: usize| known.get(&before.rows.insured.person_of(found)).copied();
    let rows = matched.iter().enumerate();
    rows.filter_map(|(at, matched)| Some((at, coefficient(matched.at?)?))).collect()
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
    /// The number of insured who were bound or joined before.
    numbered: u32,
}

impl ListRows<'_> {
    /// The events of the list, and the places of relatives who stay after an employee leaves (`I39`).
    fn events(
        &self,
        contract: &Contract,
        tariff: &Tariff,
        load: Option<&str>,
        takes_families: bool,
    ) -> Option<ListEvents> {
        let listed = &self.roster.insured;
        let heads = listed.family_heads();
        let row = |at: usize| u32::try_from(at + 1).ok();
        // who a row of the list concerns
        let person = |at: usize| match (self.matched[at].at, self.matched[at].joined_by) {
            (Some(found), _) => Some(self.before.people[found]),
            (None, joined_by) => Some(PersonRef::Joined(self.run, row(joined_by.unwrap_or(at))?)),
        };
        let admitted: HashMap<usize, &Admitted> =
            self.admitted.iter().map(|admitted| (admitted.at as usize, admitted)).collect();
        let mut events = Vec::with_capacity(listed.len());
        let mut places = self.numbered.saturating_add(1)..;
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
                    let issued = issued_number(&contract.number, places.next()?);
                    EventKind::Joined(Box::new(NewInsured {
                        id: listed.id.get(at).to_owned(),
                        policy_number: text(listed.text(Field::PolicyNumber, at)).or(Some(issued)),
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
        let leavers = events.iter().filter_map(|event| match &event.kind {
            EventKind::Left { who, load } => Some((*who, (event.day, load.clone()))),
            _ => None,
        });
        let families = families_of_leavers(self.before, &leavers.collect());
        if !takes_families {
            return Some((events, families.into_iter().map(|(at, ..)| at).collect()));
        }
        for (at, day, load) in families {
            let kind = EventKind::Left { who: self.before.people[at], load };
            events.push(Event { run: self.run, row: row(events.len())?, day, kind });
        }
        Some((events, Vec::new()))
    }
}

/// SHA-256 of everything that identifies an endorsement of a contract: of the list alone, and of the list with the families of its leavers.
fn fingerprints(roster: &Roster, request: &Request) -> [String; 2] {
    let load = request.expense_load.map(|load| load.normalize().to_string()).unwrap_or_default();
    let files: Vec<&str> = roster.tables.files.iter().map(|file| file.sha256.as_str()).collect();
    let on = request.on.map(|on| on.to_string()).unwrap_or_default();
    let action = request.action.map(|action| format!("{action:?}\n")).unwrap_or_default();
    let reading = request.reading.to_string();
    let alone = sha256(format!("{on}\n{load}\n{}\n{action}{reading}", files.join("\n")).as_bytes());
    let with_families = sha256(format!("{alone}\nwith-family").as_bytes());
    [alone, with_families]
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

/// The default folders of an endorsement's result, to whose name the run is added, and of the diagnostics of a refused list:
/// `output/endorse-<number>-<day>-<list>`.
#[must_use]
pub fn folders(number: &str, on: Option<Date>, list: &Path) -> [PathBuf; 2] {
    let stem = list.file_stem().map(|stem| crate::output::folder_name(&stem.to_string_lossy())).unwrap_or_default();
    let day = on.map(|on| format!("{on}-")).unwrap_or_default();
    let name = format!("endorse-{}-{day}{stem}", crate::output::folder_name(number));
    let output = Path::new("output");
    [output.join(&name), output.join(format!("{name}-refused"))]
}
