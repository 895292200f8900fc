//! Programs in a terminal of their own: what a person types and sees.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::program::project;

/// A busy machine starts a shell and the program in less time.
const PATIENCE: Duration = Duration::from_mins(2);

/// A program that runs in a terminal.
pub struct Terminal {
    process: Child,
    keyboard: ChildStdin,
    screen: Arc<Mutex<Vec<u8>>>,
}

impl Terminal {
    /// Starts a line of the shell in a terminal of this width, in a folder; none where no terminal can be had or the first word of the
    /// line is not installed, which fails `.ci/run`.
    pub fn start<K: AsRef<OsStr>, V: AsRef<OsStr>>(
        line: &str,
        columns: u32,
        folder: &Path,
        environment: impl IntoIterator<Item = (K, V)>,
    ) -> Option<Self> {
        let program = line.split(' ').next().unwrap_or_default();
        let missing = ["script", program].into_iter().find(|program| !is_installed(program));
        if let Some(missing) = missing {
            assert!(std::env::var_os("KOLLEKTIV_EVERY_TEST").is_none(), "{missing} has to be there");
            // directly: the test harness hides the output of passing tests
            std::io::stderr().write_all(format!("SKIPPED: {missing} is needed\n").as_bytes()).unwrap();
            return None;
        }
        let mut process = Command::new("script")
            .args(["-qfec", &format!("stty cols {columns} rows 50; exec {line}"), "/dev/null"])
            .current_dir(folder)
            .env("TERM", "dumb")
            .env("LANG", "C.UTF-8")
            .env("LC_ALL", "C.UTF-8")
            .envs(environment)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (keyboard, mut output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let screen = Arc::new(Mutex::new(Vec::new()));
        let shown = Arc::clone(&screen);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(read) = output.read(&mut bytes) {
                if read == 0 {
                    break;
                }
                shown.lock().unwrap().extend_from_slice(&bytes[..read]);
            }
        });
        Some(Self { process, keyboard, screen })
    }

    /// Types a text; a tab asks the shell to complete.
    pub fn write(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Waits until the screen shows a text, and forgets everything up to it.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        let since = Instant::now();
        loop {
            let found = {
                let mut screen = self.screen.lock().unwrap();
                let place = screen.windows(text.len()).position(|part| part == text.as_bytes());
                place.map(|place| drop(screen.drain(..place + text.len())))
            };
            match found {
                Some(()) => return,
                None if since.elapsed() > PATIENCE => panic!("no `{text}` on the screen: {}", self.text()),
                None => thread::sleep(Duration::from_millis(10)),
            }
        }
    }

    /// What the screen shows once the program has ended.
    pub fn finish(mut self) -> String {
        self.process.wait().unwrap();
        // the last bytes may be on their way
        thread::sleep(Duration::from_millis(50));
        self.text()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.screen.lock().unwrap()).into_owned()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // it has ended, or is no longer needed
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn is_installed(program: &str) -> bool {
    Path::new(program).is_absolute()
        || Command::new("which").arg(program).current_dir(project()).output().is_ok_and(|found| found.status.success())
}
