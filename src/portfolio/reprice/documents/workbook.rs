//! `impact.xlsx`: the page for the board as a sheet, then a sheet for each list.

use std::io::Write;

use rust_xlsxwriter::{DocProperties, Format, Workbook, Worksheet, XlsxError};

use crate::base::messages::{Language, Message};
use crate::output::document::{Document, DocumentStyle};
use crate::output::value::Value;
use crate::output::xlsx::layout::row_height;
use crate::output::xlsx::style::Styles;
use crate::output::xlsx::table_sheet::Table;
use crate::output::xlsx::{
    BookWriter, LongSheet, cell_text, exact_number, nearest_number, new_workbook, write_day, write_workbook,
};
use crate::portfolio::reprice::documents::board::Board;
use crate::portfolio::reprice::documents::contract_lists::lists;
use crate::portfolio::reprice::documents::section::Section;
use crate::portfolio::reprice::saved_repricing::SavedRepricing;

/// The name of the file.
const FILE: &str = "impact.xlsx";
/// The most rows of a list: those of a sheet without its head.
const MAX_ROWS: usize = 1_048_572;

/// The declaration of the kind.
pub(super) const DOCUMENT: Document<SavedRepricing> = Document {
    files: FILE,
    about: "the page for the board and every contract as a workbook",
    write: |saved, style, folder| write_workbook(folder, FILE, |file| write(saved, style.language, file)),
    entry: DocumentStyle::entry,
};

fn write(saved: &SavedRepricing, language: Language, file: &mut (impl Write + Send)) -> Result<(), XlsxError> {
    let styles = Styles::new(language);
    let board = Board::new(saved, language);
    let title = format!("{} {}", board.title, saved.impact.change.id);
    let mut workbook = new_workbook(DocProperties::new().set_title(&title))?;
    write_board(&mut workbook, &board, &styles, language)?;
    let lists = lists(saved);
    let tables = lists.each_ref().map(|list| Table {
        name: list.heading(language),
        title: list.heading(language),
        subtitle: board.about.clone(),
        columns: list.columns,
        rows: list.rows.len().min(MAX_ROWS),
        summed: false,
    });
    let sheets = tables.iter().map(|table| table.reserve(&mut workbook, &styles, language));
    let sheets = sheets.collect::<Result<Vec<LongSheet>, _>>()?;
    let mut writer = BookWriter::new(workbook, &sheets, file)?;
    for ((table, sheet), list) in tables.iter().zip(&sheets).zip(lists) {
        table.write_rows(sheet, list.rows.into_iter().take(MAX_ROWS), &mut writer)?;
    }
    writer.finish()
}

/// Writes the page for the board, which is printed on one sheet of paper.
fn write_board(
    workbook: &mut Workbook,
    board: &Board<'_>,
    styles: &Styles,
    language: Language,
) -> Result<(), XlsxError> {
    const A4: u8 = 9;
    const HEADING_POINTS: u32 = 32;
    let render = |name| language.render(&Message::new(name));
    let sheet = workbook.add_worksheet();
    sheet.set_name(render("impact-sheet"))?;
    sheet.set_screen_gridlines(false).set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 1);
    sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
    sheet.set_footer("&L&8&A&R&8&P / &N");
    sheet.write_string_with_format(0, 0, &board.title, &styles.title)?;
    sheet.write_string_with_format(1, 0, cell_text(&board.about), &styles.subtitle)?;
    sheet.write_string_with_format(2, 0, &board.result, &styles.section)?;
    let mut row = 3;
    for fact in &board.facts {
        sheet.write_string_with_format(row, 0, cell_text(fact), &styles.plain)?;
        row += 1;
    }
    for section in board.sections.iter().filter(|section| !section.rows.is_empty()) {
        sheet.write_string_with_format(row + 1, 0, section.heading(language), &styles.section)?;
        sheet.set_row_height(row + 2, HEADING_POINTS)?;
        for (column, (heading, width)) in (0..).zip(section.columns) {
            sheet.set_column_width(column, *width)?;
            sheet.write_string_with_format(row + 2, column, render(heading), &styles.heading)?;
        }
        row += 3;
        write_rows(sheet, section, row, styles)?;
        row += u32::try_from(section.rows.len()).unwrap_or(u32::MAX);
    }
    Ok(())
}

fn write_rows(sheet: &mut Worksheet, section: &Section<'_>, first_row: u32, styles: &Styles) -> Result<(), XlsxError> {
    for (row, (at, values)) in (first_row..).zip((1..).zip(&section.rows)) {
        let is_total = section.is_summed && at == section.rows.len();
        if let (Value::Long(text), Some((_, width))) = (&values[0], section.columns.first())
            && let Some(points) = row_height(&[(text, *width as usize)])
        {
            sheet.set_row_height(row, points)?;
        }
        for (column, value) in (0..).zip(values) {
            write_value(sheet, (row, column), value, is_total, styles)?;
        }
    }
    Ok(())
}

fn write_value(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: &Value<'_>,
    is_total: bool,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let style = |usual: &'_ Format, total: &'_ Format| if is_total { total.clone() } else { usual.clone() };
    let total = styles.total_label.clone();
    match value {
        Value::Text(text) => {
            sheet.write_string_with_format(row, column, cell_text(text), &style(&styles.text, &total))?
        }
        Value::Words(text) => {
            sheet.write_string_with_format(row, column, cell_text(text), &style(&styles.text, &total))?
        }
        Value::Long(text) => sheet.write_string_with_format(row, column, cell_text(text), &styles.wrapped)?,
        Value::Count(count) => {
            let count = u32::try_from(*count).unwrap_or(u32::MAX);
            sheet.write_number_with_format(row, column, count, &style(&styles.count, &styles.sum_count))?
        }
        Value::Decimal("") => sheet.write_blank(row, column, &styles.number)?,
        Value::Decimal(text) => sheet.write_number_with_format(row, column, nearest_number(text), &styles.number)?,
        Value::Day(day) => {
            write_day(sheet, row, column, *day, &styles.date)?;
            sheet
        }
        Value::Amount(amount) => {
            let format = style(&styles.money, &styles.total_money);
            match exact_number(*amount) {
                Some(number) => sheet.write_number_with_format(row, column, number, &format)?,
                None => sheet.write_string_with_format(row, column, amount.to_string(), &format)?,
            }
        }
        Value::Share(Some(share)) => {
            sheet.write_number_with_format(row, column, nearest_number(&share.to_string()), &styles.share)?
        }
        Value::Share(None) => sheet.write_blank(row, column, &styles.share)?,
    };
    Ok(())
}
