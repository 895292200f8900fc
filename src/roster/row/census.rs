//! A row of a census → so many insured without a name, and everything that is wrong with it.

use crate::base::diagnostic::{Code, Severity};
use crate::base::messages::Message;
use crate::roster::insured::Person;
use crate::roster::row::RowReader;
use crate::roster::row::messages::{formula_fault, shown_code};
use crate::table::cell::{Cell, Row};
use crate::table::limits::MAX_CENSUS;
use crate::table::skip::{Skip, is_total};
use crate::table::value;
use crate::table::value::Ages;

impl RowReader<'_> {
    /// Reads the next row of a census; rows that count nobody are passed over.
    ///
    /// A row with an error counts as one that is rejected, whatever number it gives.
    pub(crate) fn group(&mut self, row: &(impl Row + ?Sized)) {
        if let Some(reason) = self.counts_nobody(row) {
            if reason != Skip::Blank {
                self.read.skipped.push((row.number(), reason));
            }
            return;
        }
        let faults_before = self.read.diagnostics.len();
        let ages = self.ages(row);
        let risk_group = self.risk_group(row);
        let plan = self.plan(row);
        let count = self.count(row);
        let rejected =
            self.read.diagnostics[faults_before..].iter().any(|found| found.code.severity() == Severity::Error);
        let person = Person {
            row: row.number(),
            risk_group,
            plan,
            cover: Some(self.wanted.period),
            ages,
            rejected,
            ..Person::default()
        };
        for _ in 0..if rejected { 1 } else { count } {
            self.read.insured.push(self.sheet, &person);
        }
        self.room = self.room.saturating_sub(count);
    }

    /// Why a row counts nobody: nothing of it is filled in, it is a sum, or it counts none.
    fn counts_nobody(&self, row: &(impl Row + ?Sized)) -> Option<Skip> {
        let Some(first) = (0..row.width()).find(|column| !row.cell(*column).is_empty()) else {
            return Some(Skip::Blank);
        };
        if let Cell::Text(text) = row.cell(first)
            && is_total(text)
        {
            return Some(Skip::Total);
        }
        let at = |column: Option<usize>| column.map_or(Cell::Empty, |column| row.cell(column));
        let (age, count) = (at(self.columns.age), at(self.columns.insured));
        let is_unfilled = age.is_empty() && count.is_empty() || value::count(count) == Ok(Some(0));
        is_unfilled.then_some(Skip::Unfilled)
    }

    fn ages(&mut self, row: &(impl Row + ?Sized)) -> Option<Ages> {
        let column = self.columns.age?;
        let cell = row.cell(column);
        let (code, message) = match value::ages(cell) {
            Ok(Some(ages)) => return Some(ages),
            Ok(None) => (Code::MissingAge, Message::new("missing-age")),
            Err(()) => (Code::BadAge, formula_fault(cell).unwrap_or(Message::new("bad-age"))),
        };
        self.say(code, row.number(), Some(column), shown_code(&cell.shown(), []), message);
        None
    }

    /// How many insured the row counts; 0 where that is not known.
    fn count(&mut self, row: &(impl Row + ?Sized)) -> usize {
        let Some(column) = self.columns.insured else { return 0 };
        let cell = row.cell(column);
        let (code, message) = match value::count(cell) {
            Ok(Some(count)) => match usize::try_from(count) {
                Ok(count) if count <= self.room => return count,
                _ => (Code::BadCount, Message::new("census-too-large").with("limit", MAX_CENSUS)),
            },
            Ok(None) => (Code::MissingCount, Message::new("missing-count")),
            Err(()) => (Code::BadCount, formula_fault(cell).unwrap_or(Message::new("bad-count"))),
        };
        self.say(code, row.number(), Some(column), shown_code(&cell.shown(), []), message);
        0
    }
}
