//! The formats of tables, each written by a few lines of its own: no library writes what is peculiar.

mod csv;
mod ods;
mod xls;
mod xlsb;
mod xlsx;

use crate::formats::sheet::Sheet;

/// A format of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Xlsx,
    Xls,
    Xlsb,
    /// `.xlsb` with short records.
    ShortXlsb,
    Ods,
    Csv,
}

impl Format {
    pub const ALL: [Self; 6] = [Self::Xlsx, Self::Xls, Self::Xlsb, Self::ShortXlsb, Self::Ods, Self::Csv];

    pub const fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Xlsb | Self::ShortXlsb => "xlsb",
            Self::Ods => "ods",
            Self::Csv => "csv",
        }
    }

    pub fn write(self, sheet: &Sheet) -> Vec<u8> {
        match self {
            Self::Xlsx => xlsx::write(sheet),
            Self::Xls => xls::write(sheet),
            Self::Xlsb => xlsb::write(sheet, false),
            Self::ShortXlsb => xlsb::write(sheet, true),
            Self::Ods => ods::write(sheet),
            Self::Csv => csv::write(sheet),
        }
    }
}
