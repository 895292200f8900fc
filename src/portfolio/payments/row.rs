//! The rows of a list of payments: each is a payment, a payment that the own account makes, a problem with its place, or no data.

use jiff::civil::Date;

use crate::base::diagnostic::Diagnostic;
use crate::base::messages::Message;
use crate::base::money::{Kopecks, MAX_SUM_INSURED};
use crate::portfolio::payments::bank_exchange::Transfer;
use crate::portfolio::payments::columns::{Columns, ContractColumn, Field};
use crate::portfolio::payments::income_words::{OtherColumn, income_fault};
use crate::portfolio::payments::payment::Payment;
use crate::portfolio::payments::problem::Problem;
use crate::table::cell::{Cell, Epoch, Row};
use crate::table::cell_faults::{date_fault, formula_fault};
use crate::table::date_order::{ColumnEvidence, ColumnOrder};
use crate::table::layout::Layout;
use crate::table::phrase::is_total;
use crate::table::skip::{RowJudge, Skip};
use crate::table::spare_columns::SpareColumns;
use crate::table::value::{self, DateOrder, EventTimes};

/// What was found in the rows of a list.
#[derive(Debug, Default)]
pub(super) struct RowsRead {
    /// The payments, where a column has the number of the contract.
    pub payments: Vec<Payment>,
    /// The payments, where the purpose of payment names the contract.
    pub transfers: Vec<Transfer>,
    /// The number of payments that the own account makes, and their sum.
    pub outgoing: (usize, Kopecks),
    /// The rows with a fault, in their order.
    pub problems: Vec<Problem>,
    /// The rows that are no data, with the reason.
    pub skipped: Vec<(u32, Skip)>,
    /// The cells of columns that hold no field.
    pub spare: SpareColumns,
    /// What the days prove of their order of day and month.
    pub evidence: ColumnEvidence,
    /// The times of the days.
    pub times: EventTimes,
    /// What is to be known of the column of days.
    pub of_days: Option<Diagnostic>,
}

/// Reads the rows of one sheet.
pub(super) struct RowReader {
    columns: Columns,
    /// The columns of the purpose of payment.
    purposes: Vec<usize>,
    /// The columns with words about the payment.
    of_words: Vec<(usize, OtherColumn)>,
    judge: RowJudge,
    header_row: u32,
    epoch: Epoch,
    order: Option<DateOrder>,
    /// The columns that hold no field, and the number of columns with a heading.
    spare_columns: Vec<usize>,
    width: usize,
    read: RowsRead,
}

impl RowReader {
    /// A reader for a sheet whose columns are known, with its days in this order.
    pub fn new(layout: &Layout, columns: Columns, epoch: Epoch, order: ColumnOrder) -> Self {
        let of_field =
            |field: Field| layout.columns().filter(move |(held, _)| *held == field.spec()).map(|(_, column)| column);
        let of_words = [
            (Field::Currency, OtherColumn::Currency),
            (Field::Status, OtherColumn::Status),
            (Field::Reversal, OtherColumn::Reversal),
        ];
        let of_words =
            of_words.into_iter().flat_map(|(field, holds)| of_field(field).map(move |column| (column, holds)));
        Self {
            purposes: of_field(Field::Purpose).collect(),
            of_words: of_words.collect(),
            judge: RowJudge::new(layout, Some(columns.contract.column()), Some(columns.date)),
            columns,
            header_row: layout.header_row,
            epoch,
            order: order.order(),
            spare_columns: layout.spare(),
            width: layout.uses().len(),
            read: RowsRead::default(),
        }
    }

    /// What was found.
    pub fn finish(self) -> RowsRead {
        self.read
    }

    /// Reads the next row of the sheet; skips rows above the table and rows without data.
    pub fn read_row(&mut self, row: &dyn Row) {
        if row.number() <= self.header_row {
            return;
        }
        let reason = self.judge.skip_reason(row).or_else(|| self.is_total(row).then_some(Skip::Total));
        match reason {
            Some(Skip::Blank) => return,
            Some(reason) => return self.read.skipped.push((row.number(), reason)),
            None => {}
        }
        let columns = self.columns;
        let day = row.cell(columns.date);
        self.read.times.record(day, self.epoch);
        self.read.spare.read(row, self.spare_columns.iter().copied().chain(self.width..row.width()), &|_| None);
        let read = value::day_of_event(day, self.epoch, self.order);
        self.read.evidence.record(row.number(), day, self.order, read);
        let date = match read {
            Ok(Some(day)) => Ok(day.date),
            Ok(None) => Err(Message::new("payment-without-date")),
            Err(fault) => Err(formula_fault(day).unwrap_or_else(|| date_fault(fault))),
        };
        if let (Some(sum), true) = (self.outgoing(row), row.cell(columns.amount).is_empty()) {
            self.read.outgoing.0 += 1;
            self.read.outgoing.1 += sum;
            return;
        }
        let amount = amount(row.cell(columns.amount));
        let contract = match columns.contract {
            ContractColumn::Number(column) => number(row.cell(column)),
            ContractColumn::Purpose(_) => self.purpose(row),
        };
        self.add(row, contract, date, amount);
    }

    /// Whether a row without a contract and a day has a word of totals in any column.
    fn is_total(&self, row: &dyn Row) -> bool {
        let has_word = |column| matches!(row.cell(column), Cell::Text(text) if is_total(text));
        let contract = self.columns.contract.column();
        let is_unnamed =
            row.cell(self.columns.date).is_empty() && (row.cell(contract).is_empty() || has_word(contract));
        is_unnamed && (0..row.width()).any(has_word)
    }

    /// The amount of a payment that the own account makes.
    fn outgoing(&self, row: &dyn Row) -> Option<Kopecks> {
        let sum = value::signed_roubles(row.cell(self.columns.outgoing?))?;
        (sum != Kopecks::ZERO && (-MAX_SUM_INSURED..=MAX_SUM_INSURED).contains(&sum)).then_some(sum)
    }

    /// Adds a payment, or the problems of its cells.
    fn add(
        &mut self,
        row: &dyn Row,
        contract: Result<String, Message>,
        date: Result<Date, Message>,
        amount: Result<Kopecks, Message>,
    ) {
        let columns = self.columns;
        let place = |column: usize, message| Problem { row: row.number(), column: u32::try_from(column).ok(), message };
        let (contract, date, amount) = match (contract, date, amount) {
            (Ok(contract), Ok(date), Ok(amount)) => (contract, date, amount),
            (contract, date, amount) => {
                let faults = [
                    (columns.contract.column(), contract.err()),
                    (columns.date, date.err()),
                    (columns.amount, amount.err()),
                ];
                let found = faults.into_iter().filter_map(|(column, fault)| Some(place(column, fault?)));
                return self.read.problems.extend(found);
            }
        };
        if let Some((column, message)) = self.income_fault(row) {
            return self.read.problems.push(place(column, message));
        }
        let document = columns.document.map(|column| row.cell(column).display()).unwrap_or_default();
        match columns.contract {
            ContractColumn::Number(_) => {
                self.read.payments.push(Payment { number: contract, date, amount, document, row: row.number() });
            }
            ContractColumn::Purpose(_) => self.read.transfers.push(Transfer {
                line: row.number(),
                document,
                day: date,
                amount,
                purpose: contract,
                excluded: None,
            }),
        }
    }

    /// The purpose of payment, of all its columns.
    fn purpose(&self, row: &dyn Row) -> Result<String, Message> {
        let cells = || self.purposes.iter().map(|column| row.cell(*column)).filter(|cell| !cell.is_empty());
        if let Some(fault) = cells().find_map(formula_fault) {
            return Err(fault);
        }
        let texts: Vec<String> = cells().map(|cell| cell.display()).collect();
        if texts.is_empty() { Err(Message::new("payment-without-purpose")) } else { Ok(texts.join(" ")) }
    }

    /// The word by which a row is no premium received in roubles, and its column; `None` where it is one.
    fn income_fault(&self, row: &dyn Row) -> Option<(usize, Message)> {
        let Columns { contract, date, amount, outgoing, document } = self.columns;
        let read = [Some(contract.column()), Some(date), Some(amount), outgoing, document];
        (0..row.width()).filter(|column| !read.contains(&Some(*column))).find_map(|column| {
            let cell = row.cell(column);
            let of_words = self.of_words.iter().find(|(of, _)| *of == column);
            let holds = of_words.map_or(OtherColumn::Unknown, |(_, holds)| *holds);
            income_fault(&cell.display(), holds).filter(|_| !cell.is_empty()).map(|message| (column, message))
        })
    }
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

/// The amount with a point, where its kopecks follow a hyphen or an equals sign as in payment orders: `1000-00`, `1 000=00`.
fn of_payment_order(text: &str) -> Option<String> {
    let (whole, kopecks) = text.rsplit_once(['-', '='])?;
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_whole = whole.starts_with(|letter: char| letter.is_ascii_digit())
        && whole.chars().all(|letter| letter.is_ascii_digit() || letter.is_whitespace());
    (kopecks.len() == 2 && are_digits(kopecks) && is_whole).then(|| format!("{whole}.{kopecks}"))
}

/// Parses an amount of at most 10¹² RUB; below 0 it is the reversal of a payment.
fn amount(cell: Cell<'_>) -> Result<Kopecks, Message> {
    if let Some(fault) = formula_fault(cell) {
        return Err(fault);
    }
    if cell.is_empty() {
        return Err(Message::new("payment-without-amount"));
    }
    let least = -MAX_SUM_INSURED;
    let lawful = |amount: &Kopecks| *amount != Kopecks::ZERO && (least..=MAX_SUM_INSURED).contains(amount);
    let written = if let Cell::Text(text) = cell { of_payment_order(text) } else { None };
    let cell = written.as_deref().map_or(cell, Cell::Text);
    let amount = value::signed_roubles(cell).filter(lawful);
    amount.ok_or_else(|| Message::new("payment-amount").with("limit", MAX_SUM_INSURED))
}
