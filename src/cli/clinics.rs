//! `kollektiv clinics`: the network of clinics, lists of the attached, guarantee letters, settled registers, the desk.

pub(crate) mod desk;
pub(crate) mod letters;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::civil::Date;

use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::cli::screen::{SHOWN_FAULTS, Screen, result, table};
use crate::cli::{Common, Outcome, diagnostics};
use crate::clinics::adjudicate;
use crate::clinics::adjudicate::Settlement;
use crate::clinics::book::Book;
use crate::clinics::finder::{Asked, InsuredIndex};
use crate::clinics::letter::table as letter_table;
use crate::clinics::lists::Lists;
use crate::clinics::network::Network;
use crate::clinics::network::schema::schema;
use crate::clinics::output::{lists as list_files, settled};
use crate::clinics::register::Register;
use crate::output::folder::{Folder, folder_name};
use crate::portfolio::Portfolio;
use crate::quote::contract::Contract;
use crate::quote::files::annotated_roster;
use crate::roster::spec::{RosterSpec, RowKind, SheetChoice};

/// The name of the file of clinics where none is given.
const CLINICS: &str = "clinics.toml";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a file of clinics, and whether the plans of contracts lead into it
    Check {
        /// The file of clinics
        #[arg(value_name = "CLINICS.toml")]
        clinics: PathBuf,
        /// Contracts whose plans name clinics
        #[arg(value_name = "CONTRACT.toml")]
        contracts: Vec<PathBuf>,
    },
    /// Print the JSON schema of files of clinics
    Schema,
    /// Write whom each clinic is to serve in advance: a workbook a clinic
    Lists(ListsArguments),
    /// Issue guarantee letters: PDF documents and a register of them
    Letter(letters::Arguments),
    /// Check what a clinic says it has done: a verdict a row
    Settle(SettleArguments),
    /// Say who has the right to the clinics' discount on a day
    Loyalty(desk::LoyaltyArguments),
    /// Answer a clinic's desk: who pays for this person's service on this day
    Route(desk::RouteArguments),
}

/// The book and the clinics.
#[derive(Debug, Args)]
pub struct Sources {
    /// The folder of the book
    #[arg(long = "portfolio", value_name = "DIR")]
    portfolio: PathBuf,
    /// The file of clinics; without it clinics.toml in the folder of the book or here
    #[arg(long, value_name = "CLINICS.toml")]
    clinics: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ListsArguments {
    #[command(flatten)]
    sources: Sources,
    /// The day of the list
    #[arg(long, value_name = "DAY")]
    as_of: Date,
    /// An earlier day: who is to be attached and detached since then
    #[arg(long, value_name = "DAY")]
    since: Option<Date>,
    /// The folder of the result
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Which clinic and which sheet a table is of.
#[derive(Debug, Args)]
pub struct TableOf {
    /// The clinic, by code or name; not needed where there is only one
    #[arg(long, value_name = "CODE")]
    clinic: Option<String>,
    /// The sheet of the workbook; `*` for every sheet with a table
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
}

#[derive(Debug, Args)]
pub struct SettleArguments {
    /// The clinic's register of services
    #[arg(value_name = "REGISTER")]
    register: PathBuf,
    #[command(flatten)]
    sources: Sources,
    #[command(flatten)]
    of: TableOf,
    /// The folder of the result
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs one of the commands.
pub fn run(common: &Common, command: &Command, screen: &Screen) -> Result<Outcome, Error> {
    match command {
        Command::Check { clinics, contracts } => check(common, clinics, contracts, screen),
        Command::Schema => result(&format!("{:#}\n", schema())).map(|()| Outcome::Done),
        Command::Lists(arguments) => lists(common, arguments, screen),
        Command::Letter(arguments) => letters::run(common, arguments, screen),
        Command::Settle(arguments) => settle(common, arguments, screen),
        Command::Loyalty(arguments) => desk::loyalty(common, arguments, screen),
        Command::Route(arguments) => desk::route(common, arguments, screen),
    }
}

fn check(common: &Common, clinics: &Path, contracts: &[PathBuf], screen: &Screen) -> Result<Outcome, Error> {
    let tariff = common.tariff()?;
    let network = Network::open(clinics, &tariff)?;
    let counted = Message::new("clinics-checked")
        .with("clinics", screen.language.count(network.clinics.len()))
        .with("services", screen.language.count(network.clinics.iter().map(|clinic| clinic.services.len()).sum()))
        .with("programmes", screen.language.count(network.clinics.iter().map(|clinic| clinic.programmes.len()).sum()));
    screen.table(&screen.paragraph(&counted))?;
    let mut outcome = Outcome::Done;
    for path in contracts {
        let contract = Contract::open(path, &tariff)?;
        let places = contract.plans.iter().flat_map(|plan| plan.clinics.iter().map(move |place| (plan, place)));
        let faults: Vec<Message> = places.filter_map(|(plan, place)| network.fault_of(&plan.code, place)).collect();
        let named = |name| Message::new(name).with("path", path.display().to_string());
        if faults.is_empty() {
            screen.table(&screen.paragraph(&named("clinics-contract-checked")))?;
        } else {
            for fault in &faults {
                screen.refuse(&screen.say(fault));
            }
            screen.refuse(&screen.say(&named("clinics-contract-refused").with("count", faults.len())));
            outcome = Outcome::Refused;
        }
    }
    Ok(outcome)
}

fn lists(common: &Common, arguments: &ListsArguments, screen: &Screen) -> Result<Outcome, Error> {
    let ListsArguments { sources, as_of, since, out } = arguments;
    if since.is_some_and(|since| since >= *as_of) {
        let reason = Message::new("lists-since").with("day", as_of.to_string());
        return Err(Error::Unlawful { reason });
    }
    let network = sources.network(common)?;
    let portfolio = Portfolio::open(&sources.portfolio)?;
    let mut lists = Lists::new(&network, *as_of, *since);
    let mut book = Book::open(&portfolio)?;
    book.show(|served| lists.show(served))?;
    let lists = lists.finish();
    let outcome = if tell_lacking(&book.lacking(&network, *as_of), screen) { Outcome::SetAside } else { Outcome::Done };
    let out = out.clone().unwrap_or_else(|| PathBuf::from("output").join(format!("lists-{as_of}")));
    let folder = Folder::stage(&out)?;
    list_files::write(&lists, (*as_of, *since), &digest(&network), &folder, screen.language)?;
    folder.publish()?;
    let count = |count: usize| screen.language.count(count);
    if lists.is_empty() {
        screen.table(&screen.paragraph(&Message::new("lists-nobody")))?;
    } else if since.is_some() {
        let heading = ["heading-clinic", "list-before", "list-attach", "list-detach", "list-today"];
        let rows = lists.iter().filter_map(|list| {
            let changes = list.changes.as_ref()?;
            let (attach, detach) = (changes.attach.len(), changes.detach.len());
            Some([
                list.clinic.name.clone(),
                count(changes.before),
                count(attach),
                count(detach),
                count(list.today.len()),
            ])
        });
        screen.table(&table(heading.map(|name| screen.words(name)), rows.collect(), 1))?;
    } else {
        let heading = ["heading-clinic", "list-today", "heading-file"];
        let rows = lists
            .iter()
            .map(|list| [list.clinic.name.clone(), count(list.today.len()), list_files::file_name(list.clinic)]);
        screen.table(&table(heading.map(|name| screen.words(name)), rows.collect(), 1))?;
    }
    screen.note(&screen.say(&Message::new("written-to").with("path", out.display().to_string())));
    Ok(outcome)
}

/// Tells whose insured stand in no list because the network lacks their clinic or its programme; whether there are any.
fn tell_lacking(lacking: &[(&str, Message)], screen: &Screen) -> bool {
    for (number, fault) in lacking.iter().take(SHOWN_FAULTS) {
        screen.refuse(&format!("{number}: {}", screen.say(fault)));
    }
    screen.more_faults(lacking.len());
    !lacking.is_empty()
}

fn settle(common: &Common, arguments: &SettleArguments, screen: &Screen) -> Result<Outcome, Error> {
    let SettleArguments { register: path, sources, of, out } = arguments;
    let network = sources.network(common)?;
    let clinic = &network.clinics[of.clinic(&network)?];
    let portfolio = Portfolio::open(&sources.portfolio)?;
    let register = of.read(path, RowKind::Services, Some(clinic.columns.clone()));
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let default = || PathBuf::from("output").join(folder_name(&format!("settle-{}-{stem}", clinic.code)));
    let out = out.clone().unwrap_or_else(default);
    if let Some(outcome) = refused(&register, &out, screen)? {
        return Ok(outcome);
    }
    let records = portfolio.register.read(letter_table::records)?;
    let letters = letter_table::letters(&records);
    let finder = found(&portfolio, adjudicate::asked(&register))?;
    let settlement = Settlement::new(&network, clinic, &register, &finder, &letters);
    let folder = Folder::stage(&out)?;
    settled::write(&settlement, &register, &digest(&network), &folder, screen.language)?;
    folder.publish()?;
    diagnostics::show(&register.roster, false, screen);
    screen.table(&totals(&settlement, screen))?;
    screen.note(&screen.say(&Message::new("written-to").with("path", out.display().to_string())));
    Ok(Outcome::Done)
}

/// Verdicts and payers of a settlement, for people.
fn totals(settlement: &Settlement<'_>, screen: &Screen) -> String {
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
    let row = |name: String, rows: usize, shares: crate::clinics::verdict::Shares| {
        let amount =
            |amount: Kopecks| if amount == Kopecks::ZERO { String::new() } else { screen.language.bare_amount(amount) };
        [
            name,
            screen.language.count(rows),
            screen.language.bare_amount(shares.total()),
            amount(shares.advance),
            amount(shares.insurer),
            amount(shares.patient),
            amount(shares.discount),
            amount(shares.disputed + shares.uncleared),
        ]
    };
    let occurring = settlement.totals.iter().filter(|total| total.rows > 0);
    let mut rows: Vec<_> =
        occurring.map(|total| row(screen.say(&total.verdict.words()), total.rows, total.shares)).collect();
    rows.push(row(screen.words("settled-total"), settlement.rows.len(), settlement.shares()));
    table(heading.map(|name| screen.words(name)), rows, 1)
}

impl Sources {
    fn network(&self, common: &Common) -> Result<Network, Error> {
        let tariff = common.tariff()?;
        let beside = self.portfolio.join(CLINICS);
        let default = || if beside.exists() { beside } else { PathBuf::from(CLINICS) };
        Network::open(&self.clinics.clone().unwrap_or_else(default), &tariff)
    }
}

impl TableOf {
    /// The clinic that is named, or the only one.
    fn clinic(&self, network: &Network) -> Result<usize, Error> {
        self.named_clinic(network)?.ok_or_else(|| {
            let known = crate::base::messages::listed(network.clinics.iter().map(|clinic| &clinic.code));
            Error::Unlawful { reason: Message::new("clinic-unsaid").with("known", known) }
        })
    }

    /// The clinic that is named, or the only one; none where nothing says which.
    fn named_clinic(&self, network: &Network) -> Result<Option<usize>, Error> {
        match &self.clinic {
            None => Ok((network.clinics.len() == 1).then_some(0)),
            Some(written) => network.clinic(written).map(Some).ok_or_else(|| {
                let known = crate::base::messages::listed(network.clinics.iter().map(|clinic| &clinic.code));
                let reason =
                    Message::new("request-clinic-unknown").with("clinic", written.as_str()).with("known", known);
                Error::Unlawful { reason }
            }),
        }
    }

    fn read(
        &self,
        path: &Path,
        rows: RowKind,
        columns: Option<Vec<(crate::roster::field::Field, String)>>,
    ) -> Register {
        let sheet = self.sheet.as_deref().map_or(SheetChoice::TheOne, SheetChoice::from_word);
        Register::read(path, &RosterSpec::of_clinic(rows, columns.unwrap_or_default(), sheet))
    }
}

/// What a network was read from, for the manifest.
fn digest(network: &Network) -> String {
    sha256(network.source.text.as_bytes())
}

/// Everybody of the book who may be meant by what is asked.
fn found<'a>(portfolio: &Portfolio, asked: impl Iterator<Item = &'a Asked>) -> Result<InsuredIndex, Error> {
    let mut finder = InsuredIndex::new(asked);
    Book::open(portfolio)?.show(|served| finder.show(served))?;
    Ok(finder)
}

/// Says why a table is refused, and writes it back with its mistakes marked; nothing where it is not.
fn refused(register: &Register, out: &Path, screen: &Screen) -> Result<Option<Outcome>, Error> {
    if !register.is_refused() {
        return Ok(None);
    }
    let folder = Folder::stage(out)?;
    settled::write_refused(register, &folder, screen.language)?;
    folder.publish()?;
    diagnostics::show(&register.roster, true, screen);
    let errors = register
        .roster
        .diagnostics
        .iter()
        .filter(|found| found.code.severity() == crate::base::diagnostic::Severity::Error);
    let file = out.join(annotated_roster::NAME).display().to_string();
    screen.refuse(&screen.say(&Message::new("register-refused").with("count", errors.count()).with("file", file)));
    Ok(Some(Outcome::Refused))
}
