//! Quotes of many contracts in one run: priced in parallel, each written to a folder of its own, faulty ones set aside.

mod contracts_csv;
mod quoted_contract;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::base::diagnostic::Severity;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::parallel::collect_in_order;
use crate::base::progress::{Progress, Stage};
use crate::output::document::DocumentStyle;
use crate::output::folder_name;
use crate::output::pdf;
use crate::quote::contract::Contract;
use crate::quote::documents::{DocumentsRequest, write_documents};
use crate::quote::files::{FilesRequest, write_quote};
use crate::quote::rosters::{read_roster, roster_bytes};
use crate::quote::{Quote, Status};
use crate::tariff::{Catalogue, Tariff};
pub use contracts_csv::write_contracts;
pub use quoted_contract::{QuoteOutcome, QuotedContract, Reason};

/// The largest number of contracts that are priced at once.
const PRICED_AT_ONCE: usize = 64;
/// The largest size of their rosters together, unless one alone is larger.
const ROSTER_BYTES_AT_ONCE: u64 = 64 << 20;

/// The folders and files of a run over many contracts.
#[derive(Debug)]
pub struct BatchRequest<'r> {
    /// The contract files; their order and repetition do not matter.
    pub paths: &'r [PathBuf],
    /// The editions of the tariff.
    pub editions: &'r Catalogue,
    /// The folder in which each contract's folder stands.
    pub out: &'r Path,
    /// The files of each result.
    pub files: &'r FilesRequest,
}

/// A contract that is read, with its edition.
struct Opened {
    contract: Contract,
    tariff: Arc<Tariff>,
    /// Whether no file of the run before it has the number.
    is_first: bool,
}

/// Prices contracts in parallel and writes each result; `report` receives each outcome as soon as it is known, in the order of the paths.
///
/// # Errors
///
/// The system's fault, which ends the run; the results that are written stay.
pub fn quote_contracts(
    request: &BatchRequest<'_>,
    report: &mut dyn FnMut(QuotedContract),
    progress: &dyn Progress,
) -> Result<(), Error> {
    let mut paths = request.paths.to_vec();
    paths.sort_unstable();
    paths.dedup();
    progress.begin_stage(Stage::Pricing, Some(paths.len() as u64));
    let mut taken = BTreeSet::new();
    for paths in paths.chunks(PRICED_AT_ONCE) {
        let mut opened = Vec::with_capacity(paths.len());
        for read in paths.par_iter().map(|path| open(path, request.editions)).collect::<Vec<_>>() {
            opened.push(match read {
                Err(fault) if ends_run(&fault) => return Err(fault),
                Ok(read) => Ok(Opened { is_first: taken.insert(read.contract.number.clone()), ..read }),
                Err(fault) => Err(fault),
            });
        }
        let sizes = opened.iter().map(|opened| opened.as_ref().map_or(0, |opened| roster_bytes(&opened.contract)));
        let sizes: Vec<u64> = sizes.collect();
        let (mut at, mut rest) = (0, opened.into_iter());
        while at < sizes.len() {
            let count = count_at_once(sizes[at..].iter().copied());
            let now: Vec<_> = rest.by_ref().take(count).collect();
            let quoted = now.into_par_iter().zip(&paths[at..]).map(|(opened, path)| quoted(opened, path, request));
            let mut quoted = collect_in_order(quoted)?;
            make_documents(&mut quoted, request)?;
            quoted.into_iter().for_each(&mut *report);
            progress.advance(count as u64);
            at += count;
        }
    }
    Ok(())
}

/// How many of the next contracts are priced at once, by the sizes of their rosters in bytes: at least one.
#[must_use]
pub fn count_at_once(sizes: impl Iterator<Item = u64>) -> usize {
    let mut bytes = 0_u64;
    let fits = |size: &u64| {
        bytes = bytes.saturating_add(*size);
        bytes <= ROSTER_BYTES_AT_ONCE
    };
    sizes.take(PRICED_AT_ONCE).take_while(fits).count().max(1)
}

/// Why a quote has no price.
#[must_use]
pub fn unpriced(quote: &Quote<'_>, path: &Path) -> Message {
    let path = path.display().to_string();
    if quote.roster.tables.incomplete {
        let errors = quote.roster.tables.diagnostics.iter();
        let first = errors.filter(|found| found.code.severity() == Severity::Error).map(|found| &found.message).next();
        let message = Message::new(if first.is_some() { "bind-unread-because" } else { "bind-unread" });
        let message = first.iter().fold(message, |message, first| message.with("first", (*first).clone()));
        return message.with("path", path);
    }
    Message::new("bind-rows")
        .with("path", path)
        .with("rejected", quote.rows.rejected)
        .with("referred", quote.rows.referred)
}

/// Whether a fault is one of the system, and not of one contract.
fn ends_run(fault: &Error) -> bool {
    !fault.is_refusal() && !matches!(fault, Error::ForeignFolder { .. })
}

fn open(path: &Path, editions: &Catalogue) -> Result<Opened, Error> {
    let (contract, tariff) = Contract::open_by(path, editions)?;
    Ok(Opened { contract, tariff, is_first: true })
}

/// Prices a contract that is read, and writes its result.
fn quoted(opened: Result<Opened, Error>, path: &Path, request: &BatchRequest<'_>) -> Result<QuotedContract, Error> {
    let path = path.to_owned();
    let opened = match opened {
        Ok(opened) => opened,
        Err(fault) => {
            let outcome = QuoteOutcome::SetAside(Reason::Fault(fault));
            return Ok(QuotedContract { path, number: None, tariff: None, outcome });
        }
    };
    let number = opened.contract.number.clone();
    let outcome = if opened.is_first {
        match write(&opened, request) {
            Err(fault) if ends_run(&fault) => return Err(fault),
            Err(fault) => QuoteOutcome::SetAside(Reason::Fault(fault)),
            Ok(outcome) => outcome,
        }
    } else {
        let reason = Message::new("bind-twice").with("number", number.as_str());
        QuoteOutcome::SetAside(Reason::Refusal(reason))
    };
    Ok(QuotedContract { path, number: Some(number), tariff: Some(opened.tariff.id()), outcome })
}

/// Adds the documents to the results of priced contracts: on threads of their own, as [`pdf::render_all`] demands. A contract whose
/// documents cannot be made is set aside.
fn make_documents(quoted: &mut [QuotedContract], request: &BatchRequest<'_>) -> Result<(), Error> {
    let files = request.files;
    if files.documents.is_empty() {
        return Ok(());
    }
    let folder = |(at, contract): (usize, &QuotedContract)| match &contract.outcome {
        QuoteOutcome::Priced { folder, .. } => Some((at, folder.clone())),
        _ => None,
    };
    let folders: Vec<(usize, PathBuf)> = quoted.iter().enumerate().filter_map(folder).collect();
    let style =
        DocumentStyle { language: files.language, template: files.template.clone(), with_names: files.with_names };
    let documents = DocumentsRequest { kinds: files.documents.clone(), style };
    let left_out = pdf::render_all(&folders, |(_, folder)| write_documents(folder, folder, &documents).map(drop))?;
    for pdf::LeftOut { at, letters } in left_out {
        quoted[folders[at].0].outcome = QuoteOutcome::SetAside(Reason::Fault(Error::NoFace { letters }));
    }
    Ok(())
}

fn write(opened: &Opened, request: &BatchRequest<'_>) -> Result<QuoteOutcome, Error> {
    let Opened { contract, tariff, .. } = opened;
    let roster = read_roster(&[], contract, tariff, &())?;
    let quote = Quote::new(contract, tariff, roster, request.files.preliminary)?;
    let files = FilesRequest { documents: Vec::new(), ..request.files.clone() };
    let folder = write_quote(&quote, &request.out.join(folder_name(&contract.number)), &files, &())?;
    Ok(match &quote.price {
        Some(price) if quote.status != Status::Refused => QuoteOutcome::Priced {
            folder,
            status: quote.status,
            headcount: price.headcount,
            premium: price.totals.premium.chosen,
        },
        _ => QuoteOutcome::Refused { folder, reason: unpriced(&quote, &contract.source.path) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rosters_are_read_together_up_to_a_limit_and_one_always() {
        let count = |sizes: &[u64]| count_at_once(sizes.iter().copied());
        assert_eq!(count(&[1; 100]), 64);
        assert_eq!(count(&[ROSTER_BYTES_AT_ONCE, 1]), 1);
        assert_eq!(count(&[ROSTER_BYTES_AT_ONCE + 1, 1]), 1);
        assert_eq!(count(&[u64::MAX, u64::MAX]), 1);
        assert_eq!(count(&[ROSTER_BYTES_AT_ONCE - 1, 1, 1]), 2);
    }
}
