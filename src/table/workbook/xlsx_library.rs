//! The library's reader of an `.xlsx`, opened only where something is not plain, and only after a child has tried the file.

use std::io::Cursor;
use std::sync::Arc;

use calamine::{Reader, Xlsx, XlsxError};

use crate::table::catch_panic::catch_panic;
use crate::table::file_fault::FileFault;
use crate::table::trial::Trial;

/// The bytes of a workbook, as the library reads them.
pub type Bytes = Cursor<Arc<[u8]>>;

/// The library's reader of one workbook.
pub struct XlsxLibrary {
    bytes: Arc<[u8]>,
    trial: Trial,
    opened: Option<Xlsx<Bytes>>,
}

impl XlsxLibrary {
    /// The reader of a workbook, which is not opened yet.
    pub const fn new(bytes: Arc<[u8]>, trial: Trial) -> Self {
        Self { bytes, trial, opened: None }
    }

    /// The trial of the file, for other readers that need it.
    pub const fn trial(&self) -> &Trial {
        &self.trial
    }

    /// The opened reader.
    ///
    /// # Errors
    ///
    /// As [`Trial::pass`], and [`FileFault::Broken`] or [`FileFault::Encrypted`] where the library does not open the workbook.
    pub fn open(&mut self) -> Result<&mut Xlsx<Bytes>, FileFault> {
        let opened = if let Some(opened) = self.opened.take() {
            opened
        } else {
            self.trial.pass()?;
            catch_panic(|| Xlsx::new(Cursor::new(self.bytes.clone())).map_err(xlsx_fault))?
        };
        Ok(self.opened.insert(opened))
    }
}

/// The fault of a workbook that the library does not read.
pub fn xlsx_fault(fault: XlsxError) -> FileFault {
    match fault {
        XlsxError::Password => FileFault::Encrypted,
        fault => FileFault::Broken(fault.to_string()),
    }
}
