//! The sheet of programmes by month: what is earned, what is claimed, and the loss ratio, each with totals.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use crate::base::calendar::day_after_1970;
use crate::base::messages::{Language, Message};
use crate::output::xlsx::{nearest_number, write_day};
use crate::report::pivot::{Money, Pivot};
use crate::report::proposal::ratio;
use crate::report::workbook::formats::{Formats, write_amount};

/// The row of the first block; above it stands the title.
const FIRST_ROW: u32 = 2;

/// What a block shows of the money of a cell.
#[derive(Debug, Clone, Copy)]
enum Measure {
    Earned,
    Claims,
    LossRatio,
}

impl Measure {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Earned, "report-col-earned"),
        (Self::Claims, "report-col-claims"),
        (Self::LossRatio, "report-col-loss-ratio"),
    ];

    fn write(
        self,
        sheet: &mut Worksheet,
        (row, column): (u32, u16),
        money: Money,
        (amount, share): (&Format, &Format),
    ) -> Result<(), XlsxError> {
        match self {
            Self::Earned => write_amount(sheet, row, column, money.earned, amount),
            Self::Claims => write_amount(sheet, row, column, money.claims, amount),
            // nothing is earned, and there is no ratio
            Self::LossRatio => match ratio(money.claims, money.earned) {
                Some(ratio) => sheet.write_number_with_format(row, column, nearest_number(&ratio), share).map(drop),
                None => sheet.write_blank(row, column, share).map(drop),
            },
        }
    }
}

/// Writes the blocks below the title; the first column stays visible.
pub(super) fn write_pivot(
    sheet: &mut Worksheet,
    pivot: &Pivot,
    formats: &Formats,
    language: Language,
) -> Result<(), XlsxError> {
    let render = |name| language.render(&Message::new(name));
    let columns = u16::try_from(pivot.months.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
    sheet.set_column_width(0, 24)?;
    for column in 1..=columns + 1 {
        sheet.set_column_width(column, 16)?;
    }
    sheet.set_freeze_panes(0, 1)?.set_repeat_columns(0, 0)?;
    let mut row = FIRST_ROW;
    for (measure, name) in Measure::ALL {
        sheet.write_string_with_format(row, 0, render(name), &formats.title)?;
        row += 1;
        sheet.write_string_with_format(row, 0, render("report-col-programme"), &formats.heading)?;
        for (column, month) in (1..).zip(&pivot.months) {
            if let Some(day) = day_after_1970(*month) {
                write_day(sheet, row, column, day, &formats.month)?;
            }
        }
        sheet.write_string_with_format(row, columns + 1, render("report-total"), &formats.figure_heading)?;
        row += 1;
        for (programme, money) in &pivot.rows {
            let name = programme.clone().unwrap_or_else(|| render("report-no-programme"));
            sheet.write_string(row, 0, name)?;
            for (column, money) in (1..).zip(money) {
                let is_total = column == columns + 1;
                let amount = if is_total { &formats.total } else { &formats.amount };
                let share = if is_total { &formats.total_share } else { &formats.share };
                measure.write(sheet, (row, column), *money, (amount, share))?;
            }
            row += 1;
        }
        sheet.write_string_with_format(row, 0, render("report-total"), &formats.heading)?;
        for (column, money) in (1..).zip(&pivot.totals) {
            measure.write(sheet, (row, column), *money, (&formats.total, &formats.total_share))?;
        }
        row += 2;
    }
    Ok(())
}
