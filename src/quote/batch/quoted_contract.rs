//! The outcome of one contract file in a run over many.

use std::path::PathBuf;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::quote::status::Status;
use crate::tariff::EditionId;

/// A contract file of the run, and what came of it.
#[derive(Debug)]
pub struct QuotedContract {
    /// The file.
    pub path: PathBuf,
    /// The number of the contract, where it could be read.
    pub number: Option<String>,
    /// The edition of the tariff that prices it, where it could be read.
    pub tariff: Option<EditionId>,
    /// What came of it.
    pub outcome: QuoteOutcome,
}

/// What came of a contract file.
#[derive(Debug)]
pub enum QuoteOutcome {
    /// The contract has a price.
    Priced {
        /// The folder of the result.
        folder: PathBuf,
        /// Issued or preliminary.
        status: Status,
        /// The priced insured.
        headcount: u32,
        /// The premium.
        premium: Kopecks,
    },
    /// The contract has no price because of its roster.
    Refused {
        /// The folder with the diagnostics and the marked roster.
        folder: PathBuf,
        /// Which rows, and what to do.
        reason: Message,
    },
    /// The contract is not read.
    SetAside(Reason),
}

/// Why a contract is not read.
#[derive(Debug)]
pub enum Reason {
    /// A file of the contract is at fault, or the folder of its result.
    Fault(Error),
    /// Another file of the run has the same number.
    Refusal(Message),
}

impl Reason {
    /// What is wrong and what to do; of a contract file with faults, the first of them with its line.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Refusal(message) => message.clone(),
            Self::Fault(Error::Refused { source, faults }) => match faults.first() {
                Some(first) => Message::new("batch-fault")
                    .with("place", format!("{}:{}", source.path.display(), source.line(first.span.start)))
                    .with("reason", first.message.clone())
                    .with("more", faults.len() - 1),
                None => Error::Refused { source: source.clone(), faults: Vec::new() }.message(),
            },
            Self::Fault(fault) => fault.message(),
        }
    }
}
