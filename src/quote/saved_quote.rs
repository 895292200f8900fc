//! A quote read back from its folder: every figure as it stands there, and none worked out anew.
//!
//! Reading verifies: each file has the SHA-256 of the manifest, the lines add up to the premium, and the factors of each
//! rate multiply to it. A folder that fails is [refused](Error::NotAQuote) with the file and what to do.

mod lines;
mod source;
mod tables;

pub use lines::{Insured, Line, Lines};
pub use tables::{Diagnostic, Group, RatedCell};

use std::path::Path;

use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::quote::manifest::Manifest;
use crate::quote::quote_json::QuoteJson;

/// A quote read back from its folder.
#[derive(Debug)]
pub struct SavedQuote {
    /// `quote.json`: the contract, its terms and its totals.
    pub quote: QuoteJson,
    /// `rates.csv`: the price list, in the order plan, cover, ages, risk group.
    pub rates: Vec<RatedCell>,
    /// `groups.csv`: the collective by plan, programme, age band and risk group.
    pub groups: Vec<Group>,
    /// `premiums.csv`: the insured in roster order, each with the lines.
    pub lines: Lines,
    /// `diagnostics.csv`: the diagnostics, in roster order.
    pub diagnostics: Vec<Diagnostic>,
    /// `manifest.json`: the inputs and the files.
    pub manifest: Manifest,
}

impl SavedQuote {
    /// Reads the folder of a quote.
    ///
    /// # Errors
    ///
    /// [`Error::NotAQuote`] where the folder holds no quote, a refused one, one without `premiums.csv`, one of an older
    /// version, or one that has changed since it was written; [`Error::Io`] where the system refuses.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let source = source::open(folder)?;
        let quote: QuoteJson = source.json("quote.json")?;
        let rates = tables::rates(&source, &quote)?;
        let groups = tables::groups(&source, &quote)?;
        let diagnostics = tables::diagnostics(&source)?;
        let lines = lines::read(&source, &quote, &rates)?;
        let changed = |file| source.changed(file);
        let saved = Self { quote, rates, groups, lines, diagnostics, manifest: source.manifest.clone() };
        saved.check_totals().map_err(changed)?;
        Ok(saved)
    }

    /// Checks that every file adds up to the premium.
    ///
    /// # Errors
    ///
    /// The name of a file that does not.
    fn check_totals(&self) -> Result<(), &'static str> {
        let sum = |amounts: &mut dyn Iterator<Item = Kopecks>| amounts.sum::<Kopecks>() == self.quote.premium;
        let counted = self.lines.lines.len() == self.quote.lines && self.lines.insured.len() == self.quote.headcount;
        match () {
            () if !sum(&mut self.quote.plans.iter().map(|plan| plan.premium)) => Err("quote.json"),
            () if !sum(&mut self.quote.programmes.iter().map(|programme| programme.premium)) => Err("quote.json"),
            () if !sum(&mut self.quote.instalments.iter().map(|instalment| instalment.amount)) => Err("quote.json"),
            () if !sum(&mut self.groups.iter().map(|group| group.premium)) => Err("groups.csv"),
            () if !counted || !sum(&mut self.lines.lines.iter().map(|line| line.premium)) => Err("premiums.csv"),
            () => Ok(()),
        }
    }
}
