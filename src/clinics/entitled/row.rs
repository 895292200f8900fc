//! The rows of a list of the entitled, with the diagnostics of each.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::base::diagnostic::{Code, Diagnostic, Place, masked};
use crate::base::messages::Message;
use crate::clinics::loyalty::DiscountEligibility;
use crate::roster::field::HEADINGS;
use crate::roster::value::{Relation, relation};
use crate::table::cell::{Cell, Epoch, Row};
use crate::table::cell_faults::{date_fault, formula_fault};
use crate::table::dictionary::Dictionary;
use crate::table::field::{FieldSpec, fields};
use crate::table::layout::SplitColumns;
use crate::table::other_columns::OtherColumns;
use crate::table::skip::{RowJudge, Skip};
use crate::table::spare_columns::SpareColumns;
use crate::table::spec::{Need, SheetChoice, SplitField, TableMessages, TableSpec};
use crate::table::tables::SheetToRead;
use crate::table::text::has_control;
use crate::table::value;

fields! {
    /// What a column of a list of the entitled holds.
    pub enum Field {
        Name = "name", Text, Personal, One, "surname, given name and patronymic in one";
        Surname = "surname", Text, Personal, One, "the surname alone";
        GivenName = "given_name", Text, Personal, One, "the given name alone";
        Patronymic = "patronymic", Text, Personal, One, "the patronymic alone";
        BirthDate = "birth_date", Date, Personal, One, "the day of birth";
        Relation = "relation", Word, Open, One, "employee, husband, wife, son or daughter";
        Related = "related", Text, Personal, One, "the employee to which the relation is";
        Employer = "employer", Text, Open, One, "the legal entity";
        Start = "start", Date, Open, One, "the first day of the right";
        End = "end", Date, Open, One, "the last day of the right";
    }
}

static FULL_NAME: SplitField = SplitField {
    whole: Field::Name.spec(),
    parts: [Field::Surname.spec(), Field::GivenName.spec(), Field::Patronymic.spec()],
    second_beside_first: &["Name"],
};

static ENTITLED: LazyLock<Dictionary> = LazyLock::new(|| {
    let fields = Field::ALL.iter().map(|field| field.spec());
    Dictionary::parse(fields, &[include_str!("../entitled.toml"), HEADINGS])
});

static MESSAGES: TableMessages = TableMessages {
    missing_column: "entitled-missing-column",
    missing_column_near: "entitled-missing-column",
    missing_column_named: "entitled-missing-column",
    ambiguous_column: "entitled-ambiguous-column",
    unknown_column: "entitled-unknown-column",
    unclaimed_column: "entitled-unclaimed-column",
    text_without_table: "entitled-without-table",
    workbook_without_table: "entitled-without-table",
    sheet_without_table: "entitled-without-table",
    sheet_missing: "entitled-without-table",
    several_sheets: "entitled-without-table",
};

/// How a list of the entitled is found and what it has to hold.
pub fn table_spec(ignored: &[String]) -> TableSpec {
    const TELLING: &[&FieldSpec] = &[Field::Relation.spec(), Field::BirthDate.spec()];
    const NAME: Need = &[&[Field::Surname.spec(), Field::GivenName.spec()], &[Field::Name.spec()]];
    const BIRTH_DATE: Need = &[&[Field::BirthDate.spec()]];
    const RELATION: Need = &[&[Field::Relation.spec()]];
    const EMPLOYER: Need = &[&[Field::Employer.spec()]];
    const START: Need = &[&[Field::Start.spec()]];
    const END: Need = &[&[Field::End.spec()]];
    TableSpec {
        dictionary: &ENTITLED,
        own_headings: Vec::new(),
        own_headings_needed: false,
        ignored: ignored.to_vec(),
        ignored_sheets: Vec::new(),
        all_sheets_count: false,
        holds_insured: false,
        telling: TELLING,
        needs: vec![NAME, BIRTH_DATE, RELATION, EMPLOYER, START, END],
        split: Some(&FULL_NAME),
        sheet: SheetChoice::TheOne,
        messages: &MESSAGES,
    }
}

/// An employee of a legal entity with a service contract, or next of kin without insurance of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitled {
    /// Surname, given name, patronymic, as written.
    pub name: String,
    /// The day of birth.
    pub birth_date: Date,
    /// The right that the relation gives.
    pub right: DiscountEligibility,
    /// The employee to which the relation is; empty for an employee.
    pub related: String,
    /// The legal entity.
    pub employer: String,
    /// The first and the last day of the right.
    pub days: Period,
}

/// Reads the rows of one sheet.
pub struct RowReader {
    name: SplitColumns,
    /// Birth date, relation, related employee, employer, first and last day.
    columns: [Option<usize>; 6],
    judge: RowJudge,
    header_row: u32,
    sheet: u16,
    epoch: Epoch,
    /// The columns that hold no field.
    other_columns: OtherColumns,
    /// The cells of columns that hold no field.
    pub spare: SpareColumns,
    /// The numbers of all rows of data.
    pub read: Vec<u32>,
    /// The rows that give a right.
    pub entitled: Vec<Entitled>,
    /// The diagnostics of the others.
    pub diagnostics: Vec<Diagnostic>,
    /// The numbers of the rows without data, and why they were skipped.
    pub skipped: Vec<(u32, Skip)>,
}

impl RowReader {
    /// A reader for a sheet whose columns are known.
    pub fn new(sheet: SheetToRead<'_>, epoch: Epoch) -> Self {
        let layout = sheet.layout;
        let fields = [Field::BirthDate, Field::Relation, Field::Related, Field::Employer, Field::Start, Field::End];
        let name = layout.split_columns(&FULL_NAME);
        Self {
            name,
            columns: fields.map(|field| layout.column(field)),
            judge: RowJudge::new(layout, name.first(), layout.column(Field::BirthDate)),
            header_row: layout.header_row,
            sheet: sheet.number,
            epoch,
            other_columns: OtherColumns::new(layout),
            spare: SpareColumns::default(),
            read: Vec::new(),
            entitled: Vec::new(),
            diagnostics: Vec::new(),
            skipped: Vec::new(),
        }
    }

    /// Reads the next row of the sheet; skips rows above the table and rows without data.
    pub fn read_row(&mut self, row: &dyn Row) {
        if row.number() <= self.header_row {
            return;
        }
        match self.judge.skip_reason(row) {
            Some(Skip::Blank) => return,
            Some(reason) => return self.skipped.push((row.number(), reason)),
            None => {}
        }
        self.read.push(row.number());
        self.spare.read(row, &self.other_columns, &|_| None);
        let [birth_date, relation, related, employer, start, end] = self.columns;
        let name = text(row, self.name.iter());
        if name.is_empty() {
            self.report(row, Code::MissingName, self.name.first(), Message::new("entitled-name"));
        }
        let control = self.name.iter().find(|at| matches!(row.cell(*at), Cell::Text(text) if has_control(text)));
        if control.is_some() {
            self.report(row, Code::ControlCharacter, control, Message::new("control-character"));
        }
        let birth_date = self.day(row, birth_date, Code::BadBirthDate);
        let right = self.right(row, relation);
        let (first, last) = (self.day(row, start, Code::BadCoverDates), self.day(row, end, Code::BadCoverDates));
        let days = first.zip(last).and_then(|(first, last)| {
            let days = Period::new(first, last);
            if days.is_none() {
                self.report(row, Code::BadCoverDates, end, Message::new("entitled-days"));
            }
            days
        });
        let [related, employer] = [related, employer].map(|column| text(row, column));
        let (Some(birth_date), Some(right), Some(days)) = (birth_date, right, days) else { return };
        if !name.is_empty() {
            self.entitled.push(Entitled { name, birth_date, right, related, employer, days });
        }
    }

    fn report(&mut self, row: &dyn Row, code: Code, column: Option<usize>, message: Message) {
        let value = column.map(|column| masked(&row.cell(column).display())).unwrap_or_default();
        let column = column.and_then(|column| u32::try_from(column).ok());
        let place = Place { sheet: self.sheet, row: row.number(), column };
        self.diagnostics.push(Diagnostic { code, place, value, message });
    }

    /// The day in a cell; `None`, reported, if it has none.
    fn day(&mut self, row: &dyn Row, column: Option<usize>, code: Code) -> Option<Date> {
        let cell = column.map_or(Cell::Empty, |column| row.cell(column));
        match value::day(cell, self.epoch) {
            Ok(Some(day)) => return Some(day.date),
            Ok(None) => self.report(row, code, column, Message::new("entitled-day")),
            Err(fault) => self.report(row, code, column, formula_fault(cell).unwrap_or_else(|| date_fault(fault))),
        }
        None
    }

    /// The right of a relation; `None`, reported, if it gives none.
    fn right(&mut self, row: &dyn Row, column: Option<usize>) -> Option<DiscountEligibility> {
        let right = match relation(column.map_or(Cell::Empty, |column| row.cell(column))) {
            Some(Relation::Employee) => Some(DiscountEligibility::ServiceContract),
            Some(Relation::Spouse | Relation::Child) => Some(DiscountEligibility::NextOfKin),
            Some(Relation::Parent | Relation::Other | Relation::Unknown) | None => None,
        };
        if right.is_none() {
            self.report(row, Code::UnknownRelation, column, Message::new("entitled-relation"));
        }
        right
    }
}

/// The texts of the columns, joined by spaces.
fn text(row: &dyn Row, columns: impl IntoIterator<Item = usize>) -> String {
    let cells = columns.into_iter().map(|column| row.cell(column)).filter(|cell| formula_fault(*cell).is_none());
    cells.filter(|cell| !cell.is_empty()).map(|cell| cell.display()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::dictionary::assert_sound;

    #[test]
    fn the_dictionary_gives_each_heading_one_meaning() {
        let names: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
        assert_sound(include_str!("../entitled.toml"), &names);
    }
}
