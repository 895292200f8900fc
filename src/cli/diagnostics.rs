//! The diagnostics of a table, and the rows that were passed over, on the screen or in the log.

use std::collections::BTreeMap;

use crate::base::diagnostic::{Code, Severity};
use crate::base::messages::Message;
use crate::cli::log::{Event, Level};
use crate::cli::screen::{SHOWN_FAULTS, Screen, first_rows};
use crate::quote::diagnostic_text::{place_text, severity_word};
use crate::table::skip::Skip;
use crate::table::tables::Tables;

/// Prints the first diagnostics of a table, one a line, and the number of each code if there are more.
pub fn print(tables: &Tables, is_refused: bool, screen: &Screen) {
    let found = &tables.diagnostics;
    let print = |line: &str| if is_refused { screen.refuse_text(line) } else { screen.note_text(line) };
    for found in found.iter().take(SHOWN_FAULTS) {
        let place = place_text(tables, found);
        let (severity, message) = (found.code.severity(), screen.render(&found.message));
        if screen.is_log() {
            let level = if severity == Severity::Warning { Level::Warning } else { Level::Error };
            let event = Event::new(level, "diagnostic").with("code", found.code.as_str());
            screen.log(event.with("place", place).with("message", message));
        } else {
            let severity = severity_word(severity, screen.language);
            print(&format!("{place}: {severity} {}: {message}", found.code));
        }
    }
    if found.len() > SHOWN_FAULTS {
        let mut counts: BTreeMap<Code, usize> = BTreeMap::new();
        for found in found {
            *counts.entry(found.code).or_default() += 1;
        }
        let counts: Vec<String> =
            counts.iter().map(|(code, count)| format!("{code} {}", screen.count(*count))).collect();
        let message = Message::new("more-diagnostics").with("count", found.len() - SHOWN_FAULTS);
        print(&screen.render(&message.with("counts", counts.join(", "))));
    }
}

/// The message `name` about the rows that are no data, by reason, with the first numbers of each; `None` if there are none.
pub fn skipped_rows(tables: &Tables, name: &'static str, screen: &Screen) -> Option<Message> {
    let mut by_reason: BTreeMap<Skip, Vec<u32>> = BTreeMap::new();
    for (row, reason) in tables.sheets.iter().flat_map(|sheet| &sheet.skipped) {
        by_reason.entry(*reason).or_default().push(*row);
    }
    let count: usize = by_reason.values().map(Vec::len).sum();
    let reasons =
        by_reason.iter().map(|(reason, rows)| format!("{} ({})", screen.render(&reason.message()), first_rows(rows)));
    let reasons = reasons.collect::<Vec<_>>().join("; ");
    (count > 0).then(|| Message::new(name).with("count", count).with("rows", reasons))
}
