//! The rules by which the tariff, contracts and books are read, where the tariff leaves something open.

use crate::base::named_enum::named_enum;

named_enum! {
    /// A rule by its number; the tables of `docs/rules.md`, `docs/portfolio.md` and `docs/clinics.md` state each.
    #[allow(missing_docs, reason = "the docs state each rule")]
    pub enum Rule {
        I1 = "I1", I2 = "I2", I3 = "I3", I4 = "I4", I5 = "I5", I6 = "I6", I7 = "I7", I8 = "I8", I9 = "I9", I10 = "I10",
        I11 = "I11", I12 = "I12", I13 = "I13", I14 = "I14", I15 = "I15", I16 = "I16", I17 = "I17", I18 = "I18",
        I19 = "I19", I20 = "I20", I21 = "I21", I22 = "I22", I23 = "I23", I24 = "I24", I25 = "I25", I26 = "I26",
        I27 = "I27", I28 = "I28", I29 = "I29", I30 = "I30", I31 = "I31", I32 = "I32", I33 = "I33", I34 = "I34", I35 = "I35", I36 = "I36",
        I37 = "I37", I38 = "I38", I39 = "I39", I40 = "I40", I41 = "I41", I42 = "I42", I43 = "I43",
        I44 = "I44", I45 = "I45", I46 = "I46", I47 = "I47", I48 = "I48", I49 = "I49", I50 = "I50", I51 = "I51", I52 = "I52", I53 = "I53", I54 = "I54",
        I60 = "I60", I61 = "I61", I62 = "I62", I63 = "I63", I64 = "I64", I65 = "I65", I66 = "I66", I67 = "I67", I68 = "I68", I69 = "I69",
        I70 = "I70", I71 = "I71", I72 = "I72", I73 = "I73", I74 = "I74", I75 = "I75",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_docs_state_every_rule_once() {
        let docs = [
            include_str!("../../docs/rules.md"),
            include_str!("../../docs/portfolio.md"),
            include_str!("../../docs/clinics.md"),
        ];
        let first_cells = docs.iter().flat_map(|text| text.lines()).filter_map(|line| line.split('|').nth(1));
        let mut stated: Vec<Rule> = first_cells.filter_map(|cell| Rule::parse(cell.trim())).collect();
        stated.sort_unstable();
        assert_eq!(stated, Rule::ALL);
    }
}
