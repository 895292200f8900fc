//! A row of a list of changes → who joins, leaves or changes plans, and everything that is wrong with it.

use crate::base::diagnostic::{Code, Severity};
use crate::base::messages::Message;
use crate::roster::insured::Person;
use crate::roster::row::RowReader;
use crate::roster::row::messages::{formula_fault, shown_code};
use crate::table::cell::{Cell, Row};
use crate::table::value;
use crate::table::value::Action;

impl RowReader<'_> {
    /// Reads the next row of a list of changes.
    ///
    /// Who joins needs all that a roster has; who leaves or changes plans is named by an id, or by name and birth date.
    pub(crate) fn change(&mut self, row: &(impl Row + ?Sized)) {
        let faults_before = self.read.diagnostics.len();
        let action = self.action(row);
        self.take_id(row);
        self.contacts.take(row);
        let joins = action == Some(Action::Join);
        let has = |column: Option<usize>| column.is_some_and(|column| !row.cell(column).is_empty());
        let is_named = has(self.columns.name.first());
        self.name.clear();
        if joins || is_named || self.id.is_empty() {
            self.take_name(row);
        }
        let cover = if joins { self.cover(row) } else { Some(self.wanted.period) };
        let birth_date = if joins || has(self.columns.birth_date) || self.id.is_empty() {
            if self.columns.birth_date.is_none() {
                let message = Message::new("missing-birth-date");
                self.say(Code::MissingBirthDate, row.number(), None, String::new(), message);
            }
            self.birth_date(row, cover)
        } else {
            None
        };
        let risk_group = if joins { self.risk_group(row) } else { None };
        let plan = if matches!(action, Some(Action::Join | Action::ChangePlan)) { self.plan(row) } else { None };
        let sum_insured = if plan.is_some() { self.sum_insured(row, plan) } else { None };
        let rejected =
            self.read.diagnostics[faults_before..].iter().any(|found| found.code.severity() == Severity::Error);
        let person = Person {
            row: row.number(),
            id: &self.id,
            name: &self.name,
            birth_date,
            sex: self.columns.sex.and_then(|column| value::sex(row.cell(column))),
            risk_group,
            plan,
            sum_insured,
            cover,
            relation: self.columns.relation.and_then(|column| value::relation(row.cell(column))),
            ages: None,
            action,
            contacts: self.contacts.taken(),
            rejected,
            id_is_damaged: self.id_is_damaged,
        };
        self.read.insured.push(self.sheet, &person);
    }

    fn action(&mut self, row: &(impl Row + ?Sized)) -> Option<Action> {
        let cell = self.columns.action.map_or(Cell::Empty, |column| row.cell(column));
        let action = value::action(cell);
        if action.is_none() {
            let (code, name) =
                if cell.is_empty() { (Code::MissingAction, "missing-action") } else { (Code::BadAction, "bad-action") };
            let message = formula_fault(cell).unwrap_or_else(|| Message::new(name));
            self.say(code, row.number(), self.columns.action, shown_code(&cell.shown(), []), message);
        }
        action
    }
}
