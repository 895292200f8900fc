//! The workbook of a report: the tables with headings and totals for people.

mod formats;
mod pivot_sheet;

use polars::prelude::{AnyValue, DataFrame};
use rust_xlsxwriter::{DocProperties, Workbook, Worksheet, XlsxError};

use crate::base::calendar::{day_after_1970, format_day};
use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::base::money::Kopecks;
use crate::output::folder::Folder;
use crate::output::xlsx::{WorkbookError, cell_text, nearest_number, new_workbook, write_day, write_workbook};
use crate::portfolio::export::table::Table;
use crate::report::period::Period;
use crate::report::pivot::Pivot;
use crate::report::workbook::formats::{Formats, write_amount};
use crate::report::workbook::pivot_sheet::write_pivot;

/// The name of the workbook.
const NAME: &str = "report.xlsx";
/// The column of loss ratios.
const RATIO: &str = "loss_ratio";
/// The row of the headings; above it stands the title.
const HEADING_ROW: u32 = 2;
/// The paper that the workbook is printed on.
const A4: u8 = 9;
/// The most rows of a table: those of a sheet without title, headings and totals.
const MAX_ROWS: usize = 1_048_576 - HEADING_ROW as usize - 2;

/// The workbook while sheets are added.
pub(super) struct ReportWorkbook {
    /// `None` where a table has more rows than a sheet holds.
    workbook: Option<Workbook>,
    language: Language,
    period: Period,
    formats: Formats,
}

impl ReportWorkbook {
    pub fn new(language: Language, period: Period) -> Self {
        let formats = Formats::new();
        Self { workbook: new_workbook(DocProperties::new()).ok(), language, period, formats }
    }

    /// Adds the sheet of a table: title, headings, rows, and the totals of its amounts.
    pub fn add<T: Table>(&mut self, rows: &DataFrame) -> Result<(), XlsxError> {
        if rows.height() > MAX_ROWS {
            self.workbook = None;
        }
        let Some(workbook) = &mut self.workbook else { return Ok(()) };
        let (language, formats) = (self.language, &self.formats);
        let render = |name| language.render(&Message::new(name));
        let sheet = new_sheet(workbook, &render(sheet_message(T::NAME)), (language, self.period), formats)?;
        sheet.set_freeze_panes(HEADING_ROW + 1, 1)?.set_repeat_rows(HEADING_ROW, HEADING_ROW)?;
        for (column, schema) in (0..).zip(T::COLUMNS) {
            sheet.set_column_width(column, column_width(schema.name))?;
            let heading = render(column_message(schema.name));
            // over figures, which stand to the right of their cells
            let is_figure = schema.kind.starts_with("amount") || schema.kind.starts_with("whole");
            let format = if is_figure || schema.name == RATIO { &formats.figure_heading } else { &formats.heading };
            sheet.write_string_with_format(HEADING_ROW, column, heading, format)?;
        }
        for ((column, values), schema) in (0_u16..).zip(rows.columns()).zip(T::COLUMNS) {
            let mut total: Option<Kopecks> = None;
            for (at, row) in (0..rows.height()).zip(HEADING_ROW + 1..) {
                let value = values.get(at).unwrap_or(AnyValue::Null);
                if let AnyValue::Decimal(kopecks, ..) = value {
                    total = Some(total.unwrap_or_default() + Kopecks::new(kopecks));
                }
                match value.get_str().filter(|_| schema.name == RATIO) {
                    Some(ratio) => {
                        sheet.write_number_with_format(row, column, nearest_number(ratio), &formats.share)?;
                    }
                    None => write_value(sheet, row, column, &value, formats)?,
                }
            }
            // what is overdue at the ends of months adds up to nothing
            if let Some(total) = total.filter(|_| (T::NAME, schema.name) != ("months", "overdue")) {
                let row = HEADING_ROW + 1 + u32::try_from(rows.height()).unwrap_or(0);
                write_amount(sheet, row, column, total, &formats.total)?;
                sheet.write_string_with_format(row, 0, render("report-total"), &formats.heading)?;
            }
        }
        Ok(())
    }

    /// Adds the sheet of programmes by month.
    pub fn add_pivot(&mut self, pivot: &Pivot) -> Result<(), XlsxError> {
        let Some(workbook) = &mut self.workbook else { return Ok(()) };
        let name = self.language.render(&Message::new("report-sheet-pivot"));
        let sheet = new_sheet(workbook, &name, (self.language, self.period), &self.formats)?;
        write_pivot(sheet, pivot, &self.formats, self.language)
    }

    /// Writes the workbook; `false` where there is none.
    pub fn write(self, folder: &Folder) -> Result<bool, Error> {
        let Some(mut workbook) = self.workbook else { return Ok(false) };
        write_workbook(folder, NAME, |file| workbook.save_to_writer(file).map_err(WorkbookError::from))?;
        Ok(true)
    }
}

/// A sheet with its name and its title, printed across one page.
fn new_sheet<'w>(
    workbook: &'w mut Workbook,
    name: &str,
    (language, period): (Language, Period),
    formats: &Formats,
) -> Result<&'w mut Worksheet, XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(name)?;
    let day = |day| if language == Language::Ru { format_day(day) } else { day.to_string() };
    let title = Message::new("report-title")
        .with("table", name)
        .with("since", day(period.since))
        .with("day", day(period.as_of));
    sheet.write_string_with_format(0, 0, language.render(&title), &formats.title)?;
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    sheet.set_footer("&L&8&A&R&8&P / &N");
    Ok(sheet)
}

/// The width of a column in letters.
fn column_width(column: &str) -> f64 {
    match column {
        "policyholder" | "arithmetic" => 44.0,
        _ => 16.0,
    }
}

fn write_value(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &AnyValue<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    if let Some(text) = value.get_str() {
        sheet.write_string(row, column, cell_text(text))?;
        return Ok(());
    }
    match value {
        AnyValue::UInt32(number) => drop(sheet.write_number(row, column, *number)?),
        AnyValue::Date(days) => {
            if let Some(day) = day_after_1970(*days) {
                write_day(sheet, row, column, day, &formats.day)?;
            }
        }
        AnyValue::Decimal(kopecks, ..) => write_amount(sheet, row, column, Kopecks::new(*kopecks), &formats.amount)?,
        _ => {}
    }
    Ok(())
}

/// The message with the name of a table's sheet.
fn sheet_message(table: &str) -> &'static str {
    match table {
        "contracts" => "report-sheet-contracts",
        "contract-programmes" => "report-sheet-contract-programmes",
        "programmes" => "report-sheet-programmes",
        "months" => "report-sheet-months",
        "programme-months" => "report-sheet-programme-months",
        "groups" => "report-sheet-groups",
        "ending" => "report-sheet-ending",
        _ => "report-sheet-proposals",
    }
}

/// The message with the heading of a column.
fn column_message(column: &str) -> &'static str {
    match column {
        "number" => "report-col-number",
        "policyholder" => "report-col-policyholder",
        "start" => "report-col-start",
        "end" => "report-col-end",
        "written" => "report-col-written",
        "earned" => "report-col-earned",
        "unearned" => "report-col-unearned",
        "due" => "report-col-due",
        "paid" => "report-col-paid",
        "outstanding" => "report-col-outstanding",
        "overdue_1_30" => "report-col-overdue-1-30",
        "overdue_31_60" => "report-col-overdue-31-60",
        "overdue_61_90" => "report-col-overdue-61-90",
        "overdue_over_90" => "report-col-overdue-over-90",
        "overdue" => "report-col-overdue",
        "credit" => "report-col-credit",
        "programme" => "report-col-programme",
        "lines" => "report-col-lines",
        "earned_in_period" => "report-col-earned-in-period",
        "claims" => "report-col-claims",
        "loss_ratio" => "report-col-loss-ratio",
        "month" => "report-col-month",
        "age_from" => "report-col-age-from",
        "age_to" => "report-col-age-to",
        "risk_group" => "report-col-risk-group",
        "days_left" => "report-col-days-left",
        "insured" => "report-col-insured",
        "target" => "report-col-target",
        "needed" => "report-col-needed",
        "coefficient" => "report-col-coefficient",
        _ => "report-col-arithmetic",
    }
}
