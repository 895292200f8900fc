//! The accountant's report of a book on a day: written, earned, unearned, paid and overdue premium, claims and loss ratios.
//!
//! One pass over the contracts makes [facts]; [frames] groups them into the tables, which are written as Parquet and as the sheets of one
//! workbook for people. Every table is a sum over the tables of `portfolio export` on the same day.

mod contract_facts;
mod facts;
mod files;
mod frames;
mod period;
mod pivot;
pub mod proposal;
mod request;
mod table_set;
mod tables;
mod workbook;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::progress::Progress;
use crate::output::parquet::io_error::write_error;
use crate::portfolio::Portfolio;
use crate::report::facts::Facts;
use crate::report::proposal::proposals;
pub use crate::report::request::{Reported, Request};
use crate::report::table_set::TableSet;

/// Works out a report and writes it.
///
/// # Errors
///
/// [`Error::Unlawful`] where the period ends before it begins; [`Error::Damaged`] where rows are not as they were written; [`Error::Io`],
/// [`Error::Parquet`], [`Error::Workbook`] where the result cannot be written.
pub fn report(book: &Portfolio, request: &Request<'_>, progress: &dyn Progress) -> Result<Reported, Error> {
    if let Some(since) = request.since.filter(|since| *since > request.as_of) {
        let reason = Message::new("report-period").with("since", since).with("day", request.as_of);
        return Err(Error::Unlawful { reason });
    }
    let facts = Facts::collect(book, request, progress)?;
    let period = facts.period;
    let mut tables = TableSet::new(facts).map_err(|fault| write_error(request.out, &fault))?;
    let proposed = request.target.as_ref().map(|target| proposals(&tables.programmes, target)).unwrap_or_default();
    tables.add_proposals(&proposed);
    let has_workbook = files::write(&tables, request, period)?;
    Ok(Reported { proposals: proposed, has_workbook, ..tables.totals() })
}
