//! Tests that a sheet in pieces has the rows and the hidden cells of the sheet in order, or none: on the rosters of the tests and on random
//! sheets, in pieces of every length.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::Mutex;

use proptest::prelude::*;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::table::cell::Row;
use crate::table::file_fault::FileFault;
use crate::table::hidden::Hidden;
use crate::table::source::Source;
use crate::table::workbook::{Batch, SheetPieces, Workbook};

/// The rows of a sheet, and what is hidden of it.
type Read = (Vec<String>, Hidden);

fn row_text(row: &dyn Row) -> String {
    let cells: Vec<String> = (0..row.width()).map(|column| format!("{:?}", row.cell(column))).collect();
    format!("{}: {}", row.number(), cells.join(" "))
}

fn in_order(book: &mut Workbook, sheet: &str) -> Result<Read, FileFault> {
    let mut rows = Vec::new();
    let hidden = book.batches_and_hidden(sheet, &mut |batch| rows.extend(batch.rows().map(|row| row_text(&row))))?;
    Ok((rows, hidden))
}

fn in_pieces(book: &Workbook, sheet: &str, piece_bytes: usize) -> Option<(Read, usize)> {
    let pieces = SheetPieces { piece_bytes, ..book.pieces(sheet)? };
    let read = Mutex::new(BTreeMap::new());
    let visit = |place: usize, batch: &Batch<'_>| {
        let rows: Vec<String> = batch.rows().map(|row| row_text(&row)).collect();
        assert!(read.lock().unwrap().insert(place, rows).is_none(), "a piece is visited once");
    };
    let hidden = pieces.read(&visit)?;
    let read = read.into_inner().unwrap();
    let count = read.len();
    Some(((read.into_values().flatten().collect(), hidden), count))
}

/// Compares the sheets of a workbook read in both ways, and returns in how many pieces they were read at most; none where they never were.
fn compare(bytes: &[u8]) -> usize {
    let Ok(Source::Workbook(mut book)) = Source::open(bytes.to_vec().into(), |_| b';') else { return 0 };
    let mut most = 0;
    for sheet in book.sheets() {
        let expected = in_order(&mut book, &sheet);
        for piece_bytes in [60, 100, 333, 1000, 100_000] {
            if let Some((found, count)) = in_pieces(&book, &sheet, piece_bytes) {
                assert_eq!(found, *expected.as_ref().expect("a fault is found in order"));
                most = most.max(count);
            }
        }
    }
    most
}

#[test]
fn every_roster_is_read_alike() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rosters");
    let found = glob::glob(&folder.join("*/*.xlsx").to_string_lossy()).unwrap();
    let counts: Vec<usize> = found.map(|path| compare(&std::fs::read(path.unwrap()).unwrap())).collect();
    assert!(counts.iter().filter(|count| **count > 1).count() * 2 > counts.len(), "{counts:?}");
}

/// A workbook of one sheet with this text after `<sheetData>`.
fn workbook(rows: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let related = r#"<Relationships><Relationship Id="a" Type="x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let sheets =
        r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/a.xml"/></Relationships>"#;
    for (name, content) in [
        ("_rels/.rels", related),
        ("xl/workbook.xml", r#"<workbook><sheets><sheet name="a" r:id="a"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", sheets),
        ("xl/sharedStrings.xml", "<sst><si><t>a</t></si><si><t> b &amp; c </t></si></sst>"),
        ("xl/worksheets/a.xml", &format!("<worksheet><cols></cols><sheetData>{rows}")),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const END: &str = "</sheetData></worksheet>";

#[test]
fn rows_that_only_the_order_explains_are_read_in_order() {
    let row = |number: u32| format!("<row r=\"{number}\"><c r=\"A{number}\" t=\"s\"><v>1</v></c></row>");
    let rows = |numbers: &[u32]| numbers.iter().map(|number| row(*number)).collect::<String>();
    assert_eq!(compare(&workbook(&(rows(&[1, 2, 3, 5, 9]) + END))), 5);
    let merged = "</sheetData><mergeCells><mergeCell ref=\"A2:A3\"/></mergeCells></worksheet>";
    assert_eq!(compare(&workbook(&(rows(&[1, 2, 3, 5, 9]) + merged))), 5, "the covered cell is left out in both ways");
    // in one piece they are in order, too
    for odd in [
        rows(&[1, 2, 2, 3]) + END,
        rows(&[3, 2, 1]) + END,
        rows(&[1, 2]) + "<!-- -->" + &row(3) + END,
        rows(&[1, 2]) + "<row><c t=\"d\"><v>1980-12-31</v></c></row>" + &row(4) + END,
        rows(&[1, 2, 3]),
    ] {
        assert!(compare(&workbook(&odd)) <= 1, "{odd}");
    }
    assert_eq!(compare(&workbook("<row><c><v>1</v></c></row><row><c><v>2</v></c></row></sheetData></worksheet>")), 1);
    compare(&workbook(&(rows(&[1, 2]) + END + &rows(&[3, 4]))));
    compare(&workbook(&(rows(&[1, 2]) + END + &rows(&[3, 4]) + END)));
    assert_eq!(compare(&workbook(END)), 1, "a sheet without rows is one piece");
}

const CELLS: [&str; 12] = [
    "<c><v>1</v></c>",
    "<c t=\"s\"><v>0</v></c>",
    "<c t=\"s\"><v>1</v></c>",
    "<c t=\"s\"><v>7</v></c>",
    "<c r=\"C4\"><v>2.5</v></c>",
    "<c r=\"Z2\"/>",
    "<c t=\"str\"><f>A1</f><v>x</v></c>",
    "<c><f>A1</f></c>",
    "<c><f>A1</f><v>0</v></c>",
    "<c t=\"inlineStr\"><is><t>Ким</t></is></c>",
    "<c t=\"e\"><v>#N/A</v></c>",
    " ",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn random_sheets_are_read_alike(
        rows in prop::collection::vec((0..12_u32, prop::collection::vec(0..CELLS.len(), 0..5)), 0..12),
        merged in prop::collection::vec((1..9_u32, 1..9_u32), 0..3),
    ) {
        let mut number = 0;
        let mut text = String::new();
        for (kind, cells) in rows {
            let cells: String = cells.into_iter().map(|cell| CELLS[cell]).collect();
            number += u32::from(kind > 0);
            let row = match kind {
                11 => format!("<row>{cells}</row>\n"),
                10 => format!("<row r=\"{number}\" spans=\"1:3\" hidden=\"1\">{cells}</row>"),
                9 => format!("<row r=\"{number}\"/>"),
                _ => format!("<row r=\"{number}\">{cells}</row>"),
            };
            text.push_str(&row);
        }
        let merged: Vec<String> = merged
            .into_iter()
            .map(|(first, last)| format!("<mergeCell ref=\"A{first}:B{last}\"/>"))
            .collect();
        let merged = merged.concat();
        compare(&workbook(&format!("{text}</sheetData><mergeCells>{merged}</mergeCells></worksheet>")));
    }
}
