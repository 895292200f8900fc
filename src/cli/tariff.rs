//! `kollektiv tariff`: an edition shown by clause, checked, exported.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Subcommand;

use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::cli::screen::{Screen, harmless, result, table};
use crate::cli::{Common, Outcome};
use crate::tariff::Tariff;
use crate::tariff::programme::{Base, ExclusionCoefficient, Programme, ServiceId};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the tariff by clause
    Show,
    /// Prove an edition: every fault with its line
    Check {
        /// The edition's file; without it the one of --tariff, or the built-in one
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Print the edition's file, to begin an own edition with
    Export,
}

/// Runs one of the commands.
pub fn run(common: &Common, command: &Command, screen: &Screen) -> Result<Outcome, Error> {
    match command {
        Command::Show => result(&harmless(&shown(&common.tariff()?, screen)))?,
        Command::Export => result(&common.tariff()?.source.text)?,
        Command::Check { file } => {
            let tariff = match file {
                Some(path) => Tariff::open(path)?,
                None => common.tariff()?,
            };
            let message = Message::new("tariff-proved")
                .with("edition", tariff.edition.code.as_str())
                .with("programmes", tariff.programmes.len());
            screen.table(&format!("{}\n", screen.say(&message)))?;
        }
    }
    Ok(Outcome::Done)
}

/// The tariff as text, clause by clause.
fn shown(tariff: &Tariff, screen: &Screen) -> String {
    let mut text = String::new();
    let words = |name| screen.words(name);
    let edition = Message::new("tariff-edition")
        .with("title", tariff.edition.title.as_str())
        .with("edition", tariff.edition.code.as_str())
        .with("from", tariff.edition.valid_from.to_string());
    let _ = writeln!(text, "{}", screen.say(&edition));
    let mut clause = |number: &str, name: &'static str, body: String| {
        let _ = write!(text, "\n§{number} {}\n{body}", screen.words(name));
    };
    let programmes = tariff
        .programmes
        .iter()
        .map(|programme| [programme.code.clone(), own_name(programme, screen.language), base(&programme.base, tariff)]);
    let heading = [words("heading-programme"), words("heading-name"), words("heading-base-rate")];
    clause("1", "clause-base", table(heading, programmes.collect(), 2));
    let rows = tariff.headcount.value.iter().map(|band| [band.to_string(), band.range.to_string()]);
    let heading = [words("heading-headcount"), words("heading-coefficient")];
    clause(&tariff.headcount.clause, "clause-headcount", table(heading, rows.collect(), 1));
    let rows = tariff.age.value.iter().map(|band| [band.years.to_string(), band.coefficient.to_string()]);
    let heading = [words("heading-age"), words("heading-coefficient")];
    clause(&tariff.age.clause, "clause-age", table(heading, rows.collect(), 1));
    let change = &tariff.price_change;
    let body = Message::new("tariff-price-change")
        .with("up", change.value.up.to_string())
        .with("down", change.value.down.to_string());
    clause(&change.clause, "clause-price-change", format!("{}\n", screen.say(&body)));
    let additional = &tariff.additional_services;
    clause(&additional.clause, "clause-additional", format!("{}\n", additional.value));
    let rows = tariff.risk.value.iter().map(|row| [row.group.to_string(), row.range.to_string()]);
    let heading = [words("heading-risk"), words("heading-coefficient")];
    clause(&tariff.risk.clause, "clause-risk", table(heading, rows.collect(), 1));
    for programme in &tariff.programmes {
        text.push_str(&changes(programme, tariff, screen));
    }
    text
}

/// What excluding and including services does to a programme, clause by clause.
fn changes(programme: &Programme, tariff: &Tariff, screen: &Screen) -> String {
    let mut text = String::new();
    let heading =
        || [screen.words("heading-service"), screen.words("heading-name"), screen.words("heading-coefficient")];
    let codes = |services: &[ServiceId]| tariff.service_codes(services.iter().copied()).join(" + ");
    let mut clause = |number: &str, name: &'static str, rows: Vec<[String; 3]>| {
        let title = screen.say(&Message::new(name).with("programme", programme.code.as_str()));
        let _ = write!(text, "\n§{number} {title}\n{}", table(heading(), rows, 2));
    };
    if let Some(exclusions) = &programme.exclusions {
        let single = exclusions.value.rows.iter().map(|row| {
            let coefficient = match &row.coefficient {
                ExclusionCoefficient::Fixed(coefficient) => coefficient.to_string(),
                ExclusionCoefficient::Range(range) => range.to_string(),
                ExclusionCoefficient::ByChildBand(columns) => by_child_band(
                    tariff,
                    columns
                        .iter()
                        .map(|column| column.map_or_else(|| "—".to_owned(), |coefficient| coefficient.to_string())),
                ),
            };
            [codes(&[row.service]), row.wording.clone(), coefficient]
        });
        let sets =
            exclusions.value.sets.iter().map(|set| [codes(&set.services), String::new(), set.coefficient.to_string()]);
        clause(&exclusions.clause, "clause-exclusions", single.chain(sets).collect());
    }
    if let Some(inclusions) = &programme.inclusions {
        let rows = inclusions
            .value
            .iter()
            .map(|row| [codes(&[row.service]), row.value.wording.clone(), row.value.coefficient.to_string()]);
        clause(&inclusions.clause, "clause-inclusions", rows.collect());
    }
    if let Some(collective) = &programme.collective {
        let row = ["—".to_owned(), collective.value.wording.clone(), collective.value.coefficient.to_string()];
        clause(&collective.clause, "clause-collective", vec![row]);
    }
    text
}

fn own_name(programme: &Programme, language: Language) -> String {
    match language {
        Language::Ru => programme.name.clone(),
        Language::En => programme.name_en.clone(),
    }
}

fn base(base: &Base, tariff: &Tariff) -> String {
    match base {
        Base::Fixed(rate) => rate.to_string(),
        Base::Range(range) => range.to_string(),
        Base::ByChildBand(rates) => by_child_band(tariff, rates.iter().map(ToString::to_string)),
    }
}

/// One value for each of the children's bands, each after its ages.
fn by_child_band(tariff: &Tariff, values: impl Iterator<Item = String>) -> String {
    let bands = tariff.child_bands.value.iter();
    bands.zip(values).map(|(band, value)| format!("{band}: {value}")).collect::<Vec<_>>().join("\n")
}
