//! The options by which a list is read beside the terms of its contract.

use clap::Args;

use crate::base::messages::{Message, listed};
use crate::cli::usage::InvalidValue;
use crate::quote::contract::ReadingTerms;
use crate::roster::field::Field;
use crate::roster::spec::DetachDay;

/// How the columns, the sheets and the days of a list are read.
#[derive(Debug, Args)]
pub struct ReadingArguments {
    /// Meaning of the day of detachment if the contract states none: last (the last day of cover) or first-without-cover (I26)
    #[arg(long, value_name = "WORD", value_parser = parse_detach_day)]
    detach_day: Option<DetachDay>,
    /// Heading of a field in this list, such as `change_day=Date`; can be repeated
    #[arg(long = "column", value_name = "FIELD=HEADING", value_parser = parse_column)]
    columns: Vec<(Field, String)>,
    /// Heading of a column of this list that is ignored; can be repeated
    #[arg(long = "ignore-column", value_name = "HEADING")]
    ignored_columns: Vec<String>,
    /// Name of a sheet that is ignored; can be repeated
    #[arg(long = "ignore-sheet", value_name = "NAME")]
    ignored_sheets: Vec<String>,
}

impl ReadingArguments {
    /// The terms that the options state.
    pub fn terms(&self) -> ReadingTerms {
        ReadingTerms {
            detach_day: self.detach_day,
            columns: self.columns.clone(),
            ignored: self.ignored_columns.clone(),
            ignored_sheets: self.ignored_sheets.clone(),
        }
    }
}

fn parse_detach_day(text: &str) -> Result<DetachDay, InvalidValue> {
    let known = || listed(DetachDay::ALL.iter().map(|word| word.as_str()));
    DetachDay::parse(text).ok_or_else(|| InvalidValue(Message::new("argument-words").with("known", known())))
}

/// Parses the name of a field and its heading: `change_day=Дата`.
fn parse_column(text: &str) -> Result<(Field, String), InvalidValue> {
    field_and_heading(text, Field::ALL, Field::name)
}

/// One of these fields, by its name, and the heading after it: `change_day=Дата`.
pub fn field_and_heading<F: Copy>(
    text: &str,
    fields: &[F],
    name: impl Fn(F) -> &'static str,
) -> Result<(F, String), InvalidValue> {
    let found = text.split_once('=').and_then(|(field, heading)| {
        let field = fields.iter().copied().find(|known| name(*known) == field.trim())?;
        Some((field, heading.trim().to_owned())).filter(|(_, heading)| !heading.is_empty())
    });
    let known = || listed(fields.iter().map(|field| name(*field)));
    found.ok_or_else(|| InvalidValue(Message::new("argument-column").with("known", known())))
}
