//! The cells of a workbook, to be changed and written again.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use kollektiv::desk::edition_workbook::export;
use kollektiv::tariff::Tariff;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

/// The content of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Empty,
    Text(String),
    Number(f64),
    /// A day as Excel counts it.
    Serial(f64),
}

/// The sheets of a workbook, in order, each with its cells by row and column from 0.
#[derive(Debug, Clone)]
pub struct Sheets(Vec<(String, Cells)>);

/// Cells by row and column from 0.
type Cells = BTreeMap<(u32, u16), Value>;

impl Sheets {
    /// The workbook of an edition.
    pub fn of(edition: &Tariff) -> Self {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(export(edition).unwrap())).unwrap();
        let names = book.sheet_names();
        let sheet = |name: String| {
            let range = book.worksheet_range(&name).unwrap();
            let (first_row, first_column) = range.start().unwrap();
            let cells = range.used_cells().filter_map(|(row, column, data)| {
                let value = match data {
                    Data::String(text) => Value::Text(text.clone()),
                    Data::Float(number) => Value::Number(*number),
                    Data::DateTime(day) => Value::Serial(day.as_f64()),
                    Data::Empty => return None,
                    other => panic!("{other:?}"),
                };
                Some((
                    (first_row + u32::try_from(row).unwrap(), u16::try_from(first_column as usize + column).unwrap()),
                    value,
                ))
            });
            (name, cells.collect())
        };
        Self(names.into_iter().map(sheet).collect())
    }

    /// The names of the sheets.
    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The content of a cell, by its name in Excel.
    pub fn value(&self, sheet: &str, cell: &str) -> Option<&Value> {
        self.0.iter().find(|(name, _)| name == sheet)?.1.get(&place(cell))
    }

    /// Sets a cell.
    #[track_caller]
    pub fn set(&mut self, sheet: &str, cell: &str, value: Value) {
        let cells = self.0.iter_mut().find(|(name, _)| name == sheet).expect("a sheet of the workbook");
        cells.1.insert(place(cell), value);
    }

    /// Removes a sheet.
    pub fn remove(&mut self, sheet: &str) {
        self.0.retain(|(name, _)| name != sheet);
    }

    /// Copies a sheet to the end.
    pub fn copy(&mut self, sheet: &str, name: &str) {
        let cells = self.0.iter().find(|(known, _)| known == sheet).unwrap().1.clone();
        self.0.push((name.to_owned(), cells));
    }

    /// The workbook with these cells.
    pub fn bytes(&self) -> Vec<u8> {
        let mut book = Workbook::new();
        let day = Format::new().set_num_format("dd.mm.yyyy");
        for (name, cells) in &self.0 {
            let sheet = book.add_worksheet();
            sheet.set_name(name).unwrap();
            for ((row, column), value) in cells {
                match value {
                    Value::Empty => {}
                    Value::Text(text) => {
                        sheet.write_string(*row, *column, text).unwrap();
                    }
                    Value::Number(number) => {
                        sheet.write_number(*row, *column, *number).unwrap();
                    }
                    Value::Serial(serial) => {
                        let serial = ExcelDateTime::from_serial_datetime(*serial).unwrap();
                        sheet.write_datetime_with_format(*row, *column, &serial, &day).unwrap();
                    }
                }
            }
        }
        book.save_to_buffer().unwrap()
    }
}

/// The row and the column of a cell with one letter: `C7`.
fn place(cell: &str) -> (u32, u16) {
    let column = cell.as_bytes()[0] - b'A';
    (cell[1..].parse::<u32>().unwrap() - 1, column.into())
}
