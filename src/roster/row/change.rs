//! A row of a list of changes → what happens to an insured, and everything that is wrong with it.

use jiff::civil::Date;

use crate::base::diagnostic::Code;
use crate::base::messages::Message;
use crate::roster::field::Field;
use crate::roster::insured::InsuredRow;
use crate::roster::row::RowReader;
use crate::roster::row::fields::date_code;
use crate::roster::spec::RowKind;
use crate::roster::value::{Action, StatedDays, action_and_days};
use crate::table::cell::{Cell, Row};
use crate::table::cell_faults::{date_fault, formula_fault};

impl RowReader<'_> {
    /// Reads a row of a list of changes; the first day of its cover is the day from which the change counts.
    ///
    /// An insured who joins needs all that a roster has; another one is identified by an id, or by name and birth date. What the row states
    /// beside that is compared with the book.
    pub(super) fn read_change(&mut self, row: &(impl Row + ?Sized)) {
        let diagnostics_before = self.read.diagnostics.len();
        self.section.begin_row();
        let (action, days_of_action) = self.action(row).unzip();
        self.read_id(row);
        let joins = action == Some(Action::Join);
        let is_named = self.columns.name.first().is_some_and(|column| !row.cell(column).is_empty());
        self.name.clear();
        if joins || is_named || self.id.is_empty() {
            self.read_name(row);
        }
        let days = self.change_days(row, action, days_of_action.unwrap_or_default());
        let (cover, stated_cover) = (days.map(|days| days.cover), days.map(|days| days.stated).unwrap_or_default());
        let has_birth_date = !self.columns.cell(row, Field::BirthDate).is_empty();
        let birth_date = if joins || has_birth_date || self.id.is_empty() {
            if self.columns.get(Field::BirthDate).is_none() {
                self.report(Code::MissingBirthDate, row, Field::BirthDate, Message::new("missing-birth-date"));
            }
            self.birth_date(row, cover)
        } else {
            None
        };
        let states = |field: Field| !self.columns.cell(row, field).is_empty();
        let (has_group, has_plan, has_sum) = (states(Field::RiskGroup), states(Field::Plan), states(Field::SumInsured));
        let risk_group = if joins || action.is_some() && has_group { self.risk_group(row) } else { None };
        let is_plan_needed = joins || action == Some(Action::ChangePlan) && !(has_group || has_sum);
        let plan = if is_plan_needed || action.is_some() && has_plan { self.plan(row) } else { None };
        let sum_insured = if action.is_some() { self.sum_insured(row, plan) } else { None };
        let insured = InsuredRow {
            birth_date,
            risk_group,
            plan,
            sum_insured,
            cover,
            action,
            stated_cover,
            ..InsuredRow::default()
        };
        self.push(row, insured, diagnostics_before);
    }

    /// The action of a row with the days beside it: its own, that of the title above it, or that of the sheet, the file or the whole list.
    ///
    /// The order of the user, the title and the row may not contradict each other.
    fn action(&mut self, row: &(impl Row + ?Sized)) -> Option<(Action, StatedDays)> {
        let cell = self.action_cell(row);
        let of_title = self.section.action;
        let own = action_and_days(cell);
        let others = [of_title, self.named_by_sheet, self.named_by_file, self.spec.changes.action];
        if cell.is_empty() {
            let mut named = others.into_iter().flatten();
            if let Some(first) = named.next() {
                if let Some(other) = named.find(|other| contradict(first, *other)) {
                    let message = Message::new("actions-differ").with("first", word(first)).with("second", word(other));
                    self.report(Code::BadAction, row, Field::Action, message);
                    return None;
                }
                return Some((first, StatedDays::default()));
            }
        }
        match (own, of_title) {
            (Some((own, _)), Some(title)) if contradict(own, title) => {
                let message = Message::new("actions-differ").with("first", word(title)).with("second", word(own));
                self.report(Code::BadAction, row, Field::Action, message);
                return None;
            }
            (Some(own), _) => return Some(own),
            (None, _) => {}
        }
        let (code, name) = match (self.columns.get(Field::Action), cell.is_empty()) {
            (None, _) => (Code::MissingAction, "missing-action-column"),
            (_, true) => (Code::MissingAction, "missing-action"),
            _ => (Code::BadAction, "bad-action"),
        };
        let message = formula_fault(cell).unwrap_or_else(|| Message::new(name));
        self.report(code, row, Field::Action, message);
        None
    }

    /// The cell of the action: that of its column, or of a column such as «Статус», which else states the relation.
    fn action_cell<'r>(&self, row: &'r (impl Row + ?Sized)) -> Cell<'r> {
        if self.states_action_as_relation(row) {
            return self.columns.cell(row, Field::Relation);
        }
        self.columns.cell(row, Field::Action)
    }

    /// Whether a list of changes without a column of actions states one where the relation may stand.
    pub(super) fn states_action_as_relation(&self, row: &(impl Row + ?Sized)) -> bool {
        let is_list = self.spec.rows == RowKind::Changes && self.columns.get(Field::Action).is_none();
        is_list && action_and_days(self.columns.cell(row, Field::Relation)).is_some()
    }

    /// The day in a cell; an inner `None` where it is empty, and an outer one where it is unreadable.
    #[expect(clippy::option_option, reason = "the outer is whether the cell is readable")]
    pub(super) fn day_in(&mut self, row: &(impl Row + ?Sized), field: Field) -> Option<Option<Date>> {
        let cell: Cell<'_> = self.columns.cell(row, field);
        match self.day(row, field) {
            Ok(found) => {
                if found.is_some_and(|found| found.from_serial) {
                    self.report(Code::ExcelSerialDate, row, field, Message::new("excel-serial-date"));
                }
                Some(found.map(|found| found.date))
            }
            Err(fault) => {
                let message = formula_fault(cell).unwrap_or_else(|| date_fault(fault));
                self.report(date_code(fault, Code::BadCoverDates), row, field, message);
                None
            }
        }
    }
}

/// Whether two sources name different actions; a change of plan is a change of values too.
fn contradict(one: Action, other: Action) -> bool {
    let kind = |action| if action == Action::ChangePlan { Action::Change } else { action };
    kind(one) != kind(other)
}

/// The word for an action in messages.
fn word(action: Action) -> Message {
    Message::new(match action {
        Action::Join => "action-join",
        Action::Leave => "action-leave",
        Action::ChangePlan => "action-change-plan",
        Action::Change => "action-change",
        Action::Correct => "action-correct",
    })
}
