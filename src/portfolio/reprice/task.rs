//! A task: a part of a repricing that a worker prices alone.
//!
//! It names the files of the book with the hashes of their row groups, and of each contract only what its lines are priced by: no state, no
//! policyholder, no insured. Equal books and changes give equal tasks.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::base::digest::sha256;
use crate::base::money::Kopecks;
use crate::output::manifest::Program;
use crate::portfolio::files::Files;
use crate::portfolio::premium::price_change::PriceTerms;
use crate::portfolio::register::files::Segment;
use crate::portfolio::reprice::planned_contract::PlannedContract;
use crate::portfolio::store::{FileKind, StoredFile};

/// A part of a repricing with all that its repricing depends on, beside the rows in the book's files.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// The program that made it: another version may price otherwise.
    pub program: Program,
    /// The id of the change.
    pub change: String,
    /// The number of the part, from 1.
    pub part: usize,
    /// The first day of the new prices, in days since 1970.
    pub effective: i32,
    /// The files of the book that hold its rows, by their ids in the register.
    files: Vec<(i64, StoredFile)>,
    /// Different terms of contracts.
    terms: Vec<PriceTerms>,
    /// The contracts of each batch.
    batches: Vec<Vec<TaskContract>>,
}

/// A contract: its number, its written premium in kopecks, the place of its terms, its cells and its lines.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct TaskContract(String, i128, usize, Rows, Rows);

/// The id of a file, the first row in it, and the number of rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Rows(i64, u64, u64);

/// The text of a task, and its SHA-256.
#[derive(Debug)]
pub struct TaskText {
    /// The text: one line of JSON.
    pub text: String,
    /// SHA-256 of it.
    pub sha256: String,
}

impl Task {
    /// A task for a part without contracts.
    #[must_use]
    pub fn new(change: &str, effective: i32, part: usize) -> Self {
        let (program, change) = (Program::this(), change.to_owned());
        Self { program, change, part, effective, files: Vec::new(), terms: Vec::new(), batches: Vec::new() }
    }

    /// Whether it has no contract.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// The number of its contracts.
    #[must_use]
    pub fn contracts(&self) -> usize {
        self.batches.iter().map(Vec::len).sum()
    }

    /// Adds a batch of contracts, whose rows are in `files`.
    pub fn add<'c>(&mut self, files: &Files, contracts: impl Iterator<Item = &'c PlannedContract>) {
        let batch = contracts.map(|planned| {
            for file in [planned.cells.file, planned.lines.file] {
                if self.files.iter().all(|(id, _)| *id != file)
                    && let Some(stored) = files.stored(file)
                {
                    self.files.push((file, stored.clone()));
                }
            }
            let terms = self.place_of(&planned.terms);
            let written = planned.written.get();
            TaskContract(planned.number.clone(), written, terms, planned.cells.into(), planned.lines.into())
        });
        let batch = batch.collect();
        self.batches.push(batch);
    }

    /// The place of terms among the different ones.
    fn place_of(&mut self, terms: &Arc<PriceTerms>) -> usize {
        self.terms.iter().rposition(|known| *known == **terms).unwrap_or_else(|| {
            self.terms.push(PriceTerms::clone(terms));
            self.terms.len() - 1
        })
    }

    /// The files of the book that it needs.
    #[must_use]
    pub fn files(&self) -> Vec<(i64, StoredFile)> {
        self.files.clone()
    }

    /// The contracts of each batch.
    #[must_use]
    pub fn batches(&self) -> Vec<Vec<PlannedContract>> {
        let terms: Vec<Arc<PriceTerms>> = self.terms.iter().cloned().map(Arc::new).collect();
        let planned = |contract: &TaskContract| PlannedContract {
            number: contract.0.clone(),
            written: Kopecks::new(contract.1),
            terms: Arc::clone(&terms[contract.2]),
            cells: contract.3.into(),
            lines: contract.4.into(),
        };
        self.batches.iter().map(|batch| batch.iter().map(planned).collect()).collect()
    }

    /// The text of the task.
    ///
    /// # Panics
    ///
    /// Never: numbers and texts can be written as JSON.
    #[must_use]
    pub fn text(&self) -> TaskText {
        let mut text = serde_json::to_string(self).expect("numbers and texts are JSON");
        text.push('\n');
        TaskText { sha256: sha256(text.as_bytes()), text }
    }

    /// Reads the text of a task; `None` where it is none that this program writes.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        let task: Self = serde_json::from_slice(text).ok()?;
        let is_named = task.files.iter().all(|(_, stored)| FileKind::is_file_name(&stored.name) && stored.is_ordered());
        let has_terms = task.batches.iter().flatten().all(|contract| contract.2 < task.terms.len());
        let has_days = task.terms.iter().all(|terms| (365..=366).contains(&terms.year_days));
        (is_named && has_terms && has_days).then_some(task)
    }
}

impl From<Segment> for Rows {
    fn from(segment: Segment) -> Self {
        Self(segment.file, segment.first_row, segment.rows)
    }
}

impl From<Rows> for Segment {
    fn from(rows: Rows) -> Self {
        let Rows(file, first_row, rows) = rows;
        Self { file, first_row, rows }
    }
}
