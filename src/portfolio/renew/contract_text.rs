//! The text of a contract file for a new term: the old text with new days, a new number and a new roster; everything else, comments
//! included, stays.

use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::Date;
use toml::de::DeTable;

use crate::quote::contract::Contract;

/// Keys of the old roster, of old price changes and of the old edition of the tariff.
const DROPPED: [&str; 5] = ["sheet", "census", "ignore_sheets", "price_changes_included", "tariff"];
/// Tables that describe the old roster and its columns.
const DROPPED_TABLES: [&str; 3] = ["columns", "dates", "roster"];

/// The text for a new term with a roster of this name; `None` where the old one cannot be parsed, which no book of this program holds.
pub(super) fn renewed(contract: &Contract, number: &str, (start, end): (Date, Date), roster: &str) -> Option<String> {
    let text = without_tables(&contract.source.text);
    let root = DeTable::parse(&text).ok()?;
    let first = contract.days().0;
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
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
            _ if DROPPED.contains(&name) || DROPPED_TABLES.contains(&name) => {
                edits.push((key.span().start..value.span().end, String::new()));
                continue;
            }
            _ => continue,
        };
        edits.push((value.span(), new));
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut renewed = if has_roster { String::new() } else { format!("roster = {}\n", quoted(roster)) };
    let mut at = 0;
    for (range, new) in edits {
        renewed.push_str(text.get(at..range.start)?);
        renewed.push_str(&new);
        at = range.end;
    }
    renewed.push_str(text.get(at..)?);
    Some(renewed)
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

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The text without the tables that describe the columns of the old roster.
fn without_tables(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut drops = false;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        if start.starts_with('[') {
            let name = start.trim_start_matches('[').split([']', '.']).next().unwrap_or_default();
            drops = DROPPED_TABLES.contains(&name.trim());
        }
        if !drops {
            kept.push_str(line);
        }
    }
    kept
}
