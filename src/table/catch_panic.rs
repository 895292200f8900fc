//! Calls of libraries that may panic over a damaged file.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use crate::table::file_fault::FileFault;

thread_local! {
    /// Whether this thread is inside such a call.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Runs a call and turns a panic inside it into a broken file; no panic message is printed.
///
/// The libraries expect files as Excel writes them, and index where a damaged file has nothing. Callers drop what they were reading
/// after a fault, so that no half-changed state is seen.
///
/// # Errors
///
/// [`FileFault::Broken`] after a panic, else the error of the call.
pub fn catch_panic<T>(call: impl FnOnce() -> Result<T, FileFault>) -> Result<T, FileFault> {
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
    fn a_panic_is_a_broken_file() {
        let broken: Result<u8, _> = catch_panic(|| Ok([1_u8, 2][std::hint::black_box(7)]));
        assert!(matches!(broken, Err(FileFault::Broken(_))));
        assert!(matches!(catch_panic(|| Ok(5)), Ok(5)));
        assert!(matches!(catch_panic(|| Err::<(), _>(FileFault::Empty)), Err(FileFault::Empty)));
    }
}
