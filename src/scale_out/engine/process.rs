//! Runs an engine's own program on a file of SQL.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::output::permissions::create_shared_folder;
use crate::scale_out::engine::dialect::Dialect;
use crate::scale_out::engine::patience;
use crate::scale_out::engine::settings::Engine;
use crate::scale_out::engine::sql::{AUDIT, LINES, SUMS};

/// The file of SQL.
const TEXT: &str = "reprice.sql";
/// The file by which Spark marks a complete folder.
const SUCCESS: &str = "_SUCCESS";
/// The largest number of letters that are quoted from an engine's log.
const QUOTED_LETTERS: usize = 400;

/// Creates the output folders, which `DuckDB` does not create itself.
pub fn create_output_folders(dialect: Dialect, folder: &Path) -> Result<(), Error> {
    if dialect == Dialect::DuckDb {
        for name in [SUMS, LINES, AUDIT] {
            create_shared_folder(&folder.join(name)).map_err(|fault| Error::writing(&folder.join(name), fault))?;
        }
    }
    Ok(())
}

/// Runs the SQL to its end; if it fails, the engine's log is copied to `logs` where that can be written.
pub fn run(engine: &Engine, text: &str, folder: &Path, logs: &Path) -> Result<(), Error> {
    let refused = |path: &Path, fault| Error::writing(path, fault);
    let path = folder.join(TEXT);
    fs::write(&path, text).map_err(|fault| refused(&path, fault))?;
    create_output_folders(engine.dialect, folder)?;
    let name = engine.dialect.as_str();
    let log = folder.join("log");
    let stdout = File::create(&log).map_err(|fault| refused(&log, fault))?;
    let stderr = stdout.try_clone().map_err(|fault| refused(&log, fault))?;
    let program = engine.program();
    let mut command = Command::new(&program);
    command.current_dir(folder).stdout(stdout).stderr(stderr);
    engine.arguments(&mut command, &path, folder).map_err(|fault| refused(&path, fault))?;
    let mut child = command.spawn().map_err(|fault| match fault.kind() {
        io::ErrorKind::NotFound => {
            let missing = match engine.dialect {
                Dialect::Spark => "engine-missing-spark",
                Dialect::DuckDb => "engine-missing-duckdb",
            };
            Error::Engine { reason: Message::new(missing).with("program", program.display().to_string()) }
        }
        _ => refused(&program, fault),
    })?;
    let ended = match engine.dialect {
        Dialect::Spark => patience::wait(&mut child, (folder, &log), engine.patience),
        Dialect::DuckDb => child.wait().map(Some),
    };
    let ended = ended.map_err(|fault| refused(&program, fault))?;
    let is_complete = engine.dialect != Dialect::Spark
        || [SUMS, LINES, AUDIT].iter().all(|name| folder.join(name).join(SUCCESS).is_file());
    let reason = match ended {
        Some(ended) if ended.success() && is_complete => return Ok(()),
        Some(ended) => Message::new("engine-failed").with("status", ended.to_string()),
        None => Message::new("engine-patience").with("seconds", engine.patience.as_secs()),
    };
    let reason = reason.with("engine", name).with("report", fault_in_log(&log));
    // the engine's failure is reported even where its log cannot be copied
    let kept = logs.join(format!("kollektiv-{name}.log"));
    let reason = match fs::copy(&log, &kept) {
        Ok(_) => reason.with("log", Message::new("engine-failed-log").with("path", kept.display().to_string())),
        Err(_) => reason.with("log", ""),
    };
    Err(Error::Engine { reason })
}

/// The last line of a log that names a fault, or else its last line.
pub fn fault_in_log(log: &Path) -> String {
    let Ok(file) = File::open(log) else { return String::new() };
    let (mut last, mut fault) = (String::new(), None);
    for line in BufReader::new(file).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        // the progress of stages is written over itself
        let line = line.trim().rsplit('\r').next().unwrap_or_default().trim().to_owned();
        let names_fault = ["Error", "Exception", "ERROR"].iter().any(|word| line.contains(word));
        let is_frame = line.starts_with("at ") || line.contains(" WARN ") || line.contains(" INFO ");
        if names_fault && !is_frame {
            fault = Some(line.clone());
        }
        if !line.is_empty() && !is_frame {
            last = line;
        }
    }
    fault.unwrap_or(last).chars().take(QUOTED_LETTERS).collect()
}

impl Engine {
    /// The engine's program.
    fn program(&self) -> PathBuf {
        let of_home = || {
            let home = std::env::var_os("SPARK_HOME").filter(|home| !home.is_empty())?;
            (self.dialect == Dialect::Spark).then(|| Path::new(&home).join("bin").join("spark-sql"))
        };
        let of_path = || PathBuf::from(if self.dialect == Dialect::Spark { "spark-sql" } else { "duckdb" });
        self.program.clone().or_else(of_home).unwrap_or_else(of_path)
    }

    fn arguments(&self, command: &mut Command, text: &Path, folder: &Path) -> io::Result<()> {
        match self.dialect {
            Dialect::Spark => {
                let mut setting = |setting: OsString| {
                    command.arg("--conf").arg(setting);
                };
                let mut warehouse = OsString::from("spark.sql.warehouse.dir=");
                warehouse.push(folder.join("warehouse"));
                setting(warehouse);
                // the tables are files, so that no catalogue is needed
                setting("spark.sql.catalogImplementation=in-memory".into());
                // a damaged row group costs the contracts in it
                setting("spark.hadoop.parquet.block.size=8388608".into());
                setting("spark.app.name=kollektiv reprice".into());
                // the log is where a run shows that its tasks end
                setting("spark.ui.showConsoleProgress=true".into());
                self.settings.iter().for_each(|own| setting(own.into()));
                command.args(self.master.iter().flat_map(|master| ["--master", master]));
                command.arg("-f").arg(text).stdin(Stdio::null());
            }
            Dialect::DuckDb => {
                command.args(["-init", "/dev/null", "-batch", "-bail"]).stdin(File::open(text)?);
            }
        }
        Ok(())
    }
}
