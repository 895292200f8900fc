//! The reference of the commands in the documents is that of the program, in both languages.

use std::fmt::Write as _;

use clap::Command;
use kollektiv::base::messages::Language;
use kollektiv::cli;

use crate::program::project;

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

/// The page of a language: the program, then each command with its help but for the options that all have.
fn reference(language: Language) -> String {
    let (title, intro, common) = match language {
        Language::Ru => (
            "Команды",
            "Справка каждой команды, как её печатает `--help`. Страница составлена программой; тест сравнивает её с программой. Коды \
             завершения: [codes.md](codes.md#exit-codes). In English: [commands.md](commands.md).",
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
