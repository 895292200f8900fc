//! Workers as tasks of Apache Spark, which places, counts and repeats them.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::portfolio::reprice::work_folder::WorkFolder;
use crate::scale_out::engine::process::fault_in_log;
use crate::scale_out::workers::settings::{PAUSE, RunningWorkers, WorkerPaths, Workers};
use crate::scale_out::workers::watch::Watch;

/// The program of Spark: one task a part.
const SCRIPT: (&str, &str) = ("spark_tasks.py", include_str!("spark_tasks.py"));
/// The names of the tasks, one a line.
const TASKS: &str = "tasks.txt";
/// The output of `spark-submit`.
const LOG: &str = "spark.log";
/// How long Spark may take to end once every receipt is there.
const FAREWELL: Duration = Duration::from_secs(30);

/// A job of Spark.
pub(super) struct Submitted {
    child: Child,
    log: PathBuf,
    /// Whether it has ended before the last look for receipts.
    has_ended: bool,
}

impl Submitted {
    /// Submits a job for the missing parts.
    pub fn new(
        workers: &Workers,
        master: &str,
        paths: &WorkerPaths,
        work: &WorkFolder,
        watch: &Watch<'_>,
    ) -> Result<Self, Error> {
        let folder = work.folder();
        let [script, tasks, log] = [SCRIPT.0, TASKS, LOG].map(|name| folder.join(name));
        let names: Vec<String> = watch.missing().iter().map(|part| WorkFolder::task_name(*part)).collect();
        fs::write(&script, SCRIPT.1).map_err(|fault| Error::writing(&script, fault))?;
        fs::write(&tasks, names.join("\n")).map_err(|fault| Error::writing(&tasks, fault))?;
        let stdout = File::create(&log).map_err(|fault| Error::writing(&log, fault))?;
        let stderr = stdout.try_clone().map_err(|fault| Error::writing(&log, fault))?;
        let program = spark_submit(workers);
        let mut command = Command::new(&program);
        command.args(["--master", master, "--conf", "spark.app.name=kollektiv reprice"]);
        for setting in &workers.settings {
            command.arg("--conf").arg(setting);
        }
        let words: [OsString; 4] =
            [workers.program()?.into(), (&paths.book).into(), (&paths.work).into(), tasks.into_os_string()];
        command.arg(&script).args(words).current_dir(folder);
        let child = command.stdin(Stdio::null()).stdout(stdout).stderr(stderr).spawn();
        let child = child.map_err(|fault| match fault.kind() {
            std::io::ErrorKind::NotFound => {
                let reason = Message::new("workers-missing-spark").with("program", program.display().to_string());
                Error::Engine { reason }
            }
            _ => Error::reading(&program, fault),
        })?;
        Ok(Self { child, log, has_ended: false })
    }

    fn status(&mut self) -> Result<Option<std::process::ExitStatus>, Error> {
        self.child.try_wait().map_err(|fault| Error::reading(&self.log, fault))
    }
}

/// `spark-submit` as asked for, of `SPARK_HOME`, or of the search path.
fn spark_submit(workers: &Workers) -> PathBuf {
    const NAME: &str = "spark-submit";
    let home = || std::env::var_os("SPARK_HOME").filter(|home| !home.is_empty());
    let of_home = || home().map(|home| Path::new(&home).join("bin").join(NAME));
    workers.spark_submit.clone().or_else(of_home).unwrap_or_else(|| NAME.into())
}

impl RunningWorkers for Submitted {
    fn supervise(&mut self, _: &Watch<'_>) -> Result<(), Error> {
        match self.status()? {
            Some(status) if self.has_ended || !status.success() => {
                let reason = Message::new("workers-spark-failed")
                    .with("status", status.to_string())
                    .with("report", fault_in_log(&self.log))
                    .with("log", self.log.display().to_string());
                Err(Error::Engine { reason })
            }
            status => {
                self.has_ended = status.is_some();
                Ok(())
            }
        }
    }

    fn finish(&mut self) {
        let since = Instant::now();
        while since.elapsed() < FAREWELL && matches!(self.status(), Ok(None)) {
            sleep(PAUSE);
        }
    }
}

impl Drop for Submitted {
    fn drop(&mut self) {
        // a process that has ended cannot be killed, which is no fault
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
