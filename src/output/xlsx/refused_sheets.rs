//! What ends the writing of a long sheet: a full disk, a fault or a panic of a chunk, rows out of order.

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::output::xlsx::{BookWriter, LongSheet, Style};

/// A file that takes so many bytes.
struct FullDisk(usize);

impl Write for FullDisk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_many(disk: impl Write, fill: impl Fn(u32) -> Result<(), XlsxError> + Sync) -> Result<(), XlsxError> {
    let mut workbook = Workbook::new();
    let long = LongSheet::reserve(workbook.add_worksheet(), 0..100_000, 1, &[])?;
    let mut book = BookWriter::new(workbook, [&long], disk)?;
    book.write_sheet::<XlsxError>(&long, |queue| {
        let fill = &fill;
        for first in (0..100_000).step_by(100) {
            queue.add_chunk(move |rows| {
                for row in first..first + 100 {
                    rows.row(row, None).integer(0, row.into(), Style::PLAIN);
                }
                fill(first)
            })?;
        }
        Ok(())
    })?;
    book.finish()
}

#[test]
fn a_full_disk_ends_the_writing_at_once() {
    let chunks = AtomicUsize::new(0);
    let count = |_| {
        chunks.fetch_add(1, Ordering::Relaxed);
        Ok(())
    };
    let outcome = write_many(FullDisk(20_000), count);
    assert!(matches!(outcome, Err(XlsxError::IoError(error)) if error.kind() == io::ErrorKind::StorageFull));
    assert!(chunks.into_inner() < 900);
}

#[test]
fn a_fault_of_a_chunk_is_the_fault_of_the_sheet() {
    let fault = |first| if first == 5000 { Err(XlsxError::MaxUrlLengthExceeded) } else { Ok(()) };
    assert!(matches!(write_many(io::sink(), fault), Err(XlsxError::MaxUrlLengthExceeded)));
}

#[test]
fn a_panic_of_a_chunk_does_not_hang() {
    let panic = |first| if first == 5000 { panic!("a chunk") } else { Ok(()) };
    let outcome = std::panic::catch_unwind(|| write_many(io::sink(), panic));
    assert_eq!(outcome.unwrap_err().downcast_ref(), Some(&"a chunk"));
}

#[test]
fn chunks_out_of_order_are_refused() {
    let mut workbook = Workbook::new();
    let long = LongSheet::reserve(workbook.add_worksheet(), 0..10, 1, &[]).unwrap();
    let mut book = BookWriter::new(workbook, [&long], io::sink()).unwrap();
    let outcome = book.write_sheet::<XlsxError>(&long, |queue| {
        for row in [3, 3] {
            queue.add_chunk(move |rows| {
                rows.row(row, None).integer(0, 1, Style::PLAIN);
                Ok(())
            })?;
        }
        Ok(())
    });
    assert!(matches!(outcome, Err(XlsxError::RowColumnOrderError)));
    // the sheet is not in the file, and so there is no workbook
    assert!(matches!(book.finish(), Err(XlsxError::UnknownWorksheetNameOrIndex(_))));
}

#[test]
fn a_long_sheet_is_written_once_and_never_forgotten() {
    let mut workbook = Workbook::new();
    let long = LongSheet::reserve(workbook.add_worksheet(), 0..10, 1, &[]).unwrap();
    let mut book = BookWriter::new(workbook, [&long], io::sink()).unwrap();
    let mut write = || book.write_sheet::<XlsxError>(&long, |_| Ok(()));
    assert!(write().is_ok());
    assert!(matches!(write(), Err(XlsxError::UnknownWorksheetNameOrIndex(_))));
    assert!(book.finish().is_ok());
    let mut workbook = Workbook::new();
    let long = LongSheet::reserve(workbook.add_worksheet(), 0..10, 1, &[]).unwrap();
    let forgotten = BookWriter::new(workbook, [&long], io::sink()).unwrap().finish();
    assert!(matches!(forgotten, Err(XlsxError::UnknownWorksheetNameOrIndex(_))));
}

#[test]
fn rows_of_the_library_among_the_reserved_are_refused() {
    for row in [2, 7] {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let long = LongSheet::reserve(sheet, 2..10, 1, &[]).unwrap();
        sheet.write(row, 3, 1).unwrap();
        assert!(matches!(BookWriter::new(workbook, [&long], io::sink()), Err(XlsxError::ParameterError(_))), "{row}");
    }
    assert!(matches!(
        LongSheet::reserve(Workbook::new().add_worksheet(), 0..1_048_577, 1, &[]),
        Err(XlsxError::RowColumnLimitError)
    ));
}
