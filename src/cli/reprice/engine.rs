//! The arguments that choose workers or an engine of SQL for the lines of a repricing.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::base::messages::Message;
use crate::cli::usage::InvalidValue;
use crate::scale_out::engine::Engine;
use crate::scale_out::engine::dialect::Dialect;
use crate::scale_out::workers::{Scheduler, Workers};

#[derive(Debug, Args)]
#[command(next_help_heading = "Engines")]
pub struct Arguments {
    /// Engine that computes and writes the lines; this program by default. Lines and figures are the same to the kopeck
    #[arg(long, value_name = "ENGINE", value_enum)]
    engine: Option<EngineArgument>,
    #[arg(long, value_name = "URL", value_parser = parse_master)]
    #[arg(help = "Master of the Spark cluster: spark://host:7077, yarn, k8s://…, local or local[N]")]
    master: Option<String>,
    #[arg(long, value_name = "FILE", help = "Program of the engine; spark-sql in SPARK_HOME, or duckdb by default")]
    engine_program: Option<PathBuf>,
    /// Setting of Spark, such as --spark-conf spark.executor.memory=8g; can be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = parse_setting)]
    spark_conf: Vec<String>,
    #[arg(long, value_name = "URI")]
    #[arg(help = "Address of the portfolio's folder for the engine, such as s3a://bucket/book; its path by default")]
    engine_book: Option<String>,
    /// Folder for the engine's table and results, shared by this machine and the cluster; beside the result by default
    #[arg(long, value_name = "DIR")]
    engine_work: Option<PathBuf>,
    #[arg(long, value_name = "URI", requires = "engine_work")]
    #[arg(help = "Address of that folder for the engine, such as s3a://bucket/work; its path by default")]
    engine_work_uri: Option<String>,
    #[arg(long, value_name = "N|URL", value_parser = parse_scheduler, conflicts_with_all = ["engine", "master"])]
    #[arg(
        help = "Price the parts in other processes of this program: N on this machine, or by Spark (spark://host:7077, yarn, k8s://…, local[N])"
    )]
    workers: Option<Scheduler>,
    /// Program that the workers run; this one by default. Spark sends it to the executors
    #[arg(long, value_name = "FILE", requires = "workers")]
    worker_program: Option<PathBuf>,
    /// How many seconds to wait for the next part of the workers, or for a sign of life of Spark, before the run ends without a result
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..))]
    patience: u64,
    /// Print the SQL for an engine (Spark by default) instead of repricing, and leave the table that it reads in the work folder
    #[arg(long, value_name = "ENGINE", value_enum, num_args = 0..=1, default_missing_value = "spark")]
    explain_sql: Option<SqlArgument>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EngineArgument {
    /// This program
    Embedded,
    /// Apache Spark
    Spark,
    /// `DuckDB` on this machine
    Duckdb,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SqlArgument {
    /// The dialect of Spark
    Spark,
    /// The dialect of `DuckDB`
    Duckdb,
}

fn parse_master(text: &str) -> Result<String, InvalidValue> {
    let has_scheme = ["spark://", "k8s://"].iter().any(|scheme| text.starts_with(scheme) && text.len() > scheme.len());
    let is_master = has_scheme || text == "yarn" || text == "local" || text.starts_with("local[");
    if is_master { Ok(text.to_owned()) } else { Err(InvalidValue(Message::new("argument-master"))) }
}

fn parse_scheduler(text: &str) -> Result<Scheduler, InvalidValue> {
    match text.parse() {
        Ok(processes @ 1..=1024) => Ok(Scheduler::Local(processes)),
        _ => parse_master(text).map(Scheduler::Spark).map_err(|_| InvalidValue(Message::new("argument-workers"))),
    }
}

fn parse_setting(text: &str) -> Result<String, InvalidValue> {
    let is_setting = text.split_once('=').is_some_and(|(key, _)| key.starts_with("spark."));
    if is_setting { Ok(text.to_owned()) } else { Err(InvalidValue(Message::new("argument-setting"))) }
}

impl Arguments {
    /// The contradiction of the arguments, if there is one.
    pub fn contradiction(&self) -> Option<Message> {
        let is_engine = self.engine == Some(EngineArgument::Spark);
        let is_spark = is_engine || matches!(self.workers, Some(Scheduler::Spark(_)));
        let is_embedded = self.chosen().is_none() && self.explain_sql.is_none() && self.workers.is_none();
        let needs_engine = self.engine_program.is_some() || self.engine_book.is_some() || self.engine_work.is_some();
        if is_engine && self.master.is_none() && self.explain_sql.is_none() {
            Some(Message::new("arguments-spark-without-master"))
        } else if !is_spark && (self.master.is_some() || !self.spark_conf.is_empty()) {
            Some(Message::new("arguments-master-without-spark"))
        } else if is_embedded && needs_engine {
            Some(Message::new("arguments-without-engine"))
        } else {
            None
        }
    }

    /// The engine of the repricing; `None` for this program.
    pub fn chosen(&self) -> Option<Engine> {
        match self.engine? {
            EngineArgument::Embedded => None,
            EngineArgument::Spark => Some(self.engine(Dialect::Spark)),
            EngineArgument::Duckdb => Some(self.engine(Dialect::DuckDb)),
        }
    }

    /// The workers of the repricing; `None` for this process or an engine.
    pub fn workers(&self) -> Option<Workers> {
        Some(Workers {
            scheduler: self.workers.clone()?,
            program: self.worker_program.clone(),
            spark_submit: self.engine_program.clone(),
            settings: self.spark_conf.clone(),
            book_as_seen: self.engine_book.clone(),
            work: self.engine_work.clone(),
            work_as_seen: self.engine_work_uri.clone(),
            patience: Duration::from_secs(self.patience),
        })
    }

    /// The engine whose SQL is printed instead of repricing.
    pub fn explained(&self) -> Option<Engine> {
        Some(self.engine(match self.explain_sql? {
            SqlArgument::Spark => Dialect::Spark,
            SqlArgument::Duckdb => Dialect::DuckDb,
        }))
    }

    /// The folder for the table that the printed SQL reads.
    pub fn work_folder(&self, out: &Path) -> PathBuf {
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
            patience: Duration::from_secs(self.patience),
        }
    }
}
