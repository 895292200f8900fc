//! A trial reading of a workbook by a child process with limits, before this process reads the same bytes.
//!
//! Workbooks are read with the help of libraries that allocate what a file declares, and a checked declaration is no proof: a file of a
//! kilobyte may ask for gigabytes, abort the process, overflow its stack or never end. So the program starts itself once more with limits
//! of memory, processor time, open files and time. Where the child ends in any other way than by returning, the file is refused by name and
//! this process is unharmed; the reading libraries are deterministic, so that this process then reads in the same limits.
//!
//! The line: text files are read by the program's own code, which allocates in proportion to the file, and need no trial. Of an `.xlsx` the
//! child reads everything that is held in memory whole (texts, styles, sheets, hidden rows) and the beginning of every sheet; its cells come
//! one by one and have limits of their own. Of the other formats, whose sheets the library allocates whole, it reads every cell.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::base::error::Error;
use crate::base::toml_file::{COMPOUND, ZIP};
use crate::table::file_fault::FileFault;
use crate::table::limits::MEBIBYTE;
use crate::table::source::{FileBytes, Source};

/// The first argument of a child.
const ARGUMENT: &str = "trial-reading";
/// The child's memory, beside the multiple of the file.
const MEMORY_MEBIBYTES: u64 = 2048;
/// The child's further memory for each byte of the file.
const MEMORY_OF_BYTE: u64 = 8;
/// The child's processor time.
const PROCESSOR_SECONDS: u32 = 30;
/// The child's open files: its input, its outputs, and a few of the system's.
const OPEN_FILES: u32 = 64;
/// The time after which a child is ended, however little of the processor it had.
const PATIENCE: Duration = Duration::from_secs(120);
/// Sets the limits (in KiB, seconds, files, and no dump of the memory, which has personal data) and becomes the program.
const LIMITED: &str = r#"ulimit -v "$1" && ulimit -t "$2" && ulimit -n "$3" && ulimit -c 0 && exec "$0" "$4""#;

/// The program that children run; only the program itself sets it, and without it nothing is tried.
static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Makes this process try workbooks in children; or, if it is such a child, reads its standard input and returns the exit code.
#[must_use]
pub fn start() -> Option<ExitCode> {
    if std::env::args_os().nth(1).is_some_and(|argument| argument == ARGUMENT) {
        return Some(read_all(io::stdin().lock()));
    }
    if let Ok(program) = std::env::current_exe() {
        // set once, at the start
        let _ = PROGRAM.set(program);
    }
    None
}

/// Reads everything of a workbook that a reader holds in memory, and returns 0 whatever is wrong with the file: the parent finds the same.
fn read_all(mut input: impl Read) -> ExitCode {
    let mut bytes = Vec::new();
    if input.read_to_end(&mut bytes).is_err() {
        return ExitCode::FAILURE;
    }
    if let Ok(mut source) = Source::open(bytes.into(), |_| b';') {
        for sheet in source.sheets() {
            let is_streamed = matches!(&source, Source::Workbook(book) if book.is_streamed());
            // a fault of a sheet is found again by the parent
            let _ = source.rows(&sheet, &mut |_| !is_streamed);
        }
    }
    ExitCode::SUCCESS
}

/// Tries the bytes of the file at a path in a child, if libraries help to read them.
///
/// # Errors
///
/// [`FileFault::OverLimits`] where the child does not return in its limits, [`FileFault::Unread`] where the system refuses a child.
pub fn try_file(path: &Path, file: &FileBytes) -> Result<(), FileFault> {
    let Some(program) = PROGRAM.get() else { return Ok(()) };
    let bytes = file.as_bytes();
    if ![ZIP, COMPOUND].iter().any(|magic| bytes.starts_with(magic)) {
        return Ok(());
    }
    let ended = run(program, bytes).map_err(|fault| FileFault::Unread(Box::new(Error::reading(path, fault))))?;
    if ended.is_some_and(|status| status.success()) { Ok(()) } else { Err(FileFault::OverLimits) }
}

/// Runs a child over the bytes of a file; `None` where it had to be ended.
fn run(program: &Path, bytes: &[u8]) -> io::Result<Option<ExitStatus>> {
    let memory = MEMORY_MEBIBYTES * MEBIBYTE + MEMORY_OF_BYTE * bytes.len() as u64;
    let mut child = Command::new("/bin/sh")
        .args(["-c", LIMITED])
        .arg(program)
        .args([(memory / 1024).to_string(), PROCESSOR_SECONDS.to_string(), OPEN_FILES.to_string()])
        .arg(ARGUMENT)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let input = child.stdin.take();
    std::thread::scope(|threads| {
        // a child that has ended reads no more, which its status tells
        threads.spawn(move || input.is_some_and(|mut input| input.write_all(bytes).is_ok()));
        let ended = wait(&mut child);
        if !matches!(ended, Ok(Some(_))) {
            // it may have ended meanwhile
            let _ = child.kill();
            child.wait()?;
        }
        ended
    })
}

/// Waits for a child, with pauses that grow with the time that it takes already.
fn wait(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        let elapsed = started.elapsed();
        if elapsed > PATIENCE {
            return Ok(None);
        }
        std::thread::sleep((elapsed / 16).clamp(Duration::from_micros(200), Duration::from_millis(20)));
    }
}
