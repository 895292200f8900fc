//! A trial reading of a workbook by a child process with limits, before this process reads the same bytes.
//!
//! Workbooks are read with the help of libraries that allocate what a file declares, and a checked declaration is no proof: a file of a
//! kilobyte may ask for gigabytes, abort the process, overflow its stack or never end. So the program starts itself once more with limits
//! of memory, processor time, open files and time. Where the child ends in any other way than by returning, the file is refused by name and
//! this process is unharmed; the reading libraries are deterministic, so that this process then reads in the same limits.
//!
//! The line: a file that only the program's own code reads needs no trial, since that code allocates in proportion to the file, calls itself
//! nowhere and stops at its end. Those are texts, and workbooks of Excel that are written plainly (`workbook/xlsx_book`). A [`Trial`] is
//! made once, before a library reads anything else of a file: of an `.xlsx` the child then reads everything that is held in memory whole
//! (texts, styles, sheets, hidden rows) and the beginning of every sheet; its cells come one by one and have limits of their own. Of the
//! other formats it reads every cell.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::base::error::Error;
use crate::table::file_fault::FileFault;

/// The first argument of a child.
pub(super) const ARGUMENT: &str = "trial-reading";
/// The child's memory, beside the multiple of the file.
const MEMORY_MEBIBYTES: u64 = 2048;
/// The child's further memory for each byte of the file.
const MEMORY_OF_BYTE: u64 = 8;
const LIMITS: Limits =
    Limits { memory_kib: MEMORY_MEBIBYTES * 1024, processor_seconds: 30, patience: Duration::from_mins(2) };
/// The child's open files: its input, its outputs, and a few of the system's.
const OPEN_FILES: u32 = 64;
/// The exit code of a child that cannot read its input.
pub(super) const UNREAD: u8 = 1;
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

/// Makes this process try workbooks in children, which run this program.
pub(super) fn set_program(program: PathBuf) {
    // set once, at the start
    let _ = PROGRAM.set(program);
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

/// The trial of a file, which is made once, and only where a library is to read the file.
#[derive(Debug)]
pub struct Trial {
    path: PathBuf,
    bytes: Arc<[u8]>,
    is_passed: Mutex<bool>,
}

impl Trial {
    /// The trial of the file with this path and these bytes.
    #[must_use]
    pub const fn new(path: PathBuf, bytes: Arc<[u8]>) -> Self {
        Self { path, bytes, is_passed: Mutex::new(false) }
    }

    /// Returns once a child has read the file, in this call or an earlier one.
    ///
    /// # Errors
    ///
    /// [`FileFault::OverLimits`] where the child does not return in its limits, [`FileFault::Unread`] where the system refuses a child.
    pub fn pass(&self) -> Result<(), FileFault> {
        let Some(program) = PROGRAM.get() else { return Ok(()) };
        let mut is_passed = self.is_passed.lock().unwrap_or_else(PoisonError::into_inner);
        if *is_passed {
            return Ok(());
        }
        let memory_kib = LIMITS.memory_kib + MEMORY_OF_BYTE * self.bytes.len() as u64 / 1024;
        match run(program, ARGUMENT, &self.bytes, Limits { memory_kib, ..LIMITS }) {
            Ok(true) => {
                *is_passed = true;
                Ok(())
            }
            Ok(false) => Err(FileFault::OverLimits),
            Err(fault) => Err(FileFault::Unread(Box::new(Error::Io { path: self.path.clone(), fault }))),
        }
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
