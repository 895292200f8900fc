//! Matches the rows of a list of changes with the insured of a contract; a row matches one insured for certain, or gets a diagnostic.
//!
//! Rows about those who are insured come first, then those about joiners, so that an insured may leave and join again in one list.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::base::calendar::{Period, day_after_1970, days_since_1970};
use crate::base::diagnostic::{Code, Diagnostic, Place, masked};
use crate::base::messages::Message;
use crate::portfolio::endorse::insured_names::{InsuredNames, MatchFailure, Sought};
use crate::portfolio::event::Values;
use crate::quote::contract::Contract;
use crate::roster::Roster;
use crate::roster::field::{Field, id_column};
use crate::roster::value::{Action, Relation};
use crate::table::text::{folded, folded_number};

/// The insured that a row of a list of changes means, and the values that it states for them.
#[derive(Debug, Default)]
pub(super) struct Matched {
    /// The place of the row by which the insured is covered; `None` for those who join with this list.
    pub at: Option<usize>,
    /// The row of this list by which the insured joins, for one who leaves again.
    pub joined_by: Option<usize>,
    /// The stated values that differ from the book's.
    pub values: Values,
}

/// An earlier row of the list about an insured.
struct Taken {
    row: usize,
    action: Action,
    day: i32,
    values: Values,
}

/// For each row of a list of changes the insured that it matches.
///
/// A row without a match is rejected with a diagnostic. A row that changes or corrects values receives those that it does not state from the
/// book. `ended` is the first day without cover of a contract that has ended: what happens from then on is rejected.
#[must_use]
pub(super) fn match_insured(
    roster: &mut Roster,
    names: &InsuredNames<'_>,
    contract: &Contract,
    ended: Option<Date>,
) -> Vec<Matched> {
    let count = roster.insured.len();
    let mut matching = Matching {
        names,
        contract,
        ended,
        matched: (0..count).map(|_| Matched::default()).collect(),
        taken: HashMap::new(),
        joined: HashMap::new(),
        joiners: HashMap::new(),
    };
    let joins = |roster: &Roster, at: usize| roster.insured.action(at) == Some(Action::Join);
    for at in (0..count).filter(|at| joins(roster, *at)) {
        for key in joiner_keys(roster, at).into_iter().flatten() {
            matching.joiners.entry(key).or_default().push(at);
        }
    }
    let mut rows: Vec<usize> = (0..count).filter(|at| !joins(roster, *at)).collect();
    // what a row changes is known to the rows of later days
    rows.sort_by_key(|at| roster.insured.cover[*at].map(Period::first));
    for at in rows {
        matching.match_row(roster, at);
    }
    for at in (0..count).filter(|at| joins(roster, *at)).collect::<Vec<_>>() {
        matching.match_joiner(roster, at);
    }
    matching.matched
}

struct Matching<'m, 'i> {
    names: &'m InsuredNames<'i>,
    contract: &'m Contract,
    ended: Option<Date>,
    matched: Vec<Matched>,
    /// The rows about each insured.
    taken: HashMap<u32, Vec<Taken>>,
    /// The last joiner so far, by number and by name with the day of birth.
    joined: HashMap<String, usize>,
    /// All joiners of the list by these keys.
    joiners: HashMap<String, Vec<usize>>,
}

/// The keys by which a joiner is found twice.
fn joiner_keys(roster: &Roster, at: usize) -> [Option<String>; 2] {
    let insured = &roster.insured;
    let id = insured.id.get(at);
    let is_relative = insured.relation(at).is_some_and(Relation::is_relative);
    let own_id = (!id.is_empty() && !is_relative).then(|| folded_number(id));
    let name = insured.birth_date[at].map(|born| format!("{}\n{born}", folded(insured.name.get(at))));
    [own_id, name]
}

impl Matching<'_, '_> {
    /// Matches a row about an insured of the book.
    fn match_row(&mut self, roster: &mut Roster, at: usize) {
        let insured = &roster.insured;
        let (Some(action), Some(cover)) = (insured.action(at), insured.cover[at]) else { return };
        if self.is_after_end(roster, at, cover) {
            return;
        }
        let insured = &roster.insured;
        let on = days_since_1970(cover.first());
        let (id, name) = (insured.id.get(at).to_owned(), insured.name.get(at).to_owned());
        let policy_number = insured.text(Field::PolicyNumber, at).to_owned();
        let birth_date = insured.birth_date[at].map(days_since_1970);
        let field = if id.is_empty() { Field::Name } else { Field::Id };
        let corrects = action == Action::Correct;
        let sought = Sought {
            id: &id,
            policy_number: &policy_number,
            name: &name,
            birth_date,
            // a correction concerns an insured who is covered on any day
            on: if corrects { i32::MIN } else { on },
            may_differ: [matches!(action, Action::Change | Action::Correct), corrects],
        };
        let found = match self.names.find(&sought) {
            Err(MatchFailure::None) => self.names.corrected(&sought).ok_or(MatchFailure::None),
            found => found,
        };
        let found = match found {
            Ok(found) => found,
            // an unreadable name or birth date has its own diagnostic
            Err(_) if id.is_empty() && (name.is_empty() || birth_date.is_none()) => return,
            Err(failure) => {
                if failure == MatchFailure::None && action == Action::Leave && self.leaves_after_joining(roster, at) {
                    return;
                }
                let has_name = !name.is_empty() && birth_date.is_some();
                let (code, message) = failure_message(failure, has_name);
                reject(roster, at, field, code, message);
                return;
            }
        };
        let stated = roster.insured.stated_cover(at);
        let values = self.values(roster, at, found, on);
        self.compare_cover(roster, at, found, stated);
        let taken = Taken { row: at, action, day: on, values: values.clone() };
        let rows = self.taken.entry(self.names.rows.person_of(found)).or_default();
        if let Some(before) = rows.iter().find(|before| contradict(before, &taken)) {
            reject_again(roster, at, before.row, field);
            return;
        }
        rows.push(taken);
        self.matched[at] = Matched { at: Some(found), joined_by: None, values };
    }

    /// Rejects a row that counts from a day on which the contract has ended.
    fn is_after_end(&self, roster: &mut Roster, at: usize, cover: Period) -> bool {
        let Some(ended) = self.ended.filter(|ended| cover.first() >= *ended) else { return false };
        let message = Message::new("change-after-end").with("ended", ended);
        reject(roster, at, Field::ChangeDay, Code::BadCoverDates, message);
        true
    }

    /// The values of a row that differ from the book's: a row that changes or corrects takes them, that of a leaver is compared only.
    fn values(&self, roster: &mut Roster, at: usize, found: usize, on: i32) -> Values {
        let names = self.names;
        if roster.insured.action(at) != Some(Action::Leave) {
            let known = self.known_values(found, on);
            return fill(roster, at, (names, found, &known), self.contract);
        }
        let (insured, rows) = (&roster.insured, names.rows);
        let plan = insured.plan[at].map(|plan| self.contract.terms.plans[usize::from(plan)].code.clone());
        let relation = insured.relation(at).filter(|relation| *relation != Relation::Unknown);
        let differs = [
            (Field::Plan, plan.is_some_and(|plan| plan != rows.plan[found])),
            (Field::RiskGroup, insured.risk_group[at].is_some_and(|group| u32::from(group) != rows.risk_group[found])),
            (
                Field::Relation,
                relation.is_some_and(|relation| {
                    rows.relation[found].as_deref().is_some_and(|known| known != relation.as_str())
                }),
            ),
        ];
        for (field, _) in differs.into_iter().filter(|(_, differs)| *differs) {
            report(roster, at, field, Code::BookDiffers, String::new(), Message::new("leaver-differs"));
        }
        if roster.insured.sum_insured(at).is_some() {
            report(roster, at, Field::SumInsured, Code::BookDiffers, String::new(), Message::new("leaver-sum"));
        }
        Values::default()
    }

    /// The values that the insured has on a day by the earlier rows of this list; none for a value that they leave as it is.
    fn known_values(&self, found: usize, on: i32) -> Values {
        let rows = self.taken.get(&self.names.rows.person_of(found)).map_or(&[][..], Vec::as_slice);
        let mut known = Values::default();
        for row in rows.iter().filter(|row| row.day < on || row.action == Action::Correct) {
            let Values { name, plan, risk_group, .. } = row.values.clone();
            known.name = name.or(known.name);
            known.plan = plan.or(known.plan);
            known.risk_group = risk_group.or(known.risk_group);
        }
        known
    }

    /// Compares the days of cover that a row states beside its change with the book's.
    fn compare_cover(&self, roster: &mut Roster, at: usize, found: usize, stated: [Option<Date>; 2]) {
        let rows = self.names.rows;
        let own = self.names.rows_of(found).iter();
        let (first, last) = own
            .fold((i32::MAX, i32::MIN), |(first, last), row| (first.min(rows.start[*row]), last.max(rows.end[*row])));
        let corrects = roster.insured.action(at) == Some(Action::Correct);
        let is_book = |day: Date, own: [i32; 2]| own.contains(&days_since_1970(day));
        let days = [
            (Field::Start, stated[0], [first, rows.start[found]], "stated-start"),
            (Field::End, stated[1], [last, rows.end[found]], if corrects { "stated-end" } else { "stated-end-change" }),
        ];
        for (field, day, own, name) in days {
            if let Some(day) = day.filter(|day| !is_book(*day, own)) {
                let book = day_after_1970(own[0]).unwrap_or(Date::MIN);
                let message = Message::new(name).with("stated", day).with("book", book);
                reject(roster, at, field, Code::CoverDiffers, message);
            }
        }
    }

    /// Whether a leaver is one who joins with an earlier day of the same list.
    fn leaves_after_joining(&mut self, roster: &Roster, at: usize) -> bool {
        let insured = &roster.insured;
        let [id, name] = joiner_keys(roster, at);
        let key = if insured.name.get(at).is_empty() { id } else { name.or(id) };
        let joiners = key.and_then(|key| self.joiners.get(&key)).map_or(&[][..], Vec::as_slice);
        let joins_before = |joiner: &&usize| {
            let days = insured.cover[**joiner].zip(insured.cover[at]);
            days.is_some_and(|(joins, leaves)| joins.first() < leaves.first())
        };
        let mut joiners = joiners.iter().filter(joins_before);
        let joined_by = joiners.next().copied().filter(|_| joiners.next().is_none());
        self.matched[at].joined_by = joined_by;
        joined_by.is_some()
    }

    /// Checks that a joiner is not insured yet, on the day and later.
    fn match_joiner(&mut self, roster: &mut Roster, at: usize) {
        let insured = &roster.insured;
        let Some(cover) = insured.cover[at] else { return };
        if self.is_after_end(roster, at, cover) {
            return;
        }
        let insured = &roster.insured;
        let on = days_since_1970(cover.first());
        let birth_date = insured.birth_date[at].map(days_since_1970);
        let field = if insured.id.get(at).is_empty() { Field::Name } else { Field::Id };
        let keys = joiner_keys(roster, at);
        let mut same = keys[0].as_ref().map(|_| self.names.with_number(insured.id.get(at), on)).unwrap_or_default();
        same.extend(self.names.with_number(insured.text(Field::PolicyNumber, at), on));
        same.extend(self.names.named(insured.name.get(at), birth_date, on));
        // an insured who leaves with this list may join again
        let has_left = |found: &usize| {
            let rows = self.taken.get(&self.names.rows.person_of(*found));
            rows.is_some_and(|rows| rows.iter().any(|row| row.action == Action::Leave && row.day <= on))
        };
        if !same.iter().all(has_left) {
            reject(roster, at, field, Code::AlreadyInsured, Message::new("already-insured"));
        }
        let before = keys.into_iter().flatten().filter_map(|key| self.joined.insert(key, at)).min();
        if let Some(before) = before {
            reject_again(roster, at, before, field);
        }
    }
}

/// Whether two rows about one insured exclude each other: two ends, a change after the end, or two values for one day.
fn contradict(one: &Taken, other: &Taken) -> bool {
    let is_leave = |row: &Taken| row.action == Action::Leave;
    let is_change = |row: &Taken| matches!(row.action, Action::Change | Action::ChangePlan);
    match (is_leave(one), is_leave(other)) {
        (true, true) => true,
        (true, false) => is_change(other) && other.day >= one.day,
        (false, true) => is_change(one) && one.day >= other.day,
        (false, false) => {
            let is_same_kind = is_change(one) && is_change(other) && one.day == other.day
                || one.action == Action::Correct && other.action == Action::Correct;
            is_same_kind && one.values.overlap(&other.values)
        }
    }
}

/// The code and the message for a row without a match; `has_name` is whether it states a name and a birth date.
fn failure_message(failure: MatchFailure, has_name: bool) -> (Code, Message) {
    match failure {
        MatchFailure::None => (Code::NotInsured, Message::new("not-insured")),
        MatchFailure::Left(last) => {
            (Code::NotInsured, Message::new("insured-until").with("last", day_after_1970(last).unwrap_or(Date::MIN)))
        }
        MatchFailure::Several if has_name => (Code::AmbiguousInsured, Message::new("ambiguous-insured")),
        MatchFailure::Several => (Code::AmbiguousInsured, Message::new("ambiguous-number")),
        MatchFailure::Another => (Code::AmbiguousInsured, Message::new("another-insured")),
        MatchFailure::Numbers => (Code::AmbiguousInsured, Message::new("another-policy-number")),
    }
}

/// Fills a row that changes or corrects values with the values of the insured, which are those of the book or those that earlier rows of the
/// list have made `known`; returns the values that it states and that differ.
fn fill(
    roster: &mut Roster,
    at: usize,
    (names, found, known): (&InsuredNames<'_>, usize, &Values),
    contract: &Contract,
) -> Values {
    let rows = names.rows;
    let insured = &mut roster.insured;
    let action = insured.action(at);
    let corrects = action == Some(Action::Correct);
    let renames = matches!(action, Some(Action::Change | Action::Correct));
    let code = |plan: u16| contract.terms.plans[usize::from(plan)].code.clone();
    let name = insured.name.get(at);
    let known_name = known.name.as_ref().unwrap_or(&rows.name[found]);
    let known_plan = known.plan.as_ref().unwrap_or(&rows.plan[found]);
    let known_group = known.risk_group.map_or(rows.risk_group[found], u32::from);
    let mut values = Values {
        name: Some(name.to_owned()).filter(|name| renames && !name.is_empty() && name != known_name),
        birth_date: insured.birth_date[at]
            .map(days_since_1970)
            .filter(|born| corrects && *born != rows.birth_date[found]),
        relation: insured.relation(at).map(|relation| relation.as_str().to_owned()).filter(|_| corrects),
        plan: insured.plan[at].map(code).filter(|plan| plan != known_plan),
        risk_group: insured.risk_group[at].filter(|group| u32::from(*group) != known_group),
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
    let place_of_plan = place(known_plan).and_then(|place| u16::try_from(place).ok());
    insured.plan[at] = insured.plan[at].or(place_of_plan);
    insured.birth_date[at] = values.birth_date.or(Some(rows.birth_date[found])).and_then(day_after_1970);
    insured.risk_group[at] = insured.risk_group[at].or_else(|| u8::try_from(known_group).ok());
    let from = insured.cover[at].map_or(rows.start[found], |cover| days_since_1970(cover.first()));
    let first = if corrects { rows.start[found] } else { from.max(rows.start[found]) };
    let [first, last] = [first, rows.end[found].max(first)].map(day_after_1970);
    insured.cover[at] = first.zip(last).and_then(|(first, last)| Period::new(first, last));
    if is_empty && !insured.rejected[at] && insured.stated_cover(at).iter().all(Option::is_none) {
        let message = match action {
            Some(Action::ChangePlan) => Message::new("same-plan").with("plan", known_plan.as_str()),
            _ => Message::new("same-values"),
        };
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
    roster.insured.rejected[at] = true;
    let value = match field {
        Field::Id => masked(roster.insured.id.get(at)),
        Field::Name => masked(roster.insured.name.get(at)),
        _ => String::new(),
    };
    report(roster, at, field, code, value, message);
}

/// Adds a diagnostic about a cell of a row.
fn report(roster: &mut Roster, at: usize, field: Field, code: Code, value: String, message: Message) {
    let insured = &roster.insured;
    let sheet = insured.sheet[at];
    let layout = roster.tables.sheets[usize::from(sheet)].layout.as_ref();
    let column_of = |layout| if field == Field::Id { id_column(layout) } else { layout.column(field) };
    let column = layout.and_then(column_of).and_then(|column| u32::try_from(column).ok());
    let place = Place { sheet, row: insured.row[at], column };
    roster.tables.diagnostics.push(Diagnostic { code, place, value, message });
}
