//! Keeps the original I/O error, which polars would hide behind its own.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::PolarsError;

use crate::base::error::Error;

/// A writer that records its last I/O error.
pub struct CaptureIoError<W> {
    writer: W,
    recorded: RecordedError,
}

/// The last I/O error of a writer.
#[derive(Debug, Clone, Default)]
pub struct RecordedError(Arc<Mutex<Option<io::Error>>>);

impl<W> CaptureIoError<W> {
    /// The writer, and the error that it will record.
    pub fn new(writer: W) -> (Self, RecordedError) {
        let recorded = RecordedError::default();
        (Self { writer, recorded: recorded.clone() }, recorded)
    }

    /// The inner writer.
    pub const fn inner(&self) -> &W {
        &self.writer
    }
}

impl<W: Write> Write for CaptureIoError<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes).inspect_err(|fault| self.recorded.record(fault))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush().inspect_err(|fault| self.recorded.record(fault))
    }
}

impl RecordedError {
    /// Stores a copy of the error.
    fn record(&self, fault: &io::Error) {
        // an interrupted write is repeated
        if fault.kind() != io::ErrorKind::Interrupted {
            let system = fault.raw_os_error().map(io::Error::from_raw_os_error);
            let copy = system.unwrap_or_else(|| io::Error::new(fault.kind(), fault.to_string()));
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(copy);
        }
    }

    /// The error for a file that could not be written: [`Error::Io`] where the system refused, else [`Error::Parquet`].
    #[must_use]
    pub fn write_error(&self, path: &Path, fault: &PolarsError) -> Error {
        let recorded = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        recorded.map_or_else(|| write_error(path, fault), |io_error| Error::writing(path, io_error))
    }
}

/// The error for a file that the library refused before anything was written.
#[must_use]
pub fn write_error(path: &Path, fault: &PolarsError) -> Error {
    match fault {
        PolarsError::IO { error, .. } => Error::writing(path, io::Error::new(error.kind(), error.to_string())),
        other => Error::Parquet { path: path.to_owned(), reason: other.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{ParquetWriter, df};

    use super::*;

    /// A disk with space for this number of bytes.
    struct SmallDisk(usize);

    impl Write for SmallDisk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_reported_wherever_in_the_file_it_is_met() {
        let mut frame = df!["premium" => [1_i64, 2, 3]].unwrap();
        let path = Path::new("premiums.parquet");
        let mut write = |space| {
            let (writer, recorded) = CaptureIoError::new(SmallDisk(space));
            ParquetWriter::new(writer).finish(&mut frame).map_err(|fault| recorded.write_error(path, &fault))
        };
        let whole = usize::try_from(write(1 << 20).unwrap()).unwrap();
        for space in 0..whole {
            let written = write(space);
            let is_full = |fault: &io::Error| fault.kind() == io::ErrorKind::StorageFull;
            assert!(matches!(&written, Err(Error::Io { fault, .. }) if is_full(fault)), "{space}: {written:?}");
        }
    }
}
