//! Calls of a library that may break down over a damaged file.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use crate::table::file_fault::FileFault;

thread_local! {
    /// Whether this thread is inside of such a call.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// What a call gives; a breakdown inside of it is a file that is broken, and nothing is printed.
///
/// The library's readers count on files as Excel writes them and index where a damaged one has nothing. What was being read
/// is given up after a breakdown, so that no half-changed state is seen.
///
/// # Errors
///
/// [`FileFault::Broken`] after a breakdown, else what the call gives.
pub fn contained<T>(call: impl FnOnce() -> Result<T, FileFault>) -> Result<T, FileFault> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !INSIDE.get() {
                usual(panic);
            }
        }));
    });
    INSIDE.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(call));
    INSIDE.set(false);
    outcome.unwrap_or_else(|_| Err(FileFault::Broken("breakdown while reading".to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breakdown_is_a_broken_file() {
        let broken: Result<u8, _> = contained(|| Ok([1_u8, 2][std::hint::black_box(7)]));
        assert!(matches!(broken, Err(FileFault::Broken(_))));
        assert!(matches!(contained(|| Ok(5)), Ok(5)));
        assert!(matches!(contained(|| Err::<(), _>(FileFault::Empty)), Err(FileFault::Empty)));
    }
}
