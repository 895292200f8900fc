//! The request for a reconciliation, and its result.

use std::path::PathBuf;

use jiff::civil::Date;

use crate::base::messages::{Language, Message};
use crate::base::money::Kopecks;
use crate::quote::contract::ReadingTerms;
use crate::roster::Roster;
use crate::roster::value::{Action, Relation};

/// A request to reconcile a contract with a roster.
#[derive(Debug, Clone)]
pub struct Request {
    /// The number of the contract.
    pub number: String,
    /// The roster, in one file or several.
    pub rosters: Vec<PathBuf>,
    /// The day of the changes.
    pub on: Date,
    /// How the columns of the roster are read, beside the terms of the contract.
    pub reading: ReadingTerms,
    /// The folder of the result.
    pub out: PathBuf,
    /// The folder of the diagnostics where the roster is refused.
    pub refused: PathBuf,
    /// The language of the list and of diagnostics.
    pub language: Language,
}

/// A row of the list of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What happens to the insured.
    pub action: Action,
    /// The id; empty where there is none.
    pub id: String,
    /// The name.
    pub name: String,
    /// The day of birth.
    pub birth_date: Option<Date>,
    /// The relation to the employee.
    pub relation: Option<Relation>,
    /// The risk group.
    pub risk_group: Option<u8>,
    /// The code of the plan.
    pub plan: Option<String>,
    /// The own sum insured.
    pub sum_insured: Option<Kopecks>,
    /// The day from which the change counts.
    pub day: Date,
    /// The last day of cover of an insured who joins for less than the term.
    pub last: Option<Date>,
    /// What differs.
    pub reason: Message,
}

/// A row of the roster that matches no insured for certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclear {
    /// The row; `None` for an insured of the book.
    pub row: Option<u32>,
    /// The name.
    pub name: String,
    /// Why.
    pub reason: Message,
}

/// The difference between a roster and the insured of a contract.
#[derive(Debug)]
pub struct Reconciliation {
    /// The day of the changes.
    pub on: Date,
    /// The changes: in the order of the roster, then those who leave.
    pub differences: Vec<Difference>,
    /// What has to be settled by hand.
    pub unclear: Vec<Unclear>,
    /// The number of insured who are the same in both.
    pub same: usize,
    /// The roster with its diagnostics.
    pub roster: Roster,
}
