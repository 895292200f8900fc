//! What a clinic's table is read for.

use crate::clinics::register::field::{CLINICS, FULL_NAME, Field, REQUESTS};
use crate::table::field::FieldSpec;
use crate::table::spec::{Need, SheetChoice, TableMessages, TableSpec};
use crate::table::value::DateOrder;

/// What a row of a clinic's table stands for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A service that a clinic has done: a clinic register.
    #[default]
    Services,
    /// A service for which a guarantee letter is requested.
    Requests,
    /// A service about which a clinic's desk asks.
    Questions,
}

/// How a clinic writes its tables.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct ClinicTables {
    /// The clinic's own headings for fields.
    pub headings: Vec<(Field, String)>,
    /// The headings of columns that are to be ignored.
    pub ignored: Vec<String>,
    /// The names of sheets that are to be ignored.
    pub ignored_sheets: Vec<String>,
    /// The order of day and month; none where headings and cells decide.
    pub date_order: Option<DateOrder>,
}

/// How a clinic's table is read.
#[derive(Debug, Clone)]
pub struct RegisterSpec {
    /// What a row stands for.
    pub rows: RowKind,
    /// The order of day and month; none where headings and cells decide.
    pub date_order: Option<DateOrder>,
    /// How the table is found and what it has to hold.
    pub table: TableSpec,
}

const DAY: Need = &[&[Field::Day.spec()]];
const PRICE: Need = &[&[Field::Price.spec()], &[Field::Amount.spec()]];
/// A policy identifies an insured without a name and a birth date.
const NAME_OR_ID: Need =
    &[&[Field::Id.spec()], &[Field::Surname.spec(), Field::GivenName.spec()], &[Field::Name.spec()]];
const BIRTH_DATE_OR_ID: Need = &[&[Field::Id.spec()], &[Field::BirthDate.spec()]];

static MESSAGES: TableMessages = TableMessages {
    missing_column: "clinic-missing-column",
    missing_column_near: "clinic-missing-column-near",
    missing_column_named: "clinic-missing-column-named",
    ambiguous_column: "clinic-ambiguous-column",
    unknown_column: "clinic-unknown-column",
    unclaimed_column: "clinic-unclaimed-column",
    text_without_table: "register-without-table",
    workbook_without_table: "register-without-table",
    sheet_without_table: "register-without-table",
    sheet_missing: "register-sheet-missing",
    several_sheets: "register-several-sheets",
};

impl RegisterSpec {
    /// The reading of a clinic's table.
    #[must_use]
    pub fn new(rows: RowKind, clinic: &ClinicTables, sheet: SheetChoice) -> Self {
        const TELLING: &[&FieldSpec] = &[Field::Service.spec(), Field::ServiceCode.spec()];
        let mut needs = if rows == RowKind::Services { vec![DAY, PRICE] } else { Vec::new() };
        needs.extend([NAME_OR_ID, BIRTH_DATE_OR_ID]);
        let table = TableSpec {
            dictionary: if rows == RowKind::Requests { &REQUESTS } else { &CLINICS },
            own_headings: clinic.headings.iter().map(|(field, heading)| (field.spec(), heading.clone())).collect(),
            own_headings_needed: true,
            ignored: clinic.ignored.clone(),
            ignored_sheets: clinic.ignored_sheets.clone(),
            all_sheets_count: true,
            holds_insured: false,
            telling: TELLING,
            needs,
            split: Some(&FULL_NAME),
            sheet,
            messages: &MESSAGES,
        };
        Self { rows, date_order: clinic.date_order, table }
    }
}
