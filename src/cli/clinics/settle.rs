//! `kollektiv clinics settle`: adjudicates clinics' registers of services and books their claims.

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
use crate::clinics::adjudicate::{Adjudication, Correction, VerdictTotal};
use crate::clinics::claim::{Shares, Verdict};
use crate::clinics::insured_index::InsuredIndex;
use crate::clinics::ledger::booking::{book, fingerprint};
use crate::clinics::ledger::{Booking, Incoming, Ledger};
use crate::clinics::letter::Letters;
use crate::clinics::network::{Clinic, Network};
use crate::clinics::output::adjudication;
use crate::clinics::output::adjudication::RegisterEntry;
use crate::clinics::register::ClinicRegister;
use crate::clinics::register::spec::RowKind;
use crate::output::folder::Folder;
use crate::portfolio::Portfolio;
use crate::table::text::folded;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Registers of services with patient, day, service and price: .xlsx, .xls, .xlsb, .ods, .csv or .txt
    #[arg(value_name = "REGISTER", required = true)]
    registers: Vec<PathBuf>,
    #[command(flatten)]
    sources: ClinicSources,
    #[command(flatten)]
    table: TableArguments,
    /// Number of the register, if its title does not state it: a register of the same number replaces the booked one
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// Judge without booking the claims
    #[arg(long)]
    dry_run: bool,
    /// Folder of the result; output/settle-<clinic>-<name of the register> by default. With several registers each has a folder in it
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

/// What all registers of a run are judged by.
struct Rules<'r> {
    network: &'r Network,
    clinic: &'r Clinic,
    index: &'r InsuredIndex,
    letters: &'r Letters,
    dry_run: bool,
}

/// Gives every row of the registers a verdict (`I42`), books the claims (`I60`) and writes the results, register by register.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { registers: paths, sources, table, number, dry_run, out } = arguments;
    if number.is_some() && paths.len() > 1 {
        return Err(Error::Unlawful { reason: Message::new("settle-number-of-several") });
    }
    let network = sources.open_network(common)?;
    let clinic = &network.clinics[table.clinic(&network)?];
    let mut portfolio =
        if *dry_run { sources.open_portfolio()? } else { Portfolio::change(&sources.portfolio, "clinics settle")? };
    let letters = read_letters(&portfolio)?;
    let registers: Vec<ClinicRegister> =
        paths.iter().map(|path| table.read(path, RowKind::Services, &clinic.columns)).collect::<Result<_, _>>()?;
    let index = index_insured(&portfolio, registers.iter().flat_map(ClinicRegister::queries))?;
    let rules = Rules { network: &network, clinic, index: &index, letters: &letters, dry_run: *dry_run };
    let mut refused = 0;
    for (path, register) in paths.iter().zip(&registers) {
        let folder = match out {
            Some(out) if paths.len() > 1 => out.join(path.file_stem().unwrap_or_default()),
            _ => result_folder(out.as_ref(), &format!("settle-{}", clinic.code), path),
        };
        if refuse(register, &folder, screen)? {
            refused += 1;
            continue;
        }
        let number = number.as_deref().map_or_else(|| register.number.clone(), folded);
        settle(&rules, &mut portfolio, register, &number, &folder, screen)?;
    }
    Ok(match refused {
        0 => Outcome::Done,
        all if all == paths.len() => Outcome::Refused,
        _ => Outcome::SetAside,
    })
}

/// Judges one register, books it and writes its result.
fn settle(
    rules: &Rules<'_>,
    portfolio: &mut Portfolio,
    register: &ClinicRegister,
    number: &str,
    out: &Path,
    screen: &Screen,
) -> Result<(), Error> {
    let Rules { network, clinic, index, letters, dry_run } = *rules;
    let booked = Ledger::registers(portfolio)?;
    let incoming = Incoming::new(&booked, &clinic.code, number, &fingerprint(&clinic.code, register));
    let ledger = Ledger::read(portfolio, &index.keys(), incoming)?;
    let adjudication = Adjudication::new(network, clinic, register, index, letters, &ledger);
    let correction = match incoming {
        Incoming::Corrects(id) => Some(Correction::new(&Ledger::read_register(portfolio, id)?.claims, &adjudication)),
        Incoming::New | Incoming::Same(_) => None,
    };
    let booking = match incoming {
        Incoming::Same(_) => Booking::BookedBefore,
        _ if dry_run => Booking::DryRun,
        Incoming::New => Booking::Booked,
        Incoming::Corrects(_) => Booking::Corrected,
    };
    let entry = RegisterEntry { number, booking, correction: correction.as_ref(), clinics_sha256: &digest(network) };
    let folder = Folder::stage(out)?;
    adjudication::write(&adjudication, register, &entry, &folder, screen.language)?;
    if !dry_run {
        book(portfolio, &adjudication, register, number, incoming)?;
    }
    folder.publish()?;
    diagnostics::print(&register.tables, false, screen);
    screen.print(&totals(&adjudication, screen))?;
    let file = register.tables.files.first().map_or("", |file| file.name.as_str());
    screen.note(&booking.message().with("file", file).with("count", adjudication.rows.len()));
    if let Some(correction) = &correction {
        screen.print(&differences(correction, screen))?;
    }
    let unreadable = adjudication.totals.iter().find(|total| total.verdict == Verdict::Unreadable);
    if let Some(total) = unreadable.filter(|total| total.rows > 0) {
        screen.note(&Message::new("settle-unreadable").with("count", total.rows));
    }
    screen.answer(&answer(&adjudication, out))?;
    screen.note_written(out);
    screen.suggest(Message::new("next-settle").with("out", out.display().to_string()));
    Ok(())
}

/// The verdicts that a correction has changed.
fn differences(correction: &Correction, screen: &Screen) -> String {
    let row = |(before, after): &(VerdictTotal, VerdictTotal)| {
        [
            screen.render(&before.verdict.message()),
            screen.count(before.rows),
            screen.count(after.rows),
            screen.bare_amount(before.shares.total()),
            screen.bare_amount(after.shares.total()),
        ]
    };
    let heading = ["settled-verdict", "corrected-rows-before", "settled-rows", "corrected-before", "settled-amount"];
    screen.table(heading, correction.differences().map(row).collect(), 1)
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
