//! What is repriced, and what becomes of it.

use std::path::Path;

use crate::base::messages::Language;
use crate::output::pdf::Template;
use crate::portfolio::change::PriceChange;
use crate::portfolio::reprice::documents::ImpactDocument;
use crate::portfolio::reprice::line_engine::LineEngine;
use crate::portfolio::reprice::part_workers::PartWorkers;
use crate::tariff::Tariff;

/// A change of prices for a book, and what becomes of it.
#[derive(Debug, Clone)]
pub struct Request<'r> {
    /// The change.
    pub change: &'r PriceChange,
    /// The edition with the lawful price levels.
    pub tariff: &'r Tariff,
    /// The folder of the result.
    pub out: &'r Path,
    /// Whether the book stays unchanged.
    pub dry_run: bool,
    /// The template of letters to the policyholders whose price rises; none are written without it.
    pub notices: Option<&'r Template>,
    /// The language of reasons and letters.
    pub language: Language,
    /// The documents about the impact.
    pub documents: &'r [ImpactDocument],
    /// The engine that prices the lines; `None` for this program.
    pub engine: Option<&'r dyn LineEngine>,
    /// The workers that price the parts in other processes, without an engine; `None` for this process.
    pub workers: Option<&'r dyn PartWorkers>,
}

impl<'r> Request<'r> {
    /// A change that this process prices, without letters and documents, and that the book keeps.
    #[must_use]
    pub const fn new(change: &'r PriceChange, tariff: &'r Tariff, out: &'r Path) -> Self {
        Self {
            change,
            tariff,
            out,
            dry_run: false,
            notices: None,
            language: Language::Ru,
            documents: &[],
            engine: None,
            workers: None,
        }
    }
}
