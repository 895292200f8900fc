//! The files of a report: a Parquet file for each table with their schema, the workbook, and the manifest.

use serde_json::{Value, json};

use crate::base::error::Error;
use crate::output::folder::Folder;
use crate::output::parquet::io_error::write_error;
use crate::portfolio::export::table::Table;
use crate::portfolio::export::writer::TableFile;
use crate::report::period::Period;
use crate::report::request::Request;
use crate::report::table_set::TableSet;
use crate::report::tables::VERSION;
use crate::report::workbook::ReportWorkbook;

/// Writes all files; `false` where a table has more rows than a sheet holds, so that there is no workbook.
pub(super) fn write(tables: &TableSet, request: &Request<'_>, period: Period) -> Result<bool, Error> {
    let folder = Folder::stage(request.out)?;
    let mut writer =
        Writer { folder: &folder, workbook: ReportWorkbook::new(request.language, period), schema: Vec::new() };
    writer.add(&tables.contracts)?;
    writer.add(&tables.contract_programmes)?;
    writer.add(&tables.programmes)?;
    writer.add(&tables.months)?;
    writer.add(&tables.programme_months)?;
    writer.workbook.add_pivot(&tables.pivot).map_err(|fault| writer.workbook_error(&fault))?;
    writer.add(&tables.groups)?;
    writer.add(&tables.ending)?;
    if let Some(proposals) = &tables.proposals {
        writer.add(proposals)?;
    }
    let Writer { workbook, schema, .. } = writer;
    let has_workbook = workbook.write(&folder)?;
    folder.write_json("schema.json", &json!({ "version": VERSION, "tables": schema }))?;
    folder.seal(&json!({
        "as_of": period.as_of.to_string(),
        "since": period.since.to_string(),
        "ending_within_days": request.ending_within_days,
        "target_loss_ratio": request.target.as_ref().map(|target| target.ratio.to_string()),
        "version": VERSION,
    }))?;
    folder.publish()?;
    Ok(has_workbook)
}

struct Writer<'f> {
    folder: &'f Folder,
    workbook: ReportWorkbook,
    schema: Vec<Value>,
}

impl Writer<'_> {
    /// Writes a table as Parquet, and adds its sheet and its schema.
    fn add<T: Table>(&mut self, rows: &T) -> Result<(), Error> {
        let frame = rows.frame().map_err(|fault| write_error(self.folder.staging_path(), &fault))?;
        let mut file = TableFile::create::<T>(self.folder)?;
        file.write(&frame)?;
        file.finish()?;
        self.workbook.add::<T>(&frame).map_err(|fault| self.workbook_error(&fault))?;
        self.schema.push(T::schema());
        Ok(())
    }

    fn workbook_error(&self, fault: &rust_xlsxwriter::XlsxError) -> Error {
        Error::Workbook { path: self.folder.target_path("report.xlsx"), reason: fault.to_string() }
    }
}
