//! Writes a sheet as a text.

#![expect(clippy::float_arithmetic, reason = "a workbook stores numbers as binary floats")]

use encoding_rs::WINDOWS_1251;

use crate::formats::sheet::{Cell, Content, Encoding, Sheet, Style};

/// The sheet as a text with semicolons, in its encoding.
pub fn write(sheet: &Sheet) -> Vec<u8> {
    let rows = sheet.order().into_iter().map(|row| {
        let cells: Vec<String> = sheet.rows[row].iter().map(cell_text).collect();
        cells.join(";") + "\r\n"
    });
    let text: String = rows.collect();
    match sheet.encoding {
        Encoding::Usual => text.into_bytes(),
        Encoding::Windows1251 | Encoding::Unnamed => WINDOWS_1251.encode(&text).0.into_owned(),
        Encoding::Ibm866 => super::xls::ibm866(&text),
        Encoding::Utf16 => {
            let letters = text.encode_utf16().flat_map(u16::to_le_bytes);
            [0xFF, 0xFE].into_iter().chain(letters).collect()
        }
    }
}

/// A cell as Excel exports it: as it is shown.
fn cell_text(cell: &Cell) -> String {
    match &cell.content {
        Content::Nothing | Content::Formula | Content::EmptyFormula => String::new(),
        Content::Text(text) => (*text).to_owned(),
        Content::Rich(runs) => runs.iter().map(|(text, _)| *text).collect(),
        Content::Number(number) => match cell.style {
            Style::Zeros => format!("{number:05}"),
            Style::Percent => format!("{}%", number * 100.0),
            Style::Unit => format!("{number} тыс. руб."),
            Style::Scaled => format!("{}", number / 1000.0),
            _ => number.to_string(),
        },
        Content::Day(_, iso) => {
            let (day, time) = iso.split_once('T').unwrap_or((iso, ""));
            let parts: Vec<&str> = day.split('-').collect();
            format!("{}.{}.{} {time}", parts[2], parts[1], parts[0]).trim().to_owned()
        }
        Content::Fault => "#Н/Д".to_owned(),
        Content::Truth(truth) => (if *truth { "ИСТИНА" } else { "ЛОЖЬ" }).to_owned(),
    }
}
