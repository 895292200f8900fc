//! The screen of a run: the result on standard output, everything else on standard error.

mod excerpt;
pub mod table;
mod terminal_text;

use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::Mutex;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::base::cell_fault::CellFault;
use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::base::money::Kopecks;
use crate::base::source_file::{Fault, SourceFile};
use crate::cli::log::{Event, Level};
use crate::cli::screen::excerpt::render_fault;
use crate::cli::screen::table::format_for_screen;
use crate::cli::screen::terminal_text::{terminal_width, width, without_controls, wrap, wrap_lines};
use crate::output::staging::creation_error;

/// The number of faults or diagnostics that are shown; of further ones only the number.
pub const SHOWN_FAULTS: usize = 20;
/// The longest value that a message quotes, in characters.
const VALUE_LETTERS: usize = 1_000;

/// The output of a run, in the language of the reader.
#[derive(Debug)]
pub struct Screen {
    /// The language of the reader.
    pub language: Language,
    quiet: bool,
    /// Whether standard error is a log of JSON events instead of sentences.
    is_log: bool,
    /// Whether the answer is JSON instead of tables.
    is_json: bool,
    /// The totals of the last event of the log.
    totals: Mutex<Map<String, Value>>,
}

impl Screen {
    /// A screen for a reader of this language.
    pub fn new(language: Language, quiet: bool, is_log: bool, is_json: bool) -> Self {
        Self { language, quiet, is_log, is_json, totals: Mutex::default() }
    }

    /// Whether a progress bar is shown: on a terminal, unless the run is quiet.
    pub fn shows_progress(&self) -> bool {
        !self.quiet && !self.is_log && io::stderr().is_terminal()
    }

    /// Whether the answer is JSON instead of tables.
    pub const fn is_json(&self) -> bool {
        self.is_json
    }

    /// Whether standard error is a log of JSON events.
    pub const fn is_log(&self) -> bool {
        self.is_log
    }

    /// The message in the language of the reader.
    pub fn render(&self, message: &Message) -> String {
        self.language.render(message)
    }

    /// The message with this name, which has no values.
    pub fn text(&self, name: &'static str) -> String {
        self.render(&Message::new(name))
    }

    /// The message as lines that fit the screen, with a line break at the end.
    pub fn paragraph(&self, message: &Message) -> String {
        wrap(&self.render(message), width()) + "\n"
    }

    /// A table with the messages of these names as heading; columns from `numbers_from` on are aligned to the right.
    pub fn table<const N: usize>(
        &self,
        heading: [&'static str; N],
        rows: Vec<[String; N]>,
        numbers_from: usize,
    ) -> String {
        let rows: Vec<Vec<String>> = rows.into_iter().map(Vec::from).collect();
        format_for_screen(&heading.map(|name| self.text(name)), &rows, numbers_from)
    }

    /// A count with separators between thousands.
    pub fn count(&self, count: impl TryInto<usize>) -> String {
        self.language.count(count.try_into().unwrap_or(usize::MAX))
    }

    /// A coefficient or a range in the form of the language.
    pub fn decimal(&self, decimal: impl std::fmt::Display) -> String {
        self.language.decimal(&decimal.to_string())
    }

    /// An amount in roubles without the sign ₽, for columns whose heading has it.
    pub fn bare_amount(&self, amount: Kopecks) -> String {
        self.language.bare_amount(amount)
    }

    /// A difference in roubles with plus or minus, without the sign ₽.
    pub fn signed_amount(&self, amount: Kopecks) -> String {
        format!("{}{}", plus(amount), self.bare_amount(amount))
    }

    /// Prints a result for people on standard output, unless the run is quiet or the answer is JSON.
    pub fn print(&self, text: &str) -> Result<(), Error> {
        if self.quiet || self.is_json {
            return Ok(());
        }
        let text = without_controls(text);
        match terminal_width() {
            Some(width) => print_result(&wrap_lines(&text, width)),
            None => print_result(&text),
        }
    }

    /// Prints the answer of a command where it is to be JSON, even if the run is quiet.
    pub fn answer(&self, answer: &impl Serialize) -> Result<(), Error> {
        if self.is_json { print_json(&json!(answer)) } else { Ok(()) }
    }

    /// Writes a template or a contract file to a new file, or prints it if there is no file.
    pub fn write_or_print(&self, text: &str, file: Option<&Path>) -> Result<(), Error> {
        let Some(path) = file else { return print_result(text) };
        let created = OpenOptions::new().write(true).create_new(true).open(path);
        let written = created.and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|fault| creation_error(path, fault))?;
        self.note_written(path);
        Ok(())
    }

    /// Prints a remark, unless the run is quiet.
    pub fn note(&self, message: &Message) {
        self.note_text(&self.render(message));
    }

    /// As [`Screen::note`], with a text.
    pub fn note_text(&self, text: &str) {
        self.report(Event::new(Level::Info, "note"), text);
    }

    /// Notes where the tables of an export are, and that there is no workbook where they do not fit into one.
    pub fn note_exported(&self, folder: &Path, has_workbook: bool) {
        if !has_workbook {
            self.note(&Message::new("export-no-workbook"));
        }
        self.note_written(folder);
    }

    /// Prints the path of a result, unless the run is quiet.
    pub fn note_written(&self, path: &Path) {
        self.note(&Message::new("written-to").with("path", path.display().to_string()));
    }

    /// Prints what to do next: the file to open or the command that goes on. A log has none, nor a quiet run.
    pub fn suggest(&self, message: Message) {
        if !self.is_log {
            self.note(&Message::new("next-step").with("step", message));
        }
    }

    /// Prints a reason for refusal, even if the run is quiet.
    pub fn refuse(&self, message: &Message) {
        self.refuse_text(&self.render(message));
    }

    /// As [`Screen::refuse`], with a text.
    pub fn refuse_text(&self, text: &str) {
        self.report(Event::new(Level::Error, "refused"), text);
    }

    /// Prints an error; the faults of a source file with their lines.
    pub fn print_error(&self, error: &Error) {
        if let Error::Refused { source, faults } = error {
            self.print_faults(source, faults);
        }
        if let Error::RefusedCells { path, faults } = error {
            self.print_cell_faults(path, faults);
        }
        let message = error.message();
        self.report(Event::new(Level::Error, message.name()), &self.render(&message));
    }

    /// Prints a sentence, or its event in a log.
    pub fn report(&self, event: Event, text: &str) {
        if self.quiet && event.level != Level::Error {
            return;
        }
        print_line(&if self.is_log {
            event.with("message", text).into_line()
        } else {
            without_controls(text).into_owned()
        });
    }

    /// Logs an event that people see in a table or a remark; nothing without a log.
    pub fn log(&self, event: Event) {
        if self.is_log && !(self.quiet && event.level == Level::Info) {
            print_line(&event.into_line());
        }
    }

    /// Records a total for the last event of the log.
    pub fn record_total(&self, key: &'static str, value: impl Into<Value>) {
        if let Ok(mut totals) = self.totals.lock() {
            totals.insert(key.to_owned(), value.into());
        }
    }

    /// The totals of the run so far.
    pub fn totals(&self) -> Map<String, Value> {
        self.totals.lock().map(|totals| totals.clone()).unwrap_or_default()
    }

    /// Logs the end of the run with its totals, even if the run is quiet.
    pub fn finish(&self, command: &str, level: Level, exit_code: u8) {
        if self.is_log {
            let event = Event::new(level, "finished").with("command", command).with("exit_code", exit_code);
            print_line(&event.with_all(self.totals()).into_line());
        }
    }

    /// Prints the first faults of a source file with their lines, and the number of the others.
    fn print_faults(&self, source: &SourceFile, faults: &[Fault]) {
        let path = without_controls(&source.path.display().to_string()).into_owned();
        let has_colours = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let mut lines = source.lines();
        for fault in faults.iter().take(SHOWN_FAULTS) {
            let message = self.render(&fault.message.clip(VALUE_LETTERS));
            let number = lines.line(fault.span.start);
            if self.is_log {
                let event = Event::new(Level::Error, fault.message.name()).with("file", path.as_str());
                self.report(event.with("line", number), &message);
            } else {
                let message = without_controls(&message);
                let excerpt = render_fault(&path, &source.text, &fault.span, number, &message, has_colours);
                print_line(&excerpt.unwrap_or_else(|| format!("{path}:{number}: {message}")));
            }
        }
        self.refuse_further(faults.len());
    }

    /// Prints the faults of a workbook, each with its sheet and cell.
    fn print_cell_faults(&self, path: &Path, faults: &[CellFault]) {
        let path = without_controls(&path.display().to_string()).into_owned();
        for fault in faults.iter().take(SHOWN_FAULTS) {
            let message = self.render(&fault.message.clip(VALUE_LETTERS));
            let place = fault.place();
            let event = Event::new(Level::Error, fault.message.name()).with("file", path.as_str());
            let place = if place.is_empty() { path.clone() } else { format!("{path}, {place}") };
            self.report(
                event.with("sheet", fault.sheet.as_str()).with("cell", fault.cell.as_str()),
                &format!("{place}: {message}"),
            );
        }
        self.refuse_further(faults.len());
    }

    /// Prints the number of faults beyond [`SHOWN_FAULTS`], if there are any.
    pub fn refuse_further(&self, faults: usize) {
        if let Some(further) = faults.checked_sub(SHOWN_FAULTS).filter(|further| *further > 0) {
            self.refuse(&Message::new("more-faults").with("count", further));
        }
    }
}

/// The first row numbers of a list; `…` if there are more.
pub fn first_rows(rows: &[u32]) -> String {
    const SHOWN_ROWS: usize = 6;
    let shown = rows.iter().take(SHOWN_ROWS).map(u32::to_string).collect::<Vec<_>>().join(", ");
    if rows.len() > SHOWN_ROWS { format!("{shown}, …") } else { shown }
}

/// The sign before a rise; a fall has its minus already.
pub fn plus(difference: Kopecks) -> &'static str {
    if difference > Kopecks::ZERO { "+" } else { "" }
}

/// Prints JSON on standard output, indented, even if the run is quiet.
pub fn print_json(value: &Value) -> Result<(), Error> {
    print_result(&format!("{value:#}\n"))
}

/// Prints a result on standard output, even if the run is quiet.
pub fn print_result(text: &str) -> Result<(), Error> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        // the reader of the pipe, such as `head`, has enough
        Err(fault) if fault.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.map_err(|fault| Error::writing("stdout".as_ref(), fault)),
    }
}

/// Prints a line on standard error.
pub fn print_line(text: &str) {
    // without standard error there is no place for the failure
    let _ = writeln!(io::stderr().lock(), "{text}");
}
