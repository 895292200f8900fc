//! Reads a row of a census into as many insured without a name as it counts, with a diagnostic for every fault.

use crate::base::diagnostic::Code;
use crate::base::messages::Message;
use crate::roster::field::Field;
use crate::roster::insured::InsuredRow;
use crate::roster::row::RowReader;
use crate::roster::spec::MAX_CENSUS;
use crate::table::cell::{Cell, Row};
use crate::table::cell_faults::formula_fault;
use crate::table::phrase::is_total;
use crate::table::skip::Skip;
use crate::table::value::{Ages, ages, count};

impl RowReader<'_> {
    /// Reads a row of a census into the insured that it counts; into one rejected insured where the row has an error, whatever number it
    /// gives.
    pub(super) fn read_census_row(&mut self, row: &(impl Row + ?Sized)) {
        let diagnostics_before = self.read.diagnostics.len();
        self.name.clear();
        self.refuse_person(row);
        let (ages, risk_group, plan) = (self.ages(row), self.risk_group(row), self.plan(row));
        let insured = InsuredRow {
            row: row.number(),
            ages,
            risk_group,
            plan,
            sum_insured: self.sum_insured(row, plan),
            cover: self.cover(row),
            sex: self.sex(row),
            relation: self.relation(row),
            ..InsuredRow::default()
        };
        let count = self.count(row);
        let insured = InsuredRow { rejected: self.has_error_since(diagnostics_before), ..insured };
        for _ in 0..if insured.rejected { 1 } else { count } {
            self.read.insured.push(self.sheet, &insured);
        }
        self.census_left = self.census_left.saturating_sub(count);
    }

    /// Reports a row that is about a person: a census has no names, and what stands there would be lost.
    fn refuse_person(&mut self, row: &(impl Row + ?Sized)) {
        const OF_A_PERSON: [Field; 8] = [
            Field::Name,
            Field::Surname,
            Field::GivenName,
            Field::Patronymic,
            Field::BirthDate,
            Field::Id,
            Field::PersonnelNumber,
            Field::PolicyNumber,
        ];
        let is_filled = |field: &Field| !self.columns.cell(row, *field).is_empty();
        if let Some(field) = OF_A_PERSON.into_iter().find(is_filled) {
            self.report(Code::UnclaimedColumn, row, field, Message::new("census-of-people"));
        }
    }

    /// Why a row of a census is passed over: it is blank, a total, has neither age nor number, or its number is 0.
    pub(super) fn census_skip_reason(&self, row: &(impl Row + ?Sized)) -> Option<Skip> {
        let Some(first) = (0..row.width()).find(|column| !row.cell(*column).is_empty()) else {
            return Some(Skip::Blank);
        };
        if let Cell::Text(text) = row.cell(first)
            && is_total(text)
        {
            return Some(Skip::Total);
        }
        let (ages, insured) = (self.columns.cell(row, Field::Age), self.columns.cell(row, Field::Insured));
        let is_unfilled = ages.is_empty() && insured.is_empty() || count(insured) == Ok(Some(0));
        is_unfilled.then_some(Skip::Unfilled)
    }

    fn ages(&mut self, row: &(impl Row + ?Sized)) -> Option<Ages> {
        let cell = self.columns.cell(row, Field::Age);
        let (code, message) = match ages(cell) {
            Ok(Some(ages)) => return Some(ages),
            Ok(None) => (Code::MissingAge, Message::new("missing-age")),
            Err(()) => (Code::BadAge, formula_fault(cell).unwrap_or(Message::new("bad-age"))),
        };
        self.report(code, row, Field::Age, message);
        None
    }

    /// The number of insured that the row counts; 0 where it is unknown.
    fn count(&mut self, row: &(impl Row + ?Sized)) -> usize {
        let cell = self.columns.cell(row, Field::Insured);
        let (code, message) = match count(cell) {
            Ok(Some(count)) => match usize::try_from(count) {
                Ok(count) if count <= self.census_left => return count,
                _ => (Code::BadCount, Message::new("census-too-large").with("limit", MAX_CENSUS)),
            },
            Ok(None) => (Code::MissingCount, Message::new("missing-count")),
            Err(()) => (Code::BadCount, formula_fault(cell).unwrap_or(Message::new("bad-count"))),
        };
        self.report(code, row, Field::Insured, message);
        0
    }
}
