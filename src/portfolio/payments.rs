//! Lists of payments: contract number, date and amount, from a bank or from accounting.
//!
//! The file may have any format of a roster: text in any encoding with any delimiter, or a workbook. Every row that is not empty becomes a
//! [`Payment`], a [`Problem`] with its place, or a total that is skipped.

mod columns;
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
use crate::table::value;
use columns::{Columns, table_spec};
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
        match Source::open(file, |text| find_delimiter(text, &table_spec())) {
            Ok(mut source) => Self::parse(&mut source),
            Err(fault) => Self::refused(fault.message()),
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
        let read = source.rows_and_hidden(&sheet, &mut |row| {
            if row.number() > columns.header_row {
                payments.read_row(row, &columns, epoch);
            }
        });
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
        match (number, date, amount) {
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
    match value::day_of_event(cell, epoch) {
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
    let (is_negative, size) = match cell {
        Cell::Empty => return Err(Message::new("payment-without-amount")),
        Cell::Number(number) => (number < 0.0, Cell::Number(number.abs())),
        Cell::Text(text) => {
            let signed = text.strip_prefix(['-', '−', '–']);
            let in_brackets = || text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
            let size = signed.or_else(in_brackets);
            (size.is_some(), Cell::Text(size.unwrap_or(text).trim()))
        }
        other => (false, other),
    };
    let lawful = |amount: &Kopecks| *amount > Kopecks::ZERO && *amount <= MAX_SUM_INSURED;
    let size = value::roubles(size).filter(lawful);
    let size = size.ok_or_else(|| Message::new("payment-amount").with("limit", MAX_SUM_INSURED))?;
    Ok(if is_negative { Kopecks::ZERO - size } else { size })
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read, Write};

    use jiff::civil::date;

    use super::*;
    use crate::base::messages::Language;

    fn read(text: &str) -> Payments {
        read_bytes(text.as_bytes().to_vec())
    }

    fn read_bytes(bytes: Vec<u8>) -> Payments {
        Payments::read(FileBytes::from(bytes))
    }

    fn payment(number: &str, date: Date, kopecks: i128, row: u32) -> Payment {
        Payment { number: number.to_owned(), date, amount: Kopecks::new(kopecks), document: String::new(), row }
    }

    /// The problems, as their places and the names of their messages.
    fn problems(payments: &Payments) -> Vec<(u32, Option<u32>, &'static str)> {
        payments.problems.iter().map(|found| (found.row, found.column, found.message.name())).collect()
    }

    #[test]
    fn payments_are_read_in_every_spelling() {
        let expected = [payment("ДМС-1", date(2026, 12, 1), 12_000_050, 2), payment("0417", date(2027, 1, 31), 100, 3)];
        let russian = "Номер договора;Дата;Сумма\nДМС-1;01.12.2026;120 000,50\n0417;31/01/2027;1,00 руб.\n";
        let english = "amount,contract,date\n120000.50,ДМС-1,2026-12-01\n1,0417,2027-01-31\n";
        let tabs =
            "Договор №\tДата платежа\tСумма, руб.\r\nДМС-1\t1.12.2026\t120\u{a0}000,5\r\n0417\t31.01.2027 г.\t1 ₽\r\n";
        for text in [russian, english, tabs] {
            let payments = read(text);
            assert_eq!(problems(&payments), [], "{text}");
            assert_eq!(payments.payments, expected, "{text}");
        }
        let windows_1251 = encoding_rs::WINDOWS_1251.encode(russian).0.into_owned();
        assert_eq!(read_bytes(windows_1251).payments, expected);
        assert_eq!(read(russian).notes, []);
    }

    #[test]
    fn titles_totals_and_other_columns_of_a_bank_are_skipped() {
        let payments = read(
            "Выписка по счёту за декабрь;;;;\n;;;;\nНомер;Дата;Плательщик;Номер договора;Сумма\n\
             17;01.12.2026;ООО «Ромашка»;ДМС-1;100,00\n;;;;\nИтого;;;;100,00\n",
        );
        assert_eq!(problems(&payments), []);
        assert_eq!(payments.payments, [payment("ДМС-1", date(2026, 12, 1), 10_000, 4)], "the number of the contract");
        assert_eq!(payments.sums, [6]);
    }

    #[test]
    fn a_workbook_gives_the_same_payments() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let day = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy");
        let _ = book.add_worksheet().write(0, 0, "Письмо").unwrap();
        let sheet = book.add_worksheet();
        for (column, heading) in [(1, "№ договора"), (2, "Дата оплаты"), (4, "Сумма, руб.")]
        {
            sheet.write(2, column, heading).unwrap();
        }
        let date_cell = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 12, 1).unwrap();
        sheet.write(3, 1, 417).unwrap().write(3, 4, 1234.5).unwrap();
        sheet.write_with_format(3, 2, date_cell, &day).unwrap();
        sheet.write(4, 1, "ДМС-1").unwrap().write(4, 2, "02.12.2026").unwrap().write(4, 4, "7 000").unwrap();
        sheet.write(5, 1, "ДМС-1").unwrap().write(5, 2, "02.12.2026").unwrap().write(5, 4, -7).unwrap();
        let payments = read_bytes(book.save_to_buffer().unwrap());
        let expected = [
            payment("417", date(2026, 12, 1), 123_450, 4),
            payment("ДМС-1", date(2026, 12, 2), 700_000, 5),
            payment("ДМС-1", date(2026, 12, 2), -700, 6),
        ];
        assert_eq!(payments.payments, expected);
        assert_eq!(problems(&payments), []);
    }

    #[test]
    fn hidden_cells_are_read_with_a_warning() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let _ = book.add_worksheet().write(0, 0, "Письмо").unwrap();
        let sheet = book.add_worksheet().set_name("Банк").unwrap().set_hidden(true);
        sheet.write_row(0, 0, ["number", "date", "amount", "note"]).unwrap();
        for row in 1..8 {
            sheet.write_row(row, 0, ["A", "2026-12-01", "5", ""]).unwrap();
        }
        for row in [2, 3, 5, 20] {
            sheet.set_row_hidden(row).unwrap();
        }
        sheet.set_column_hidden(1).unwrap().set_column_hidden(3).unwrap();
        sheet.merge_range(6, 0, 7, 0, "A", &rust_xlsxwriter::Format::new()).unwrap();
        let payments = read_bytes(book.save_to_buffer().unwrap());
        assert_eq!(payments.payments.len(), 6, "hidden ones too");
        assert_eq!(problems(&payments), [(8, Some(0), "payment-without-number")]);
        let rendered: Vec<String> = payments.notes.iter().map(|note| Language::En.render(note)).collect();
        let expected = [
            ("payments-hidden-sheet", "“Банк”"),
            ("payments-hidden-row", "3–4, 6 (3)"),
            ("merged-cells", "A7:A8 (1)"),
            ("hidden-column", "(1): B;"),
        ];
        assert_eq!(rendered.len(), expected.len(), "{rendered:?}");
        for ((note, text), (name, words)) in payments.notes.iter().zip(&rendered).zip(expected) {
            assert!(note.name() == name && text.contains(words), "{text}");
        }
    }

    /// A workbook whose only sheet is truncated to `parts` of `of` equal parts.
    fn truncated(book: Vec<u8>, parts: usize, of: usize) -> Vec<u8> {
        let mut whole = zip::ZipArchive::new(Cursor::new(book)).unwrap();
        let mut broken = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..whole.len() {
            let mut entry = whole.by_index(at).unwrap();
            let name = entry.name().unwrap().into_owned();
            let mut text = Vec::new();
            entry.read_to_end(&mut text).unwrap();
            if name == "xl/worksheets/sheet1.xml" {
                text.truncate(text.len() * parts / of);
            }
            broken.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            broken.write_all(&text).unwrap();
        }
        broken.finish().unwrap().into_inner()
    }

    #[test]
    fn a_truncated_list_has_no_payment() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_row(0, 0, ["number", "date", "amount"]).unwrap();
        for row in 1..500 {
            sheet.write_row(row, 0, ["A", "2026-12-01", "5"]).unwrap();
        }
        let whole = book.save_to_buffer().unwrap();
        assert_eq!(read_bytes(whole.clone()).payments.len(), 499);
        let payments = read_bytes(truncated(whole, 3, 4));
        assert_eq!((payments.payments.len(), payments.problems.len()), (0, 1), "{:?}", payments.problems);
        assert_eq!(payments.problems[0].row, 0, "a problem of the whole list");
    }

    #[test]
    fn every_bad_row_is_reported_with_its_place() {
        let payments = read(
            "number;date;amount\nA;01.12.2026;100\n;01.12.2026;100\nA;01.12.26;100\nA;;100\nA;01.12.2026;\n\
             A;31.11.2026;сто\nA;01.12.2026;0\nA;01.12.2026;-100\nA;01.12.2026;1.005\nA;01.12.2026;1000000000000.01\n\
             #N/A;#N/A;#N/A\n1,23457E+15;01.12.2026;5\n;;;примечание\n",
        );
        let amounts: Vec<i128> = payments.payments.iter().map(|payment| payment.amount.get()).collect();
        assert_eq!(amounts, [10_000, -10_000], "a reversal is no fault");
        assert_eq!(
            problems(&payments),
            [
                (3, Some(0), "payment-without-number"),
                (4, Some(1), "date-two-digit-year"),
                (5, Some(1), "payment-without-date"),
                (6, Some(2), "payment-without-amount"),
                (7, Some(1), "date-no-such-day"),
                (7, Some(2), "payment-amount"),
                (8, Some(2), "payment-amount"),
                (10, Some(2), "payment-amount"),
                (11, Some(2), "payment-amount"),
                (12, Some(0), "formula-fault"),
                (12, Some(1), "formula-fault"),
                (12, Some(2), "formula-fault"),
                (13, Some(0), "payment-number-rounded"),
                (14, Some(0), "payment-without-number"),
                (14, Some(1), "payment-without-date"),
                (14, Some(2), "payment-without-amount"),
            ]
        );
        let shown = payments.problems[1].render(Path::new("in/payments.csv"), Language::En);
        assert!(shown.starts_with("in/payments.csv, B4: "), "{shown}");
    }

    #[test]
    fn a_file_without_a_table_is_refused() {
        for (text, problem) in [
            ("", "roster-empty"),
            ("just words\n", "payments-without-table"),
            ("Номер;Дата\nA;01.12.2026\n", "payments-column-missing"),
            ("Номер договора;Дата оплаты;Дата поступления;Сумма\nA;01.12.2026;02.12.2026;5\n", "payments-column-twice"),
            ("Номер;Дата;Сумма;Сумма\nA;01.12.2026;5;6\n", "payments-column-twice"),
            ("number;date;amount\n", "payments-none"),
            ("number;date;amount\n\"A;01.12.2026;5\n", "roster-open-quote"),
        ] {
            let payments = read(text);
            assert!(payments.payments.is_empty());
            assert_eq!(problems(&payments).iter().map(|(_, _, name)| *name).collect::<Vec<_>>(), [problem], "{text}");
        }
    }
}
