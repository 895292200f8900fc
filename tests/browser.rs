//! A headless Chromium that opens pages of results, driven through a pipe by its own protocol.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The names under which systems install the browser.
const PROGRAMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// The seconds after which the browser of a test ends, whatever it does.
const MOST_SECONDS: &str = "1800";

/// A browser with one open page.
pub struct Browser {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    session: Option<String>,
    requests_sent: u64,
    _profile: TempDir,
}

/// The browser of the system; none if it is not installed, which fails `.ci/run`.
fn program() -> Option<&'static str> {
    let is_installed = |program: &&str| Command::new(program).arg("--version").output().is_ok();
    let found = PROGRAMS.into_iter().find(is_installed);
    if found.is_none() {
        assert!(std::env::var_os("KOLLEKTIV_EVERY_TEST").is_none(), "chromium has to be there");
        // directly: the test harness hides the output of passing tests
        std::io::stderr().write_all(b"SKIPPED: chromium is needed to open and print pages\n").unwrap();
    }
    found
}

/// A page as the browser prints it, as PDF; none without a browser.
pub fn print_to_pdf(page: &Path) -> Option<Vec<u8>> {
    let program = program()?;
    let folder = tempfile::tempdir().unwrap();
    let paper = folder.path().join("page.pdf");
    let printed = Command::new("timeout")
        .args([MOST_SECONDS, program, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("--print-to-pdf={}", paper.display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    Some(std::fs::read(paper).unwrap())
}

impl Browser {
    /// Starts the browser; none if it is not installed, which fails `.ci/run`.
    pub fn start() -> Option<Self> {
        let program = program()?;
        let profile = tempfile::tempdir().unwrap();
        // the browser reads requests from descriptor 3 and writes answers to descriptor 4
        let mut process = Command::new("sh")
            .args(["-c", "exec timeout \"$0\" \"$@\" 3<&0 4>&1 >/dev/null 2>&1", MOST_SECONDS, program])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (requests, answers) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let answers = BufReader::new(answers);
        let mut browser = Self { process, requests, answers, session: None, requests_sent: 0, _profile: profile };
        let target = browser.ask("Target.createTarget", &json!({ "url": "about:blank" }));
        let attached =
            browser.ask("Target.attachToTarget", &json!({ "targetId": target["targetId"], "flatten": true }));
        browser.session = Some(attached["sessionId"].as_str().unwrap().to_owned());
        Some(browser)
    }

    /// Sends a request and returns its result.
    #[track_caller]
    pub fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.requests_sent += 1;
        let mut request = json!({ "id": self.requests_sent, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            request["sessionId"] = session.as_str().into();
        }
        write!(self.requests, "{request}\0").unwrap();
        self.requests.flush().unwrap();
        loop {
            let mut message = Vec::new();
            self.answers.read_until(0, &mut message).unwrap();
            assert_eq!(message.pop(), Some(0), "the browser has ended");
            let message: Value = serde_json::from_slice(&message).unwrap();
            if message["id"] == self.requests_sent {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
        }
    }

    /// Opens a file and waits until it is loaded.
    #[track_caller]
    pub fn open(&mut self, page: &Path) {
        const LONGEST: Duration = Duration::from_mins(2);
        let address = format!("file://{}", page.display());
        self.ask("Page.navigate", &json!({ "url": address }));
        let begin = Instant::now();
        let is_loaded = format!("location.href === {} && document.readyState === 'complete'", json!(address));
        while self.evaluate(&is_loaded) != json!(true) {
            assert!(begin.elapsed() < LONGEST, "{address} is not loaded");
        }
    }

    /// The value of an expression in the page; a promise is awaited.
    #[track_caller]
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.ask("Runtime.evaluate", &parameters);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Presses and releases a key in the page.
    pub fn press(&mut self, key: &str, code: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            self.ask("Input.dispatchKeyEvent", &event);
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // `timeout` passes the end on to the browser
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
