//! `kollektiv work`: reprices the part of one task, for `reprice --workers`.

use std::path::PathBuf;

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::portfolio::reprice::worker::work;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The task, in the work folder of a run of `reprice --workers`
    #[arg(value_name = "TASK")]
    task: PathBuf,
    /// Folder of the portfolio, of which only the rates and the lines in `data` are read
    #[arg(long, value_name = "DIR")]
    portfolio: PathBuf,
    /// Folder for the repriced lines and the receipt; that of the task by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Reprices the part and names its receipt.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { task, portfolio, out } = arguments;
    let beside = task.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(".".as_ref());
    let worked = work(task, portfolio, out.as_deref().unwrap_or(beside))?;
    let [additional, credit] = [worked.totals.additional, worked.totals.credit].map(Kopecks::new);
    let message = Message::new("work-done")
        .with("part", worked.part)
        .with("contracts", screen.count(worked.contracts))
        .with("repriced", screen.count(worked.totals.repriced))
        .with("additional", additional)
        .with("credit", credit);
    screen.print(&screen.paragraph(&message))?;
    screen.note_written(&worked.receipt);
    Ok(Outcome::Done)
}
