//! The rows of the book's files, in columns.

pub(crate) mod value;

use std::sync::Arc;

use polars::prelude::{Column, DataFrame, PolarsResult};

use crate::portfolio::store::{Damage, Reader};
use crate::roster::contacts::Contacts;
use value::Value;
pub use value::{money, texts};

/// Digits enough for any amount that a book takes; the format holds so many in eight bytes.
pub const MONEY_DIGITS: usize = 18;
/// No contract of a book costs more, in kopecks: 10¹⁶ RUB less one kopeck.
pub const MAX_KOPECKS: i64 = 999_999_999_999_999_999;

/// Rows of one part that follow each other in the file.
pub trait Rows: Default + Send {
    /// Their number.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds the rows of another after these.
    fn append(&mut self, other: Self);

    /// The rows from `at` on, which leave these.
    #[must_use]
    fn split_off(&mut self, at: usize) -> Self;

    /// The rows as a frame.
    ///
    /// # Errors
    ///
    /// What the library says.
    fn frame(&self) -> PolarsResult<DataFrame>;

    /// The rows of a row group of a file, without the numbers of their contracts, which the register knows.
    ///
    /// # Errors
    ///
    /// [`Damage`] where the file is not as it was written.
    fn read(reader: &Reader, group: usize) -> Result<Self, Damage>;
}

/// The number of the contract that rows belong to, once for all that follow each other.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Numbers {
    runs: Vec<(String, usize)>,
}

impl Numbers {
    /// One number for so many rows.
    #[must_use]
    pub fn of(number: &str, rows: usize) -> Self {
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
    ($(#[$about:meta])* $name:ident { $($(#[$says:meta])* $column:ident: $kind:ty,)* }) => {
        $(#[$about])*
        #[derive(Debug, Default, Clone, PartialEq)]
        pub struct $name {
            /// The contract.
            pub number: Numbers,
            $($(#[$says])* pub $column: Vec<$kind>,)*
        }

        impl Rows for $name {
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

            fn frame(&self) -> PolarsResult<DataFrame> {
                let columns = vec![self.number.column(), $(Value::column(stringify!($column), &self.$column)?,)*];
                DataFrame::new(self.len(), columns)
            }

            fn read(reader: &Reader, group: usize) -> Result<Self, Damage> {
                let names = [$(stringify!($column),)*];
                let rows = usize::try_from(reader.groups()[group].rows).map_err(|_| reader.damage())?;
                let mut columns = reader.columns(group, &names)?.into_iter();
                let mut next = || columns.next().flatten();
                $(let $column = Value::found(next().as_ref(), rows).ok_or_else(|| reader.damage())?;)*
                Ok(Self { number: Numbers::default(), $($column,)* })
            }
        }
    };
}

rows! {
    /// Whom a contract covers, one row each, in the order of the roster; whoever has joined later stands after.
    InsuredRows {
        /// The insured's place in the contract, from 1.
        insured: u32,
        /// The id as the roster has it, empty where there is none.
        id: String,
        /// The name.
        name: String,
        /// The day of birth, in days since 1970.
        birth_date: i32,
        /// What they are to the employee, as far as the roster says.
        relation: Option<String>,
        /// The insured who heads the family, if the roster tells of families.
        head: Option<u32>,
        /// The plan.
        plan: String,
        /// The age on the first day of the own cover, in completed years.
        age: u32,
        /// The risk group.
        risk_group: u32,
        /// The first day of cover, in days since 1970.
        start: i32,
        /// The last.
        end: i32,
        /// The telephone, for the clinics as what follows.
        phone: Option<String>,
        /// The electronic address.
        email: Option<String>,
        /// The address.
        address: Option<String>,
        /// The passport.
        passport: Option<String>,
        /// The number of the pension insurance.
        snils: Option<String>,
        /// The first row of the same person, where a change of plan has begun this one.
        person: Option<u32>,
    }
}

impl InsuredRows {
    /// Whose row it is: the number of the person's first row, which no endorsement changes.
    #[must_use]
    pub fn person_of(&self, at: usize) -> u32 {
        self.person[at].unwrap_or(self.insured[at])
    }

    /// What the clinics are told of an insured.
    #[must_use]
    pub fn contacts(&self, at: usize) -> Contacts<Option<&str>> {
        [&self.phone, &self.email, &self.address, &self.passport, &self.snils].map(|column| column[at].as_deref())
    }

    /// Adds what the clinics are told of an insured.
    pub fn push_contacts(&mut self, contacts: Contacts<Option<String>>) {
        let columns = [&mut self.phone, &mut self.email, &mut self.address, &mut self.passport, &mut self.snils];
        columns.into_iter().zip(contacts).for_each(|(column, contact)| column.push(contact));
    }
}

rows! {
    /// The cells of a contract, one row each: what its rates are told apart by, and the rates at the beginning.
    CellRows {
        /// The cell's place in the contract.
        cell: u32,
        /// The plan.
        plan: String,
        /// The programme.
        programme: String,
        /// The first age that has this rate, in completed years.
        age_from: u32,
        /// The last.
        age_to: u32,
        /// The risk group.
        risk_group: u32,
        /// The price level (§2.3) that is part of the rate.
        level: String,
        /// The rate before any price change of the book, every digit.
        rate: String,
    }
}

rows! {
    /// The cells of a contract, as far as a price change looks at them.
    RateRows {
        /// The plan.
        plan: Arc<str>,
        /// The programme.
        programme: Arc<str>,
        /// The risk group.
        risk_group: u32,
        /// The rate before any price change of the book, every digit.
        rate: Arc<str>,
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
        /// The last.
        end: i32,
        /// The premium written for it when the version was made, in kopecks.
        premium: i64,
    }
}

rows! {
    /// What a price change did to lines.
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
        /// The rate in force before the change, every digit.
        rate_before: Arc<str>,
        /// And after it.
        rate_after: Arc<str>,
        /// The first day of the new price, in days since 1970.
        from: i32,
        /// The last day of cover.
        end: i32,
        /// The days from the one to the other.
        unexpired_days: u32,
        /// The additional premium, in kopecks.
        additional: i64,
        /// What is credited, in kopecks.
        credit: i64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portfolio::store::{FOLDER, Part, Writer};

    rows! {
        /// The insured as they were written before anybody was asked for a telephone, or known again on another plan.
        EarlierRows {
            insured: u32,
            id: String,
            name: String,
            birth_date: i32,
            relation: Option<String>,
            head: Option<u32>,
            plan: String,
            age: u32,
            risk_group: u32,
            start: i32,
            end: i32,
        }
    }

    /// A file of the book with these rows, opened.
    fn written<R: Rows>(folder: &tempfile::TempDir, rows: &R) -> Reader {
        let path = folder.path().join("begun");
        let mut writer = Writer::begin(Part::Insured, &path, rows).unwrap();
        let encoded = writer.encode(&writer.frame(rows).unwrap()).unwrap();
        writer.put(encoded).unwrap();
        let stored = writer.end().unwrap();
        std::fs::create_dir_all(folder.path().join(FOLDER)).unwrap();
        std::fs::rename(path, folder.path().join(FOLDER).join(&stored.name)).unwrap();
        Reader::open(folder.path(), &stored).unwrap()
    }

    #[test]
    fn books_that_were_begun_without_contacts_and_persons_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let earlier = EarlierRows {
            number: Numbers::of("T-1", 2),
            insured: vec![1, 2],
            id: vec![String::new(); 2],
            name: vec!["Иванов Пётр".to_owned(), "Иванова Анна".to_owned()],
            birth_date: vec![3_000, 3_100],
            relation: vec![None; 2],
            head: vec![None; 2],
            plan: vec!["A".to_owned(); 2],
            age: vec![40; 2],
            risk_group: vec![1; 2],
            start: vec![20_454; 2],
            end: vec![20_818; 2],
        };
        let read = InsuredRows::read(&written(&folder, &earlier), 0).unwrap();
        assert_eq!((read.len(), &read.name), (2, &earlier.name));
        assert_eq!(read.contacts(1), [None; 5]);
        assert_eq!([0, 1].map(|at| read.person_of(at)), [1, 2], "everybody is a person of their own");
        // what nobody can be without is not made up
        assert!(LineRows::read(&written(&folder, &earlier), 0).is_err());
    }
}
