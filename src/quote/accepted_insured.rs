//! The decisions about insured outside of the tariff's ages (`I73`), for screens and files.

use crate::base::messages::Message;
use crate::quote::Quote;
use crate::quote::contract::Accepted;
use crate::table::tables::Sheet;
use crate::tariff::Tariff;

/// An insured of a quote that the contract accepts outside of the tariff's ages (`I73`).
#[derive(Debug, Clone, Copy)]
pub struct AcceptedInsured<'q> {
    /// The entry of the contract.
    pub entry: &'q Accepted,
    /// The sheet of the row.
    pub sheet: &'q Sheet,
    /// The number of the row.
    pub row: u32,
    /// Completed years on the first day of the insured's cover; none where the row has an error.
    pub age_years: Option<u16>,
}

impl AcceptedInsured<'_> {
    /// The decision, who made it and why.
    #[must_use]
    pub fn decision(&self, tariff: &Tariff) -> Message {
        let decision = self.about(Message::new("accepted-age"), tariff);
        decision.with("by", self.entry.decided_by.as_str()).with("reason", self.entry.reason.as_str())
    }

    /// The remark that the insured is accepted, which names no person.
    #[must_use]
    pub fn remark(&self, tariff: &Tariff) -> Message {
        self.about(Message::new("remark-accepted"), tariff)
    }

    fn about(&self, message: Message, tariff: &Tariff) -> Message {
        let sheet = if self.sheet.name.is_empty() { &self.sheet.file } else { &self.sheet.name };
        message
            .with("sheet", sheet.as_str())
            .with("row", self.row.to_string())
            .with("age", self.age_years.map(|age| age.to_string()).unwrap_or_default())
            .with("coefficient", self.entry.coefficient.to_string())
            .with("clause", tariff.age.clause.as_str())
    }
}

impl Quote<'_> {
    /// The insured that the contract accepts outside of the tariff's ages, in the order of the roster.
    pub fn accepted_insured(&self) -> impl Iterator<Item = AcceptedInsured<'_>> {
        self.accepted.keys().filter_map(|at| self.accepted_row(*at))
    }

    /// The decision about the insured of a row of the roster's columns; `None` where the tariff has the age.
    #[must_use]
    pub fn accepted_row(&self, at: usize) -> Option<AcceptedInsured<'_>> {
        let insured = &self.roster.insured;
        Some(AcceptedInsured {
            entry: &self.contract.accepted[*self.accepted.get(&at)?],
            sheet: &self.roster.tables.sheets[usize::from(insured.sheet[at])],
            row: insured.row[at],
            age_years: insured.age_years(at),
        })
    }
}
