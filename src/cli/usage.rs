//! Faults of the command line in the language of the reader: the argument, the reason and the remedy.

use std::error::Error as _;
use std::ffi::{OsStr, OsString};
use std::fmt;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use crate::base::messages::{Language, Message};
use crate::cli::help::localised_usage;

/// The variable that replaces `--lang`.
pub const VARIABLE: &str = "KOLLEKTIV_LANG";
/// The variables by which a system names its language, the strongest first.
const SYSTEM: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// A value that an argument does not take, as a message.
#[derive(Debug)]
pub struct InvalidValue(pub Message);

impl fmt::Display for InvalidValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&Language::En.render(&self.0))
    }
}

impl std::error::Error for InvalidValue {}

/// The language of `KOLLEKTIV_LANG`; `None` without it.
///
/// # Errors
///
/// The message where the variable names another language.
pub fn variable_language() -> Result<Option<Language>, Message> {
    match std::env::var_os(VARIABLE) {
        None => Ok(None),
        Some(value) if value.is_empty() => Ok(None),
        Some(value) => language(&value)
            .map(Some)
            .ok_or_else(|| Message::new("usage-variable-language").with("value", value.to_string_lossy().into_owned())),
    }
}

/// The language of the help: that of `--lang`, of `KOLLEKTIV_LANG`, of the settings, of the system, or Russian.
///
/// Only the help follows the system: a result must not depend on the machine.
pub fn help_language(arguments: &[OsString], settings: Option<Language>) -> Language {
    let after = |pair: &[OsString]| (pair[0] == "--lang").then(|| language(&pair[1])).flatten();
    let joined = |word: &OsString| language(word.to_str()?.strip_prefix("--lang=")?.as_ref());
    let argument = arguments.windows(2).find_map(after).or_else(|| arguments.iter().find_map(joined));
    let variable = || std::env::var_os(VARIABLE).and_then(|value| language(&value));
    let system = || {
        let value = SYSTEM.into_iter().filter_map(std::env::var_os).find(|value| !value.is_empty())?;
        let value = value.into_string().ok()?;
        language(value.split(['_', '.']).next()?.as_ref())
    };
    argument.or_else(variable).or(settings).or_else(system).unwrap_or_default()
}

fn language(code: &OsStr) -> Option<Language> {
    Language::ALL.iter().find(|language| code == language.as_str()).copied()
}

/// A fault of the command line: what is wrong, what would be right, the usage, and where the help is.
pub fn render_fault(fault: &clap::Error, command: &Command, language: Language) -> String {
    let mut text = language.render(&Message::new("usage-fault").with("reason", reason(fault, command, language)));
    let mut add_line = |message: Message| text.extend(["\n  ", language.render(&message).as_str()]);
    for (kind, name) in [
        (ContextKind::SuggestedArg, "usage-suggestion"),
        (ContextKind::SuggestedSubcommand, "usage-suggestion"),
        (ContextKind::SuggestedValue, "usage-suggestion"),
    ] {
        if let Some(value) = value(fault, kind) {
            add_line(Message::new(name).with("value", value));
        }
    }
    if let Some(ContextValue::StyledStr(usage)) = fault.get(ContextKind::Usage) {
        text.extend(["\n\n", &usage_line(&usage.to_string(), language)]);
    }
    text.extend(["\n", &language.render(&Message::new("usage-help"))]);
    text
}

/// The usage with its heading.
fn usage_line(usage: &str, language: Language) -> String {
    language.render(&Message::new("usage-line").with("usage", localised_usage(usage, language)))
}

fn reason(fault: &clap::Error, command: &Command, language: Language) -> Message {
    let text = |kind| value(fault, kind).unwrap_or_default();
    let argument = || text(ContextKind::InvalidArg);
    match fault.kind() {
        ErrorKind::InvalidValue if text(ContextKind::InvalidValue).is_empty() => {
            Message::new("usage-no-value").with("argument", argument())
        }
        ErrorKind::InvalidValue => Message::new("usage-value-unknown")
            .with("argument", argument())
            .with("value", text(ContextKind::InvalidValue))
            .with("known", text(ContextKind::ValidValue)),
        ErrorKind::ValueValidation => {
            let cause = fault.source().and_then(|source| source.downcast_ref::<InvalidValue>());
            let cause = cause.map(|cause| language.render(&cause.0));
            let meaning = || argument_help(command, &argument()).map(|help| in_sentence(&help)).unwrap_or_default();
            Message::new("usage-value")
                .with("argument", argument())
                .with("value", text(ContextKind::InvalidValue))
                .with("reason", cause.unwrap_or_else(meaning))
        }
        ErrorKind::UnknownArgument => Message::new("usage-unknown").with("argument", argument()),
        ErrorKind::InvalidSubcommand => {
            Message::new("usage-unknown-command").with("command", text(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => {
            Message::new("usage-no-command").with("known", text(ContextKind::ValidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => Message::new("usage-missing").with("arguments", argument()),
        ErrorKind::ArgumentConflict if text(ContextKind::PriorArg) == argument() => {
            Message::new("usage-twice").with("argument", argument())
        }
        ErrorKind::ArgumentConflict => {
            Message::new("usage-conflict").with("argument", argument()).with("other", text(ContextKind::PriorArg))
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            Message::new("usage-values").with("argument", argument())
        }
        ErrorKind::InvalidUtf8 => Message::new("usage-not-text"),
        _ => Message::new("usage-other").with("reason", fault.to_string()),
    }
}

/// A sentence as it stands after a colon.
fn in_sentence(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// A value of the fault as one text.
fn value(fault: &clap::Error, kind: ContextKind) -> Option<String> {
    match fault.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        _ => None,
    }
}

/// The help of the argument that a fault shows as `--threads <N>` or `<DAY>`, wherever in the tree of commands it is.
fn argument_help(command: &Command, shown: &str) -> Option<String> {
    let styled = |arg: &&Arg| arg.to_string() == shown;
    let here = command.get_arguments().find(styled).and_then(Arg::get_help).map(ToString::to_string);
    here.or_else(|| command.get_subcommands().find_map(|subcommand| argument_help(subcommand, shown)))
}
