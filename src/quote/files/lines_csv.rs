//! `premiums.csv`: the lines as text.

use std::io::{self, Write};
use std::sync::mpsc::sync_channel;

use rayon::prelude::*;

use crate::base::calendar::Period;
use crate::base::error::Error;
use crate::base::progress::Progress;
use crate::output::csv::{end_row, header, push_amount, push_count, push_day, push_field};
use crate::output::csv_injection::defused;
use crate::output::folder::Folder;
use crate::quote::line_columns::{CellKey, CellValue, InsuredValue, LineColumn, Value};
use crate::quote::{Admitted, Line, Price, Quote};
use crate::table::tables::Sheet;

/// The name of the file.
pub const NAME: &str = "premiums.csv";

/// The insured that one task formats: so many that their text is written without a copy into the buffer of the file.
const INSURED_PER_TASK: usize = 1024;
/// The tasks whose texts go to the disk together.
const TASKS_AT_ONCE: usize = 8;
/// The bytes of the lines of an insured, roughly.
const BYTES_PER_INSURED: usize = 448;

/// Writes every line; the text is formatted in parallel and written in order.
pub fn write(quote: &Quote<'_>, price: &Price<'_>, folder: &Folder, progress: &dyn Progress) -> Result<(), Error> {
    let mut file = folder.create(NAME)?;
    let lines = LineFormatter::new(quote, price);
    let written: io::Result<()> = std::thread::scope(|threads| {
        let (sender, receiver) = sync_channel::<Vec<Vec<u8>>>(2);
        let file = &mut file;
        let writer = threads.spawn(move || receiver.iter().flatten().try_for_each(|text| file.write_all(&text)));
        let _ = sender.send(vec![header(LineColumn::ALL.iter().map(|column| column.as_str()))?]);
        for insured in price.lines.admitted.chunks(INSURED_PER_TASK * TASKS_AT_ONCE) {
            let texts = insured.par_chunks(INSURED_PER_TASK).map(|insured| lines.format(insured)).collect();
            progress.advance(insured.len() as u64);
            // send fails once the writer has stopped; its error is returned by `join`
            if sender.send(texts).is_err() {
                break;
            }
        }
        drop(sender);
        writer.join().expect("the writer does not panic")
    });
    written.map_err(|fault| Error::writing(&folder.target_path(NAME), fault))?;
    folder.finish(file)
}

/// Formats lines from pieces that are ready.
///
/// A line is what depends on the row alone, formatted once for all lines of an insured, and the rest. Nearly all lines have the sum insured
/// of their cover and the term of the contract: their rest is that of their cell, and is formatted once.
struct LineFormatter<'q> {
    quote: &'q Quote<'q>,
    price: &'q Price<'q>,
    values: Vec<Value>,
    /// The number of columns before the first that depends on more than the row.
    row_columns: usize,
    /// The texts of each sheet, by column; empty for the columns that do not depend on it.
    sheets: Vec<Vec<Vec<u8>>>,
    /// The texts of each rated cell, by column; empty for the columns that do not depend on it.
    cells: Vec<Vec<Vec<u8>>>,
    /// The rest of the whole lines of each cell in the contract's term; `None` where no line needs the cell.
    whole_lines: Vec<Option<Vec<u8>>>,
}

impl<'q> LineFormatter<'q> {
    fn new(quote: &'q Quote<'q>, price: &'q Price<'q>) -> Self {
        let values: Vec<Value> = LineColumn::ALL.iter().map(|column| column.value()).collect();
        let texts = |key: CellKey<'_>| -> Vec<Vec<u8>> {
            let text = |value: &Value| if let Value::Cell(value) = value { cell_text(value, &key) } else { Vec::new() };
            values.iter().map(text).collect()
        };
        let cells = (0..price.axes.cells()).map(|at| CellKey::new(quote, price, at).map(texts).unwrap_or_default());
        let cells: Vec<Vec<Vec<u8>>> = cells.collect();
        let sheet_texts = |sheet: &Sheet| values.iter().map(|value| sheet_text(value, sheet)).collect();
        let sheets = quote.roster.tables.sheets.iter().map(sheet_texts).collect();
        let row_columns = values.iter().take_while(|value| depends_on_row(value)).count();
        let mut lines = Self { quote, price, row_columns, sheets, cells, whole_lines: Vec::new(), values };
        if !lines.values[row_columns..].iter().any(depends_on_row) {
            lines.whole_lines = (0..price.axes.cells()).map(|at| lines.whole_line(at)).collect();
        }
        lines
    }

    /// The rest of the whole lines of a cell in the contract's term.
    fn whole_line(&self, cell_at: usize) -> Option<Vec<u8>> {
        let period = self.quote.contract.term().period();
        let line = self.price.lines.whole_line(cell_at, self.quote.contract, &self.price.axes)?;
        let mut text = Vec::new();
        for column in self.row_columns..self.values.len() {
            match &self.values[column] {
                Value::Insured(value) => push_cover(&mut text, value, period),
                Value::Cell(_) => text.extend_from_slice(&self.cells[cell_at][column]),
                Value::Amount(amount) => push_amount(&mut text, amount(&line)),
            }
        }
        end_row(&mut text);
        Some(text)
    }

    /// The lines of some insured.
    fn format(&self, insured: &[Admitted]) -> Vec<u8> {
        let Quote { contract, roster, .. } = self.quote;
        let term = contract.term().period();
        let (mut text, mut of_row) = (Vec::with_capacity(insured.len() * BYTES_PER_INSURED), Vec::new());
        for insured in insured {
            of_row.clear();
            for column in 0..self.row_columns {
                self.push_row_value(&mut of_row, column, insured);
            }
            for line in self.price.lines.of_insured(insured, contract, &self.price.axes, &roster.insured) {
                text.extend_from_slice(&of_row);
                match self.whole_lines.get(line.cell_at) {
                    Some(Some(rest)) if line.is_whole() && line.period == term => text.extend_from_slice(rest),
                    _ => self.push_rest(&mut text, insured, &line),
                }
            }
        }
        text
    }

    /// Appends the columns of a line that depend on more than the row.
    fn push_rest(&self, text: &mut Vec<u8>, insured: &Admitted, line: &Line<'_>) {
        for column in self.row_columns..self.values.len() {
            match &self.values[column] {
                value if depends_on_row(value) => self.push_row_value(text, column, insured),
                Value::Insured(value) => push_cover(text, value, line.period),
                Value::Cell(_) => text.extend_from_slice(&self.cells[line.cell_at][column]),
                Value::Amount(amount) => push_amount(text, amount(line)),
            }
        }
        end_row(text);
    }

    /// Appends a value that depends on the row of an insured.
    fn push_row_value(&self, text: &mut Vec<u8>, column: usize, insured: &Admitted) {
        let (rows, at) = (&self.quote.roster.insured, insured.at as usize);
        let Value::Insured(value) = &self.values[column] else { return };
        match value {
            InsuredValue::SheetText(_) => {
                text.extend_from_slice(&self.sheets[usize::from(rows.sheet[at])][column]);
            }
            InsuredValue::PersonalText(of) => push_field(text, &defused(of(rows, at))),
            InsuredValue::RowNumber(of) => push_count(text, of(rows, at)),
            InsuredValue::RowDay(of) => match of(rows, at) {
                Some(day) => push_day(text, day),
                None => push_field(text, ""),
            },
            InsuredValue::InsuredNumber(of) => push_count(text, of(insured)),
            InsuredValue::CoverDay(_) | InsuredValue::CoverNumber(_) => {}
        }
    }
}

/// Whether a value is that of a row, whatever its days of cover.
fn depends_on_row(value: &Value) -> bool {
    matches!(value, Value::Insured(value) if !matches!(value, InsuredValue::CoverDay(_) | InsuredValue::CoverNumber(_)))
}

/// Appends a value of the days of cover.
fn push_cover(text: &mut Vec<u8>, value: &InsuredValue, cover: Period) {
    match value {
        InsuredValue::CoverDay(of) => push_day(text, of(cover)),
        InsuredValue::CoverNumber(of) => push_count(text, of(cover)),
        _ => {}
    }
}

fn sheet_text(value: &Value, sheet: &Sheet) -> Vec<u8> {
    let mut text = Vec::new();
    if let Value::Insured(InsuredValue::SheetText(of)) = value {
        push_field(&mut text, &defused(of(sheet)));
    }
    text
}

fn cell_text(value: &CellValue, key: &CellKey<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    match value {
        CellValue::CellText(of) => push_field(&mut text, &defused(&of(key))),
        CellValue::CellNumber(of) => push_count(&mut text, of(key)),
    }
    text
}
