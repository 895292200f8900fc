//! The `[[change]]` tables of a price change: programmes and their coefficients.

use rust_decimal::Decimal;

use crate::base::messages::Message;
use crate::base::source_file::{Faults, SourceFile, Spanned};
use crate::base::toml_file::{AnyValue, Table, as_filled_text, as_list};
use crate::quote::contract::{known_programme, price_change};
use crate::tariff::Tariff;

/// The word for every programme.
pub(super) const EVERY: &str = "*";

/// The coefficients of the programmes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Coefficients {
    /// The same for every programme of every edition.
    Every(Decimal),
    /// One for each of these programmes, by code, in the tariff's order.
    ByProgramme(Vec<(String, Decimal)>),
}

/// A `[[change]]` table, as far as it could be parsed.
pub(super) struct Entry {
    programmes: Vec<Spanned<ProgrammeRef>>,
    coefficient: Option<Decimal>,
}

/// A reference to programmes in a price change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ProgrammeRef {
    /// `*`: all programmes.
    Every,
    /// The place in the tariff.
    One(usize),
}

impl ProgrammeRef {
    /// Whether both refer to a common programme.
    fn overlaps(self, other: Self) -> bool {
        self == other || self == Self::Every || other == Self::Every
    }

    fn as_written(self, tariff: &Tariff) -> &str {
        match self {
            Self::Every => EVERY,
            Self::One(programme) => &tariff.programmes[programme].code,
        }
    }
}

impl Entry {
    pub fn read(table: &mut Table<'_>, tariff: &Tariff) -> Self {
        let faults = table.faults();
        let programmes = table.needed("programmes").map(|value| {
            if value.get_ref().as_array().is_some_and(|listed| listed.is_empty()) {
                faults.add(value.span(), Message::new("change-programmes-none"));
            }
            as_list(value, faults, |value, faults| named(value, tariff, faults))
        });
        let coefficient = table.needed_number("coefficient").and_then(|at| price_change(at, tariff, faults));
        Self { programmes: programmes.unwrap_or_default(), coefficient }
    }
}

fn named(value: AnyValue<'_>, tariff: &Tariff, faults: &Faults) -> Option<Spanned<ProgrammeRef>> {
    let code = as_filled_text(value, "programmes", faults)?;
    if code.value == EVERY {
        return Some(code.map(|_| ProgrammeRef::Every));
    }
    known_programme(code, tariff, faults).map(|at| at.map(ProgrammeRef::One))
}

/// Reports every programme that is named twice, also by `*`.
pub(super) fn check_unique(entries: &[Entry], source: &SourceFile, tariff: &Tariff, faults: &Faults) {
    let named: Vec<&Spanned<ProgrammeRef>> = entries.iter().flat_map(|entry| &entry.programmes).collect();
    for (place, at) in named.iter().enumerate() {
        let Some(before) = named[..place].iter().find(|before| before.value.overlaps(at.value)) else { continue };
        let message = Message::new("change-programme-twice")
            .with("programme", at.value.as_written(tariff))
            .with("before", before.value.as_written(tariff))
            .with("line", source.line(before.span.start).to_string());
        faults.add(at.span.clone(), message);
    }
}

/// The coefficients in the tariff's order; `None` where one could not be parsed.
pub(super) fn coefficients(entries: &[Entry], tariff: &Tariff) -> Option<Coefficients> {
    let mut listed: Vec<(usize, Decimal)> = Vec::new();
    for entry in entries {
        let coefficient = entry.coefficient?;
        for named in &entry.programmes {
            match named.value {
                ProgrammeRef::Every => return Some(Coefficients::Every(coefficient)),
                ProgrammeRef::One(programme) => listed.push((programme, coefficient)),
            }
        }
    }
    listed.sort_unstable_by_key(|(programme, _)| *programme);
    let code = |programme: usize| tariff.programmes[programme].code.clone();
    Some(Coefficients::ByProgramme(listed.into_iter().map(|(programme, found)| (code(programme), found)).collect()))
}
