//! A limit of the size of files (`ulimit -f`): its signal would end a run without a word, so it becomes an error of writing.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// The signal's place in the sets of signals of `/proc/self/status`.
const SIGXFSZ_BIT: u64 = 1 << 24;
/// Ignores the signal, which the program that replaces the shell inherits.
const IGNORING: &str = r#"trap "" XFSZ; exec "$0" "$@""#;

/// Starts this program once more, in the same process, with the signal ignored, if there is such a limit; writing then fails with its error.
///
/// Without `/proc` or a shell the run goes on as it is.
pub fn ignore_signal() {
    let read = || Some((fs::read_to_string("/proc/self/limits").ok()?, fs::read_to_string("/proc/self/status").ok()?));
    let (Some((limits, status)), Ok(program)) = (read(), std::env::current_exe()) else { return };
    if is_limited(&limits) && !is_ignored(&status) {
        // returns only where there is no shell
        let _ = Command::new("/bin/sh").args(["-c", IGNORING]).arg(program).args(std::env::args_os().skip(1)).exec();
    }
}

/// Whether the soft limit of the size of files is a number.
fn is_limited(limits: &str) -> bool {
    let limit = limits.lines().find_map(|line| line.strip_prefix("Max file size"));
    limit.and_then(|limit| limit.split_whitespace().next()).is_some_and(|soft| soft != "unlimited")
}

/// Whether the signal is ignored already.
fn is_ignored(status: &str) -> bool {
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).is_some_and(|set| set & SIGXFSZ_BIT != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_and_the_signal_are_found_in_the_systems_lists() {
        assert!(!is_limited(
            "Max cpu time  unlimited  unlimited  seconds\nMax file size    unlimited    1024   bytes\n"
        ));
        assert!(is_limited("Max file size             1024                 unlimited            bytes\n"));
        assert!(!is_limited(""));
        assert!(is_ignored("SigBlk:\t0000000000000000\nSigIgn:\t0000000001001000\n"));
        assert!(!is_ignored("SigIgn:\t0000000000001000\n"));
    }
}
