//! `kollektiv tariff show`: every table of an edition with its clause.

use std::fmt::Write as _;

use crate::base::calendar::format_day;
use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::cli::answer::answer;
use crate::cli::screen::Screen;
use crate::tariff::Tariff;
use crate::tariff::programme::{Base, ExclusionCoefficient, Programme, ServiceId};

answer! {
    /// The answer of `kollektiv tariff show`; ranges are shown as `0.80–0.85`.
    pub struct Answer {
        /// Code of the edition.
        edition: String,
        /// SHA-256 of its file, in hexadecimal.
        sha256: String,
        /// `draft`, `approved` or `withdrawn`.
        status: String,
        /// Document that its numbers come from.
        source: Option<String>,
        /// Day of that document.
        source_date: Option<String>,
        /// Title of the edition.
        title: String,
        /// First day of the edition.
        valid_from: String,
        /// Last day of the edition, if there is one.
        valid_to: Option<String>,
        /// The programmes with their base rates (§1).
        programmes: Vec<ProgrammeAnswer>,
        /// The headcount coefficients (§2.1).
        headcount: Vec<BandAnswer>,
        /// The age coefficients (§2.2).
        age: Vec<BandAnswer>,
        /// The risk coefficients by group (§2.5).
        risk: Vec<BandAnswer>,
    }
}

answer! {
    struct ProgrammeAnswer {
        /// Code of the programme.
        code: String,
        /// Its name in the language of the reader.
        name: String,
        /// Base rate, range of base rates, or rates by children's ages.
        base_rate: String,
    }
}

answer! {
    struct BandAnswer {
        /// Headcount, ages or risk group.
        band: String,
        /// Coefficient, or range of coefficients.
        coefficient: String,
    }
}

fn answer(tariff: &Tariff, language: Language) -> Answer {
    let programme = |programme: &Programme| ProgrammeAnswer {
        code: programme.code.clone(),
        name: localised_name(programme, language),
        base_rate: base_rate(&programme.base, tariff),
    };
    let band = |band: String, coefficient: String| BandAnswer { band, coefficient };
    let headcount = tariff.headcount.value.iter().map(|row| band(row.to_string(), row.range.to_string()));
    let age = tariff.age.value.iter().map(|row| band(row.years.to_string(), row.coefficient.to_string()));
    let risk = tariff.risk.value.iter().map(|row| band(row.group.to_string(), row.range.to_string()));
    Answer {
        edition: tariff.edition.code.clone(),
        sha256: tariff.sha256.clone(),
        status: tariff.edition.status.as_str().to_owned(),
        source: tariff.edition.source.as_ref().map(|source| source.title.clone()),
        source_date: tariff.edition.source.as_ref().and_then(|source| source.date).map(|day| day.to_string()),
        title: tariff.edition.title.clone(),
        valid_from: tariff.edition.valid_from.to_string(),
        valid_to: tariff.edition.valid_to.map(|day| day.to_string()),
        programmes: tariff.programmes.iter().map(programme).collect(),
        headcount: headcount.collect(),
        age: age.collect(),
        risk: risk.collect(),
    }
}

/// Prints the edition, as JSON where that is wanted.
pub fn run(tariff: &Tariff, screen: &Screen) -> Result<(), Error> {
    if screen.is_json() {
        return screen.answer(&answer(tariff, screen.language));
    }
    screen.print(&tariff_text(tariff, screen))
}

/// The tariff, clause by clause.
fn tariff_text(tariff: &Tariff, screen: &Screen) -> String {
    let mut text = String::new();
    let edition = Message::new("tariff-edition")
        .with("title", tariff.edition.title.as_str())
        .with("edition", tariff.edition.code.as_str())
        .with("from", tariff.edition.valid_from);
    let _ = writeln!(text, "{}", screen.render(&edition));
    let _ = writeln!(text, "{}", screen.render(&status(tariff)));
    let mut clause = |number: &str, name: &'static str, body: String| {
        let _ = write!(text, "\n§{number} {}\n{body}", screen.text(name));
    };
    let programmes = tariff.programmes.iter().map(|programme| {
        [
            programme.code.clone(),
            localised_name(programme, screen.language),
            screen.decimal(base_rate(&programme.base, tariff)),
        ]
    });
    let heading = ["heading-programme", "heading-name", "heading-base-rate"];
    clause("1", "clause-base", screen.table(heading, programmes.collect(), 2));
    let rows = tariff.headcount.value.iter().map(|band| [band.to_string(), screen.decimal(band.range)]);
    let heading = ["heading-headcount", "heading-coefficient"];
    clause(&tariff.headcount.clause, "clause-headcount", screen.table(heading, rows.collect(), 1));
    let rows = tariff.age.value.iter().map(|band| [band.years.to_string(), screen.decimal(band.coefficient)]);
    let heading = ["heading-age", "heading-coefficient"];
    clause(&tariff.age.clause, "clause-age", screen.table(heading, rows.collect(), 1));
    let change = &tariff.price_change;
    let body = Message::new("tariff-price-change")
        .with("up", screen.decimal(change.value.up))
        .with("down", screen.decimal(change.value.down));
    clause(&change.clause, "clause-price-change", format!("{}\n", screen.render(&body)));
    let additional = &tariff.additional_services;
    clause(&additional.clause, "clause-additional", format!("{}\n", screen.decimal(additional.value)));
    let rows = tariff.risk.value.iter().map(|row| [row.group.to_string(), screen.decimal(row.range)]);
    let heading = ["heading-risk", "heading-coefficient"];
    clause(&tariff.risk.clause, "clause-risk", screen.table(heading, rows.collect(), 1));
    for programme in &tariff.programmes {
        text.push_str(&service_clauses(programme, tariff, screen));
    }
    text
}

/// The status, the source and the hash of the edition.
fn status(tariff: &Tariff) -> Message {
    let edition = &tariff.edition;
    let message =
        Message::new("tariff-status").with("status", edition.status.message()).with("hash", tariff.sha256.as_str());
    match &edition.source {
        None => message.with("source", Message::new("tariff-source-none")),
        Some(source) => {
            let title = Message::new(if source.date.is_some() { "tariff-source-dated" } else { "tariff-source" });
            let date = source.date.map(format_day).unwrap_or_default();
            message.with("source", title.with("title", source.title.as_str()).with("date", date))
        }
    }
}

/// The coefficients of excluded and included services of a programme, clause by clause.
fn service_clauses(programme: &Programme, tariff: &Tariff, screen: &Screen) -> String {
    let mut text = String::new();
    let heading = ["heading-service", "heading-name", "heading-coefficient"];
    let codes = |services: &[ServiceId]| tariff.service_codes(services.iter().copied()).join(" + ");
    let mut clause = |number: &str, name: &'static str, rows: Vec<[String; 3]>| {
        let title = screen.render(&Message::new(name).with("programme", programme.code.as_str()));
        let rows = rows.into_iter().map(|[code, name, coefficient]| [code, name, screen.decimal(coefficient)]);
        let _ = write!(text, "\n§{number} {title}\n{}", screen.table(heading, rows.collect(), 2));
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

fn localised_name(programme: &Programme, language: Language) -> String {
    match language {
        Language::Ru => programme.name.clone(),
        Language::En => programme.name_en.clone(),
    }
}

fn base_rate(base: &Base, tariff: &Tariff) -> String {
    match base {
        Base::Fixed(rate) => rate.to_string(),
        Base::Range(range) => range.to_string(),
        Base::ByChildBand(rates) => by_child_band(tariff, rates.iter().map(ToString::to_string)),
    }
}

/// The values of the children's bands, each after its ages.
fn by_child_band(tariff: &Tariff, values: impl Iterator<Item = String>) -> String {
    let bands = tariff.child_bands.value.iter();
    bands.zip(values).map(|(band, value)| format!("{band}: {value}")).collect::<Vec<_>>().join("\n")
}
