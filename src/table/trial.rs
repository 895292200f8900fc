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
use crate::table::source::{FileBytes, Source};

/// The first argument of a child.
const ARGUMENT: &str = "trial-reading";
/// The child's memory, beside the multiple of the file.
const MEMORY_MEBIBYTES: u64 = 2048;
/// The child's further memory for each byte of the file.
const MEMORY_OF_BYTE: u64 = 8;
const LIMITS: Limits =
    Limits { memory_kib: MEMORY_MEBIBYTES * 1024, processor_seconds: 30, patience: Duration::from_mins(2) };
/// The child's open files: its input, its outputs, and a few of the system's.
const OPEN_FILES: u32 = 64;
/// The exit code of a child that cannot read its input.
const UNREAD: u8 = 1;
/// What sets the limits: a child has them before its first instruction.
const SHELL: &str = "/bin/sh";
/// Sets the limits (in KiB, seconds, files, and no dump of the memory, which has personal data) and becomes the program; a limit that
/// cannot be set is one that is lower already.
const LIMITED: &str =
    r#"for limit in "-v $1" "-t $2" "-n $3" "-c 0"; do ulimit $limit 2>/dev/null; done; exec "$0" "$4""#;

/// The limits of a child.
#[derive(Debug, Clone, Copy)]
struct Limits {
    memory_kib: u64,
    processor_seconds: u32,
    /// The time after which a child is ended, however little of the processor it had.
    patience: Duration,
}

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
        return ExitCode::from(UNREAD);
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

/// The program that children run; `None` in a library of another program.
pub(crate) fn program() -> Option<&'static Path> {
    PROGRAM.get().map(PathBuf::as_path)
}

/// The command that starts a program with one argument and limits, of which the processor's may be `unlimited`.
pub(crate) fn limited(program: &Path, argument: &str, memory_kib: u64, processor: &str, open_files: u32) -> Command {
    let mut command = Command::new(SHELL);
    command.args(["-c", LIMITED]).arg(program);
    command.args([memory_kib.to_string(), processor.to_owned(), open_files.to_string()]).arg(argument);
    command
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
    let memory_kib = LIMITS.memory_kib + MEMORY_OF_BYTE * bytes.len() as u64 / 1024;
    match run(program, ARGUMENT, bytes, Limits { memory_kib, ..LIMITS }) {
        Ok(true) => Ok(()),
        Ok(false) => Err(FileFault::OverLimits),
        Err(fault) => Err(FileFault::Unread(Box::new(Error::Io { path: path.to_owned(), fault }))),
    }
}

/// Runs a child over the bytes of a file: whether it returned within the limits.
///
/// # Errors
///
/// The system's where it refuses a child.
fn run(program: &Path, argument: &str, bytes: &[u8], limits: Limits) -> io::Result<bool> {
    let seconds = limits.processor_seconds.to_string();
    let mut child = limited(program, argument, limits.memory_kib, &seconds, OPEN_FILES)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let input = child.stdin.take();
    let ended = std::thread::scope(|threads| {
        // a child that has ended reads no more, which its status shows
        let writer = move || input.is_some_and(|mut input| input.write_all(bytes).is_ok());
        let writer = std::thread::Builder::new().spawn_scoped(threads, writer);
        let ended = writer.and_then(|_| wait(&mut child, limits.patience));
        if !matches!(ended, Ok(Some(_))) {
            // it may have ended meanwhile
            let _ = child.kill();
            child.wait()?;
        }
        ended
    })?;
    match ended.and_then(|status| status.code()) {
        Some(0) => Ok(true),
        // a shell's codes for a program that cannot be started
        Some(126 | 127) => Err(io::Error::other(format!("{}: {SHELL}", program.display()))),
        Some(code) if code == i32::from(UNREAD) => Err(io::ErrorKind::BrokenPipe.into()),
        _ => Ok(false),
    }
}

/// Waits for a child, with pauses that grow with the time that it takes already.
fn wait(child: &mut Child, patience: Duration) -> io::Result<Option<ExitStatus>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        let elapsed = started.elapsed();
        if elapsed > patience {
            return Ok(None);
        }
        std::thread::sleep((elapsed / 16).clamp(Duration::from_micros(200), Duration::from_millis(20)));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Limits that a test reaches soon.
    const TIGHT: Limits = Limits { memory_kib: 200 * 1024, processor_seconds: 1, patience: Duration::from_secs(20) };

    /// Runs a shell script in the place of the program over some bytes.
    fn outcome(script: &str, bytes: &[u8], limits: Limits) -> io::Result<bool> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), script).unwrap();
        run(Path::new(SHELL), file.path().to_str().unwrap(), bytes, limits)
    }

    #[test]
    fn a_child_that_returns_has_read_the_file() {
        let bytes = vec![b'x'; 1_000_000];
        assert!(outcome("test \"$(wc -c)\" = 1000000", &bytes, TIGHT).unwrap());
        assert!(outcome("exit 0", &bytes, TIGHT).unwrap(), "it need not read everything");
    }

    #[test]
    fn a_child_over_its_limits_is_refused() {
        let memory = "exec awk 'BEGIN { s = \"x\"; while (1) s = s s }'";
        for script in ["kill -ABRT $$", "kill -SEGV $$", "while :; do :; done", memory, "exit 101"] {
            assert!(!outcome(script, b"PK", TIGHT).unwrap(), "{script}");
        }
        let impatient = Limits { patience: Duration::from_millis(50), ..TIGHT };
        assert!(!outcome("exec sleep 100", b"PK", impatient).unwrap());
    }

    #[test]
    fn a_child_that_cannot_start_or_read_is_a_fault_of_the_system() {
        assert!(run(Path::new("/no/such/program"), ARGUMENT, b"PK", TIGHT).is_err());
        assert!(outcome("exit 1", b"PK", TIGHT).is_err());
    }
}
