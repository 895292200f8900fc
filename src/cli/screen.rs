//! What is shown: the result on standard output, everything else on standard error.

pub(crate) mod table;

pub use table::table;

use std::borrow::Cow;
use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::Mutex;

use serde_json::{Map, Value};

use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::base::money::Kopecks;
use crate::base::source_file::{Fault, SourceFile};
use crate::cli::excerpt::drawn;
use crate::cli::log::{Event, Level};
use crate::output::folder::not_made;

/// The first so many things that are wrong with a file are shown, and how many more there are.
pub const SHOWN_FAULTS: usize = 20;
/// Tables and messages are at most so wide.
pub const WIDTH: u16 = 100;
/// What a sentence about a document quotes of it is at most so long.
const VALUE_LETTERS: usize = 1_000;

/// Where a command shows what it has to show.
#[derive(Debug)]
pub struct Screen {
    /// The language of the reader.
    pub language: Language,
    quiet: bool,
    /// Whether standard error is for programs: events as JSON instead of sentences.
    logs: bool,
    /// What the last event of the run will say.
    totals: Mutex<Map<String, Value>>,
}

impl Screen {
    /// A screen for readers of this language.
    pub fn new(language: Language, quiet: bool, logs: bool) -> Self {
        Self { language, quiet, logs, totals: Mutex::default() }
    }

    /// Whether a progress bar has a place: on a terminal, and not where quiet was asked for.
    pub fn has_room_for_progress(&self) -> bool {
        !self.quiet && !self.logs && io::stderr().is_terminal()
    }

    /// The message in the reader's language.
    pub fn say(&self, message: &Message) -> String {
        self.language.say(message)
    }

    /// A difference in roubles with its sign, but without that of the rouble: a heading has it.
    pub fn difference(&self, amount: Kopecks) -> String {
        format!("{}{}", plus(amount), self.language.bare_amount(amount))
    }

    /// The words of this name, which are about nothing else.
    pub fn words(&self, name: &'static str) -> String {
        self.say(&Message::new(name))
    }

    /// Puts a text that people begin a file of their own with into a file that is not there yet, or shows it.
    pub fn put(&self, text: &str, file: Option<&Path>) -> Result<(), Error> {
        let Some(path) = file else { return result(text) };
        let made = OpenOptions::new().write(true).create_new(true).open(path);
        let written = made.and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|fault| not_made(path, fault))?;
        self.note(&self.say(&Message::new("written-to").with("path", path.display().to_string())));
        Ok(())
    }

    /// The message as a paragraph: in lines that fit the screen, and a line break at the end.
    pub fn paragraph(&self, message: &Message) -> String {
        let options = textwrap::Options::new(usize::from(WIDTH)).break_words(false);
        let mut text = textwrap::fill(&self.say(message), options);
        text.push('\n');
        text
    }

    /// Shows a result that only people read.
    pub fn table(&self, text: &str) -> Result<(), Error> {
        if self.quiet { Ok(()) } else { result(&harmless(text)) }
    }

    /// Shows a remark.
    pub fn note(&self, text: &str) {
        self.tell(Event::new(Level::Info, "note"), text);
    }

    /// Shows why something is refused, even where quiet was asked for.
    pub fn refuse(&self, text: &str) {
        self.tell(Event::new(Level::Error, "refused"), text);
    }

    /// Shows an error; a document's faults with their lines.
    pub fn fault(&self, fault: &Error) {
        if let Error::Refused { document, faults } = fault {
            self.first_faults(document, faults);
        }
        let message = fault.message();
        self.tell(Event::new(Level::Error, message.name()), &self.say(&message));
    }

    /// Shows a sentence to people, or the event that it tells to programs.
    pub fn tell(&self, event: Event, text: &str) {
        if self.quiet && event.level != Level::Error {
            return;
        }
        line(&if self.logs { event.with("message", text).line() } else { harmless(text).into_owned() });
    }

    /// Whether standard error is for programs.
    pub const fn logs(&self) -> bool {
        self.logs
    }

    /// Logs an event, where a log was asked for; people are told by tables and remarks.
    pub fn event(&self, event: Event) {
        if self.logs && !(self.quiet && event.level == Level::Info) {
            line(&event.line());
        }
    }

    /// Remembers a total for the last event of the run.
    pub fn total(&self, key: &'static str, value: impl Into<Value>) {
        if let Ok(mut totals) = self.totals.lock() {
            totals.insert(key.to_owned(), value.into());
        }
    }

    /// Logs how the run has ended, with its totals, even where quiet was asked for.
    pub fn finish(&self, command: &str, level: Level, exit_code: u8) {
        if self.logs {
            let totals = self.totals.lock().map(|totals| totals.clone()).unwrap_or_default();
            let event = Event::new(level, "finished").with("command", command).with("exit_code", exit_code);
            line(&event.with_all(totals).line());
        }
    }

    /// The first faults of a document, each with the line where it stands, and how many more there are.
    fn first_faults(&self, document: &SourceFile, faults: &[Fault]) {
        let path = harmless(&document.path.display().to_string()).into_owned();
        let has_colours = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let mut lines = document.lines();
        for fault in faults.iter().take(SHOWN_FAULTS) {
            let says = self.say(&fault.message.clipped(VALUE_LETTERS));
            let number = lines.of(fault.span.start);
            if self.logs {
                let event = Event::new(Level::Error, fault.message.name()).with("file", path.as_str());
                self.tell(event.with("line", number), &says);
            } else {
                let says = harmless(&says);
                let shown = drawn(&path, &document.text, &fault.span, number, &says, has_colours);
                line(&shown.unwrap_or_else(|| format!("{path}:{number}: {says}")));
            }
        }
        self.more_faults(faults.len());
    }

    /// Says how many of so many faults are not shown, if any.
    pub fn more_faults(&self, faults: usize) {
        if let Some(more) = faults.checked_sub(SHOWN_FAULTS).filter(|more| *more > 0) {
            self.refuse(&self.say(&Message::new("more-faults").with("count", more)));
        }
    }
}

/// The first rows of a list, and a sign that there are more.
pub fn first_rows(rows: &[u32]) -> String {
    const SHOWN_ROWS: usize = 6;
    let shown = rows.iter().take(SHOWN_ROWS).map(u32::to_string).collect::<Vec<_>>().join(", ");
    if rows.len() > SHOWN_ROWS { format!("{shown}, …") } else { shown }
}

/// The sign before a rise; a fall brings its own.
pub fn plus(difference: Kopecks) -> &'static str {
    if difference > Kopecks::ZERO { "+" } else { "" }
}

/// Shows the result, even where quiet was asked for.
pub fn result(text: &str) -> Result<(), Error> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        // whoever read it has seen enough
        Err(fault) if fault.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.map_err(|fault| Error::writing("stdout".as_ref(), fault)),
    }
}

/// The text without what a terminal obeys; whoever reads it sees where something stood.
pub fn harmless(text: &str) -> Cow<'_, str> {
    without_controls(text, |_| '\u{fffd}')
}

/// The text with something else instead of its control characters; lines and tabulators stay.
pub fn without_controls(text: &str, instead: impl Fn(char) -> char) -> Cow<'_, str> {
    let is_obeyed = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
    if text.contains(is_obeyed) {
        Cow::Owned(text.chars().map(|letter| if is_obeyed(letter) { instead(letter) } else { letter }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// A line on standard error.
fn line(text: &str) {
    // there is nobody left to tell that standard error is gone
    let _ = writeln!(io::stderr().lock(), "{text}");
}
