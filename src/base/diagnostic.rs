//! What is wrong with the rows of a roster: codes, severities, the place of each, and what to do.
//!
//! A diagnostic never stops a run: all of all rows are collected and reported together. What stops a run is an
//! [`Error`](crate::base::error::Error).

use std::fmt;

use crate::base::messages::Message;

/// What a diagnostic does to its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The row is rejected.
    Error,
    /// The row is outside the tariff: an underwriter decides.
    Referral,
    /// The row is priced, and somebody should look.
    Warning,
}

impl Severity {
    /// The word in the files: `error`, `referral`, `warning`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Referral => "referral",
            Self::Warning => "warning",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $text:literal, $severity:ident;)*) => {
        /// The kind of a diagnostic; its name in the files is a promise.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $code,)* }

        impl Code {
            /// Every code, in the order in which they are counted.
            pub const ALL: &[Self] = &[$(Self::$code,)*];

            /// The name in the files.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => $text,)* }
            }

            /// What a diagnostic of this code does to its row.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$code => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// The file cannot be read as a roster.
    UnreadableFile = "unreadable-file", Error;
    /// No sheet of the file has a row of headings, or the sheet that the contract names is not there.
    NoRoster = "no-roster", Error;
    /// Several sheets hold a roster and the contract does not say which to take.
    SeveralSheets = "several-sheets", Error;
    /// A field that is needed has no column.
    MissingColumn = "missing-column", Error;
    /// Two columns claim one field.
    AmbiguousColumn = "ambiguous-column", Error;
    /// No name where there is a row.
    MissingName = "missing-name", Error;
    /// No birth date.
    MissingBirthDate = "missing-birth-date", Error;
    /// No age where a census counts somebody.
    MissingAge = "missing-age", Error;
    /// No number of insured in a row of a census.
    MissingCount = "missing-count", Error;
    /// No risk group, neither in the row nor by default.
    MissingRiskGroup = "missing-risk-group", Error;
    /// No plan where the contract has more than one.
    MissingPlan = "missing-plan", Error;
    /// The birth date cannot be read, is before 1900 or after the first day of cover.
    BadBirthDate = "bad-birth-date", Error;
    /// The risk group cannot be read or is not one of the tariff's.
    BadRiskGroup = "bad-risk-group", Error;
    /// The age of a census cannot be read, or the tariff tells ages of its range apart.
    BadAge = "bad-age", Error;
    /// The number of insured of a census cannot be read, or there are too many.
    BadCount = "bad-count", Error;
    /// The sum insured cannot be read, is out of bounds (`I17`), or stands where the plan has several covers.
    BadSumInsured = "bad-sum-insured", Error;
    /// The insured's own days cannot be read or are outside the contract's (`I16`).
    BadCoverDates = "bad-cover-dates", Error;
    /// No plan of that code or name.
    UnknownPlan = "unknown-plan", Error;
    /// The same name and birth date again.
    DuplicateInsured = "duplicate-insured", Error;
    /// The same id on two different persons.
    DuplicateId = "duplicate-id", Error;
    /// A row of a list of changes does not say what happens.
    MissingAction = "missing-action", Error;
    /// What happens is said in a word that is not known.
    BadAction = "bad-action", Error;
    /// Who leaves or changes plans is not insured by the contract.
    NotInsured = "not-insured", Error;
    /// Who leaves or changes plans may be one of several, or is one by the id and another by the name.
    AmbiguousInsured = "ambiguous-insured", Error;
    /// Who joins is insured by the contract already.
    AlreadyInsured = "already-insured", Error;
    /// Who changes plans is on that plan already.
    SamePlan = "same-plan", Error;
    /// The age is outside a children's programme, or an exclusion does not exist at that age (`I6`, `I8`).
    AgeOutsideProgramme = "age-outside-programme", Error;
    /// The age is outside the tariff's table (`I5`).
    AgeOutsideTariff = "age-outside-tariff", Referral;
    /// No service in a row of a clinic's table.
    MissingService = "missing-service", Error;
    /// No day on which a service was done.
    MissingDay = "missing-day", Error;
    /// No price of a service.
    MissingPrice = "missing-price", Error;
    /// The day of a service or of a letter cannot be read.
    BadDay = "bad-day", Error;
    /// The price of a service cannot be read, or it is not price times quantity.
    BadPrice = "bad-price", Error;
    /// The quantity of a service cannot be read.
    BadQuantity = "bad-quantity", Error;
    /// The sum under a register is not the sum of its rows.
    TotalDiffers = "total-differs", Warning;
    /// A date that is only a number: taken as Excel's serial.
    ExcelSerialDate = "excel-serial-date", Warning;
    /// A name with letters of two alphabets.
    MixedAlphabet = "mixed-alphabet", Warning;
    /// The same birth date and almost the same name again.
    SimilarInsured = "similar-insured", Warning;
    /// A column that is none of the roster's fields.
    UnknownColumn = "unknown-column", Warning;
    /// A programme that is not for this sex.
    SexAndProgramme = "sex-and-programme", Warning;
    /// An id that has lost its last digits in Excel, or whose formula has no result.
    BadId = "bad-id", Warning;
    /// A sheet that is read and that Excel does not show.
    HiddenSheet = "hidden-sheet", Warning;
    /// A sheet without known headings was not read, and may hold people.
    UnreadSheet = "unread-sheet", Warning;
    /// Rows that look like signatures were passed over, and insured follow them.
    SkippedRow = "skipped-row", Warning;
    /// Rows that are read and that Excel does not show: hidden by hand or by a filter.
    HiddenRow = "hidden-row", Warning;
    /// Columns that are read and that Excel does not show.
    HiddenColumn = "hidden-column", Warning;
    /// Cells that are merged over several insured: all but the first have nothing there.
    MergedCells = "merged-cells", Warning;
    /// The bytes are no known encoding: taken as windows-1251.
    GuessedEncoding = "guessed-encoding", Warning;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where something stands: a sheet of a file, and a row and column of it as Excel counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which of the roster's sheets: its place in [`Roster::sheets`](crate::roster::Roster).
    pub sheet: u16,
    /// The row, from 1; 0 where the whole sheet or file is meant.
    pub row: u32,
    /// The column, from 0, where one is meant.
    pub column: Option<u32>,
}

impl Place {
    /// The place of a whole sheet.
    #[must_use]
    pub const fn sheet(sheet: u16) -> Self {
        Self { sheet, row: 0, column: None }
    }

    /// The place of a whole row.
    #[must_use]
    pub const fn row(sheet: u16, row: u32) -> Self {
        Self { sheet, row, column: None }
    }

    /// The place of one cell.
    #[must_use]
    pub const fn cell(sheet: u16, row: u32, column: u32) -> Self {
        Self { sheet, row, column: Some(column) }
    }
}

/// The letters by which Excel names a column: 0 is `A`, 26 is `AA`.
#[must_use]
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let digit = (rest - 1) % 26;
        letters.push(char::from(b'A' + u8::try_from(digit).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// One thing that is wrong, with its place and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// Where it is.
    pub place: Place,
    /// What stands there, already masked where it is personal; empty where nothing does.
    pub value: String,
    /// What is wrong and what to do, without any personal data.
    pub message: Message,
}

/// A personal value with its shape left and its content gone: `31.12.80` → `##.##.##`, `Иванов И.` → `И***** И.`.
#[must_use]
pub fn masked(value: &str) -> String {
    const SHOWN: usize = 40;
    let mut inside_word = false;
    let mut shown: String = value
        .chars()
        .take(SHOWN)
        .map(|letter| {
            let after_letter = std::mem::replace(&mut inside_word, letter.is_alphabetic());
            match letter {
                _ if letter.is_numeric() => '#',
                _ if letter.is_control() => ' ',
                _ if letter.is_alphabetic() && after_letter => '*',
                _ => letter,
            }
        })
        .collect();
    if value.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// A value of no person, cut where it is long.
#[must_use]
pub fn shortened(value: &str) -> String {
    const SHOWN: usize = 40;
    let mut shown: String =
        value.chars().take(SHOWN).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if value.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_excel_names_them() {
        for (column, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")] {
            assert_eq!(column_letters(column), letters);
        }
    }

    #[test]
    fn a_masked_value_keeps_its_shape_only() {
        assert_eq!(masked("31.12.80"), "##.##.##");
        assert_eq!(masked("Иванов-Петров И. О."), "И*****-П***** И. О.");
        assert_eq!(masked(&"я".repeat(60)), format!("я{}…", "*".repeat(39)));
    }
}
