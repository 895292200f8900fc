//! `kollektiv clinics act`: the act of a month with a clinic, from the claims that are booked.

use std::path::PathBuf;

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::Common;
use crate::cli::arguments::paper::PaperArguments;
use crate::cli::clinics::arguments::{ClinicSources, digest};
use crate::cli::outcome::Outcome;
use crate::cli::output_folder::default_output;
use crate::cli::paper::Paper;
use crate::cli::screen::Screen;
use crate::clinics::act::{Act, parse_month};
use crate::clinics::ledger::Ledger;
use crate::clinics::output::act as files;
use crate::output::folder::Folder;
use crate::output::folder_name;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Clinic, by code or name
    #[arg(value_name = "CLINIC")]
    clinic: String,
    #[command(flatten)]
    sources: ClinicSources,
    /// Month of the act, such as 2027-01
    #[arg(long, value_name = "MONTH")]
    month: String,
    #[command(flatten)]
    paper: PaperArguments,
    /// Folder of the result; output/act-<clinic>-<month> by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

answer! {
    /// The answer of `kollektiv clinics act`.
    pub struct Answer {
        /// Code of the clinic.
        clinic: String,
        /// Claims of the month.
        rows: usize,
        /// Their amount.
        amount: Money,
        /// Part that is accepted: paid in advance, by the insurer, by the patient or as a discount.
        accepted: Money,
        /// Part that the insurer pays, beside advances.
        insurer: Money,
        /// Part that is disputed or not cleared.
        open: Money,
        /// Balance of the advances after the month; below zero if more was used than paid.
        advance_after: Money,
        /// Folder of the result.
        out: String,
    }
}

/// Writes the act of a month.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { clinic, sources, month, paper, out } = arguments;
    let unlawful = |reason| Error::Unlawful { reason };
    let days = parse_month(month).ok_or_else(|| unlawful(Message::new("act-month").with("month", month.as_str())))?;
    let network = sources.open_network(common)?;
    let clinic = &network.clinics[network.clinic(clinic).ok_or_else(|| {
        let known = listed(network.clinics.iter().map(|clinic| &clinic.code));
        unlawful(Message::new("request-clinic-unknown").with("clinic", clinic.as_str()).with("known", known))
    })?];
    let template = paper.template(Paper::Act, screen)?;
    let portfolio = sources.open_portfolio()?;
    let claims = Ledger::read_clinic(&portfolio, &clinic.code)?;
    let act = Act::new(clinic, days, &claims);
    let out = out.clone().unwrap_or_else(|| {
        default_output(&folder_name(&format!("act-{}-{}", clinic.code, days.first().strftime("%Y-%m"))))
    });
    let folder = Folder::stage(&out)?;
    files::write(&act, &digest(&network), &template, &folder, screen.language)?;
    folder.publish()?;
    let shares = act.shares();
    let open = shares.disputed + shares.uncleared;
    let summary = Message::new("act-summary")
        .with("clinic", clinic.name.as_str())
        .with("count", act.claims.len())
        .with("amount", shares.total())
        .with("accepted", act.accepted())
        .with("insurer", shares.insurer)
        .with("open", open)
        .with("advance", act.advances.after());
    screen.print(&screen.paragraph(&summary))?;
    screen.answer(&Answer {
        clinic: clinic.code.clone(),
        rows: act.claims.len(),
        amount: shares.total().into(),
        accepted: act.accepted().into(),
        insurer: shares.insurer.into(),
        open: open.into(),
        advance_after: act.advances.after().into(),
        out: out.display().to_string(),
    })?;
    screen.note_written(&out);
    screen.suggest(Message::new("next-act").with("out", out.display().to_string()));
    Ok(Outcome::Done)
}
