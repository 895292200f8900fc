//! Why a workbook cannot be copied part by part.

use std::io;

use rust_xlsxwriter::XlsxError;

use crate::base::messages::Message;
use crate::output::xlsx::WorkbookError;

/// Why a workbook cannot be copied part by part.
pub(crate) enum Unkept {
    /// A property of the workbook, for the reader.
    Workbook(Message),
    /// A failure of the run.
    Failed(WorkbookError),
}

impl Unkept {
    /// A part that is written as no usual program writes it.
    pub fn form(part: &str) -> Self {
        Self::Workbook(Message::new("unkept-form").with("part", part))
    }

    /// A part of a kind that is neither copied nor left out.
    pub fn part(part: &str) -> Self {
        Self::Workbook(Message::new("unkept-part").with("part", part))
    }
}

/// The copy cannot be written; what cannot be read is a property of the workbook.
impl From<io::Error> for Unkept {
    fn from(fault: io::Error) -> Self {
        Self::Failed(XlsxError::IoError(fault).into())
    }
}
