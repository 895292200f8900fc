//! A quote that has been written, read back from its folder: every figure as it stands there, and none worked out anew.
//!
//! What is read is proved first: each file has the SHA-256 that the manifest says, the lines add up to the premium, and the
//! factors of each rate multiply to it. A folder that fails is [refused](Error::NotAQuote) with the file and what to do.

pub(crate) mod exact;
pub(crate) mod lines;
pub(crate) mod manifest;
pub(crate) mod source;
pub(crate) mod tables;
pub(crate) mod terms;

pub use exact::Exact;
pub use lines::{Insured, Line, Lines};
pub use manifest::{Counts, Input, Manifest, OptionsUsed, Program, RosterInput, SheetInput, TariffInput, WrittenFile};
pub use tables::{Diagnostic, Group, RatedCell};
pub use terms::{
    AgeTable, ByAge, Choice, Coefficient, Coefficients, Corridor, Cover, CoverFactor, Edition, Figure, Instalment,
    Plan, Programme, Quote, Rows, Service, Skipped,
};

use std::path::Path;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use source::Source;

/// A written quote.
#[derive(Debug)]
pub struct Written {
    /// `quote.json`: the contract, its terms and its totals.
    pub quote: Quote,
    /// `rates.csv`: the price list, in the order plan, cover, ages, risk group.
    pub rates: Vec<RatedCell>,
    /// `groups.csv`: the collective by plan, programme, age band and risk group.
    pub groups: Vec<Group>,
    /// `premiums.csv`: the insured in roster order, each with the lines.
    pub lines: Lines,
    /// `diagnostics.csv`, in roster order.
    pub diagnostics: Vec<Diagnostic>,
    /// `manifest.json`: what it was all made from.
    pub manifest: Manifest,
}

impl Written {
    /// Reads the folder of a quote.
    ///
    /// # Errors
    ///
    /// [`Error::NotAQuote`] where it holds no quote, a refused one, one without `premiums.csv`, one of a version that wrote
    /// less, or one that is not as it was written; [`Error::Io`] where the system refuses.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let source = Source::open(folder)?;
        let quote: Quote = source.json("quote.json")?;
        let rates = tables::rates(&source, &quote)?;
        let groups = tables::groups(&source, &quote)?;
        let diagnostics = tables::diagnostics(&source)?;
        let lines = lines::read(&source, &quote, &rates)?;
        let written = Self { quote, rates, groups, lines, diagnostics, manifest: source.manifest };
        written.prove().map_err(|file| Error::NotAQuote { folder: folder.to_owned(), reason: changed(file) })?;
        Ok(written)
    }

    /// Whether the files say the same; the name of one that does not.
    fn prove(&self) -> Result<(), &'static str> {
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

/// What to say of a file that is not as it was written.
fn changed(file: &str) -> Message {
    Message::new("written-changed").with("file", file)
}
