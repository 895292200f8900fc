//! The request for the files of a quote: which, in which formats and in which language.

use crate::base::messages::Language;
use crate::base::named_enum::named_enum;
use crate::output::pdf::Template;
use crate::quote::documents::DocumentKind;

named_enum! {
    /// A form of the file of lines.
    pub enum LineFormat {
        /// `premiums.csv`.
        Csv = "csv",
        /// `premiums.parquet`.
        Parquet = "parquet",
    }
}

/// The request for the files of a quote.
#[derive(Debug, Clone)]
pub struct FilesRequest {
    /// The language of messages.
    pub language: Language,
    /// The files of lines, each once.
    pub formats: Vec<LineFormat>,
    /// Whether only the clean rows were to be priced.
    pub preliminary: bool,
    /// The documents for people, made where there is a price; they need the lines as CSV.
    pub documents: Vec<DocumentKind>,
    /// The template of the offer, where it is one of the documents.
    pub template: Template,
    /// Whether the page among the documents names the insured.
    pub with_names: bool,
}
