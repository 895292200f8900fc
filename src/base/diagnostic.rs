//! Diagnostics: the problems of the rows of a table, each with its code, severity and place, and what to do.
//!
//! A diagnostic never stops a run: those of all rows are collected and reported together. The errors that stop a run
//! are those of [`Error`](crate::base::error::Error).

use crate::base::messages::Message;
use crate::base::named_enum::named_enum;

named_enum! {
    /// The effect of a diagnostic on its row.
    pub enum Severity {
        /// The row is rejected.
        Error = "error",
        /// The row is outside the tariff: an underwriter decides.
        Referral = "referral",
        /// The row is priced, and a person should check it.
        Warning = "warning",
    }
}

named_enum! {
    /// The kind of a diagnostic, in the order in which kinds are counted.
    pub enum Code with severity: Severity {
        /// The file cannot be read as a roster.
        UnreadableFile = "unreadable-file" => Severity::Error,
        /// No sheet of the file has a header row, or the sheet that the contract names is missing.
        NoRoster = "no-roster" => Severity::Error,
        /// Several sheets hold a roster, and the contract names none of them.
        SeveralSheets = "several-sheets" => Severity::Error,
        /// A required field has no column.
        MissingColumn = "missing-column" => Severity::Error,
        /// Two columns have headings of one field.
        AmbiguousColumn = "ambiguous-column" => Severity::Error,
        /// A column that holds no field of the roster, though its cells look like those of one.
        UnclaimedColumn = "unclaimed-column" => Severity::Error,
        /// A sheet that was not read and may hold people.
        UnreadSheet = "unread-sheet" => Severity::Error,
        /// Insured below a sub-heading, or on a sheet, that is about those who left.
        LeftSection = "left-section" => Severity::Error,
        /// A line beside the rows orders who is insured or from when.
        OrderingLine = "ordering-line" => Severity::Error,
        /// A row without a name.
        MissingName = "missing-name" => Severity::Error,
        /// The name cannot be one: lost letters, a number, a day, a vacancy.
        BadName = "bad-name" => Severity::Error,
        /// A name, a number or a heading with a control character, such as NUL.
        ControlCharacter = "control-character" => Severity::Error,
        /// No birth date.
        MissingBirthDate = "missing-birth-date" => Severity::Error,
        /// No age in a row of a census.
        MissingAge = "missing-age" => Severity::Error,
        /// No number of insured in a row of a census.
        MissingCount = "missing-count" => Severity::Error,
        /// No risk group, neither in the row nor by default.
        MissingRiskGroup = "missing-risk-group" => Severity::Error,
        /// No plan where the contract has more than one.
        MissingPlan = "missing-plan" => Severity::Error,
        /// The birth date cannot be read, is before 1900 or after the first day of cover.
        BadBirthDate = "bad-birth-date" => Severity::Error,
        /// A day has a time of day that is not midnight, so that a day may be lost.
        TimeOfDay = "time-of-day" => Severity::Error,
        /// Days of a column are day first and month first.
        DateOrder = "date-order" => Severity::Error,
        /// The risk group cannot be read or is not one of the tariff's.
        BadRiskGroup = "bad-risk-group" => Severity::Error,
        /// The age of a census cannot be read, or the tariff has several coefficients for its range.
        BadAge = "bad-age" => Severity::Error,
        /// The number of insured of a census cannot be read or is too large.
        BadCount = "bad-count" => Severity::Error,
        /// The sum insured cannot be read, is out of bounds (`I17`), or stands where the plan has several covers.
        BadSumInsured = "bad-sum-insured" => Severity::Error,
        /// The insured's own days cannot be read or are outside the contract's (`I16`).
        BadCoverDates = "bad-cover-dates" => Severity::Error,
        /// No plan of that code or name.
        UnknownPlan = "unknown-plan" => Severity::Error,
        /// The same name and birth date as another insured.
        DuplicateInsured = "duplicate-insured" => Severity::Error,
        /// The same id as another insured.
        DuplicateId = "duplicate-id" => Severity::Error,
        /// No action in a row of a list of changes.
        MissingAction = "missing-action" => Severity::Error,
        /// The action of a list of changes is unknown.
        BadAction = "bad-action" => Severity::Error,
        /// The person who leaves or changes plans is not insured by the contract.
        NotInsured = "not-insured" => Severity::Error,
        /// The person who leaves or changes plans matches several insured, or one by id and another by name.
        AmbiguousInsured = "ambiguous-insured" => Severity::Error,
        /// The person who joins is already insured by the contract.
        AlreadyInsured = "already-insured" => Severity::Error,
        /// The person who changes plans is already on that plan.
        SamePlan = "same-plan" => Severity::Error,
        /// A row of a list of changes states a day of cover that is not the book's and that its action does not change.
        CoverDiffers = "cover-differs" => Severity::Error,
        /// The age is outside a children's programme, or an exclusion does not exist at that age (`I6`, `I8`).
        AgeOutsideProgramme = "age-outside-programme" => Severity::Error,
        /// The age is outside the tariff's table (`I5`).
        AgeOutsideTariff = "age-outside-tariff" => Severity::Referral,
        /// No service in a row of a clinic's table.
        MissingService = "missing-service" => Severity::Error,
        /// No day of a service.
        MissingDay = "missing-day" => Severity::Error,
        /// No price of a service.
        MissingPrice = "missing-price" => Severity::Error,
        /// The day of a service or of a letter cannot be read.
        BadDay = "bad-day" => Severity::Error,
        /// The price of a service cannot be read, or it is not price times quantity.
        BadPrice = "bad-price" => Severity::Error,
        /// The quantity of a service cannot be read.
        BadQuantity = "bad-quantity" => Severity::Error,
        /// The total of a clinic's register is not the sum of its rows.
        TotalDiffers = "total-differs" => Severity::Warning,
        /// A row about an insured states another plan, risk group, sum insured or relation than the book.
        BookDiffers = "book-differs" => Severity::Warning,
        /// A correction with a day: it counts from the insured's first day.
        CorrectionDay = "correction-day" => Severity::Warning,
        /// A date that is only a number, read as Excel's serial.
        ExcelSerialDate = "excel-serial-date" => Severity::Warning,
        /// The days of a column are read month first, as some of them can only be.
        MonthFirst = "month-first" => Severity::Warning,
        /// A relation that is not understood: it gives no right to a family discount.
        UnknownRelation = "unknown-relation" => Severity::Warning,
        /// A name with letters of two alphabets.
        MixedAlphabet = "mixed-alphabet" => Severity::Warning,
        /// The same birth date and almost the same name as another insured.
        SimilarInsured = "similar-insured" => Severity::Warning,
        /// A column that holds no field of the roster.
        UnknownColumn = "unknown-column" => Severity::Warning,
        /// A programme that is not for this sex.
        SexAndProgramme = "sex-and-programme" => Severity::Warning,
        /// A sex that is not understood.
        UnknownSex = "unknown-sex" => Severity::Warning,
        /// The sex of the row and that of the patronymic differ.
        SexAndName = "sex-and-name" => Severity::Warning,
        /// The age of the row and that by the birth date differ.
        AgeAndBirthDate = "age-and-birth-date" => Severity::Warning,
        /// An id that lost its last digits in Excel, or whose formula has no result.
        BadId = "bad-id" => Severity::Warning,
        /// A hidden sheet is read.
        HiddenSheet = "hidden-sheet" => Severity::Warning,
        /// Rows that look like signatures were skipped, and insured follow them.
        SkippedRow = "skipped-row" => Severity::Warning,
        /// Hidden rows are read: hidden by hand or by a filter.
        HiddenRow = "hidden-row" => Severity::Warning,
        /// Hidden columns are read.
        HiddenColumn = "hidden-column" => Severity::Warning,
        /// Rows that are struck out are read.
        StruckOut = "struck-out" => Severity::Warning,
        /// Cells have notes of their own, which are not read.
        CellNote = "cell-note" => Severity::Warning,
        /// Whether anything of a sheet is hidden or struck out is unknown.
        NotChecked = "not-checked" => Severity::Warning,
        /// Cells merged over several insured: only the first of them keeps the value.
        MergedCells = "merged-cells" => Severity::Warning,
        /// The encoding is unknown: windows-1251 is assumed.
        GuessedEncoding = "guessed-encoding" => Severity::Warning,
    }
}

/// A place in the tables that were read: a sheet, a row and a column, as Excel counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The index of the sheet among those that were read.
    pub sheet: u16,
    /// The row, from 1; 0 for the whole sheet or file.
    pub row: u32,
    /// The column, from 0; none for the whole row.
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

/// Excel's letters of a column: 0 is `A`, 26 is `AA`.
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

/// One problem of a row, with its place and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind.
    pub code: Code,
    /// The place.
    pub place: Place,
    /// The value of the cell, masked where it is personal; empty where there is none.
    pub value: String,
    /// What is wrong and what to do, without personal data.
    pub message: Message,
}

/// The shape of a personal value, without its content: `31.12.80` → `##.##.##`, `Иванов И.` → `И***** И.`.
#[must_use]
pub fn masked(value: &str) -> String {
    let mut is_inside_word = false;
    shortened_with(value, |letter| {
        let is_after_letter = std::mem::replace(&mut is_inside_word, letter.is_alphabetic());
        match letter {
            _ if letter.is_numeric() => '#',
            _ if letter.is_alphabetic() && is_after_letter => '*',
            _ => letter,
        }
    })
}

/// A value that is not personal, cut where it is long.
#[must_use]
pub fn shortened(value: &str) -> String {
    shortened_with(value, |letter| letter)
}

/// The first letters of a value, changed by `change` and without control characters.
fn shortened_with(value: &str, mut change: impl FnMut(char) -> char) -> String {
    const SHOWN: usize = 40;
    let without_controls = |letter: char| if letter.is_control() { ' ' } else { letter };
    let mut shown: String = value.chars().take(SHOWN).map(|letter| without_controls(change(letter))).collect();
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
    fn a_masked_value_keeps_only_its_shape() {
        assert_eq!(masked("31.12.80"), "##.##.##");
        assert_eq!(masked("Иванов-Петров И. О."), "И*****-П***** И. О.");
        assert_eq!(masked(&"я".repeat(60)), format!("я{}…", "*".repeat(39)));
    }
}
