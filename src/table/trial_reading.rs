//! What a child of the program does that tries a workbook: it reads everything that a reader holds in memory.

use std::io::{self, Read};
use std::process::ExitCode;

use crate::table::source::Source;
use crate::table::trial::{ARGUMENT, UNREAD, set_program};

/// Makes this process try workbooks in children; or, if it is such a child, reads its standard input and returns the exit code.
#[must_use]
pub fn start() -> Option<ExitCode> {
    if std::env::args_os().nth(1).is_some_and(|argument| argument == ARGUMENT) {
        return Some(read_all(io::stdin().lock()));
    }
    if let Ok(program) = std::env::current_exe() {
        set_program(program);
    }
    None
}

/// Reads a workbook as far as a reader holds it in memory, and returns 0 whatever is wrong with it: the parent finds the same.
fn read_all(mut input: impl Read) -> ExitCode {
    let mut bytes = Vec::new();
    if input.read_to_end(&mut bytes).is_err() {
        return ExitCode::from(UNREAD);
    }
    let Ok(mut source) = Source::open(bytes.into(), |_| b';') else { return ExitCode::SUCCESS };
    if let Source::Workbook(book) = &mut source {
        // the parent may come to need the library in the midst of a sheet
        let is_open = book.open_library().is_ok();
        if !is_open {
            return ExitCode::SUCCESS;
        }
    }
    let is_streamed = matches!(&source, Source::Workbook(book) if book.is_streamed());
    for sheet in source.sheets() {
        // a fault of a sheet is found again by the parent
        let _ = source.rows(&sheet, &mut |_| !is_streamed);
    }
    ExitCode::SUCCESS
}
