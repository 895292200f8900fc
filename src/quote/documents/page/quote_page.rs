//! A page about a quote.

use crate::output::page::builder::PageBuilder;
use crate::quote::saved_quote::SavedQuote;

/// A page about a quote that is being written.
pub(super) type QuotePage<'w> = PageBuilder<'w, SavedQuote>;
