//! `kollektiv quote`: prices a contract and writes the result folder; several contracts, each into a folder of its own.

pub mod batch;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::base::calendar::format_day;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::arguments::paper::OfferArguments;
use crate::cli::arguments::{Common, QuoteSources};
use crate::cli::diagnostics;
use crate::cli::documents::chosen_documents;
use crate::cli::outcome::Outcome;
use crate::cli::output_folder::default_output;
use crate::cli::progress::Bar;
use crate::cli::quoting::{edition_line, finish, open_contract, preliminary_paragraph, read_quote, row_counts};
use crate::cli::report::offer_template;
use crate::cli::screen::{Screen, print_result};
use crate::output::folder_name;
use crate::pricing::choice::ChosenBy;
use crate::quote::documents::DocumentKind;
use crate::quote::files;
use crate::quote::files::{FilesRequest, LineFormat};
use crate::quote::rosters::expand;
use crate::quote::{Price, Quote, Status};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    pub sources: QuoteSources,
    /// Folder of the result, output/<contract number> by default; of several contracts the folder of their folders and of
    /// contracts.csv, output by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Formats of the line files, such as --format csv; both by default
    #[arg(long, value_name = "FORMATS", value_delimiter = ',')]
    format: Vec<FormatArgument>,
    /// Also make these documents, such as --documents pdf,xlsx; they need the CSV lines
    #[arg(long, value_name = "DOCUMENTS", value_delimiter = ',')]
    documents: Vec<DocumentKind>,
    #[command(flatten)]
    offer: OfferArguments,
    /// Show the names of the insured in quote.html and quote-client.html
    #[arg(long, requires = "documents")]
    with_names: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatArgument {
    /// premiums.csv
    Csv,
    /// premiums.parquet
    Parquet,
}

/// Prices a contract and writes the result folder.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let documents = chosen_documents(DocumentKind::ALL, &arguments.documents);
    let request = FilesRequest {
        language: screen.language,
        formats: arguments.formats(),
        preliminary: arguments.sources.preliminary,
        template: offer_template(&documents, &arguments.offer, common, screen)?,
        documents,
        with_names: arguments.with_names,
    };
    let editions = common.editions()?;
    if let Some(names) = arguments.contracts() {
        let found = names.iter().map(|name| expand(Path::new(""), name)).collect::<Result<Vec<_>, _>>()?;
        let out = arguments.out.clone().unwrap_or_else(|| default_output(""));
        return batch::run(&found.concat(), &editions, &out, &request, screen);
    }
    let (contract, tariff) = open_contract(&arguments.sources, &editions)?;
    let quote = read_quote(&arguments.sources, &contract, &tariff, screen)?;
    let default = || match &contract.option {
        Some(option) => default_output(&folder_name(&format!("{}-{option}", contract.number))),
        None => default_output(&folder_name(&contract.number)),
    };
    let out = arguments.out.clone().unwrap_or_else(default);
    let out = {
        let bar = Bar::new(screen);
        files::write_quote(&quote, &out, &request, &bar)?
    };
    diagnostics::print(&quote.roster.tables, quote.status == Status::Refused, screen);
    if screen.is_json() {
        print_result(&files::quote_json(&quote))?;
    } else {
        screen.print(&summary(&quote, screen))?;
    }
    screen.note_written(&out);
    let outcome = finish(&quote, screen);
    let next = if outcome == Outcome::Refused { "next-refused" } else { "next-quote" };
    let contract = arguments.sources.contract.display().to_string();
    screen.suggest(Message::new(next).with("contract", contract).with("out", out.display().to_string()));
    Ok(outcome)
}

impl Arguments {
    /// The names and patterns of several contracts; `None` where the first argument is the only contract.
    fn contracts(&self) -> Option<Vec<String>> {
        let first = self.sources.contract.to_string_lossy().into_owned();
        let more = self.sources.rosters.iter().filter(|name| is_contract(name));
        let names: Vec<String> = [first].iter().chain(more).cloned().collect();
        let is_pattern = !self.sources.contract.exists() && names[0].contains(['*', '?', '[']);
        (names.len() > 1 || is_pattern).then_some(names)
    }

    /// The contradiction of the arguments, if there is one.
    pub fn contradiction(&self) -> Option<Message> {
        if self.contracts().is_some() && !self.sources.rosters.iter().all(|name| is_contract(name)) {
            return Some(Message::new("arguments-contracts-with-rosters"));
        }
        let needs_csv = !self.documents.is_empty() && !self.formats().contains(&LineFormat::Csv);
        needs_csv.then(|| Message::new("arguments-documents-without-csv"))
    }

    /// The formats of the line files, each once, in a fixed order.
    fn formats(&self) -> Vec<LineFormat> {
        let is_wanted = |format: &LineFormat| {
            self.format.is_empty()
                || self.format.iter().any(|argument| match argument {
                    FormatArgument::Csv => *format == LineFormat::Csv,
                    FormatArgument::Parquet => *format == LineFormat::Parquet,
                })
        };
        [LineFormat::Csv, LineFormat::Parquet].into_iter().filter(is_wanted).collect()
    }
}

/// Whether a further argument is a contract file, and no roster.
fn is_contract(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
}

/// The contract, its row counts and its premium.
fn summary(quote: &Quote<'_>, screen: &Screen) -> String {
    let (start, end) = quote.contract.days();
    let head = Message::new("summary-head")
        .with("number", quote.contract.number.as_str())
        .with("policyholder", quote.contract.policyholder.as_str())
        .with("start", format_day(start))
        .with("end", format_day(end));
    let mut text = screen.render(&head);
    text.push('\n');
    text.push_str(&edition_line(quote.tariff, screen));
    text.push_str(&preliminary_paragraph(quote, screen));
    text.push_str(&row_counts(quote, screen));
    if let Some(price) = &quote.price {
        text.push_str(&prices(quote, price, screen));
    }
    text
}

/// The headcount coefficient, the premium by plan and the instalments.
fn prices(quote: &Quote<'_>, price: &Price<'_>, screen: &Screen) -> String {
    let mut text = String::new();
    let headcount = price.rating.headcount();
    let is_left_out = headcount.by == ChosenBy::NotApplied;
    let message = Message::new(if is_left_out { "summary-headcount-not-applied" } else { "summary-headcount" })
        .with("headcount", screen.count(price.headcount as usize))
        .with("lines", screen.count(price.lines.count))
        .with("coefficient", screen.decimal(headcount.coefficient))
        .with("range", screen.decimal(headcount.range))
        .with("clause", quote.tariff.headcount.clause.as_str());
    let _ = writeln!(text, "{}", screen.render(&message));
    if headcount.by == ChosenBy::Default {
        let _ = writeln!(text, "{}", screen.text("summary-not-chosen"));
    }
    if !quote.accepted.is_empty() {
        let message = Message::new("summary-accepted").with("count", quote.accepted.len());
        let message = message.with("clause", quote.tariff.age.clause.as_str());
        let _ = writeln!(text, "{}", screen.render(&message));
    }
    let plans = quote.contract.terms.plans.iter().zip(&price.totals.plans).map(|(plan, total)| {
        [
            plan.code.clone(),
            plan.name.clone().unwrap_or_default(),
            screen.count(total.insured),
            screen.language.amount(total.premium),
        ]
    });
    text.push('\n');
    let heading = ["heading-plan", "heading-name", "heading-insured", "heading-premium"];
    text.push_str(&screen.table(heading, plans.collect(), 2));
    let premium = price.totals.premium;
    let message = Message::new("summary-premium")
        .with("premium", screen.language.amount(premium.chosen))
        .with("low", screen.language.amount(premium.low))
        .with("high", screen.language.amount(premium.high));
    let _ = writeln!(text, "\n{}", screen.render(&message));
    if price.totals.instalments.len() > 1 {
        let _ = writeln!(text, "{}", screen.text("summary-instalments"));
        for (period, amount) in quote.contract.instalments.iter().zip(&price.totals.instalments) {
            let _ = writeln!(text, "  {} {:>20}", format_day(period.first()), screen.language.amount(*amount));
        }
    }
    text
}
