//! Writes a sheet as `.ods`.

#![expect(clippy::float_arithmetic, reason = "a workbook stores numbers as binary floats")]

use std::fmt::Write as _;

use crate::formats::sheet::{Cell, Content, Sheet, Style};
use crate::formats::written::xlsx::zip;

pub fn write(sheet: &Sheet) -> Vec<u8> {
    let oasis = "urn:oasis:names:tc:opendocument:xmlns";
    let names = ["office", "table", "text", "style", "number", "draw", "fo"];
    let names: Vec<String> = names
        .iter()
        .map(|name| {
            let space = match *name {
                "number" => "datastyle",
                "draw" => "drawing",
                "fo" => "xsl-fo-compatible",
                name => name,
            };
            format!(" xmlns:{name}=\"{oasis}:{space}:1.0\"")
        })
        .collect();
    let names = names.concat();
    let shown = if sheet.is_hidden { "false" } else { "true" };
    let epoch = if sheet.epoch_1904 {
        "<table:calculation-settings><table:null-date table:date-value=\"1904-01-01\"/></table:calculation-settings>"
    } else {
        ""
    };
    let content = format!(
        "<office:document-content{names} xmlns:calcext=\"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0\" \
         office:version=\"1.3\"><office:automatic-styles>\
         <style:style style:name=\"ta1\" style:family=\"table\" style:master-page-name=\"page\"><style:table-properties table:display=\"{shown}\"/>\
         </style:style><style:style style:name=\"struck\" style:family=\"table-cell\"><style:text-properties \
         style:text-line-through-style=\"solid\" style:text-line-through-type=\"single\"/></style:style>\
         <style:style style:name=\"white\" style:family=\"table-cell\"><style:text-properties fo:color=\"#ffffff\"/></style:style>\
         <style:style style:name=\"part\" style:family=\"text\"><style:text-properties \
         style:text-line-through-style=\"solid\" style:text-line-through-type=\"single\"/></style:style>\
         </office:automatic-styles><office:body><office:spreadsheet>{epoch}\
         <table:table table:name=\"Список\" table:style-name=\"ta1\">{}</table:table></office:spreadsheet></office:body>\
         </office:document-content>",
        table(sheet)
    );
    zip(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_owned()),
        ("content.xml", content),
        ("styles.xml", styles(sheet, &names)),
        (
            "META-INF/manifest.xml",
            format!("<manifest:manifest xmlns:manifest=\"{oasis}:manifest:1.0\" manifest:version=\"1.3\"/>"),
        ),
    ])
}

/// The header of the pages.
fn styles(sheet: &Sheet, names: &str) -> String {
    let header = sheet.page_header.map(|text| format!("<style:header><text:p>{text}</text:p></style:header>"));
    let header = header.unwrap_or_default();
    format!(
        "<office:document-styles{names} office:version=\"1.3\"><office:master-styles><style:master-page style:name=\"page\">\
         {header}</style:master-page></office:master-styles></office:document-styles>"
    )
}

fn table(sheet: &Sheet) -> String {
    let mut table = String::new();
    let text = if sheet.has_text_box { "<text:p>исключить</text:p>" } else { "" };
    let _ = write!(
        table,
        "<table:shapes><draw:line/><draw:custom-shape>{text}<text:p/></draw:custom-shape></table:shapes>"
    );
    for column in 0..sheet.width() {
        let hidden = if sheet.hidden_column == Some(column) { " table:visibility=\"collapse\"" } else { "" };
        let _ = write!(table, "<table:table-column{hidden}/>");
    }
    for (row, cells) in sheet.rows.iter().enumerate() {
        let hidden = if sheet.hidden_row == Some(row) { " table:visibility=\"collapse\"" } else { "" };
        let _ = write!(table, "<table:table-row{hidden}>");
        for (column, cell) in cells.iter().enumerate() {
            table.push_str(&written(sheet, (row, column), cell));
        }
        table.push_str("</table:table-row>");
    }
    if let Some(name) = sheet.struck_if_named {
        let last = sheet.rows.len();
        let _ = write!(
            table,
            "<calcext:conditional-formats><calcext:conditional-format calcext:target-range-address=\"Список.A2:Список.E{last}\">\
             <calcext:condition calcext:apply-style-name=\"struck\" calcext:value=\"formula-is([.$B2]=&quot;{name}&quot;)\" \
             calcext:base-cell-address=\"Список.A2\"/></calcext:conditional-format></calcext:conditional-formats>"
        );
    }
    table
}

fn written(sheet: &Sheet, (row, column): (usize, usize), cell: &Cell) -> String {
    let merged = sheet.merged.filter(|(first, last, of)| *of == column && (*first..=*last).contains(&row));
    let (name, span) = match merged {
        Some((first, last, _)) if first == row => (
            "table-cell",
            format!(" table:number-rows-spanned=\"{}\" table:number-columns-spanned=\"1\"", last - first + 1),
        ),
        Some(_) => ("covered-table-cell", String::new()),
        None => ("table-cell", String::new()),
    };
    let style = match cell.style {
        Style::Struck => " table:style-name=\"struck\"",
        Style::White => " table:style-name=\"white\"",
        _ => "",
    };
    let (value, shown) = match &cell.content {
        Content::Nothing => (String::new(), String::new()),
        Content::Text(text) => (" office:value-type=\"string\"".to_owned(), (*text).to_owned()),
        Content::Rich(runs) => {
            let run = |(text, struck): &(&str, bool)| {
                if *struck {
                    format!("<text:span text:style-name=\"part\">{text}</text:span>")
                } else {
                    (*text).to_owned()
                }
            };
            (" office:value-type=\"string\"".to_owned(), runs.iter().map(run).collect())
        }
        Content::Number(number) => of_number(*number, cell.style),
        Content::Day(_, iso) => (format!(" office:value-type=\"date\" office:date-value=\"{iso}\""), (*iso).to_owned()),
        Content::Fault => (
            " table:formula=\"of:=NA()\" office:value-type=\"string\" office:string-value=\"\" calcext:value-type=\"error\"".to_owned(),
            "#N/A".to_owned(),
        ),
        Content::Formula => (" table:formula=\"of:=[.A1]+1\"".to_owned(), String::new()),
        Content::EmptyFormula => (
            " table:formula=\"of:=&quot;&quot;\" office:value-type=\"string\" office:string-value=\"\"".to_owned(),
            String::new(),
        ),
        Content::Truth(truth) => {
            (format!(" office:value-type=\"boolean\" office:boolean-value=\"{truth}\""), truth.to_string())
        }
    };
    let text = if shown.is_empty() { String::new() } else { format!("<text:p>{shown}</text:p>") };
    let note = if sheet.note == Some((row, column)) {
        "<office:annotation><text:p>уволен</text:p></office:annotation>"
    } else {
        ""
    };
    format!("<table:{name}{style}{span}{value}>{note}{text}</table:{name}>")
}

/// A number, and how LibreOffice shows it in this style.
fn of_number(number: f64, style: Style) -> (String, String) {
    let (kind, shown) = match style {
        Style::Zeros => ("float", format!("{number:05}")),
        Style::Percent => ("percentage", format!("{}%", number * 100.0)),
        Style::Unit => ("float", format!("{number} тыс. руб.")),
        Style::Scaled => ("float", format!("{}", number / 1000.0)),
        _ => ("float", number.to_string()),
    };
    (format!(" office:value-type=\"{kind}\" office:value=\"{number}\""), shown)
}
