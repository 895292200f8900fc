//! Two editions of the tariff over a book, and the proof that the parts of their difference add up.

use std::path::Path;

use kollektiv::base::money::Kopecks;
use kollektiv::base::source_file::SourceFile;
use kollektiv::desk::edition_effect::{EditionEffect, Effect};
use kollektiv::portfolio::Portfolio;
use kollektiv::portfolio::edition_effect::{BookedEffect, each_effect};
use kollektiv::tariff::Tariff;

/// An edition with higher base rates: those that begin with 1 begin with 2.
pub fn later_edition(tariff: &Tariff) -> Tariff {
    let text = tariff.source.text.replace("code = \"base-1\"", "code = \"later\"").replace("base = \"1", "base = \"2");
    Tariff::read(&SourceFile { path: "later.toml".into(), text }).expect("an edition")
}

/// Prices the contracts of a book by both editions.
pub fn compare_editions(book: &Path, before: &Tariff, after: &Tariff, contracts: usize) {
    let book = Portfolio::open(book).expect("a book");
    let mut effect = EditionEffect::default();
    let mut visit = |found: BookedEffect| effect.add(&found.expect("both editions price every contract"));
    each_effect(&book, before, after, &mut visit, &()).expect("a book that can be read");
    let difference: Kopecks = effect.programmes.values().map(Effect::difference).sum();
    assert!(effect.contracts == contracts && difference == effect.total.difference() && difference != Kopecks::ZERO);
}
