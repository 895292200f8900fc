//! `kollektiv insurer`: checks the file about the insurer, prints its JSON schema, writes one to start from.

use std::path::PathBuf;

use clap::Subcommand;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::answer;
use crate::cli::outcome::Outcome;
use crate::cli::screen::{Screen, print_json};
use crate::quote::insurer::keys::schema;
use crate::quote::insurer::{Insurer, template};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a file about the insurer: the control digits of every number, and whether the logo can be printed
    Check {
        /// File about the insurer
        #[arg(value_name = "INSURER.toml")]
        insurer: PathBuf,
    },
    /// Print the JSON schema of files about the insurer, for editors
    Schema,
    /// Write a file about an invented insurer to start from
    Template {
        /// New file; standard output by default. An existing file is not replaced
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

answer! {
    /// The answer of `kollektiv insurer check`.
    pub struct Answer {
        /// Full name.
        name: String,
        /// Taxpayer's number (ИНН).
        inn: String,
        /// Code of the reason of registration (КПП).
        kpp: String,
        /// Account to which policyholders pay (р/с).
        account: String,
        /// Code of its bank (БИК).
        bic: String,
        /// Whether the papers have a picture.
        logo: bool,
    }
}

/// Runs one of the commands.
pub fn run(command: &Command, screen: &Screen) -> Result<Outcome, Error> {
    match command {
        Command::Check { insurer } => {
            let insurer = Insurer::open(insurer)?;
            let message = Message::new("insurer-checked")
                .with("name", insurer.name.as_str())
                .with("inn", insurer.inn.as_str())
                .with("account", insurer.bank.account.as_str())
                .with("bic", insurer.bank.bic.as_str());
            screen.print(&screen.paragraph(&message))?;
            screen.answer(&Answer {
                name: insurer.name,
                inn: insurer.inn,
                kpp: insurer.kpp,
                account: insurer.bank.account,
                bic: insurer.bank.bic,
                logo: insurer.logo.is_some(),
            })?;
            screen.suggest(Message::new("next-insurer"));
        }
        Command::Schema => print_json(&schema())?,
        Command::Template { file } => {
            screen.write_or_print(template(screen.language), file.as_deref())?;
            if let Some(file) = file {
                screen.suggest(Message::new("next-insurer-template").with("path", file.display().to_string()));
            }
        }
    }
    Ok(Outcome::Done)
}
