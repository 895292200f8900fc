//! A price change (§2.3): its file read, and everything that the tariff demands of it proved.
//!
//! ```toml
//! id = "2026-12-clinics"
//! notified = 2026-11-01
//! effective = 2026-12-05
//!
//! [[change]]
//! programmes = ["16", "17"]      # or ["*"], every programme
//! coefficient = "1.12"
//! ```

use std::fmt::Write as _;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::{AnyValue, Faults, SourceFile, Spanned, Table, as_filled_text, as_list};
use crate::quote::contract::{known_programme, price_change};
use crate::tariff::Tariff;

/// The id of a price change becomes a part of the name of a folder: it has at most so many letters.
pub const MAX_ID_LETTERS: usize = 40;
/// What stands for every programme.
const EVERY: &str = "*";

/// A lawful price change: policyholders were told in time (`I18`), each coefficient is one that §2.3 allows (`I13`), and
/// each programme has at most one.
#[derive(Debug, Clone)]
pub struct PriceChange {
    /// What it is called: letters, digits, `-`, `_` and `.`, the first of them a letter or a digit.
    pub id: String,
    /// The day on which policyholders were told in writing.
    pub notified: Date,
    /// The first day of the new prices.
    pub effective: Date,
    /// The text that all this was read from.
    pub document: SourceFile,
    coefficients: Coefficients,
}

/// What is changed by how much.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Coefficients {
    /// Every programme of every edition by the same.
    Every(Decimal),
    /// The programmes of these codes, in the tariff's order.
    Of(Vec<(String, Decimal)>),
}

impl PriceChange {
    /// Reads the file of a price change and proves it.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`] and [`PriceChange::read`].
    pub fn open(path: &Path, tariff: &Tariff) -> Result<Self, Error> {
        Self::read(&SourceFile::open(path)?, tariff)
    }

    /// Proves the text of a price change.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with every fault of the file.
    pub fn read(source: &SourceFile, tariff: &Tariff) -> Result<Self, Error> {
        source.read(|root| {
            let faults = root.faults();
            let id = root.needed_text("id").and_then(|at| id(at, faults));
            let notified = root.needed_date("notified");
            let effective = root.needed_date("effective");
            if let (Some(notified), Some(effective)) = (&notified, &effective) {
                prove_notice(notified.value, effective, tariff, faults);
            }
            let none = Message::new("changes-none");
            let tables = root.needed_tables("change", none, |table| Some(Entry::read(table, tariff)));
            prove_once(&tables, source, tariff, faults);
            let coefficients = coefficients(&tables, tariff)?;
            Some(Self {
                id: id?,
                notified: notified?.value,
                effective: effective?.value,
                document: source.clone(),
                coefficients,
            })
        })
    }

    /// The coefficient of a programme, by its code in whatever edition a contract is priced by; none where its price stays.
    #[must_use]
    pub fn coefficient_of(&self, code: &str) -> Option<Decimal> {
        match &self.coefficients {
            Coefficients::Every(coefficient) => Some(*coefficient),
            Coefficients::Of(listed) => listed.iter().find(|(listed, _)| listed == code).map(|(_, found)| *found),
        }
    }

    /// What is changed by how much, by code, in the tariff's order; `*` stands for every programme of every edition.
    #[must_use]
    pub fn named(&self) -> Vec<(String, Decimal)> {
        match &self.coefficients {
            Coefficients::Every(coefficient) => vec![(EVERY.to_owned(), *coefficient)],
            Coefficients::Of(listed) => listed.clone(),
        }
    }

    /// What the file means, always written alike: two files have the same content exactly when they are the same change,
    /// whatever their comments, the order of their keys, or how their numbers and codes are written.
    ///
    /// `*` is not the list of all programmes: the book may hold contracts of an edition that has others.
    #[must_use]
    pub fn content(&self) -> String {
        let mut content = format!("id {}\nnotified {}\neffective {}\n", self.id, self.notified, self.effective);
        let mut add = |code: &str, coefficient: Decimal| {
            let _ = writeln!(content, "{code} {}", coefficient.normalize());
        };
        self.named().iter().for_each(|(code, coefficient)| add(code, *coefficient));
        content
    }
}

/// One `[[change]]`, as far as it could be read.
struct Entry {
    programmes: Vec<Spanned<Named>>,
    coefficient: Option<Decimal>,
}

/// A programme as a price change names it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    /// By `*`, all of them.
    Every,
    /// By its code; its place in the tariff.
    One(usize),
}

impl Named {
    /// Whether some programme is meant by both.
    fn meets(self, other: Self) -> bool {
        self == other || self == Self::Every || other == Self::Every
    }

    fn shown(self, tariff: &Tariff) -> &str {
        match self {
            Self::Every => EVERY,
            Self::One(programme) => &tariff.programmes[programme].code,
        }
    }
}

impl Entry {
    fn read(table: &mut Table<'_>, tariff: &Tariff) -> Self {
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

fn named(value: AnyValue<'_>, tariff: &Tariff, faults: &Faults) -> Option<Spanned<Named>> {
    let code = as_filled_text(value, "programmes", faults)?;
    if code.value == EVERY {
        return Some(code.map(|_| Named::Every));
    }
    known_programme(code, tariff, faults).map(|at| at.map(Named::One))
}

fn id(at: Spanned<String>, faults: &Faults) -> Option<String> {
    let is_plain = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let begins_well = at.value.starts_with(char::is_alphanumeric);
    if !begins_well || !at.value.chars().all(is_plain) || at.value.chars().count() > MAX_ID_LETTERS {
        faults.add(at.span, Message::new("change-id-form").with("limit", MAX_ID_LETTERS));
        return None;
    }
    Some(at.value)
}

/// Reports new prices that begin before a calendar month has passed since policyholders were told (`I18`).
fn prove_notice(notified: Date, effective: &Spanned<Date>, tariff: &Tariff, faults: &Faults) {
    // 31 January + 1 month is the last day of February; past the end of the calendar no contract runs
    let earliest = notified.saturating_add(1.month());
    if effective.value < earliest {
        let message = Message::new("change-too-early")
            .with("notified", notified.to_string())
            .with("earliest", earliest.to_string())
            .with("clause", &*tariff.price_change.clause);
        faults.add(effective.span.clone(), message);
    }
}

/// Reports every programme that was named before, be it by `*`.
fn prove_once(entries: &[Entry], source: &SourceFile, tariff: &Tariff, faults: &Faults) {
    let named: Vec<&Spanned<Named>> = entries.iter().flat_map(|entry| &entry.programmes).collect();
    for (place, at) in named.iter().enumerate() {
        let Some(before) = named[..place].iter().find(|before| before.value.meets(at.value)) else { continue };
        let message = Message::new("change-programme-twice")
            .with("programme", at.value.shown(tariff))
            .with("before", before.value.shown(tariff))
            .with("line", source.line(before.span.start).to_string());
        faults.add(at.span.clone(), message);
    }
}

/// The coefficients in the tariff's order; none where one of them could not be read.
fn coefficients(entries: &[Entry], tariff: &Tariff) -> Option<Coefficients> {
    let mut listed: Vec<(usize, Decimal)> = Vec::new();
    for entry in entries {
        let coefficient = entry.coefficient?;
        for named in &entry.programmes {
            match named.value {
                Named::Every => return Some(Coefficients::Every(coefficient)),
                Named::One(programme) => listed.push((programme, coefficient)),
            }
        }
    }
    listed.sort_unstable_by_key(|(programme, _)| *programme);
    let code = |programme: usize| tariff.programmes[programme].code.clone();
    Some(Coefficients::Of(listed.into_iter().map(|(programme, found)| (code(programme), found)).collect()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(text: &str) -> PriceChange {
        let source = SourceFile { path: "change.toml".into(), text: text.to_owned() };
        PriceChange::read(&source, &Tariff::base()).unwrap_or_else(|fault| panic!("{fault}"))
    }

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    const TWO: &str = "id = '2026-12-clinics'\nnotified = 2026-11-01\neffective = 2026-12-05\n\
        [[change]]\nprogrammes = ['16', 'ДМС - 17']\ncoefficient = '1.12'\n\
        [[change]]\nprogrammes = ['3а']\ncoefficient = 0.9\n";

    #[test]
    fn each_programme_has_the_coefficient_of_its_table() {
        let change = read(TWO);
        assert_eq!((change.notified, change.effective), (date(2026, 11, 1), date(2026, 12, 5)));
        let of = |code: &str| change.coefficient_of(code);
        assert_eq!(
            (of("16"), of("17"), of("3a")),
            (Some(decimal("1.12")), Some(decimal("1.12")), Some(decimal("0.9")))
        );
        assert_eq!((of("3b"), of("1"), of("18")), (None, None, None));
        let named = [("3a", "0.9"), ("16", "1.12"), ("17", "1.12")];
        let named = named.map(|(code, coefficient)| (code.to_owned(), decimal(coefficient)));
        assert_eq!(change.named(), named, "in the order of the tariff");
    }

    #[test]
    fn an_asterisk_is_every_programme() {
        let change = read(
            "id = 'x'\nnotified = 2026-11-01\neffective = 2026-12-01\n[[change]]\nprogrammes = ['*']\ncoefficient = '5'",
        );
        assert_eq!(change.named(), [("*".to_owned(), decimal("5"))]);
        let codes = Tariff::base().programmes.into_iter().map(|programme| programme.code);
        assert!(codes.into_iter().all(|code| change.coefficient_of(&code) == Some(decimal("5"))));
        assert_eq!(change.coefficient_of("a programme of another edition"), Some(decimal("5")));
    }

    #[test]
    fn the_content_is_what_the_file_means() {
        let otherwise = "# from the clinics\neffective = '2026-12-05'\nnotified = 2026-11-01 # a Sunday\nid = ' 2026-12-clinics'\n\
            change = [{ coefficient = '0.90', programmes = ['ДМС-3А'] }, { coefficient = 1.1200, programmes = ['17'] },\n\
            { programmes = ['16'], coefficient = '1.12' }]";
        assert_eq!(read(TWO).content(), read(otherwise).content());
        assert_eq!(
            read(TWO).content(),
            "id 2026-12-clinics\nnotified 2026-11-01\neffective 2026-12-05\n3a 0.9\n16 1.12\n17 1.12\n"
        );
        for (part, other) in [
            ("1.12", "1.13"),
            ("'16', ", ""),
            ("12-05", "12-06"),
            ("11-01", "11-02"),
            ("clinics", "clinic"),
            ("'3а'", "'3б'"),
        ] {
            assert_ne!(read(TWO).content(), read(&TWO.replacen(part, other, 1)).content(), "{part}");
        }
    }

    #[test]
    fn i18_a_month_is_one_of_the_calendar() {
        let effective = |notified: &str, effective: &str| {
            let text = format!(
                "id = 'x'\nnotified = {notified}\neffective = {effective}\n[[change]]\nprogrammes = ['1']\ncoefficient = 1.5"
            );
            let source = Document { path: "change.toml".into(), text };
            let Err(Error::Refused { faults, .. }) = PriceChange::read(&source, &Tariff::base()) else { return None };
            assert_eq!(faults.len(), 1);
            Some(faults[0].message.clone())
        };
        let early = |notified: &str, earliest: &str| {
            let message = Message::new("change-too-early").with("notified", notified).with("earliest", earliest);
            Some(message.with("clause", "2.3"))
        };
        assert_eq!(effective("2026-11-01", "2026-12-01"), None);
        assert_eq!(effective("2026-11-01", "2026-11-30"), early("2026-11-01", "2026-12-01"));
        // 31 January + 1 month = 28 February, in a leap year 29
        assert_eq!(effective("2027-01-31", "2027-02-28"), None);
        assert_eq!(effective("2027-01-31", "2027-02-27"), early("2027-01-31", "2027-02-28"));
        assert_eq!(effective("2028-01-31", "2028-02-29"), None);
        assert_eq!(effective("2028-01-31", "2028-02-28"), early("2028-01-31", "2028-02-29"));
        assert_eq!(effective("2026-12-31", "2026-12-31"), early("2026-12-31", "2027-01-31"));
        assert!(effective("9999-12-15", "9999-12-30").is_some());
    }
}
