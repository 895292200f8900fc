//! The network of clinics: `clinics.toml`, checked against the tariff.
//!
//! In a [`Network`] every clinic and programme has a code of its own, every service has a price and a category, and no code or name of a
//! price list means two services.

pub mod list_layout;
mod read;
pub mod schema;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::Path;

use jiff::civil::Date;

use crate::base::messages::{Message, listed};
use crate::base::money::{Kopecks, portion};
use crate::base::source_file::SourceFile;
use crate::clinics::network::list_layout::ListLayout;
use crate::clinics::register::spec::ClinicTables;
use crate::clinics::visit_reason::VisitReason;
use crate::quote::contract::{ClinicMode, PlanClinic};
use crate::table::text::{folded, folded_heading};

/// The clinics of one `clinics.toml`.
#[derive(Debug, Clone)]
pub struct Network {
    /// The categories of services, in the order of the file.
    pub categories: Vec<Category>,
    /// The clinics, in the order of the file; at least one.
    pub clinics: Vec<Clinic>,
    /// How the insurer's dispatchers write requests for letters; `None` where they write them as the clinic of the requests does.
    pub requests: Option<ClinicTables>,
    /// The headings of columns of the list of the entitled that are to be ignored.
    pub entitled_ignored: Vec<String>,
    /// The file.
    pub source: SourceFile,
}

/// A category of services in all price lists, such as therapy, implantation or prosthetics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
    /// The codes of the tariff's programmes that cover the category; `None` for all programmes.
    pub programmes: Option<BTreeSet<String>>,
    /// The codes of the tariff's services whose exclusion excludes the category: the named one and those that contain it (`I10`).
    pub excluded_with: BTreeSet<String>,
}

/// A clinic.
#[derive(Debug, Clone)]
pub struct Clinic {
    /// The code, by which contracts name it.
    pub code: String,
    /// The name.
    pub name: String,
    /// The address.
    pub address: Option<String>,
    /// The terms of the loyalty programme.
    pub loyalty: Option<Loyalty>,
    /// The clinic programmes (программы прикрепления).
    pub programmes: Vec<ClinicProgramme>,
    /// The price list.
    pub services: Vec<ListedService>,
    /// Later prices: for each first day the prices that change on it, by the index of the service (`I65`).
    pub later_prices: BTreeMap<Date, BTreeMap<usize, Kopecks>>,
    /// The advances that the insurer has paid, with their days.
    pub advances: Vec<(Date, Kopecks)>,
    /// The reasons of a visit of which the clinic's terms require one; empty if they require none (`I64`).
    pub reasons: BTreeSet<VisitReason>,
    /// The telephone of the insurer's dispatcher.
    pub dispatcher: Option<String>,
    /// The clinic's own layout of lists.
    pub lists: Option<ListLayout>,
    /// How the clinic writes its tables.
    pub tables: ClinicTables,
    /// Indices of the services by [`service_key`] of code and name.
    places: BTreeMap<String, usize>,
}

/// A programme of a clinic, paid for in advance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClinicProgramme {
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
    /// Indices of its services in the price list; at least one.
    pub services: BTreeSet<usize>,
}

/// A service of a price list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedService {
    /// The code.
    pub code: String,
    /// The name.
    pub name: String,
    /// Index of the category in [`Network::categories`].
    pub category: usize,
    /// The price for a quantity of 1.
    pub price: Kopecks,
}

/// The terms of a loyalty programme (`I24`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loyalty {
    /// The discount.
    pub discount: Discount,
    /// Indices of the discounted categories in [`Network::categories`].
    pub categories: BTreeSet<usize>,
}

/// A discount, in hundredths of a percent: 7 % is 700.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Discount(u32);

impl Discount {
    /// The whole price, 100 %.
    pub const WHOLE: u32 = 10_000;

    /// A discount in hundredths of a percent; `None` if it is zero or more than 100 %.
    #[must_use]
    pub fn new(hundredths: u32) -> Option<Self> {
        (1..=Self::WHOLE).contains(&hundredths).then_some(Self(hundredths))
    }

    /// The discount on a price, rounded half away from zero to kopecks (`I24`).
    ///
    /// # Example
    ///
    /// ```
    /// use kollektiv::clinics::network::Discount;
    /// use kollektiv::base::money::Kopecks;
    ///
    /// let seven = Discount::new(700).unwrap();
    /// // 1050.50 × 7 % = 73.535
    /// assert_eq!(seven.amount(Kopecks::new(105_050)), Kopecks::new(7_354));
    /// ```
    #[must_use]
    pub fn amount(self, price: Kopecks) -> Kopecks {
        portion(price, self.0, Self::WHOLE)
    }

    /// The percentage without trailing zeros: `7`, `7.5`.
    #[must_use]
    pub fn percent(self) -> String {
        let (whole, hundredths) = (self.0 / 100, self.0 % 100);
        let written = format!("{whole}.{hundredths:02}");
        written.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

impl Network {
    /// Index in [`Network::clinics`] of the clinic with this code or name.
    #[must_use]
    pub fn clinic(&self, written: &str) -> Option<usize> {
        let wanted = folded(written);
        let by = |name: fn(&Clinic) -> &str| self.clinics.iter().position(|clinic| folded(name(clinic)) == wanted);
        by(|clinic| &clinic.code).or_else(|| by(|clinic| &clinic.name))
    }

    /// As [`Network::clinic`], and else the only clinic whose code or name differs from the text in marks alone: for what people write into
    /// tables.
    #[must_use]
    pub fn clinic_written(&self, written: &str) -> Option<usize> {
        self.clinic(written).or_else(|| {
            let wanted = folded_heading(written);
            let is_alike =
                |clinic: &Clinic| [&clinic.code, &clinic.name].iter().any(|name| folded_heading(name) == wanted);
            let mut alike = self.clinics.iter().enumerate().filter(|(_, clinic)| is_alike(clinic)).map(|(at, _)| at);
            alike.next().filter(|_| alike.next().is_none() && !wanted.is_empty())
        })
    }

    /// Index in [`Network::clinics`] of the clinic whose code is the name of a file's folder, or the beginning of the file's name.
    #[must_use]
    pub fn clinic_of_file(&self, path: &Path) -> Option<usize> {
        let text = |name: Option<&OsStr>| name.unwrap_or_default().to_string_lossy().to_lowercase();
        let (folder, file) = (text(path.parent().and_then(Path::file_name)), text(path.file_stem()));
        let is_named = |code: &str| {
            let rest = file.strip_prefix(code);
            folder == code || rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        let codes = self.clinics.iter().map(|clinic| clinic.code.to_lowercase()).enumerate();
        // of the codes `dent` and `dent-1` the longer one is meant
        codes.filter(|(_, code)| is_named(code)).max_by_key(|(_, code)| code.len()).map(|(at, _)| at)
    }

    /// The fault of a plan that names a clinic or programme which the network does not have; `None` if it has both.
    #[must_use]
    pub fn place_fault(&self, plan: &str, place: &PlanClinic) -> Option<Message> {
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
    /// The clinic programme with this code.
    #[must_use]
    pub fn programme(&self, written: &str) -> Option<&ClinicProgramme> {
        let wanted = folded(written);
        self.programmes.iter().find(|programme| folded(&programme.code) == wanted)
    }

    /// Index in the price list of the service with this code or name; case, spaces, punctuation and alphabet do not matter, nor do the
    /// leading zeros of a code of digits, as long as one service has such a code.
    #[must_use]
    pub fn service(&self, written: &str) -> Option<usize> {
        let key = service_key(written);
        let is_number = |key: &str| key.bytes().all(|byte| byte.is_ascii_digit());
        let bare = |key: &str| key.trim_start_matches('0').to_owned();
        self.places.get(&key).copied().or_else(|| {
            let wanted = Some(bare(&key)).filter(|wanted| is_number(&key) && !wanted.is_empty())?;
            let mut alike = self.places.iter().filter(|(known, _)| is_number(known) && bare(known) == wanted);
            match (alike.next(), alike.next()) {
                (Some((_, at)), None) => Some(*at),
                _ => None,
            }
        })
    }

    /// The list price of a service on a day (`I65`).
    #[must_use]
    pub fn price(&self, service: usize, day: Date) -> Kopecks {
        let mut until = self.later_prices.range(..=day).rev();
        until.find_map(|(_, prices)| prices.get(&service).copied()).unwrap_or(self.services[service].price)
    }

    /// Whether a visit for this reason is an insured event by the clinic's terms (`I64`).
    #[must_use]
    pub fn accepts(&self, reason: Option<VisitReason>) -> bool {
        self.reasons.is_empty() || reason.is_some_and(|reason| self.reasons.contains(&reason))
    }

    /// The discount on a service, if its category has one.
    #[must_use]
    pub fn discount(&self, service: usize) -> Option<Discount> {
        let loyalty = self.loyalty.as_ref()?;
        loyalty.categories.contains(&self.services[service].category).then_some(loyalty.discount)
    }

    /// The service whose code or name is most similar to a text, if one is similar: a suggestion, never a match.
    #[must_use]
    pub fn likely_service(&self, written: &str) -> Option<&ListedService> {
        const LIKELY: f64 = 0.85;
        let key = service_key(written);
        let scored = self.places.iter().map(|(known, at)| (strsim::jaro_winkler(known, &key), *at));
        let (score, at) = scored.max_by(|left, right| left.0.total_cmp(&right.0))?;
        (score >= LIKELY).then(|| &self.services[at])
    }
}

/// The key by which codes and names of services are compared.
#[must_use]
pub(super) fn service_key(written: &str) -> String {
    let key = folded_heading(written);
    // a code without letters and digits is compared as written
    if key.is_empty() { folded(written) } else { key }
}

impl Category {
    /// Whether a cover of this programme with these exclusions includes the category.
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
            assert_eq!(seven.amount(Kopecks::new(price)), Kopecks::new(discount), "{price}");
        }
        assert_eq!(Discount::new(10_000).unwrap().amount(Kopecks::new(105)), Kopecks::new(105));
        assert_eq!((Discount::new(0), Discount::new(10_001)), (None, None));
    }

    #[test]
    fn percentages_have_no_trailing_zeros() {
        for (hundredths, shown) in [(700, "7"), (750, "7.5"), (1, "0.01"), (10_000, "100"), (1_000, "10")] {
            assert_eq!(Discount::new(hundredths).unwrap().percent(), shown);
        }
    }
}
