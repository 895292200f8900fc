//! The rows of the book's files, as columns in memory; each table is declared once, with its columns in the order of the file.

pub(crate) mod value;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use polars::prelude::{Column, DataFrame, PolarsResult};
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::money::parse_decimal;
use crate::output::parquet::io_error::write_error;
use crate::portfolio::premium::line::Line;
use crate::portfolio::store::{Damage, FileKind, Reader, Writer};
use crate::pricing::cube::Axes;
use crate::roster::contacts::Contacts;
pub use selected::{InsuredAgeRows, InsuredDayRows, LineDayRows, RateRows};
use value::Value;
pub use value::{MONEY_DIGITS, money, texts};

/// The largest premium of a contract in a book, in kopecks: 10¹⁶ RUB less one kopeck.
pub const MAX_KOPECKS: i64 = 999_999_999_999_999_999;

/// Consecutive rows of a file of one kind.
pub trait Rows: Default + Send {
    /// No row, and room for `rows` rows.
    fn with_capacity(rows: usize) -> Self;

    /// Their number.
    fn len(&self) -> usize;

    /// Whether there is no row.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends the rows of another.
    fn append(&mut self, other: Self);

    /// Removes and returns the rows from `at` on.
    #[must_use]
    fn split_off(&mut self, at: usize) -> Self;

    /// A copy of some rows, without the contract numbers.
    #[must_use]
    fn copy_of(&self, range: Range<usize>) -> Self;

    /// The rows as a frame.
    ///
    /// # Errors
    ///
    /// The library's error where an amount has too many digits.
    fn frame(&self) -> PolarsResult<DataFrame>;

    /// Reads a row group, without the contract numbers, which the register knows.
    ///
    /// # Errors
    ///
    /// [`Damage`] where the file is not as it was written.
    fn read(reader: &Reader, group: usize) -> Result<Self, Damage>;
}

/// The column of contract numbers, run-length encoded.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Numbers {
    runs: Vec<(String, usize)>,
}

impl Numbers {
    /// The same number for `rows` rows.
    #[must_use]
    pub fn repeat(number: &str, rows: usize) -> Self {
        Self { runs: vec![(number.to_owned(), rows)] }
    }

    fn append(&mut self, other: Self) {
        self.runs.extend(other.runs);
    }

    fn split_off(&mut self, at: usize) -> Self {
        let mut left = at;
        let mut place = 0;
        while place < self.runs.len() && left >= self.runs[place].1 {
            left -= self.runs[place].1;
            place += 1;
        }
        let mut rest = self.runs.split_off(place);
        if let (true, Some(first)) = (left > 0, rest.first_mut()) {
            self.runs.push((first.0.clone(), left));
            first.1 -= left;
        }
        Self { runs: rest }
    }

    fn column(&self) -> Column {
        let numbers = self.runs.iter().flat_map(|(number, rows)| std::iter::repeat_n(number.as_str(), *rows));
        texts("number", numbers)
    }
}

macro_rules! rows {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $column:ident: $kind:ty,)* }) => {
        $(#[$about])*
        #[derive(Debug, Default, Clone, PartialEq)]
        pub struct $name {
            /// The contract.
            pub number: Numbers,
            $($(#[$doc])* pub $column: Vec<$kind>,)*
        }

        impl Rows for $name {
            fn with_capacity(rows: usize) -> Self {
                Self { number: Numbers::default(), $($column: Vec::with_capacity(rows),)* }
            }

            fn len(&self) -> usize {
                [$(self.$column.len(),)*][0]
            }

            fn append(&mut self, mut other: Self) {
                self.number.append(other.number);
                $(self.$column.append(&mut other.$column);)*
            }

            fn split_off(&mut self, at: usize) -> Self {
                Self { number: self.number.split_off(at), $($column: self.$column.split_off(at),)* }
            }

            fn copy_of(&self, range: Range<usize>) -> Self {
                Self { number: Numbers::default(), $($column: self.$column[range.clone()].to_vec(),)* }
            }

            fn frame(&self) -> PolarsResult<DataFrame> {
                let columns = vec![self.number.column(), $(Value::column(stringify!($column), &self.$column)?,)*];
                DataFrame::new(self.len(), columns)
            }

            fn read(reader: &Reader, group: usize) -> Result<Self, Damage> {
                let names = [$(stringify!($column),)*];
                let rows = usize::try_from(reader.groups()[group].rows).map_err(|_| reader.damage())?;
                let mut columns = reader.columns(group, &names)?.into_iter();
                let mut next = || columns.next().flatten();
                $(
                    let $column = Value::values_or_missing(next().as_ref(), rows);
                    let $column = $column.filter(|values| values.len() == rows).ok_or_else(|| reader.damage())?;
                )*
                Ok(Self { number: Numbers::default(), $($column,)* })
            }
        }
    };
}

mod selected;

rows! {
    /// The insured of a contract, one row each: first those of the roster in its order, then those who joined later.
    InsuredRows {
        /// The insured's place in the contract, from 1.
        insured: u32,
        /// The id in the roster, empty where there is none.
        id: String,
        /// The name.
        name: String,
        /// The day of birth, in days since 1970.
        birth_date: i32,
        /// The relation to the employee, where the roster has one.
        relation: Option<String>,
        /// The place of the insured who heads the family, if the roster has families.
        head: Option<u32>,
        /// The plan.
        plan: String,
        /// The age on the first day of the insured's own cover, in completed years.
        age: u32,
        /// The risk group.
        risk_group: u32,
        /// The first day of cover, in days since 1970.
        start: i32,
        /// The last day of cover.
        end: i32,
        /// The telephone; like the next four columns, for the clinics only.
        phone: Option<String>,
        /// The e-mail address.
        email: Option<String>,
        /// The address.
        address: Option<String>,
        /// The passport.
        passport: Option<String>,
        /// The number of the pension insurance (СНИЛС).
        snils: Option<String>,
        /// The place of the insured's first row, where a change of plan has begun this one.
        person: Option<u32>,
        /// The policy number of the roster, where it has one, or of the event by which the insured joined.
        policy_number: Option<String>,
    }
}

impl InsuredRows {
    /// The place of the insured's first row, which no endorsement changes.
    #[must_use]
    pub fn person_of(&self, at: usize) -> u32 {
        self.person[at].unwrap_or(self.insured[at])
    }

    /// The contacts that the clinics receive.
    #[must_use]
    pub fn contacts(&self, at: usize) -> Contacts<Option<&str>> {
        [&self.phone, &self.email, &self.address, &self.passport, &self.snils].map(|column| column[at].as_deref())
    }

    /// Appends the contacts that the clinics receive.
    pub fn push_contacts(&mut self, contacts: Contacts<Option<String>>) {
        let columns = [&mut self.phone, &mut self.email, &mut self.address, &mut self.passport, &mut self.snils];
        columns.into_iter().zip(contacts).for_each(|(column, contact)| column.push(contact));
    }
}

rows! {
    /// The cells of a contract, one row each: its coordinates and its rate at inception.
    CellRows {
        /// The cell's place in the contract.
        cell: u32,
        /// The plan.
        plan: String,
        /// The programme.
        programme: String,
        /// The first age that has this rate, in completed years.
        age_from: u32,
        /// The last age that has this rate.
        age_to: u32,
        /// The risk group.
        risk_group: u32,
        /// The price level (§2.3) that the rate includes.
        level: String,
        /// The rate before any price change of the book, with every digit.
        rate: String,
        /// The coefficient by age of insured that the contract accepts outside of the tariff's ages (`I73`).
        age_coefficient: Option<String>,
    }
}

impl CellRows {
    /// The coefficient by age that an underwriter chose for the insured of a cell (`I73`); `None` where it is the tariff's.
    #[must_use]
    pub fn accepted_age(&self, at: usize) -> Option<Decimal> {
        self.age_coefficient.get(at)?.as_deref().and_then(parse_decimal)
    }

    /// The age class of a cell; `None` where the axes have none for it, which no book of this program holds.
    #[must_use]
    pub fn age_class(&self, at: usize, axes: &Axes) -> Option<u8> {
        match self.accepted_age(at) {
            Some(coefficient) => axes.accepted_class(coefficient),
            None => axes.age_class(u16::try_from(*self.age_from.get(at)?).ok()?),
        }
    }
}

rows! {
    /// The lines of a contract, one row each, in the order of its insured and of their covers.
    LineRows {
        /// The insured's place in the contract.
        insured: u32,
        /// The cell's place in the contract.
        cell: u32,
        /// The sum insured, in kopecks.
        sum_insured: i64,
        /// The first day of cover, in days since 1970.
        start: i32,
        /// The last day of cover.
        end: i32,
        /// The premium that was written for it with the rows, in kopecks.
        premium: i64,
    }
}

rows! {
    /// The lines that a price change has repriced.
    RepricedRows {
        /// The insured's place in the contract.
        insured: u32,
        /// The plan.
        plan: Arc<str>,
        /// The programme.
        programme: Arc<str>,
        /// The risk group.
        risk_group: u32,
        /// The sum insured, in kopecks.
        sum_insured: i64,
        /// The rate in force before the change, with every digit.
        rate_before: Arc<str>,
        /// The rate after it.
        rate_after: Arc<str>,
        /// The first day of the new price, in days since 1970.
        from: i32,
        /// The last day of cover.
        end: i32,
        /// The days from `from` to `end`.
        unexpired_days: u32,
        /// The additional premium, in kopecks.
        additional: i64,
        /// The credit, in kopecks.
        credit: i64,
    }
}

impl LineRows {
    /// The line of a row.
    #[must_use]
    pub fn line(&self, at: usize) -> Line {
        Line {
            cell: self.cell[at] as usize,
            sum_insured: self.sum_insured[at],
            start: self.start[at],
            end: self.end[at],
        }
    }
}

/// All rows of a contract.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct ContractRows {
    /// Its insured.
    pub insured: InsuredRows,
    /// Its cells.
    pub cells: CellRows,
    /// Its lines.
    pub lines: LineRows,
}

impl ContractRows {
    /// The kinds of the files that hold the rows, in the order of their files.
    pub const KINDS: [FileKind; 3] = [FileKind::Insured, FileKind::Cells, FileKind::Lines];

    /// The number of rows of each kind.
    #[must_use]
    pub fn lengths(&self) -> [usize; 3] {
        [self.insured.len(), self.cells.len(), self.lines.len()]
    }

    /// The coefficient by age of each insured that the contract accepts outside of the tariff's ages (`I73`), by the place of the
    /// insured's first row.
    #[must_use]
    pub fn accepted_ages(&self) -> BTreeMap<u32, Decimal> {
        if self.cells.age_coefficient.iter().all(Option::is_none) {
            return BTreeMap::new();
        }
        let lines = self.lines.insured.iter().zip(&self.lines.cell);
        let accepted = lines.filter_map(|(insured, cell)| {
            let coefficient = self.cells.accepted_age(*cell as usize)?;
            let row = (*insured as usize).checked_sub(1).filter(|row| *row < self.insured.len())?;
            Some((self.insured.person_of(row), coefficient))
        });
        accepted.collect()
    }

    /// Sets the number of the contract in every row.
    pub fn set_number(&mut self, number: &str) {
        self.insured.number = Numbers::repeat(number, self.insured.len());
        self.cells.number = Numbers::repeat(number, self.cells.len());
        self.lines.number = Numbers::repeat(number, self.lines.len());
    }
}

/// Creates a file at `path` for rows of this type.
///
/// # Errors
///
/// [`Error::Io`] where the system refuses, [`Error::Parquet`] where the library does.
pub fn create_file<R: Rows>(kind: FileKind, path: &Path) -> Result<Writer, Error> {
    let empty = R::default().frame().map_err(|fault| write_error(path, &fault))?;
    Writer::create(kind, path, empty.schema())
}

#[cfg(test)]
mod tests;
