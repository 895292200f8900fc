//! The sheets of a file before they are read: where their tables are, and which of them are read.

use crate::base::diagnostic::Code;
use crate::base::messages::{Message, listed};
use crate::table::delimited::{DELIMITERS, Text};
use crate::table::file_fault::FileFault;
use crate::table::head::Head;
use crate::table::layout::Layout;
use crate::table::source::{FileBytes, Source};
use crate::table::spec::{SheetChoice, TableSpec};
use crate::table::text::folded;

/// Opens a file and finds its tables; those of a text are found together with its delimiter.
///
/// # Errors
///
/// As [`Source::open`]; [`FileFault`] where a workbook turns out to be broken.
pub fn open_tables(file: FileBytes, spec: &TableSpec) -> Result<(Source, Vec<FoundSheet>), FileFault> {
    let mut of_text = None;
    let mut source = Source::open(file, |text| {
        let (delimiter, found) = find_text_table(text, spec);
        of_text = Some(found);
        delimiter
    })?;
    let found = match of_text {
        Some(found) => vec![found?],
        None => find_tables(&mut source, spec)?,
    };
    Ok((source, found))
}

/// The table of a text by one delimiter.
struct TextTable {
    /// Whether it has all needed fields, and how many it has.
    score: (bool, usize),
    delimiter: u8,
    found: Result<FoundSheet, FileFault>,
}

/// The delimiter of a text, which is the candidate that gives the table the most fields, a table with all needed ones before any other; and
/// the table by it.
pub(super) fn find_text_table(text: &Text, spec: &TableSpec) -> (u8, Result<FoundSheet, FileFault>) {
    let mut best: Option<TextTable> = None;
    // of equals the first one: the candidates are in the order of their likelihood
    for delimiter in DELIMITERS {
        let mut head = Head::default();
        // a wrong delimiter may find more columns than there can be
        let read = text.whole(delimiter).rows(|row| head.push(row));
        let layout = Layout::find(&head, spec);
        let score = layout.as_ref().map(|layout| (layout.is_complete(spec), layout.fields()));
        let is_certain = layout.as_ref().is_some_and(|layout| layout.is_certain(spec));
        // where no delimiter gives a table, the first one stands
        if best.as_ref().is_none_or(|best| score.is_some_and(|score| best.score < score)) {
            let found = read.map(|()| FoundSheet::new(String::new(), &head, layout, spec));
            best = Some(TextTable { score: score.unwrap_or_default(), delimiter, found });
        }
        if is_certain {
            break;
        }
    }
    let TextTable { delimiter, found, .. } = best.expect("there are delimiters");
    (delimiter, found)
}

/// A sheet before it is read.
#[derive(Debug)]
pub struct FoundSheet {
    /// Its name; empty for a text.
    pub name: String,
    /// Its table; none where no row has headings that are recognised.
    pub layout: Option<Layout>,
    /// Whether a row looks like a person's, or stands under the headings of a list of insured.
    pub may_hold_people: bool,
    /// Whether a row holds a day and a number.
    pub may_hold_sums: bool,
}

impl FoundSheet {
    fn new(name: String, head: &Head, layout: Option<Layout>, spec: &TableSpec) -> Self {
        let has_rows = |layout: &Layout| head.has_rows_below(layout.header_row);
        let may_hold_people = spec.holds_insured && layout.as_ref().is_some_and(has_rows) || head.may_hold_people();
        Self { name, layout, may_hold_people, may_hold_sums: head.may_hold_sums() }
    }
}

/// Every sheet of a file with its table, in order.
///
/// # Errors
///
/// [`FileFault`] where a workbook turns out to be broken.
fn find_tables(source: &mut Source, spec: &TableSpec) -> Result<Vec<FoundSheet>, FileFault> {
    let mut found = Vec::new();
    let is_ignored = |name: &String| spec.ignored_sheets.iter().any(|ignored| folded(ignored) == folded(name));
    for name in source.sheets().into_iter().filter(|name| !is_ignored(name)) {
        let mut head = Head::default();
        source.rows(&name, &mut |row| head.push(row))?;
        let layout = Layout::find(&head, spec);
        found.push(FoundSheet::new(name, &head, layout, spec));
    }
    Ok(found)
}

/// The sheets that may hold people and are not among those to read, where every sheet counts or none is named.
pub(super) fn unread_sheets(people: &[String], chosen: &[(String, Layout)], spec: &TableSpec) -> Vec<String> {
    if matches!(spec.sheet, SheetChoice::Named(_)) && !spec.all_sheets_count {
        return Vec::new();
    }
    // a text is no sheet that could be named
    let is_read = |name: &String| chosen.iter().any(|(read, _)| read == name);
    people.iter().filter(|name| !name.is_empty() && !is_read(name)).cloned().collect()
}

/// The sheets to read with their tables, or why none can be chosen.
pub(super) fn choose_sheets(
    source: &mut Source,
    found: Vec<FoundSheet>,
    spec: &TableSpec,
) -> Result<Vec<(String, Layout)>, (Code, Message)> {
    let messages = spec.messages;
    let names = listed(found.iter().map(|sheet| &sheet.name));
    let is_text = matches!(source, Source::Text { .. });
    if let (SheetChoice::Named(name), true, true) = (&spec.sheet, is_text, spec.all_sheets_count) {
        return Err((Code::NoRoster, Message::new("text-has-no-sheets").with("sheet", name.as_str())));
    }
    if let (SheetChoice::Named(name), false) = (&spec.sheet, is_text) {
        let is_chosen = |sheet: &FoundSheet| folded(&sheet.name) == folded(name);
        return match found.into_iter().find(is_chosen) {
            Some(FoundSheet { name, layout: Some(layout), .. }) => Ok(vec![(name, layout)]),
            Some(FoundSheet { name, layout: None, .. }) => {
                Err((Code::NoRoster, Message::new(messages.sheet_without_table).with("sheet", name)))
            }
            None => {
                let message = Message::new(messages.sheet_missing).with("sheet", name.as_str()).with("sheets", names);
                Err((Code::NoRoster, message))
            }
        };
    }
    let tables = found.into_iter().filter_map(|sheet| sheet.layout.map(|layout| (sheet.name, layout)));
    let tables: Vec<(String, Layout)> = tables.collect();
    match (tables.as_slice(), &spec.sheet) {
        ([], _) if is_text => Err((Code::NoRoster, Message::new(messages.text_without_table))),
        ([], _) => Err((Code::NoRoster, Message::new(messages.workbook_without_table).with("sheets", names))),
        ([_], _) | (_, SheetChoice::Every) => Ok(tables),
        _ => {
            let counts: Vec<Option<u64>> =
                tables.iter().map(|(name, layout)| row_count(source, name, layout)).collect();
            // headings without a row below them hold no insured
            let filled = |(table, count): ((String, Layout), &Option<u64>)| (*count != Some(0)).then_some(table);
            let shown = tables.iter().zip(&counts).map(|((name, _), count)| match count {
                Some(count) => format!("`{name}` ({count})"),
                None => format!("`{name}`"),
            });
            let shown = shown.collect::<Vec<_>>().join(", ");
            let first = tables[0].0.clone();
            let mut filled: Vec<_> = tables.into_iter().zip(&counts).filter_map(filled).collect();
            // a sheet of telephones beside the roster has no birth dates
            if filled.iter().filter(|(_, layout)| layout.is_complete(spec)).count() == 1 {
                filled.retain(|(_, layout)| layout.is_complete(spec));
            }
            match filled.as_slice() {
                [_] => Ok(filled),
                found => {
                    let first = found.first().map_or(first, |(name, _)| name.clone());
                    let message = Message::new(messages.several_sheets).with("sheets", shown);
                    Err((Code::SeveralSheets, message.with("first", first)))
                }
            }
        }
    }
}

/// The number of rows below the headings of a sheet; `None` where it cannot be read.
fn row_count(source: &mut Source, name: &str, layout: &Layout) -> Option<u64> {
    let mut rows = 0_u64;
    let read = source.rows(name, &mut |row| {
        rows += u64::from(row.number() > layout.header_row);
        true
    });
    read.ok().map(|()| rows)
}
