//! Reads the sheets of an edition's workbook: recognises each by its title, and finds its facts, its columns and its rows.

use std::collections::BTreeMap;

use crate::base::cell_fault::CellFault;
use crate::base::messages::{Message, listed};
use crate::desk::edition_workbook::cell_places::{CellPlace, CellPlaces};
use crate::desk::edition_workbook::grid::{Content, Grid, GridRow};
use crate::desk::edition_workbook::sheet_kind::{BY_CHILD_BAND, CHILD_BAND, Field, KINDS, SheetKind, SheetMeaning};
use crate::table::text::folded;
use crate::tariff::programme::fold_code;

/// A cell with a value.
#[derive(Debug, Clone)]
pub struct ValueCell {
    /// The content.
    pub content: Content,
    /// The place.
    pub place: CellPlace,
}

/// The cells of a row, or the facts of a sheet, by their keys.
#[derive(Debug, Clone)]
pub struct KeyedCells {
    /// The place of the first cell.
    pub place: CellPlace,
    /// The cells.
    pub cells: BTreeMap<&'static str, ValueCell>,
    /// The cells for the children's bands, in order; none where a cell is empty.
    pub bands: Vec<(CellPlace, Option<Content>)>,
}

/// A sheet of a known kind.
#[derive(Debug)]
pub struct EditionSheet {
    /// The kind.
    pub kind: &'static SheetKind,
    /// The facts.
    pub facts: KeyedCells,
    /// The rows of the table.
    pub rows: Vec<KeyedCells>,
}

/// The meaning of a column.
#[derive(Debug, Clone, Copy)]
enum Column {
    Key(&'static str),
    ChildBand,
}

impl EditionSheet {
    /// Reads a sheet; `None` where its kind is unknown.
    pub fn read(at: usize, grid: &Grid, places: &mut CellPlaces, faults: &mut Vec<CellFault>) -> Option<Self> {
        let first = grid.rows.first()?;
        let place = |row: &GridRow, column: usize| CellPlace { sheet: at, row: row.number, column };
        let title = folded(first.text(0));
        let Some(kind) = KINDS.iter().find(|kind| folded(kind.title) == title) else {
            let known = listed(KINDS.iter().map(|kind| kind.title));
            let message = Message::new("edition-workbook-title").with("known", known);
            faults.push(places.fault(place(first, 0), message));
            return None;
        };
        let mut sheet = Self {
            kind,
            facts: KeyedCells { place: place(first, 0), cells: BTreeMap::new(), bands: Vec::new() },
            rows: Vec::new(),
        };
        refuse_after(first, at, 0, places, faults);
        let heading = kind.columns.first().map(|column| folded(column.heading));
        let is_head = |row: &&GridRow| heading.as_ref().is_some_and(|heading| folded(row.text(0)) == *heading);
        let head = grid.rows.iter().skip(1).position(|row| is_head(&row)).map(|at| at + 1);
        for row in &grid.rows[1..head.unwrap_or(grid.rows.len())] {
            sheet.read_fact(row, at, places, faults);
        }
        match head {
            Some(head) => sheet.read_table(&grid.rows[head..], at, places, faults),
            None if !kind.columns.is_empty() => {
                let message = Message::new("edition-workbook-no-table").with("heading", kind.columns[0].heading);
                faults.push(places.fault(sheet.facts.place, message));
            }
            None => {}
        }
        Some(sheet)
    }

    fn read_fact(&mut self, row: &GridRow, at: usize, places: &CellPlaces, faults: &mut Vec<CellFault>) {
        let place = |column: usize| CellPlace { sheet: at, row: row.number, column };
        let label = folded(row.text(0));
        let known = self.kind.facts;
        let Some(field) = known.iter().find(|field| folded(field.heading) == label) else {
            let headings = known.iter().chain(self.kind.columns.first()).map(|field| field.heading);
            let message = Message::new("edition-workbook-fact").with("known", listed(headings));
            faults.push(places.fault(place(row.cells[0].column), message));
            return;
        };
        refuse_after(row, at, 1, places, faults);
        let Some(content) = row.content(1) else { return };
        let cell = ValueCell { content: content.clone(), place: place(1) };
        if self.facts.cells.insert(field.key, cell).is_some() {
            let message = Message::new("edition-workbook-twice").with("heading", field.heading);
            faults.push(places.fault(place(0), message));
        }
    }

    fn read_table(&mut self, rows: &[GridRow], at: usize, places: &mut CellPlaces, faults: &mut Vec<CellFault>) {
        let Some((head, rows)) = rows.split_first() else { return };
        let columns = self.columns(head, at, places, faults);
        for row in rows {
            let place = |column: usize| CellPlace { sheet: at, row: row.number, column };
            let mut keyed = KeyedCells { place: place(0), cells: BTreeMap::new(), bands: Vec::new() };
            for (column, meaning) in &columns {
                let content = row.content(*column).cloned();
                match (meaning, content) {
                    (Column::ChildBand, content) => keyed.bands.push((place(*column), content)),
                    (Column::Key(key), Some(content)) => {
                        keyed.cells.insert(key, ValueCell { content, place: place(*column) });
                    }
                    (Column::Key(_), None) => {}
                }
            }
            let is_known = |column: usize| columns.iter().any(|(known, _)| *known == column);
            for cell in row.cells.iter().filter(|cell| !is_known(cell.column)) {
                faults.push(places.fault(place(cell.column), Message::new("edition-workbook-outside")));
            }
            self.rows.push(keyed);
        }
    }

    /// The meaning of each column by its heading.
    fn columns(
        &self,
        head: &GridRow,
        at: usize,
        places: &mut CellPlaces,
        faults: &mut Vec<CellFault>,
    ) -> Vec<(usize, Column)> {
        let mut columns: Vec<(usize, Column)> = Vec::new();
        let mut found: Vec<&'static str> = Vec::new();
        let mut bands = 0;
        for cell in &head.cells {
            let place = CellPlace { sheet: at, row: head.number, column: cell.column };
            let heading = folded(head.text(cell.column));
            if self.kind.has_child_bands && heading == folded(&format!("{CHILD_BAND}{}", bands + 1)) {
                bands += 1;
                columns.push((cell.column, Column::ChildBand));
                places.add_column(at, BY_CHILD_BAND, cell.column);
                continue;
            }
            let Some(field) = self.kind.columns.iter().find(|field| folded(field.heading) == heading) else {
                let next = self.kind.has_child_bands.then(|| format!("{CHILD_BAND}{}", bands + 1));
                let headings = self.kind.columns.iter().map(|field| field.heading.to_owned()).chain(next);
                let message = Message::new("edition-workbook-heading").with("known", listed(headings));
                faults.push(places.fault(place, message));
                continue;
            };
            if found.contains(&field.key) {
                let message = Message::new("edition-workbook-twice").with("heading", field.heading);
                faults.push(places.fault(place, message));
                continue;
            }
            found.push(field.key);
            columns.push((cell.column, Column::Key(field.key)));
            places.add_column(at, field.key, cell.column);
        }
        for Field { heading, key, .. } in self.kind.columns.iter().filter(|field| !found.contains(&field.key)) {
            // a fault of the value that is missing would be at the end of the table
            let place = CellPlace { sheet: at, row: head.number, column: 0 };
            let message = Message::new("edition-workbook-column").with("heading", *heading);
            faults.push(places.fault(place, message));
            places.add_column(at, key, 0);
        }
        columns
    }
}

/// Refuses what stands to the right of a column in a row.
fn refuse_after(row: &GridRow, at: usize, last: usize, places: &CellPlaces, faults: &mut Vec<CellFault>) {
    for cell in row.cells.iter().filter(|cell| cell.column > last) {
        let place = CellPlace { sheet: at, row: row.number, column: cell.column };
        faults.push(places.fault(place, Message::new("edition-workbook-outside")));
    }
}

/// Refuses a workbook that lacks a sheet or has one twice, and sheets of programmes that the edition does not have.
pub fn check_set(sheets: &[EditionSheet], places: &CellPlaces, faults: &mut Vec<CellFault>) {
    for kind in KINDS.iter().filter(|kind| kind.is_needed) {
        if !sheets.iter().any(|sheet| sheet.kind.meaning == kind.meaning) && faults.is_empty() {
            let message = Message::new("edition-workbook-sheet").with("title", kind.title);
            faults.push(CellFault { sheet: String::new(), cell: String::new(), message });
        }
    }
    let programmes: Vec<String> = sheets.iter().flat_map(programme_codes).collect();
    let mut seen: Vec<(SheetMeaning, Option<String>)> = Vec::new();
    for sheet in sheets {
        let of_programme = matches!(sheet.kind.meaning, SheetMeaning::Exclusions | SheetMeaning::Inclusions);
        let code = of_programme.then(|| sheet.programme().unwrap_or_default());
        if let Some(code) = code.as_ref().filter(|code| !programmes.contains(code)) {
            let place = sheet.facts.cells.get("programme").map_or(sheet.facts.place, |cell| cell.place);
            let message = Message::new("programme-unknown").with("code", code.as_str());
            faults.push(places.fault(place, message.with("known", listed(&programmes))));
        }
        let key = (sheet.kind.meaning, code);
        if seen.contains(&key) {
            let message = Message::new("edition-workbook-sheet-twice").with("title", sheet.kind.title);
            faults.push(places.fault(sheet.facts.place, message));
        }
        seen.push(key);
    }
}

/// The codes of the programmes of a sheet, folded.
fn programme_codes(sheet: &EditionSheet) -> Vec<String> {
    if sheet.kind.meaning != SheetMeaning::Rows("programme") {
        return Vec::new();
    }
    sheet.rows.iter().filter_map(|row| Some(fold_code(&row.cells.get("code")?.text()))).collect()
}

impl EditionSheet {
    /// The folded code of the programme that the sheet is about.
    pub fn programme(&self) -> Option<String> {
        Some(fold_code(&self.facts.cells.get("programme")?.text()))
    }
}

impl ValueCell {
    /// The content as a person would read it.
    pub fn text(&self) -> String {
        self.content.text()
    }
}
