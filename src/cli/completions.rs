//! `kollektiv completions`: completion for shells, with the contracts, plans and programmes that the command line has named so far.
//!
//! The script of a shell asks the program itself, with `KOLLEKTIV_COMPLETE` set; a candidate is never an error.

mod words;

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::{Arg, Args, Command, ValueEnum, ValueHint};
use clap_complete::CompleteEnv;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{Bash, EnvCompleter, Fish, Zsh};

use crate::base::error::Error;
use crate::cli::outcome::Outcome;
use crate::cli::screen::print_result;
use words::Words;

/// The variable by which a shell asks for candidates.
const VARIABLE: &str = "KOLLEKTIV_COMPLETE";
/// The name of the program.
const PROGRAM: &str = "kollektiv";

#[derive(Debug, Args)]
pub struct Arguments {
    /// Shell whose script is printed
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    /// Bash
    Bash,
    /// Zsh
    Zsh,
    /// Fish
    Fish,
}

/// Prints the script of a shell.
pub fn run(arguments: &Arguments) -> Result<Outcome, Error> {
    let shell: &dyn EnvCompleter = match arguments.shell {
        Shell::Bash => &Bash,
        Shell::Zsh => &Zsh,
        Shell::Fish => &Fish,
    };
    let mut script = Vec::new();
    shell
        .write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut script)
        .map_err(|fault| Error::writing(Path::new("stdout"), fault))?;
    if matches!(arguments.shell, Shell::Bash) {
        script.extend_from_slice(include_bytes!("completions/words.bash"));
    }
    print_result(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}

/// Answers a shell that asks for candidates; false in any other run.
pub fn answer_shell(words: &[OsString], command: impl Fn() -> Command) -> bool {
    let factory = || with_candidates(command(), "");
    let here = std::env::current_dir().ok();
    let answered = CompleteEnv::with_factory(factory).var(VARIABLE).try_complete(words, here.as_deref());
    // a shell shows no reason: without candidates it completes nothing
    answered.unwrap_or(true)
}

/// The command with the candidates of its arguments, which depend on the words before them.
fn with_candidates(command: Command, path: &str) -> Command {
    let command = command.mut_args(|arg| match (path, arg.get_id().as_str()) {
        ("endorse" | "reconcile" | "renew" | "refuse" | "terminate" | "portfolio show", "number")
        | ("annul", "contract") => complete(arg, Words::contract_numbers),
        ("refuse", "change") => complete(arg, Words::price_changes),
        ("explain", "plan") => complete(arg, Words::plans),
        ("explain", "programme") => complete(arg, Words::programmes),
        ("tariff show" | "tariff export", "code") | ("tariff compare", "before" | "after") => {
            complete(arg, Words::editions)
        }
        ("clinics letter" | "clinics settle" | "clinics act" | "clinics route" | "clinics check", "clinic") => {
            complete(arg, Words::clinics)
        }
        (_, "rosters" | "contracts" | "before_roster" | "after_roster") => arg.value_hint(ValueHint::FilePath),
        _ => arg,
    });
    command.mut_subcommands(|subcommand| {
        let below = format!("{path} {}", subcommand.get_name());
        with_candidates(subcommand, below.trim_start())
    })
}

/// The argument with the candidates that begin with what is typed.
fn complete(arg: Arg, all: fn(&Words) -> Option<Vec<String>>) -> Arg {
    arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
        let words = Words::new(std::env::args_os().collect());
        let begins = |name: &String| typed.to_str().is_some_and(|typed| name.starts_with(typed));
        all(&words).unwrap_or_default().into_iter().filter(begins).map(CompletionCandidate::new).collect()
    }))
}
