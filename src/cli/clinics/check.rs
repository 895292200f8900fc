//! `kollektiv clinics check`: checks a file of clinics, and the clinics of contracts against it.

use std::path::PathBuf;

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::answer;
use crate::cli::arguments::Common;
use crate::cli::clinics::arguments::{ClinicSources, open_network};
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::quote::contract::{Contract, PlanClinic};

#[derive(Debug, Args)]
pub struct Arguments {
    /// File of clinics
    #[arg(value_name = "CLINICS.toml")]
    clinics: PathBuf,
    /// Contract files whose plans name clinics and their programmes
    #[arg(value_name = "CONTRACT.toml")]
    contracts: Vec<PathBuf>,
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
    let network = open_network(&arguments.clinics, &editions)?;
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
    })?;
    screen.suggest(Message::new(if outcome == Outcome::Done { "next-clinics" } else { "next-clinics-wrong" }));
    Ok(outcome)
}
