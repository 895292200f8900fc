//! The editions of an insurer, and which of them prices a contract (`I70`).

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::tariff::edition::{Edition, EditionStatus, Tariff};

/// Editions with different codes, each proved: two files with one code hold the same edition.
#[derive(Debug, Clone)]
pub struct Catalogue {
    editions: Vec<Arc<Tariff>>,
    origin: CatalogueOrigin,
}

/// Where the editions of a catalogue come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogueOrigin {
    /// The edition inside the program, for an insurer that has no folder of editions.
    BuiltIn,
    /// The file of an edition that the command line names: whatever its status, it prices all contracts of the run.
    Named,
    /// A folder of editions.
    Folder(PathBuf),
}

/// Why no edition of a catalogue prices a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoEdition {
    /// No edition has the code that the contract pins.
    UnknownCode,
    /// The command line names an edition, and the contract pins another one.
    AnotherNamed(Box<Edition>),
    /// The contract begins outside the days of the only edition.
    OutsideDays(Box<Edition>),
    /// No approved edition of the folder is in force on the first day.
    NoneInForce(PathBuf),
    /// Several approved editions came into force on the same day: their codes.
    SeveralInForce(Vec<String>),
}

impl Catalogue {
    /// The catalogue of the built-in edition.
    #[must_use]
    pub fn built_in() -> Self {
        Self { editions: vec![Arc::new(Tariff::base())], origin: CatalogueOrigin::BuiltIn }
    }

    /// The catalogue of one edition that the command line names, beside those in `known`.
    ///
    /// # Errors
    ///
    /// As [`Tariff::open`]; [`Error::Unlawful`] where an edition of `known`, or the built-in one, has the same code and other contents.
    pub fn named(path: &Path, known: &Self) -> Result<Self, Error> {
        let named = Arc::new(Tariff::open(path)?);
        for other in known.editions.iter().filter(|_| *known.origin() != CatalogueOrigin::BuiltIn) {
            if named.edition.code == other.edition.code && !named.prices_like(other) {
                return Err(differing(other, &named));
            }
        }
        check_built_in(&named, &Tariff::base())?;
        Ok(Self { editions: vec![named], origin: CatalogueOrigin::Named })
    }

    /// Reads and proves the editions of a folder: its files with the ending `.toml`, in the order of their names.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`] or [`Error::Io`] where the folder cannot be read; as [`Tariff::open`] for each file;
    /// [`Error::Unlawful`] where the folder holds no edition, or two editions have one code and different contents.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(|fault| Error::reading(folder, fault))? {
            let path = entry.map_err(|fault| Error::reading(folder, fault))?.path();
            // a name that begins with a point is of the system: `._2027.toml` of a Mac
            let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
            if !is_hidden && path.extension().is_some_and(|ending| ending == "toml") {
                paths.push(path);
            }
        }
        paths.sort_unstable();
        let built_in = Tariff::base();
        let mut editions: Vec<Arc<Tariff>> = Vec::with_capacity(paths.len());
        for path in paths {
            let read = Tariff::open(&path)?;
            check_built_in(&read, &built_in)?;
            match editions.iter().find(|known| known.edition.code == read.edition.code) {
                None => editions.push(Arc::new(read)),
                Some(known) if known.edition == read.edition && known.prices_like(&read) => {}
                Some(known) => return Err(differing(known, &read)),
            }
        }
        if editions.is_empty() {
            let reason = Message::new("editions-none").with("folder", folder.display().to_string());
            return Err(Error::Unlawful { reason });
        }
        Ok(Self { editions, origin: CatalogueOrigin::Folder(folder.to_owned()) })
    }

    /// The edition that prices a contract with this first day: the one whose code it pins, whatever its status and days; else the
    /// approved edition in force on that day, which is the one that came into force last.
    ///
    /// # Errors
    ///
    /// [`NoEdition`] where none does.
    pub fn edition_for(&self, pinned: Option<&str>, first_day: Date) -> Result<&Arc<Tariff>, NoEdition> {
        if let Some(code) = pinned {
            let found = self.by_code(code);
            return found.ok_or_else(|| match (&self.origin, self.editions.first()) {
                (CatalogueOrigin::Named, Some(named)) => NoEdition::AnotherNamed(Box::new(named.edition.clone())),
                _ => NoEdition::UnknownCode,
            });
        }
        if let (CatalogueOrigin::BuiltIn | CatalogueOrigin::Named, [only]) = (&self.origin, &self.editions[..]) {
            let is_inside = only.edition.holds_on(first_day);
            return if is_inside { Ok(only) } else { Err(NoEdition::OutsideDays(Box::new(only.edition.clone()))) };
        }
        let in_force = |tariff: &&Arc<Tariff>| {
            tariff.edition.status == EditionStatus::Approved && tariff.edition.holds_on(first_day)
        };
        let last = self.editions.iter().filter(in_force).map(|tariff| tariff.edition.valid_from).max();
        let newest = self.editions.iter().filter(in_force).filter(|tariff| Some(tariff.edition.valid_from) == last);
        let newest: Vec<&Arc<Tariff>> = newest.collect();
        match (&newest[..], &self.origin) {
            ([only], _) => Ok(only),
            ([], CatalogueOrigin::Folder(folder)) => Err(NoEdition::NoneInForce(folder.clone())),
            ([], _) => Err(NoEdition::UnknownCode),
            (several, _) => {
                Err(NoEdition::SeveralInForce(several.iter().map(|tariff| tariff.edition.code.clone()).collect()))
            }
        }
    }

    /// The edition, if it is the only one.
    #[must_use]
    pub fn only(&self) -> Option<&Arc<Tariff>> {
        if let [only] = &self.editions[..] { Some(only) } else { None }
    }

    /// The edition with a code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&Arc<Tariff>> {
        self.editions.iter().find(|tariff| tariff.edition.code == code)
    }

    /// The editions, at least one, in the order of their first days and then of their codes.
    #[must_use]
    pub fn editions(&self) -> Vec<&Arc<Tariff>> {
        let mut editions: Vec<&Arc<Tariff>> = self.editions.iter().collect();
        editions.sort_by_key(|tariff| (tariff.edition.valid_from, tariff.edition.code.clone()));
        editions
    }

    /// Where the editions come from.
    #[must_use]
    pub const fn origin(&self) -> &CatalogueOrigin {
        &self.origin
    }
}

/// Refuses an edition that has the code of the built-in one and other prices.
fn check_built_in(read: &Tariff, built_in: &Tariff) -> Result<(), Error> {
    if read.edition.code != built_in.edition.code || read.prices_like(built_in) {
        return Ok(());
    }
    let reason = Message::new("editions-differ-built-in")
        .with("edition", read.edition.code.as_str())
        .with("file", read.source.path.display().to_string());
    Err(Error::Unlawful { reason })
}

/// The error of two editions with one code and different contents.
fn differing(one: &Tariff, other: &Tariff) -> Error {
    let reason = Message::new("editions-differ")
        .with("edition", other.edition.code.as_str())
        .with("one", one.source.path.display().to_string())
        .with("other", other.source.path.display().to_string());
    Error::Unlawful { reason }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// A folder of editions with the numbers of the built-in one, by file name: code, head and a replaced number.
    fn folder(editions: &[(&str, &str, &str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (file, code, head, base_rate) in editions {
            let text = Tariff::base().source.text;
            let text = text.replacen("code = \"base-1\"", &format!("code = \"{code}\""), 1);
            let text = text.replacen("valid_from = 2000-01-01\nstatus = \"approved\"", head, 1);
            fs::write(folder.path().join(file), text.replacen("\"38.74\"", &format!("\"{base_rate}\""), 1)).unwrap();
        }
        folder
    }

    const OLD: (&str, &str, &str, &str) = ("2025.toml", "2025", "valid_from = 2025-01-01", "38.74");
    const NEW: (&str, &str, &str, &str) =
        ("2027.toml", "2027", "valid_from = 2027-01-01\nstatus = \"approved\"", "40.00");

    fn code(found: Result<&Arc<Tariff>, NoEdition>) -> Result<String, NoEdition> {
        found.map(|tariff| tariff.edition.code.clone())
    }

    #[test]
    fn i70_the_approved_edition_in_force_on_the_first_day_prices() {
        let draft = ("draft.toml", "draft", "valid_from = 2026-01-01\nstatus = \"draft\"", "50.00");
        let withdrawn = ("gone.toml", "gone", "valid_from = 2026-06-01\nstatus = \"withdrawn\"", "60.00");
        let folder = folder(&[OLD, NEW, draft, withdrawn]);
        let catalogue = Catalogue::open(folder.path()).unwrap();
        assert_eq!(code(catalogue.edition_for(None, date(2026, 12, 31))), Ok("2025".to_owned()));
        assert_eq!(code(catalogue.edition_for(None, date(2027, 1, 1))), Ok("2027".to_owned()));
        for pinned in ["draft", "gone", "2025"] {
            assert_eq!(code(catalogue.edition_for(Some(pinned), date(2030, 1, 1))), Ok(pinned.to_owned()));
        }
        assert_eq!(code(catalogue.edition_for(Some("2026"), date(2030, 1, 1))), Err(NoEdition::UnknownCode));
        let none = NoEdition::NoneInForce(folder.path().to_owned());
        assert_eq!(code(catalogue.edition_for(None, date(2024, 12, 31))), Err(none));
    }

    #[test]
    fn i70_an_edition_with_a_last_day_gives_way_to_the_one_before() {
        let season = ("season.toml", "season", "valid_from = 2026-06-01\nvalid_to = 2026-08-31", "30.00");
        let folder = folder(&[OLD, season]);
        let catalogue = Catalogue::open(folder.path()).unwrap();
        for (day, expected) in [
            (date(2026, 5, 31), "2025"),
            (date(2026, 6, 1), "season"),
            (date(2026, 8, 31), "season"),
            (date(2026, 9, 1), "2025"),
        ] {
            assert_eq!(code(catalogue.edition_for(None, day)), Ok(expected.to_owned()), "{day}");
        }
    }

    #[test]
    fn i70_two_approved_editions_of_one_day_price_only_what_pins_them() {
        let other = ("other.toml", "other", "valid_from = 2027-01-01", "41.00");
        let folder = folder(&[NEW, other]);
        let catalogue = Catalogue::open(folder.path()).unwrap();
        let several = NoEdition::SeveralInForce(vec!["2027".to_owned(), "other".to_owned()]);
        assert_eq!(code(catalogue.edition_for(None, date(2027, 1, 1))), Err(several));
        assert_eq!(code(catalogue.edition_for(Some("other"), date(2027, 1, 1))), Ok("other".to_owned()));
    }

    #[test]
    fn i70_one_code_has_one_content() {
        let refused = |editions: &[(&str, &str, &str, &str)]| {
            let folder = folder(editions);
            let Err(Error::Unlawful { reason }) = Catalogue::open(folder.path()) else { return None };
            assert!(reason.name().starts_with("editions-differ"), "{reason:?}");
            Some(reason)
        };
        let copy = ("copy.toml", NEW.1, NEW.2, NEW.3);
        assert_eq!(refused(&[copy, NEW]), None);
        assert!(refused(&[("copy.toml", NEW.1, NEW.2, "40.01"), NEW]).is_some());
        // the same numbers, but one of them is a draft
        assert!(refused(&[("copy.toml", NEW.1, "valid_from = 2027-01-01\nstatus = \"draft\"", NEW.3), NEW]).is_some());
        assert!(refused(&[("base.toml", "base-1", OLD.2, "38.75")]).is_some());
        assert_eq!(refused(&[("base.toml", "base-1", OLD.2, "38.74")]), None);
    }

    #[test]
    fn a_named_edition_has_no_code_of_another_one() {
        let folder = folder(&[OLD, NEW]);
        let catalogue = Catalogue::open(folder.path()).unwrap();
        let own = folder.path().join("2027.toml");
        assert!(Catalogue::named(&own, &catalogue).is_ok());
        let text = fs::read_to_string(&own).unwrap();
        let changed = tempfile::tempdir().unwrap();
        let changed = changed.path().join("mine.toml");
        fs::write(&changed, text.replacen("\"40.00\"", "\"39.00\"", 1)).unwrap();
        assert!(matches!(Catalogue::named(&changed, &catalogue), Err(Error::Unlawful { .. })));
        assert!(Catalogue::named(&changed, &Catalogue::built_in()).is_ok());
    }

    #[test]
    fn a_folder_without_editions_is_refused_and_other_files_are_passed_over() {
        let folder = folder(&[OLD]);
        fs::write(folder.path().join("._2025.toml"), "\0").unwrap();
        fs::write(folder.path().join("readme.txt"), "editions").unwrap();
        assert_eq!(Catalogue::open(folder.path()).unwrap().editions().len(), 1);
        fs::remove_file(folder.path().join("2025.toml")).unwrap();
        assert!(matches!(Catalogue::open(folder.path()), Err(Error::Unlawful { .. })));
        assert!(matches!(Catalogue::open(&folder.path().join("none")), Err(Error::Missing { .. })));
    }
}
