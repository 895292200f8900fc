//! The coefficients in `quote.json`, each with its range, its clause and who chose it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::pricing::choice::ChosenBy;
use crate::quote::exact::Exact;

/// The coefficients of the whole contract.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Coefficients {
    /// By headcount (§2.1).
    pub headcount: Coefficient,
    /// By risk group (§2.5), every group of the tariff.
    pub risk: BTreeMap<u8, Coefficient>,
    /// The covers with coefficients chosen from ranges of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<CoverCoefficients>,
    /// By age (§2.2).
    pub age: AgeTable,
}

/// The coefficients of a cover that were chosen from ranges.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CoverCoefficients {
    /// The code of the plan.
    pub plan: String,
    /// The code of the programme.
    pub programme: String,
    /// The base rate, where the tariff gives a range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_rate: Option<Coefficient>,
    /// The exclusions, by service code in the order of the contract; each a [`Coefficient`].
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub exclude: Map<String, Value>,
}

/// A coefficient taken from a range of the tariff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coefficient {
    /// The coefficient.
    pub value: Exact,
    /// The lower end of the range.
    pub low: Exact,
    /// The higher end of the range.
    pub high: Exact,
    /// Whether the contract chose, and not the middle by default.
    pub chosen: bool,
    /// The clause of the tariff.
    pub clause: String,
    /// As [`Choice::by`].
    pub by: String,
    /// The rule by which the clause was read.
    pub rule: String,
    /// The tariff's range, where the contract leaves the coefficient out (`I72`) and both ends above are 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tariff_range: Option<RangeEnds>,
}

/// The ends of a range of the tariff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeEnds {
    /// The lower end.
    pub low: Exact,
    /// The higher end.
    pub high: Exact,
}

impl Coefficient {
    /// Whether the contract leaves the coefficient out (`I72`).
    #[must_use]
    pub fn is_left_out(&self) -> bool {
        self.by == ChosenBy::NotApplied.as_str()
    }

    /// The range, and who chose.
    #[must_use]
    pub fn choice(&self) -> Choice {
        Choice { low: self.low.clone(), high: self.high.clone(), chosen: self.chosen, by: self.by.clone() }
    }
}

/// The range that a coefficient was taken from, and who chose the point in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The lower end.
    pub low: Exact,
    /// The higher end.
    pub high: Exact,
    /// Whether the contract chose, and not the middle by default.
    pub chosen: bool,
    /// The origin of the choice: `contract` where it names this range, `ranges` where its choice for all ranges applies, `nobody` where the
    /// middle applies because there is no choice, `not_applied` where the contract leaves the coefficient out (`I72`).
    pub by: String,
}

/// The coefficients by age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgeTable {
    /// The clause of the tariff.
    pub clause: String,
    /// The rule by which the clause was read.
    pub rule: String,
    /// The bands, in order.
    pub bands: Vec<ByAge>,
}

/// What a number is at some ages, in completed years, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByAge {
    /// The first age.
    pub from: u16,
    /// The last age.
    pub to: u16,
    /// The number.
    pub value: Exact,
}

/// An insured that an underwriter accepted outside of the tariff's ages (`I73`), by the place in the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedAge {
    /// The file of the roster.
    pub file: String,
    /// Its sheet; empty in a file without sheets.
    pub sheet: String,
    /// The number of the row.
    pub row: u32,
    /// Completed years on the first day of the insured's cover.
    pub age: u16,
    /// The coefficient by age.
    pub value: Exact,
    /// The lower end of the range.
    pub low: Exact,
    /// The higher end of the range.
    pub high: Exact,
    /// The clause of the tariff.
    pub clause: String,
    /// The rule by which the clause was read.
    pub rule: String,
    /// Who decided.
    pub decided_by: String,
    /// Why.
    pub reason: String,
}
