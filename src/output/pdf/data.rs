//! The data of a document, as its template reads them.

use serde::Serialize;
use serde_json::Value;

/// The data of one document for its template.
pub(crate) struct Data<'d> {
    /// The name of the file that the template reads: `offer.json`.
    pub(super) file: &'d str,
    pub(super) json: Value,
    /// The identity of the document, from which its identifier in the PDF is made.
    pub(super) identity: &'d str,
}

impl<'d> Data<'d> {
    /// Data under the name by which the template reads them; their keys are a promise to the authors of templates.
    ///
    /// # Panics
    ///
    /// If `data` cannot be written as JSON; texts, flags and lists always can.
    pub fn new(file: &'d str, data: &impl Serialize, identity: &'d str) -> Self {
        let json = serde_json::to_value(data).expect("texts and lists are always JSON");
        Self { file, json, identity }
    }
}
