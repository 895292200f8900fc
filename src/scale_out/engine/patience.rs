//! How long Spark may give no sign of life: a cluster without free executors never begins, and never fails.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Child, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::scale_out::engine::sql::{AUDIT, LINES, SUMS};

/// How long to wait before the next look.
const PAUSE: Duration = Duration::from_millis(100);
/// The progress of a stage stands in so many bytes at the end of the log.
const TAIL_BYTES: u64 = 4096;

/// What shows that an engine works: what it has written, and how many tasks it has ended by its log.
#[derive(Debug, PartialEq, Eq)]
struct Signs {
    written: (u64, u64),
    progress: String,
}

impl Signs {
    fn read(folder: &Path, log: &Path) -> Self {
        let written = [SUMS, LINES, AUDIT].iter().map(|name| written_below(&folder.join(name)));
        let written = written.fold((0, 0), |sum, (files, bytes)| (sum.0 + files, sum.1 + bytes));
        Self { written, progress: last_progress(log).unwrap_or_default() }
    }
}

/// Waits until an engine has ended; `None` where it gives no new sign of life for so long, and is then killed.
pub(super) fn wait(
    child: &mut Child,
    (folder, log): (&Path, &Path),
    patience: Duration,
) -> std::io::Result<Option<ExitStatus>> {
    let (mut last, mut seen) = (Instant::now(), Signs::read(folder, log));
    loop {
        if let Some(ended) = child.try_wait()? {
            return Ok(Some(ended));
        }
        // a look at the folder costs more than a look at the process
        if last.elapsed() >= patience {
            let now = Signs::read(folder, log);
            if now == seen {
                child.kill()?;
                return child.wait().map(|_| None);
            }
            (last, seen) = (Instant::now(), now);
        }
        sleep(PAUSE);
    }
}

/// The number of files below a folder and their bytes.
fn written_below(folder: &Path) -> (u64, u64) {
    let Ok(entries) = fs::read_dir(folder) else { return (0, 0) };
    entries.flatten().fold((0, 0), |(files, bytes), entry| match entry.metadata() {
        Ok(found) if found.is_dir() => {
            let below = written_below(&entry.path());
            (files + below.0, bytes + below.1)
        }
        Ok(found) => (files + 1, bytes + found.len()),
        Err(_) => (files, bytes),
    })
}

/// The last progress of stages in a log of Spark: `[Stage 3:====> (17 + 8) / 64]`.
fn last_progress(log: &Path) -> Option<String> {
    let mut file = File::open(log).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES))).ok()?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).ok()?;
    let tail = String::from_utf8_lossy(&tail);
    let (_, progress) = tail.rsplit_once("[Stage")?;
    Some(progress.split(']').next().unwrap_or(progress).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_progress_of_a_log_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        fs::write(&log, "WARN\n\r[Stage 0:> (0 + 0) / 1]\r[Stage 0:> (0 + 1) / 1]\nWARN Initial job\n").unwrap();
        assert_eq!(last_progress(&log).as_deref(), Some(" 0:> (0 + 1) / 1"));
        fs::write(&log, "WARN\n").unwrap();
        assert_eq!(last_progress(&log), None);
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        fs::write(folder.path().join("a/b/c"), "four").unwrap();
        assert_eq!(written_below(&folder.path().join("a")), (1, 4));
    }
}
