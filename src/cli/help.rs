//! The help of the command line in the language of the reader, with examples and options in sections.
//!
//! The English help stands as comments at the arguments of each command, from which clap derives it; `help/ru.toml` has the same in
//! Russian by command and argument, and `help/examples.toml` the examples for both. Tests hold these files to the commands.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use clap::builder::{Str, StyledStr};
use clap::{Arg, Command};

use crate::base::messages::Language;

/// Texts by their names.
type Texts = BTreeMap<String, String>;
/// The table of texts that several commands have.
const COMMON: &str = "common";
/// The name of the program, which is the table of its own texts.
const PROGRAM: &str = "kollektiv";
/// The arguments that choose what is written, by their ids.
const RESULT: [&str; 11] = [
    "out",
    "to",
    "format",
    "documents",
    "template",
    "with_names",
    "movers",
    "people",
    "dry_run",
    "notices",
    "explain_sql",
];
/// The heading that the options of engines have in their source.
const ENGINES: &str = "Engines";

/// The command line with its help in a language, ready to parse, to print and to describe.
#[must_use]
pub fn localised(mut command: Command, language: Language) -> Command {
    command.build();
    Help { language, texts: texts(language) }.localise(command, "")
}

/// The usage line of a command that clap has rendered, in a language.
pub fn localised_usage(usage: &str, language: Language) -> String {
    let words = &texts(language)["words"];
    let mut usage = usage.trim().trim_start_matches("Usage:").trim().to_owned();
    usage = usage.replace("[OPTIONS]", &words["options"]);
    for (opening, closing) in [('<', '>'), ('[', ']')] {
        usage =
            usage.replace(&format!("{opening}COMMAND{closing}"), &format!("{opening}{}{closing}", words["command"]));
    }
    usage
}

/// A heading that manual pages have in English, in a language.
pub fn manual_heading(heading: &str, language: Language) -> &str {
    texts(language)["headings"].get(heading).map_or(heading, String::as_str)
}

struct Help {
    language: Language,
    texts: &'static BTreeMap<String, Texts>,
}

impl Help {
    /// The command, whose path from the program is `path`, and its subcommands in the language.
    fn localise(&self, command: Command, path: &str) -> Command {
        let name = if path.is_empty() { PROGRAM } else { path };
        let words = &self.texts["words"];
        let mut command = command.mut_args(|arg| self.localise_argument(arg, name));
        let usage = localised_usage(&command.render_usage().to_string(), self.language);
        let mut command =
            command.subcommand_help_heading(words["commands"].as_str()).override_usage(usage).help_template(format!(
                "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}",
                words["usage"]
            ));
        if let Some(about) = self.text(name, "about") {
            command = command.about(about.clone()).long_about(about.clone());
        }
        if let Some(text) = if path.is_empty() { Some(self.environment()) } else { self.examples(name) } {
            command = command.after_help(text);
        }
        command.mut_subcommands(|subcommand| {
            let is_help = subcommand.get_name() == "help" || path.starts_with("help");
            let below = format!("{path} {}", subcommand.get_name());
            self.localise(subcommand, if is_help { "help" } else { below.trim_start() })
        })
    }

    /// An argument of a command.
    fn localise_argument(&self, arg: Arg, command: &str) -> Arg {
        let id = arg.get_id().as_str().to_owned();
        let section = match (arg.get_help_heading(), RESULT.contains(&id.as_str())) {
            _ if matches!(id.as_str(), "help" | "version") => "common",
            _ if arg.is_global_set() => "common",
            (Some(ENGINES), false) => "engines",
            (_, true) => "result",
            _ if arg.is_positional() => "arguments",
            _ => "options",
        };
        // arguments in the order of the command line: clap sorts those under a heading by their names
        let place = arg.get_index().filter(|_| section == "arguments");
        let mut arg = place.into_iter().fold(arg, Arg::display_order);
        arg = arg.help_heading(self.texts["sections"][section].as_str());
        let Some(text) = self.text(command, &id).or_else(|| self.text(COMMON, &id)) else { return arg };
        let words = &self.texts["words"];
        let mut text = text.clone();
        let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        if arg.get_action().takes_values() {
            if !defaults.is_empty() {
                let _ = write!(text, " [{} {}]", words["default"], defaults.join(", "));
            }
            let values: Vec<_> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
            if !values.is_empty() {
                let _ = write!(text, " [{} {}]", words["values"], values.join(", "));
            }
            let names = arg.get_value_names().unwrap_or_default().iter();
            let names: Vec<Str> = names.map(|name| self.value_name(name)).collect();
            if !names.is_empty() {
                arg = arg.value_names(names);
            }
        }
        arg.help(text.clone()).long_help(text).hide_default_value(true).hide_possible_values(true)
    }

    /// The name of a value in the language.
    fn value_name(&self, name: &Str) -> Str {
        self.text("values", name).map_or_else(|| name.clone(), |name| Str::from(name.as_str()))
    }

    /// A text of a table; `None` where clap's own text stays.
    fn text(&self, table: &str, name: &str) -> Option<&'static String> {
        self.texts.get(table)?.get(name)
    }

    /// The variables of the environment with their heading.
    fn environment(&self) -> StyledStr {
        let variables = &self.texts["environment"];
        let width = variables.keys().map(String::len).max().unwrap_or_default();
        let mut text = format!("{}:", self.texts["sections"]["environment"]);
        for (variable, effect) in variables {
            let _ = write!(text, "\n  {variable:width$}  {effect}");
        }
        StyledStr::from(text)
    }

    /// The examples of a command with their heading; `None` if it has none.
    fn examples(&self, command: &str) -> Option<StyledStr> {
        let examples = examples().get(command)?;
        let mut text = format!("{}:\n", self.texts["sections"]["examples"]);
        for [line, russian, english] in examples {
            let purpose = if self.language == Language::Ru { russian } else { english };
            let _ = write!(text, "  # {purpose}\n  {line}\n");
        }
        Some(StyledStr::from(text.trim_end().to_owned()))
    }
}

/// The examples by command: a line for the shell and its purpose in Russian and in English.
pub fn examples() -> &'static BTreeMap<String, Vec<[String; 3]>> {
    static EXAMPLES: OnceLock<BTreeMap<String, Vec<[String; 3]>>> = OnceLock::new();
    EXAMPLES.get_or_init(|| toml::from_str(include_str!("help/examples.toml")).expect("a test reads the examples"))
}

/// The texts of a language.
fn texts(language: Language) -> &'static BTreeMap<String, Texts> {
    static RU: OnceLock<BTreeMap<String, Texts>> = OnceLock::new();
    static EN: OnceLock<BTreeMap<String, Texts>> = OnceLock::new();
    let (cell, text) = match language {
        Language::Ru => (&RU, include_str!("help/ru.toml")),
        Language::En => (&EN, include_str!("help/en.toml")),
    };
    cell.get_or_init(|| toml::from_str(text).expect("a test reads the texts"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::cli::command;

    /// Every command with its path; those of `help` are left out.
    fn commands(command: &Command, path: &str, found: &mut Vec<(String, Command)>) {
        found.push((if path.is_empty() { PROGRAM.to_owned() } else { path.to_owned() }, command.clone()));
        for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
            commands(subcommand, format!("{path} {}", subcommand.get_name()).trim_start(), found);
        }
    }

    /// The tables that have no texts of arguments.
    const TABLES_OF_WORDS: [&str; 5] = ["words", "sections", "headings", "environment", "values"];

    fn all(language: Language) -> Vec<(String, Command)> {
        let mut found = Vec::new();
        commands(&command(language), "", &mut found);
        found
    }

    #[test]
    fn every_command_and_argument_has_a_russian_text_and_every_text_is_used() {
        let texts = texts(Language::Ru);
        let mut used: BTreeSet<(String, String)> = BTreeSet::from([("help".to_owned(), "about".to_owned())]);
        let mut missing = Vec::new();
        for (path, command) in all(Language::Ru) {
            let ids = command.get_arguments().map(|arg| arg.get_id().as_str()).chain(["about"]);
            for id in ids {
                let has = |table: &&str| texts.get(*table).is_some_and(|table| table.contains_key(id));
                match [path.as_str(), COMMON].iter().find(|table| has(table)) {
                    Some(table) => drop(used.insert(((*table).to_owned(), id.to_owned()))),
                    None => missing.push(format!("{path}: {id}")),
                }
            }
        }
        assert!(missing.is_empty(), "no Russian text for {missing:#?}");
        let tables = texts.iter().filter(|(table, _)| !TABLES_OF_WORDS.contains(&table.as_str()));
        let names = tables.flat_map(|(table, texts)| texts.keys().map(|id| (table.clone(), id.clone())));
        let unused: Vec<_> = names.filter(|name| !used.contains(name)).collect();
        assert!(unused.is_empty(), "no argument for {unused:#?}");
    }

    #[test]
    fn sections_and_arguments_stand_in_their_order() {
        let order = ["Arguments", "Options", "Result", "Engines of SQL", "Common options"];
        for (path, command) in all(Language::En) {
            let headings = command.get_arguments().filter_map(Arg::get_help_heading);
            let places: Vec<_> =
                headings.filter_map(|heading| order.iter().position(|known| *known == heading)).collect();
            let mut firsts: Vec<usize> = Vec::new();
            for place in places {
                if !firsts.contains(&place) {
                    firsts.push(place);
                }
            }
            // the program itself and its groups have only common options
            assert!(firsts.is_sorted(), "{path}: {firsts:?}");
        }
        let mut compare = command(Language::En).find_subcommand("compare").expect("a command").clone();
        let help = compare.render_long_help().to_string();
        let places = ["\n  <BEFORE>", "\n  <AFTER>"].map(|name| help.find(name));
        assert!(places[0].is_some() && places[0] < places[1], "{help}");
    }

    #[test]
    fn every_name_of_a_value_is_russian_in_the_russian_help() {
        let is_english = |name: &str| name.bytes().any(|letter| letter.is_ascii_uppercase());
        for (path, command) in all(Language::Ru) {
            let arguments = command.get_arguments().filter(|arg| arg.get_action().takes_values());
            for name in arguments.flat_map(|arg| arg.get_value_names().unwrap_or_default()) {
                assert!(!is_english(name), "{path}: {name} is missing in [values] of ru.toml");
            }
        }
    }

    #[test]
    fn every_option_with_a_day_takes_both_forms_of_it() {
        for (path, command) in all(Language::En) {
            for argument in command.get_arguments() {
                let is_day = argument.get_value_names().is_some_and(|names| names.iter().any(|name| name == "DAY"));
                let Some(long) = argument.get_long().filter(|_| is_day) else { continue };
                for day in ["2026-12-01", "01.12.2026"] {
                    let alone = Command::new("day").arg(argument.clone().required(false));
                    let read = alone.try_get_matches_from(["day", &format!("--{long}={day}")]);
                    assert!(read.is_ok(), "{path} --{long}={day}");
                }
            }
        }
    }

    #[test]
    fn the_environment_is_the_same_in_both_languages_and_in_the_page_of_operation() {
        let [russian, english] = [Language::Ru, Language::En].map(|language| &texts(language)["environment"]);
        assert!(russian.keys().eq(english.keys()));
        let page = include_str!("../../docs/operation.md");
        for variable in russian.keys() {
            assert!(page.contains(&format!("`{variable}`")), "{variable} is missing in docs/operation.md");
        }
    }

    #[test]
    fn every_command_that_does_something_has_examples_that_parse() {
        for (path, command) in all(Language::Ru) {
            let does = command.get_subcommands().next().is_none() || path == "report";
            assert_eq!(does, examples().contains_key(&path), "{path}");
        }
        for [line, ..] in examples().values().flatten() {
            let words = line.split(['<', '>']).next().unwrap_or_default().split_whitespace();
            let words: Vec<&str> = words.map(|word| word.trim_matches('\'')).collect();
            for language in [Language::Ru, Language::En] {
                if let Err(fault) = command(language).try_get_matches_from(&words) {
                    panic!("{line}: {fault}");
                }
            }
        }
    }

    #[test]
    fn no_help_in_russian_has_an_english_word_of_claps_own() {
        for (path, mut command) in all(Language::Ru) {
            let text = command.render_long_help().to_string();
            for word in ["Usage", "Options", "Commands:", "Arguments", "default:", "possible", "Print", "[OPTIONS]"] {
                assert!(!text.contains(word), "{path}: {word} in\n{text}");
            }
        }
    }
}
