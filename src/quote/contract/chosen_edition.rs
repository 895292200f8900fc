//! The edition of the tariff that prices a contract (`I70`), and why none does, at the key that decides.

use std::ops::Deref;
use std::sync::Arc;

use jiff::civil::Date;

use crate::base::messages::{Message, joined, listed};
use crate::base::source_file::{Faults, Spanned};
use crate::tariff::{Catalogue, Edition, NoEdition, Tariff};

/// The keys of a contract file that choose the edition.
pub(super) struct EditionKeys<'k> {
    /// The code that the contract pins.
    pub pinned: Option<&'k Spanned<String>>,
    /// The first day, where it is a day.
    pub start: Option<&'k Spanned<Date>>,
}

/// A way to choose the edition of a contract; `None` where the rest of its file cannot be read without one.
pub(super) trait ChooseEdition {
    /// What holds the edition.
    type Held: Deref<Target = Tariff>;

    /// Chooses the edition, and reports at its key why none or another one prices the contract.
    fn choose(self, keys: &EditionKeys<'_>, faults: &Faults) -> Option<Self::Held>;
}

/// The edition that the contract was priced by before, or that the caller names.
impl<'t> ChooseEdition for &'t Tariff {
    type Held = &'t Tariff;

    fn choose(self, keys: &EditionKeys<'_>, faults: &Faults) -> Option<&'t Tariff> {
        match (keys.pinned, keys.start) {
            (Some(pinned), _) if pinned.value != self.edition.code => {
                faults.add(pinned.span.clone(), another_named(&pinned.value, &self.edition));
            }
            (None, Some(start)) if !self.edition.holds_on(start.value) => {
                faults.add(start.span.clone(), outside_days(&self.edition));
            }
            _ => {}
        }
        Some(self)
    }
}

/// An edition that is asked what a contract would cost by it.
pub(super) struct Supposed<'t>(pub &'t Tariff);

/// Whatever the days of the edition, and the edition that the contract pins.
impl<'t> ChooseEdition for Supposed<'t> {
    type Held = &'t Tariff;

    fn choose(self, _: &EditionKeys<'_>, _: &Faults) -> Option<&'t Tariff> {
        Some(self.0)
    }
}

/// The edition that the rules of the catalogue choose.
impl ChooseEdition for &Catalogue {
    type Held = Arc<Tariff>;

    fn choose(self, keys: &EditionKeys<'_>, faults: &Faults) -> Option<Arc<Tariff>> {
        let pinned = keys.pinned.map(|at| at.value.as_str());
        // the days do not matter where the contract pins an edition
        let day = keys.start.map(|at| at.value).or_else(|| pinned.map(|_| Date::ZERO));
        let found = day.map(|day| self.edition_for(pinned, day));
        if let Some(Err(fault)) = &found {
            let span = keys.pinned.map(|at| &at.span).or_else(|| keys.start.map(|at| &at.span));
            let message = no_edition_message(fault, pinned, day.unwrap_or_default(), self);
            faults.add(span.cloned().unwrap_or_default(), message);
        }
        // where the first day alone is wrong, the rest of the file is still checked against the only edition
        let stand_in = match &found {
            None | Some(Err(NoEdition::OutsideDays(_))) => self.only(),
            Some(_) => None,
        };
        found.and_then(Result::ok).or(stand_in).map(Arc::clone)
    }
}

/// Why the catalogue has no edition for a contract or a day, and what to do.
#[must_use]
pub fn no_edition_message(fault: &NoEdition, pinned: Option<&str>, day: Date, catalogue: &Catalogue) -> Message {
    match fault {
        NoEdition::UnknownCode => Message::new("edition-unknown")
            .with("edition", pinned.unwrap_or_default())
            .with("known", listed(catalogue.editions().iter().map(|tariff| &tariff.edition.code))),
        NoEdition::AnotherNamed(named) => another_named(pinned.unwrap_or_default(), named),
        NoEdition::OutsideDays(edition) => outside_days(edition),
        NoEdition::NoneInForce(folder) => Message::new("edition-none-in-force")
            .with("day", day)
            .with("folder", folder.display().to_string())
            .with("editions", joined(catalogue.editions().iter().map(|tariff| edition_days(&tariff.edition)))),
        NoEdition::SeveralInForce(codes) => {
            Message::new("editions-several-in-force").with("day", day).with("editions", listed(codes))
        }
    }
}

/// The code, the days and the status of an edition.
fn edition_days(edition: &Edition) -> Message {
    let message = match edition.valid_to {
        Some(to) => Message::new("edition-days").with("to", to),
        None => Message::new("edition-days-open"),
    };
    message
        .with("edition", edition.code.as_str())
        .with("from", edition.valid_from)
        .with("status", edition.status.message())
}

fn another_named(pinned: &str, named: &Edition) -> Message {
    Message::new("edition-another").with("pinned", pinned).with("edition", named.code.as_str())
}

fn outside_days(edition: &Edition) -> Message {
    Message::new("edition-not-valid")
        .with("edition", edition.code.as_str())
        .with("from", edition.valid_from.to_string())
        .with("to", edition.valid_to.map_or_else(|| "…".to_owned(), |to| to.to_string()))
}
