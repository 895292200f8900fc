//! The reader of the rows of a clinic's table, with the diagnostics of each.

mod amount;

use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::base::diagnostic::{Code, Diagnostic, Place, Severity, masked};
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::clinics::insured_index::InsuredQuery;
use crate::clinics::register::date_orders::{DateEvidence, DateOrders, day_columns};
use crate::clinics::register::field::{FULL_NAME, Field};
use crate::clinics::register::spec::RowKind;
use crate::clinics::register::title::{register_number, register_period};
use crate::table::cell::{Cell, Epoch, Row};
use crate::table::cell_faults::{date_fault, formula_fault};
use crate::table::layout::SplitColumns;
use crate::table::other_columns::OtherColumns;
use crate::table::skip::{RowJudge, Skip};
use crate::table::spare_columns::SpareColumns;
use crate::table::tables::SheetToRead;
use crate::table::text::{has_control, mixes_alphabets};
use crate::table::value;
use crate::table::value::{DateFault, day_of_event, signed_roubles};

/// A row of a clinic's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClinicRow {
    /// Index of the sheet in the register.
    pub sheet: u16,
    /// The row number, from 1.
    pub row: u32,
    /// The insured as the row states them.
    pub query: InsuredQuery,
    /// The clinic as written; may be empty.
    pub clinic: String,
    /// The day of the service, or of issue of a letter.
    pub day: Option<Date>,
    /// The code of the service as written; may be empty.
    pub service_code: String,
    /// The name of the service as written; may be empty.
    pub service: String,
    /// The number of times, at least 1.
    pub quantity: u32,
    /// Whether the row states the quantity.
    pub states_quantity: bool,
    /// The price of the whole quantity, not above zero where the row takes an earlier one back; `None` if the row states none, as in
    /// questions.
    pub amount: Option<Kopecks>,
    /// Whether the row takes an earlier one back: its quantity or its price is below zero, or a column marks it.
    pub takes_back: bool,
    /// The teeth, as written.
    pub teeth: String,
    /// The reason of the visit as written: a word or a code of the ICD-10; may be empty.
    pub visit_reason: String,
    /// Why a row of a clinic register cannot be judged (`I68`).
    pub unreadable: Option<Message>,
    /// The number of the letter to which a request adds, as written.
    pub supplements: String,
}

impl ClinicRow {
    /// The price of the row, zero if it states none.
    #[must_use]
    pub fn price(&self) -> Kopecks {
        self.amount.unwrap_or_default()
    }
}

/// The columns of the fields.
#[derive(Debug, Clone, Copy)]
struct Columns {
    name: SplitColumns,
    birth_date: Option<usize>,
    id: Option<usize>,
    clinic: Option<usize>,
    day: Option<usize>,
    service_code: Option<usize>,
    service: Option<usize>,
    quantity: Option<usize>,
    price: Option<usize>,
    amount: Option<usize>,
    supplements: Option<usize>,
    teeth: Option<usize>,
    visit_reason: Option<usize>,
    reversal: Option<usize>,
}

/// The rows of one sheet with their diagnostics.
#[derive(Debug, Default)]
pub struct RowsRead {
    /// The rows without an error; of a clinic register all rows.
    pub rows: Vec<ClinicRow>,
    /// The numbers of all rows of data, with and without errors.
    pub read: Vec<u32>,
    /// The diagnostics of the rows.
    pub diagnostics: Vec<Diagnostic>,
    /// The numbers of the rows without data, and why they were skipped.
    pub skipped: Vec<(u32, Skip)>,
    /// The number of the register, if a title above the table states it.
    pub number: Option<String>,
    /// The period of the register, if a title above the table states it.
    pub period: Option<Period>,
    /// The cells of columns that hold no field.
    pub spare: SpareColumns,
    /// What the days prove of their order of day and month.
    pub evidence: DateEvidence,
}

/// Reads the rows of one sheet.
pub struct RowReader {
    rows_of: RowKind,
    columns: Columns,
    judge: RowJudge,
    header_row: u32,
    sheet: u16,
    epoch: Epoch,
    orders: DateOrders,
    /// The columns that hold no field.
    other_columns: OtherColumns,
    read: RowsRead,
    /// The totals under the table: row, column, amount.
    totals: Vec<(u32, usize, Kopecks)>,
    /// The sum of the rows so far.
    sum: Kopecks,
}

impl RowReader {
    /// A reader for a sheet whose columns are known.
    pub fn new(sheet: SheetToRead<'_>, epoch: Epoch, rows_of: RowKind, orders: DateOrders) -> Self {
        let layout = sheet.layout;
        let column = |field: Field| layout.column(field);
        let [birth_date, day] = day_columns(layout, rows_of);
        let columns = Columns {
            name: layout.split_columns(&FULL_NAME),
            birth_date,
            id: column(Field::Id),
            clinic: column(Field::Clinic),
            day,
            service_code: column(Field::ServiceCode),
            service: column(Field::Service),
            quantity: column(Field::Quantity),
            price: column(Field::Price),
            amount: column(Field::Amount),
            supplements: column(Field::Supplements),
            teeth: column(Field::Teeth),
            visit_reason: column(Field::VisitReason),
            reversal: column(Field::Reversal),
        };
        let decisive = if rows_of == RowKind::Services { columns.day } else { columns.birth_date };
        Self {
            rows_of,
            judge: RowJudge::new(layout, columns.name.first().or(columns.id), decisive),
            columns,
            header_row: layout.header_row,
            sheet: sheet.number,
            epoch,
            orders,
            other_columns: OtherColumns::new(layout),
            read: RowsRead::default(),
            totals: Vec::new(),
            sum: Kopecks::ZERO,
        }
    }

    /// The rows read, after the total under the table has been compared with their sum.
    pub fn finish(mut self) -> RowsRead {
        // several totals are subtotals of unknown rows
        if let [(row, column, total)] = self.totals.as_slice() {
            let (row, column, total) = (*row, *column, *total);
            if total != self.sum {
                let message = Message::new("total-differs").with("total", total).with("sum", self.sum);
                self.report(Code::TotalDiffers, row, Some(column), total.to_string(), message);
            }
        }
        self.read
    }

    /// Reads the next row of the sheet; skips rows above the table and rows without data.
    pub fn read_row(&mut self, row: &dyn Row) {
        if row.number() <= self.header_row {
            if row.number() < self.header_row {
                let cells = || (0..row.width()).map(|column| row.cell(column));
                self.read.number = self.read.number.take().or_else(|| cells().find_map(register_number));
                self.read.period = self.read.period.or_else(|| cells().find_map(register_period));
            }
            return;
        }
        if let Some(reason) = self.judge.skip_reason(row) {
            if reason == Skip::Total {
                self.record_total(row);
            }
            if reason != Skip::Blank {
                self.read.skipped.push((row.number(), reason));
            }
            return;
        }
        self.read.read.push(row.number());
        self.read.spare.read(row, &self.other_columns, &|_| None);
        let before = self.read.diagnostics.len();
        let query = self.query(row);
        let day = self.day(row);
        let Columns { clinic, service_code, service, supplements, teeth, visit_reason, .. } = self.columns;
        let [clinic, service_code, service, supplements, teeth, visit_reason] =
            [clinic, service_code, service, supplements, teeth, visit_reason].map(|column| text(row, column));
        if service.is_empty() && service_code.is_empty() {
            let column = self.columns.service.or(self.columns.service_code);
            let fault = column.and_then(|column| formula_fault(row.cell(column)));
            let message = fault.unwrap_or(Message::new("missing-service"));
            self.report(Code::MissingService, row.number(), column, String::new(), message);
        }
        let quantity = self.quantity(row);
        let (amount, takes_back) = match self.rows_of {
            RowKind::Questions => (None, false),
            RowKind::Requests | RowKind::Services => self.amount(row, quantity),
        };
        let mut errors =
            self.read.diagnostics[before..].iter().filter(|found| found.code.severity() == Severity::Error);
        let unreadable = errors.next().map(|found| found.message.clone());
        if unreadable.is_none() || self.rows_of == RowKind::Services {
            self.sum += amount.unwrap_or_default();
            self.read.rows.push(ClinicRow {
                sheet: self.sheet,
                row: row.number(),
                query,
                clinic,
                day,
                service_code,
                service,
                quantity: quantity.map_or(1, i64::unsigned_abs).try_into().unwrap_or(1),
                states_quantity: self.columns.quantity.is_some_and(|column| !row.cell(column).is_empty()),
                amount,
                takes_back,
                supplements,
                teeth,
                visit_reason,
                unreadable,
            });
        }
    }

    fn report(&mut self, code: Code, row: u32, column: Option<usize>, value: String, message: Message) {
        let column = column.and_then(|column| u32::try_from(column).ok());
        let place = Place { sheet: self.sheet, row, column };
        self.read.diagnostics.push(Diagnostic { code, place, value, message });
    }

    fn record_total(&mut self, row: &dyn Row) {
        let Some(column) = self.columns.amount.or(self.columns.price) else { return };
        if let Some(total) = signed_roubles(row.cell(column)) {
            self.totals.push((row.number(), column, total));
        }
    }

    /// The insured: a policy number, or a name and a birth date.
    fn query(&mut self, row: &dyn Row) -> InsuredQuery {
        let policy = self.policy(row);
        let name = self.name(row);
        let birth_date = match self.columns.birth_date {
            None => None,
            Some(column) => self.date(row, column, Code::BadBirthDate),
        };
        if policy.is_empty() {
            if name.is_empty() {
                let message = Message::new("missing-patient");
                self.report(Code::MissingName, row.number(), self.columns.name.first(), String::new(), message);
            }
            let blank = self.columns.birth_date.is_none_or(|column| row.cell(column).is_empty());
            if blank {
                let message = Message::new("missing-patient-birth-date");
                self.report(Code::MissingBirthDate, row.number(), self.columns.birth_date, String::new(), message);
            }
        }
        InsuredQuery { policy, name, birth_date }
    }

    /// Reports a name or a number with a control character.
    fn refuse_controls(&mut self, row: &dyn Row, column: usize) {
        let cell = row.cell(column);
        if matches!(cell, Cell::Text(text) if has_control(text)) {
            let message = Message::new("control-character");
            self.report(Code::ControlCharacter, row.number(), Some(column), masked(&cell.display()), message);
        }
    }

    /// The policy number; empty if missing or damaged.
    fn policy(&mut self, row: &dyn Row) -> String {
        let Some(column) = self.columns.id else { return String::new() };
        let cell = row.cell(column);
        self.refuse_controls(row, column);
        let rounded = cell.is_rounded().then(|| Message::new("id-rounded"));
        if let Some(message) = rounded.or_else(|| formula_fault(cell)) {
            self.report(Code::BadId, row.number(), Some(column), masked(&cell.display()), message);
            return String::new();
        }
        text(row, Some(column))
    }

    fn name(&mut self, row: &dyn Row) -> String {
        let mut name = String::new();
        for column in self.columns.name.iter() {
            let cell = row.cell(column);
            if let Some(message) = formula_fault(cell) {
                self.report(Code::MissingName, row.number(), Some(column), String::new(), message);
            }
            self.refuse_controls(row, column);
            if !name.is_empty() && !cell.is_empty() {
                name.push(' ');
            }
            cell.append_to(&mut name);
        }
        if mixes_alphabets(&name) {
            let message = Message::new("mixed-alphabet");
            self.report(Code::MixedAlphabet, row.number(), self.columns.name.first(), masked(&name), message);
        }
        name
    }

    /// The day in a cell, in the order of its column; `None` if the cell is empty or unreadable. The time of a service or a letter does not
    /// count, unless it is the midnight of another zone.
    fn date(&mut self, row: &dyn Row, column: usize, code: Code) -> Option<Date> {
        let place = usize::from(code == Code::BadDay);
        let cell = row.cell(column);
        let order = self.orders.order(place);
        let read = match code {
            Code::BadDay if !self.orders.are_shifted() => {
                self.read.evidence.times.record(cell, self.epoch);
                day_of_event(cell, self.epoch, order)
            }
            _ => value::day_in_order(cell, self.epoch, order),
        };
        self.read.evidence.columns[place].record(row.number(), cell, order, read);
        match read {
            Ok(None) => None,
            Ok(Some(day)) => {
                if day.from_serial {
                    let message = Message::new("excel-serial-date");
                    self.report(Code::ExcelSerialDate, row.number(), Some(column), masked(&cell.display()), message);
                }
                Some(day.date)
            }
            Err(fault) => {
                let (code, message) = match fault {
                    DateFault::OrderUnknown => (Code::DateOrder, Message::new("clinic-date-order")),
                    DateFault::TimeOfDay => (Code::TimeOfDay, date_fault(fault)),
                    _ => (code, formula_fault(cell).unwrap_or_else(|| date_fault(fault))),
                };
                self.report(code, row.number(), Some(column), masked(&cell.display()), message);
                None
            }
        }
    }

    fn day(&mut self, row: &dyn Row) -> Option<Date> {
        let column = self.columns.day?;
        if row.cell(column).is_empty() && self.rows_of == RowKind::Services {
            self.report(Code::MissingDay, row.number(), Some(column), String::new(), Message::new("missing-day"));
        }
        self.date(row, column, Code::BadDay)
    }
}

fn text(row: &dyn Row, column: Option<usize>) -> String {
    let mut text = String::new();
    if let Some(column) = column {
        row.cell(column).append_to(&mut text);
    }
    text
}
