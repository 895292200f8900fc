//! Price changes (§2.3): a file is parsed and checked against the tariff.
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

mod entry;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::{Faults, SourceFile, Spanned};
use crate::base::toml_file::{Table, as_filled_text};
use crate::portfolio::change::entry::{Coefficients, EVERY, Entry, check_unique, coefficients};
use crate::quote::contract::no_edition_message;
use crate::tariff::{Catalogue, Tariff};

/// The largest number of letters of an id, which becomes a part of a folder's name.
const MAX_ID_LETTERS: usize = 40;
/// The word for a month of notice that is counted as civil law counts terms.
const FULL_MONTH: &str = "full-month";
/// Coefficients below or above are taken for a slip until they are confirmed.
const SLIP: (Decimal, Decimal) = (Decimal::from_parts(5, 0, 0, false, 1), Decimal::TWO);

/// A lawful price change: policyholders are notified in time (`I18`), §2.3 allows each coefficient (`I13`), and each programme has at most
/// one.
#[derive(Debug, Clone)]
pub struct PriceChange {
    /// Its name: letters, digits, `-`, `_` and `.`, beginning with a letter or a digit.
    pub id: String,
    /// The day on which policyholders were notified in writing.
    pub notified: Date,
    /// The first day of the new prices.
    pub effective: Date,
    /// The numbers of contracts that the change leaves alone (`I37`).
    pub except: Vec<String>,
    /// Whether the file confirms coefficients that look like a slip.
    pub confirmed: bool,
    /// The text of its file.
    pub document: SourceFile,
    coefficients: Coefficients,
}

impl PriceChange {
    /// Opens, parses and checks the file of a price change.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`] and [`PriceChange::read`].
    pub fn open(path: &Path, tariff: &Tariff) -> Result<Self, Error> {
        Self::read(&SourceFile::open(path)?, tariff)
    }

    /// Opens, parses and checks the file of a price change by the edition of the tariff in force on its first day (`I70`), which is
    /// returned with it.
    ///
    /// # Errors
    ///
    /// As [`PriceChange::open`]; without an edition in force the first day is a fault.
    pub fn open_by(path: &Path, editions: &Catalogue) -> Result<(Self, Arc<Tariff>), Error> {
        SourceFile::open(path).and_then(|source| {
            source.read(|root| {
                let head = Head::read(root);
                // where the first day alone is wrong, the rest of the file is still checked against the only edition
                let found = match &head.effective {
                    None => editions.only(),
                    Some(effective) => editions.edition_for(None, effective.value).map_or_else(
                        |fault| {
                            let message = no_edition_message(&fault, None, effective.value, editions);
                            root.fault(effective.span.clone(), message);
                            editions.only()
                        },
                        Some,
                    ),
                };
                let Some(tariff) = found else {
                    root.leave_rest();
                    return None;
                };
                Some((change(root, head, &source, tariff)?, Arc::clone(tariff)))
            })
        })
    }

    /// Parses and checks the text of a price change.
    ///
    /// # Example
    ///
    /// ```
    /// use kollektiv::base::source_file::SourceFile;
    /// use kollektiv::portfolio::change::PriceChange;
    /// use kollektiv::tariff::Tariff;
    ///
    /// let text = r#"
    ///     id = "2026-12-clinics"
    ///     notified = 2026-11-01
    ///     effective = 2026-12-05
    ///     [[change]]
    ///     programmes = ["16", "17"]
    ///     coefficient = "1.12"
    /// "#;
    /// let source = SourceFile { path: "change.toml".into(), text: text.to_owned() };
    /// let change = PriceChange::read(&source, &Tariff::base()).unwrap();
    /// assert_eq!(change.coefficient("16"), Some("1.12".parse().unwrap()));
    /// assert_eq!(change.coefficient("1"), None);
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with every fault of the file.
    pub fn read(source: &SourceFile, tariff: &Tariff) -> Result<Self, Error> {
        source.read(|root| {
            let head = Head::read(root);
            change(root, head, source, tariff)
        })
    }

    /// The coefficient of a programme, by its code in any edition; `None` where its price stays.
    #[must_use]
    pub fn coefficient(&self, code: &str) -> Option<Decimal> {
        match &self.coefficients {
            Coefficients::Every(coefficient) => Some(*coefficient),
            Coefficients::ByProgramme(listed) => {
                listed.iter().find(|(listed, _)| listed == code).map(|(_, found)| *found)
            }
        }
    }

    /// The coefficients by code, in the tariff's order; `*` stands for every programme of every edition.
    #[must_use]
    pub fn coefficients(&self) -> Vec<(String, Decimal)> {
        match &self.coefficients {
            Coefficients::Every(coefficient) => vec![(EVERY.to_owned(), *coefficient)],
            Coefficients::ByProgramme(listed) => listed.clone(),
        }
    }

    /// The first coefficient that looks like a slip, unless the file confirms it: 0.12 is −88 %, +12 % is 1.12.
    #[must_use]
    pub fn slip(&self) -> Option<Decimal> {
        let looks_wrong = |coefficient: &Decimal| *coefficient < SLIP.0 || *coefficient > SLIP.1;
        self.coefficients()
            .into_iter()
            .map(|(_, coefficient)| coefficient)
            .find(looks_wrong)
            .filter(|_| !self.confirmed)
    }

    /// The canonical text of the change: two files have the same content exactly when they are the same change, regardless of comments, the
    /// order of their keys, and the spelling of numbers and codes.
    ///
    /// `*` is not the list of all programmes: the book may hold contracts of an edition that has others.
    #[must_use]
    pub fn content(&self) -> String {
        let mut content = format!("id {}\nnotified {}\neffective {}\n", self.id, self.notified, self.effective);
        let mut add = |code: &str, coefficient: Decimal| {
            let _ = writeln!(content, "{code} {}", coefficient.normalize());
        };
        self.coefficients().iter().for_each(|(code, coefficient)| add(code, *coefficient));
        let mut except: Vec<&String> = self.except.iter().collect();
        except.sort_unstable();
        except.dedup();
        for number in except {
            let _ = writeln!(content, "except {number}");
        }
        content
    }
}

/// The keys of a price change that can be read without a tariff.
struct Head {
    id: Option<String>,
    notified: Option<Spanned<Date>>,
    effective: Option<Spanned<Date>>,
}

impl Head {
    fn read(root: &mut Table<'_>) -> Self {
        let faults = root.faults();
        let id = root.needed_text("id").and_then(|at| id(at, faults));
        Self { id, notified: root.needed_date("notified"), effective: root.needed_date("effective") }
    }
}

/// The price change of which the head has been read.
fn change(root: &mut Table<'_>, head: Head, source: &SourceFile, tariff: &Tariff) -> Option<PriceChange> {
    let faults = root.faults();
    let notice = root.text("notice");
    let is_full_month = notice.as_ref().is_some_and(|notice| notice.value == FULL_MONTH);
    if let Some(notice) = notice.filter(|_| !is_full_month) {
        faults.add(notice.span, Message::new("change-notice").with("word", FULL_MONTH));
    }
    if let (Some(notified), Some(effective)) = (&head.notified, &head.effective) {
        check_notice(notified.value, effective, is_full_month, tariff, faults);
    }
    let except = root.list("except", |value, faults| as_filled_text(value, "except", faults));
    let confirmed = root.flag("confirmed").unwrap_or_default();
    let none = Message::new("changes-none");
    let tables = root.needed_tables("change", none, |table| Some(Entry::read(table, tariff)));
    check_unique(&tables, source, tariff, faults);
    let coefficients = coefficients(&tables, tariff)?;
    Some(PriceChange {
        id: head.id?,
        notified: head.notified?.value,
        effective: head.effective?.value,
        except: except.into_iter().map(|number| number.value).collect(),
        confirmed,
        document: source.clone(),
        coefficients,
    })
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

/// Reports new prices that begin less than a calendar month after the notice (`I18`).
fn check_notice(notified: Date, effective: &Spanned<Date>, is_full_month: bool, tariff: &Tariff, faults: &Faults) {
    // 31 January + 1 month is the last day of February; no contract lasts beyond the end of the calendar
    let month = notified.saturating_add(1.month());
    // a term of civil law begins on the day after the notice, and the prices on the day after its end
    let earliest = if is_full_month { month.saturating_add(1.day()) } else { month };
    if effective.value < earliest {
        let message = Message::new("change-too-early")
            .with("notified", notified.to_string())
            .with("earliest", earliest.to_string())
            .with("clause", &*tariff.price_change.clause);
        faults.add(effective.span.clone(), message);
    }
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
        let of = |code: &str| change.coefficient(code);
        assert_eq!(
            (of("16"), of("17"), of("3a")),
            (Some(decimal("1.12")), Some(decimal("1.12")), Some(decimal("0.9")))
        );
        assert_eq!((of("3b"), of("1"), of("18")), (None, None, None));
        let named = [("3a", "0.9"), ("16", "1.12"), ("17", "1.12")];
        let named = named.map(|(code, coefficient)| (code.to_owned(), decimal(coefficient)));
        assert_eq!(change.coefficients(), named, "in the order of the tariff");
    }

    #[test]
    fn an_asterisk_is_every_programme() {
        let change = read(
            "id = 'x'\nnotified = 2026-11-01\neffective = 2026-12-01\n[[change]]\nprogrammes = ['*']\ncoefficient = '5'",
        );
        assert_eq!(change.coefficients(), [("*".to_owned(), decimal("5"))]);
        let codes = Tariff::base().programmes.into_iter().map(|programme| programme.code);
        assert!(codes.into_iter().all(|code| change.coefficient(&code) == Some(decimal("5"))));
        assert_eq!(change.coefficient("a programme of another edition"), Some(decimal("5")));
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
        let read = |notified: &str, effective: &str, more: &str| {
            let text = format!(
                "id = 'x'\nnotified = {notified}\neffective = {effective}\n{more}\n[[change]]\nprogrammes = ['1']\ncoefficient = 1.5"
            );
            let source = SourceFile { path: "change.toml".into(), text };
            let Err(Error::Refused { faults, .. }) = PriceChange::read(&source, &Tariff::base()) else { return None };
            assert_eq!(faults.len(), 1);
            Some(faults[0].message.clone())
        };
        let effective = |notified: &str, effective: &str| read(notified, effective, "");
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
        // as civil law counts terms, from the day after the notice
        let full = |notified: &str, effective: &str| read(notified, effective, "notice = 'full-month'");
        assert_eq!(effective("2026-11-05", "2026-12-05"), None);
        assert_eq!(full("2026-11-05", "2026-12-05"), early("2026-11-05", "2026-12-06"));
        assert_eq!(full("2026-11-05", "2026-12-06"), None);
        assert_eq!(full("2027-01-31", "2027-02-28"), early("2027-01-31", "2027-03-01"));
    }
}
