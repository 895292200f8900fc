//! What is wrong with the rows of a table, shown to people or told to programs.

use std::collections::BTreeMap;

use crate::base::diagnostic::{Code, Severity};
use crate::base::messages::Message;
use crate::cli::log::{Event, Level};
use crate::cli::screen::{SHOWN_FAULTS, Screen};
use crate::quote::files;
use crate::roster::Roster;

/// The first diagnostics, one a line, and how many there are of each kind.
pub fn show(roster: &Roster, is_refused: bool, screen: &Screen) {
    let found = &roster.diagnostics;
    let show = |line: &str| if is_refused { screen.refuse(line) } else { screen.note(line) };
    for found in found.iter().take(SHOWN_FAULTS) {
        let place = files::shown_place(roster, found);
        let (severity, says) = (found.code.severity(), screen.say(&found.message));
        if screen.logs() {
            let level = if severity == Severity::Warning { Level::Warning } else { Level::Error };
            let event = Event::new(level, "diagnostic").with("code", found.code.as_str());
            screen.event(event.with("place", place).with("message", says));
        } else {
            let severity = files::severity_word(severity, screen.language);
            show(&format!("{place}: {severity} {}: {says}", found.code));
        }
    }
    if found.len() > SHOWN_FAULTS {
        let mut counts: BTreeMap<Code, usize> = BTreeMap::new();
        for found in found {
            *counts.entry(found.code).or_default() += 1;
        }
        let counts: Vec<String> =
            counts.iter().map(|(code, count)| format!("{code} {}", screen.language.count(*count))).collect();
        let message = Message::new("more-diagnostics").with("count", found.len() - SHOWN_FAULTS);
        show(&screen.say(&message.with("counts", counts.join(", "))));
    }
}
