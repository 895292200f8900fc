//! Lists of payments: contract number or purpose, date and amount, from a bank or from accounting.
//!
//! The file may have any format of a roster: text in any encoding with any delimiter, or a workbook. Every row that is not empty becomes a
//! [`Payment`], a [`Transfer`], a payment that the own account makes, a [`Problem`] with its place, or a row that is no data; every column is
//! accounted for as those of a roster are. The exchange file of banks and 1C gives [`Transfer`]s, whose contract is looked for in the purpose
//! of payment.

mod bank_exchange;
mod columns;
pub mod contract_numbers;
mod income_words;
mod payment;
mod problem;
mod row;

use std::path::Path;

use crate::base::diagnostic::Severity;
use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::money::Kopecks;
use crate::table::cell_faults::date_fault;
use crate::table::date_order::{ColumnOrder, OrderMessages};
use crate::table::file_fault::FileFault;
use crate::table::hidden::Hidden;
use crate::table::layout::Layout;
use crate::table::sheets::{FoundSheet, open_tables};
use crate::table::source::{FileBytes, Source};
use crate::table::spec::TableSpec;
use crate::table::tables::{Sheet, Tables};
use crate::table::value::DateFault;
use bank_exchange::BankExchange;
pub use bank_exchange::Transfer;
use columns::{Columns, table_spec};
pub use columns::{Field, ListTerms};
pub use payment::Payment;
pub use problem::Problem;
use row::{RowReader, RowsRead};

const ORDER_MESSAGES: OrderMessages =
    OrderMessages { refused: "payments-date-order", month_first: "payments-month-first" };

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
    /// Warnings: a guessed encoding, hidden or merged cells, columns that are not recognised.
    pub notes: Vec<Message>,
    /// The sheet of the list, with the use of each column and the rows that are no data; none of an exchange file.
    pub tables: Tables,
}

impl Payments {
    /// Reads a list of payments.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`], [`Error::NotAFile`] and [`Error::Io`] where the file cannot be read; a fault of its contents is a [`Problem`].
    pub fn open(path: &Path, terms: &ListTerms) -> Result<Self, Error> {
        let file = match FileBytes::read(path) {
            Ok(file) => file,
            Err(fault) => return Self::refused(fault),
        };
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self::read(file, &name, terms)
    }

    /// Parses the bytes of a list of payments with this name.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] where the system refuses a child that tries a workbook; a fault of the contents is a [`Problem`].
    pub fn read(file: FileBytes, name: &str, terms: &ListTerms) -> Result<Self, Error> {
        if let Some(text) = bank_exchange::decode(file.as_bytes()) {
            return Ok(Self::read_exchange(text));
        }
        let spec = table_spec(terms);
        match open_tables(file, &spec) {
            Ok((mut source, found)) => Self::parse(&mut source, found, name, &spec),
            Err(fault) => Self::refused(fault),
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

    /// No list: the problem of its file, unless the system is at fault.
    fn refused(fault: FileFault) -> Result<Self, Error> {
        match fault {
            FileFault::Unread(error) => Err(*error),
            fault => Ok(Self { problems: vec![Problem::of_file(fault.message())], ..Self::default() }),
        }
    }

    fn parse(source: &mut Source, found: Vec<FoundSheet>, file: &str, spec: &TableSpec) -> Result<Self, Error> {
        let ListSheet { name, layout, columns, unread } = match ListSheet::choose(found, spec) {
            Ok(sheet) => sheet,
            Err(problems) => return Ok(Self { problems, ..Self::default() }),
        };
        let column = |column: usize| u32::try_from(column).ok();
        let mut list = Self {
            number_column: column(columns.contract.column()),
            date_column: column(columns.date),
            amount_column: column(columns.amount),
            ..Self::default()
        };
        match source {
            Source::Text { guessed: true, .. } => list.notes.push(Message::new("guessed-encoding")),
            Source::Workbook(book) if book.is_hidden(&name) => {
                list.notes.push(Message::new("payments-hidden-sheet").with("sheet", name.as_str()));
            }
            _ => {}
        }
        list.notes
            .extend(unread.iter().map(|sheet| Message::new("payments-unread-sheet").with("sheet", sheet.as_str())));
        let mut skipped = Vec::new();
        match read_rows(source, &name, &layout, columns) {
            Ok((mut rows, hidden)) => {
                skipped = std::mem::take(&mut rows.skipped);
                list.add_rows(rows, &hidden, &layout, spec, columns);
            }
            Err(FileFault::Unread(error)) => return Err(*error),
            // the missing rows may be the totals or corrections of the others
            Err(fault) => list.problems.push(Problem::of_file(fault.message())),
        }
        if list.payments.is_empty() && list.transfers.is_empty() && list.problems.is_empty() {
            list.problems.push(Problem::of_file(Message::new("payments-none")));
        }
        list.tables.sheets.push(Sheet {
            file: file.to_owned(),
            name,
            layout: Some(layout),
            skipped,
            ..Sheet::default()
        });
        Ok(list)
    }

    /// Adds the rows of the sheet with everything that is wrong with its columns and cells.
    fn add_rows(&mut self, rows: RowsRead, hidden: &Hidden, layout: &Layout, spec: &TableSpec, columns: Columns) {
        let RowsRead {
            payments, transfers, outgoing, problems, spare, times, of_days, totals, sum, directions, ..
        } = rows;
        let numbers = payments.iter().map(|payment| payment.row).chain(transfers.iter().map(|transfer| transfer.line));
        let mut read: Vec<u32> = numbers.chain(problems.iter().map(|problem| problem.row)).collect();
        read.sort_unstable();
        read.dedup();
        self.add_warnings(hidden, columns, &read);
        (self.payments, self.transfers, self.outgoing) = (payments, transfers, outgoing);
        self.problems = problems;
        if times.are_shifted() {
            self.refuse_days();
        }
        // several totals are subtotals of unknown rows
        if let ([total], Some(sum)) = (totals.as_slice(), sum)
            && *total != sum
        {
            self.notes.push(Message::new("total-differs").with("total", *total).with("sum", sum));
        }
        let mut unclaimed = Vec::new();
        for (column, _) in directions.iter().filter(|(_, cells)| cells.decide()) {
            let heading = layout.headings.get(*column).map_or("", String::as_str);
            let message = Message::new("payments-direction").with("heading", heading);
            unclaimed.push(Problem { row: layout.header_row, column: u32::try_from(*column).ok(), message });
        }
        for found in of_days.into_iter().chain(layout.spare_diagnostics(0, spec, &spare)) {
            if found.code.severity() == Severity::Error {
                unclaimed.push(Problem::from(found));
            } else {
                self.notes.push(found.message);
            }
        }
        if !unclaimed.is_empty() {
            // a column of days or sums that is not used may change what every row is
            (self.payments, self.transfers) = (Vec::new(), Vec::new());
            self.problems.splice(..0, unclaimed);
        }
    }

    /// Refuses the day of every payment: all have the midnight of another zone, which loses a day.
    fn refuse_days(&mut self) {
        let column = self.date_column;
        let message = || date_fault(DateFault::TimeOfDay);
        let payments = std::mem::take(&mut self.payments).into_iter().map(|payment| payment.row);
        let rows = payments.chain(std::mem::take(&mut self.transfers).into_iter().map(|transfer| transfer.line));
        self.problems.extend(rows.map(|row| Problem { row, column, message: message() }));
        self.problems.sort_by_key(|problem| problem.row);
    }

    /// Adds warnings for hidden and merged cells that were read.
    fn add_warnings(&mut self, hidden: &Hidden, columns: Columns, rows: &[u32]) {
        let read = [columns.contract.column(), columns.date, columns.amount];
        if hidden.is_unknown {
            self.notes.push(Message::new("not-checked"));
        }
        if let Some((rows, count)) = hidden.rows_among(rows) {
            self.notes.push(Message::new("payments-hidden-row").with("rows", rows).with("count", count));
        }
        if let Some((rows, count)) = hidden.struck_among(rows) {
            self.notes.push(Message::new("payments-struck-out").with("rows", rows).with("count", count));
        }
        if let Some((rows, count)) = hidden.hidden_by_rules_among(rows) {
            self.notes.push(Message::new("hidden-by-format").with("rows", rows).with("count", count));
        }
        if let Some(cells) = hidden.cells_of_rules(rows) {
            self.notes.push(Message::new("format-not-checked").with("cells", cells));
        }
        if let Some((cells, count)) = hidden.notes_among(rows) {
            self.notes.push(Message::new("cell-notes").with("cells", cells).with("count", count));
        }
        if let Some((cells, count)) = hidden.cells_over(rows, &read) {
            self.notes.push(Message::new("merged-cells").with("cells", cells).with("count", count));
        }
        if let Some((columns, count)) = hidden.columns_where(|column| read.contains(&column)) {
            self.notes.push(Message::new("hidden-column").with("columns", columns).with("count", count));
        }
    }
}

/// Reads the rows of a sheet, again where only its last row decides the order of day and month.
fn read_rows(
    source: &mut Source,
    sheet: &str,
    layout: &Layout,
    columns: Columns,
) -> Result<(RowsRead, Hidden), FileFault> {
    let mut read_in = |order: ColumnOrder| {
        let mut reader = RowReader::new(layout, columns, source.epoch(), order);
        let hidden = source.rows_and_hidden(sheet, &mut |row| reader.read_row(row))?;
        Ok((reader.finish(), hidden))
    };
    let order = ColumnOrder::new(layout, Some(columns.date), None);
    let (read, hidden) = read_in(order)?;
    let decided = order.decide(&read.evidence);
    if decided == order {
        return Ok((read, hidden));
    }
    let evidence = read.evidence;
    let (mut read, hidden) = read_in(decided)?;
    read.of_days = decided.diagnostic(0, layout, Some(columns.date), &evidence, ORDER_MESSAGES);
    Ok((read, hidden))
}

/// The sheet of the payments.
struct ListSheet {
    name: String,
    layout: Layout,
    columns: Columns,
    /// The sheets that are not read and have rows with a day and a number.
    unread: Vec<String>,
}

impl ListSheet {
    /// The only one of these sheets with a list of payments, and its columns.
    ///
    /// # Errors
    ///
    /// Why there is none: what is wrong with the columns of the first sheet that is nearly one.
    fn choose(sheets: Vec<FoundSheet>, spec: &TableSpec) -> Result<Self, Vec<Problem>> {
        let of_file = |message| vec![Problem::of_file(message)];
        let (mut found, mut unread) = (Vec::new(), Vec::new());
        let mut almost = None;
        for sheet in sheets {
            let FoundSheet { name, layout, may_hold_sums, .. } = sheet;
            let faults = layout.iter().flat_map(|layout| layout.diagnostics(0, spec)).map(Problem::from);
            let faults: Vec<Problem> = faults.collect();
            match layout.and_then(|layout| Some((Columns::new(&layout, spec)?, layout))) {
                Some((columns, layout)) if faults.is_empty() => found.push((name, layout, columns)),
                _ => {
                    almost = almost.or((!faults.is_empty()).then_some(faults));
                    unread.extend(may_hold_sums.then_some(name));
                }
            }
        }
        if found.len() > 1 {
            let sheets = listed(found.iter().map(|(sheet, ..)| sheet));
            return Err(of_file(Message::new("payments-several-sheets").with("sheets", sheets)));
        }
        let without_table = || almost.unwrap_or_else(|| of_file(Message::new("payments-without-table")));
        let (name, layout, columns) = found.pop().ok_or_else(without_table)?;
        Ok(Self { name, layout, columns, unread })
    }
}

#[cfg(test)]
mod tests;
