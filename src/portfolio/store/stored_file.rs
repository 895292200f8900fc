//! What the register knows of a file: its kind, its name, and its row groups with their hashes.

use std::ops::Range;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::Message;

/// The folder of a book that holds its files.
pub const FOLDER: &str = "data";
/// The number of digits of the hash in a file's name.
const NAME_DIGITS: usize = 32;

/// The kind of rows that a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// The insured.
    Insured,
    /// The cells of the contracts, with their rates.
    Cells,
    /// The lines.
    Lines,
    /// The lines that a price change has repriced.
    Repriced,
    /// The claims of a clinic register, which belong to no contract alone.
    Claims,
}

impl FileKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Insured, Self::Cells, Self::Lines, Self::Repriced, Self::Claims];

    /// The word in the register and in the names of files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Insured => "insured",
            Self::Cells => "cells",
            Self::Lines => "lines",
            Self::Repriced => "repriced",
            Self::Claims => "claims",
        }
    }

    /// Whether a name has the form of the book's own files, `<kind>-<hash>.parquet`.
    #[must_use]
    pub fn is_file_name(name: &str) -> bool {
        let hash = Self::ALL.iter().find_map(|kind| name.strip_prefix(kind.as_str())?.strip_prefix('-'));
        let hash = hash.and_then(|rest| rest.strip_suffix(".parquet"));
        hash.is_some_and(|hash| hash.len() == NAME_DIGITS && hash.bytes().all(|digit| digit.is_ascii_hexdigit()))
    }
}

/// A file as the register knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// The kind of its rows.
    pub kind: FileKind,
    /// The name, which is derived from the contents.
    pub name: String,
    /// The size in bytes.
    pub bytes: u64,
    /// The offset of the footer, where the last row group ends.
    pub footer_at: u64,
    /// SHA-256 of the footer.
    pub footer_sha256: String,
    /// The row groups, in order.
    pub groups: Vec<RowGroup>,
}

/// Rows that are read and proved together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowGroup {
    /// The number of rows before it in the file.
    pub first_row: u64,
    /// The number of its rows.
    pub rows: u64,
    /// The offset of its bytes.
    pub at: u64,
    /// The number of its bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

impl StoredFile {
    /// The number of rows.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.groups.last().map_or(0, |group| group.first_row + group.rows)
    }

    /// Whether its row groups follow each other from its first row and first byte to its footer, as in every file that a writer has made.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        let mut ends = Some((0_u64, 0_u64));
        for group in &self.groups {
            ends = ends.filter(|ends| *ends == (group.first_row, group.at) && group.rows > 0);
            ends = ends.and_then(|(row, at)| Some((row.checked_add(group.rows)?, at.checked_add(group.bytes)?)));
        }
        ends.is_some_and(|(_, at)| at == self.footer_at || self.groups.is_empty()) && self.footer_at <= self.bytes
    }

    /// The places of the row groups that hold a range of rows.
    #[must_use]
    pub fn groups_of(&self, first_row: u64, rows: u64) -> Range<usize> {
        let start = self.groups.partition_point(|group| group.first_row + group.rows <= first_row);
        let end = self.groups.partition_point(|group| group.first_row < first_row + rows);
        start..end.max(start)
    }
}

/// The name of a file, by the hashes of its row groups and of its footer: files of equal contents have equal names.
#[must_use]
pub fn file_name(kind: FileKind, groups: &[RowGroup], footer_sha256: &str) -> String {
    let hashes: String = groups.iter().map(|group| group.sha256.as_str()).chain([footer_sha256]).collect();
    format!("{}-{}.parquet", kind.as_str(), &sha256(hashes.as_bytes())[..NAME_DIGITS])
}

/// Why rows of a file cannot be used; the message names the file and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// The file is missing or not as it was written.
    Changed(Message),
    /// The system did not let the file be read: a fault of the run, and none of the file.
    Unreadable(Message),
}

impl Damage {
    /// The damage of a file that is missing or not as it was written.
    pub(super) fn changed(name: &str, message: &'static str) -> Self {
        Self::Changed(file_message(name, message))
    }

    /// The damage of a file that the system did not let be read.
    pub(super) fn unreadable(name: &str) -> Self {
        Self::Unreadable(file_message(name, UNREADABLE))
    }

    /// Whether the reason of an [`Error::Damaged`] is that the system did not let a file be read.
    #[must_use]
    pub fn is_unreadable(reason: &Message) -> bool {
        reason.name() == UNREADABLE
    }

    /// The message.
    #[must_use]
    pub fn into_message(self) -> Message {
        let (Self::Changed(message) | Self::Unreadable(message)) = self;
        message
    }

    /// The error of a run that needs the rows; `folder` is that of the book.
    #[must_use]
    pub fn into_error(self, folder: &Path) -> Error {
        Error::Damaged { folder: folder.to_owned(), reason: self.into_message() }
    }
}

/// The message about a file that the system did not let be read.
const UNREADABLE: &str = "portfolio-file-unreadable";

fn file_message(name: &str, message: &'static str) -> Message {
    Message::new(message).with("file", format!("{FOLDER}/{name}"))
}
