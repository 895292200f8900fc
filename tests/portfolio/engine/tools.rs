//! The engines: a Python environment with `requirements.txt`, made by `.ci/engines`.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

/// The environment: `KOLLEKTIV_ENGINES`, or `kollektiv/engines` in the user's cache folder.
fn environment() -> Option<PathBuf> {
    let cache = || {
        let own = env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()).map(PathBuf::from);
        own.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache")))
    };
    env::var_os("KOLLEKTIV_ENGINES").map(PathBuf::from).or_else(|| Some(cache()?.join("kollektiv").join("engines")))
}

/// The command line of `DuckDB`; none if it is missing, which fails `.ci/run`.
pub fn duckdb() -> Option<String> {
    let program = environment()?.join("bin").join("duckdb");
    let mut attempt = Command::new(&program);
    attempt.arg("--version");
    super::super::faults::can("duckdb (`.ci/engines`)", attempt).then(|| program.to_string_lossy().into_owned())
}

/// The folder of Spark; none if Spark or Java is missing, which fails `.ci/run`.
pub fn spark() -> Option<PathBuf> {
    let libraries = environment()?.join("lib");
    let found = glob::glob(&format!("{}/python3*/site-packages/pyspark", libraries.display())).ok()?.flatten().next();
    let home = found.unwrap_or(libraries);
    let mut attempt = Command::new(home.join("bin").join("spark-class"));
    attempt.args(["org.apache.spark.deploy.SparkSubmit", "--version"]).env("SPARK_HOME", &home).stdin(Stdio::null());
    super::super::faults::can("Spark on Java 17 (`.ci/engines`)", attempt).then_some(home)
}

/// Writes a shell script.
pub fn script(path: &Path, text: &str) -> String {
    fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    path.to_string_lossy().into_owned()
}
