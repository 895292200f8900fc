//! Which engine works out the lines of a repricing, as the command line says.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::base::messages::Message;
use crate::cli::unreadable;
use crate::scale_out::engine::Engine;
use crate::scale_out::engine::sql::Dialect;

#[derive(Debug, Args)]
#[command(next_help_heading = "Engines")]
pub struct Arguments {
    /// What works out the lines; this program by default
    #[arg(long, value_name = "ENGINE", value_enum)]
    engine: Option<EngineArgument>,
    /// The cluster, as Spark names it: `spark://host:7077`, `yarn`, `k8s://…`, `local[*]`
    #[arg(long, value_name = "URL", value_parser = master)]
    master: Option<String>,
    /// The engine's program, instead of `spark-sql` of `SPARK_HOME`, or `duckdb`
    #[arg(long, value_name = "FILE")]
    engine_program: Option<PathBuf>,
    /// A setting of Spark, as often as wanted: `spark.executor.memory=8g`
    #[arg(long, value_name = "KEY=VALUE", value_parser = setting)]
    spark_conf: Vec<String>,
    /// What the engine calls the folder of the book, where that is not its path: `s3a://bucket/book`
    #[arg(long, value_name = "URI")]
    engine_book: Option<String>,
    /// A folder that this machine and the cluster share, for the engine's table and results; beside the result by default
    #[arg(long, value_name = "DIR")]
    engine_work: Option<PathBuf>,
    /// What the engine calls that folder, where that is not its path
    #[arg(long, value_name = "URI", requires = "engine_work")]
    engine_work_uri: Option<String>,
    /// Print the SQL of an engine instead of repricing, and leave its table in the folder of its work
    #[arg(long, value_name = "ENGINE", value_enum, num_args = 0..=1, default_missing_value = "spark")]
    explain_sql: Option<SqlArgument>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EngineArgument {
    /// This program
    Embedded,
    /// A cluster with Apache Spark
    Spark,
    /// `DuckDB` on this machine
    Duckdb,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SqlArgument {
    /// In the words of Spark
    Spark,
    /// In the words of `DuckDB`
    Duckdb,
}

fn master(text: &str) -> Result<String, String> {
    let known = ["spark://", "k8s://"].iter().any(|scheme| text.starts_with(scheme) && text.len() > scheme.len());
    let known = known || text == "yarn" || text == "local" || text.starts_with("local[");
    if known { Ok(text.to_owned()) } else { Err(unreadable(&Message::new("argument-master"))) }
}

fn setting(text: &str) -> Result<String, String> {
    let is_one = text.split_once('=').is_some_and(|(key, _)| key.starts_with("spark."));
    if is_one { Ok(text.to_owned()) } else { Err(unreadable(&Message::new("argument-setting"))) }
}

impl Arguments {
    /// What does not go together, if anything.
    pub fn contradiction(&self) -> Option<Message> {
        let of_spark = self.engine == Some(EngineArgument::Spark);
        let is_own = self.chosen().is_none() && self.explain_sql.is_none();
        let any = self.engine_program.is_some() || self.engine_book.is_some() || self.engine_work.is_some();
        if of_spark && self.master.is_none() && self.explain_sql.is_none() {
            Some(Message::new("arguments-spark-without-master"))
        } else if !of_spark && (self.master.is_some() || !self.spark_conf.is_empty()) {
            Some(Message::new("arguments-master-without-spark"))
        } else if is_own && any {
            Some(Message::new("arguments-without-engine"))
        } else {
            None
        }
    }

    /// The engine that is to work, if it is not this program.
    pub fn chosen(&self) -> Option<Engine> {
        match self.engine? {
            EngineArgument::Embedded => None,
            EngineArgument::Spark => Some(self.engine(Dialect::Spark)),
            EngineArgument::Duckdb => Some(self.engine(Dialect::DuckDb)),
        }
    }

    /// The engine whose SQL is to be printed.
    pub fn explained(&self) -> Option<Engine> {
        Some(self.engine(match self.explain_sql? {
            SqlArgument::Spark => Dialect::Spark,
            SqlArgument::Duckdb => Dialect::DuckDb,
        }))
    }

    /// Where the table is left whose SQL is printed.
    pub fn room(&self, out: &Path) -> PathBuf {
        let beside = || {
            let mut name = out.file_name().unwrap_or_default().to_owned();
            name.push("-engine");
            out.with_file_name(name)
        };
        self.engine_work.clone().unwrap_or_else(beside)
    }

    fn engine(&self, dialect: Dialect) -> Engine {
        Engine {
            dialect,
            program: self.engine_program.clone(),
            master: self.master.clone(),
            settings: self.spark_conf.clone(),
            book: self.engine_book.clone(),
            work: self.engine_work.clone(),
            work_as_seen: self.engine_work_uri.clone(),
        }
    }
}
