//! A dialect of SQL: the words in which the engines differ.

use crate::scale_out::engine::limbs::DIGITS;

/// A dialect of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Apache Spark from 3.5 on, which has the place of a row in its file; tested with 4.3.
    Spark,
    /// `DuckDB`; tested with 1.5.
    DuckDb,
}

/// The output file of an engine without partitions.
const SINGLE_FILE: &str = "part-00000.parquet";
/// The number of repriced lines of a row group, where the engine can be given one.
const ROWS_PER_GROUP: u32 = 64 * 1024;

impl Dialect {
    /// The word on the command line and in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spark => "spark",
            Self::DuckDb => "duckdb",
        }
    }

    /// Settings that make overflow a fault, not NULL, and let `DuckDB` join as the text is written.
    pub(super) const fn settings(self) -> &'static str {
        match self {
            Self::Spark => {
                "SET spark.sql.ansi.enabled = true;\nSET spark.sql.ansi.doubleQuotedIdentifiers = true;\n\
                 SET spark.sql.session.timeZone = UTC;\nSET spark.sql.parquet.compression.codec = snappy;\n\
                 SET spark.sql.files.maxRecordsPerFile = 0;\n\n"
            }
            Self::DuckDb => "SET disabled_optimizers = 'join_order,build_side_probe_side';\n\n",
        }
    }

    /// Parquet files of a folder as a table.
    pub(super) fn table(self, folder: &str, names: &[String]) -> String {
        match self {
            Self::Spark => match names {
                [name] => format!("parquet.`{folder}/{name}`"),
                names => format!("parquet.`{folder}/{{{}}}`", names.join(",")),
            },
            Self::DuckDb => {
                let paths: Vec<String> = names.iter().map(|name| format!("'{folder}/{name}'")).collect();
                format!("read_parquet([{}], filename = true, file_row_number = true)", paths.join(", "))
            }
        }
    }

    /// The files that a statement has written to a folder, as a table.
    pub(super) fn written(self, folder: &str) -> String {
        match self {
            Self::Spark => format!("parquet.`{folder}`"),
            Self::DuckDb => self.table(folder, &[SINGLE_FILE.to_owned()]),
        }
    }

    /// The name of a row's file, and the row's place in it from 0.
    pub(super) const fn place(self) -> [&'static str; 2] {
        match self {
            Self::Spark => ["_metadata.file_name", "_metadata.row_index"],
            Self::DuckDb => ["parse_filename(filename)", "file_row_number"],
        }
    }

    /// The largest type of whole numbers.
    pub(super) fn whole(self) -> String {
        match self {
            Self::Spark => decimal(),
            Self::DuckDb => "HUGEINT".to_owned(),
        }
    }

    /// The operator of division rounded towards zero.
    pub(super) const fn divide(self) -> &'static str {
        match self {
            Self::Spark => "div",
            Self::DuckDb => "//",
        }
    }

    /// The number of days from one day to another.
    pub(super) fn days(self, first: &str, last: &str) -> String {
        match self {
            Self::Spark => format!("datediff({last}, {first})"),
            Self::DuckDb => format!("datediff('day', {first}, {last})"),
        }
    }

    /// The sum of 64-bit numbers, of 38 digits. Spark's sum of 64 bits has 64 bits, so that it adds up the numbers in two parts.
    pub(super) fn sum(self, value: &str) -> String {
        let decimal = decimal();
        match self {
            Self::Spark => format!(
                "CAST(CAST(sum({value} div 1000000) AS {decimal}) * 1000000 + sum({value} % 1000000) AS {decimal})"
            ),
            Self::DuckDb => format!("CAST(sum({value}) AS {decimal})"),
        }
    }

    /// The statement that writes the rows of a query to a folder.
    pub(super) fn write(self, folder: &str, query: &str) -> String {
        match self {
            Self::Spark => format!("INSERT OVERWRITE DIRECTORY '{folder}' USING parquet\n{query};\n"),
            Self::DuckDb => format!(
                "COPY (\n{query}\n) TO '{folder}/{SINGLE_FILE}' \
                 (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE {ROWS_PER_GROUP});\n"
            ),
        }
    }

    /// The statement that writes lines in the order of their files: Spark gives each file to one task, and `DuckDB` joins on one thread.
    pub(super) fn write_in_order(self, folder: &str, query: &str) -> String {
        let write = self.write(folder, query);
        match self {
            Self::Spark => {
                // a file opens another task where opening it costs as much as a task may read
                let [most, open] = ["spark.sql.files.maxPartitionBytes", "spark.sql.files.openCostInBytes"];
                let bytes = 1_u64 << 40;
                format!("SET {most} = {bytes};\nSET {open} = {bytes};\n{write}RESET {most};\nRESET {open};\n")
            }
            Self::DuckDb => format!("SET threads = 1;\n{write}RESET threads;\n"),
        }
    }
}

/// The type of whole numbers as decimals.
pub(super) fn decimal() -> String {
    format!("DECIMAL({DIGITS},0)")
}
