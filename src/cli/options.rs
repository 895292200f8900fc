//! `kollektiv options`: variants of a contract side by side, and one offer with all of them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::paper::OfferArguments;
use crate::cli::arguments::{Common, QuoteSources};
use crate::cli::diagnostics;
use crate::cli::outcome::Outcome;
use crate::cli::output_folder::default_output;
use crate::cli::paper::Paper;
use crate::cli::quoting::{finish, read_quote};
use crate::cli::screen::Screen;
use crate::cli::screen::table::format_for_screen;
use crate::desk::compare::{Cause, ComparedQuote};
use crate::desk::options::{InsuredPremium, OptionTable, PlanOptions, PricedOption};
use crate::output::folder_name;
use crate::output::pdf::Template;
use crate::output::staging::unfinished_file;
use crate::quote::Status;
use crate::quote::contract::Contract;
use crate::quote::documents::offer;
use crate::quote::documents::options::{OfferedOption, pdf};
use crate::quote::files::{FilesRequest, LineFormat, write_quote};
use crate::quote::rosters::expand;
use crate::quote::saved_quote::SavedQuote;
use crate::tariff::{Catalogue, EditionId, Tariff};

/// The file of the offer.
const OFFER: &str = "options.pdf";

#[derive(Debug, Args)]
pub struct Arguments {
    /// Contract files, one for each option, in the order of the offer: they differ in choices, plans or covers. Or one contract with its
    /// options in `[[option]]` tables. Also patterns such as 'options/*.toml'
    #[arg(value_name = "CONTRACT.toml", required = true)]
    contracts: Vec<String>,
    /// Price the rows without errors and referrals, although a roster has others
    #[arg(long)]
    preliminary: bool,
    /// Folder of the results, one folder for each option, and of options.pdf; output/options-<contract number> by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    offer: OfferArguments,
}

answer! {
    /// The answer of `kollektiv options`.
    pub struct Answer {
        /// The options, in the order of the offer.
        options: Vec<OptionAnswer>,
        /// The offer with all options.
        offer: String,
    }
}

answer! {
    /// An option and its price.
    struct OptionAnswer {
        /// Name in the offer: that of the contract file.
        name: String,
        /// Number of the contract.
        number: String,
        /// Edition of the tariff.
        tariff: EditionId,
        /// `issued` or `preliminary`.
        status: &'static str,
        /// Folder of the result.
        folder: String,
        /// Insured.
        insured: u32,
        /// Premium.
        premium: Money,
        /// Mean premium of an insured.
        per_insured: Money,
        /// Difference from the first option.
        difference: Money,
        /// Difference by cause.
        causes: Vec<CauseAnswer>,
        /// The plans of the option.
        plans: Vec<PlanAnswer>,
    }
}

answer! {
    /// A cause of the difference.
    struct CauseAnswer {
        /// Cause, as in `kollektiv compare`.
        cause: &'static str,
        /// Amount.
        amount: Money,
    }
}

answer! {
    /// A plan of an option.
    struct PlanAnswer {
        /// Code of the plan.
        code: String,
        /// Insured.
        insured: u32,
        /// Premium.
        premium: Money,
        /// Mean premium of an insured.
        per_insured: Money,
    }
}

/// Prices the options and writes their results and the offer.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let template = arguments.offer.template(Paper::Options, common, screen)?;
    let editions = common.editions()?;
    let found = arguments.contracts.iter().map(|name| expand(Path::new(""), name)).collect::<Result<Vec<_>, _>>()?;
    let offers = offers(&found.concat(), &editions)?;
    let mut out = arguments.out.clone();
    let (mut offered, mut folders, mut quotes) = (Vec::new(), Vec::new(), Vec::new());
    for offer in offers {
        let Some(folder) = arguments.price(&offer, &mut out, screen)? else {
            return Ok(Outcome::Refused);
        };
        let saved = SavedQuote::open(&folder)?;
        let name = offer.name;
        quotes.push((name.clone(), ComparedQuote::saved(&saved)));
        offered.push(OfferedOption { name, saved });
        folders.push(folder);
    }
    let Some(table) = OptionTable::new(quotes) else { return Ok(Outcome::Refused) };
    let offer = write_offer(&offered, &template, &out.unwrap_or_default(), screen)?;
    screen.print(&text(&table, screen))?;
    screen.answer(&Answer {
        options: table
            .options
            .iter()
            .zip(&folders)
            .enumerate()
            .map(|(at, found)| option_answer(&table, at, found))
            .collect(),
        offer: offer.display().to_string(),
    })?;
    screen.note_written(&offer);
    screen.suggest(Message::new("next-options"));
    Ok(Outcome::Done)
}

impl Arguments {
    /// Prices an option and returns the folder of its result; `None` if it has no price, for printed reasons.
    fn price(&self, offer: &OptionOffer, out: &mut Option<PathBuf>, screen: &Screen) -> Result<Option<PathBuf>, Error> {
        let OptionOffer { path, contract, tariff, name } = offer;
        let default = || default_output(&folder_name(&format!("options-{}", contract.number)));
        let out = out.get_or_insert_with(default);
        let sources = QuoteSources {
            contract: path.clone(),
            rosters: Vec::new(),
            preliminary: self.preliminary,
            option: contract.option.clone(),
        };
        let quote = read_quote(&sources, contract, tariff, screen)?;
        let request = FilesRequest {
            language: screen.language,
            formats: vec![LineFormat::Csv, LineFormat::Parquet],
            preliminary: self.preliminary,
            documents: Vec::new(),
            template: offer::template(),
            with_names: false,
        };
        let folder = write_quote(&quote, &out.join(folder_name(name)), &request, &())?;
        if quote.status == Status::Refused {
            diagnostics::print(&quote.roster.tables, true, screen);
            screen.refuse(&Message::new("options-refused").with("path", path.display().to_string()));
            finish(&quote, screen);
            return Ok(None);
        }
        Ok(Some(folder))
    }
}

/// An option of the offer, with the edition that prices it.
struct OptionOffer {
    path: PathBuf,
    contract: Contract,
    tariff: Arc<Tariff>,
    name: String,
}

/// The options of contract files: the `[[option]]` tables of one that has any, else the contract itself by the name of its file. Where two
/// names are alike, the paths stand before them.
fn offers(paths: &[PathBuf], editions: &Catalogue) -> Result<Vec<OptionOffer>, Error> {
    let mut offers = Vec::new();
    for path in paths {
        let (contract, tariff) = Contract::open_by(path, editions)?;
        let offer = |contract: Contract, name: String| OptionOffer {
            path: path.clone(),
            contract,
            tariff: Arc::clone(&tariff),
            name,
        };
        if contract.options.is_empty() {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            offers.push(offer(contract, stem));
        } else {
            let variants = contract.options.iter().map(|option| (contract.with_option(option), option.name.clone()));
            offers.extend(variants.map(|(contract, name)| offer(contract, name)));
        }
    }
    let names: BTreeSet<String> = offers.iter().map(|offer| offer.name.to_lowercase()).collect();
    if names.len() < offers.len() {
        for offer in &mut offers {
            let path = offer.path.with_extension("").display().to_string();
            offer.name = match &offer.contract.option {
                Some(option) => format!("{path} {option}"),
                None => path,
            };
        }
    }
    Ok(offers)
}

/// Writes the offer in place of an earlier one.
fn write_offer(offered: &[OfferedOption], template: &Template, out: &Path, screen: &Screen) -> Result<PathBuf, Error> {
    let document = pdf(offered, template, screen.language)?;
    let path = out.join(OFFER);
    let written = unfinished_file(out).and_then(|mut file| {
        file.write_all(&document)?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|fault| fault.error)
    });
    written.map_err(|fault| Error::writing(&path, fault))?;
    Ok(path)
}

/// The options, their plans side by side, and the causes of the differences.
fn text(table: &OptionTable, screen: &Screen) -> String {
    let row = |option: &PricedOption| {
        [
            option.name.clone(),
            format!("{} {:.8}", option.tariff.code, option.tariff.sha256),
            screen.count(option.total.insured),
            screen.bare_amount(option.total.premium),
            screen.bare_amount(option.total.per_insured()),
            screen.signed_amount(table.difference(option)),
        ]
    };
    let heading = [
        "heading-option",
        "portfolio-col-tariff",
        "heading-insured",
        "heading-premium-roubles",
        "heading-per-insured",
        "heading-difference",
    ];
    let mut text = screen.table(heading, table.options.iter().map(row).collect(), 2);
    let preliminary: Vec<&str> = table
        .options
        .iter()
        .filter(|option| option.status == Status::Preliminary)
        .map(|option| option.name.as_str())
        .collect();
    if !preliminary.is_empty() {
        let message = Message::new("compare-preliminary").with("quotes", preliminary.join(", "));
        let _ = write!(text, "\n{}", screen.paragraph(&message));
    }
    let _ = write!(text, "\n{}", plans(table, screen));
    if table.options.iter().any(|option| !option.causes.is_empty()) {
        let _ = write!(text, "\n{}", causes(table, screen));
    }
    text
}

/// A heading of the options' names after a first column.
fn names_after(table: &OptionTable, first: &'static str, screen: &Screen) -> Vec<String> {
    [screen.text(first)].into_iter().chain(table.options.iter().map(|option| option.name.clone())).collect()
}

/// The premium and the premium of one insured, by plan and together.
fn plans(table: &OptionTable, screen: &Screen) -> String {
    let dash = || "—".to_owned();
    let lines = |name: String, sums: Vec<Option<InsuredPremium>>| {
        let premium = sums.iter().map(|sum| sum.map_or_else(dash, |sum| screen.bare_amount(sum.premium)));
        let mean = sums.iter().map(|sum| sum.map_or_else(dash, |sum| screen.bare_amount(sum.per_insured())));
        let per_insured = screen.render(&Message::new("options-per-insured").with("plan", name.as_str()));
        [[name].into_iter().chain(premium).collect::<Vec<_>>(), [per_insured].into_iter().chain(mean).collect()]
    };
    let plan = |plan: &PlanOptions| lines(plan.code.clone(), plan.options.clone());
    let totals = table.options.iter().map(|option| Some(option.total)).collect();
    let rows = table.plans.iter().flat_map(plan).chain(lines(screen.text("compare-difference"), totals));
    format_for_screen(&names_after(table, "heading-plan", screen), &rows.collect::<Vec<_>>(), 1)
}

/// The difference of each option from the first, by cause; the causes add up to it.
fn causes(table: &OptionTable, screen: &Screen) -> String {
    let occurs =
        |cause: &&Cause| table.options.iter().any(|option| option.causes.iter().any(|(found, _)| found == **cause));
    let row = |cause: &Cause| {
        let amounts = table.options.iter().map(|option| screen.signed_amount(option.causes.amount(*cause)));
        [screen.render(&cause.message())].into_iter().chain(amounts).collect()
    };
    let mut rows: Vec<Vec<String>> = Cause::ALL.iter().filter(occurs).map(row).collect();
    let differences = table.options.iter().map(|option| screen.signed_amount(table.difference(option)));
    rows.push([screen.text("compare-difference")].into_iter().chain(differences).collect());
    format_for_screen(&names_after(table, "heading-cause", screen), &rows, 1)
}

fn option_answer(table: &OptionTable, at: usize, (option, folder): (&PricedOption, &PathBuf)) -> OptionAnswer {
    let plan = |plan: &PlanOptions| {
        plan.options[at].map(|sum| PlanAnswer {
            code: plan.code.clone(),
            insured: sum.insured,
            premium: sum.premium.into(),
            per_insured: sum.per_insured().into(),
        })
    };
    let cause = |(cause, amount): (Cause, Kopecks)| CauseAnswer { cause: cause.as_str(), amount: amount.into() };
    OptionAnswer {
        name: option.name.clone(),
        number: option.number.clone(),
        tariff: option.tariff.clone(),
        status: option.status.as_str(),
        folder: folder.display().to_string(),
        insured: option.total.insured,
        premium: option.total.premium.into(),
        per_insured: option.total.per_insured().into(),
        difference: table.difference(option).into(),
        causes: option.causes.iter().map(cause).collect(),
        plans: table.plans.iter().filter_map(plan).collect(),
    }
}
