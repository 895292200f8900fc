//! The sheets of a source before they are read: where their tables are, which are to be read, and which nobody reads.

use crate::base::diagnostic::Code;
use crate::base::messages::{Message, listed};
use crate::roster::spec::{RosterSpec, SheetChoice};
use crate::table::delimited::{DELIMITERS, Text};
use crate::table::file_fault::FileFault;
use crate::table::layout::{Head, Layout};
use crate::table::source::Source;
use crate::table::text::folded;

/// What stands between the columns of a text: the candidate that makes the most of its headings, best with none missing.
pub fn delimiter(text: &Text, wanted: &RosterSpec) -> u8 {
    let mut best: Option<((bool, usize), u8)> = None;
    // of equals the first of the list, which stands in the order of their likelihood
    for delimiter in DELIMITERS {
        let mut head = Head::default();
        // a wrong delimiter may find more columns than there can be
        let _ = text.whole(delimiter).rows(|row| head.take(row));
        let Some(layout) = Layout::find(&head, wanted) else { continue };
        let made = (layout.is_complete(wanted), layout.fields());
        if best.is_none_or(|(before, _)| before < made) {
            best = Some((made, delimiter));
        }
        if layout.is_certain(wanted) {
            break;
        }
    }
    best.map_or(DELIMITERS[0], |(_, delimiter)| delimiter)
}

/// A sheet of a source before it is read.
pub struct FoundSheet {
    name: String,
    /// Its table, where it has one with known headings.
    layout: Option<Layout>,
    /// Whether it may hold people all the same.
    may_hold_people: bool,
}

/// The sheets of a source with the table of each, where it has one.
pub fn tables(source: &mut Source, wanted: &RosterSpec) -> Result<Vec<FoundSheet>, FileFault> {
    let mut tables = Vec::new();
    for name in source.sheets() {
        let mut head = Head::default();
        source.rows(&name, &mut |row| head.take(row))?;
        tables.push(FoundSheet { name, layout: Layout::find(&head, wanted), may_hold_people: head.may_hold_people() });
    }
    Ok(tables)
}

/// The sheets that are not read though nobody has said so and they may hold people: no row of them has known headings.
pub fn unread(tables: &[FoundSheet], wanted: &RosterSpec) -> Vec<String> {
    let is_unread = |sheet: &&FoundSheet| sheet.layout.is_none() && sheet.may_hold_people;
    match wanted.sheet {
        SheetChoice::Named(_) => Vec::new(),
        SheetChoice::TheOne | SheetChoice::Every => {
            tables.iter().filter(is_unread).map(|sheet| sheet.name.clone()).collect()
        }
    }
}

/// The sheets to read, or why there is no choosing them.
pub fn chosen(
    source: &mut Source,
    tables: Vec<FoundSheet>,
    wanted: &RosterSpec,
) -> Result<Vec<(String, Layout)>, (Code, Message)> {
    let names = listed(tables.iter().map(|sheet| &sheet.name));
    let is_text = matches!(source, Source::Text { .. });
    if let (SheetChoice::Named(name), false) = (&wanted.sheet, is_text) {
        let same = |other: &str| folded(other) == folded(name);
        return match tables.into_iter().find(|sheet| same(&sheet.name)) {
            Some(FoundSheet { name, layout: Some(layout), .. }) => Ok(vec![(name, layout)]),
            Some(FoundSheet { name, layout: None, .. }) => {
                Err((Code::NoRoster, Message::new("sheet-without-roster").with("sheet", name)))
            }
            None => {
                Err((Code::NoRoster, Message::new("sheet-missing").with("sheet", name.as_str()).with("sheets", names)))
            }
        };
    }
    let mut found: Vec<(String, Layout)> =
        tables.into_iter().filter_map(|sheet| sheet.layout.map(|layout| (sheet.name, layout))).collect();
    match (found.len(), &wanted.sheet) {
        (0, _) if is_text => Err((Code::NoRoster, Message::new("text-without-roster"))),
        (0, _) => Err((Code::NoRoster, Message::new("workbook-without-roster").with("sheets", names))),
        (1, _) | (_, SheetChoice::Every) => Ok(found),
        _ => {
            let counted = found.iter_mut().map(|(name, layout)| {
                let mut rows = 0_u64;
                let counted = source.rows(name, &mut |row| {
                    rows += u64::from(row.number() > layout.header_row);
                    true
                });
                counted.map_or_else(|_| format!("`{name}`"), |()| format!("`{name}` ({rows})"))
            });
            let counted = counted.collect::<Vec<_>>().join(", ");
            Err((
                Code::SeveralSheets,
                Message::new("several-sheets").with("sheets", counted).with("first", &*found[0].0),
            ))
        }
    }
}
