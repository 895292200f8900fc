//! A Spark cluster on this machine: a master and two workers, one of which is killed during a repricing.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::super::book::{Book, change};
use super::{assert_equal_rows, tools};
use crate::program::{Run, command, json};
use crate::support::{contract, roster};

/// The size of the book; three insured have five lines.
const LINES: u64 = 1_000_000;
const CONTRACTS: u64 = 25;
/// The limit of waiting for an event.
const PATIENCE: Duration = Duration::from_mins(3);

/// A master with its workers; dropping it ends them.
pub struct Cluster {
    home: PathBuf,
    room: PathBuf,
    port: u16,
    page: u16,
    processes: Vec<Child>,
}

impl Cluster {
    pub fn new(home: PathBuf, room: PathBuf) -> Self {
        fs::create_dir_all(room.join("events")).unwrap();
        let [port, page] = [(); 2].map(|()| free_port());
        let mut cluster = Self { home, room, port, page, processes: Vec::new() };
        let (port, page) = (port.to_string(), page.to_string());
        cluster.start("master.Master", &["--port", &port, "--webui-port", &page]);
        wait("the master", || cluster.state().is_some());
        for worker in ["one", "two"] {
            let room = cluster.room.join(worker);
            let master = cluster.master();
            let words = ["-c", "1", "-m", "1g", "--webui-port", "0", "-d", room.to_str().unwrap(), &master];
            cluster.start("worker.Worker", &words);
        }
        wait("the workers", || cluster.alive() == 2);
        cluster
    }

    fn start(&mut self, class: &str, words: &[&str]) {
        let log = File::create(self.room.join(format!("{}.log", self.processes.len()))).unwrap();
        let mut command = Command::new(self.home.join("bin/spark-class"));
        command.arg(format!("org.apache.spark.deploy.{class}")).args(["--host", "127.0.0.1"]).args(words);
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        self.processes.push(self.with_environment(&mut command).spawn().unwrap());
    }

    /// Sets the environment of Spark.
    pub fn with_environment<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env("SPARK_HOME", &self.home).env("SPARK_LOCAL_IP", "127.0.0.1");
        command.env("SPARK_LOCAL_DIRS", self.room.join("local")).env("SPARK_DAEMON_MEMORY", "512m")
    }

    pub fn master(&self) -> String {
        format!("spark://127.0.0.1:{}", self.port)
    }

    /// The status of the master.
    fn state(&self) -> Option<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.page)).ok()?;
        stream.write_all(b"GET /json/ HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n").ok()?;
        let mut response = String::new();
        stream.read_to_string(&mut response).ok()?;
        serde_json::from_str(response.split_once("\r\n\r\n")?.1).ok()
    }

    /// The number of live workers.
    pub fn alive(&self) -> u64 {
        self.state().and_then(|state| state["aliveworkers"].as_u64()).unwrap_or_default()
    }

    /// Kills the last worker, like a power failure.
    pub fn lose_a_worker(&mut self) {
        let mut worker = self.processes.pop().unwrap();
        worker.kill().unwrap();
        worker.wait().unwrap();
    }

    /// The folder for the events of jobs.
    pub fn events_folder(&self) -> PathBuf {
        self.room.join("events")
    }

    /// The events of the one job.
    pub fn events(&self) -> Vec<Value> {
        let logs: Vec<PathBuf> =
            fs::read_dir(self.room.join("events")).unwrap().map(|log| log.unwrap().path()).collect();
        let [log] = logs.as_slice() else { panic!("{logs:?}") };
        let text = fs::read_to_string(log).unwrap();
        text.lines().map(|event| serde_json::from_str(event).unwrap()).collect()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for mut process in std::mem::take(&mut self.processes).into_iter().rev() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[track_caller]
pub fn wait(what: &str, is_there: impl Fn() -> bool) {
    let since = Instant::now();
    while !is_there() {
        assert!(since.elapsed() < PATIENCE, "{what}: not there after {PATIENCE:?}");
        sleep(Duration::from_millis(50));
    }
}

/// A book of a million lines, bound at once.
pub fn large() -> Book {
    let book = Book::new();
    for place in 0..CONTRACTS {
        let terms = contract()
            .with("roster = \"roster.csv\"")
            .with(if place % 2 == 0 { "price_decrease = \"credit\"" } else { "price_decrease = \"keep\"" })
            .plan("A")
            .cover("16", "exclude = ['dental']")
            .plan("B")
            .cover_of("16", &format!("{}.{place:02}", 80_000 + 7_919 * place), "")
            .cover("8", "");
        let insured = LINES / CONTRACTS * 3 / 5;
        let people = (0..insured).fold(roster(), |roster, at| {
            let years = u16::try_from(20 + (at * 13 + place) % 45).unwrap();
            let roster = roster.aged(years, u8::try_from(1 + at % 3).unwrap());
            match at % 9 {
                0 | 3 => roster.on("A").with_sum(&format!("{}.{:02}", 1 + at * 31, at % 100)),
                6 => roster.on("A"),
                1 => roster.on("B").until("31.03.2026"),
                2 => roster.on("B").from("15.05.2026"),
                _ => roster.on("B"),
            }
        });
        book.contract(&format!("N-{place}"), &terms, &people);
    }
    // several files of lines, which are the tasks of an engine that writes
    for contracts in ["N-?", "N-1?", "N-2?"] {
        let pattern = book.beside(&format!("{contracts}/contract.toml"));
        book.run(&["bind", pattern.to_str().unwrap()]).exits_with(0);
    }
    book
}

/// Whether the job of the engine is writing files.
fn writes(beside: &Path) -> bool {
    let rooms = glob::glob(&format!("{}/.kollektiv-engine-*/lines/_temporary", beside.display())).unwrap();
    rooms.flatten().next().is_some()
}

#[test]
fn a_cluster_that_loses_a_worker_during_a_run_gives_the_same_rows() {
    let Some(home) = tools::spark() else { return };
    let book = large();
    let effective = change("spring", "2026-04-05", &[("16", "1.1237"), ("8", "0.8765")]);
    let (run, own) = book.reprice("own", &effective, &["--dry-run"]);
    run.exits_with(0);
    let mut cluster = Cluster::new(home, book.beside("cluster"));
    let (file, out, folder) = (book.beside("spring.toml"), book.beside("result"), book.folder());
    fs::write(&file, &effective).unwrap();
    let words = ["reprice".as_ref(), file.as_os_str(), "--out".as_ref(), out.as_os_str(), "--portfolio".as_ref()];
    let mut reprice = command(words);
    reprice.arg(&folder).args(["--engine", "spark", "--master", &cluster.master(), "--lang", "en", "--log", "json"]);
    let events = format!("spark.eventLog.dir=file://{}", cluster.room.join("events").display());
    for setting in [
        "spark.eventLog.enabled=true",
        "spark.eventLog.rolling.enabled=false",
        "spark.eventLog.compress=false",
        &events,
        "spark.driver.host=127.0.0.1",
        "spark.driver.memory=1g",
        "spark.executor.memory=700m",
        // many short tasks, some finished and some not
        "spark.sql.files.maxPartitionBytes=1m",
        "spark.sql.files.openCostInBytes=0",
    ] {
        reprice.args(["--spark-conf", setting]);
    }
    let mut run = cluster.with_environment(&mut reprice).spawn().unwrap();
    wait("the job", || writes(&book.beside("")) || run_has_ended(&book));
    cluster.lose_a_worker();
    assert!(run.try_wait().unwrap().is_none(), "the run goes on");
    let run = Run::new(run.wait_with_output().unwrap()).exits_with(0);
    let total: Value = serde_json::from_str(run.err.lines().last().unwrap()).unwrap();
    assert_eq!((&total["contracts"], &total["by_engine"]), (&CONTRACTS.into(), &CONTRACTS.into()));
    assert_eq!(cluster.alive(), 1, "one worker is gone");
    assert_loss(&cluster.events());
    assert_equal_rows(own.folder(), &out, "a lost worker");
    let proof = &json(&out.join("impact.json"))["proof"];
    assert_eq!(proof["lines_read"], LINES);
    book.verified();
}

/// Whether the run has ended, after which waiting is useless.
fn run_has_ended(book: &Book) -> bool {
    book.beside("result").exists()
}

/// Asserts that an executor was lost between finished tasks, and that later tasks ran on the others.
pub fn assert_loss(events: &[Value]) {
    let is = |event: &Value, name: &str| event["Event"] == name;
    let lost = events.iter().position(|event| is(event, "SparkListenerExecutorRemoved")).expect("an executor is lost");
    let executor = &events[lost]["Executor ID"];
    let done = |event: &&Value| is(event, "SparkListenerTaskEnd") && event["Task End Reason"]["Reason"] == "Success";
    let by = |event: &Value| event["Task Info"]["Executor ID"].clone();
    let before = events[..lost].iter().filter(done).count();
    let after: Vec<Value> = events[lost..].iter().filter(done).map(by).collect();
    let begun = events[..lost].iter().filter(|event| is(event, "SparkListenerTaskStart") && by(event) == *executor);
    assert!(begun.count() > 0, "the lost executor was at work; {before} tasks had ended");
    assert!(!after.is_empty() && after.iter().all(|by| by != executor), "{after:?}");
}
