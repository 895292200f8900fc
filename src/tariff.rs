//! The tariff: every number of an edition with its clause, proved at load.
//!
//! The built-in edition is `tariff/base.toml`; an insurer's own has the same form. A [`Tariff`] that exists is complete:
//! its bands have neither gap nor overlap, its ranges are in order, every service that it names is known, every set of
//! exclusions is listed. No coefficient stands anywhere else.

pub mod band;
pub mod programme;
pub mod range;
pub(crate) mod read;

use std::path::Path;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::messages::Value;
use crate::base::source_file::SourceFile;
use band::{AgeBand, Band, HeadcountBand};
use programme::{Programme, Service, ServiceId};
use range::Range;

/// An edition of the tariff, proved whole.
#[derive(Debug, Clone)]
pub struct Tariff {
    /// Which edition it is.
    pub edition: Edition,
    /// Coefficients by headcount, from the first insured to any number.
    pub headcount: Cited<Vec<HeadcountBand>>,
    /// Coefficients by age in completed years, from 0 to [`Tariff::last_age`].
    pub age: Cited<Vec<AgeBand>>,
    /// How far a price change may go.
    pub price_change: Cited<PriceChange>,
    /// What additional services may cost.
    pub additional_services: Cited<Range>,
    /// Coefficients by risk group, in the order of the groups.
    pub risk: Cited<Vec<RiskGroup>>,
    /// The ages of the children's programmes in completed years (`I6`).
    pub child_bands: Cited<Vec<Band>>,
    /// The services that can be excluded or included.
    pub services: Vec<Service>,
    /// The programmes, in the order of the edition.
    pub programmes: Vec<Programme>,
    /// The text that all this was read from.
    pub source: SourceFile,
}

/// Which edition of the tariff it is, and when it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// A short name, for the manifest.
    pub code: String,
    /// The full name.
    pub title: String,
    /// The first day on which a contract may start that is priced by it.
    pub valid_from: Date,
    /// The last such day, if it has one.
    pub valid_to: Option<Date>,
}

/// Something of the tariff together with the clause that says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited<T> {
    /// The number of the clause, as in `2.6.7.1`.
    pub clause: String,
    /// What the clause says.
    pub value: T,
}

/// The two ranges of a price-change coefficient (`I13`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceChange {
    /// Where prices rise.
    pub up: Range,
    /// Where they fall.
    pub down: Range,
}

impl PriceChange {
    /// Whether the coefficient is in one of the two ranges.
    #[must_use]
    pub fn contains(&self, coefficient: Decimal) -> bool {
        self.up.contains(coefficient) || self.down.contains(coefficient)
    }

    /// The lowest and the highest price level that several changes may lead to (`I19`).
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

impl Tariff {
    /// The edition that travels with the program.
    ///
    /// # Panics
    ///
    /// If the built-in file is not a tariff, which a test rules out.
    #[must_use]
    pub fn base() -> Self {
        let text = include_str!("tariff/base.toml").to_owned();
        Self::read(&SourceFile { path: "base.toml".into(), text }).expect("the built-in tariff is proved by a test")
    }

    /// An insurer's own edition.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`] and [`Tariff::read`].
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::read(&SourceFile::open(path)?)
    }

    /// Reads and proves an edition.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with every fault of the file.
    pub fn read(source: &SourceFile) -> Result<Self, Error> {
        read::tariff(source)
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

    /// The range that holds those of all bands of headcounts (§2.1).
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

    /// The place of an age in the table of §2.2, or `None` outside of it (`I5`).
    #[must_use]
    pub fn age_band(&self, age_years: u16) -> Option<usize> {
        self.age.value.iter().position(|band| band.years.contains(age_years))
    }

    /// The place of an age among the children's bands, or `None` for those who are too old (`I6`).
    #[must_use]
    pub fn child_band(&self, age_years: u16) -> Option<usize> {
        self.child_bands.value.iter().position(|band| band.contains(age_years))
    }

    /// The last age of the table of §2.2.
    #[must_use]
    pub fn last_age(&self) -> u16 {
        self.age.value.last().map_or(0, |band| band.years.to)
    }

    /// The place of a risk group in the table of §2.5.
    #[must_use]
    pub fn risk_group(&self, group: u8) -> Option<usize> {
        self.risk.value.iter().position(|listed| listed.group == group)
    }

    /// The programme that people mean by a code: `16`, `ДМС-16`, `ДМС - 3а`, `3б`.
    #[must_use]
    pub fn programme(&self, written: &str) -> Option<usize> {
        let wanted = programme::folded_code(written);
        self.programmes.iter().position(|programme| programme::folded_code(&programme.code) == wanted)
    }

    /// The service of a code.
    #[must_use]
    pub fn service(&self, code: &str) -> Option<ServiceId> {
        self.services.iter().position(|service| service.code == code).map(ServiceId)
    }

    /// The names of services in a row, in both languages, for a message.
    #[must_use]
    pub fn service_names(&self, services: &[ServiceId]) -> Value {
        let names = |name: fn(&Service) -> &str| {
            services.iter().map(|id| name(&self.services[id.0])).collect::<Vec<_>>().join(", ")
        };
        Value::Name { ru: names(|service| &service.name), en: names(|service| &service.name_en) }
    }

    /// The codes of services, for a message.
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
