//! Tests that the fast reader gives the library's cells, or leaves them to it: on every roster of the tests, on damaged ones, and on random
//! sheets.

use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::sync::LazyLock;

use calamine::{DataRef, Reader, Xlsx};
use proptest::prelude::*;
use zip::ZipArchive;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::table::catch_panic::catch_panic;
use crate::table::file_fault::FileFault;
use crate::table::workbook::fast_xlsx::{Plain, PlainBook};
use crate::table::xlsx_part::parts_of_sheets;
use crate::table::zip_limits::Archive;

/// A cell: its place, its value, whether it has a formula.
type Cell<'b> = ((u32, u32), DataRef<'b>, bool);

/// What the fast reader holds of a workbook, if that is plain.
fn opened(bytes: &[u8]) -> Option<PlainBook> {
    let zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    PlainBook::open(&zip, &parts_of_sheets(&mut zip.clone()).ok()?)
}

/// Compares the sheets and all cells of a workbook, and returns how many cells the fast reader read, and how many sheets to their ends.
///
/// Where the library refuses the workbook or panics, the fast reader has to have stopped before.
fn compare_readers(bytes: &[u8]) -> (usize, usize) {
    // as a file is opened: what would fill the memory is refused before
    if Archive::check(bytes).is_err() {
        return (0, 0);
    }
    let broken = |fault: calamine::XlsxError| FileFault::Broken(fault.to_string());
    let Some(plain) = opened(bytes) else { return (0, 0) };
    let mut book =
        catch_panic(|| Xlsx::new(Cursor::new(bytes)).map_err(broken)).expect("what is plain the library opens");
    assert_eq!(plain.sheets, book.sheets_metadata());
    assert_eq!(plain.epoch_1904, book.has_1904_epoch());
    let (mut cells, mut ends) = (0, 0);
    for sheet in book.sheet_names() {
        let Ok(mut library) = catch_panic(|| book.worksheet_cells_reader(&sheet).map_err(broken)) else { continue };
        let mut next_of_library = || -> Result<Option<Cell<'_>>, FileFault> {
            catch_panic(|| {
                let cell = library.next_cell_with_formula_metadata().map_err(broken)?;
                Ok(cell.map(|cell| (cell.pos, cell.value, cell.formula.is_some())))
            })
        };
        let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let Ok(parts) = parts_of_sheets(&mut zip) else { continue };
        let Some(mut found) = parts.get(&sheet).and_then(|part| plain.cells(&mut zip, part)) else { continue };
        loop {
            match found.next() {
                Plain::Cell { place, value, has_formula } => {
                    let expected = next_of_library().expect("a fault is not for this side to pass over");
                    assert_eq!(Some((place, value, has_formula)), expected);
                    cells += 1;
                }
                Plain::End => {
                    assert_eq!(next_of_library().expect("a fault is not for this side to pass over"), None);
                    ends += 1;
                    break;
                }
                Plain::Strange => break,
            }
        }
    }
    (cells, ends)
}

fn rosters() -> Named {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rosters");
    let found = glob::glob(&folder.join("*/*.xlsx").to_string_lossy()).unwrap().map(|path| {
        let path = path.unwrap();
        (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())
    });
    found.collect()
}

/// The parts of a zip that can be unpacked, where it is one.
fn parts(bytes: &[u8]) -> Named {
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else { return Vec::new() };
    let mut parts = Vec::new();
    for at in 0..zip.len() {
        let Ok(part) = zip.by_index(at) else { continue };
        let name = part.name().unwrap().into_owned();
        let mut content = Vec::new();
        if part.take(1 << 20).read_to_end(&mut content).is_ok() {
            parts.push((name, content));
        }
    }
    parts
}

/// Bytes by their names: files of a folder, parts of a zip.
type Named = Vec<(String, Vec<u8>)>;

/// The parts of every roster that has any.
static UNPACKED: LazyLock<Vec<Named>> =
    LazyLock::new(|| rosters().iter().map(|(_, bytes)| parts(bytes)).filter(|parts| !parts.is_empty()).collect());

fn packed<'p>(parts: impl IntoIterator<Item = (&'p str, &'p [u8])>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn every_roster_is_read_alike() {
    let counts: Vec<(String, (usize, usize))> =
        rosters().into_iter().map(|(name, bytes)| (name, compare_readers(&bytes))).collect();
    let counts_of = |name: &str| counts.iter().find(|(other, _)| other == name).unwrap().1;
    // 4 rows of what stands in these files, to the end of their sheets
    assert!(counts_of("workbook-xlsx.xlsx").1 > 0, "{counts:?}");
    assert!(counts_of("workbook-of-xlsxwriter.xlsx").1 > 0, "{counts:?}");
    let plain_to_their_ends = counts.iter().filter(|(_, (_, ends))| *ends > 0).count();
    assert!(plain_to_their_ends * 2 > counts.len(), "{counts:?}");
}

/// A workbook of one sheet with this data, these texts and two styles, the second of which is a date.
fn workbook(sheet_data: &str, texts: &str) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{sheet_data}</sheetData></worksheet>");
    let texts = format!("<sst>{texts}</sst>");
    let part = |name: &'static str, content: &'static str| (name, content.as_bytes());
    packed([
        part(
            "_rels/.rels",
            r#"<Relationships><Relationship Id="a" Type="x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        part("xl/workbook.xml", r#"<workbook><sheets><sheet name="a" r:id="a"/></sheets></workbook>"#),
        part(
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="sheet.xml"/></Relationships>"#,
        ),
        part(
            "xl/styles.xml",
            r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="46"/></cellXfs></styleSheet>"#,
        ),
        ("xl/sheet.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", texts.as_bytes()),
    ])
}

#[test]
fn what_is_plain_and_what_is_not() {
    let texts = r#"<si><t>ФИО</t></si><si><t xml:space="preserve"> a &amp; b </t></si>"#;
    let cells = |content: &str| compare_readers(&workbook(&format!("<row r=\"2\">{content}</row>"), texts));
    for plain in [
        r#"<c r="A2"/>"#,
        r#"<c r="A2" s="1" />"#,
        "<c><v>-12.5E-3</v></c>",
        r#"<c r="A2" s="1"><v>29587</v></c>"#,
        r#"<c r="A2" s="2"><v>0.5</v></c>"#,
        r#"<c r="A2" s="99" t="n"><v>1</v></c>"#,
        r#"<c r="XFD1048576" t="s"><v>1</v></c>"#,
        r#"<c r="A2" t="inlineStr"><is><t> x &#x42F; </t></is></c>"#,
        r#"<c r="A2" t="str"><f>A1</f><v>x</v></c>"#,
        r#"<c r="A2"><f>A1</f><v></v></c>"#,
        r#"<c r="A2"><f>A1</f><v /></c>"#,
        r#"<c r="A2"><f>A1</f></c>"#,
        r#"<c r="A2" t="b"><v>1</v></c>"#,
        r#"<c r="A2" t="e"><v>#N/A</v></c>"#,
    ] {
        assert_eq!(cells(plain), (1, 1), "{plain}");
    }
    for strange in [
        r#"<x:c r="A2"/>"#,
        "<c r='A2'/>",
        r#"<c r="a2"/>"#,
        r#"<c r="A0"/>"#,
        r#"<c r="A2" r="B2"/>"#,
        r#"<c r="A2"><v>inf</v></c>"#,
        r#"<c r="A2"><v> 1</v></c>"#,
        r#"<c r="A2"><v>1<!-- 2 --></v></c>"#,
        r#"<c r="A2"><v>1</v><v>2</v></c>"#,
        r#"<c r="A2" t="s"><v>2</v></c>"#,
        r#"<c r="A2" t="b"><v>2</v></c>"#,
        r#"<c r="A2" t="d"><v>1980-12-31</v></c>"#,
        r#"<c r="A2" t="str"><v>_x0041_</v></c>"#,
        r#"<c r="A2"><f t="shared" si="0"/><v>1</v></c>"#,
        r#"<c r="A2" t="inlineStr"><is><r><t>x</t></r></is></c>"#,
        r#"<!-- --><c r="A2"/>"#,
    ] {
        assert_eq!(cells(strange), (0, 0), "{strange}");
    }
    let phonetic = "<si><t>x</t><rPh><t>y</t></rPh></si>";
    assert!(opened(&workbook("", phonetic)).is_none(), "the pronunciation of a text is no part of it");
}

#[test]
fn a_sheet_longer_than_the_window_is_read_alike() {
    let rows: Vec<String> = (1..40_000)
        .map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\"><v>{row}</v></c><c t=\"str\"><v>№ {row}</v></c></row>\n"))
        .collect();
    assert_eq!(compare_readers(&workbook(&rows.concat(), "")), (2 * 39_999, 1));
    let long = format!("<row><c t=\"str\"><v>{}</v></c></row>", "я".repeat(200_000));
    assert_eq!(compare_readers(&workbook(&long, "")), (0, 0));
}

/// Pieces of a sheet, most of which are plain.
const PIECES: [&str; 44] = [
    "<row>",
    "<row r=\"3\">",
    "<row r=\"7\" spans=\"1:2\" ht=\"15.5\" x14ac:dyDescent=\"0.25\">",
    "<row r=\"9\" hidden=\"1\"/>",
    "<row r=\"A4\">",
    "</row>",
    "</row>",
    "</row>",
    "</row><row>",
    "<c>",
    "<c r=\"B3\">",
    "<c r=\"C3\" s=\"1\">",
    "<c r=\"ZZ12\" s=\"2\" t=\"n\">",
    "<c r=\"D3\" t=\"s\">",
    "<c r=\"E3\" t=\"str\" s=\"1\">",
    "<c r=\"F3\" t=\"b\">",
    "<c r=\"G3\" t=\"e\">",
    "<c r=\"H3\" t=\"inlineStr\">",
    "<c r=\"H3\" t=\"d\">",
    "<c r=\"I3\"/>",
    "<c r='J3' />",
    "</c>",
    "</c>",
    "</c>",
    "<v>",
    "</v>",
    "<v>1</v></c>",
    "<v>0</v></c>",
    "<v>29587.5</v></c>",
    "<v>#N/A</v></c>",
    "<v></v></c>",
    "<v/></c>",
    "<f>A1+1</f>",
    "<f>A1&amp;B1</f>",
    "<is><t>Иванов</t></is></c>",
    "<is><t xml:space=\"preserve\"> Ким </t></is></c>",
    "<is></is>",
    " ",
    "\n",
    "\r\n",
    "&lt;",
    "_x0041_",
    "<!-- -->",
    "</sheetData>",
];

const TEXTS: [&str; 14] = [
    "<si><t>Иванов Пётр</t></si>",
    "<si><t> Ким </t></si>",
    "<si><t xml:space=\"preserve\"> Ли\n</t></si>",
    "<si><t>a &amp; &#66;</t></si>",
    "<si><t></t></si>",
    "<si><t>b</t></si>\n",
    "<si><r><rPr><b/><sz val=\"11\"/></rPr><t>Иванов </t></r><r><t xml:space=\"preserve\"> Пётр</t></r></si>",
    "<si><r><rPr><b></b></rPr><t>a</t></r></si>",
    "<si><t/></si>",
    "<si/>",
    "<si><t>_x0041_</t></si>",
    "<si><t>a\r\nb</t></si>",
    "<si><r><t>a</t></r><r><t>b</t></r></si>",
    "<si><t>a</t><phoneticPr/></si>",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn pieces_put_together_at_random_are_read_alike(
        pieces in prop::collection::vec(0..PIECES.len(), 0..24),
        texts in prop::collection::vec(0..TEXTS.len() * 2, 0..4),
    ) {
        let sheet: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        let texts: String = texts.into_iter().map(|text| TEXTS[text.saturating_sub(TEXTS.len())]).collect();
        compare_readers(&workbook(&sheet, &texts));
        compare_readers(&workbook(&format!("<row>{sheet}</row>"), &texts));
    }

    #[test]
    fn damaged_rosters_are_read_alike(
        roster in any::<prop::sample::Index>(),
        part in any::<prop::sample::Index>(),
        damages in prop::collection::vec((any::<prop::sample::Index>(), 0..6_u8, any::<u8>()), 1..4),
    ) {
        let mut parts = roster.get(&UNPACKED).clone();
        let content = &mut part.get_mut(&mut parts).1;
        for (at, kind, byte) in damages {
            if content.is_empty() {
                break;
            }
            let at = at.index(content.len());
            match kind {
                0 => content.truncate(at),
                1 => drop(content.drain(at..content.len().min(at + usize::from(byte) % 40))),
                2 => content[at] = byte,
                3 => content.insert(at, b'9'),
                4 => content.insert(at, b'<'),
                _ => content[at] = content[usize::from(byte) % content.len()],
            }
        }
        compare_readers(&packed(parts.iter().map(|(name, content)| (name.as_str(), content.as_slice()))));
    }
}
