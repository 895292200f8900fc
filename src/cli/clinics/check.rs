//! `kollektiv clinics check`: checks a file of clinics, and the clinics of contracts against it.

use std::path::PathBuf;

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::answer;
use crate::cli::arguments::Common;
use crate::cli::clinics::arguments::{ClinicSources, TableArguments};
use crate::cli::column_uses::{UsedColumn, column_tables, used_columns};
use crate::cli::diagnostics;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::clinics::network::Network;
use crate::clinics::register::ClinicRegister;
use crate::clinics::register::spec::RowKind;
use crate::quote::contract::{Contract, PlanClinic};

#[derive(Debug, Args)]
pub struct Arguments {
    /// File of clinics
    #[arg(value_name = "CLINICS.toml")]
    clinics: PathBuf,
    /// Contract files whose plans name clinics and their programmes
    #[arg(value_name = "CONTRACT.toml")]
    contracts: Vec<PathBuf>,
    /// Register of services to check: the use of its columns, and what is wrong with its rows; can be repeated
    #[arg(long = "register", value_name = "REGISTER")]
    registers: Vec<PathBuf>,
    /// Table of requests for letters to check; can be repeated
    #[arg(long, value_name = "REQUESTS")]
    requests: Vec<PathBuf>,
    #[command(flatten)]
    table: TableArguments,
}

answer! {
    /// The answer of `kollektiv clinics check`.
    pub struct Answer {
        /// Clinics.
        clinics: usize,
        /// Services in their price lists.
        services: usize,
        /// Their programmes.
        programmes: usize,
        /// Those outside the portfolio with a right to the discount, by `entitled.csv` beside the file.
        entitled: usize,
        /// The contracts, in the order of the command line.
        contracts: Vec<ContractAnswer>,
        /// The registers and the requests.
        tables: Vec<TableAnswer>,
        /// What every column with a heading is used for: of the list of the entitled, of registers and of requests.
        columns: Vec<UsedColumn>,
    }
}

answer! {
    struct TableAnswer {
        /// Path of the file.
        path: String,
        /// Rows of data.
        rows: usize,
        /// Rows without an error.
        readable: usize,
        /// Whether the table would be refused.
        refused: bool,
    }
}

answer! {
    struct ContractAnswer {
        /// Path of the contract file.
        path: String,
        /// What is wrong with its clinics.
        faults: Vec<String>,
    }
}

/// Checks the file of clinics and the contracts.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let editions = common.editions()?;
    let network = Network::open_by(&arguments.clinics, &editions)?;
    let services: usize = network.clinics.iter().map(|clinic| clinic.services.len()).sum();
    let programmes: usize = network.clinics.iter().map(|clinic| clinic.programmes.len()).sum();
    let counts = Message::new("clinics-checked")
        .with("clinics", screen.count(network.clinics.len()))
        .with("services", screen.count(services))
        .with("programmes", screen.count(programmes));
    screen.print(&screen.paragraph(&counts))?;
    let list = ClinicSources::open_entitled(&network, screen)?;
    let mut outcome = if list.rows == list.entitled.len() { Outcome::Done } else { Outcome::Refused };
    if list.sha256().is_some() {
        let count = Message::new("entitled-checked").with("count", list.entitled.len());
        screen.print(&screen.paragraph(&count))?;
    }
    screen.print(&column_tables(&list.tables, screen))?;
    let mut columns = used_columns(&list.tables);
    let mut tables = Vec::new();
    for (path, read) in read_tables(arguments, &network)? {
        diagnostics::print(&read.tables, read.is_refused(), screen);
        screen.print(&column_tables(&read.tables, screen))?;
        columns.extend(used_columns(&read.tables));
        let readable = read.rows.iter().filter(|row| row.unreadable.is_none()).count();
        let counts = Message::new("clinics-table-checked").with("path", path.as_str());
        let counts = counts.with("rows", screen.count(read.read)).with("readable", screen.count(readable));
        screen.print(&screen.paragraph(&counts))?;
        if read.is_refused() || readable < read.read {
            outcome = Outcome::Refused;
        }
        tables.push(TableAnswer { path, rows: read.read, readable, refused: read.is_refused() });
    }
    let mut checked = Vec::new();
    for path in &arguments.contracts {
        let (contract, _) = Contract::open_by(path, &editions)?;
        let fault = |clinic: &PlanClinic| network.place_fault(&contract.terms.plans[clinic.plan].code, clinic);
        let faults: Vec<Message> = contract.clinics.iter().filter_map(fault).collect();
        let texts = faults.iter().map(|fault| screen.render(fault)).collect();
        checked.push(ContractAnswer { path: path.display().to_string(), faults: texts });
        let about_contract = |name| Message::new(name).with("path", path.display().to_string());
        if faults.is_empty() {
            screen.print(&screen.paragraph(&about_contract("clinics-contract-checked")))?;
        } else {
            for fault in &faults {
                screen.refuse(fault);
            }
            screen.refuse(&about_contract("clinics-contract-refused").with("count", faults.len()));
            outcome = Outcome::Refused;
        }
    }
    screen.answer(&Answer {
        clinics: network.clinics.len(),
        services,
        programmes,
        entitled: list.entitled.len(),
        contracts: checked,
        tables,
        columns,
    })?;
    screen.suggest(Message::new(if outcome == Outcome::Done { "next-clinics" } else { "next-clinics-wrong" }));
    Ok(outcome)
}

/// The registers and requests of the command line, read as the clinic writes them, with their paths.
fn read_tables(arguments: &Arguments, network: &Network) -> Result<Vec<(String, ClinicRegister)>, Error> {
    let Arguments { registers, requests, table, .. } = arguments;
    let mut read = Vec::new();
    for path in registers {
        let clinic = table.named_clinic(network)?.or_else(|| network.clinic_of_file(path));
        let clinic = clinic.map_or_else(|| table.clinic(network), Ok)?;
        let register = table.read(path, RowKind::Services, &network.clinics[clinic].tables)?;
        read.push((path.display().to_string(), register));
    }
    for path in requests {
        let clinic = table.named_clinic(network)?;
        read.push((path.display().to_string(), table.read_requests(path, network, clinic)?));
    }
    Ok(read)
}
