//! The references of commands and of JSON answers in the documents are those of the program.

use std::fmt::Write as _;

use clap::Command;
use kollektiv::base::messages::Language;
use kollektiv::cli;
use serde_json::Value;

use crate::program::{project, run};

/// The width of the help in the documents, in characters.
const WIDTH: usize = 100;

#[test]
fn the_reference_of_the_commands_is_that_of_the_program() {
    let update = std::env::var_os("KOLLEKTIV_UPDATE_SESSIONS").is_some();
    for (language, name) in [(Language::En, "commands.md"), (Language::Ru, "commands.ru.md")] {
        let path = project().join("docs/reference").join(name);
        let expected = reference(language);
        if update {
            std::fs::write(&path, &expected).unwrap();
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(written == expected, "{name} is not today's: run the test with KOLLEKTIV_UPDATE_SESSIONS=1");
    }
}

#[test]
fn the_reference_of_the_answers_is_that_of_the_schemas() {
    let update = std::env::var_os("KOLLEKTIV_UPDATE_SESSIONS").is_some();
    let path = project().join("docs/reference/answers.md");
    let expected = answers();
    if update {
        std::fs::write(&path, &expected).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == expected, "answers.md is not today's: run the test with KOLLEKTIV_UPDATE_SESSIONS=1");
}

/// The page of the answers: a section for each schema.
fn answers() -> String {
    let mut text = "# Answers in JSON\n\nWhat `--json` prints, by the schemas that `kollektiv schema NAME` prints. The program wrote this page; a \
                    test compares the two.\nAmounts are texts of roubles with two decimals, days are texts such as 2026-12-01.\n"
        .to_owned();
    let listed = run(["schema"]).exits_with(0).out;
    for name in listed.lines() {
        let schema: Value = serde_json::from_str(&run(["schema", name]).exits_with(0).out).unwrap();
        let description = schema["description"].as_str().unwrap_or_default().replace('\n', " ");
        let _ = write!(text, "\n## {name}\n\n{description} `{}`\n\n", schema["$id"].as_str().unwrap());
        text.push_str("| property | type | description |\n|---|---|---|\n");
        add_properties(&schema, &schema, "", &mut text);
    }
    text
}

/// The rows of the properties of a schema, those of objects inside under their paths.
fn add_properties(schema: &Value, root: &Value, path: &str, text: &mut String) {
    let Some(properties) = schema["properties"].as_object() else { return };
    for (name, property) in properties {
        let property = definition(property, root);
        let (mut path, mut inner) = (format!("{path}{name}"), property);
        if let Some(items) = property.get("items") {
            path.push_str("[]");
            inner = definition(items, root);
        }
        let types = match &property["type"] {
            Value::String(name) => name.clone(),
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
            _ => "any of several".to_owned(),
        };
        let description = property["description"].as_str().unwrap_or_default().replace('\n', " ");
        let _ = writeln!(text, "| `{path}` | {types} | {description} |");
        add_properties(inner, root, &format!("{path}."), text);
    }
}

fn definition<'s>(schema: &'s Value, root: &'s Value) -> &'s Value {
    let reference = schema["$ref"].as_str();
    reference.and_then(|reference| root.pointer(reference.trim_start_matches('#'))).unwrap_or(schema)
}

/// The page of a language: the program, then each command with its help but for the options that all have.
fn reference(language: Language) -> String {
    let (title, intro, common) = match language {
        Language::Ru => (
            "Команды",
            "Справка каждой команды, как её печатает `--help`. Страница составлена программой; тест сравнивает её с программой. Коды \
             возврата: [codes.md](codes.md#exit-codes). In English: [commands.md](commands.md).",
            "\nОбщие опции:",
        ),
        Language::En => (
            "Commands",
            "The help of every command, as `--help` prints it. The program wrote this page; a test compares the two. Exit codes: \
             [codes.md](codes.md#exit-codes). По-русски: [commands.ru.md](commands.ru.md).",
            "\nCommon options:",
        ),
    };
    let mut text = format!("# {title}\n\n{intro}\n");
    let mut program = cli::command(language).term_width(WIDTH);
    let _ = write!(text, "\n## kollektiv\n\n```text\n{}\n```\n", program.render_long_help().to_string().trim_end());
    add_commands(&program, "", common, &mut text);
    text
}

fn add_commands(command: &Command, path: &str, common: &str, text: &mut String) {
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        let path = format!("{path} {}", subcommand.get_name()).trim_start().to_owned();
        let help = subcommand.clone().term_width(WIDTH).render_long_help().to_string();
        let (own, rest) = help.split_once(common).unwrap_or((&help, ""));
        let examples = rest
            .split("\n\n")
            .filter(|part| part.trim_start().lines().nth(1).is_some_and(|line| line.starts_with("  # ")));
        let examples: Vec<&str> = examples.map(str::trim_end).collect();
        let help = [own.trim_end()].into_iter().chain(examples).collect::<Vec<_>>().join("\n\n");
        let _ = write!(text, "\n## {path}\n\n```text\n{help}\n```\n");
        add_commands(subcommand, &path, common, text);
    }
}
