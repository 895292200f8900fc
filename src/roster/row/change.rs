//! A row of a list of changes → what happens to an insured, and everything that is wrong with it.

use jiff::civil::Date;

use crate::base::calendar::{Period, format_day};
use crate::base::diagnostic::Code;
use crate::base::messages::Message;
use crate::roster::field::Field;
use crate::roster::insured::InsuredRow;
use crate::roster::row::columns::Columns;
use crate::roster::row::{RowReader, detach_heading};
use crate::roster::spec::DetachDay;
use crate::roster::value::{self, Action};
use crate::table::cell::{Cell, Row};
use crate::table::cell_faults::{date_fault, formula_fault};
use crate::table::layout::Layout;
use crate::table::skip::RowJudge;

impl RowReader<'_> {
    /// Reads a row of a list of changes; the first day of its cover is the day from which the change counts.
    ///
    /// An insured who joins needs all that a roster has; another one is identified by an id, or by name and birth date.
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
        let cover = self.change_cover(row, action);
        let has_birth_date = !self.columns.cell(row, Field::BirthDate).is_empty();
        let birth_date = if joins || has_birth_date || self.id.is_empty() {
            if self.columns.get(Field::BirthDate).is_none() {
                self.report(Code::MissingBirthDate, row, Field::BirthDate, Message::new("missing-birth-date"));
            }
            self.birth_date(row, cover)
        } else {
            None
        };
        let changes = matches!(action, Some(Action::ChangePlan | Action::Change | Action::Correct));
        let states = |field: Field| !self.columns.cell(row, field).is_empty();
        let (has_group, has_plan, has_sum) = (states(Field::RiskGroup), states(Field::Plan), states(Field::SumInsured));
        let risk_group = if joins || changes && has_group { self.risk_group(row) } else { None };
        let is_plan_needed = joins || action == Some(Action::ChangePlan) && !(has_group || has_sum);
        let plan = if is_plan_needed || changes && has_plan { self.plan(row) } else { None };
        let sum_insured = if joins || changes { self.sum_insured(row, plan) } else { None };
        let insured = InsuredRow { birth_date, risk_group, plan, sum_insured, cover, action, ..InsuredRow::default() };
        self.push(row, insured, diagnostics_before);
    }

    /// The action of a row: its own, that of the title above it, or that of the whole list.
    fn action(&mut self, row: &(impl Row + ?Sized)) -> Option<Action> {
        let cell = self.columns.cell(row, Field::Action);
        let by_default = self.section.or(self.spec.changes.action);
        if cell.is_empty() && by_default.is_some() {
            return by_default;
        }
        let action = value::action(cell);
        if action.is_none() {
            let (code, name) = match (self.columns.get(Field::Action), cell.is_empty()) {
                (None, _) => (Code::MissingAction, "missing-action-column"),
                (_, true) => (Code::MissingAction, "missing-action"),
                _ => (Code::BadAction, "bad-action"),
            };
            let message = formula_fault(cell).unwrap_or_else(|| Message::new(name));
            self.report(code, row, Field::Action, message);
        }
        action
    }

    /// The days of a change: from the day on which it counts (`I25`, `I26`) to the last day of cover. A correction counts from the first day.
    fn change_cover(&mut self, row: &(impl Row + ?Sized), action: Option<Action>) -> Option<Period> {
        let whole = self.spec.period;
        let from = self.day_in(row, Field::ChangeDay)?;
        match action {
            Some(Action::Correct) => Some(whole),
            Some(Action::Leave) => {
                let last = self.day_in(row, Field::End)?.map(|last| last.tomorrow().unwrap_or(last));
                let detached = self.detached(row)?;
                let known = [from, last, detached].into_iter().flatten().collect::<Vec<Date>>();
                if known.windows(2).any(|days| days[0] != days[1]) {
                    self.report(Code::BadCoverDates, row, Field::End, Message::new("change-days-differ"));
                    return None;
                }
                self.period_from(row, known.first().copied())
            }
            Some(Action::Join) if self.columns.cell(row, Field::Start).is_empty() => {
                let first = from.or(self.spec.changes.on);
                let Some(first) = first else { return self.period_from(row, None) };
                let last = self.day_in(row, Field::End)?.unwrap_or(whole.last());
                self.period(row, first, last)
            }
            Some(Action::Join) => self.cover(row),
            _ => {
                let start = self.day_in(row, Field::Start)?;
                self.period_from(row, from.or(start))
            }
        }
    }

    /// The days from a day, or from that of the whole list, to the last day of the contract.
    fn period_from(&mut self, row: &(impl Row + ?Sized), day: Option<Date>) -> Option<Period> {
        let Some(first) = day.or(self.spec.changes.on) else {
            self.report(Code::BadCoverDates, row, Field::ChangeDay, Message::new("change-day-missing"));
            return None;
        };
        self.period(row, first, self.spec.period.last())
    }

    fn period(&mut self, row: &(impl Row + ?Sized), first: Date, last: Date) -> Option<Period> {
        let whole = self.spec.period;
        let period = Period::new(first, last).filter(|_| whole.contains(first) && whole.contains(last));
        if period.is_none() {
            let message = Message::new("cover-dates-outside").with("start", format_day(whole.first()));
            self.report(Code::BadCoverDates, row, Field::ChangeDay, message.with("end", format_day(whole.last())));
        }
        period
    }

    /// The first day without cover by the day of detachment, which has two readings until the contract names one.
    #[expect(clippy::option_option, reason = "the outer is whether the day is readable")]
    fn detached(&mut self, row: &(impl Row + ?Sized)) -> Option<Option<Date>> {
        let Some(day) = self.day_in(row, Field::DetachDay)? else { return Some(None) };
        match self.spec.changes.detach_day {
            Some(DetachDay::Last) => Some(day.tomorrow().ok()),
            Some(DetachDay::FirstWithoutCover) => Some(Some(day)),
            None => {
                let before = day.yesterday().unwrap_or(day);
                let message = Message::new("detach-day-open")
                    .with("heading", self.detach_heading.as_str())
                    .with("last", format_day(day))
                    .with("first", format_day(before));
                self.report(Code::BadCoverDates, row, Field::DetachDay, message);
                None
            }
        }
    }

    /// The day in a cell; an inner `None` where it is empty, and an outer one where it is unreadable.
    #[expect(clippy::option_option, reason = "the outer is whether the cell is readable")]
    fn day_in(&mut self, row: &(impl Row + ?Sized), field: Field) -> Option<Option<Date>> {
        let cell = self.columns.cell(row, field);
        match self.day(row, field) {
            Ok(found) => Some(found.map(|found| found.date)),
            Err(fault) => {
                let message = formula_fault(cell).unwrap_or_else(|| date_fault(fault));
                self.report(Code::BadCoverDates, row, field, message);
                None
            }
        }
    }

    /// Reads a title of a list of changes, or the headings of a further table; whether the row is one.
    pub(super) fn read_title(&mut self, row: &(impl Row + ?Sized)) -> bool {
        let filled: Vec<usize> = (0..row.width()).filter(|column| !row.cell(*column).is_empty()).collect();
        let texts = || filled.iter().map(|column| row.cell(*column));
        if !texts().all(|cell| matches!(cell, Cell::Text(_))) {
            return false;
        }
        let is_title = filled.len() == 1 || row.number() < self.header_row;
        if is_title && let Some(action) = texts().find_map(|cell| value::section_action(&cell.display())) {
            self.section = Some(action);
            return true;
        }
        if row.number() <= self.header_row || filled.len() < 2 {
            return false;
        }
        let headings: Vec<String> = (0..row.width()).map(|column| row.cell(column).display()).collect();
        let table = self.spec.table();
        let layout = Layout::of_row(row.number(), headings, &table);
        let is_table = layout.is_complete(&table) && layout.fields() == filled.len();
        if is_table {
            self.columns = Columns::new(&layout);
            self.judge = RowJudge::new(&layout, self.columns.name.first(), self.columns.get(Field::BirthDate));
            self.detach_heading = detach_heading(&layout);
        }
        is_table
    }
}
