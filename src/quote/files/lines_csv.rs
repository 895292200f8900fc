//! `premiums.csv`: the lines as text.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::mpsc::sync_channel;

use rayon::prelude::*;

use crate::base::error::Error;
use crate::base::progress::Progress;
use crate::output::csv::{end_row, header, push_day, push_field, push_number};
use crate::output::csv_injection::defused;
use crate::output::folder::Folder;
use crate::quote::line_columns::{CellKey, Dependency, LineColumn, Value};
use crate::quote::lines::Line;
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

/// Formats lines. Columns of one [`Dependency`] that stand together are formatted together, and once for all lines that
/// have them in common.
struct LineFormatter<'q> {
    quote: &'q Quote<'q>,
    price: &'q Price<'q>,
    spans: Vec<(Dependency, Vec<Value>)>,
    /// The texts of each rated cell, by span; empty for the spans that do not depend on it.
    cells: Vec<Vec<Vec<u8>>>,
}

impl<'q> LineFormatter<'q> {
    fn new(quote: &'q Quote<'q>, price: &'q Price<'q>) -> Self {
        let dependency = |column: &LineColumn| column.value().dependency();
        let spans = LineColumn::ALL.chunk_by(|column, next| dependency(column) == dependency(next));
        let spans: Vec<(Dependency, Vec<Value>)> =
            spans.map(|span| (dependency(&span[0]), span.iter().map(|column| column.value()).collect())).collect();
        let cell_texts = |key: CellKey<'_>| -> Vec<Vec<u8>> {
            spans
                .iter()
                .map(|(_, values)| format_span(values, |value, text| push_cell_value(value, &key, text)))
                .collect()
        };
        let cells = (0..price.axes.cells())
            .map(|cell_at| CellKey::new(quote, price, cell_at).map(cell_texts).unwrap_or_default())
            .collect();
        Self { quote, price, spans, cells }
    }

    /// The lines of some insured.
    fn format(&self, insured: &[Admitted]) -> Vec<u8> {
        let Quote { contract, roster, .. } = self.quote;
        let mut text = Vec::new();
        let mut own = vec![Vec::new(); self.spans.len()];
        for insured in insured {
            for (place, line) in self.price.lines.of(insured, contract, &self.price.axes, &roster.insured).enumerate() {
                for (span, (dependency, values)) in self.spans.iter().enumerate() {
                    match dependency {
                        Dependency::Insured => {
                            if place == 0 {
                                own[span].clear();
                                values
                                    .iter()
                                    .for_each(|value| self.push_own_value(value, insured, &line, &mut own[span]));
                            }
                            text.extend_from_slice(&own[span]);
                        }
                        Dependency::Cell => text.extend_from_slice(&self.cells[line.cell_at][span]),
                        Dependency::Line => values.iter().for_each(|value| {
                            if let Value::Amount(amount) = value {
                                push_number(&mut text, amount(&line));
                            }
                        }),
                    }
                }
                end_row(&mut text);
            }
        }
        text
    }

    /// Appends a value that all lines of an insured have in common.
    fn push_own_value(&self, value: &Value, insured: &Admitted, line: &Line<'_>, text: &mut Vec<u8>) {
        let (rows, at) = (&self.quote.roster.insured, insured.at as usize);
        match value {
            Value::SheetText(of) => {
                push_field(text, &defused(of(&self.quote.roster.tables.sheets[usize::from(rows.sheet[at])])));
            }
            Value::PersonalText(of) => push_field(text, &defused(of(rows, at))),
            Value::RowNumber(of) => push_number(text, of(rows, at)),
            Value::RowDay(of) => match of(rows, at) {
                Some(day) => push_day(text, day),
                None => push_field(text, ""),
            },
            Value::InsuredNumber(of) => push_number(text, of(insured)),
            Value::CoverDay(of) => push_day(text, of(line.period)),
            Value::CoverNumber(of) => push_number(text, of(line.period)),
            Value::CellText(_) | Value::CellNumber(_) | Value::Amount(_) => {}
        }
    }
}

fn format_span(values: &[Value], push: impl Fn(&Value, &mut Vec<u8>)) -> Vec<u8> {
    let mut text = Vec::new();
    values.iter().for_each(|value| push(value, &mut text));
    text
}

/// Appends a value that all lines of a cell have in common.
fn push_cell_value(value: &Value, key: &CellKey<'_>, text: &mut Vec<u8>) {
    match value {
        Value::CellText(of) => {
            let cell_text: Cow<'_, str> = of(key);
            push_field(text, &defused(&cell_text));
        }
        Value::CellNumber(of) => push_number(text, of(key)),
        _ => {}
    }
}
