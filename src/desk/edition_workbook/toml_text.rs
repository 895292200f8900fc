//! Writes the text of an edition's file from the sheets of a workbook, and records the cell of each value.

use std::collections::BTreeSet;

use crate::base::cell_fault::CellFault;
use crate::base::messages::Message;
use crate::desk::edition_workbook::cell_places::{CellPlace, CellPlaces};
use crate::desk::edition_workbook::edition_sheet::{EditionSheet, KeyedCells, ValueCell};
use crate::desk::edition_workbook::grid::Content;
use crate::desk::edition_workbook::sheet_kind::{CellForm, Field, KINDS, SheetMeaning};
use crate::desk::edition_workbook::values::{coefficient_text, one_line, quoted};
use crate::table::cell::number_as_text;
use crate::tariff::programme::fold_code;

/// The text of the edition; faults of the form of cells are added to `faults`.
pub fn toml_text(sheets: &[EditionSheet], places: &mut CellPlaces, faults: &mut Vec<CellFault>) -> String {
    let mut writer = TomlWriter { text: String::new(), places, faults };
    for kind in &KINDS {
        for sheet in sheets.iter().filter(|sheet| sheet.kind.meaning == kind.meaning) {
            match kind.meaning {
                SheetMeaning::Edition => writer.table("edition", sheet, None),
                SheetMeaning::Table(key) => {
                    let rows = if key == "risk" { "groups" } else { "bands" };
                    writer.table(key, sheet, (!kind.columns.is_empty()).then_some(rows));
                }
                SheetMeaning::Rows("programme") => {
                    sheet.rows.iter().for_each(|row| writer.programme(sheet, row, sheets));
                }
                SheetMeaning::Rows(key) => sheet.rows.iter().for_each(|row| writer.row_table(key, sheet, row)),
                // they stand after their programmes
                SheetMeaning::Exclusions | SheetMeaning::Inclusions => {}
            }
        }
    }
    writer.text
}

struct TomlWriter<'w> {
    text: String,
    places: &'w mut CellPlaces,
    faults: &'w mut Vec<CellFault>,
}

impl TomlWriter<'_> {
    /// A table of the edition: its facts, and its rows under a key.
    fn table(&mut self, key: &str, sheet: &EditionSheet, rows: Option<&str>) {
        let start = self.begin_table();
        self.push(&format!("[{key}]\n"));
        self.fields(sheet.kind.facts, &sheet.facts, "\n");
        if let Some(rows) = rows {
            self.inline_rows(rows, sheet.kind.columns, &sheet.rows);
        }
        self.places.add(start..self.text.len(), sheet.facts.place);
    }

    /// A table of its own for a row.
    fn row_table(&mut self, key: &str, sheet: &EditionSheet, row: &KeyedCells) {
        let start = self.begin_table();
        self.push(&format!("[[{key}]]\n"));
        self.fields(sheet.kind.columns, row, "\n");
        self.places.add(start..self.text.len(), row.place);
    }

    /// A programme with what can be excluded from it and included in it.
    fn programme(&mut self, sheet: &EditionSheet, row: &KeyedCells, sheets: &[EditionSheet]) {
        let start = self.begin_table();
        self.push("[[programme]]\n");
        let is_base = |field: &&Field| field.key.starts_with("base");
        let (base, others): (Vec<&Field>, Vec<&Field>) = sheet.kind.columns.iter().partition(is_base);
        let before = others.iter().position(|field| field.key == "sex").unwrap_or(others.len());
        self.some_fields(&others[..before], row, "\n");
        self.one_form("base", row, &base);
        self.some_fields(&others[before..], row, "\n");
        self.places.add(start..self.text.len(), row.place);
        let code = row.cells.get("code").map(|cell| fold_code(&cell.text()));
        let of_programme = |sheet: &&EditionSheet| code.is_some() && sheet.programme() == code;
        for sheet in sheets.iter().filter(of_programme) {
            match sheet.kind.meaning {
                SheetMeaning::Exclusions => self.exclusions(sheet),
                SheetMeaning::Inclusions => {
                    let start = self.begin_table();
                    self.push("[programme.inclusions]\n");
                    self.some_fields(&[&sheet.kind.facts[1]], &sheet.facts, "\n");
                    self.inline_rows("rows", sheet.kind.columns, &sheet.rows);
                    self.places.add(start..self.text.len(), sheet.facts.place);
                }
                _ => {}
            }
        }
    }

    /// The rows of single services, and the sets of several.
    fn exclusions(&mut self, sheet: &EditionSheet) {
        let start = self.begin_table();
        self.push("[programme.exclusions]\n");
        self.some_fields(&[&sheet.kind.facts[1]], &sheet.facts, "\n");
        let services = |row: &KeyedCells| row.cells.get("services").map(|cell| codes(&cell.text())).unwrap_or_default();
        let (sets, rows): (Vec<&KeyedCells>, Vec<&KeyedCells>) =
            sheet.rows.iter().partition(|row| services(row).len() > 1);
        let [_, coefficient, low, high, wording] = sheet.kind.columns else { return };
        self.push("rows = [\n");
        for row in rows {
            let row_start = self.text.len() + 4;
            self.push("    { ");
            if let Some(cell) = row.cells.get("services") {
                self.value("service", cell, &quoted(&cell.text()), ", ");
            }
            self.one_form("", row, &[coefficient, low, high]);
            self.some_fields(&[wording], row, ", ");
            self.close_row(row_start, row.place);
        }
        self.push("]\n");
        if !sets.is_empty() {
            self.push("sets = [\n");
            for row in sets {
                let row_start = self.text.len() + 4;
                self.push("    { ");
                self.some_fields(&[&sheet.kind.columns[0], coefficient], row, ", ");
                self.close_row(row_start, row.place);
                let filled_bands = row.bands.iter().filter(|(_, content)| content.is_some()).map(|(place, _)| *place);
                let others = ["low", "high", "wording"].into_iter().filter_map(|key| row.cells.get(key));
                for place in others.map(|cell| cell.place).chain(filled_bands).collect::<Vec<_>>() {
                    self.fault(place, Message::new("edition-workbook-set"));
                }
            }
            self.push("]\n");
        }
        self.places.add(start..self.text.len(), sheet.facts.place);
    }

    /// One number under `key`, or a range, or a value for each of the children's bands; the keys of a range and of bands stand in a table
    /// under `key`, or where there is none in the row itself.
    fn one_form(&mut self, key: &'static str, row: &KeyedCells, fields: &[&Field]) {
        let [number, low, high] = fields else { return };
        let ends: Vec<&ValueCell> = [low, high].iter().filter_map(|field| row.cells.get(field.key)).collect();
        let bands: Vec<CellPlace> =
            row.bands.iter().filter(|(_, content)| content.is_some()).map(|(place, _)| *place).collect();
        let number_cell = row.cells.get(number.key);
        let forms = [number_cell.map(|cell| cell.place), ends.first().map(|cell| cell.place), bands.first().copied()];
        for place in forms.into_iter().flatten().skip(1) {
            self.fault(place, Message::new("edition-workbook-forms"));
        }
        let (open, close, end) = if key.is_empty() { ("", "", ", ") } else { ("{ ", " }", "\n") };
        let start = self.text.len();
        if !bands.is_empty() {
            if !key.is_empty() {
                self.push(&format!("{key} = {open}"));
            }
            self.push("by_child_band = [");
            for (at, (place, content)) in row.bands.iter().enumerate() {
                if at > 0 {
                    self.push(", ");
                }
                let cell =
                    ValueCell { content: content.clone().unwrap_or(Content::Text(String::new())), place: *place };
                let rendered = self.rendered(CellForm::Decimal, &cell);
                self.recorded(&rendered, *place);
            }
            self.push(&format!("]{close}{end}"));
            self.places.add(start..self.text.len(), bands[0]);
        } else if !ends.is_empty() {
            if !key.is_empty() {
                self.push(&format!("{key} = {open}"));
            }
            let mut is_first = true;
            for (field, name) in [(low, "low"), (high, "high")] {
                if let Some(cell) = row.cells.get(field.key) {
                    if !is_first {
                        self.push(", ");
                    }
                    is_first = false;
                    self.push(&format!("{name} = "));
                    let rendered = self.rendered(field.form, cell);
                    self.recorded(&rendered, cell.place);
                }
            }
            self.push(&format!("{close}{end}"));
            self.places.add(start..self.text.len(), ends[0].place);
        } else if let Some(cell) = number_cell {
            let name = if key.is_empty() { number.key } else { key };
            let rendered = self.rendered(number.form, cell);
            self.value(name, cell, &rendered, end);
        }
    }

    /// Rows as tables on one line each.
    fn inline_rows(&mut self, key: &str, columns: &[Field], rows: &[KeyedCells]) {
        self.push(&format!("{key} = [\n"));
        let columns: Vec<&Field> = columns.iter().collect();
        for row in rows {
            let start = self.text.len() + 4;
            self.push("    { ");
            self.some_fields(&columns, row, ", ");
            self.close_row(start, row.place);
        }
        self.push("]\n");
    }

    /// Ends a table on one line, whose last value a comma follows.
    fn close_row(&mut self, start: usize, place: CellPlace) {
        if self.text.ends_with(", ") {
            self.text.truncate(self.text.len() - 2);
        }
        self.push(" },\n");
        self.places.add(start..self.text.len() - 2, place);
    }

    fn fields(&mut self, fields: &[Field], row: &KeyedCells, end: &str) {
        self.some_fields(&fields.iter().collect::<Vec<_>>(), row, end);
    }

    /// The fields that have a cell; those whose keys share their beginning stand in a table on one line.
    fn some_fields(&mut self, fields: &[&Field], row: &KeyedCells, end: &str) {
        let mut written: BTreeSet<&str> = BTreeSet::new();
        for field in fields {
            let Some((group, _)) = field.key.split_once('.') else {
                if let Some(cell) = row.cells.get(field.key) {
                    let rendered = self.rendered(field.form, cell);
                    self.value(field.key, cell, &rendered, end);
                }
                continue;
            };
            if written.insert(group) {
                let of_group = |other: &&&Field| other.key.split_once('.').is_some_and(|(of, _)| of == group);
                let members: Vec<&Field> = fields.iter().filter(of_group).copied().collect();
                self.group(group, &members, row, end);
            }
        }
    }

    fn group(&mut self, group: &str, members: &[&Field], row: &KeyedCells, end: &str) {
        let mut filled = members.iter().filter_map(|field| Some((*field, row.cells.get(field.key)?))).peekable();
        let Some((_, first)) = filled.peek() else { return };
        let (place, start) = (first.place, self.text.len());
        let last = |field: &Field| field.key.rsplit('.').next().unwrap_or(field.key);
        let filled: Vec<(&Field, &ValueCell)> = filled.collect();
        // the bare coefficient of additional services is lawful (I74)
        if let ("additional_services", [(field, cell)]) = (group, filled.as_slice())
            && last(field) == "coefficient"
        {
            let rendered = self.rendered(field.form, cell);
            self.value(group, cell, &rendered, end);
            return;
        }
        self.push(&format!("{group} = {{ "));
        for (at, (field, cell)) in filled.iter().enumerate() {
            let rendered = self.rendered(field.form, cell);
            self.value(last(field), cell, &rendered, if at + 1 < filled.len() { ", " } else { "" });
        }
        self.push(&format!(" }}{end}"));
        self.places.add(start..self.text.len(), place);
    }

    fn value(&mut self, key: &str, cell: &ValueCell, rendered: &str, end: &str) {
        let start = self.text.len();
        self.push(&format!("{key} = "));
        self.recorded(rendered, cell.place);
        self.places.add(start..self.text.len(), cell.place);
        self.push(end);
    }

    fn recorded(&mut self, rendered: &str, place: CellPlace) {
        let start = self.text.len();
        self.push(rendered);
        self.places.add(start..self.text.len(), place);
    }

    /// A cell as a value of the file; what has not the form is a text, which the reader of editions refuses at its place.
    fn rendered(&mut self, form: CellForm, cell: &ValueCell) -> String {
        if cell.content == Content::NoResult {
            self.fault(cell.place, Message::new("edition-workbook-formula"));
            return quoted("");
        }
        let text = cell.text();
        match form {
            CellForm::Rate => quoted(&text.replace(',', ".")),
            CellForm::Whole if is_whole(&text) => text,
            CellForm::Decimal => quoted(&coefficient_text(&text.replace(',', ".")).unwrap_or(text)),
            CellForm::Day => match &cell.content {
                Content::Day(day) => day.to_string(),
                _ => written_day(&text).unwrap_or_else(|| quoted(&text)),
            },
            CellForm::Text | CellForm::Whole => quoted(&text),
            CellForm::Codes => list(codes(&text).iter().map(|code| quoted(code))),
            CellForm::Exclusions => self.exclusion_choices(cell, &text),
            CellForm::RiskChoices => self.risk_choices(cell, &text),
        }
    }

    fn exclusion_choices(&mut self, cell: &ValueCell, text: &str) -> String {
        let items = codes(text).into_iter().map(|item| match item.split_once('=') {
            Some((code, choice)) => Some((code.trim().to_owned(), Some(choice.trim().to_owned()))),
            None => Some((item, None)),
        });
        let mut rendered = Vec::new();
        for (code, choice) in items.flatten() {
            match choice {
                Some(choice) if code.is_empty() || choice.is_empty() || choice.contains('=') => {
                    self.fault(cell.place, Message::new("edition-workbook-choices"));
                }
                Some(choice) => {
                    let choice = coefficient_text(&choice).unwrap_or(choice);
                    rendered.push(format!("{{ service = {}, coefficient = {} }}", quoted(&code), quoted(&choice)));
                }
                None => rendered.push(quoted(&code)),
            }
        }
        list(rendered.into_iter())
    }

    fn risk_choices(&mut self, cell: &ValueCell, text: &str) -> String {
        let mut groups: BTreeSet<String> = BTreeSet::new();
        let mut rendered = Vec::new();
        for item in codes(text) {
            let parts = item.split_once('=').map(|(group, choice)| (group.trim(), choice.trim()));
            let Some((group, choice)) = parts.filter(|(group, choice)| !group.is_empty() && !choice.is_empty()) else {
                self.fault(cell.place, Message::new("edition-workbook-choices"));
                continue;
            };
            if !groups.insert(group.to_owned()) {
                self.fault(cell.place, Message::new("edition-workbook-choices"));
                continue;
            }
            let choice = coefficient_text(choice).unwrap_or_else(|| choice.to_owned());
            let key = if is_whole(group) { group.to_owned() } else { quoted(group) };
            rendered.push(format!("{key} = {}", quoted(&choice)));
        }
        format!("{{ {} }}", rendered.join(", "))
    }

    fn fault(&mut self, place: CellPlace, message: Message) {
        let fault = self.places.fault(place, message);
        self.faults.push(fault);
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Begins a table after a blank line, and returns its place.
    fn begin_table(&mut self) -> usize {
        if !self.text.is_empty() {
            self.push("\n");
        }
        self.text.len()
    }
}

impl Content {
    /// The content as a person would read it, on one line.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => one_line(text),
            Self::Number(number) => number_as_text(*number),
            Self::Day(day) => day.to_string(),
            Self::NoResult => String::new(),
        }
    }
}

/// Codes with commas between.
fn codes(text: &str) -> Vec<String> {
    text.split(',').map(one_line).filter(|code| !code.is_empty()).collect()
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

fn is_whole(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 18
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'))
}

/// A day that is written as text, as Excel has days before 1900: `31.12.1899`.
fn written_day(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('.').collect();
    let [day, month, year] = parts[..] else { return None };
    let day = jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    (day.year() > 0).then(|| day.to_string())
}
