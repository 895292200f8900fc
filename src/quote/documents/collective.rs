//! The collective of a saved quote by age band and risk group.

use std::collections::BTreeMap;

use crate::base::money::Kopecks;
use crate::quote::documents::coefficient::ages;
use crate::quote::quote_json::{ByAge, QuoteJson};
use crate::quote::saved_quote::SavedQuote;

/// The insured of one age band and one risk group.
#[derive(Default, Clone, Copy)]
pub struct Field {
    /// Their number: each person once, whatever the number of covers.
    pub insured: usize,
    /// The sum of their premiums.
    pub premium: Kopecks,
}

/// The names of the age bands: those of the tariff, and one for the ages after them where the contract accepts insured (`I73`).
pub fn band_names(quote: &QuoteJson) -> Vec<String> {
    let bands = &quote.coefficients.age.bands;
    let past = bands.last().filter(|_| !quote.accepted.is_empty()).map(|last| format!("{}+", last.to + 1));
    bands.iter().map(ages).chain(past).collect()
}

/// The fields that have insured, by the place of the age band in [`band_names`] and by the risk group.
pub fn fields(saved: &SavedQuote) -> BTreeMap<(usize, u8), Field> {
    let bands = &saved.quote.coefficients.age.bands;
    let mut fields: BTreeMap<(usize, u8), Field> = BTreeMap::new();
    for insured in &saved.lines.insured {
        let contains = |band: &ByAge| (band.from..=band.to).contains(&insured.age_years);
        // past the last band are those that the contract accepts
        let band = bands.iter().position(contains).unwrap_or(bands.len());
        let field = fields.entry((band, insured.risk_group)).or_default();
        field.insured += 1;
        field.premium += saved.lines.of_insured(insured).iter().map(|line| line.premium).sum();
    }
    fields
}
