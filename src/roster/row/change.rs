//! A row of a list of changes → an insured who joins, leaves or changes plans, and everything that is wrong with it.

use crate::base::diagnostic::Code;
use crate::base::messages::Message;
use crate::roster::field::Field;
use crate::roster::insured::InsuredRow;
use crate::roster::row::RowReader;
use crate::roster::value::{self, Action};
use crate::table::cell::Row;
use crate::table::cell_faults::formula_fault;

impl RowReader<'_> {
    /// Reads a row of a list of changes.
    ///
    /// An insured who joins needs all that a roster has; one who leaves or changes plans is identified by an id, or by name and birth date.
    pub(super) fn read_change(&mut self, row: &(impl Row + ?Sized)) {
        let diagnostics_before = self.read.diagnostics.len();
        let action = self.action(row);
        self.read_id(row);
        let joins = action == Some(Action::Join);
        let is_named = self.columns.name.first().is_some_and(|column| !row.cell(column).is_empty());
        self.name.clear();
        if joins || is_named || self.id.is_empty() {
            self.read_name(row);
        }
        let cover = if joins { self.cover(row) } else { Some(self.spec.period) };
        let has_birth_date = !self.columns.cell(row, Field::BirthDate).is_empty();
        let birth_date = if joins || has_birth_date || self.id.is_empty() {
            if self.columns.get(Field::BirthDate).is_none() {
                self.report(Code::MissingBirthDate, row, Field::BirthDate, Message::new("missing-birth-date"));
            }
            self.birth_date(row, cover)
        } else {
            None
        };
        let risk_group = if joins { self.risk_group(row) } else { None };
        let plan = if matches!(action, Some(Action::Join | Action::ChangePlan)) { self.plan(row) } else { None };
        let sum_insured = if plan.is_some() { self.sum_insured(row, plan) } else { None };
        let insured = InsuredRow { birth_date, risk_group, plan, sum_insured, cover, action, ..InsuredRow::default() };
        self.push(row, insured, diagnostics_before);
    }

    fn action(&mut self, row: &(impl Row + ?Sized)) -> Option<Action> {
        let cell = self.columns.cell(row, Field::Action);
        let action = value::action(cell);
        if action.is_none() {
            let (code, name) =
                if cell.is_empty() { (Code::MissingAction, "missing-action") } else { (Code::BadAction, "bad-action") };
            let message = formula_fault(cell).unwrap_or_else(|| Message::new(name));
            self.report(code, row, Field::Action, message);
        }
        action
    }
}
