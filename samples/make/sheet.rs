//! The roster of the works as a workbook of its personnel department.

use std::error::Error;

use jiff::civil::Date;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatPattern, Workbook, Worksheet, XlsxError,
};

use crate::people::Sex;
use crate::zavod::{Department, INSURED, Insured};

/// The headings with the width of their columns.
const COLUMNS: [(&str, u16); 13] = [
    ("№ п/п", 7),
    ("Таб. №", 9),
    ("ФИО", 40),
    ("Дата рождения", 12),
    ("Пол", 6),
    ("Должность", 34),
    ("Группа риска", 8),
    ("Вариант", 14),
    ("Степень родства", 12),
    ("Страховая сумма, руб.", 13),
    ("Действует с", 12),
    ("Действует по", 12),
    ("Телефон", 20),
];
const LAST_COLUMN: u16 = 12;
/// The row of headings, below two lines of title and an empty row.
const HEADER_ROW: u32 = 3;

/// The reproducible workbook.
pub fn workbook(departments: &[Department]) -> Result<Vec<u8>, Box<dyn Error>> {
    let rows: usize = departments.iter().map(|department| department.insured.len()).sum();
    if rows != INSURED {
        return Err(format!("{rows} insured, and not {INSURED}").into());
    }
    let mut book = Workbook::new();
    let made_on = ExcelDateTime::from_ymd(2026, 11, 16)?.and_hms(9, 30, 0)?;
    book.set_properties(&DocProperties::new().set_author("Отдел кадров").set_creation_datetime(&made_on));
    let sheet = book.add_worksheet();
    sheet.set_name("Список")?;
    head(sheet)?;
    let mut table = Table { sheet, formats: Formats::new(), row: HEADER_ROW + 1, count: 0 };
    for department in departments {
        table.sub_heading(department.title)?;
        department.insured.iter().try_for_each(|insured| table.insured(insured))?;
    }
    table.foot()?;
    Ok(book.save_to_buffer()?)
}

fn head(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let title = Format::new().set_bold().set_font_size(14).set_align(FormatAlign::Center);
    let below = Format::new().set_align(FormatAlign::Center);
    let heading = Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap();
    let employer = "Список работников АО «Чернолужский машиностроительный завод» и членов их семей";
    sheet.merge_range(0, 0, 0, LAST_COLUMN, employer, &title)?;
    let purpose = "для добровольного медицинского страхования с 01.12.2026 по 30.11.2027";
    sheet.merge_range(1, 0, 1, LAST_COLUMN, purpose, &below)?;
    for ((text, width), column) in COLUMNS.into_iter().zip(0..) {
        sheet.write_string_with_format(HEADER_ROW, column, text, &heading)?;
        sheet.set_column_width(column, width)?;
    }
    sheet.set_row_height(HEADER_ROW, 32)?;
    sheet.set_freeze_panes(HEADER_ROW + 1, 0)?;
    Ok(())
}

struct Formats {
    plain: Format,
    day: Format,
    money: Format,
    sub_heading: Format,
    total: Format,
}

impl Formats {
    fn new() -> Self {
        let plain = Format::new().set_border(FormatBorder::Thin);
        Self {
            day: plain.clone().set_num_format("dd.mm.yyyy"),
            money: plain.clone().set_num_format("#,##0.00"),
            sub_heading: plain.clone().set_bold().set_background_color(0x00DD_EBF7).set_pattern(FormatPattern::Solid),
            total: plain.clone().set_bold(),
            plain,
        }
    }
}

struct Table<'s> {
    sheet: &'s mut Worksheet,
    formats: Formats,
    /// The next row.
    row: u32,
    /// The insured so far.
    count: u32,
}

impl Table<'_> {
    fn sub_heading(&mut self, title: &str) -> Result<(), XlsxError> {
        self.sheet.merge_range(self.row, 0, self.row, LAST_COLUMN, title, &self.formats.sub_heading)?;
        self.row += 1;
        Ok(())
    }

    fn insured(&mut self, insured: &Insured) -> Result<(), XlsxError> {
        self.count += 1;
        self.number(0, Some(self.count))?;
        self.number(1, insured.number)?;
        self.text(2, &insured.name)?;
        self.day(3, Some(insured.birth_date))?;
        self.text(4, if insured.sex == Sex::Female { "Ж" } else { "М" })?;
        self.text(5, insured.job)?;
        self.number(6, insured.risk_group.map(u32::from))?;
        self.text(7, insured.plan)?;
        self.text(8, insured.relation)?;
        match insured.own_sum {
            Some(sum) => self.sheet.write_number_with_format(self.row, 9, sum, &self.formats.money)?,
            None => self.sheet.write_blank(self.row, 9, &self.formats.plain)?,
        };
        self.day(10, insured.start)?;
        self.day(11, insured.end)?;
        self.text(12, &insured.phone)?;
        self.row += 1;
        Ok(())
    }

    fn number(&mut self, column: u16, number: Option<u32>) -> Result<(), XlsxError> {
        match number {
            Some(number) => self.sheet.write_number_with_format(self.row, column, number, &self.formats.plain)?,
            None => self.sheet.write_blank(self.row, column, &self.formats.plain)?,
        };
        Ok(())
    }

    fn text(&mut self, column: u16, text: &str) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, column, text, &self.formats.plain)?;
        Ok(())
    }

    fn day(&mut self, column: u16, day: Option<Date>) -> Result<(), XlsxError> {
        match day {
            Some(day) => {
                let (year, month) = (day.year().unsigned_abs(), day.month().unsigned_abs());
                let day = ExcelDateTime::from_ymd(year, month, day.day().unsigned_abs())?;
                self.sheet.write_datetime_with_format(self.row, column, &day, &self.formats.day)?
            }
            None => self.sheet.write_blank(self.row, column, &self.formats.plain)?,
        };
        Ok(())
    }

    /// The sum, and who made the list.
    fn foot(&mut self) -> Result<(), XlsxError> {
        let total = format!("Итого застрахованных: {}", self.count);
        self.sheet.merge_range(self.row, 0, self.row, LAST_COLUMN, &total, &self.formats.total)?;
        self.sheet.write_string(
            self.row + 2,
            0,
            "Исполнитель: специалист по кадрам Заречная М. Ю., +7 (000) 100-00-00",
        )?;
        Ok(())
    }
}
