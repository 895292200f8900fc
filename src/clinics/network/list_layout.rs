//! A clinic's layout of attachment lists: format, files and columns.

use crate::base::messages::Message;
use crate::base::named_enum::named_enum;
use crate::base::toml_file::Table;

named_enum! {
    /// The format of a clinic's lists.
    pub enum ListFormat {
        /// A workbook.
        Xlsx = "xlsx",
        /// Text in UTF-8.
        Csv = "csv",
    }
}

named_enum! {
    /// The files of a clinic's lists and changes.
    pub enum ListFiles {
        /// One workbook with a sheet for each.
        One = "one",
        /// One file each for the list, attach, detach and change.
        Each = "each",
    }
}

named_enum! {
    /// The delimiter of a list as text.
    pub enum Delimiter {
        /// A comma.
        Comma = "comma",
        /// A semicolon.
        Semicolon = "semicolon",
        /// A tab.
        Tab = "tab",
    }
}

named_enum! {
    /// The content of a column of a list.
    pub enum ListField {
        /// The place in the list, from 1.
        Place = "place",
        /// The whole name.
        Name = "name",
        /// The first word of the name.
        Surname = "surname",
        /// The second word of the name.
        GivenName = "given_name",
        /// The words of the name after the second.
        Patronymic = "patronymic",
        /// The day of birth.
        BirthDate = "birth_date",
        /// The policy number.
        Policy = "policy",
        /// The code of the clinic programme.
        Programme = "programme",
        /// The name of the clinic programme.
        ProgrammeName = "programme_name",
        /// The first day of the attachment.
        FirstDay = "first_day",
        /// The last day of the attachment.
        LastDay = "last_day",
        /// The telephone.
        Phone = "phone",
        /// The e-mail address.
        Email = "email",
        /// The address.
        Address = "address",
        /// The passport.
        Passport = "passport",
        /// The СНИЛС.
        Snils = "snils",
    }
}

/// A clinic's own layout of lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListLayout {
    /// The format.
    pub format: ListFormat,
    /// The files; a text has one table, so that texts are always one each.
    pub files: ListFiles,
    /// The delimiter of texts.
    pub delimiter: Delimiter,
    /// The columns with their headings, in order; at least one.
    pub columns: Vec<(ListField, String)>,
}

impl Delimiter {
    /// The byte between two values.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// Reads the table `[clinic.lists]`.
pub(super) fn read(table: &mut Table<'_>) -> ListLayout {
    let format = table.word("format", ListFormat::parse, ListFormat::WORDS).unwrap_or(ListFormat::Xlsx);
    let files = table.word("files", ListFiles::parse, ListFiles::WORDS).unwrap_or(ListFiles::One);
    let delimiter = table.word("delimiter", Delimiter::parse, Delimiter::WORDS).unwrap_or(Delimiter::Semicolon);
    let columns = table.needed_tables("column", Message::new("list-columns-none"), |table| {
        let field = table.word("field", ListField::parse, ListField::WORDS);
        if !table.has("field") {
            table.needed("field");
        }
        let heading = table.needed_text("heading");
        Some((field?, heading?.value))
    });
    ListLayout { format, files, delimiter, columns }
}
