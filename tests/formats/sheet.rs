//! A sheet as the writers of all formats write it.

#![expect(clippy::float_arithmetic, reason = "a workbook stores numbers as binary floats")]

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    Nothing,
    Text(&'static str),
    /// Letters with fonts of their own: the texts, and whether each is struck out.
    Rich(Vec<(&'static str, bool)>),
    Number(f64),
    /// A day with its time, as the number of days of the workbook's epoch and as ISO 8601 writes it.
    Day(f64, &'static str),
    /// `#N/A`.
    Fault,
    /// A formula without a stored result.
    Formula,
    /// A formula whose result is a text of no letters.
    EmptyFormula,
    Truth(bool),
}

/// How a cell is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plain,
    Day,
    Struck,
    /// White letters on no colour.
    White,
    /// `00000`
    Zeros,
    /// `0%`
    Percent,
    /// `#,##0`
    Thousands,
    /// `#,##0,`: a thousandth of the number is shown.
    Scaled,
    /// `0" тыс. руб."`
    Unit,
}

impl Style {
    pub const ALL: [Self; 9] = [
        Self::Plain,
        Self::Day,
        Self::Struck,
        Self::White,
        Self::Zeros,
        Self::Percent,
        Self::Thousands,
        Self::Scaled,
        Self::Unit,
    ];

    pub fn number(self) -> usize {
        Self::ALL.iter().position(|style| *style == self).unwrap()
    }

    /// The code of the number format, and its number among those of every workbook or of this one.
    pub const fn format(self) -> (u16, &'static str) {
        match self {
            Self::Plain | Self::Struck | Self::White => (0, "General"),
            Self::Day => (164, "dd.mm.yyyy hh:mm:ss"),
            Self::Zeros => (165, "00000"),
            Self::Percent => (9, "0%"),
            Self::Thousands => (3, "#,##0"),
            Self::Scaled => (166, "#,##0,"),
            Self::Unit => (167, "0\" тыс. руб.\""),
        }
    }
}

#[derive(Debug, Clone)]
pub struct Cell {
    pub content: Content,
    pub style: Style,
}

/// A sheet, and what is peculiar about it. Rows and columns count from 0.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a peculiarity of its own")]
pub struct Sheet {
    pub rows: Vec<Vec<Cell>>,
    pub hidden_row: Option<usize>,
    pub hidden_column: Option<usize>,
    pub is_hidden: bool,
    /// The row and the column of a cell with a note.
    pub note: Option<(usize, usize)>,
    /// Whether the rows are written without their numbers, where they may be.
    pub lacks_row_numbers: bool,
    /// Whether a text box lies on the sheet.
    pub has_text_box: bool,
    /// The first and the last row of merged cells, and their column.
    pub merged: Option<(usize, usize, usize)>,
    /// Whether the rows below the headings are struck out under a condition: that the name is this one.
    pub struck_if_named: Option<&'static str>,
    /// The text of the header of its pages.
    pub page_header: Option<&'static str>,
    pub epoch_1904: bool,
    /// Whether the last two rows stand in the other order in the file.
    pub swaps_rows: bool,
    /// What the file states of the first and the last cell.
    pub dimension: Option<&'static str>,
    /// How the texts are encoded, where the format leaves it open.
    pub encoding: Encoding,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// The usual one of the format.
    Usual,
    /// Windows-1251, named where the format can name it.
    Windows1251,
    /// Windows-1251, not named.
    Unnamed,
    /// The page of the DOS time, named where the format can name it.
    Ibm866,
    /// UTF-16 with a byte order mark.
    Utf16,
}

pub fn text(text: &'static str) -> Cell {
    let content = if text.is_empty() { Content::Nothing } else { Content::Text(text) };
    Cell { content, style: Style::Plain }
}

pub fn number(number: f64, style: Style) -> Cell {
    Cell { content: Content::Number(number), style }
}

/// The days of the epochs of 1900 and of 1904 lie so far apart.
pub const EPOCHS_APART: f64 = 1462.0;

impl Sheet {
    /// A roster of two insured.
    pub fn roster() -> Self {
        let day = |serial: f64, iso| Cell { content: Content::Day(serial, iso), style: Style::Day };
        let insured = |id, name, birth: Cell, sum| vec![id, text(name), birth, text("1"), number(sum, Style::Plain)];
        let heading = ["Таб. №", "ФИО", "Дата рождения", "Группа риска", "Страховая сумма"];
        Self {
            rows: vec![
                heading.into_iter().map(text).collect(),
                insured(number(17.0, Style::Plain), "Егоров Пётр", day(32898.0, "1990-01-25"), 150_000.0),
                insured(number(18.0, Style::Plain), "Лунина Анна", day(33000.0, "1990-05-07"), 200_000.0),
            ],
            hidden_row: None,
            hidden_column: None,
            is_hidden: false,
            note: None,
            lacks_row_numbers: false,
            has_text_box: false,
            merged: None,
            struck_if_named: None,
            page_header: None,
            epoch_1904: false,
            swaps_rows: false,
            dimension: None,
            encoding: Encoding::Usual,
        }
    }

    /// With another cell.
    pub fn with(mut self, row: usize, column: usize, cell: Cell) -> Self {
        self.rows[row][column] = cell;
        self
    }

    /// The numbers of the rows in the order of the file.
    pub fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        if self.swaps_rows {
            let last = order.len() - 1;
            order.swap(last - 1, last);
        }
        order
    }

    /// The days of a number of days since the epoch of 1900.
    pub fn serial(&self, since_1900: f64) -> f64 {
        if self.epoch_1904 { since_1900 - EPOCHS_APART } else { since_1900 }
    }

    pub fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap()
    }
}

/// The letters of a column.
pub fn letters(column: usize) -> char {
    char::from(b'A' + u8::try_from(column).unwrap())
}
