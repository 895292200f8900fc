//! `kollektiv clinics settle`: adjudicates clinics' registers of services and books their claims.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;

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
use crate::clinics::entitled::EntitledList;
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
    /// Registers of services with patient, day, service and price: .xlsx, .xls, .xlsb, .ods, .csv or .txt; of a folder all files. Without
    /// --clinic the name of a register or of its folder begins with the code of its clinic
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
    index: &'r InsuredIndex,
    letters: &'r Letters,
    entitled: &'r EntitledList,
    dry_run: bool,
}

/// A register of the run with its clinic.
struct Incomer<'r> {
    path: &'r Path,
    clinic: &'r Clinic,
    register: ClinicRegister,
}

/// Gives every row of the registers a verdict (`I42`), books the claims (`I60`) and writes the results, register by register.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { registers, sources, table, number, dry_run, out } = arguments;
    let paths = register_files(registers)?;
    if number.is_some() && paths.len() > 1 {
        return Err(Error::Unlawful { reason: Message::new("settle-number-of-several") });
    }
    let network = sources.open_network(common)?;
    let named = match paths.as_slice() {
        [_] => Some(table.clinic(&network)?),
        _ => table.named_clinic(&network)?,
    };
    let mut portfolio =
        if *dry_run { sources.open_portfolio()? } else { Portfolio::change(&sources.portfolio, "clinics settle")? };
    let letters = read_letters(&portfolio)?;
    let mut named_paths = Vec::with_capacity(paths.len());
    for path in &paths {
        match named.or_else(|| network.clinic_of_file(path)) {
            Some(at) => named_paths.push((path, &network.clinics[at])),
            None => screen.refuse(&Message::new("settle-clinic-unknown").with("file", path.display().to_string())),
        }
    }
    let mut refused = paths.len() - named_paths.len();
    let incomers = named_paths.into_par_iter().map(|(path, clinic)| {
        let register = table.read(path, RowKind::Services, &clinic.columns)?;
        Ok(Incomer { path, clinic, register })
    });
    let incomers: Vec<Incomer<'_>> = incomers.collect::<Result<_, Error>>()?;
    let entitled = ClinicSources::open_entitled(&network, screen)?;
    let index = index_insured(&portfolio, &entitled, incomers.iter().flat_map(|incomer| incomer.register.queries()))?;
    let rules = Rules { network: &network, index: &index, letters: &letters, entitled: &entitled, dry_run: *dry_run };
    for incomer in &incomers {
        let Incomer { path, clinic, register } = incomer;
        let folder = match out {
            Some(out) if paths.len() > 1 => out.join(path.file_stem().unwrap_or_default()),
            _ => result_folder(out.as_ref(), &format!("settle-{}", clinic.code), path),
        };
        if refuse(register, &folder, screen)? {
            refused += 1;
            continue;
        }
        let number = number.as_deref().map_or_else(|| register.number.clone(), folded);
        settle(&rules, &mut portfolio, incomer, &number, &folder, screen)?;
    }
    Ok(match refused {
        0 => Outcome::Done,
        all if all == paths.len() => Outcome::Refused,
        _ => Outcome::SetAside,
    })
}

/// The registers that paths mean, each once: of a folder the files in it and in its folders, by name.
fn register_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        for entry in folder_entries(path)? {
            if entry.is_dir() {
                files.extend(folder_entries(&entry)?.into_iter().filter(|file| file.is_file()));
            } else {
                files.push(entry);
            }
        }
        if files.len() == before {
            let reason = Message::new("settle-folder-empty").with("folder", path.display().to_string());
            return Err(Error::Unlawful { reason });
        }
    }
    Ok(files)
}

/// The files and folders in a folder by name, without hidden ones and the lock files of Excel.
fn folder_entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let reading = |fault| Error::reading(folder, fault);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(reading)? {
        let entry = entry.map_err(reading)?;
        if !entry.file_name().to_string_lossy().starts_with(['.', '~']) {
            entries.push(entry.path());
        }
    }
    entries.sort();
    Ok(entries)
}

/// Judges one register, books it and writes its result.
fn settle(
    rules: &Rules<'_>,
    portfolio: &mut Portfolio,
    Incomer { clinic, register, .. }: &Incomer<'_>,
    number: &str,
    out: &Path,
    screen: &Screen,
) -> Result<(), Error> {
    let Rules { network, index, letters, entitled, dry_run } = *rules;
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
    let entry = RegisterEntry {
        number,
        booking,
        correction: correction.as_ref(),
        clinics_sha256: &digest(network),
        entitled_sha256: entitled.sha256(),
    };
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
