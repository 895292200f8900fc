//! The arguments that several commands of `kollektiv clinics` take, and what they open.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use crate::base::diagnostic::Severity;
use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::cli::arguments::Common;
use crate::cli::diagnostics;
use crate::cli::output_folder::default_output;
use crate::cli::screen::Screen;
use crate::clinics::balances::Balances;
use crate::clinics::book::Book;
use crate::clinics::entitled::EntitledList;
use crate::clinics::insured_index::{InsuredIndex, InsuredQuery};
use crate::clinics::ledger::{Ledger, Standing};
use crate::clinics::letter::{Letters, table};
use crate::clinics::network::Network;
use crate::clinics::output::adjudication::write_refused;
use crate::clinics::register::ClinicRegister;
use crate::clinics::register::spec::{ClinicTables, RegisterSpec, RowKind};
use crate::output::folder::{Folder, refusal_target};
use crate::output::folder_name;
use crate::portfolio::Portfolio;
use crate::quote::files::annotated_roster;
use crate::table::spec::SheetChoice;

/// The default name of the file of clinics.
pub const CLINICS: &str = "clinics.toml";

/// The portfolio and the network of clinics.
#[derive(Debug, Args)]
pub struct ClinicSources {
    /// Folder of the portfolio
    #[arg(long = "portfolio", value_name = "DIR")]
    pub portfolio: PathBuf,
    /// File of clinics; by default clinics.toml in the folder of the portfolio, else in the current folder
    #[arg(long, value_name = "CLINICS.toml")]
    clinics: Option<PathBuf>,
}

impl ClinicSources {
    /// Opens the file of clinics.
    pub fn open_network(&self, common: &Common) -> Result<Network, Error> {
        let in_portfolio = self.portfolio.join(CLINICS);
        let default = || if in_portfolio.exists() { in_portfolio } else { PathBuf::from(CLINICS) };
        Network::open_by(&self.clinics.clone().unwrap_or_else(default), &common.editions()?)
    }

    /// Reads the list of the entitled beside the file of clinics, and prints what is wrong with its rows (`I66`).
    pub fn open_entitled(network: &Network, screen: &Screen) -> Result<EntitledList, Error> {
        let folder = network.source.path.parent().unwrap_or(Path::new(""));
        let list = EntitledList::open(folder, &network.entitled_ignored)?;
        diagnostics::print(&list.tables, false, screen);
        Ok(list)
    }

    /// Opens the portfolio to read it.
    pub fn open_portfolio(&self) -> Result<Portfolio, Error> {
        Portfolio::open(&self.portfolio)
    }
}

/// The clinic and the sheet of a table.
#[derive(Debug, Args)]
pub struct TableArguments {
    /// Clinic, by code or name; needed if there are several
    #[arg(long, value_name = "CODE")]
    clinic: Option<String>,
    /// Sheet of the workbook; '*' for all sheets with a table. Needed if several sheets have one
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
}

impl TableArguments {
    /// The index of the named clinic, or of the only one.
    pub fn clinic(&self, network: &Network) -> Result<usize, Error> {
        self.named_clinic(network)?.ok_or_else(|| {
            let known = listed(network.clinics.iter().map(|clinic| &clinic.code));
            Error::Unlawful { reason: Message::new("clinic-unsaid").with("known", known) }
        })
    }

    /// The index of the named clinic, or of the only one; `None` if there are several and none is named.
    pub fn named_clinic(&self, network: &Network) -> Result<Option<usize>, Error> {
        let Some(name) = &self.clinic else { return Ok((network.clinics.len() == 1).then_some(0)) };
        network.clinic(name).map(Some).ok_or_else(|| {
            let known = listed(network.clinics.iter().map(|clinic| &clinic.code));
            let reason = Message::new("request-clinic-unknown").with("clinic", name.as_str()).with("known", known);
            Error::Unlawful { reason }
        })
    }

    /// Reads requests for letters as the insurer's dispatchers write them, or else as the clinic does, if there is one.
    pub fn read_requests(
        &self,
        path: &Path,
        network: &Network,
        clinic: Option<usize>,
    ) -> Result<ClinicRegister, Error> {
        let of_clinic = || clinic.map(|at| network.clinics[at].tables.clone());
        let tables = network.requests.clone().or_else(of_clinic).unwrap_or_default();
        self.read(path, RowKind::Requests, &tables)
    }

    /// Reads the table at a path as the clinic writes its tables.
    pub fn read(&self, path: &Path, rows: RowKind, clinic: &ClinicTables) -> Result<ClinicRegister, Error> {
        let sheet = self.sheet.as_deref().map_or(SheetChoice::TheOne, SheetChoice::from_word);
        ClinicRegister::read(path, &RegisterSpec::new(rows, clinic, sheet))
    }
}

/// One insured on the command line.
#[derive(Debug, Args)]
pub struct InsuredArguments {
    /// Policy number of the insured
    #[arg(long, value_name = "NUMBER")]
    policy: Option<String>,
    /// Surname, given name and patronymic of the insured; needs --born without a policy number
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Birth date of the insured, such as 1990-06-05
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    born: Option<Date>,
}

impl InsuredArguments {
    /// The query for the insured; `None` without any of the arguments.
    pub fn query(&self) -> Result<Option<InsuredQuery>, Error> {
        let Self { policy, name, born } = self;
        if policy.is_none() && name.is_none() && born.is_none() {
            return Ok(None);
        }
        if policy.is_none() && (name.is_none() || born.is_none()) {
            return Err(missing("missing-patient"));
        }
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Ok(Some(InsuredQuery { policy: text(policy), name: text(name), birth_date: *born }))
    }
}

/// The error of a missing argument, by the name of its message.
pub fn missing(name: &'static str) -> Error {
    Error::Unlawful { reason: Message::new(name) }
}

/// The SHA-256 of the file of clinics, for the manifest.
pub fn digest(network: &Network) -> String {
    sha256(network.source.text.as_bytes())
}

/// The insured of a portfolio, and the entitled outside it, that the queries may mean.
pub fn index_insured<'q>(
    portfolio: &Portfolio,
    entitled: &EntitledList,
    queries: impl IntoIterator<Item = &'q InsuredQuery>,
) -> Result<InsuredIndex, Error> {
    let mut index = InsuredIndex::new(queries);
    Book::open(portfolio)?.for_each_insured(|view| index.insert(view))?;
    entitled.entitled.iter().for_each(|entitled| index.insert_entitled(entitled));
    Ok(index)
}

/// What the booked claims of the insured of an index leave of letters and sums insured, for a question of a clinic's desk.
pub fn read_balances(portfolio: &Portfolio, index: &InsuredIndex) -> Result<Balances, Error> {
    Ok(Balances::after(&Standing::new(&Ledger::read(portfolio, &index.keys())?.claims)))
}

/// The letters of a portfolio.
pub fn read_letters(portfolio: &Portfolio) -> Result<Letters, Error> {
    Ok(table::letters(&portfolio.register.read(table::records)?))
}

/// The folder of a result: the given one, or in `output` one named after a command and its input file.
pub fn result_folder(out: Option<&PathBuf>, command: &str, input: &Path) -> PathBuf {
    let stem = input.file_stem().unwrap_or_default().to_string_lossy();
    out.cloned().unwrap_or_else(|| default_output(&folder_name(&format!("{command}-{stem}"))))
}

/// Whether a table is refused: then its annotated copy is written and the reasons are printed.
pub fn refuse(register: &ClinicRegister, out: &Path, screen: &Screen) -> Result<bool, Error> {
    if !register.is_refused() {
        return Ok(false);
    }
    let out = refusal_target(out)?;
    let folder = Folder::stage(&out)?;
    write_refused(register, &folder, screen.language)?;
    folder.publish()?;
    diagnostics::print(&register.tables, true, screen);
    let errors = register.tables.diagnostics.iter().filter(|found| found.code.severity() == Severity::Error);
    let file = out.join(annotated_roster::NAME).display().to_string();
    screen.refuse(&Message::new("register-refused").with("count", errors.count()).with("file", file));
    Ok(true)
}
