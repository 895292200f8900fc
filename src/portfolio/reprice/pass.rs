//! One pass over the chosen contracts, part by part and batch by batch.

use std::path::Path;

use rayon::prelude::*;

use crate::base::calendar::days_since_1970;
use crate::base::error::Error;
use crate::base::parallel::collect_in_order;
use crate::base::progress::Progress;
use crate::portfolio::book::Portfolio;
use crate::portfolio::files::Files;
use crate::portfolio::reprice::batch;
use crate::portfolio::reprice::batch::{AffectedContract, RepricedBatch};
use crate::portfolio::reprice::line_engine::{EngineBatch, EngineJob};
use crate::portfolio::reprice::outcome::Outcome;
use crate::portfolio::reprice::part_files::{PartFile, PartFiles};
use crate::portfolio::reprice::planned_contract::PlannedContract;
use crate::portfolio::reprice::receipts::Receipts;
use crate::portfolio::reprice::selection;
use crate::portfolio::reprice::selection::{Chunk, Selection};
use crate::portfolio::staging::StagingDb;
use crate::portfolio::store::Writer;

/// A pass over the chosen contracts.
pub(super) struct Pass<'p> {
    pub book: &'p Portfolio,
    pub selection: &'p Selection<'p>,
    /// Leaves out the contracts that the change finds as they were before an earlier run than this.
    pub from_run: i64,
    pub progress: &'p dyn Progress,
}

/// Some batches after repricing.
#[derive(Default)]
struct RepricedChunk {
    batches: Vec<(Vec<AffectedContract>, RepricedBatch)>,
    ends_part: bool,
}

impl Pass<'_> {
    /// Reprices the contracts and writes their repriced lines to a file of each part in `folder`. `report` receives the outcomes, some at a
    /// time, in the order of the lines, and whether a part ends with them. Batches for which `job` has no figures are priced here. The files of `job` come before those
    /// that are written here.
    ///
    /// # Errors
    ///
    /// As `report`; [`Error::Register`], [`Error::Io`], [`Error::Parquet`] or [`Error::Engine`] where the pass itself fails.
    pub fn run(
        &self,
        staging: &mut StagingDb,
        files: &mut Files,
        folder: &Path,
        mut job: Option<&mut (dyn EngineJob + '_)>,
        mut report: impl FnMut(&mut StagingDb, Vec<Outcome>, bool) -> Result<(), Error>,
    ) -> Result<Vec<PartFile>, Error> {
        let effective = days_since_1970(self.selection.change.effective);
        let mut parts = PartFiles::new(folder);
        let encoder = parts.encoder()?;
        let mut queue = self.selection.batches(self.from_run);
        let mut coming = queue.next(self.book, staging, files)?;
        let mut done = RepricedChunk::default();
        while coming.is_some() || !done.batches.is_empty() {
            let Chunk { batches, ends_part } = coming.unwrap_or_default();
            files.close_others(&selection::files_of(&batches));
            let figures = |contracts: &Vec<AffectedContract>| {
                let figures = job.as_deref_mut().map(|job| job.next_batch(contracts)).transpose();
                figures.map(Option::flatten)
            };
            let figures = batches.iter().map(figures).collect::<Result<Vec<_>, Error>>()?;
            let reprice = |(contracts, figures): (&Vec<AffectedContract>, &Option<Box<dyn EngineBatch>>)| {
                let planned: Vec<&PlannedContract> = contracts.iter().map(|affected| &affected.planned).collect();
                let repriced = match figures {
                    Some(figures) => figures
                        .check(files, &planned, effective)
                        .map(|contracts| RepricedBatch { contracts, lines: Vec::new() }),
                    None => batch::reprice(files, &planned, effective, &encoder),
                };
                self.progress.advance(contracts.len() as u64);
                repriced
            };
            let mut repriced = Ok(Vec::new());
            // while these batches are repriced, the last ones are written and the next ones read
            coming = rayon::in_place_scope(|scope| {
                let repriced = &mut repriced;
                scope.spawn(|_| *repriced = collect_in_order(batches.par_iter().zip(&figures).map(reprice)));
                let RepricedChunk { batches, ends_part } = std::mem::take(&mut done);
                report(staging, write(parts.writer()?, batches)?, ends_part)?;
                if ends_part {
                    parts.finish_part()?;
                }
                queue.next(self.book, staging, files)
            })?;
            done = RepricedChunk { batches: batches.into_iter().zip(repriced?).collect(), ends_part };
        }
        let mut written = job.map(EngineJob::finish).transpose()?.unwrap_or_default();
        written.extend(parts.finish()?);
        Ok(written)
    }
}

/// A pass over the chosen contracts, whose parts workers have repriced.
impl Pass<'_> {
    /// Joins the contracts with the facts of their receipts. `report` receives the outcomes as in [`Pass::run`]. The files of the parts stand
    /// where the workers have written them.
    ///
    /// # Errors
    ///
    /// As `report`; [`Error::Engine`] where a receipt does not pass a check.
    pub fn collect(
        &self,
        staging: &mut StagingDb,
        files: &mut Files,
        mut receipts: Receipts<'_>,
        mut report: impl FnMut(&mut StagingDb, Vec<Outcome>, bool) -> Result<(), Error>,
    ) -> Result<Vec<PartFile>, Error> {
        let mut queue = self.selection.batches(self.from_run);
        while let Some(Chunk { batches, ends_part }) = queue.next(self.book, staging, files)? {
            let mut outcomes = Vec::new();
            for affected in batches {
                let RepricedBatch { contracts, .. } = receipts.next_batch(files, &affected)?;
                let joined = affected.into_iter().zip(contracts);
                outcomes.extend(joined.map(|(affected, repriced)| Outcome::new(affected, repriced)));
            }
            report(staging, outcomes, ends_part)?;
            if ends_part {
                receipts.finish_part()?;
            }
        }
        receipts.finish(files)
    }
}

/// Writes the repriced lines of batches; the outcomes of their contracts.
fn write(writer: &mut Writer, batches: Vec<(Vec<AffectedContract>, RepricedBatch)>) -> Result<Vec<Outcome>, Error> {
    let mut outcomes = Vec::new();
    for (affected, RepricedBatch { contracts, lines }) in batches {
        lines.into_iter().try_for_each(|encoded| writer.write(encoded))?;
        outcomes
            .extend(affected.into_iter().zip(contracts).map(|(affected, repriced)| Outcome::new(affected, repriced)));
    }
    Ok(outcomes)
}
