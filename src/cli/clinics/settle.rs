//! `kollektiv clinics settle`: adjudicates clinics' registers of services and books their claims.

mod files;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use jiff::civil::Date;
use rayon::prelude::*;

use crate::base::calendar::Period;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::base::parallel::collect_in_order;
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::Common;
use crate::cli::clinics::arguments::{ClinicSources, TableArguments, digest, index_insured, read_letters, refuse};
use crate::cli::diagnostics;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::cli::usage::variable_language;
use crate::clinics::adjudicate::{Adjudication, Correction, VerdictTotal};
use crate::clinics::claim::{Shares, Verdict};
use crate::clinics::entitled::EntitledList;
use crate::clinics::insured_index::InsuredIndex;
use crate::clinics::ledger::booking;
use crate::clinics::ledger::booking::fingerprint;
use crate::clinics::ledger::run_ledger::RunLedger;
use crate::clinics::ledger::{Booking, Incoming, RegisterIdentity};
use crate::clinics::letter::Letters;
use crate::clinics::network::{Clinic, Network};
use crate::clinics::output::adjudication;
use crate::clinics::output::adjudication::RegisterEntry;
use crate::clinics::register::ClinicRegister;
use crate::clinics::register::spec::RowKind;
use crate::clinics::register::title::{number_key, period};
use crate::output::folder::Folder;
use crate::portfolio::Portfolio;
use files::{ResultFolders, register_files};

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
    /// Number of the register, if its title does not state it: a register of the same number and period replaces the booked one
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// Period of the register, such as 2027-01 or 01.01.2027-31.01.2027; by default that of its title, or else the month of its last day
    #[arg(long, value_name = "PERIOD", value_parser = parse_period)]
    period: Option<Period>,
    /// Adjudicate without booking the claims
    #[arg(long)]
    dry_run: bool,
    /// Book a register in the place of the correction that has replaced it
    #[arg(long)]
    again: bool,
    /// Folder of the result; output/settle-<clinic>-<name of the register> by default. With several registers each has a folder in it
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

answer! {
    /// The answer of `kollektiv clinics settle`.
    pub struct Answer {
        /// Registers, in the order in which they were judged.
        registers: Vec<RegisterAnswer>,
        /// Files that were set aside for reasons on standard error.
        set_aside: Vec<String>,
    }
}

answer! {
    struct RegisterAnswer {
        /// File of the register.
        file: String,
        /// Code of the clinic.
        clinic: String,
        /// Number of the register; empty if it has none.
        number: String,
        /// First day of its period; none if no row has a day.
        first_day: Option<String>,
        /// Last day of its period.
        last_day: Option<String>,
        /// Whether the run has booked it: `booked`, `corrected`, `booked-before` or `dry-run`.
        booking: String,
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

fn answer(adjudication: &Adjudication<'_>, file: &str, entry: &RegisterEntry<'_>, out: &Path) -> RegisterAnswer {
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
    RegisterAnswer {
        file: file.to_owned(),
        clinic: adjudication.clinic.code.clone(),
        number: entry.identity.number.clone(),
        first_day: entry.identity.period.map(|period| period.first().to_string()),
        last_day: entry.identity.period.map(|period| period.last().to_string()),
        booking: entry.booking.as_str().to_owned(),
        verdicts: verdicts.collect(),
        rows: adjudication.rows.len(),
        amount: adjudication.shares().total().into(),
        out: out.display().to_string(),
    }
}

/// Parses the argument of `--period`.
fn parse_period(text: &str) -> Result<Period, String> {
    let language = || variable_language().ok().flatten().unwrap_or_default();
    period(text).ok_or_else(|| language().render(&Message::new("argument-period")))
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

impl Incomer<'_> {
    /// The first and the last day of the services.
    fn days(&self) -> Option<(Date, Date)> {
        let days = || self.register.rows.iter().filter_map(|row| row.day);
        days().min().zip(days().max())
    }
}

/// Gives every row of the registers a verdict (`I42`), books the claims (`I60`) and writes the results, register by register in the order of
/// their days.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { registers, sources, table, number, period, dry_run, again, out } = arguments;
    let paths = register_files(registers)?;
    if (number.is_some() || period.is_some()) && paths.len() > 1 {
        return Err(Error::Unlawful { reason: Message::new("settle-number-of-several") });
    }
    let network = sources.open_network(common)?;
    let named = match paths.as_slice() {
        [_] => Some(table.clinic(&network)?),
        _ => table.named_clinic(&network)?,
    };
    let mut portfolio =
        if *dry_run { sources.open_portfolio()? } else { Portfolio::change(&sources.portfolio, "clinics settle")? };
    let mut set_aside = Vec::new();
    let incomers = read_registers(&paths, named, table, &network, &mut set_aside, screen)?;
    let letters = read_letters(&portfolio)?;
    let entitled = ClinicSources::open_entitled(&network, screen)?;
    let index = index_insured(&portfolio, &entitled, incomers.iter().flat_map(|incomer| incomer.register.queries()))?;
    let mut ledger = RunLedger::read(&portfolio, &index.keys())?;
    let rules = Rules { network: &network, index: &index, letters: &letters, entitled: &entitled, dry_run: *dry_run };
    let mut folders = ResultFolders::new(out.as_ref(), &paths);
    let mut answers = Vec::new();
    for incomer in &incomers {
        let folder = folders.next(&incomer.clinic.code, incomer.path);
        if refuse(&incomer.register, &folder, screen)? {
            set_aside.push(incomer.path.display().to_string());
            continue;
        }
        let identity = RegisterIdentity {
            clinic: incomer.clinic.code.clone(),
            number: number.as_deref().map_or_else(|| incomer.register.number.clone(), number_key),
            period: period.or_else(|| incomer.register.period()),
        };
        let replacement = ledger.replacement(&identity, &fingerprint(&identity.clinic, &incomer.register));
        if let Some(current) = replacement.filter(|_| !*again) {
            let file = incomer.path.display().to_string();
            let message = Message::new("settle-replaced").with("file", file.as_str());
            screen.refuse(&message.with("register", current.message()));
            set_aside.push(file);
            continue;
        }
        answers.push(settle(&rules, &mut ledger, &mut portfolio, incomer, &identity, &folder, screen)?);
    }
    let outcome = match (set_aside.len(), answers.len()) {
        (0, _) => Outcome::Done,
        (_, 0) => Outcome::Refused,
        _ => Outcome::SetAside,
    };
    if paths.len() > 1 {
        let counts = Message::new("settle-registers").with("count", answers.len()).with("set_aside", set_aside.len());
        screen.note(&counts);
    }
    if !answers.is_empty() {
        screen.answer(&Answer { registers: answers, set_aside })?;
        screen.suggest(Message::new("next-settle").with("out", folders.display_path().display().to_string()));
    }
    Ok(outcome)
}

/// Reads the registers on all threads, and puts them into the order of their days: results do not depend on the names of the files.
fn read_registers<'r>(
    paths: &'r [PathBuf],
    named: Option<usize>,
    table: &TableArguments,
    network: &'r Network,
    set_aside: &mut Vec<String>,
    screen: &Screen,
) -> Result<Vec<Incomer<'r>>, Error> {
    let mut of_clinics = Vec::with_capacity(paths.len());
    for path in paths {
        if let Some(at) = named.or_else(|| network.clinic_of_file(path)) {
            of_clinics.push((path, &network.clinics[at]));
        } else {
            let file = path.display().to_string();
            screen.refuse(&Message::new("settle-clinic-unknown").with("file", file.as_str()));
            set_aside.push(file);
        }
    }
    let incomers = of_clinics.into_par_iter().map(|(path, clinic)| {
        let register = table.read(path, RowKind::Services, &clinic.tables)?;
        Ok(Incomer { path, clinic, register })
    });
    let mut incomers: Vec<Incomer<'_>> = collect_in_order(incomers)?;
    incomers.sort_by_cached_key(Incomer::days);
    Ok(incomers)
}

/// Judges one register, books it and writes its result.
fn settle(
    rules: &Rules<'_>,
    ledger: &mut RunLedger,
    portfolio: &mut Portfolio,
    Incomer { clinic, register, .. }: &Incomer<'_>,
    identity: &RegisterIdentity,
    out: &Path,
    screen: &Screen,
) -> Result<RegisterAnswer, Error> {
    let Rules { network, index, letters, entitled, dry_run } = *rules;
    let incoming = ledger.incoming(identity, &fingerprint(&clinic.code, register));
    let before = ledger.of_register(&index.keys_of(register.queries()), incoming);
    let mut adjudication = Adjudication::new(network, clinic, register, index, letters, &before);
    let correction = match incoming {
        Incoming::Corrects(id) => Some(Correction::new(&ledger.register_claims(portfolio, id)?, &adjudication)),
        Incoming::Same(id) => {
            adjudication.keep_booked(&ledger.register_claims(portfolio, id)?);
            None
        }
        Incoming::New => None,
    };
    let booking = match incoming {
        Incoming::Same(_) => Booking::BookedBefore,
        _ if dry_run => Booking::DryRun,
        Incoming::New => Booking::Booked,
        Incoming::Corrects(_) => Booking::Corrected,
    };
    let entry = RegisterEntry {
        identity,
        booking,
        correction: correction.as_ref(),
        clinics_sha256: &digest(network),
        entitled_sha256: entitled.sha256(),
    };
    let folder = Folder::stage(out)?;
    adjudication::write(&adjudication, register, &entry, &folder, screen.language)?;
    if booking != Booking::BookedBefore {
        let booked = Arc::new(booking::entry(ledger.next_id(), &adjudication, register, identity, incoming));
        let claims = booking::claims(&adjudication, register, &booked);
        if !dry_run {
            booking::book(portfolio, &booked, &claims)?;
        }
        ledger.add(booked, claims);
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
    screen.note_written(out);
    Ok(answer(&adjudication, file, &entry, out))
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
