//! What the system says while Parquet is written, heard before the library makes a riddle of it.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::PolarsError;

use crate::base::error::Error;

/// A writer whose last refusal is remembered.
pub struct CaptureIoError<W> {
    writer: W,
    refusal: Refusal,
}

/// What the system has said last where it refused to write.
#[derive(Debug, Clone, Default)]
pub struct Refusal(Arc<Mutex<Option<io::Error>>>);

impl<W> CaptureIoError<W> {
    /// The writer, and what will be known of its refusals.
    pub fn new(writer: W) -> (Self, Refusal) {
        let refusal = Refusal::default();
        (Self { writer, refusal: refusal.clone() }, refusal)
    }

    /// The writer itself.
    pub const fn inner(&self) -> &W {
        &self.writer
    }
}

impl<W: Write> Write for CaptureIoError<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes).inspect_err(|fault| self.refusal.hear(fault))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush().inspect_err(|fault| self.refusal.hear(fault))
    }
}

impl Refusal {
    /// Remembers the same word once more.
    fn hear(&self, fault: &io::Error) {
        // after an interruption the same is written again
        if fault.kind() != io::ErrorKind::Interrupted {
            let raw = fault.raw_os_error().map(io::Error::from_raw_os_error);
            let again = raw.unwrap_or_else(|| io::Error::new(fault.kind(), fault.to_string()));
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(again);
        }
    }

    /// Why the library could not make the file: [`Error::Io`] where the system has refused, else [`Error::Parquet`].
    #[must_use]
    pub fn unmade(&self, path: &Path, fault: &PolarsError) -> Error {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        heard.map_or_else(|| unmade(path, fault), |refused| Error::writing(path, refused))
    }
}

/// Why the library could not make the file, where nothing was written yet.
#[must_use]
pub fn unmade(path: &Path, fault: &PolarsError) -> Error {
    match fault {
        PolarsError::IO { error, .. } => Error::writing(path, io::Error::new(error.kind(), error.to_string())),
        other => Error::Parquet { path: path.to_owned(), reason: other.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{ParquetWriter, df};

    use super::*;

    /// A disk with room for so many bytes.
    struct Small(usize);

    impl Write for Small {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_said_wherever_in_the_file_it_is_met() {
        let mut frame = df!["premium" => [1_i64, 2, 3]].unwrap();
        let path = Path::new("premiums.parquet");
        let mut made = |room| {
            let (writer, refusal) = CaptureIoError::new(Small(room));
            ParquetWriter::new(writer).finish(&mut frame).map_err(|fault| refusal.unmade(path, &fault))
        };
        let whole = usize::try_from(made(1 << 20).unwrap()).unwrap();
        for room in 0..whole {
            let said = made(room);
            let is_full = |fault: &io::Error| fault.kind() == io::ErrorKind::StorageFull;
            assert!(matches!(&said, Err(Error::Io { fault, .. }) if is_full(fault)), "{room}: {said:?}");
        }
    }
}
