//! An edition of the tariff and the look-ups in its tables.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::base::messages::{Message, Value};
use crate::base::named_enum::named_enum;
use crate::base::sex::Sex;
use crate::base::source_file::SourceFile;
use crate::tariff::band::{AgeBand, Band, HeadcountBand};
use crate::tariff::cited::Cited;
use crate::tariff::programme::{
    Base, Exclusion, ExclusionCoefficient, ExclusionSet, Exclusions, Programme, Service, ServiceId, fold_code,
};
use crate::tariff::range::Range;

/// An edition of the tariff, complete and proved.
///
/// # Example
///
/// ```
/// use kollektiv::tariff::Tariff;
///
/// let tariff = Tariff::base();
/// let programme = &tariff.programmes[tariff.programme("ДМС-16").unwrap()];
/// assert_eq!(programme.code, "16");
/// // §2.1: 1 to 9 insured
/// assert_eq!(tariff.headcount_band(9).to, Some(9));
/// // §2.2 ends at 79 (I5)
/// assert_eq!(tariff.age_band(80), None);
/// ```
#[derive(Debug, Clone)]
pub struct Tariff {
    /// Its code, title and validity.
    pub edition: Edition,
    /// Coefficients by headcount, from the first insured to any number.
    pub headcount: Cited<Vec<HeadcountBand>>,
    /// Coefficients by age in completed years, from 0 to [`Tariff::last_age`].
    pub age: Cited<Vec<AgeBand>>,
    /// The coefficients by age that an underwriter may choose for an insured past [`Tariff::last_age`] (`I73`), with the clause of
    /// [`Tariff::age`]; none where the edition has no such range.
    pub accepted_age: Option<Range>,
    /// The coefficients that a price change may have (§2.3).
    pub price_change: Cited<PriceChange>,
    /// The coefficients that additional services may have (§2.4).
    pub additional_services: Cited<Range>,
    /// Coefficients by risk group, in the order of the groups.
    pub risk: Cited<Vec<RiskGroup>>,
    /// The ages of the children's programmes in completed years (`I6`).
    pub child_bands: Cited<Vec<Band>>,
    /// The services that can be excluded or included.
    pub services: Vec<Service>,
    /// The programmes, in the order of the edition.
    pub programmes: Vec<Programme>,
    /// The text of the edition's file.
    pub source: SourceFile,
    /// SHA-256 of that text, in hexadecimal.
    pub sha256: String,
}

/// The name of an edition and the contracts that it prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// A short name, for the manifest.
    pub code: String,
    /// The full name.
    pub title: String,
    /// The earliest first day of a contract that it prices.
    pub valid_from: Date,
    /// The latest such day, if there is one.
    pub valid_to: Option<Date>,
    /// Whether contracts may be priced by it unnamed (`I70`).
    pub status: EditionStatus,
    /// The document that its numbers come from, where the file names it.
    pub source: Option<EditionSource>,
}

impl Edition {
    /// Whether a contract with this first day begins within its days.
    #[must_use]
    pub fn holds_on(&self, first_day: Date) -> bool {
        self.valid_from <= first_day && self.valid_to.is_none_or(|last| first_day <= last)
    }
}

/// The code and the hash by which results and books name an edition (`I71`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EditionId {
    /// The code.
    #[serde(rename = "edition")]
    pub code: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

impl EditionId {
    /// The sentence that names the edition on a screen.
    #[must_use]
    pub fn message(&self) -> Message {
        Message::new("tariff-used").with("edition", self.code.as_str()).with("hash", self.sha256.as_str())
    }
}

named_enum! {
    /// The status of an edition (`I70`), by the word of its file.
    #[derive(Default)]
    pub enum EditionStatus messages "edition-status-" {
        /// Prices only the contracts and runs that name it.
        Draft = "draft",
        /// Prices the contracts that start while it is in force.
        #[default]
        Approved = "approved",
        /// Prices only contracts that pin it, such as those bound with it.
        Withdrawn = "withdrawn",
    }
}

/// The document that the numbers of an edition come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionSource {
    /// Its title.
    pub title: String,
    /// Its day, where it bears one.
    pub date: Option<Date>,
}

/// The two ranges of a price-change coefficient (`I13`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceChange {
    /// For a rise in prices.
    pub up: Range,
    /// For a fall in prices.
    pub down: Range,
}

impl PriceChange {
    /// Whether the coefficient is in one of the two ranges.
    #[must_use]
    pub fn contains(&self, coefficient: Decimal) -> bool {
        self.up.contains(coefficient) || self.down.contains(coefficient)
    }

    /// The lowest and the highest price level after any number of changes (`I19`).
    #[must_use]
    pub fn levels(&self) -> (Decimal, Decimal) {
        (self.down.low, self.up.high)
    }
}

/// A risk group and its range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RiskGroup {
    /// The number of the group.
    pub group: u8,
    /// Its coefficients.
    pub range: Range,
}

/// Everything of a programme that a price depends on, its services by code.
#[derive(PartialEq)]
struct PricedProgramme<'t> {
    code: &'t str,
    clause: &'t str,
    base: &'t Base,
    sex: Option<Sex>,
    collective: Option<(&'t str, Decimal)>,
    exclusions: Option<PricedExclusions<'t>>,
    inclusions: Option<(&'t str, Vec<(&'t str, Decimal)>)>,
}

/// The clause of the exclusions, the coefficients of single services with what these contain, and those of sets.
type PricedExclusions<'t> =
    (&'t str, Vec<(&'t str, Vec<&'t str>, &'t ExclusionCoefficient)>, Vec<(Vec<&'t str>, Decimal)>);

impl Tariff {
    /// The code and the hash of the edition.
    #[must_use]
    pub fn id(&self) -> EditionId {
        EditionId { code: self.edition.code.clone(), sha256: self.sha256.clone() }
    }

    /// Whether both editions price every contract alike, with the same clauses: names, wordings, the days and the status of an
    /// edition may differ, and so may comments and the order of keys.
    #[must_use]
    pub fn prices_like(&self, other: &Self) -> bool {
        self.headcount == other.headcount
            && self.age == other.age
            // an edition without the range prices no contract that needs it
            && !matches!((self.accepted_age, other.accepted_age), (Some(here), Some(there)) if here != there)
            && self.price_change == other.price_change
            && self.additional_services == other.additional_services
            && self.risk == other.risk
            && self.child_bands == other.child_bands
            && self.programmes.len() == other.programmes.len()
            && self.priced_programmes().eq(other.priced_programmes())
    }

    fn priced_programmes(&self) -> impl Iterator<Item = PricedProgramme<'_>> {
        self.programmes.iter().map(move |programme| PricedProgramme {
            code: &programme.code,
            clause: &programme.clause,
            base: &programme.base,
            sex: programme.sex,
            collective: { programme.collective.as_ref() }.map(|row| (row.clause.as_str(), row.value.coefficient)),
            exclusions: programme.exclusions.as_ref().map(|cited| self.priced_exclusions(cited)),
            inclusions: programme.inclusions.as_ref().map(|cited| {
                let rows = cited.value.iter();
                let rows = rows.map(|row| (self.services[row.service.0].code.as_str(), row.value.coefficient));
                (cited.clause.as_str(), rows.collect())
            }),
        })
    }

    fn priced_exclusions<'t>(&'t self, cited: &'t Cited<Exclusions>) -> PricedExclusions<'t> {
        let row = |row: &'t Exclusion| {
            let service = &self.services[row.service.0];
            (service.code.as_str(), self.service_codes(service.holds.iter().copied()), &row.coefficient)
        };
        let set = |set: &ExclusionSet| (self.service_codes(set.services.iter().copied()), set.coefficient);
        let Exclusions { rows, sets } = &cited.value;
        (cited.clause.as_str(), rows.iter().map(row).collect(), sets.iter().map(set).collect())
    }

    /// The band of a headcount: there is exactly one (§2.1, `I1`).
    ///
    /// # Panics
    ///
    /// If the headcount is zero.
    #[must_use]
    pub fn headcount_band(&self, headcount: u32) -> &HeadcountBand {
        let found = self.headcount.value.iter().find(|band| band.contains(headcount));
        found.expect("the bands run from 1 without a gap and the last is open")
    }

    /// The smallest range that holds the ranges of all headcount bands (§2.1).
    ///
    /// # Panics
    ///
    /// Never for a proved tariff: it has at least one band.
    #[must_use]
    pub fn headcount_range(&self) -> Range {
        let ranges = self.headcount.value.iter().map(|band| band.range);
        let widest = ranges.reduce(|one, next| Range { low: one.low.min(next.low), high: one.high.max(next.high) });
        widest.expect("the bands run from 1")
    }

    /// The band of an age in the table of §2.2: its index; `None` outside of the table (`I5`).
    #[must_use]
    pub fn age_band(&self, age_years: u16) -> Option<usize> {
        self.age.value.iter().position(|band| band.years.contains(age_years))
    }

    /// The children's band of an age: its index; `None` for ages above the last band (`I6`).
    #[must_use]
    pub fn child_band(&self, age_years: u16) -> Option<usize> {
        self.child_bands.value.iter().position(|band| band.contains(age_years))
    }

    /// The last age of the table of §2.2.
    #[must_use]
    pub fn last_age(&self) -> u16 {
        self.age.value.last().map_or(0, |band| band.years.to)
    }

    /// The ages of a band of §2.2, by its index, as the tariff prints them; past the last index the ages after the table: `80+` (`I73`).
    #[must_use]
    pub fn age_band_name(&self, band: usize) -> String {
        match self.age.value.get(band) {
            Some(band) => band.years.to_string(),
            None => format!("{}+", self.last_age() + 1),
        }
    }

    /// The index of a risk group in the table of §2.5.
    #[must_use]
    pub fn risk_group(&self, group: u8) -> Option<usize> {
        self.risk.value.iter().position(|listed| listed.group == group)
    }

    /// The index of a programme by its code in any spelling: `16`, `ДМС-16`, `ДМС - 3а`, `3б`.
    #[must_use]
    pub fn programme(&self, code: &str) -> Option<usize> {
        let wanted = fold_code(code);
        self.programmes.iter().position(|programme| fold_code(&programme.code) == wanted)
    }

    /// The service of a code.
    #[must_use]
    pub fn service(&self, code: &str) -> Option<ServiceId> {
        self.services.iter().position(|service| service.code == code).map(ServiceId)
    }

    /// The names of services, separated by commas, in both languages.
    #[must_use]
    pub fn service_names(&self, services: &[ServiceId]) -> Value {
        let names = |name: fn(&Service) -> &str| {
            services.iter().map(|id| name(&self.services[id.0])).collect::<Vec<_>>().join(", ")
        };
        Value::Name { ru: names(|service| &service.name), en: names(|service| &service.name_en) }
    }

    /// The codes of services.
    pub fn service_codes(&self, services: impl IntoIterator<Item = ServiceId>) -> Vec<&str> {
        services.into_iter().map(|id| self.services[id.0].code.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_edition_is_a_tariff() {
        let tariff = Tariff::base();
        // 1, 2, 3a, 3b, 4 … 20
        assert_eq!(tariff.programmes.len(), 21);
        assert_eq!(tariff.last_age(), 79);
    }

    #[test]
    fn programme_codes_are_taken_as_people_write_them() {
        let tariff = Tariff::base();
        for (written, code) in
            [("16", "16"), ("ДМС-16", "16"), ("дмс - 3а", "3a"), ("3б", "3b"), ("DMS 3A", "3a"), (" ДМС -5", "5")]
        {
            assert_eq!(
                tariff.programme(written).map(|found| tariff.programmes[found].code.as_str()),
                Some(code),
                "{written}"
            );
        }
        for written in ["3", "21", "", "ДМС", "3в", "0", "1 6"] {
            assert_eq!(tariff.programme(written), None, "{written}");
        }
    }
}
