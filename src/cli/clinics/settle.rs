//! `kollektiv clinics settle`: adjudicates a clinic's register of services.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::Common;
use crate::cli::clinics::arguments::{
    ClinicSources, TableArguments, digest, index_insured, read_letters, refuse, result_folder,
};
use crate::cli::diagnostics;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::clinics::adjudicate::Adjudication;
use crate::clinics::output::adjudication;
use crate::clinics::register::spec::RowKind;
use crate::clinics::verdict::Shares;
use crate::output::folder::Folder;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Register of services with patient, day, service and price: .xlsx, .xls, .xlsb, .ods, .csv or .txt
    #[arg(value_name = "REGISTER")]
    register: PathBuf,
    #[command(flatten)]
    sources: ClinicSources,
    #[command(flatten)]
    table: TableArguments,
    /// Folder of the result; output/settle-<clinic>-<name of the register> by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

answer! {
    /// The answer of `kollektiv clinics settle`.
    pub struct Answer {
        /// The verdicts that occur.
        verdicts: Vec<VerdictAnswer>,
        /// Rows of the register.
        rows: usize,
        /// Amount of the register.
        amount: Money,
        /// Folder of the result.
        out: String,
    }
}

answer! {
    struct VerdictAnswer {
        /// Verdict, by its word in the result.
        verdict: String,
        /// Rows.
        rows: usize,
        /// Their amount.
        amount: Money,
        /// Part of the amount that is paid in advance.
        advance: Money,
        /// Part of the insurer.
        insurer: Money,
        /// Part of the patient.
        patient: Money,
        /// Part that the clinic gives as a discount.
        discount: Money,
        /// Part that is disputed or not cleared.
        open: Money,
    }
}

fn answer(adjudication: &Adjudication<'_>, out: &Path) -> Answer {
    let occurring = adjudication.totals.iter().filter(|total| total.rows > 0);
    let verdicts = occurring.map(|total| VerdictAnswer {
        verdict: total.verdict.as_str().to_owned(),
        rows: total.rows,
        amount: total.shares.total().into(),
        advance: total.shares.advance.into(),
        insurer: total.shares.insurer.into(),
        patient: total.shares.patient.into(),
        discount: total.shares.discount.into(),
        open: (total.shares.disputed + total.shares.uncleared).into(),
    });
    Answer {
        verdicts: verdicts.collect(),
        rows: adjudication.rows.len(),
        amount: adjudication.shares().total().into(),
        out: out.display().to_string(),
    }
}

/// Gives every row of the register a verdict and writes the result (`I42`).
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { register: path, sources, table, out } = arguments;
    let network = sources.open_network(common)?;
    let clinic = &network.clinics[table.clinic(&network)?];
    let portfolio = sources.open_portfolio()?;
    let register = table.read(path, RowKind::Services, &clinic.columns);
    let out = result_folder(out.as_ref(), &format!("settle-{}", clinic.code), path);
    if refuse(&register, &out, screen)? {
        return Ok(Outcome::Refused);
    }
    let letters = read_letters(&portfolio)?;
    let index = index_insured(&portfolio, register.queries())?;
    let adjudication = Adjudication::new(&network, clinic, &register, &index, &letters);
    let folder = Folder::stage(&out)?;
    adjudication::write(&adjudication, &register, &digest(&network), &folder, screen.language)?;
    folder.publish()?;
    diagnostics::print(&register.tables, false, screen);
    screen.print(&totals(&adjudication, screen))?;
    screen.answer(&answer(&adjudication, &out))?;
    screen.note_written(&out);
    screen.suggest(Message::new("next-settle").with("out", out.display().to_string()));
    Ok(Outcome::Done)
}

/// The totals by verdict and payer.
fn totals(adjudication: &Adjudication<'_>, screen: &Screen) -> String {
    let heading = [
        "settled-verdict",
        "settled-rows",
        "settled-amount",
        "short-advance",
        "short-insurer",
        "short-patient",
        "short-discount",
        "short-open",
    ];
    let row = |name: String, rows: usize, shares: Shares| {
        let amount = |amount: Kopecks| if amount == Kopecks::ZERO { String::new() } else { screen.bare_amount(amount) };
        [
            name,
            screen.count(rows),
            screen.bare_amount(shares.total()),
            amount(shares.advance),
            amount(shares.insurer),
            amount(shares.patient),
            amount(shares.discount),
            amount(shares.disputed + shares.uncleared),
        ]
    };
    let occurring = adjudication.totals.iter().filter(|total| total.rows > 0);
    let mut rows: Vec<_> =
        occurring.map(|total| row(screen.render(&total.verdict.message()), total.rows, total.shares)).collect();
    rows.push(row(screen.text("settled-total"), adjudication.rows.len(), adjudication.shares()));
    screen.table(heading, rows, 1)
}
