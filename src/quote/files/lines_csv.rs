//! `premiums.csv`: the lines as text.

use std::io::{self, Write};
use std::sync::mpsc::sync_channel;

use rayon::prelude::*;

use crate::base::calendar::Period;
use crate::base::error::Error;
use crate::base::progress::Progress;
use crate::output::csv::{end_row, header, push_day, push_field, push_number};
use crate::output::csv_injection::defused;
use crate::output::folder::Folder;
use crate::quote::line_columns::{CellKey, CellValue, InsuredValue, LineColumn, Value};
use crate::quote::{Admitted, Price, Quote};

/// The name of the file.
pub const NAME: &str = "premiums.csv";

/// The insured that one task formats.
const INSURED_PER_TASK: usize = 512;
/// The tasks whose texts go to the disk together.
const TASKS_AT_ONCE: usize = 16;

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

/// Formats lines. A value that many lines have in common is formatted once.
struct LineFormatter<'q> {
    quote: &'q Quote<'q>,
    price: &'q Price<'q>,
    values: Vec<Value>,
    /// The texts of each rated cell, by column; empty for the columns that do not depend on it.
    cells: Vec<Vec<Vec<u8>>>,
}

impl<'q> LineFormatter<'q> {
    fn new(quote: &'q Quote<'q>, price: &'q Price<'q>) -> Self {
        let values: Vec<Value> = LineColumn::ALL.iter().map(|column| column.value()).collect();
        let texts = |key: CellKey<'_>| -> Vec<Vec<u8>> {
            let text = |value: &Value| if let Value::Cell(value) = value { cell_text(value, &key) } else { Vec::new() };
            values.iter().map(text).collect()
        };
        let cells = (0..price.axes.cells()).map(|at| CellKey::new(quote, price, at).map(texts).unwrap_or_default());
        Self { quote, price, cells: cells.collect(), values }
    }

    /// The lines of some insured.
    fn format(&self, insured: &[Admitted]) -> Vec<u8> {
        let Quote { contract, roster, .. } = self.quote;
        let mut text = Vec::new();
        let mut insured_texts = vec![Vec::new(); self.values.len()];
        for insured in insured {
            for (place, line) in
                self.price.lines.of_insured(insured, contract, &self.price.axes, &roster.insured).enumerate()
            {
                for (column, value) in self.values.iter().enumerate() {
                    match value {
                        Value::Insured(value) => {
                            if place == 0 {
                                self.format_insured(value, insured, line.period, &mut insured_texts[column]);
                            }
                            text.extend_from_slice(&insured_texts[column]);
                        }
                        Value::Cell(_) => text.extend_from_slice(&self.cells[line.cell_at][column]),
                        Value::Amount(amount) => push_number(&mut text, amount(&line)),
                    }
                }
                end_row(&mut text);
            }
        }
        text
    }

    /// Replaces a text by that of a value of an insured.
    fn format_insured(&self, value: &InsuredValue, insured: &Admitted, cover: Period, text: &mut Vec<u8>) {
        let (rows, at) = (&self.quote.roster.insured, insured.at as usize);
        text.clear();
        match value {
            InsuredValue::SheetText(of) => {
                push_field(text, &defused(of(&self.quote.roster.tables.sheets[usize::from(rows.sheet[at])])));
            }
            InsuredValue::PersonalText(of) => push_field(text, &defused(of(rows, at))),
            InsuredValue::RowNumber(of) => push_number(text, of(rows, at)),
            InsuredValue::RowDay(of) => match of(rows, at) {
                Some(day) => push_day(text, day),
                None => push_field(text, ""),
            },
            InsuredValue::InsuredNumber(of) => push_number(text, of(insured)),
            InsuredValue::CoverDay(of) => push_day(text, of(cover)),
            InsuredValue::CoverNumber(of) => push_number(text, of(cover)),
        }
    }
}

fn cell_text(value: &CellValue, key: &CellKey<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    match value {
        CellValue::CellText(of) => push_field(&mut text, &defused(&of(key))),
        CellValue::CellNumber(of) => push_number(&mut text, of(key)),
    }
    text
}
