//! The network of clinics: `clinics.toml` read and checked against the tariff.
//!
//! A [`Network`] that exists is sound: every clinic and programme has a code of its own, every service a price and a category,
//! and no code or name of a price list means two services.

pub(crate) mod read;
pub mod schema;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::money::{Kopecks, portion};
use crate::base::source_file::SourceFile;
use crate::quote::contract::{ClinicMode, PlanClinic};
use crate::roster::field::Field;
use crate::table::text::{folded, folded_heading};
use crate::tariff::Tariff;

/// The clinics that serve the insured, as one file describes them.
#[derive(Debug, Clone)]
pub struct Network {
    /// The kinds of services, in the order of the file.
    pub categories: Vec<Category>,
    /// The clinics, in the order of the file; at least one.
    pub clinics: Vec<Clinic>,
    /// The text that all this was read from.
    pub source: SourceFile,
}

/// A kind of services, for every clinic's price list: therapy, implantation, prosthetics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
    /// The tariff's programmes that cover such services, by code; none where any does.
    pub programmes: Option<BTreeSet<String>>,
    /// The tariff's service with whose exclusion such services are excluded, and all services that it is held by.
    pub excluded_with: BTreeSet<String>,
}

/// A clinic.
#[derive(Debug, Clone)]
pub struct Clinic {
    /// The code, by which contracts name it.
    pub code: String,
    /// The name.
    pub name: String,
    /// Where it is.
    pub address: Option<String>,
    /// What it takes off for whom the discount is due.
    pub loyalty: Option<Loyalty>,
    /// What the insured can be attached to (программы прикрепления).
    pub programmes: Vec<ClinicProgramme>,
    /// The price list.
    pub services: Vec<ListedService>,
    /// The clinic's own headings of fields that are not recognised.
    pub columns: Vec<(Field, String)>,
    /// The services by folded code and folded name.
    places: BTreeMap<String, usize>,
}

/// A programme of a clinic, paid for in advance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClinicProgramme {
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
    /// What it holds, by places in the price list; at least one service.
    pub services: BTreeSet<usize>,
}

/// A line of a price list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedService {
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
    /// The category, by its place in [`Network::categories`].
    pub category: usize,
    /// The price of the service once.
    pub price: Kopecks,
}

/// The terms of a loyalty programme (`I24`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loyalty {
    /// The discount.
    pub discount: Discount,
    /// The categories on which it is due, by their places in [`Network::categories`].
    pub categories: BTreeSet<usize>,
}

/// A share of a price, in hundredths of a percent: 7 % is 700.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Discount(u32);

impl Discount {
    /// All of the price, 100 %.
    pub const WHOLE: u32 = 10_000;

    /// A discount of so many hundredths of a percent, or `None` where it is nothing or more than the price.
    #[must_use]
    pub fn new(hundredths: u32) -> Option<Self> {
        (1..=Self::WHOLE).contains(&hundredths).then_some(Self(hundredths))
    }

    /// What is taken off a price, rounded half away from zero to kopecks (`I24`).
    ///
    /// # Example
    ///
    /// ```
    /// use kollektiv::clinics::network::Discount;
    /// use kollektiv::money::Kopecks;
    ///
    /// let seven = Discount::new(700).unwrap();
    /// // 1050.50 × 7 % = 73.535
    /// assert_eq!(seven.of(Kopecks::new(105_050)), Kopecks::new(7_354));
    /// ```
    #[must_use]
    pub fn of(self, price: Kopecks) -> Kopecks {
        portion(price, self.0, Self::WHOLE)
    }

    /// The percentage without needless zeros: `7`, `7.5`.
    #[must_use]
    pub fn percent(self) -> String {
        let (whole, hundredths) = (self.0 / 100, self.0 % 100);
        let written = format!("{whole}.{hundredths:02}");
        written.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

impl Network {
    /// Reads a file of clinics and checks it against the tariff.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`] and [`Network::read`].
    pub fn open(path: &Path, tariff: &Tariff) -> Result<Self, Error> {
        Self::read(&SourceFile::open(path)?, tariff)
    }

    /// Checks the text of a file of clinics against the tariff.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with every fault of the file.
    pub fn read(source: &SourceFile, tariff: &Tariff) -> Result<Self, Error> {
        read::network(source, tariff)
    }

    /// The clinic that a code or name means, by its place in [`Network::clinics`].
    #[must_use]
    pub fn clinic(&self, written: &str) -> Option<usize> {
        let wanted = folded(written);
        let by = |name: fn(&Clinic) -> &str| self.clinics.iter().position(|clinic| folded(name(clinic)) == wanted);
        by(|clinic| &clinic.code).or_else(|| by(|clinic| &clinic.name))
    }

    /// What is wrong with where a plan sends its insured, if anything.
    #[must_use]
    pub fn fault_of(&self, plan: &str, place: &PlanClinic) -> Option<Message> {
        let Some(at) = self.clinic(&place.clinic) else {
            let known = listed(self.clinics.iter().map(|clinic| &clinic.code));
            return Some(
                Message::new("plan-clinic-unknown")
                    .with("plan", plan)
                    .with("clinic", place.clinic.as_str())
                    .with("known", known),
            );
        };
        let clinic = &self.clinics[at];
        match &place.mode {
            ClinicMode::ByFact => None,
            ClinicMode::Attachment { programme } if clinic.programme(programme).is_some() => None,
            ClinicMode::Attachment { programme } => Some(
                Message::new("plan-programme-unknown")
                    .with("plan", plan)
                    .with("clinic", clinic.code.as_str())
                    .with("programme", programme.as_str())
                    .with("known", listed(clinic.programmes.iter().map(|programme| &programme.code))),
            ),
        }
    }

    /// The category of a service of a clinic's price list.
    #[must_use]
    pub fn category(&self, service: &ListedService) -> &Category {
        &self.categories[service.category]
    }
}

impl Clinic {
    /// The programme of a code.
    #[must_use]
    pub fn programme(&self, written: &str) -> Option<&ClinicProgramme> {
        let wanted = folded(written);
        self.programmes.iter().find(|programme| folded(&programme.code) == wanted)
    }

    /// The service that a code or a name means, by its place in the price list; case, spaces, marks and alphabets do not count.
    #[must_use]
    pub fn service(&self, written: &str) -> Option<usize> {
        self.places.get(&service_key(written)).copied()
    }

    /// The discount on a service, where its category has one.
    #[must_use]
    pub fn discount(&self, service: usize) -> Option<Discount> {
        let loyalty = self.loyalty.as_ref()?;
        loyalty.categories.contains(&self.services[service].category).then_some(loyalty.discount)
    }

    /// The name in the price list that is most like what was written, where one is like it: to be suggested, never to be taken.
    #[must_use]
    pub fn likely_service(&self, written: &str) -> Option<&ListedService> {
        const LIKELY: f64 = 0.85;
        let key = service_key(written);
        let scored = self.places.iter().map(|(known, at)| (strsim::jaro_winkler(known, &key), *at));
        let (score, at) = scored.max_by(|left, right| left.0.total_cmp(&right.0))?;
        (score >= LIKELY).then(|| &self.services[at])
    }
}

/// What codes and names of services are compared by.
#[must_use]
pub(crate) fn service_key(written: &str) -> String {
    let key = folded_heading(written);
    // a code of marks alone is compared as it is
    if key.is_empty() { folded(written) } else { key }
}

impl Category {
    /// Whether a cover of the tariff's programme, with these services excluded, has services of the category.
    #[must_use]
    pub fn is_covered(&self, programme: &str, excluded: &[String]) -> bool {
        self.programmes.as_ref().is_none_or(|programmes| programmes.contains(programme))
            && !excluded.iter().any(|service| self.excluded_with.contains(service))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i24_the_discount_is_rounded_half_away_from_zero() {
        let seven = Discount::new(700).unwrap();
        for (price, discount) in [
            (0, 0),
            // 0.07 × 7 = 0.49 and 0.07 × 8 = 0.56 kopecks
            (7, 0),
            (8, 1),
            // 0.07 × 50 = 3.5 kopecks
            (50, 4),
            // 3500 × 7 % = 245
            (350_000, 24_500),
        ] {
            assert_eq!(seven.of(Kopecks::new(price)), Kopecks::new(discount), "{price}");
        }
        assert_eq!(Discount::new(10_000).unwrap().of(Kopecks::new(105)), Kopecks::new(105));
        assert_eq!((Discount::new(0), Discount::new(10_001)), (None, None));
    }

    #[test]
    fn percentages_have_no_needless_zeros() {
        for (hundredths, shown) in [(700, "7"), (750, "7.5"), (1, "0.01"), (10_000, "100"), (1_000, "10")] {
            assert_eq!(Discount::new(hundredths).unwrap().percent(), shown);
        }
    }
}
