//! Workers for a repricing: processes of this program, started here or by Apache Spark, each of which prices one part.
//!
//! The head writes tasks, starts the workers, and waits for receipts. A receipt in the folder of the run is the only sign of
//! success: the head has no other connection to a worker.

mod head;
mod local;
mod settings;
mod spark;
mod watch;

pub use settings::{Scheduler, Workers};
