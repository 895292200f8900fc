//! Cells of a workbook in the library's form and in ours.

use calamine::{CellErrorType, Data, DataRef, ExcelDateTime};

use crate::table::cell::{Cell, Epoch};
use crate::table::found::UNCALCULATED;

/// Converts a cell of the library.
pub fn convert<'c>(cell: &'c DataRef<'_>, epoch: Epoch) -> Cell<'c> {
    match cell {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::from_text(text),
        DataRef::SharedString(text) => Cell::from_text(text),
        DataRef::Float(number) => Cell::Number(*number),
        #[expect(clippy::cast_precision_loss, reason = "workbooks hold doubles; a whole number there is one already")]
        DataRef::Int(whole) => Cell::Number(*whole as f64),
        DataRef::DateTime(date) => day(date, epoch),
        DataRef::DateTimeIso(iso) => {
            let moment = iso.parse::<jiff::civil::DateTime>();
            moment.map_or(Cell::Text(iso), |moment| {
                let is_midnight = moment.time() == jiff::civil::Time::midnight();
                if is_midnight { Cell::Date(moment.date()) } else { Cell::Moment(moment) }
            })
        }
        DataRef::DurationIso(text) => Cell::Text(text),
        DataRef::Bool(truth) => Cell::Bool(*truth),
        DataRef::Error(fault) if *fault == UNCALCULATED => Cell::Uncalculated,
        DataRef::Error(fault) => Cell::Fault(fault_name(fault)),
    }
}

fn day(date: &ExcelDateTime, epoch: Epoch) -> Cell<'static> {
    let serial = date.as_f64();
    // a formula that refers to an empty cell, displayed as 00.01.1900
    if epoch == Epoch::Year1900 && serial.total_cmp(&0.0).is_eq() {
        return Cell::Empty;
    }
    epoch.date_cell(serial).unwrap_or(Cell::Number(serial))
}

const fn fault_name(fault: &CellErrorType) -> &'static str {
    match fault {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        _ => "#VALUE!",
    }
}

/// The length of a cell's text in bytes; 0 where it holds none.
pub fn text_bytes(cell: &DataRef<'_>) -> usize {
    match cell {
        DataRef::String(text) => text.len(),
        DataRef::SharedString(text) => text.len(),
        _ => 0,
    }
}

/// Whether a cell holds the number 0, also written with leading zeros.
pub fn is_zero(cell: &DataRef<'_>) -> bool {
    match cell {
        DataRef::Int(whole) => *whole == 0,
        DataRef::Float(number) => number.total_cmp(&0.0).is_eq(),
        DataRef::String(text) => !text.is_empty() && text.bytes().all(|byte| byte == b'0'),
        DataRef::DateTime(date) => date.as_f64().total_cmp(&0.0).is_eq(),
        _ => false,
    }
}

/// A borrowed form of a cell.
pub fn as_data_ref(cell: &Data) -> DataRef<'_> {
    match cell {
        Data::Empty => DataRef::Empty,
        Data::String(text) => DataRef::SharedString(text),
        Data::Float(number) => DataRef::Float(*number),
        Data::Int(whole) => DataRef::Int(*whole),
        Data::DateTime(date) => DataRef::DateTime(*date),
        Data::DateTimeIso(iso) => DataRef::DateTimeIso(iso.clone()),
        Data::DurationIso(iso) => DataRef::DurationIso(iso.clone()),
        Data::Bool(truth) => DataRef::Bool(*truth),
        Data::Error(fault) => DataRef::Error(fault.clone()),
    }
}
