//! The writers of an export: each table as a Parquet file, and all of them as the sheets of one workbook.

use std::fs::File;
use std::path::PathBuf;

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{AnyValue, DataFrame, ParquetCompression, ParquetWriter, PolarsResult};
use rust_xlsxwriter::{DocProperties, Format, Workbook, XlsxError};

use crate::base::calendar::day_after_1970;
use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::output::folder::Folder;
use crate::output::parquet::io_error::{CaptureIoError, RecordedError};
use crate::output::permissions::create_file;
use crate::output::xlsx::{WorkbookError, cell_text, exact_number, new_workbook, write_day, write_workbook};
use crate::portfolio::export::table::Table;

/// The most rows of a sheet below its heading.
const MAX_ROWS: u32 = 1_048_575;

/// A Parquet file of one table, to which rows are added batch by batch.
pub(crate) struct TableFile<'f> {
    folder: &'f Folder,
    name: String,
    path: PathBuf,
    writer: BatchedWriter<CaptureIoError<File>>,
    recorded: RecordedError,
}

impl<'f> TableFile<'f> {
    pub fn create<T: Table>(folder: &'f Folder) -> Result<Self, Error> {
        let name = format!("{}.parquet", T::NAME);
        let path = folder.staging_path().join(&name);
        let file = create_file(&path).map_err(|fault| Error::writing(&folder.target_path(&name), fault))?;
        let (file, recorded) = CaptureIoError::new(file);
        let writer = ParquetWriter::new(file).with_compression(ParquetCompression::Snappy).set_parallel(false);
        let writer = T::default().frame().and_then(|empty| writer.batched(empty.schema()));
        let writer = writer.map_err(|fault| recorded.write_error(&path, &fault))?;
        Ok(Self { folder, name, path, writer, recorded })
    }

    pub fn write(&mut self, frame: &DataFrame) -> Result<(), Error> {
        let written: PolarsResult<()> = if frame.height() == 0 { Ok(()) } else { self.writer.write_batch(frame) };
        written.map_err(|fault| self.recorded.write_error(&self.path, &fault))
    }

    /// Completes the file and adds it to the result.
    pub fn finish(self) -> Result<(), Error> {
        self.writer.finish().map_err(|fault| self.recorded.write_error(&self.path, &fault))?;
        let sync = |path: &PathBuf| File::open(path)?.sync_all();
        sync(&self.path).map_err(|fault| Error::writing(&self.path, fault))?;
        self.folder.add(&self.name)
    }
}

/// The workbook with a sheet for each table.
pub struct Sheets {
    workbook: Workbook,
    /// The rows of each sheet below its heading.
    rows: Vec<u32>,
    heading: Format,
    day: Format,
    amount: Format,
    /// Whether a table has more rows than a sheet holds: there is no workbook then.
    is_too_long: bool,
}

impl Sheets {
    /// A workbook without sheets.
    ///
    /// # Errors
    ///
    /// The library's error.
    pub fn new() -> Result<Self, XlsxError> {
        Ok(Self {
            workbook: new_workbook(DocProperties::new())?,
            rows: Vec::new(),
            heading: Format::new().set_bold(),
            day: Format::new().set_num_format("dd.mm.yyyy"),
            amount: Format::new().set_num_format("#,##0.00"),
            is_too_long: false,
        })
    }

    /// Adds the sheet of a table, and returns its place.
    ///
    /// # Errors
    ///
    /// The library's error.
    pub fn add<T: Table>(&mut self) -> Result<usize, XlsxError> {
        const WIDTH: f64 = 16.0;
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(T::NAME)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, schema) in (0..).zip(T::COLUMNS) {
            sheet.set_column_width(column, WIDTH)?;
            sheet.write_string_with_format(0, column, schema.name, &self.heading)?;
        }
        self.rows.push(0);
        Ok(self.rows.len() - 1)
    }

    /// Adds rows to a sheet.
    ///
    /// # Errors
    ///
    /// The library's error.
    pub fn write(&mut self, place: usize, frame: &DataFrame) -> Result<(), XlsxError> {
        let first = self.rows[place];
        let fits = u32::try_from(frame.height()).ok().and_then(|rows| rows.checked_add(first));
        let Some(after) = fits.filter(|after| *after <= MAX_ROWS && !self.is_too_long) else {
            self.is_too_long = true;
            return Ok(());
        };
        self.rows[place] = after;
        let sheet = self.workbook.worksheet_from_index(place)?;
        for (at, row) in (0..frame.height()).zip(first + 1..) {
            for (column, values) in (0_u16..).zip(frame.columns()) {
                match values.get(at) {
                    // a column of equal values gives them away
                    Ok(AnyValue::StringOwned(text)) => drop(sheet.write_string(row, column, cell_text(&text))?),
                    Ok(AnyValue::String(text)) => drop(sheet.write_string(row, column, cell_text(text))?),
                    Ok(AnyValue::UInt32(number)) => drop(sheet.write_number(row, column, number)?),
                    Ok(AnyValue::Date(days)) => {
                        if let Some(day) = day_after_1970(days) {
                            write_day(sheet, row, column, day, &self.day)?;
                        }
                    }
                    Ok(AnyValue::Decimal(kopecks, ..)) => {
                        let amount = Kopecks::new(kopecks);
                        match exact_number(amount) {
                            Some(number) => sheet.write_number_with_format(row, column, number, &self.amount)?,
                            None => sheet.write_string(row, column, amount.to_string())?,
                        };
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Writes the workbook under a name; `false` where a table has more rows than a sheet holds.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] or [`Error::Workbook`] where it cannot be written.
    pub fn finish(mut self, folder: &Folder, name: &str) -> Result<bool, Error> {
        if self.is_too_long {
            return Ok(false);
        }
        write_workbook(folder, name, |file| self.workbook.save_to_writer(file).map_err(WorkbookError::from))?;
        Ok(true)
    }
}
