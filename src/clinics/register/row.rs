//! A row of cells → a row of a clinic's table, and everything that is wrong with it.

use jiff::civil::Date;

use crate::base::diagnostic::{Code, Diagnostic, Place, Severity, masked};
use crate::base::messages::Message;
use crate::base::money::{Kopecks, MAX_SUM_INSURED};
use crate::clinics::finder::Asked;
use crate::clinics::register::ClinicRow;
use crate::roster::field::Field;
use crate::roster::row::columns::{Columns, NameColumns};
use crate::roster::row::messages::{append_text, date_fault, formula_fault, is_rounded, shown_code};
use crate::roster::spec::RowKind;
use crate::table::cell::{Cell, Epoch, Row};
use crate::table::layout::Layout;
use crate::table::skip::{Skip, skip};
use crate::table::text::mixes_alphabets;
use crate::table::value;

/// No service is done more often in one row.
const MAX_QUANTITY: u32 = 10_000;

/// Where in a row the fields are that only the tables of clinics have.
#[derive(Debug, Clone, Copy)]
struct ClinicColumns {
    clinic: Option<usize>,
    day: Option<usize>,
    service_code: Option<usize>,
    service: Option<usize>,
    quantity: Option<usize>,
    price: Option<usize>,
    amount: Option<usize>,
    supplements: Option<usize>,
}

/// What was read of the rows of one sheet.
#[derive(Debug, Default)]
pub struct RowsRead {
    /// The rows without an error.
    pub rows: Vec<ClinicRow>,
    /// The numbers of all rows of data.
    pub read: Vec<u32>,
    /// What is wrong with them.
    pub diagnostics: Vec<Diagnostic>,
    /// Rows that hold no data.
    pub skipped: Vec<(u32, Skip)>,
}

/// Reads the rows of one sheet.
pub struct RowReader {
    rows_of: RowKind,
    people: Columns,
    columns: ClinicColumns,
    /// The columns of all fields.
    fields: Vec<usize>,
    header_row: u32,
    sheet: u16,
    epoch: Epoch,
    read: RowsRead,
    /// The sums under the table that were met, with the sum of the rows before them.
    totals: Vec<(u32, usize, Kopecks)>,
    sum: Kopecks,
}

impl RowReader {
    /// A reader of the rows of a sheet whose columns are known.
    pub fn new(layout: &Layout, sheet: u16, epoch: Epoch, rows_of: RowKind) -> Self {
        let column = |field| layout.column(field);
        // a request says when its letter is to be issued; where it says only a day, that one is meant
        let day = if rows_of == RowKind::Requests {
            column(Field::Issued).or(column(Field::Day))
        } else {
            column(Field::Day)
        };
        Self {
            rows_of,
            people: Columns::new(layout),
            columns: ClinicColumns {
                clinic: column(Field::Clinic),
                day,
                service_code: column(Field::ServiceCode),
                service: column(Field::Service),
                quantity: column(Field::Quantity),
                price: column(Field::Price),
                amount: column(Field::Amount),
                supplements: column(Field::Supplements),
            },
            fields: layout.columns().map(|(_, column)| column).collect(),
            header_row: layout.header_row,
            sheet,
            epoch,
            read: RowsRead::default(),
            totals: Vec::new(),
            sum: Kopecks::ZERO,
        }
    }

    /// Everything that was read.
    pub fn finish(mut self) -> RowsRead {
        // of several sums nobody knows which rows they are of
        if let ([(row, column, total)], true) = (self.totals.as_slice(), self.is_clean()) {
            let (row, column, total) = (*row, *column, *total);
            if total != self.sum {
                let message = Message::new("total-differs").with("total", total).with("sum", self.sum);
                self.say(Code::TotalDiffers, row, Some(column), total.to_string(), message);
            }
        }
        self.read
    }

    fn is_clean(&self) -> bool {
        self.read.diagnostics.iter().all(|found| found.code.severity() != Severity::Error)
    }

    /// Reads the next row of the sheet; rows above the table and rows without data are passed over.
    pub fn row(&mut self, row: &dyn Row) {
        if row.number() <= self.header_row {
            return;
        }
        let name = self.people.name.first().or(self.people.id);
        let telling = if self.rows_of == RowKind::Services { self.columns.day } else { self.people.birth_date };
        if let Some(reason) = skip(row, name, telling, &self.fields) {
            if reason == Skip::Total {
                self.take_total(row);
            }
            if reason != Skip::Blank {
                self.read.skipped.push((row.number(), reason));
            }
            return;
        }
        self.read.read.push(row.number());
        let before = self.read.diagnostics.len();
        let asked = self.asked(row);
        let day = self.day(row);
        let [clinic, service_code, service, supplements] =
            [self.columns.clinic, self.columns.service_code, self.columns.service, self.columns.supplements]
                .map(|column| text(row, column));
        if service.is_empty() && service_code.is_empty() {
            let column = self.columns.service.or(self.columns.service_code);
            let fault = column.and_then(|column| formula_fault(row.cell(column)));
            let message = fault.unwrap_or(Message::new("missing-service"));
            self.say(Code::MissingService, row.number(), column, String::new(), message);
        }
        let quantity = self.quantity(row);
        let amount = if self.rows_of == RowKind::Services { self.amount(row, quantity) } else { Some(Kopecks::ZERO) };
        let is_sound = self.read.diagnostics[before..].iter().all(|found| found.code.severity() != Severity::Error);
        if let (true, Some(quantity), Some(amount)) = (is_sound, quantity, amount) {
            self.sum += amount;
            self.read.rows.push(ClinicRow {
                sheet: self.sheet,
                row: row.number(),
                asked,
                clinic,
                day,
                service_code,
                service,
                quantity,
                amount,
                supplements,
            });
        }
    }

    fn say(&mut self, code: Code, row: u32, column: Option<usize>, value: String, message: Message) {
        let column = column.and_then(|column| u32::try_from(column).ok());
        let place = Place { sheet: self.sheet, row, column };
        self.read.diagnostics.push(Diagnostic { code, place, value, message });
    }

    fn take_total(&mut self, row: &dyn Row) {
        let Some(column) = self.columns.amount.or(self.columns.price) else { return };
        if let Ok(Some(total)) = value::price(row.cell(column)) {
            self.totals.push((row.number(), column, total));
        }
    }

    /// Who is meant: a policy number, or a name and a birth date.
    fn asked(&mut self, row: &dyn Row) -> Asked {
        let policy = self.policy(row);
        let name = self.name(row);
        let birth_date = match self.people.birth_date {
            None => None,
            Some(column) => self.date(row, column, Code::BadBirthDate),
        };
        if policy.is_empty() {
            if name.is_empty() {
                let message = Message::new("missing-patient");
                self.say(Code::MissingName, row.number(), self.people.name.first(), String::new(), message);
            }
            let blank = self.people.birth_date.is_none_or(|column| row.cell(column).is_empty());
            if blank {
                let message = Message::new("missing-patient-birth-date");
                self.say(Code::MissingBirthDate, row.number(), self.people.birth_date, String::new(), message);
            }
        }
        Asked { policy, name, birth_date }
    }

    /// The number of the policy; empty where there is none that can be trusted.
    fn policy(&mut self, row: &dyn Row) -> String {
        let Some(column) = self.people.id else { return String::new() };
        let cell = row.cell(column);
        let rounded = is_rounded(cell).then(|| Message::new("id-rounded"));
        if let Some(message) = rounded.or_else(|| formula_fault(cell)) {
            self.say(Code::BadId, row.number(), Some(column), masked(&cell.shown()), message);
            return String::new();
        }
        text(row, Some(column))
    }

    fn name(&mut self, row: &dyn Row) -> String {
        let columns = match self.people.name {
            NameColumns::Whole(column) => [column, None, None],
            NameColumns::Parts { surname, given_name, patronymic } => [Some(surname), Some(given_name), patronymic],
        };
        let mut name = String::new();
        for column in columns.into_iter().flatten() {
            let cell = row.cell(column);
            if let Some(message) = formula_fault(cell) {
                self.say(Code::MissingName, row.number(), Some(column), String::new(), message);
            }
            if !name.is_empty() && !cell.is_empty() {
                name.push(' ');
            }
            append_text(&mut name, cell);
        }
        if mixes_alphabets(&name) {
            let message = Message::new("mixed-alphabet");
            self.say(Code::MixedAlphabet, row.number(), columns[0], masked(&name), message);
        }
        name
    }

    /// The day in a cell, where one stands there.
    fn date(&mut self, row: &dyn Row, column: usize, code: Code) -> Option<Date> {
        let cell = row.cell(column);
        match value::day(cell, self.epoch) {
            Ok(None) => None,
            Ok(Some(day)) => {
                if day.from_serial {
                    let message = Message::new("excel-serial-date");
                    self.say(Code::ExcelSerialDate, row.number(), Some(column), masked(&cell.shown()), message);
                }
                Some(day.date)
            }
            Err(fault) => {
                let message = formula_fault(cell).unwrap_or_else(|| date_fault(fault));
                self.say(code, row.number(), Some(column), masked(&cell.shown()), message);
                None
            }
        }
    }

    fn day(&mut self, row: &dyn Row) -> Option<Date> {
        let column = self.columns.day?;
        if row.cell(column).is_empty() && self.rows_of == RowKind::Services {
            self.say(Code::MissingDay, row.number(), Some(column), String::new(), Message::new("missing-day"));
        }
        self.date(row, column, Code::BadDay)
    }

    fn quantity(&mut self, row: &dyn Row) -> Option<u32> {
        let Some(column) = self.columns.quantity else { return Some(1) };
        let cell = row.cell(column);
        let read = match value::count(cell) {
            Ok(None) => return Some(1),
            Ok(Some(count)) => u32::try_from(count).ok().filter(|count| (1..=MAX_QUANTITY).contains(count)),
            Err(()) => None,
        };
        if read.is_none() {
            let unreadable = || Message::new("bad-quantity").with("limit", MAX_QUANTITY);
            let message = formula_fault(cell).unwrap_or_else(unreadable);
            self.say(Code::BadQuantity, row.number(), Some(column), shown_code(&cell.shown(), []), message);
        }
        read
    }

    /// The price of all of a row: as it stands there, or the price of one times the quantity, which have to agree.
    fn amount(&mut self, row: &dyn Row, quantity: Option<u32>) -> Option<Kopecks> {
        let price = self.price(row, self.columns.price).ok()?;
        let amount = self.price(row, self.columns.amount).ok()?;
        let counted = price.zip(quantity).map(|(price, quantity)| price * u64::from(quantity));
        match (amount, counted) {
            (None, None) if price.is_none() => {
                let column = self.columns.amount.or(self.columns.price);
                self.say(Code::MissingPrice, row.number(), column, String::new(), Message::new("missing-price"));
                None
            }
            (Some(amount), Some(counted)) if amount != counted => {
                let message = Message::new("bad-amount").with("amount", amount).with("counted", counted);
                self.say(Code::BadPrice, row.number(), self.columns.amount, amount.to_string(), message);
                None
            }
            (Some(amount), _) => Some(amount),
            (None, counted) => counted,
        }
    }

    /// The price in a cell, where one stands there; the unit where it cannot be read.
    fn price(&mut self, row: &dyn Row, column: Option<usize>) -> Result<Option<Kopecks>, ()> {
        let cell = column.map_or(Cell::Empty, |column| row.cell(column));
        if let Ok(price) = value::price(cell) {
            return Ok(price);
        }
        let unreadable = || Message::new("bad-price").with("limit", MAX_SUM_INSURED);
        let message = formula_fault(cell).unwrap_or_else(unreadable);
        self.say(Code::BadPrice, row.number(), column, shown_code(&cell.shown(), []), message);
        Err(())
    }
}

fn text(row: &dyn Row, column: Option<usize>) -> String {
    let mut text = String::new();
    if let Some(column) = column {
        append_text(&mut text, row.cell(column));
    }
    text
}
