//! The rows of a list of payments: each is a payment, a payment that the own account makes, a problem with its place, or no data.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::base::diagnostic::{Diagnostic, shortened};
use crate::base::messages::Message;
use crate::base::money::{Kopecks, MAX_SUM_INSURED};
use crate::portfolio::payments::bank_exchange::Transfer;
use crate::portfolio::payments::columns::{Columns, ContractColumn, Field};
use crate::portfolio::payments::income_words::{
    Direction, OtherColumn, direction, income_fault, is_money_back, is_outgoing,
};
use crate::portfolio::payments::payment::Payment;
use crate::portfolio::payments::problem::Problem;
use crate::table::cell::{Cell, Epoch, Row};
use crate::table::cell_faults::{date_fault, formula_fault};
use crate::table::date_order::{ColumnEvidence, ColumnOrder};
use crate::table::layout::Layout;
use crate::table::other_columns::OtherColumns;
use crate::table::phrase::is_total;
use crate::table::skip::{RowJudge, Skip};
use crate::table::spare_columns::SpareColumns;
use crate::table::text::folded;
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
    /// The totals under the payments, and the sum of these; `None` where one of them is unreadable.
    pub totals: Vec<Kopecks>,
    /// The sum of the amounts; `None` where one of them is unreadable.
    pub sum: Option<Kopecks>,
    /// The columns without a meaning whose cells all state which way the money goes, with whether any goes out.
    pub directions: BTreeMap<usize, DirectionCells>,
}

/// The cells of a column without a meaning that may state which way the money goes.
#[derive(Debug, Default)]
pub(super) struct DirectionCells {
    /// Whether a cell states something else.
    has_others: bool,
    /// Whether a cell states that the own account pays.
    has_outgoing: bool,
}

impl DirectionCells {
    /// Whether the column decides what is received.
    pub const fn decide(&self) -> bool {
        self.has_outgoing && !self.has_others
    }

    fn record(&mut self, found: Option<Direction>) {
        self.has_others |= found.is_none();
        self.has_outgoing |= found == Some(Direction::Outgoing);
    }
}

/// Reads the rows of one sheet.
pub(super) struct RowReader {
    columns: Columns,
    /// The columns of the purpose of payment.
    purposes: Vec<usize>,
    /// The columns with words about the payment.
    of_words: Vec<(usize, OtherColumn)>,
    /// The columns that the user ignores.
    ignored: Vec<usize>,
    /// The columns without a meaning.
    unclaimed: Vec<usize>,
    judge: RowJudge,
    header_row: u32,
    epoch: Epoch,
    order: Option<DateOrder>,
    /// The columns that hold no field.
    other_columns: OtherColumns,
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
            ignored: layout.ignored().collect(),
            judge: RowJudge::new(layout, Some(columns.contract.column()), Some(columns.date)),
            columns,
            header_row: layout.header_row,
            epoch,
            order: order.order(),
            other_columns: OtherColumns::new(layout),
            unclaimed: layout.unclaimed().collect(),
            read: RowsRead { sum: Some(Kopecks::ZERO), ..RowsRead::default() },
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
            Some(reason) => {
                if reason == Skip::Total {
                    self.record_total(row);
                }
                return self.read.skipped.push((row.number(), reason));
            }
            None => {}
        }
        self.record_directions(row);
        let columns = self.columns;
        let day = row.cell(columns.date);
        self.read.times.record(day, self.epoch);
        self.read.spare.read(row, &self.other_columns, &|_| None);
        let read = value::day_of_event(day, self.epoch, self.order);
        self.read.evidence.record(row.number(), day, self.order, read);
        let outgoing = match self.outgoing(row) {
            Ok(outgoing) => outgoing,
            Err(problem) => return self.read.problems.push(problem),
        };
        if let Some(sum) = outgoing {
            self.read.outgoing.0 += 1;
            self.read.outgoing.1 += sum.abs();
            return;
        }
        let date = match read {
            Ok(Some(day)) => Ok(day.date),
            Ok(None) => Err(Message::new("payment-without-date")),
            Err(fault) => Err(formula_fault(day).unwrap_or_else(|| date_fault(fault))),
        };
        let amount = amount(row.cell(columns.amount));
        self.read.sum = self.read.sum.zip(amount.as_ref().ok()).map(|(sum, amount)| sum + *amount);
        let contract = match columns.contract {
            ContractColumn::Number(column) => number(row.cell(column)),
            ContractColumn::Purpose(_) => self.purpose(row),
        };
        self.add(row, contract, date, amount);
    }

    /// Records a total under the payments; a balance is none.
    fn record_total(&mut self, row: &dyn Row) {
        const SUMS: [&str; 4] = ["итог", "всего", "total", "общая сумма"];
        let names_sum = |column| matches!(row.cell(column), Cell::Text(text) if SUMS.iter().any(|word| folded(text).starts_with(&folded(word))));
        let total = value::signed_roubles(row.cell(self.columns.amount));
        if self.columns.direction.is_none() && (0..row.width()).any(names_sum) {
            self.read.totals.extend(total);
        }
    }

    /// Records what the columns without a meaning state of the way of the money.
    fn record_directions(&mut self, row: &dyn Row) {
        for column in &self.unclaimed {
            let cell = row.cell(*column);
            if !cell.is_empty() {
                self.read.directions.entry(*column).or_default().record(direction(&cell.display()));
            }
        }
    }

    /// Whether a row without a contract and a day has a word of totals in any column.
    fn is_total(&self, row: &dyn Row) -> bool {
        let has_word = |column| matches!(row.cell(column), Cell::Text(text) if is_total(text));
        let contract = self.columns.contract.column();
        let is_unnamed =
            row.cell(self.columns.date).is_empty() && (row.cell(contract).is_empty() || has_word(contract));
        is_unnamed && (0..row.width()).any(has_word)
    }

    /// The amount of a payment that the own account makes; `None` of one that it receives.
    fn outgoing(&self, row: &dyn Row) -> Result<Option<Kopecks>, Problem> {
        let Columns { amount: received, outgoing, direction: of_direction, .. } = self.columns;
        let problem =
            |column: usize, message| Problem { row: row.number(), column: u32::try_from(column).ok(), message };
        let sum = |column: usize| value::signed_roubles(row.cell(column)).filter(is_lawful);
        let paid = outgoing.and_then(|column| Some((column, sum(column)?)));
        if let Some((column, paid)) = paid {
            return match row.cell(received) {
                cell if is_nothing(cell) => Ok(Some(paid)),
                _ => Err(problem(column, Message::new("payment-both-ways"))),
            };
        }
        if let Some(column) = of_direction {
            return match direction(&row.cell(column).display()) {
                Some(Direction::Incoming) => Ok(None),
                Some(Direction::Outgoing) => Ok(sum(received)),
                None => Err(problem(column, Message::new("payment-direction"))),
            };
        }
        let is_stated = || self.other_cells(row).any(|(_, cell)| is_outgoing(&cell.display()));
        Ok(if is_stated() { sum(received) } else { None })
    }

    /// The filled cells that are neither number, day, amount nor document, nor ignored by the user, with their columns.
    fn other_cells<'r>(&self, row: &'r dyn Row) -> impl Iterator<Item = (usize, Cell<'r>)> {
        let Columns { contract, date, amount, outgoing, document, direction } = self.columns;
        let read = [Some(contract.column()), Some(date), Some(amount), outgoing, document, direction];
        let cells =
            (0..row.width()).filter(move |column| !read.contains(&Some(*column)) && !self.ignored.contains(column));
        cells.map(|column| (column, row.cell(column))).filter(|(_, cell)| !cell.is_empty())
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
                let purpose = self.purpose(row).unwrap_or_default();
                if let Some(message) = money_back_fault(&purpose, date, amount, &document) {
                    return self.read.problems.push(place(columns.contract.column(), message));
                }
                let payment = Payment { number: contract, date, amount, document, purpose, row: row.number() };
                self.read.payments.push(payment);
            }
            ContractColumn::Purpose(_) => self.read.transfers.push(Transfer {
                line: row.number(),
                document,
                day: date,
                amount,
                excluded: (amount > Kopecks::ZERO && is_money_back(&contract)).then(|| Message::new("pay-money-back")),
                purpose: contract,
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
        self.other_cells(row).find_map(|(column, cell)| {
            let of_words = self.of_words.iter().find(|(of, _)| *of == column);
            let holds = of_words.map_or(OtherColumn::Unknown, |(_, holds)| *holds);
            income_fault(&cell.display(), holds).map(|message| (column, message))
        })
    }
}

/// Why a payment whose purpose begins as that of money that comes back is no premium.
fn money_back_fault(purpose: &str, day: Date, amount: Kopecks, document: &str) -> Option<Message> {
    let message = || Message::new("pay-money-back").with("amount", amount).with("day", day);
    (amount > Kopecks::ZERO && is_money_back(purpose)).then(|| message().with("document", shortened(document)))
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

/// Whether an amount is not 0 and at most 10¹² RUB, whichever way it goes.
fn is_lawful(amount: &Kopecks) -> bool {
    *amount != Kopecks::ZERO && (-MAX_SUM_INSURED..=MAX_SUM_INSURED).contains(amount)
}

/// Whether a cell of amounts states that there is none: it is empty, zero or a dash.
fn is_nothing(cell: Cell<'_>) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) if text.chars().all(|letter| matches!(letter, '-' | '−' | '–' | '—')) => true,
        cell => value::signed_roubles(cell) == Some(Kopecks::ZERO),
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
    let amount = value::signed_roubles(cell).filter(is_lawful);
    amount.ok_or_else(|| Message::new("payment-amount").with("limit", MAX_SUM_INSURED))
}
