//! The kinds of documents on the command line.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::portfolio::reprice::documents::ImpactDocument;
use crate::quote::documents::DocumentKind;

/// Lets the command line take the kinds of documents by their words, with their files and contents as help.
macro_rules! document_kinds {
    ($($kind:ty),+) => {$(
        impl ValueEnum for $kind {
            fn value_variants<'a>() -> &'a [Self] {
                Self::ALL
            }

            fn to_possible_value(&self) -> Option<PossibleValue> {
                let document = self.document();
                Some(PossibleValue::new(self.as_str()).help(format!("{}: {}", document.files, document.about)))
            }
        }
    )+};
}

document_kinds!(DocumentKind, ImpactDocument);

/// The chosen kinds, each once, in the order in which they are made.
pub fn chosen_documents<K: Copy + PartialEq>(kinds: &[K], chosen: &[K]) -> Vec<K> {
    kinds.iter().filter(|kind| chosen.contains(kind)).copied().collect()
}
