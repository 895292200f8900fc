//! `roster-checked.xlsx` of an `.xlsx`: the employer's own workbook with fills, a column of reasons and a sheet with the list, and nothing else changed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, Reader, Xlsx, open_workbook};
use rust_xlsxwriter::{Color, ExcelDateTime, Format, FormatBorder, Formula, Note, Workbook};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::program::{Table, quote, small_contract, write_contract};
use crate::support::roster;
use crate::workbook::report_skipped;

const CHECKED: &str = "roster-checked.xlsx";

/// A workbook as people make it: a title over merged cells, bold headings, widths, colours, formats of numbers and days, a note, a formula, a
/// sheet before and one after the roster.
fn styled(path: &Path) {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold().set_background_color(Color::RGB(0x00D9_E1F2)).set_border(FormatBorder::Thin);
    let day = Format::new().set_num_format("dd.mm.yyyy").set_italic();
    let money = Format::new().set_num_format("#,##0.00\\ \"₽\"").set_font_color(Color::RGB(0x0000_6100));
    let cover = book.add_worksheet().set_name("Обложка").unwrap();
    cover.write_string_with_format(0, 0, "АО «Завод»", &bold).unwrap();
    cover.write_formula(2, 0, Formula::new("1+1").set_result("2")).unwrap();
    let page = book.add_worksheet().set_name("Список").unwrap();
    page.merge_range(0, 0, 0, 4, "Список застрахованных", &bold).unwrap();
    for (column, (heading, width)) in
        (0..).zip([("Таб. №", 9), ("ФИО", 34), ("Дата рождения", 15), ("Группа риска", 8), ("Страховая сумма", 18)])
    {
        page.write_string_with_format(2, column, heading, &bold).unwrap();
        page.set_column_width(column, width).unwrap();
    }
    let days = [(1986, 3, 14), (2026, 6, 6), (1990, 1, 2), (1975, 12, 31)];
    for (row, (year, month, date)) in (3..).zip(days) {
        page.write_string(row, 0, format!("00{row}")).unwrap();
        page.write_string(row, 1, format!("Иванов Пётр {}", "АБВГ".chars().nth(row as usize - 3).unwrap())).unwrap();
        let birth = ExcelDateTime::from_ymd(year, month, date).unwrap();
        page.write_datetime_with_format(row, 2, &birth, &day).unwrap();
        page.write_number(row, 3, 1).unwrap();
        page.write_formula_with_format(row, 4, Formula::new("100000+20000.5").set_result("120000.5"), &money).unwrap();
    }
    // no risk group, in an empty cell
    page.write_blank(5, 3, &bold).unwrap();
    page.set_row_height(6, 33).unwrap();
    page.set_row_hidden(5).unwrap();
    page.insert_note(4, 1, &Note::new("проверьте").set_author("Отдел кадров")).unwrap();
    page.set_freeze_panes(3, 2).unwrap();
    book.add_worksheet().set_name("Справочник").unwrap().write_string(0, 0, "не для страховщика").unwrap();
    book.save(path).unwrap();
}

/// The parts of a workbook by name.
fn parts(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut zip = ZipArchive::new(Cursor::new(fs::read(path).unwrap())).unwrap();
    let names: Vec<String> = zip.file_names().map(|name| name.unwrap().to_string()).collect();
    let mut read = |name: String| {
        let mut bytes = Vec::new();
        zip.by_name(&name).unwrap().read_to_end(&mut bytes).unwrap();
        (name, bytes)
    };
    names.into_iter().map(&mut read).collect()
}

/// Writes a workbook of parts.
fn write_parts(path: &Path, parts: &BTreeMap<String, Vec<u8>>) {
    let mut zip = ZipWriter::new(fs::File::create(path).unwrap());
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

/// Replaces a text in a part.
#[track_caller]
fn replace(parts: &mut BTreeMap<String, Vec<u8>>, part: &str, from: &str, to: &str) {
    let text = String::from_utf8(parts[part].clone()).unwrap();
    assert!(text.contains(from), "{part} has no {from}: {text}");
    parts.insert(part.to_owned(), text.replacen(from, to, 1).into_bytes());
}

/// Checks a roster in a folder; returns the result.
fn check(folder: &TempDir, name: &str, list: &Path, more: &[&str]) -> PathBuf {
    let contract = write_contract(folder.path(), &small_contract(), &roster());
    let out = folder.path().join(name);
    let arguments: Vec<&str> = [list.to_str().unwrap()].into_iter().chain(more.iter().copied()).collect();
    quote(&contract, &out, &arguments).exits_with(3);
    out
}

/// The texts of all cells of the sheet with the list.
fn list_of(path: &Path) -> String {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let range = book.worksheet_range("Замечания").unwrap();
    range.rows().flatten().map(ToString::to_string).collect::<Vec<_>>().join("|")
}

fn sheet_names(path: &Path) -> Vec<String> {
    let book: Xlsx<_> = open_workbook(path).unwrap();
    book.sheet_names()
}

#[test]
fn only_the_marked_rows_and_the_styles_change() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.xlsx");
    styled(&list);
    let out = check(&folder, "out", &list, &[]);
    let diagnostics = Table::open(&out.join("diagnostics.csv"));
    assert_eq!(
        diagnostics.columns(["code", "sheet", "row", "column"]),
        [
            ["hidden-row", "Список", "", ""],
            ["cell-note", "Список", "", ""],
            ["bad-birth-date", "Список", "5", "C"],
            ["missing-risk-group", "Список", "6", "D"]
        ]
    );
    let (before, after) = (parts(&list), parts(&out.join(CHECKED)));
    let changed = [
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet2.xml",
    ];
    for (name, bytes) in before.iter().filter(|(name, _)| !name.starts_with("docProps/")) {
        if !changed.contains(&name.as_str()) {
            let text = |bytes: &[u8]| {
                let text = String::from_utf8_lossy(bytes).into_owned();
                // a reader can do without the size of a sheet
                match text.split_once("<dimension") {
                    Some((head, rest)) => format!("{head}{}", rest.split_once("/>").unwrap().1),
                    None => text,
                }
            };
            assert_eq!(text(&after[name]), text(bytes), "{name}");
        }
    }
    assert!(!after.keys().any(|name| name.starts_with("docProps/")), "no names of authors: {:?}", after.keys());
    // the rows without a mark are the same bytes
    let sheet =
        |parts: &BTreeMap<String, Vec<u8>>| String::from_utf8(parts["xl/worksheets/sheet2.xml"].clone()).unwrap();
    let (before, after) = (sheet(&before), sheet(&after));
    let row = |sheet: &str, number: u32| {
        let start = sheet.find(&format!("<row r=\"{number}\"")).unwrap();
        sheet[start..start + sheet[start..].find("</row>").unwrap()].to_owned()
    };
    for number in [1, 7] {
        assert_eq!(row(&after, number), row(&before, number));
    }
    assert!(
        row(&before, 6).contains("hidden=\"1\"") && !row(&after, 6).contains("hidden"),
        "a row with a mistake is shown"
    );
    let tail = |sheet: &str| sheet.split_once("</sheetData>").unwrap().1.to_owned();
    assert_eq!(tail(&after), tail(&before));
    assert_eq!(sheet_names(&out.join(CHECKED)), ["Обложка", "Список", "Справочник", "Замечания"]);
    // the values are those that came
    let mut book: Xlsx<_> = open_workbook(out.join(CHECKED)).unwrap();
    let range = book.worksheet_range("Список").unwrap();
    let text = |row, column| range.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
    assert_eq!((text(2, 5), text(3, 5)), ("Ошибки".to_owned(), String::new()));
    assert!(text(4, 5).contains("дата рождения") || !text(4, 5).is_empty());
    assert!(!text(5, 5).is_empty());
    assert_eq!(range.get_value((6, 4)), Some(&Data::Float(120_000.5)));
}

#[test]
fn openpyxl_finds_the_looks_of_the_employer() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.xlsx");
    styled(&list);
    let out = check(&folder, "out", &list, &[]);
    let python = "import openpyxl, sys\n\
        before, after = (openpyxl.load_workbook(path)['Список'] for path in sys.argv[1:])\n\
        look = lambda cell: (cell.font.b, cell.font.i, cell.font.name, cell.number_format, cell.border.left.style, cell.value)\n\
        for row in before.iter_rows():\n\
        \x20   for cell in row:\n\
        \x20       assert look(cell) == look(after[cell.coordinate]), cell.coordinate\n\
        assert before.merged_cells.ranges == after.merged_cells.ranges\n\
        assert after.freeze_panes == 'C4' and after.row_dimensions[7].height == 33\n\
        for column in 'ABCDE':\n\
        \x20   assert before.column_dimensions[column].width == after.column_dimensions[column].width\n\
        assert after.column_dimensions['F'].width == 80\n\
        assert after['B5'].comment.text == before['B5'].comment.text\n\
        assert after['E7'].value == '=100000+20000.5'\n\
        assert after['F3'].font.b and after['F3'].fill.fgColor.rgb == after['E3'].fill.fgColor.rgb\n\
        print(*(after[name].fill.fgColor.rgb for name in ('C5', 'D6', 'C4', 'A1')))\n";
    let ran = Command::new("python3").args(["-c", python]).arg(&list).arg(out.join(CHECKED)).output();
    let Some(ran) = ran.ok().filter(|ran| !String::from_utf8_lossy(&ran.stderr).contains("No module named 'openpyxl'"))
    else {
        return report_skipped("there is no python3 with openpyxl here");
    };
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(String::from_utf8(ran.stdout).unwrap().trim(), "FFFFC7CE FFFFC7CE 00000000 FFD9E1F2");
}

#[test]
fn the_checked_workbook_read_again_has_the_same_mistakes_and_one_list() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.xlsx");
    styled(&list);
    let out = check(&folder, "out", &list, &["--threads", "1"]);
    let again = check(&folder, "again", &out.join(CHECKED), &[]);
    let same = ["severity", "code", "sheet", "row", "column", "value"];
    let [first, second] = [&out, &again].map(|out| Table::open(&out.join("diagnostics.csv")));
    let of_rows = |table: &Table| -> Vec<[String; 6]> {
        table.columns(same).into_iter().filter(|row| row[0] == "error").map(|row| row.map(str::to_owned)).collect()
    };
    assert_eq!(of_rows(&first), of_rows(&second));
    assert_eq!(sheet_names(&again.join(CHECKED)), ["Обложка", "Список", "Справочник", "Замечания"]);
    let reasons = |path: &Path| {
        let mut book: Xlsx<_> = open_workbook(path).unwrap();
        let range = book.worksheet_range("Список").unwrap();
        range.rows().map(|row| row.get(5).map(ToString::to_string)).collect::<Vec<_>>()
    };
    assert_eq!(reasons(&again.join(CHECKED)), reasons(&out.join(CHECKED)));
    // the same bytes with any number of threads
    let other = check(&folder, "other", &list, &["--threads", "2"]);
    assert_eq!(fs::read(other.join(CHECKED)).unwrap(), fs::read(out.join(CHECKED)).unwrap());
}

/// A workbook with a part of this name and kind, related to the workbook as `relation`.
fn with_part(path: &Path, (name, kind, relation): (&str, &str, &str), content: &[u8]) {
    let mut parts = parts(path);
    parts.insert(format!("xl/{name}"), content.to_vec());
    let kind = format!("<Override PartName=\"/xl/{name}\" ContentType=\"{kind}\"/></Types>");
    replace(&mut parts, "[Content_Types].xml", "</Types>", &kind);
    let relation = format!(
        "<Relationship Id=\"rId99\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{relation}\" \
         Target=\"{name}\"/></Relationships>"
    );
    replace(&mut parts, "xl/_rels/workbook.xml.rels", "</Relationships>", &relation);
    write_parts(path, &parts);
}

#[test]
fn macros_and_links_to_other_files_are_left_out_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.xlsx");
    styled(&list);
    with_part(&list, ("vbaProject.bin", "application/vnd.ms-office.vbaProject", "vbaProject"), b"macros");
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml";
    let link = b"<externalLink xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"/>";
    let mut with_links = parts(&list);
    replace(&mut with_links, "[Content_Types].xml", "spreadsheetml.sheet.main+xml", "spreadsheetml.sheet.main+xml");
    write_parts(&list, &with_links);
    let mut linked = parts(&list);
    linked.insert("xl/externalLinks/externalLink1.xml".to_owned(), link.to_vec());
    let of_link =
        format!("<Override PartName=\"/xl/externalLinks/externalLink1.xml\" ContentType=\"{kind}\"/></Types>");
    replace(&mut linked, "[Content_Types].xml", "</Types>", &of_link);
    let relation = "<Relationship Id=\"rId98\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink\" \
        Target=\"externalLinks/externalLink1.xml\"/></Relationships>";
    replace(&mut linked, "xl/_rels/workbook.xml.rels", "</Relationships>", relation);
    replace(
        &mut linked,
        "xl/workbook.xml",
        "</sheets>",
        "</sheets><externalReferences><externalReference r:id=\"rId98\"/></externalReferences>",
    );
    replace(&mut linked, "xl/worksheets/sheet1.xml", "<f>1+1</f>", "<f>[1]Лист1!A1</f>");
    write_parts(&list, &linked);
    let out = check(&folder, "out", &list, &[]);
    let copied = parts(&out.join(CHECKED));
    assert!(!copied.keys().any(|name| name.contains("vba") || name.contains("externalLink")), "{:?}", copied.keys());
    let text = |name: &str| String::from_utf8(copied[name].clone()).unwrap();
    assert!(!text("xl/workbook.xml").contains("externalReference"));
    assert!(!text("[Content_Types].xml").contains("vba") && !text("xl/_rels/workbook.xml.rels").contains("vba"));
    let cover = text("xl/worksheets/sheet1.xml");
    assert!(cover.contains("<v>2</v>") && !cover.contains("<f>"), "{cover}");
    let list = list_of(&out.join(CHECKED));
    for word in ["макросы", "связи с другими файлами", "формулы"] {
        assert!(list.contains(word), "{word} in {list}");
    }
}

#[test]
fn a_workbook_that_cannot_be_kept_is_copied_as_a_plain_table_and_the_list_states_why() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("list.xlsx");
    let expect = |name: &str, why: &str| {
        let out = check(&folder, name, &list, &[]);
        assert_eq!(sheet_names(&out.join(CHECKED)), ["Замечания", "Список"], "{name}");
        let list = list_of(&out.join(CHECKED));
        assert!(list.contains("не сохранено") && list.contains(why), "{name}: {list}");
    };
    styled(&list);
    with_part(
        &list,
        ("embeddings/ole.bin", "application/vnd.openxmlformats-officedocument.oleObject", "oleObject"),
        b"x",
    );
    expect("ole", "ole.bin");
    styled(&list);
    let mut broken = parts(&list);
    replace(&mut broken, "xl/styles.xml", "<fills", "<!-- x --><fills");
    replace(&mut broken, "xl/worksheets/sheet2.xml", "</row>", "<!-- x --></row>");
    write_parts(&list, &broken);
    expect("comment", "sheet2.xml");
    styled(&list);
    let mut outside = parts(&list);
    let note = outside.keys().find(|name| name.ends_with("sheet2.xml.rels")).unwrap().clone();
    let picture = "<Relationship Id=\"rId77\" Type=\"http://x/image\" Target=\"http://example.org/a.png\" TargetMode=\"External\"/></Relationships>";
    replace(&mut outside, &note, "</Relationships>", picture);
    write_parts(&list, &outside);
    expect("link", "другие файлы");
}
