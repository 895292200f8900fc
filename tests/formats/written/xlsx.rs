//! Writes a sheet as `.xlsx`.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use crate::formats::sheet::{Content, Sheet, Style, letters};

pub fn write(sheet: &Sheet) -> Vec<u8> {
    let mut texts = Vec::new();
    let body = sheet_part(sheet, &mut texts);
    let state = if sheet.is_hidden { " state=\"hidden\"" } else { "" };
    let epoch = if sheet.epoch_1904 { "<workbookPr date1904=\"1\"/>" } else { "" };
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    // a workbook shows one sheet at least
    let other = "<sheet name=\"Пустой\" sheetId=\"2\" r:id=\"rId4\"/>";
    let note = sheet.note.map(|(row, column)| format!("{}{}", letters(column), row + 1));
    let notes = note.map(|cell| format!("<comment ref=\"{cell}\" authorId=\"0\"><text><t>уволен</t></text></comment>"));
    let notes = notes.unwrap_or_default();
    zip(&[
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" \
                 ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}.sheet.main+xml\"/>\
                 <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{kind}.worksheet+xml\"/>\
                 <Override PartName=\"/xl/worksheets/sheet2.xml\" ContentType=\"{kind}.worksheet+xml\"/>\
                 <Override PartName=\"/xl/styles.xml\" ContentType=\"{kind}.styles+xml\"/>\
                 <Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"{kind}.sharedStrings+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\">{epoch}<sheets>\
                 <sheet name=\"Список\" sheetId=\"1\"{state} r:id=\"rId1\"/>{other}</sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\">\
                 <Relationship Id=\"rId1\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
                 <Relationship Id=\"rId2\" Type=\"{relations}/styles\" Target=\"styles.xml\"/>\
                 <Relationship Id=\"rId3\" Type=\"{relations}/sharedStrings\" Target=\"sharedStrings.xml\"/>\
                 <Relationship Id=\"rId4\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet2.xml\"/>\
                 </Relationships>"
            ),
        ),
        ("xl/styles.xml", styles(main)),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\">{body}</worksheet>")),
        ("xl/worksheets/sheet2.xml", format!("<worksheet xmlns=\"{main}\"><sheetData/></worksheet>")),
        (
            "xl/worksheets/_rels/sheet1.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{relations}/comments\" Target=\"../comments1.xml\"/>\
                 <Relationship Id=\"rId2\" Type=\"{relations}/drawing\" Target=\"../drawings/drawing1.xml\"/></Relationships>"
            ),
        ),
        ("xl/drawings/drawing1.xml", drawing(sheet.has_text_box)),
        (
            "xl/comments1.xml",
            format!(
                "<comments xmlns=\"{main}\"><authors><author/></authors><commentList>{notes}</commentList></comments>"
            ),
        ),
        ("xl/sharedStrings.xml", format!("<sst xmlns=\"{main}\">{}</sst>", texts.concat())),
    ])
}

/// A drawing of a line, and perhaps of a text box.
pub fn drawing(has_text_box: bool) -> String {
    let text = "<xdr:sp><xdr:txBody><a:p><a:r><a:t>исключить</a:t></a:r><a:r><a:t>с марта</a:t></a:r></a:p></xdr:txBody></xdr:sp>";
    let text = if has_text_box { text } else { "" };
    format!("<xdr:wsDr xmlns:xdr=\"x\" xmlns:a=\"a\"><xdr:sp><xdr:spPr/></xdr:sp>{text}</xdr:wsDr>")
}

fn styles(main: &str) -> String {
    let escaped = |code: &str| code.replace('"', "&quot;");
    let own = Style::ALL.iter().map(|style| style.format()).filter(|(number, _)| *number >= 164);
    let formats: Vec<String> =
        own.map(|(number, code)| format!("<numFmt numFmtId=\"{number}\" formatCode=\"{}\"/>", escaped(code))).collect();
    let of_cells: Vec<String> = Style::ALL
        .iter()
        .map(|style| {
            let font = match style {
                Style::Struck => 1,
                Style::White => 2,
                _ => 0,
            };
            let number = style.format().0;
            format!(
                "<xf numFmtId=\"{number}\" fontId=\"{font}\" fillId=\"0\" borderId=\"0\" xfId=\"0\" \
                 applyNumberFormat=\"1\" applyFont=\"1\"/>"
            )
        })
        .collect();
    let (formats, of_cells) = (formats.concat(), of_cells.concat());
    format!(
        "<styleSheet xmlns=\"{main}\"><numFmts>{formats}</numFmts><fonts><font><sz val=\"11\"/></font>\
         <font><strike/><sz val=\"11\"/></font><font><color rgb=\"FFFFFFFF\"/></font></fonts><fills><fill><patternFill patternType=\"none\"/></fill></fills>\
         <borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs>{of_cells}</cellXfs><dxfs><dxf><font><b/></font></dxf><dxf><font><strike/></font></dxf></dxfs></styleSheet>"
    )
}

fn sheet_part(sheet: &Sheet, texts: &mut Vec<String>) -> String {
    let mut body = String::new();
    if let Some(dimension) = sheet.dimension {
        let _ = write!(body, "<dimension ref=\"{dimension}\"/>");
    }
    if let Some(column) = sheet.hidden_column {
        let _ = write!(body, "<cols><col min=\"{0}\" max=\"{0}\" width=\"9\" hidden=\"1\"/></cols>", column + 1);
    }
    body.push_str("<sheetData>");
    for row in sheet.order() {
        let hidden = if sheet.hidden_row == Some(row) { " hidden=\"1\"" } else { "" };
        let number = if sheet.lacks_row_numbers { String::new() } else { format!(" r=\"{}\"", row + 1) };
        let _ = write!(body, "<row{number}{hidden}>");
        for (column, cell) in sheet.rows[row].iter().enumerate() {
            let place = format!("r=\"{}{}\" s=\"{}\"", letters(column), row + 1, cell.style.number());
            let mut shared = |text: String| {
                texts.push(format!("<si>{text}</si>"));
                texts.len() - 1
            };
            let cell = match &cell.content {
                Content::Nothing => continue,
                Content::Text(text) => {
                    format!("<c {place} t=\"s\"><v>{}</v></c>", shared(format!("<t>{text}</t>")))
                }
                Content::Rich(runs) => {
                    let run = |(text, struck): &(&str, bool)| {
                        let font = if *struck { "<rPr><strike/></rPr>" } else { "" };
                        format!("<r>{font}<t xml:space=\"preserve\">{text}</t></r>")
                    };
                    format!("<c {place} t=\"s\"><v>{}</v></c>", shared(runs.iter().map(run).collect()))
                }
                Content::Number(number) => format!("<c {place}><v>{number}</v></c>"),
                Content::Day(serial, _) => format!("<c {place}><v>{}</v></c>", sheet.serial(*serial)),
                Content::Fault => format!("<c {place} t=\"e\"><v>#N/A</v></c>"),
                Content::Formula => format!("<c {place}><f>A1+1</f></c>"),
                Content::EmptyFormula => format!("<c {place} t=\"str\"><f>\"\"</f><v></v></c>"),
                Content::Truth(truth) => format!("<c {place} t=\"b\"><v>{}</v></c>", u8::from(*truth)),
            };
            body.push_str(&cell);
        }
        body.push_str("</row>");
    }
    body.push_str("</sheetData>");
    if let Some((first, last, column)) = sheet.merged {
        let column = letters(column);
        let _ =
            write!(body, "<mergeCells><mergeCell ref=\"{column}{}:{column}{}\"/></mergeCells>", first + 1, last + 1);
    }
    if let Some(name) = sheet.struck_if_named {
        let last = sheet.rows.len();
        let _ = write!(
            body,
            "<conditionalFormatting sqref=\"A2:E{last}\"><cfRule type=\"expression\" dxfId=\"1\" priority=\"1\">\
             <formula>$B2=&quot;{name}&quot;</formula></cfRule></conditionalFormatting>"
        );
    }
    if let Some(text) = sheet.page_header {
        let _ = write!(body, "<headerFooter><oddHeader>&amp;L{text}</oddHeader></headerFooter>");
    }
    body
}

/// A zip of texts.
pub fn zip(parts: &[(&str, String)]) -> Vec<u8> {
    let bytes: Vec<(&str, &[u8])> = parts.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    zip_bytes(&bytes)
}

pub fn zip_bytes(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
