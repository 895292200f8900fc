//! Writes a sheet as `.xlsb`: records of a kind, a length and a body.

use crate::formats::sheet::{Cell, Content, Sheet, Style};
use crate::formats::written::xlsx::{drawing, zip_bytes};

/// Writes with a column in the record of each cell, or short records, whose cell follows the one before.
pub fn write(sheet: &Sheet, is_short: bool) -> Vec<u8> {
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let kind = "application/vnd.ms-excel";
    let types = format!(
        "<Types xmlns=\"{package}/content-types\"><Default Extension=\"bin\" ContentType=\"{kind}.sheet.binary.macroEnabled.main\"/>\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Override PartName=\"/xl/worksheets/sheet1.bin\" ContentType=\"{kind}.worksheet\"/>\
         <Override PartName=\"/xl/styles.bin\" ContentType=\"{kind}.styles\"/></Types>"
    );
    let root = format!(
        "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{relations}/officeDocument\" \
         Target=\"xl/workbook.bin\"/></Relationships>"
    );
    let of_workbook = format!(
        "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{relations}/worksheet\" \
         Target=\"worksheets/sheet1.bin\"/><Relationship Id=\"rId2\" Type=\"{relations}/styles\" Target=\"styles.bin\"/>\
         </Relationships>"
    );
    let of_sheet = format!(
        "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{relations}/comments\" \
         Target=\"../comments1.bin\"/><Relationship Id=\"rId2\" Type=\"{relations}/drawing\" \
         Target=\"../drawings/drawing1.xml\"/></Relationships>"
    );
    zip_bytes(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.bin", &workbook(sheet)),
        ("xl/_rels/workbook.bin.rels", of_workbook.as_bytes()),
        ("xl/styles.bin", &styles()),
        ("xl/worksheets/sheet1.bin", &part(sheet, is_short)),
        ("xl/worksheets/_rels/sheet1.bin.rels", of_sheet.as_bytes()),
        ("xl/comments1.bin", &notes(sheet)),
        ("xl/drawings/drawing1.xml", drawing(sheet.has_text_box).as_bytes()),
    ])
}

fn notes(sheet: &Sheet) -> Vec<u8> {
    let note = sheet.note.map(|(row, column)| {
        record(0x27B, &[int(0), int(row), int(row), int(column), int(column), [0; 4], [0; 4], [0; 4], [0; 4]].concat())
    });
    [record(0x274, &[]), note.unwrap_or_default(), record(0x275, &[])].concat()
}

/// The lowest seven bits.
fn low(number: usize) -> u8 {
    u8::try_from(number & 0x7F).unwrap()
}

/// A record of one or two bytes of kind, and a length in groups of seven bits.
fn record(kind: u16, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    if kind < 0x80 {
        bytes.push(u8::try_from(kind).unwrap());
    } else {
        bytes.extend([low(kind.into()) | 0x80, low(usize::from(kind) >> 7)]);
    }
    let mut length = body.len();
    loop {
        let more = u8::from(length >= 0x80) << 7;
        bytes.push(low(length) | more);
        length >>= 7;
        if more == 0 {
            break;
        }
    }
    bytes.extend(body);
    bytes
}

fn int(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_le_bytes()
}

fn wide(text: &str) -> Vec<u8> {
    let letters: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [&int(letters.len() / 2)[..], &letters].concat()
}

fn workbook(sheet: &Sheet) -> Vec<u8> {
    let named = [&int(usize::from(sheet.is_hidden))[..], &int(1), &wide("rId1"), &wide("Список")].concat();
    [
        record(0x83, &[]),
        record(0x99, &[&int(usize::from(sheet.epoch_1904))[..], &int(0), &int(0)].concat()),
        record(0x8F, &[]),
        record(0x9C, &named),
        record(0x90, &[]),
        record(0x84, &[]),
    ]
    .concat()
}

fn styles() -> Vec<u8> {
    let mut bytes = record(0x116, &[]);
    for (number, code) in Style::ALL.iter().map(|style| style.format()).filter(|(number, _)| *number >= 164) {
        bytes.extend(record(0x2C, &[&number.to_le_bytes()[..], &wide(code)].concat()));
    }
    for (flags, letters) in [(0_u16, 0), (0x8, 0), (0, 0xFF)] {
        // the colour: by its own letters, no place and no tint
        let colour = [[5, 0, 0, 0], [letters; 4]].concat();
        let tail = [&[0; 8][..], &colour, &[0; 5], &wide("Calibri")].concat();
        bytes.extend(record(0x2B, &[&220_u16.to_le_bytes()[..], &flags.to_le_bytes(), &tail].concat()));
    }
    bytes.extend(record(0x269, &int(Style::ALL.len())));
    for style in Style::ALL {
        let font = match style {
            Style::Struck => 1,
            Style::White => 2,
            _ => 0,
        };
        let fields = [0, style.format().0, font, 0, 0, 0, 0, 0];
        bytes.extend(record(0x2F, &fields.map(u16::to_le_bytes).concat()));
    }
    bytes.extend(record(0x26A, &[]));
    // a style of conditional formats with one property: it strikes out
    bytes.extend(record(0x1FB, &[0, 0, 0, 0, 1, 0, 0x1D, 0, 5, 0, 1]));
    bytes.extend(record(0x117, &[]));
    bytes
}

fn part(sheet: &Sheet, is_short: bool) -> Vec<u8> {
    let mut bytes = record(0x81, &[]);
    let lies = if sheet.dimension.is_some() { 0 } else { sheet.rows.len() - 1 };
    bytes.extend(record(0x94, &[int(0), int(lies), int(0), int(sheet.width() - 1)].concat()));
    if let Some(column) = sheet.hidden_column {
        let body = [&int(column)[..], &int(column), &int(2304), &int(0), &1_u16.to_le_bytes()].concat();
        bytes.extend(record(0x3C, &body));
    }
    bytes.extend(record(0x91, &[]));
    for row in sheet.order() {
        let hidden = if sheet.hidden_row == Some(row) { 0x10 } else { 0 };
        let head = [&int(row)[..], &int(0), &300_u16.to_le_bytes(), &[0, hidden, 0], &int(0)].concat();
        bytes.extend(record(0, &head));
        let mut before = None;
        for (column, cell) in sheet.rows[row].iter().enumerate() {
            let follows = before.map_or(0, |before: usize| before + 1) == column;
            bytes.extend(of_cell(sheet, column, cell, is_short && follows));
            if cell.content != Content::Nothing {
                before = Some(column);
            }
        }
    }
    bytes.extend(record(0x92, &[]));
    if let Some((first, last, column)) = sheet.merged {
        bytes.extend(record(0xB0, &[int(first), int(last), int(column), int(column)].concat()));
    }
    if sheet.struck_if_named.is_some() {
        let cells = [int(1), int(sheet.rows.len() - 1), int(0), int(sheet.width() - 1)].concat();
        bytes.extend(record(0x1CD, &[&int(1)[..], &int(0), &int(1), &cells].concat()));
        bytes.extend(record(0x1CF, &[int(2), int(0), int(0), int(1)].concat()));
        bytes.extend(record(0x1D0, &[]));
        bytes.extend(record(0x1CE, &[]));
    }
    if let Some(text) = sheet.page_header {
        let none = u32::MAX.to_le_bytes();
        bytes.extend(record(0x1DF, &[&[0, 0][..], &wide(text), &none, &none, &none, &none, &none].concat()));
        bytes.extend(record(0x1E0, &[]));
    }
    bytes.extend(record(0x82, &[]));
    bytes
}

fn of_cell(sheet: &Sheet, column: usize, cell: &Cell, is_short: bool) -> Vec<u8> {
    let (kind, short, body): (u16, Option<u16>, Vec<u8>) = match &cell.content {
        Content::Nothing => return Vec::new(),
        Content::Text(text) => (6, Some(17), wide(text)),
        Content::Rich(runs) => {
            let whole: String = runs.iter().map(|(text, _)| *text).collect();
            let mut starts = Vec::new();
            let mut at = 0_usize;
            for (text, struck) in runs {
                starts.extend(u16::try_from(at).unwrap().to_le_bytes());
                starts.extend(u16::from(*struck).to_le_bytes());
                at += text.encode_utf16().count();
            }
            (62, None, [&[1][..], &wide(&whole), &int(runs.len()), &starts].concat())
        }
        Content::Number(number) => (5, Some(16), number.to_le_bytes().to_vec()),
        Content::Day(serial, _) => (5, Some(16), sheet.serial(*serial).to_le_bytes().to_vec()),
        Content::Fault => (3, Some(14), vec![0x2A]),
        Content::Formula | Content::EmptyFormula => (8, None, [&wide("")[..], &[0, 0], &int(0), &int(0)].concat()),
        Content::Truth(truth) => (4, Some(15), vec![u8::from(*truth)]),
    };
    let style = int(cell.style.number());
    match short.filter(|_| is_short) {
        Some(short) => record(short, &[&style[..], &body].concat()),
        None => record(kind, &[&int(column)[..], &style, &body].concat()),
    }
}
