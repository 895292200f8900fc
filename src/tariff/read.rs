//! The file of an edition → a proved tariff, or every fault with its line.

mod bands;
mod programmes;
mod values;

use std::path::Path;

use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::{SourceFile, Spanned};
use crate::base::toml_file::Table;
use crate::tariff::cited::Cited;
use crate::tariff::edition::{Edition, EditionSource, EditionStatus, PriceChange, RiskGroup, Tariff};
use bands::{age, child_bands, headcount};
use programmes::{Known, programmes, services};
use values::{cited, range};

impl Tariff {
    /// The built-in edition.
    ///
    /// # Panics
    ///
    /// If the built-in file is no tariff, which a test rules out.
    #[must_use]
    pub fn base() -> Self {
        let text = include_str!("base.toml").to_owned();
        Self::read(&SourceFile { path: "base.toml".into(), text }).expect("the built-in tariff is proved by a test")
    }

    /// Reads and proves the edition of a file.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`] and [`Tariff::read`].
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::read(&SourceFile::open(path)?)
    }

    /// Reads and proves an edition from its text.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with every fault of the file.
    pub fn read(source: &SourceFile) -> Result<Self, Error> {
        source.read(|root| {
            let edition = root.needed_table("edition", edition);
            let headcount = root.needed_table("headcount", headcount);
            let age = root.needed_table("age", age);
            let price_change = root.needed_table("price_change", price_change);
            let additional_services = root.needed_table("additional_services", |table| cited(table, range));
            let risk = root.needed_table("risk", risk);
            let child_bands = root.needed_table("child_bands", child_bands);
            let services = services(root);
            let known =
                Known { services: &services, child_bands: child_bands.as_ref().map_or(0, |bands| bands.value.len()) };
            let programmes = programmes(root, &known);
            // the tests of the edition are read by the code that runs them
            root.any("test");
            let (age, accepted_age) = age?;
            Some(Tariff {
                edition: edition?,
                headcount: headcount?,
                age,
                accepted_age,
                price_change: price_change?,
                additional_services: additional_services?,
                risk: risk?,
                child_bands: child_bands?,
                services,
                programmes,
                source: source.clone(),
                sha256: sha256(source.text.as_bytes()),
            })
        })
    }
}

fn edition(table: &mut Table<'_>) -> Option<Edition> {
    let code = table.needed_text("code");
    let title = table.needed_text("title");
    let valid_from = table.needed_date("valid_from");
    let valid_to = table.date("valid_to");
    if let (Some(from), Some(to)) = (&valid_from, &valid_to)
        && to.value < from.value
    {
        let message =
            Message::new("edition-dates").with("from", from.value.to_string()).with("to", to.value.to_string());
        table.fault(to.span.clone(), message);
    }
    let status = table.word("status", EditionStatus::parse, EditionStatus::WORDS);
    let source = table.table("source", |table| {
        let title = table.needed_text("title");
        let date = table.date("date").map(|at| at.value);
        Some(EditionSource { title: title?.value, date })
    });
    Some(Edition {
        status: status.unwrap_or_default(),
        source,
        code: code?.value,
        title: title?.value,
        valid_from: valid_from?.value,
        valid_to: valid_to.map(|at| at.value),
    })
}

fn price_change(table: &mut Table<'_>) -> Option<Cited<PriceChange>> {
    cited(table, |table| {
        let up = table.needed_table("up", range);
        let down = table.needed_table("down", range);
        Some(PriceChange { up: up?, down: down? })
    })
}

fn risk(table: &mut Table<'_>) -> Option<Cited<Vec<RiskGroup>>> {
    cited(table, |table| {
        let span = table.span();
        let mut groups: Vec<RiskGroup> = Vec::new();
        let faults = table.faults();
        for at in table.tables("groups", |row| {
            let group = row.needed_whole::<u8>("group");
            let range = range(row);
            let group = group?;
            Some(Spanned { value: RiskGroup { group: group.value, range: range? }, span: group.span })
        }) {
            if groups.last().is_some_and(|before| before.group >= at.value.group) {
                faults.add(at.span, Message::new("risk-groups-order").with("group", u32::from(at.value.group)));
            } else {
                groups.push(at.value);
            }
        }
        if groups.is_empty() {
            faults.add(span, Message::new("bands-none"));
        }
        Some(groups)
    })
}
