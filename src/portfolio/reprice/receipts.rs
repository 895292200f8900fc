//! The receipts of a run, read part by part and checked against the plan and the register.
//!
//! The time of these checks grows with contracts and row groups, not with lines. Then some batches, which the hash of all receipts chooses,
//! are repriced here: their figures and all their repriced lines have to be equal.

use jiff::civil::Date;

use crate::base::calendar::days_since_1970;
use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::portfolio::files::Files;
use crate::portfolio::reprice::batch;
use crate::portfolio::reprice::batch::{AffectedContract, RepricedBatch, RepricedContract};
use crate::portfolio::reprice::part_files::PartFile;
use crate::portfolio::reprice::planned_contract::PlannedContract;
use crate::portfolio::reprice::receipt::{Facts, Receipt, Totals};
use crate::portfolio::reprice::repeated_batch::RepeatedBatch;
use crate::portfolio::reprice::sums::Sums;
use crate::portfolio::reprice::work_folder::WorkFolder;
use crate::portfolio::store::{FileKind, Reader, StoredFile, file_name};

/// The number of batches that are repriced here.
const REPEATED_BATCHES: usize = 32;

/// The receipts of a run.
pub(super) struct Receipts<'w> {
    work: &'w WorkFolder,
    /// In days since 1970.
    effective: i32,
    /// The facts of the part that is being read, and how many of its contracts were read.
    open: Option<(Receipt, usize)>,
    /// SHA-256 of each receipt that was read.
    read: Vec<String>,
    /// The files of the parts so far.
    files: Vec<PartFile>,
    /// The batches so far.
    batches: Vec<PastBatch>,
}

/// A batch whose facts were read.
#[derive(Debug, Clone, Copy)]
struct PastBatch {
    /// The place of its part.
    part: usize,
    /// Its place in its part.
    place: usize,
    /// The place of its first contract in its part.
    first_contract: usize,
    /// Its first row in the file of its part.
    first_row: u64,
}

impl<'w> Receipts<'w> {
    pub fn new(work: &'w WorkFolder, effective: Date) -> Self {
        let (read, files, batches) = (Vec::new(), Vec::new(), Vec::new());
        Self { work, effective: days_since_1970(effective), open: None, read, files, batches }
    }

    /// The figures of the next batch of the part that is being read, or of the next part; their lines are in its file.
    ///
    /// # Errors
    ///
    /// [`Error::Engine`] with the check that the receipt does not pass; [`Error::Io`] where it cannot be read.
    pub fn next_batch(&mut self, files: &Files, contracts: &[AffectedContract]) -> Result<RepricedBatch, Error> {
        let (receipt, first_contract) = match self.open.take() {
            Some(open) => open,
            None => (self.begin_part()?, 0),
        };
        let part = self.read.len() - 1;
        let facts = receipt.contracts.get(first_contract..first_contract + contracts.len());
        let facts = facts.ok_or_else(|| self.refuse(part, Message::new("receipt-contracts")))?;
        let mut repriced = Vec::with_capacity(contracts.len());
        for (affected, facts) in contracts.iter().zip(facts) {
            let checked = match facts.repriced() {
                Some(repriced) => self.check(files, affected, &repriced)?.map(|()| repriced),
                None => Err("receipt-figures"),
            };
            let number = affected.planned.number.as_str();
            repriced.push(checked.map_err(|name| self.refuse(part, Message::new(name).with("number", number)))?);
        }
        let before = self.batches.last().filter(|batch| batch.part == part);
        let (place, first_row) = before.map_or((0, 0), |batch| {
            let lines = &receipt.contracts[batch.first_contract..first_contract];
            (batch.place + 1, batch.first_row + lines.iter().map(|facts| facts.repriced).sum::<u64>())
        });
        self.batches.push(PastBatch { part, place, first_contract, first_row });
        self.open = Some((receipt, first_contract + contracts.len()));
        Ok(RepricedBatch { contracts: repriced, lines: Vec::new() })
    }

    /// Ends the part that is being read.
    pub fn finish_part(&mut self) -> Result<(), Error> {
        let Some((receipt, read)) = self.open.take() else { return Ok(()) };
        let part = self.read.len() - 1;
        if read != receipt.contracts.len() {
            return Err(self.refuse(part, Message::new("receipt-contracts")));
        }
        let Some(stored) = receipt.file else { return Ok(()) };
        let path = self.work.file(&stored.name);
        self.files.push(PartFile { path, stored, sha256: receipt.sha256 });
        Ok(())
    }

    /// Ends the run: reprices some batches here. Returns the files of the parts, in their order.
    pub fn finish(mut self, files: &mut Files) -> Result<Vec<PartFile>, Error> {
        self.finish_part()?;
        let mut task: Option<(usize, Vec<Vec<PlannedContract>>, Receipt)> = None;
        for batch in self.chosen_batches() {
            if task.as_ref().is_none_or(|(part, ..)| *part != batch.part) {
                let (receipt, _) = self.work.receipt(batch.part)?;
                task = Some((batch.part, self.work.task(batch.part)?.batches(), receipt));
            }
            let Some((_, batches, receipt)) = &task else { continue };
            let planned: Vec<&PlannedContract> = batches.get(batch.place).into_iter().flatten().collect();
            let wanted = planned.iter().flat_map(|planned| [planned.cells.file, planned.lines.file]).collect();
            files.close_others(&wanted);
            let agrees = self.repeat(files, &planned, batch, receipt)?;
            agrees.map_err(|name| self.refuse(batch.part, Message::new(name)))?;
        }
        Ok(self.files)
    }

    /// Reads the receipt of the next part and checks it as a whole.
    fn begin_part(&mut self) -> Result<Receipt, Error> {
        let part = self.read.len();
        let (receipt, hash) = self.work.receipt(part)?;
        self.read.push(hash);
        let mut totals = Totals::default();
        let sums: Option<Vec<RepricedContract>> = receipt.contracts.iter().map(Facts::repriced).collect();
        sums.iter().flatten().for_each(|repriced| totals.add(&repriced.sums));
        let found = if receipt.task != self.work.sha256(part) {
            Err("receipt-plan")
        } else if receipt.contracts.len() != self.work.contracts(part) {
            Err("receipt-contracts")
        } else if sums.is_none() || totals != receipt.totals {
            Err("receipt-sums")
        } else {
            self.check_file(&receipt)
        };
        found.map_err(|name| self.refuse(part, Message::new(name)))?;
        Ok(receipt)
    }

    /// Checks the footer of a part's file, and its rows.
    fn check_file(&self, receipt: &Receipt) -> Result<(), &'static str> {
        let rows = receipt.file.as_ref().map_or(0, StoredFile::rows);
        if rows != receipt.totals.repriced {
            return Err("receipt-rows");
        }
        let Some(stored) = &receipt.file else { return Ok(()) };
        let is_named = stored.kind == FileKind::Repriced
            && stored.is_ordered()
            && stored.name == file_name(stored.kind, &stored.groups, &stored.footer_sha256);
        let is_there = is_named && Reader::open_file(&self.work.file(&stored.name), stored).is_ok();
        if is_there { Ok(()) } else { Err("receipt-file") }
    }

    /// Checks the figures of a contract against the register, or the name of the check that they do not pass.
    fn check(
        &self,
        files: &Files,
        affected: &AffectedContract,
        repriced: &RepricedContract,
    ) -> Result<Result<(), &'static str>, Error> {
        let (planned, sums) = (&affected.planned, &repriced.sums);
        if repriced.fault.is_some() {
            // a fault sets the contract aside: it has to be one here too
            let planned = [planned];
            let own = RepeatedBatch::new(files, &planned, self.effective, self.work.folder())?;
            let is_same = own.contracts.first().is_some_and(|own| own == repriced);
            return Ok(if is_same { Ok(()) } else { Err("receipt-fault") });
        }
        let mut groups = Sums::default();
        for ((_, programme), group) in &sums.groups {
            if !planned.terms.factors.contains_key(&**programme) {
                return Ok(Err("receipt-figures"));
            }
            groups.repriced += group.lines;
            groups.effect += group.effect;
        }
        let figures = |sums: &Sums| (sums.repriced, sums.effect.additional, sums.effect.credit);
        Ok(if sums.lines != planned.lines.rows {
            Err("receipt-lines")
        } else if Some(sums.premium) != affected.premium_of_lines() {
            Err("receipt-premium")
        } else if figures(sums) != figures(&groups) || sums.repriced > sums.lines {
            Err("receipt-figures")
        } else if batch::too_large(planned, sums).is_some() {
            Err("receipt-fault")
        } else {
            Ok(())
        })
    }

    /// The batches that are repriced here, in order: all, or some that the receipts' hashes choose, which no worker knows before all have written.
    fn chosen_batches(&self) -> Vec<PastBatch> {
        let mut by_lot: Vec<(String, PastBatch)> = Vec::with_capacity(self.batches.len());
        let seed = sha256(self.read.concat().as_bytes());
        for batch in &self.batches {
            by_lot.push((sha256(format!("{seed} {} {}", batch.part, batch.place).as_bytes()), *batch));
        }
        by_lot.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        by_lot.truncate(REPEATED_BATCHES);
        let mut chosen: Vec<PastBatch> = by_lot.into_iter().map(|(_, batch)| batch).collect();
        chosen.sort_unstable_by_key(|batch| (batch.part, batch.place));
        chosen
    }

    /// Reprices a batch here, and compares its figures and its repriced lines; or the name of the check that it does not pass.
    fn repeat(
        &self,
        files: &Files,
        planned: &[&PlannedContract],
        batch: PastBatch,
        receipt: &Receipt,
    ) -> Result<Result<(), &'static str>, Error> {
        let own = RepeatedBatch::new(files, planned, self.effective, self.work.folder())?;
        let facts = receipt.contracts.iter().skip(batch.first_contract);
        let agrees = own.contracts.iter().zip(facts).all(|(own, facts)| facts.repriced().as_ref() == Some(own));
        if !agrees {
            return Ok(Err("receipt-repeated"));
        }
        let Some(stored) = receipt.file.as_ref().filter(|_| own.lines() > 0) else { return Ok(Ok(())) };
        let Ok(theirs) = Reader::open_file(&self.work.file(&stored.name), stored) else {
            return Ok(Err("receipt-file"));
        };
        Ok(if own.agrees(&theirs, batch.first_row) { Ok(()) } else { Err("receipt-group") })
    }

    /// The error for a receipt that does not pass a check; the next run of the command makes the part again.
    fn refuse(&self, part: usize, reason: Message) -> Error {
        self.work.refuse(part);
        Error::Engine { reason: reason.with("part", part + 1) }
    }
}
