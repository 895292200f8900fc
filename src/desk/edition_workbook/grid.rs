//! The filled cells of a workbook, read within the limits of an edition.

use std::path::Path;

use jiff::civil::Date;

use crate::base::cell_fault::CellFault;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::table::cell::Cell;
use crate::table::file_fault::FileFault;
use crate::table::source::{FileBytes, Source};

/// The most rows of a sheet that are filled: no edition has as many.
const MAX_ROWS: usize = 10_000;
/// The most columns of a sheet.
const MAX_COLUMNS: usize = 200;
/// The most sheets of a workbook.
const MAX_SHEETS: usize = 500;

/// The content of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A text or a truth value.
    Text(String),
    /// A number.
    Number(f64),
    /// A day.
    Day(Date),
    /// A formula without a result, or with an error.
    NoResult,
}

/// A filled cell.
#[derive(Debug, Clone, PartialEq)]
pub struct GridCell {
    /// The column, from 0.
    pub column: usize,
    /// The content.
    pub content: Content,
}

/// A row that has a filled cell.
#[derive(Debug, Clone)]
pub struct GridRow {
    /// The number, from 1.
    pub number: u32,
    /// The filled cells, by column; at least one.
    pub cells: Vec<GridCell>,
}

/// A sheet with its filled rows.
#[derive(Debug, Clone)]
pub struct Grid {
    /// The name.
    pub name: String,
    /// The rows, in order.
    pub rows: Vec<GridRow>,
}

impl GridRow {
    /// The content of a column.
    pub fn content(&self, column: usize) -> Option<&Content> {
        self.cells.iter().find(|cell| cell.column == column).map(|cell| &cell.content)
    }

    /// The text of a column; empty where it holds none.
    pub fn text(&self, column: usize) -> &str {
        match self.content(column) {
            Some(Content::Text(text)) => text,
            _ => "",
        }
    }
}

/// Reads every sheet of a workbook that has a filled cell.
///
/// # Errors
///
/// [`Error::Missing`] and the like where the file cannot be read, [`Error::RefusedCells`] where it is no workbook, a damaged one, or larger
/// than any edition.
pub fn read(path: &Path) -> Result<Vec<Grid>, Error> {
    let refused = |fault: FileFault| match fault {
        FileFault::Unread(error) => *error,
        fault => refuse(path, "", fault.message()),
    };
    let bytes = FileBytes::read(path).map_err(refused)?;
    let mut source = Source::open(bytes, |_| b';').map_err(refused)?;
    if matches!(source, Source::Text { .. }) {
        return Err(refuse(path, "", Message::new("edition-workbook-text")));
    }
    let names = source.sheets();
    let too_large = |sheet: &str| {
        let message = Message::new("edition-workbook-large").with("rows", MAX_ROWS).with("columns", MAX_COLUMNS);
        refuse(path, sheet, message.with("sheets", MAX_SHEETS))
    };
    if names.len() > MAX_SHEETS {
        return Err(too_large(""));
    }
    let mut grids = Vec::new();
    for name in names {
        let mut rows: Vec<GridRow> = Vec::new();
        let mut is_too_large = false;
        source
            .rows(&name, &mut |row| {
                is_too_large = rows.len() == MAX_ROWS || row.width() > MAX_COLUMNS;
                let cells = (0..row.width())
                    .filter_map(|column| Some(GridCell { column, content: content(row.cell(column))? }));
                if !is_too_large {
                    rows.push(GridRow { number: row.number(), cells: cells.collect() });
                }
                !is_too_large
            })
            .map_err(|fault| refuse(path, &name, fault.message()))?;
        if is_too_large {
            return Err(too_large(&name));
        }
        rows.retain(|row| !row.cells.is_empty());
        if !rows.is_empty() {
            grids.push(Grid { name, rows });
        }
    }
    Ok(grids)
}

fn refuse(path: &Path, sheet: &str, message: Message) -> Error {
    let fault = CellFault { sheet: sheet.to_owned(), cell: String::new(), message };
    Error::RefusedCells { path: path.to_owned(), faults: vec![fault] }
}

fn content(cell: Cell<'_>) -> Option<Content> {
    match cell {
        Cell::Empty => None,
        Cell::Number(number) => Some(Content::Number(number)),
        Cell::Date(day) => Some(Content::Day(day)),
        Cell::Fault(_) | Cell::Uncalculated => Some(Content::NoResult),
        Cell::Text(_) | Cell::Moment(_) | Cell::Bool(_) => Some(Content::Text(cell.display())),
    }
}
