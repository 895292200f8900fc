//! The collective of a saved quote by age band and risk group.

use std::collections::BTreeMap;

use crate::base::money::Kopecks;
use crate::quote::quote_json::ByAge;
use crate::quote::saved_quote::SavedQuote;

/// The insured of one age band and one risk group.
#[derive(Default, Clone, Copy)]
pub struct Field {
    /// Their number: each person once, whatever the number of covers.
    pub insured: usize,
    /// The sum of their premiums.
    pub premium: Kopecks,
}

/// The fields that have insured, by the place of the age band in the tariff and by the risk group.
pub fn fields(saved: &SavedQuote) -> BTreeMap<(usize, u8), Field> {
    let bands = &saved.quote.coefficients.age.bands;
    let mut fields: BTreeMap<(usize, u8), Field> = BTreeMap::new();
    for insured in &saved.lines.insured {
        let contains = |band: &ByAge| (band.from..=band.to).contains(&insured.age_years);
        let Some(band) = bands.iter().position(contains) else { continue };
        let field = fields.entry((band, insured.risk_group)).or_default();
        field.insured += 1;
        field.premium += saved.lines.of(insured).iter().map(|line| line.premium).sum();
    }
    fields
}
