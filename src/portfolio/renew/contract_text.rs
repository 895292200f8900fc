//! The text of a contract file for a new term: the old text with new days, a new number and a new roster; everything else, comments
//! included, stays.

use jiff::ToSpan;
use jiff::civil::Date;
use toml::de::DeTable;

use crate::base::toml_edits::{Edits, edited, quoted};
use crate::quote::contract::Contract;

/// Keys of the old roster, of old price changes and of the old edition of the tariff.
const DROPPED: [&str; 5] = ["sheet", "census", "ignore_sheets", "price_changes_included", "tariff"];
/// Tables that describe the old roster and its columns.
const DROPPED_TABLES: [&str; 3] = ["columns", "dates", "roster"];

/// The text for a new term with a roster of this name; `None` where the old one cannot be parsed, which no book of this program holds.
///
/// `kept` is for each entry of `[[accepted]]` whether its insured is in the new roster (`I73`).
pub(super) fn renewed(
    contract: &Contract,
    number: &str,
    (start, end): (Date, Date),
    roster: &str,
    kept: &[bool],
) -> Option<String> {
    let text = without_tables(&contract.source.text, kept);
    let root = DeTable::parse(&text).ok()?;
    let first = contract.days().0;
    let mut edits = Edits::new();
    let mut has_roster = false;
    for (key, value) in root.get_ref() {
        let name: &str = key.get_ref();
        let new = match name {
            "number" => quoted(number),
            "start" => start.to_string(),
            "end" => end.to_string(),
            "roster" => {
                has_roster = true;
                quoted(roster)
            }
            "instalments" => {
                let days = contract.instalments.iter().map(|period| moved(period.first(), first, start).to_string());
                format!("[{}]", days.collect::<Vec<_>>().join(", "))
            }
            // entries that are no tables with heads of their own, some of whose insured are gone
            "accepted"
                if value.get_ref().as_array().is_some_and(|listed| listed.len() != tables_of(&text, name))
                    && kept.contains(&false) =>
            {
                edits.push((key.span().start..value.span().end, String::new()));
                continue;
            }
            _ if DROPPED.contains(&name) || DROPPED_TABLES.contains(&name) => {
                edits.push((key.span().start..value.span().end, String::new()));
                continue;
            }
            _ => continue,
        };
        edits.push((value.span(), new));
    }
    let renewed = edited(&text, edits)?;
    Some(if has_roster { renewed } else { format!("roster = {}\n{renewed}", quoted(roster)) })
}

/// A day of the old term, as far into the new one: in whole months where it is.
fn moved(day: Date, first: Date, start: Date) -> Date {
    let months =
        (i32::from(day.year()) - i32::from(first.year())) * 12 + i32::from(day.month()) - i32::from(first.month());
    if day.day() == first.day() {
        return start.saturating_add(months.months());
    }
    start.saturating_add((day - first).get_days().days())
}

/// The name of the table that a line begins, up to the first point.
fn table_head(line: &str) -> Option<&str> {
    let start = line.trim_start();
    let name = start.starts_with('[').then(|| start.trim_start_matches('[').split([']', '.']).next());
    name.flatten().map(str::trim)
}

/// The number of tables of a name that have heads of their own.
fn tables_of(text: &str, name: &str) -> usize {
    text.lines().filter(|line| table_head(line) == Some(name)).count()
}

/// The text without the tables that describe the columns of the old roster, and without those of accepted insured who are gone.
fn without_tables(text: &str, kept_entries: &[bool]) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut drops = false;
    let mut entries = kept_entries.iter();
    for line in text.split_inclusive('\n') {
        if let Some(name) = table_head(line) {
            drops = DROPPED_TABLES.contains(&name) || name == "accepted" && entries.next() == Some(&false);
        }
        if !drops {
            kept.push_str(line);
        }
    }
    kept
}
