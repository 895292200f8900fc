//! Lists of payments: contract number, date and amount, from a bank or from accounting.
//!
//! The file may have any format of a roster: text in any encoding with any delimiter, or a workbook. Every row that is not empty becomes a
//! [`Payment`], a [`Problem`] with its place, or a total that is skipped. The exchange file of banks and 1C gives [`Transfer`]s, whose
//! contract is looked for in the purpose of payment.

mod bank_exchange;
mod columns;
pub mod contract_numbers;
mod income_words;
mod problem;

use std::path::Path;

use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::money::{Kopecks, MAX_SUM_INSURED};
use crate::table::cell::{Cell, Epoch, Row};
use crate::table::cell_faults::{date_fault, formula_fault};
use crate::table::file_fault::FileFault;
use crate::table::hidden::Hidden;
use crate::table::phrase::is_total;
use crate::table::sheets::{find_delimiter, find_tables};
use crate::table::source::{FileBytes, Source};
use crate::table::trial::try_file;
use crate::table::value::{self, DateFault, DateOrder, EventTimes};
use bank_exchange::BankExchange;
pub use bank_exchange::Transfer;
use columns::{Columns, table_spec};
use income_words::{OtherColumn, income_fault};
pub use problem::Problem;

/// A payment for a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The number of the contract, as written.
    pub number: String,
    /// The day of the payment.
    pub date: Date,
    /// The amount: at most 10¹² RUB; less than 0 where an earlier payment is reversed (`I51`), and never 0.
    pub amount: Kopecks,
    /// The number of the document; empty where there is none.
    pub document: String,
    /// The row of the list.
    pub row: u32,
}

/// A parsed list of payments with all its problems.
#[derive(Debug, Default)]
pub struct Payments {
    /// The payments, in the order of the rows.
    pub payments: Vec<Payment>,
    /// The column of their numbers, from 0.
    pub number_column: Option<u32>,
    /// The column of their days, from 0.
    pub date_column: Option<u32>,
    /// The column of their amounts, from 0.
    pub amount_column: Option<u32>,
    /// The problems, in the order of the rows. The payments of other rows are valid, but a truncated list has none.
    pub problems: Vec<Problem>,
    /// The payments of an exchange file, in the order of its lines.
    pub transfers: Vec<Transfer>,
    /// The number of documents of an exchange file that the own accounts paid, and their sum.
    pub outgoing: (usize, Kopecks),
    /// Whether the list is an exchange file.
    pub is_exchange: bool,
    /// The rows that are skipped because they are totals.
    pub sums: Vec<u32>,
    /// Warnings: a guessed encoding, and hidden or merged cells.
    pub notes: Vec<Message>,
}

impl Payments {
    /// Reads a list of payments.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`], [`Error::NotAFile`] and [`Error::Io`] where the file cannot be read; a fault of its contents is a [`Problem`].
    pub fn open(path: &Path) -> Result<Self, Error> {
        let read = FileBytes::read(path).and_then(|file| try_file(path, &file).map(|()| file));
        let file = match read {
            Ok(file) => file,
            Err(FileFault::Unread(error)) => return Err(*error),
            Err(fault) => return Ok(Self::refused(fault.message())),
        };
        Ok(Self::read(file))
    }

    /// Parses the bytes of a list of payments.
    #[must_use]
    pub fn read(file: FileBytes) -> Self {
        if let Some(text) = bank_exchange::decode(file.as_bytes()) {
            return Self::read_exchange(text);
        }
        match Source::open(file, |text| find_delimiter(text, &table_spec())) {
            Ok(mut source) => Self::parse(&mut source),
            Err(fault) => Self::refused(fault.message()),
        }
    }

    /// Parses the text of an exchange file; a fault refuses it whole.
    fn read_exchange(text: Result<String, Problem>) -> Self {
        let parsed = text.map_err(|problem| vec![problem]).and_then(|text| BankExchange::parse(&text));
        match parsed {
            Ok(BankExchange { incoming, outgoing }) => {
                Self { transfers: incoming, outgoing, is_exchange: true, ..Self::default() }
            }
            Err(problems) => Self { problems, is_exchange: true, ..Self::default() },
        }
    }

    fn refused(message: Message) -> Self {
        Self { problems: vec![Problem::of_file(message)], ..Self::default() }
    }

    fn parse(source: &mut Source) -> Self {
        let (sheet, columns) = match find_table(source) {
            Ok(found) => found,
            Err(problem) => return Self { problems: vec![problem], ..Self::default() },
        };
        let place = |column: usize| u32::try_from(column).ok();
        let mut payments = Self {
            number_column: place(columns.number),
            date_column: place(columns.date),
            amount_column: place(columns.amount),
            ..Self::default()
        };
        match source {
            Source::Text { guessed: true, .. } => payments.notes.push(Message::new("guessed-encoding")),
            Source::Workbook(book) if book.is_hidden(&sheet) => {
                payments.notes.push(Message::new("payments-hidden-sheet").with("sheet", sheet.as_str()));
            }
            _ => {}
        }
        let epoch = source.epoch();
        let mut times = EventTimes::default();
        let read = source.rows_and_hidden(&sheet, &mut |row| {
            if row.number() > columns.header_row {
                times.record(row.cell(columns.date), epoch);
                payments.read_row(row, &columns, epoch);
            }
        });
        if times.are_shifted() {
            payments.refuse_days();
        }
        let read = read.map(|hidden| payments.add_warnings(&hidden, &columns));
        if let Err(fault) = read {
            // the missing rows may be the totals or corrections of the others
            payments.payments.clear();
            payments.problems.push(Problem::of_file(fault.message()));
        }
        if payments.payments.is_empty() && payments.problems.is_empty() {
            payments.problems.push(Problem::of_file(Message::new("payments-none")));
        }
        payments
    }

    /// Refuses the day of every payment: all have the midnight of another zone, which loses a day.
    fn refuse_days(&mut self) {
        let column = self.date_column;
        let message = || date_fault(DateFault::TimeOfDay);
        let payments = std::mem::take(&mut self.payments).into_iter();
        self.problems.extend(payments.map(|payment| Problem { row: payment.row, column, message: message() }));
        self.problems.sort_by_key(|problem| problem.row);
    }

    /// Adds warnings for hidden and merged cells that were read.
    fn add_warnings(&mut self, hidden: &Hidden, columns: &Columns) {
        let mut rows: Vec<u32> = self.payments.iter().map(|payment| payment.row).collect();
        rows.extend(self.problems.iter().map(|problem| problem.row));
        rows.sort_unstable();
        rows.dedup();
        let read = [columns.number, columns.date, columns.amount];
        if let Some((rows, count)) = hidden.rows_among(&rows) {
            self.notes.push(Message::new("payments-hidden-row").with("rows", rows).with("count", count));
        }
        if let Some((rows, count)) = hidden.struck_among(&rows) {
            self.notes.push(Message::new("payments-struck-out").with("rows", rows).with("count", count));
        }
        if let Some((cells, count)) = hidden.cells_over(&rows, &read) {
            self.notes.push(Message::new("merged-cells").with("cells", cells).with("count", count));
        }
        if let Some((columns, count)) = hidden.columns_where(|column| read.contains(&column)) {
            self.notes.push(Message::new("hidden-column").with("columns", columns).with("count", count));
        }
    }

    fn read_row(&mut self, row: &dyn Row, columns: &Columns, epoch: Epoch) {
        let Some(first) = (0..row.width()).map(|column| row.cell(column)).find(|cell| !cell.is_empty()) else { return };
        if row.cell(columns.date).is_empty() && matches!(first, Cell::Text(text) if is_total(text)) {
            self.sums.push(row.number());
            return;
        }
        let number = number(row.cell(columns.number)).map_err(|message| (columns.number, message));
        let date = date(row.cell(columns.date), epoch).map_err(|message| (columns.date, message));
        let amount = amount(row.cell(columns.amount)).map_err(|message| (columns.amount, message));
        let income = income(row, columns);
        match (number, date, amount) {
            (Ok(_), Ok(_), Ok(_)) if let Err(problem) = income => self.problems.push(problem),
            (Ok(number), Ok(date), Ok(amount)) => {
                let document = columns.document.map(|column| row.cell(column).display()).unwrap_or_default();
                self.payments.push(Payment { number, date, amount, document, row: row.number() });
            }
            (number, date, amount) => {
                let faults = [number.err(), date.err(), amount.err()];
                let problem =
                    |(column, message)| Problem { row: row.number(), column: u32::try_from(column).ok(), message };
                self.problems.extend(faults.into_iter().flatten().map(problem));
            }
        }
    }
}

/// Checks that a row is a premium received in roubles; the problem where a cell of another column has a word against it.
fn income(row: &dyn Row, columns: &Columns) -> Result<(), Problem> {
    let read = [Some(columns.number), Some(columns.date), Some(columns.amount), columns.document];
    for column in (0..row.width()).filter(|column| !read.contains(&Some(*column))) {
        let cell = row.cell(column);
        let holds = if columns.currency == Some(column) {
            OtherColumn::Currency
        } else if columns.status == Some(column) {
            OtherColumn::Status
        } else if columns.reversal == Some(column) {
            OtherColumn::Reversal
        } else {
            OtherColumn::Unknown
        };
        if let Some(message) = income_fault(&cell.display(), holds).filter(|_| !cell.is_empty()) {
            return Err(Problem { row: row.number(), column: u32::try_from(column).ok(), message });
        }
    }
    Ok(())
}

/// Finds the sheet of the payments, and its columns.
fn find_table(source: &mut Source) -> Result<(String, Columns), Problem> {
    let mut found = Vec::new();
    let mut almost = None;
    let sheets = find_tables(source, &table_spec()).map_err(|fault| Problem::of_file(fault.message()))?;
    for sheet in sheets {
        match sheet.layout.as_ref().map(Columns::new) {
            Some(Ok(columns)) => found.push((sheet.name, columns)),
            Some(Err(problem)) => almost = almost.or(Some(problem)),
            None => {}
        }
    }
    if found.len() > 1 {
        let sheets = listed(found.iter().map(|(sheet, _)| sheet));
        return Err(Problem::of_file(Message::new("payments-several-sheets").with("sheets", sheets)));
    }
    found.pop().ok_or_else(|| almost.unwrap_or_else(|| Problem::of_file(Message::new("payments-without-table"))))
}

fn number(cell: Cell<'_>) -> Result<String, Message> {
    if let Some(fault) = formula_fault(cell) {
        return Err(fault);
    }
    match cell {
        Cell::Empty => Err(Message::new("payment-without-number")),
        _ if cell.is_rounded() => Err(Message::new("payment-number-rounded")),
        _ => Ok(cell.display()),
    }
}

fn date(cell: Cell<'_>, epoch: Epoch) -> Result<Date, Message> {
    match value::day_of_event(cell, epoch, Some(DateOrder::DayFirst)) {
        Ok(Some(day)) => Ok(day.date),
        Ok(None) => Err(Message::new("payment-without-date")),
        Err(fault) => Err(formula_fault(cell).unwrap_or_else(|| date_fault(fault))),
    }
}

/// Parses an amount of at most 10¹² RUB; below 0 it is the reversal of a payment.
fn amount(cell: Cell<'_>) -> Result<Kopecks, Message> {
    if let Some(fault) = formula_fault(cell) {
        return Err(fault);
    }
    if cell.is_empty() {
        return Err(Message::new("payment-without-amount"));
    }
    let least = Kopecks::ZERO - MAX_SUM_INSURED;
    let lawful = |amount: &Kopecks| *amount != Kopecks::ZERO && (least..=MAX_SUM_INSURED).contains(amount);
    let amount = value::signed_roubles(cell).filter(lawful);
    amount.ok_or_else(|| Message::new("payment-amount").with("limit", MAX_SUM_INSURED))
}

#[cfg(test)]
mod tests;
