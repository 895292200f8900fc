//! Titles of a list of changes, and the headings of its further tables.

use crate::base::diagnostic::{Code, Diagnostic, Place};
use crate::base::messages::Message;
use crate::roster::contacts::TextReader;
use crate::roster::field::Field;
use crate::roster::row::columns::Columns;
use crate::roster::row::{RowReader, detach_heading};
use crate::roster::value::section_title;
use crate::table::cell::{Cell, Row};
use crate::table::layout::Layout;
use crate::table::other_columns::OtherColumns;
use crate::table::skip::RowJudge;

impl RowReader<'_> {
    /// Reads a title of a list of changes, or the headings of a further table; whether the row is one.
    pub(super) fn read_title(&mut self, row: &(impl Row + ?Sized)) -> bool {
        let filled: Vec<usize> = (0..row.width()).filter(|column| !row.cell(*column).is_empty()).collect();
        let is_text = |column: &&usize| matches!(row.cell(**column), Cell::Text(_));
        let is_day = |column: &usize| matches!(row.cell(*column), Cell::Text(_) | Cell::Date(_) | Cell::Moment(_));
        let texts = filled.iter().filter(is_text).count();
        if texts == 0 || !filled.iter().all(is_day) {
            return false;
        }
        // above the table the day of a title may stand in a cell of its own
        if filled.len() == 1 || row.number() < self.header_row {
            let text = filled.iter().map(|column| row.cell(*column).display()).collect::<Vec<_>>().join(" ");
            let title = section_title(&text);
            if title.action.is_some() || title.is_about_changes {
                self.section.add(title, text, row.number());
                return true;
            }
        }
        row.number() > self.header_row && texts == filled.len() && filled.len() >= 2 && self.read_headings(row)
    }

    /// Reads the headings of a further table; whether the row is one of headings.
    fn read_headings(&mut self, row: &(impl Row + ?Sized)) -> bool {
        let headings: Vec<String> = (0..row.width()).map(|column| row.cell(column).display()).collect();
        let table = self.spec.table();
        let layout = Layout::of_row(row.number(), headings, &table);
        // a row of data has no headings of a name and of a birth date
        if !layout.is_complete(&table) || layout.fields() < 2 {
            return false;
        }
        for column in layout.unclaimed() {
            let heading = row.cell(column).display();
            let message = Message::new("further-table-column").with("heading", heading.as_str());
            let place = Place::cell(self.sheet, row.number(), u32::try_from(column).unwrap_or(u32::MAX));
            self.read.diagnostics.push(Diagnostic { code: Code::UnclaimedColumn, place, value: heading, message });
        }
        self.columns = Columns::new(&layout);
        self.judge = RowJudge::new(&layout, self.columns.name.first(), self.columns.get(Field::BirthDate));
        self.texts = TextReader::new(&layout, self.spec.contacts);
        self.detach_heading = detach_heading(&layout);
        // the columns of this table are reported above
        self.other_columns = OtherColumns::beyond(row.width());
        true
    }
}
