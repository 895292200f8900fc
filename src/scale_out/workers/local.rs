//! Workers as processes on this machine.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::portfolio::reprice::work_folder::WorkFolder;
use crate::scale_out::engine::process::fault_in_log;
use crate::scale_out::workers::settings::{RunningWorkers, WorkerPaths, Workers};
use crate::scale_out::workers::watch::Watch;

/// How often a part may fail.
const ATTEMPTS: usize = 4;

/// Some processes, one for each part that is being priced.
pub(super) struct Processes<'w> {
    work: &'w WorkFolder,
    program: PathBuf,
    paths: WorkerPaths,
    /// The largest number of processes at a time.
    at_once: usize,
    /// The parts that wait; `None` before the first look.
    waiting: Option<VecDeque<usize>>,
    running: Vec<(usize, Child)>,
    failures: BTreeMap<usize, usize>,
}

impl<'w> Processes<'w> {
    pub fn new(workers: &Workers, paths: WorkerPaths, work: &'w WorkFolder, at_once: usize) -> Result<Self, Error> {
        let (program, running) = (workers.program()?, Vec::new());
        Ok(Self { work, program, paths, at_once, waiting: None, running, failures: BTreeMap::new() })
    }

    fn log(&self, part: usize) -> PathBuf {
        self.work.folder().join(format!("worker-{:05}.log", part + 1))
    }

    fn start(&self, part: usize) -> Result<Child, Error> {
        let path = self.log(part);
        let log = File::create(&path).map_err(|fault| Error::writing(&path, fault))?;
        let task = format!("{}/{}", self.paths.work, WorkFolder::task_name(part));
        let mut command = Command::new(&self.program);
        command.args(["work", &task, "--portfolio", &self.paths.book, "--out", &self.paths.work, "--threads", "1"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        command.spawn().map_err(|fault| Error::reading(&self.program, fault))
    }

    /// Counts a failure of a part, and queues the part again until it has failed [`ATTEMPTS`] times.
    fn retry(&mut self, part: usize, status: &str) -> Result<(), Error> {
        let failures = self.failures.entry(part).or_default();
        *failures += 1;
        if *failures < ATTEMPTS {
            self.waiting.get_or_insert_default().push_back(part);
            return Ok(());
        }
        let reason = Message::new("workers-failed")
            .with("part", part + 1)
            .with("attempts", ATTEMPTS)
            .with("status", status)
            .with("report", fault_in_log(&self.log(part)));
        Err(Error::Engine { reason })
    }
}

impl RunningWorkers for Processes<'_> {
    fn supervise(&mut self, watch: &Watch<'_>) -> Result<(), Error> {
        for (part, mut child) in std::mem::take(&mut self.running) {
            match child.try_wait().map_err(|fault| Error::reading(&self.program, fault))? {
                None => self.running.push((part, child)),
                Some(_) if self.work.has_receipt(part) => {}
                Some(status) => self.retry(part, &status.to_string())?,
            }
        }
        let waiting = self.waiting.take();
        let mut waiting = waiting.unwrap_or_else(|| watch.missing().iter().copied().collect());
        while self.running.len() < self.at_once
            && let Some(part) = waiting.pop_front()
        {
            self.running.push((part, self.start(part)?));
        }
        self.waiting = Some(waiting);
        Ok(())
    }
}

impl Drop for Processes<'_> {
    fn drop(&mut self) {
        for (_, child) in &mut self.running {
            // a process that has ended cannot be killed, which is no fault
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
