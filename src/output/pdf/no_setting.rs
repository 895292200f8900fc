//! The setting of documents in a build without the feature `pdf`: every document is refused with that reason.

use crate::output::pdf::data::Data;
use crate::output::pdf::render_fault::RenderFault;
use crate::output::pdf::template::Template;

/// Refuses a document.
///
/// # Errors
///
/// [`RenderFault::NotBuilt`], always.
pub fn typeset(_: &Template, _: &Data<'_>) -> Result<Vec<u8>, RenderFault> {
    Err(RenderFault::NotBuilt)
}

/// A press that sets no document.
pub struct Press;

impl Press {
    /// The press of a template.
    pub const fn new(_: &Template) -> Self {
        Self
    }

    /// Refuses a document.
    ///
    /// # Errors
    ///
    /// [`RenderFault::NotBuilt`], always.
    #[expect(clippy::unused_self, reason = "the press of a build with the feature sets by itself")]
    pub fn set(&self, _: &Data<'_>) -> Result<Vec<u8>, RenderFault> {
        Err(RenderFault::NotBuilt)
    }
}

/// No letters: [`typeset`] refuses the document itself.
pub(crate) fn missing_characters(_: &Template, _: &Data<'_>) -> String {
    String::new()
}

/// Every letter: [`typeset`] refuses the document itself.
#[must_use]
pub const fn has_letter(_: char) -> bool {
    true
}
