//! `kollektiv quote` of several contracts: the results, `contracts.csv` and the sums.

use std::path::{Path, PathBuf};

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::cli::answer::{Money, answer};
use crate::cli::log::{Event, Level};
use crate::cli::outcome::Outcome;
use crate::cli::progress::Bar;
use crate::cli::screen::Screen;
use crate::quote::Status;
use crate::quote::batch::{BatchRequest, QuoteOutcome, QuotedContract, Reason, quote_contracts, write_contracts};
use crate::quote::files::FilesRequest;
use crate::tariff::{Catalogue, EditionId};

/// A run with more contracts prints only their sums.
const LISTED_CONTRACTS: usize = 20;

answer! {
    /// The answer of `kollektiv quote` for several contracts.
    pub struct Answer {
        /// Contracts with a price.
        priced: usize,
        /// Contracts without a price because of their rosters.
        refused: usize,
        /// Contracts set aside because a file is at fault.
        set_aside: usize,
        /// Priced insured.
        headcount: u64,
        /// Premium of the priced contracts.
        premium: Money,
        /// The contracts, in the order of their files.
        contracts: Vec<ContractAnswer>,
        /// The file with the same rows.
        list: String,
    }
}

answer! {
    /// A contract of the run.
    struct ContractAnswer {
        /// Number of the contract, where it could be read.
        number: Option<String>,
        /// The contract file.
        file: String,
        /// Edition of the tariff, where it could be read.
        tariff: Option<EditionId>,
        /// Folder of the result; null where the contract is set aside.
        folder: Option<String>,
        /// Priced insured.
        headcount: Option<u32>,
        /// Premium.
        premium: Option<Money>,
        /// `issued`, `preliminary`, `refused` or `set-aside`.
        status: &'static str,
        /// Why there is no price, in the language of the reader.
        reason: Option<String>,
    }
}

/// Prices the contracts, writes their results and `contracts.csv`, and prints the sums.
pub fn run(
    paths: &[PathBuf],
    editions: &Catalogue,
    out: &Path,
    request: &FilesRequest,
    screen: &Screen,
) -> Result<Outcome, Error> {
    let mut contracts = Vec::with_capacity(paths.len());
    {
        let bar = Bar::new(screen);
        let request = BatchRequest { paths, editions, out, files: request };
        let mut report = |contract: QuotedContract| {
            bar.suspend(|| report_exception(&contract, screen));
            contracts.push(contract);
        };
        quote_contracts(&request, &mut report, &bar)?;
    }
    let list = write_contracts(&contracts, out, screen.language)?;
    let sums = Sums::new(&contracts);
    screen.record_total("priced", sums.priced);
    screen.record_total("refused", sums.refused);
    screen.record_total("set_aside", sums.set_aside);
    screen.record_total("premium", sums.premium.to_string());
    screen.print(&text(&contracts, &sums, screen))?;
    screen.answer(&Answer {
        priced: sums.priced,
        refused: sums.refused,
        set_aside: sums.set_aside,
        headcount: sums.headcount,
        premium: sums.premium.into(),
        contracts: contracts.iter().map(|contract| contract_answer(contract, screen)).collect(),
        list: list.display().to_string(),
    })?;
    screen.note_written(&list);
    screen.suggest(Message::new("next-quotes"));
    Ok(match (sums.priced, sums.refused + sums.set_aside) {
        (_, 0) => Outcome::Done,
        (0, _) => Outcome::Refused,
        _ => Outcome::SetAside,
    })
}

/// Prints why a contract has no price.
fn report_exception(contract: &QuotedContract, screen: &Screen) {
    let path = contract.path.display().to_string();
    let event = |name, reason: &Message| {
        Event::new(Level::Error, name).with("file", path.as_str()).with("reason", reason.name())
    };
    match &contract.outcome {
        QuoteOutcome::Priced { .. } => {}
        QuoteOutcome::Refused { reason, .. } => {
            screen.report(event("refused", reason), &format!("{path}: {}", screen.render(reason)));
        }
        QuoteOutcome::SetAside(Reason::Refusal(reason)) => {
            screen.report(event("set-aside", reason), &format!("{path}: {}", screen.render(reason)));
        }
        QuoteOutcome::SetAside(Reason::Fault(fault)) => screen.print_error(fault),
    }
}

/// The sums of a run.
#[derive(Default)]
struct Sums {
    priced: usize,
    refused: usize,
    set_aside: usize,
    headcount: u64,
    premium: Kopecks,
}

impl Sums {
    fn new(contracts: &[QuotedContract]) -> Self {
        let mut sums = Self::default();
        for contract in contracts {
            match &contract.outcome {
                QuoteOutcome::Priced { headcount, premium, .. } => {
                    sums.priced += 1;
                    sums.headcount += u64::from(*headcount);
                    sums.premium += *premium;
                }
                QuoteOutcome::Refused { .. } => sums.refused += 1,
                QuoteOutcome::SetAside(_) => sums.set_aside += 1,
            }
        }
        sums
    }
}

/// The list of a few contracts, and the sums.
fn text(contracts: &[QuotedContract], sums: &Sums, screen: &Screen) -> String {
    let mut text = String::new();
    if contracts.len() <= LISTED_CONTRACTS {
        let row = |contract: &QuotedContract| {
            let (status, headcount, premium) = match &contract.outcome {
                QuoteOutcome::Priced { status: Status::Preliminary, headcount, premium, .. } => {
                    ("quotes-preliminary", screen.count(*headcount), screen.bare_amount(*premium))
                }
                QuoteOutcome::Priced { headcount, premium, .. } => {
                    ("quotes-priced", screen.count(*headcount), screen.bare_amount(*premium))
                }
                QuoteOutcome::Refused { .. } => ("quotes-refused", String::new(), String::new()),
                QuoteOutcome::SetAside(_) => ("quotes-set-aside", String::new(), String::new()),
            };
            let tariff = contract.tariff.as_ref().map(|tariff| format!("{} {:.8}", tariff.code, tariff.sha256));
            [
                contract.number.clone().unwrap_or_else(|| contract.path.display().to_string()),
                tariff.unwrap_or_default(),
                screen.text(status),
                headcount,
                premium,
            ]
        };
        let heading = [
            "heading-contract",
            "portfolio-col-tariff",
            "heading-status",
            "heading-insured",
            "heading-premium-roubles",
        ];
        text = screen.table(heading, contracts.iter().map(row).collect(), 3);
        text.push('\n');
    }
    let message = Message::new("quotes-done")
        .with("priced", screen.count(sums.priced))
        .with("insured", screen.count(usize::try_from(sums.headcount).unwrap_or(usize::MAX)))
        .with("premium", sums.premium)
        .with("refused", screen.count(sums.refused))
        .with("aside", screen.count(sums.set_aside));
    text.push_str(&screen.paragraph(&message));
    text
}

fn contract_answer(contract: &QuotedContract, screen: &Screen) -> ContractAnswer {
    let (folder, headcount, premium, status, reason) = match &contract.outcome {
        QuoteOutcome::Priced { folder, status, headcount, premium } => {
            (Some(folder), Some(*headcount), Some((*premium).into()), status.as_str(), None)
        }
        QuoteOutcome::Refused { folder, reason } => (Some(folder), None, None, "refused", Some(reason.clone())),
        QuoteOutcome::SetAside(reason) => (None, None, None, "set-aside", Some(reason.message())),
    };
    ContractAnswer {
        number: contract.number.clone(),
        file: contract.path.display().to_string(),
        tariff: contract.tariff.clone(),
        folder: folder.map(|folder| folder.display().to_string()),
        headcount,
        premium,
        status,
        reason: reason.map(|reason| screen.render(&reason)),
    }
}
