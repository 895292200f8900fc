//! Documents in PDF, typeset by Typst from a template, the data of one document and a few fonts. No clock, no network.
//!
//! The data reach the template as JSON and never as markup, so that no name can change the document. The bytes depend on
//! the data and the template alone: the creation date is fixed, and the fonts are part of the program. The documents
//! conform to PDF/A-2a: searchable, tagged, everything embedded.
//! `setting` alone uses Typst; without the feature `pdf` another file takes its place, which refuses every document.

mod data;
mod render_fault;
#[cfg_attr(not(feature = "pdf"), path = "pdf/no_setting.rs")]
mod setting;
pub(crate) mod template;
pub(crate) mod text;
pub mod typesetter;

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::Builder;

use crate::base::error::Error;
use crate::table::trial::program;
pub(crate) use data::Data;
pub use setting::has_letter;
pub(crate) use setting::missing_characters;
use setting::typeset;
pub use template::{ProvidedFile, Template};
pub(crate) use text::{day, printable};

/// Typesets a document; with an own template in a child with limits, since a template is a program that may never end.
///
/// # Errors
///
/// [`Error::Refused`] with every fault of the template at its line, or where it exceeds the limits; [`Error::NoFace`] where a text has
/// letters that no font of the program or the template's folder has; [`Error::Io`] where the system refuses a child;
/// [`Error::NotBuilt`] without the feature `pdf`.
pub(crate) fn render(template: &Template, data: &Data<'_>) -> Result<Vec<u8>, Error> {
    let set = match program().filter(|_| template.folder.is_some()) {
        Some(program) => typesetter::render(program, template, data)?,
        None => typeset(template, data),
    };
    set.map_err(|fault| fault.into_error(template))
}

/// A document that is left out because it has letters that no font has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LeftOut {
    /// The index of the document.
    pub at: usize,
    /// The letters.
    pub letters: String,
}

/// Makes documents on as many threads as the program has, and stops at the first failure. Documents with missing letters
/// are skipped and reported in order.
///
/// The threads are not those of the pool: Typst spreads its own work over the pool, and a thread of the pool that waited
/// for a part of its document would begin the next document meanwhile, until its stack is full.
///
/// # Errors
///
/// The first error of `make`.
///
/// # Panics
///
/// Where `make` panics, or the system refuses a thread.
pub(crate) fn render_all<T: Sync>(
    documents: &[T],
    make: impl Fn(&T) -> Result<(), Error> + Sync,
) -> Result<Vec<LeftOut>, Error> {
    /// As much as the first thread of a program has: documents nest deeply.
    const STACK_BYTES: usize = 8 * 1024 * 1024;
    let next = AtomicUsize::new(0);
    let work = || {
        let mut left_out = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(document) = documents.get(at) else { return Ok(left_out) };
            match make(document) {
                Ok(()) => {}
                Err(Error::NoFace { letters }) => left_out.push(LeftOut { at, letters }),
                Err(fault) => {
                    next.store(documents.len(), Ordering::Relaxed);
                    return Err(fault);
                }
            }
        }
    };
    std::thread::scope(|threads| {
        let spawn = |_| Builder::new().stack_size(STACK_BYTES).spawn_scoped(threads, work);
        let makers: Vec<_> = (0..rayon::current_num_threads().min(documents.len())).map(spawn).collect();
        let done = makers.into_iter().map(|maker| maker.expect("the system provides a thread").join());
        let done = done.map(|done| done.unwrap_or_else(|panic| resume_unwind(panic)));
        let mut left_out = done.collect::<Result<Vec<_>, _>>()?.concat();
        left_out.sort();
        Ok(left_out)
    })
}
