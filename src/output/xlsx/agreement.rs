//! Holds long sheets against the library's own: the same cells, the same formats, everything around the rows the same.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use proptest::prelude::*;
use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, DocProperties, ExcelDateTime, Format, Formula, Workbook,
    XlsxError,
};
use zip::ZipArchive;

use crate::output::xlsx::{BookWriter, Cells, LongSheet, Style};

const SHEET: &str = "Реестр";

/// What a cell holds, for both ways.
#[derive(Debug, Clone)]
enum Value {
    Blank,
    Text(String),
    Integer(i32),
    Number(f64),
    /// A whole number of hundredths.
    Cents(i32),
    Formula(String, String),
}

/// A cell with one of the [`formats`], or without.
type Cell = (Value, Option<usize>);

/// Rows with gaps between them: so many rows further, so high, and its cells by column.
type Table = Vec<(u32, Option<u32>, Vec<Option<Cell>>)>;

fn formats() -> [Format; 3] {
    [
        Format::new().set_bold(),
        Format::new().set_num_format("dd.mm.yyyy"),
        Format::new().set_background_color(Color::Red),
    ]
}

/// A workbook whose first sheet uses the formats, so that they have the same numbers in both ways.
fn workbook() -> Workbook {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1).unwrap();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = workbook.add_worksheet_with_constant_memory().unwrap();
    for (column, format) in (0..).zip(&formats()) {
        sheet.write_blank(0, column, format).unwrap();
    }
    workbook
}

fn cents(cents: i32) -> String {
    format!("{}{}.{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100)
}

fn by_library(table: &Table) -> Vec<u8> {
    let (mut workbook, formats) = (workbook(), formats());
    let sheet = workbook.add_worksheet_with_constant_memory().unwrap().set_name(SHEET).unwrap();
    let mut row = 0;
    for (step, height, cells) in table {
        row += step;
        if let Some(points) = height {
            sheet.set_row_height(row, *points).unwrap();
        }
        for (column, (value, format)) in (0..).zip(cells).filter_map(|(column, cell)| Some((column, cell.as_ref()?))) {
            let format = format.map_or_else(Format::new, |format| formats[format].clone());
            match value {
                Value::Blank => sheet.write_blank(row, column, &format),
                Value::Text(text) => sheet.write_string_with_format(row, column, text, &format),
                Value::Integer(number) => sheet.write_number_with_format(row, column, *number, &format),
                Value::Number(number) => sheet.write_number_with_format(row, column, *number, &format),
                Value::Cents(number) => {
                    let number: f64 = cents(*number).parse().unwrap();
                    sheet.write_number_with_format(row, column, number, &format)
                }
                Value::Formula(formula, result) => {
                    let formula = Formula::new(formula).set_result(result);
                    sheet.write_formula_with_format(row, column, formula, &format)
                }
            }
            .unwrap();
        }
        row += 1;
    }
    workbook.save_to_buffer().unwrap()
}

fn write_row(mut cells: Cells<'_>, values: &[Option<Cell>], styles: [Style; 3]) {
    for (column, (value, format)) in (0..).zip(values).filter_map(|(column, cell)| Some((column, cell.as_ref()?))) {
        let style = format.map_or(Style::PLAIN, |format| styles[format]);
        match value {
            Value::Blank => cells.blank(column, style),
            Value::Text(text) => cells.text(column, text, style),
            Value::Integer(number) => cells.integer(column, (*number).into(), style),
            Value::Number(number) => cells.number(column, *number, style),
            Value::Cents(number) => cells.decimal(column, &cents(*number), style),
            Value::Formula(formula, result) => cells.formula(column, formula, result, style),
        }
    }
}

/// The same through a long sheet: row by row, or in chunks of so many rows.
fn by_long_sheet(table: &Table, chunk_rows: Option<usize>) -> Vec<u8> {
    let (mut workbook, formats) = (workbook(), formats());
    let sheet = workbook.add_worksheet().set_name(SHEET).unwrap();
    // in another order than they are numbered
    let reserved = [&formats[2], &formats[0], &formats[1]];
    let rows: u32 = table.iter().map(|(step, ..)| step + 1).sum();
    let long = LongSheet::reserve(sheet, 0..rows, 26, &reserved).unwrap();
    let mut file = Vec::new();
    let mut book = BookWriter::new(workbook, [&long], &mut file).unwrap();
    let mut at = 0;
    let placed: Vec<_> = table
        .iter()
        .map(|(step, height, cells)| {
            at += step + 1;
            (at - 1, *height, cells)
        })
        .collect();
    book.write_sheet::<XlsxError>(&long, |queue| {
        let [red, bold, date] = queue.styles()?;
        let styles = [bold, date, red];
        for chunk in placed.chunks(chunk_rows.unwrap_or(1)) {
            if chunk_rows.is_none() {
                let (row, height, cells) = chunk[0];
                write_row(queue.row(row, height)?, cells, styles);
                continue;
            }
            queue.add_chunk(move |rows| {
                for (row, height, cells) in chunk {
                    write_row(rows.row(*row, *height), cells, styles);
                }
                Ok(())
            })?;
        }
        Ok(())
    })
    .unwrap();
    book.finish().unwrap();
    file
}

fn part(book: &[u8], name: &str) -> String {
    let mut text = String::new();
    let mut archive = ZipArchive::new(Cursor::new(book)).unwrap();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The XML of the rows, without what the two ways write in their own manner: how blanks at the ends of texts are kept, rows
/// without cells, zeros at the ends of decimals.
fn rows(book: &[u8]) -> String {
    let xml = part(book, "xl/worksheets/sheet2.xml").replace(" xml:space=\"preserve\"", "").replace("></row>", "/>");
    let Some((_, rest)) = xml.split_once("<sheetData>") else { return String::new() };
    let is_empty =
        |row: &&str| row.strip_prefix("r=\"").is_some_and(|row| row.trim_start_matches(char::is_numeric) == "\"/>");
    let mut rows: Vec<_> =
        rest.split_once("</sheetData>").unwrap().0.split("<row ").filter(|row| !is_empty(row)).collect();
    // in this mode the library repeats the last row where it has a height
    rows.dedup_by_key(|row| row.split('"').nth(1));
    let plain = |value: &str| match value.split_once("</v>") {
        Some((number, rest)) if number.contains('.') && number.parse::<f64>().is_ok() => {
            format!("{}</v>{rest}", number.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => value.to_owned(),
    };
    rows.iter().flat_map(|row| row.split("<v>").map(plain)).collect::<Vec<_>>().join("|")
}

fn value() -> impl Strategy<Value = Value> {
    let letters = prop_oneof![
        5 => proptest::char::range('а', 'я'),
        1 => proptest::sample::select(vec!['&', '<', '>', '"', '\'', ' ', '\t', '\n', '\r', '\u{0}', '\u{1B}', '\u{A0}', '_', 'x', '0', 'F', '\u{FFFE}']),
        1 => any::<char>(),
    ];
    let text = proptest::collection::vec(letters, 0..12).prop_map(String::from_iter);
    let odd =
        proptest::sample::select(vec!["_x0041_", "=1+1", "_x005F_x0041_", " края ", "'", "12"]).prop_map(String::from);
    let number = prop_oneof![any::<f64>(), -1e6..1e6, Just(f64::NAN), Just(f64::NEG_INFINITY), Just(-0.0)];
    prop_oneof![
        1 => Just(Value::Blank),
        4 => text.prop_map(Value::Text),
        2 => odd.prop_map(Value::Text),
        2 => any::<i32>().prop_map(Value::Integer),
        2 => number.prop_map(Value::Number),
        2 => any::<i32>().prop_map(Value::Cents),
        1 => ("[A-Z]{1,2}[1-9]&\"[<x]\"", "[б-д]{1,3}").prop_map(|(formula, result)| Value::Formula(formula, result)),
        1 => (-99_i32..99).prop_map(|result| Value::Formula("SUM(A1:B2)".to_owned(), result.to_string())),
    ]
}

fn table() -> impl Strategy<Value = Table> {
    let cell = proptest::option::weighted(0.8, (value(), proptest::option::of(0..3_usize)));
    let height = proptest::option::weighted(0.2, (1..20_u32).prop_map(|lines| lines * 15 + 15));
    let row = (0..3_u32, height, proptest::collection::vec(cell, 0..6)).prop_map(|(step, height, mut cells)| {
        // in this mode the library loses the height of some rows without cells
        cells.insert(0, height.map(|points| (Value::Integer(points.cast_signed()), None)));
        (step, height, cells)
    });
    proptest::collection::vec(row, 0..40)
}

proptest! {
    #[test]
    fn the_rows_are_the_librarys_rows(table in table()) {
        let expected = rows(&by_library(&table));
        for chunk_rows in [None, Some(1), Some(7)] {
            prop_assert_eq!(&rows(&by_long_sheet(&table, chunk_rows)), &expected);
        }
    }

    #[test]
    fn texts_are_read_back_letter_by_letter(text in "\\PC{0,20}", edge in proptest::sample::select(vec![" ", "\t", "\n", "\u{A0}", "\u{2003}"])) {
        let text = format!("{edge}{text}ж{edge}");
        let book = by_long_sheet(&vec![(0, None, vec![Some((Value::Text(text.clone()), None))])], None);
        let mut book = Xlsx::new(Cursor::new(book)).unwrap();
        let read = book.worksheet_range(SHEET).unwrap();
        prop_assert_eq!(read.get_value((0, 0)), Some(&Data::String(text)));
    }
}

/// A sheet with all that is not in its rows.
fn decorate(workbook: &mut Workbook) -> &mut rust_xlsxwriter::Worksheet {
    let formats = formats();
    let rule = ConditionalFormatCell::new().set_rule(ConditionalFormatCellRule::EqualTo(5)).set_format(&formats[2]);
    workbook.define_name("all", &format!("='{SHEET}'!$A$3:$B$9")).unwrap();
    let sheet = workbook.add_worksheet().set_name(SHEET).unwrap();
    sheet.set_column_width(1, 30).unwrap().set_freeze_panes(2, 1).unwrap().set_repeat_rows(1, 1).unwrap();
    sheet.autofilter(1, 0, 8, 1).unwrap();
    sheet.merge_range(0, 0, 0, 1, "Заголовок <&>", &formats[0]).unwrap();
    sheet.write_url(1, 0, "https://example.org/").unwrap().write(1, 1, 2).unwrap().set_row_height(1, 30).unwrap();
    sheet.add_conditional_format(2, 1, 8, 1, &rule).unwrap().set_landscape().set_footer("&P");
    sheet
}

#[test]
fn everything_around_the_rows_is_the_librarys() {
    let mut slow = workbook();
    let sheet = decorate(&mut slow);
    for row in 2..9 {
        sheet.write_number(row, 0, row).unwrap().write_number(row, 1, 5).unwrap();
    }
    let slow = slow.save_to_buffer().unwrap();
    let mut fast = workbook();
    let long = LongSheet::reserve(decorate(&mut fast), 2..9, 2, &[]).unwrap();
    let mut file = Vec::new();
    let mut book = BookWriter::new(fast, [&long], &mut file).unwrap();
    book.write_sheet::<XlsxError>(&long, |queue| {
        for row in 2..9 {
            let mut cells = queue.row(row, None)?;
            cells.integer(0, row.into(), Style::PLAIN);
            cells.integer(1, 5, Style::PLAIN);
        }
        Ok(())
    })
    .unwrap();
    book.finish().unwrap();
    let mut names: Vec<_> =
        ZipArchive::new(Cursor::new(&file)).unwrap().file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(names.first().map(String::as_str), Some("[Content_Types].xml"));
    names.sort();
    assert!(names.contains(&"xl/worksheets/_rels/sheet2.xml.rels".to_owned()));
    for name in names {
        // a hint for readers that the library gives in each row
        let xml = |book: &[u8]| part(book, &name).replace(" spans=\"1:2\"", "");
        assert_eq!(xml(&file), xml(&slow), "{name}");
    }
}

#[test]
fn shared_formulas_are_read_as_what_they_stand_for() {
    let mut workbook = workbook();
    let long = LongSheet::reserve(workbook.add_worksheet().set_name(SHEET).unwrap(), 0..3000, 2, &[]).unwrap();
    let mut file = Vec::new();
    let mut book = BookWriter::new(workbook, [&long], &mut file).unwrap();
    book.write_sheet::<XlsxError>(&long, |queue| {
        for row in (0..3000).filter(|row| row % 7 > 0) {
            let mut cells = queue.row(row, None)?;
            cells.integer(0, row.into(), Style::PLAIN);
            let formula = || format!("IF(A{number}>$A$2,\"<\",A{number}*2)", number = row + 1);
            cells.shared_formula(1, formula, &(row * 2).to_string(), Style::PLAIN);
        }
        Ok(())
    })
    .unwrap();
    book.finish().unwrap();
    let mut book = Xlsx::new(Cursor::new(&file)).unwrap();
    let (formulas, values) = (book.worksheet_formula(SHEET).unwrap(), book.worksheet_range(SHEET).unwrap());
    for row in (0..3000_u32).filter(|row| row % 7 > 0) {
        let expected = format!("IF(A{number}>$A$2,\"<\",A{number}*2)", number = row + 1);
        assert_eq!(formulas.get_value((row, 1)), Some(&expected));
        assert_eq!(values.get_value((row, 1)), Some(&Data::Float(f64::from(row * 2))));
    }
    // a group for each chunk, so that every chunk can be made by itself
    assert_eq!(part(&file, "xl/worksheets/sheet2.xml").matches("t=\"shared\" ref=").count(), 3);
}

/// Some thousand rows in chunks, by a pool of so many threads, asked from inside of it or from outside.
fn made_by(threads: usize, inside: bool) -> Vec<u8> {
    let make = || {
        let table: Table = (0..20_000)
            .map(|row| {
                (
                    0,
                    None,
                    vec![Some((Value::Integer(row), Some(0))), Some((Value::Text(format!("Иванов {row}")), None))],
                )
            })
            .collect();
        by_long_sheet(&table, Some(512))
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    if inside { pool.install(make) } else { make() }
}

#[test]
fn the_bytes_do_not_depend_on_the_threads() {
    let expected = made_by(1, true);
    for (threads, inside) in [(2, true), (7, true), (1, false)] {
        assert!(made_by(threads, inside) == expected, "{threads} {inside}");
    }
}
