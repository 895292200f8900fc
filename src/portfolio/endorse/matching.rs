//! Matches the rows of a list of changes with the insured of a contract; a row matches one insured for certain, or gets a diagnostic.

use std::collections::HashMap;

use crate::base::calendar::{Period, day_after_1970, days_since_1970};
use crate::base::diagnostic::{Code, Diagnostic, Place, masked};
use crate::base::messages::Message;
use crate::portfolio::event::Values;
use crate::portfolio::rows::InsuredRows;
use crate::quote::contract::Contract;
use crate::roster::Roster;
use crate::roster::field::{Field, id_column};
use crate::roster::value::{Action, Relation};
use crate::table::text::{folded, folded_number};

/// The insured of a contract by name and by id.
pub struct InsuredNames<'i> {
    rows: &'i InsuredRows,
    /// By folded name and day of birth.
    by_name: HashMap<(String, i32), Vec<usize>>,
    /// By folded id.
    by_id: HashMap<String, Vec<usize>>,
}

/// The insured that a row of a list of changes means, and the values that it states for them.
#[derive(Debug, Default)]
pub(super) struct Matched {
    /// The place of the row by which the insured is covered; `None` for those who join.
    pub at: Option<usize>,
    /// The stated values that differ from the book's.
    pub values: Values,
}

/// Why a row matches no insured.
pub enum MatchFailure {
    /// No insured fits.
    None,
    /// Several fit.
    Several,
    /// The id is of one insured, the name or the birth date of another.
    Another,
}

impl<'i> InsuredNames<'i> {
    /// Indexes the insured that have a day of cover.
    #[must_use]
    pub fn new(rows: &'i InsuredRows) -> Self {
        let mut index = Self { rows, by_name: HashMap::new(), by_id: HashMap::new() };
        for at in (0..rows.insured.len()).filter(|at| rows.end[*at] >= rows.start[*at]) {
            index.by_name.entry((folded(&rows.name[at]), rows.birth_date[at])).or_default().push(at);
            if !rows.id[at].is_empty() {
                index.by_id.entry(folded_number(&rows.id[at])).or_default().push(at);
            }
        }
        index
    }

    /// The rows, of those found, by which insured are covered on a day or later: the first row of each insured.
    fn covered(&self, found: Option<&Vec<usize>>, on: i32) -> Vec<usize> {
        let rows = self.rows;
        let mut covered: Vec<usize> = found.into_iter().flatten().copied().collect();
        covered.retain(|at| rows.end[*at] >= on.max(rows.start[*at]));
        covered.sort_by_key(|at| (rows.person_of(*at), rows.start[*at]));
        covered.dedup_by_key(|at| rows.person_of(*at));
        covered
    }

    fn named(&self, name: &str, birth_date: Option<i32>, on: i32) -> Vec<usize> {
        let key = birth_date.map(|birth_date| (folded(name), birth_date));
        self.covered(key.and_then(|key| self.by_name.get(&key)), on)
    }

    fn with_id(&self, id: &str, on: i32) -> Vec<usize> {
        self.covered(self.by_id.get(&folded_number(id)).filter(|_| !id.is_empty()), on)
    }

    /// The rows of all insured with the id, or with the name and birth date.
    #[must_use]
    pub fn candidates(&self, (id, name): (&str, &str), birth_date: Option<i32>, on: i32) -> Vec<usize> {
        let mut found = self.with_id(id, on);
        found.extend(self.named(name, birth_date, on));
        found
    }

    /// The insured with the id, or else with the name and birth date; never a guess. `may_differ` are whether the name and whether the birth
    /// date may be new ones beside a known id.
    ///
    /// # Errors
    ///
    /// [`MatchFailure`] where no insured fits, or not for certain.
    pub fn find(
        &self,
        (id, name): (&str, &str),
        birth_date: Option<i32>,
        on: i32,
        may_differ: [bool; 2],
    ) -> Result<usize, MatchFailure> {
        match *self.with_id(id, on) {
            [at] => {
                let same_name = name.is_empty() || folded(name) == folded(&self.rows.name[at]);
                let same_day = birth_date.is_none_or(|birth_date| birth_date == self.rows.birth_date[at]);
                // a new name and a new birth date at once are another insured
                let is_same = same_name && (same_day || may_differ[1]) || same_day && may_differ[0];
                if is_same { Ok(at) } else { Err(MatchFailure::Another) }
            }
            [] => match *self.named(name, birth_date, on) {
                [] => Err(MatchFailure::None),
                // an unknown id does not contradict an insured without one
                [at] if id.is_empty() || self.rows.id[at].is_empty() => Ok(at),
                [_] => Err(MatchFailure::Another),
                _ => Err(MatchFailure::Several),
            },
            // a family shares a personnel number
            ref family => {
                let named = self.named(name, birth_date, on);
                match named.into_iter().filter(|at| family.contains(at)).collect::<Vec<_>>()[..] {
                    [at] => Ok(at),
                    _ => Err(MatchFailure::Several),
                }
            }
        }
    }
}

/// For each row of a list of changes the insured that it matches.
///
/// A row without a match is rejected with a diagnostic. A row that changes or corrects values receives those that it does not state from the
/// book.
#[must_use]
pub(super) fn match_insured(roster: &mut Roster, names: &InsuredNames<'_>, contract: &Contract) -> Vec<Matched> {
    let mut matched: Vec<Matched> = Vec::with_capacity(roster.insured.len());
    let mut taken: HashMap<(u32, Action, i32), usize> = HashMap::new();
    let mut joined: HashMap<String, usize> = HashMap::new();
    for at in 0..roster.insured.len() {
        matched.push(Matched::default());
        let insured = &roster.insured;
        let (Some(action), Some(cover)) = (insured.action(at), insured.cover[at]) else { continue };
        let on = days_since_1970(cover.first());
        let (id, name) = (insured.id.get(at).to_owned(), insured.name.get(at).to_owned());
        let birth_date = insured.birth_date[at].map(days_since_1970);
        let field = if id.is_empty() { Field::Name } else { Field::Id };
        if action == Action::Join {
            let is_relative = insured.relation(at).is_some_and(Relation::is_relative);
            let own_id = (!id.is_empty() && !is_relative).then(|| folded_number(&id));
            let same_id = own_id.is_some() && !names.with_id(&id, on).is_empty();
            if same_id || !names.named(&name, birth_date, on).is_empty() {
                reject(roster, at, field, Code::AlreadyInsured, Message::new("already-insured"));
            }
            let keys = [own_id, birth_date.map(|born| format!("{}\n{born}", folded(&name)))];
            let before = keys.into_iter().flatten().filter_map(|key| joined.insert(key, at)).min();
            if let Some(before) = before {
                reject_again(roster, at, before, field);
            }
            continue;
        }
        let may_differ = [matches!(action, Action::Change | Action::Correct), action == Action::Correct];
        // a correction concerns an insured who is covered on any day
        let day = if action == Action::Correct { i32::MIN } else { on };
        let found = match names.find((&id, &name), birth_date, day, may_differ) {
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
        // several things may happen to an insured, but one of a kind on a day, and only one with cover
        let kind = if action == Action::Change { Action::ChangePlan } else { action };
        let person = names.rows.person_of(found);
        let contradicts = [kind, Action::Leave, Action::ChangePlan].into_iter().filter(|_| action != Action::Correct);
        let before = contradicts.chain([kind]).find_map(|kind| taken.get(&(person, kind, on)).copied());
        if let Some(before) = before {
            reject_again(roster, at, before, field);
            continue;
        }
        taken.insert((person, kind, on), at);
        let values =
            if action == Action::Leave { Values::default() } else { fill(roster, at, names.rows, found, contract) };
        matched[at] = Matched { at: Some(found), values };
    }
    matched
}

/// Fills a row that changes or corrects values with the values of the book; those that it states and that differ.
fn fill(roster: &mut Roster, at: usize, rows: &InsuredRows, found: usize, contract: &Contract) -> Values {
    let insured = &mut roster.insured;
    let action = insured.action(at);
    let corrects = action == Some(Action::Correct);
    let renames = matches!(action, Some(Action::Change | Action::Correct));
    let code = |plan: u16| contract.terms.plans[usize::from(plan)].code.clone();
    let name = insured.name.get(at);
    let mut values = Values {
        name: Some(name.to_owned()).filter(|name| renames && !name.is_empty() && *name != rows.name[found]),
        birth_date: insured.birth_date[at]
            .map(days_since_1970)
            .filter(|born| corrects && *born != rows.birth_date[found]),
        relation: insured.relation(at).map(|relation| relation.as_str().to_owned()).filter(|_| corrects),
        plan: insured.plan[at].map(code).filter(|plan| *plan != rows.plan[found]),
        risk_group: insured.risk_group[at].filter(|group| u32::from(*group) != rows.risk_group[found]),
        sum_insured: insured.sum_insured(at).and_then(|sum| i64::try_from(sum.get()).ok()),
        contacts: Default::default(),
    };
    values.relation = values.relation.filter(|relation| rows.relation[found].as_ref() != Some(relation));
    for (value, listed) in values.contacts.iter_mut().zip(insured.contacts(at)).filter(|(_, listed)| !listed.is_empty())
    {
        *value = Some(listed.to_owned());
    }
    let is_empty = values == Values { contacts: values.contacts.clone(), ..Values::default() };
    let place = |code: &String| contract.terms.plans.iter().position(|plan| plan.code == *code);
    let known_plan = place(&rows.plan[found]).and_then(|place| u16::try_from(place).ok());
    insured.plan[at] = insured.plan[at].or(known_plan);
    insured.birth_date[at] = values.birth_date.or(Some(rows.birth_date[found])).and_then(day_after_1970);
    insured.risk_group[at] = insured.risk_group[at].or_else(|| u8::try_from(rows.risk_group[found]).ok());
    let from = insured.cover[at].map_or(rows.start[found], |cover| days_since_1970(cover.first()));
    let first = if corrects { rows.start[found] } else { from.max(rows.start[found]) };
    let [first, last] = [first, rows.end[found].max(first)].map(day_after_1970);
    insured.cover[at] = first.zip(last).and_then(|(first, last)| Period::new(first, last));
    if is_empty && !insured.rejected[at] {
        let message = Message::new("same-plan").with("plan", rows.plan[found].as_str());
        reject(roster, at, Field::Plan, Code::SamePlan, message);
    }
    values
}

/// Rejects a row that contradicts an earlier one.
fn reject_again(roster: &mut Roster, at: usize, before: usize, field: Field) {
    let row = roster.insured.row[before].to_string();
    reject(roster, at, field, Code::DuplicateInsured, Message::new("changed-twice").with("row", row));
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
