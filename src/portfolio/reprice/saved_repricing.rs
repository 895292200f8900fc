//! A repricing read back from its folder: every figure as it stands there.
//!
//! Reading verifies: each file has the SHA-256 of the manifest, and the rows of `contracts.csv` add up to `impact.json`. A folder that fails is
//! [refused](Error::NotAQuote) with the file and what to do.

use std::path::Path;

use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::output::csv_injection::undefused;
use crate::output::saved_files::{Row, SavedFiles};
use crate::portfolio::reprice::files::{CONTRACTS, IMPACT};
use crate::portfolio::reprice::impact::Impact;
use crate::portfolio::reprice::manifest::RepricingManifest;
use crate::portfolio::reprice::outcome::Status;
use crate::portfolio::reprice::sums::PremiumEffect;

/// A repricing read back from its folder.
#[derive(Debug)]
pub struct SavedRepricing {
    /// `impact.json`: the figures of the book.
    pub impact: Impact,
    /// `contracts.csv`: the contracts that the change affects, by number.
    pub contracts: Vec<SavedContract>,
    /// `manifest.json`: the change and the files.
    pub manifest: RepricingManifest,
}

/// A row of `contracts.csv`; a figure that could not be stated is `None`.
#[derive(Debug)]
pub struct SavedContract {
    /// The number.
    pub number: String,
    /// The policyholder.
    pub policyholder: String,
    /// The number of insured.
    pub insured: usize,
    /// The written premium before the change.
    pub written: Kopecks,
    /// The full-year premium before.
    pub annual_before: Option<Kopecks>,
    /// The full-year premium after.
    pub annual_after: Option<Kopecks>,
    /// The additional premium.
    pub additional: Option<Kopecks>,
    /// The credit.
    pub credit: Option<Kopecks>,
    /// What the change has done.
    pub status: Status,
    /// Why the contract is set aside or keeps its price, or why its letter is missing; may be empty.
    pub reason: String,
}

impl SavedContract {
    fn read(row: &Row<'_>) -> Option<Self> {
        let text = |column| row.text(column).map(|text| undefused(text).into_owned());
        // a figure that could not be stated is empty
        let amount = |column| match row.text(column)? {
            "" => Some(None),
            text => text.parse().ok().map(Some),
        };
        Some(Self {
            number: text("number")?,
            policyholder: text("policyholder")?,
            insured: row.parse("insured")?,
            written: row.amount("written")?,
            annual_before: amount("annual_before")?,
            annual_after: amount("annual_after")?,
            additional: amount("additional")?,
            credit: amount("credit")?,
            status: Status::parse(row.text("status")?)?,
            reason: text("reason")?,
        })
    }

    /// The effect of the change; zero where a figure could not be stated.
    #[must_use]
    pub fn effect(&self) -> PremiumEffect {
        [self.annual_before, self.annual_after, self.additional, self.credit].map(Option::unwrap_or_default).into()
    }

    /// The additional premium less the credit.
    #[must_use]
    pub fn net(&self) -> Kopecks {
        self.effect().net()
    }
}

impl SavedRepricing {
    /// Whether a folder holds a repricing rather than another result.
    #[must_use]
    pub fn is_in(folder: &Path) -> bool {
        folder.join(IMPACT).is_file()
    }

    /// Reads the folder of a repricing.
    ///
    /// # Errors
    ///
    /// [`Error::NotAQuote`] where the folder holds no repricing, or one that has changed since it was written; [`Error::Io`] where the system
    /// refuses.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let source = SavedFiles::<RepricingManifest>::open(folder, IMPACT, "written-no-repricing")?;
        let impact: Impact = source.json(IMPACT)?;
        let mut contracts = Vec::new();
        source.rows(CONTRACTS, |row| SavedContract::read(row).map(|contract| contracts.push(contract)))?;
        let saved = Self { impact, contracts, manifest: source.manifest.clone() };
        if saved.adds_up() { Ok(saved) } else { Err(source.changed(CONTRACTS)) }
    }

    /// The contracts with this outcome, by number.
    pub fn with_status(&self, status: Status) -> impl Iterator<Item = &SavedContract> {
        self.contracts.iter().filter(move |contract| contract.status == status)
    }

    /// Whether the contracts add up to the impact.
    fn adds_up(&self) -> bool {
        let Impact { contracts: counts, annual, additional, credit, .. } = &self.impact;
        let sum = |amount: fn(&SavedContract) -> Option<Kopecks>| -> Kopecks {
            self.contracts.iter().filter_map(amount).sum::<Kopecks>()
        };
        // a contract that is set aside keeps its premium
        let after = sum(|contract| contract.annual_after.or(contract.annual_before));
        let count = |status| self.with_status(status).count();
        count(Status::Repriced) == counts.repriced
            && count(Status::Unchanged) == counts.unchanged
            && count(Status::SetAside) == counts.set_aside
            && self.contracts.len() == counts.touched
            && sum(|contract| contract.additional) == *additional
            && sum(|contract| contract.credit) == *credit
            && sum(|contract| contract.annual_before) == annual.before
            && after == annual.after
    }
}
