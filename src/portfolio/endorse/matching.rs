//! Matches the rows of a list of changes with the insured of a contract; a row matches one insured for certain, or gets a diagnostic.

use std::collections::{BTreeMap, HashMap};

use crate::base::calendar::{Period, day_after_1970, days_since_1970};
use crate::base::diagnostic::{Code, Diagnostic, Place, masked};
use crate::base::messages::Message;
use crate::portfolio::rows::InsuredRows;
use crate::quote::contract::Contract;
use crate::roster::Roster;
use crate::roster::field::{Field, id_column};
use crate::roster::value::{Action, Relation};
use crate::table::text::{folded, folded_number};

/// The insured of a contract who are covered on a day or later, by name and by id.
pub(super) struct CoveredInsured<'i> {
    rows: &'i InsuredRows,
    /// By folded name and day of birth.
    by_name: HashMap<(String, i32), Vec<usize>>,
    /// By folded id.
    by_id: HashMap<String, Vec<usize>>,
}

/// Why a row matches no insured.
enum MatchFailure {
    None,
    Several,
    /// The id is of one insured, the name or the birth date of another.
    Another,
}

impl<'i> CoveredInsured<'i> {
    /// Indexes the insured who are covered on a day, in days since 1970, or later.
    #[must_use]
    pub fn new(rows: &'i InsuredRows, on: i32) -> Self {
        let mut index = Self { rows, by_name: HashMap::new(), by_id: HashMap::new() };
        for at in (0..rows.insured.len()).filter(|at| rows.end[*at] >= on.max(rows.start[*at])) {
            index.by_name.entry((folded(&rows.name[at]), rows.birth_date[at])).or_default().push(at);
            if !rows.id[at].is_empty() {
                index.by_id.entry(folded_number(&rows.id[at])).or_default().push(at);
            }
        }
        index
    }

    fn named(&self, name: &str, birth_date: Option<i32>) -> &[usize] {
        let key = birth_date.map(|birth_date| (folded(name), birth_date));
        key.and_then(|key| self.by_name.get(&key)).map_or(&[], Vec::as_slice)
    }

    /// The insured with the id, or else with the name and birth date; never a guess.
    fn find(&self, id: &str, name: &str, birth_date: Option<i32>) -> Result<usize, MatchFailure> {
        let by_id = self.by_id.get(&folded_number(id)).filter(|_| !id.is_empty()).map_or(&[][..], Vec::as_slice);
        match by_id {
            [at] => {
                let same_name = name.is_empty() || folded(name) == folded(&self.rows.name[*at]);
                let same_day = birth_date.is_none_or(|birth_date| birth_date == self.rows.birth_date[*at]);
                if same_name && same_day { Ok(*at) } else { Err(MatchFailure::Another) }
            }
            [] => {
                let named = self.named(name, birth_date);
                match named {
                    [] => Err(MatchFailure::None),
                    // an unknown id does not contradict an insured without one
                    [at] if id.is_empty() || self.rows.id[*at].is_empty() => Ok(*at),
                    [_] => Err(MatchFailure::Another),
                    _ => Err(MatchFailure::Several),
                }
            }
            // a family shares a personnel number
            several => {
                match self.named(name, birth_date).iter().filter(|at| several.contains(at)).collect::<Vec<_>>()[..] {
                    [at] => Ok(*at),
                    _ => Err(MatchFailure::Several),
                }
            }
        }
    }
}

/// For each row of a list of changes the place of the insured that it matches; `None` for those who join.
///
/// A row without a match is rejected with a diagnostic. A row that changes plans receives the birth date, the risk group and the days of cover
/// from the book.
#[must_use]
pub(super) fn match_insured(
    roster: &mut Roster,
    index: &CoveredInsured<'_>,
    contract: &Contract,
    on: i32,
) -> Vec<Option<usize>> {
    let mut meant = vec![None; roster.insured.len()];
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, meant) in meant.iter_mut().enumerate() {
        let insured = &roster.insured;
        let Some(action) = insured.action(at) else { continue };
        let (id, name) = (insured.id.get(at).to_owned(), insured.name.get(at).to_owned());
        let birth_date = insured.birth_date[at].map(days_since_1970);
        let found = index.find(&id, &name, birth_date);
        let field = if id.is_empty() { Field::Name } else { Field::Id };
        if action == Action::Join {
            let is_relative = insured.relation(at).is_some_and(Relation::is_relative);
            let same_id = !id.is_empty() && !is_relative && index.by_id.contains_key(&folded_number(&id));
            if same_id || !index.named(&name, birth_date).is_empty() {
                reject(roster, at, field, Code::AlreadyInsured, Message::new("already-insured"));
            }
            continue;
        }
        let found = match found {
            Ok(found) => found,
            // an unreadable name or birth date has its own diagnostic
            Err(_) if id.is_empty() && (name.is_empty() || birth_date.is_none()) => continue,
            Err(MatchFailure::None) => {
                reject(roster, at, field, Code::NotInsured, Message::new("not-insured"));
                continue;
            }
            Err(MatchFailure::Several) => {
                reject(roster, at, field, Code::AmbiguousInsured, Message::new("ambiguous-insured"));
                continue;
            }
            Err(MatchFailure::Another) => {
                reject(roster, at, field, Code::AmbiguousInsured, Message::new("another-insured"));
                continue;
            }
        };
        if let Some(first) = taken.insert(found, at) {
            let row = roster.insured.row[first].to_string();
            reject(roster, at, field, Code::DuplicateInsured, Message::new("changed-twice").with("row", row));
            continue;
        }
        *meant = Some(found);
        if action == Action::ChangePlan {
            fill(roster, at, index.rows, found, contract, on);
        }
    }
    meant
}

/// Fills a row that changes plans with the values of the book.
fn fill(roster: &mut Roster, at: usize, rows: &InsuredRows, found: usize, contract: &Contract, on: i32) {
    let plan = roster.insured.plan[at].map(|plan| &contract.terms.plans[usize::from(plan)].code);
    if plan == Some(&rows.plan[found]) {
        let message = Message::new("same-plan").with("plan", rows.plan[found].as_str());
        reject(roster, at, Field::Plan, Code::SamePlan, message);
    }
    let insured = &mut roster.insured;
    insured.birth_date[at] = day_after_1970(rows.birth_date[found]);
    insured.risk_group[at] = u8::try_from(rows.risk_group[found]).ok();
    let [first, last] = [on.max(rows.start[found]), rows.end[found]].map(day_after_1970);
    insured.cover[at] = first.zip(last).and_then(|(first, last)| Period::new(first, last));
}

/// Rejects a row with a diagnostic.
fn reject(roster: &mut Roster, at: usize, field: Field, code: Code, message: Message) {
    let insured = &mut roster.insured;
    insured.rejected[at] = true;
    let sheet = insured.sheet[at];
    let layout = roster.tables.sheets[usize::from(sheet)].layout.as_ref();
    let column_of = |layout| if field == Field::Id { id_column(layout) } else { layout.column(field) };
    let column = layout.and_then(column_of).and_then(|column| u32::try_from(column).ok());
    let value = match field {
        Field::Id => masked(insured.id.get(at)),
        Field::Name => masked(insured.name.get(at)),
        _ => String::new(),
    };
    let place = Place { sheet, row: insured.row[at], column };
    roster.tables.diagnostics.push(Diagnostic { code, place, value, message });
}
