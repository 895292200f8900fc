//! `kollektiv bind`: prices contracts and puts them in force in a portfolio.

use std::path::Path;

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::{BookToChange, Common};
use crate::cli::log::{Event, Level};
use crate::cli::outcome::Outcome;
use crate::cli::progress::Bar;
use crate::cli::screen::{SHOWN_FAULTS, Screen};
use crate::portfolio::bind::{BindOutcome, Binding, Reason, bind};
use crate::portfolio::warning::Warning;
use crate::quote::diagnostic_text::severity_word;
use crate::quote::rosters;
use crate::tariff::EditionId;

/// A run with more new contracts prints only their sums.
const LISTED_CONTRACTS: usize = 20;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Contract files, or patterns such as 'contracts/**/*.toml'
    #[arg(value_name = "CONTRACT.toml", required = true)]
    contracts: Vec<String>,
    #[command(flatten)]
    book: BookToChange,
    /// Price the contracts and print which would be bound or set aside, but leave the portfolio unchanged
    #[arg(long)]
    dry_run: bool,
}

/// Prices contracts and puts them in force; a new folder becomes a portfolio.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let editions = common.editions()?;
    let mut paths = Vec::new();
    for name in &arguments.contracts {
        paths.extend(rosters::expand(Path::new(""), name)?);
    }
    let mut book = arguments.book.create(arguments.dry_run, "bind")?;
    let mut sums = BindSums::default();
    {
        let bar = Bar::new(screen);
        let mut report = |binding: Binding| {
            match &binding.outcome {
                BindOutcome::SetAside(reason) => bar.suspend(|| report_set_aside(&binding.path, reason, screen)),
                BindOutcome::Bound { warnings, .. } if !warnings.is_empty() => {
                    bar.suspend(|| report_warnings(&binding.path, warnings, screen));
                }
                _ => {}
            }
            sums.add(binding);
        };
        bind(&mut book, &paths, &editions, arguments.dry_run, &mut report, &bar)?;
    }
    screen.record_total("bound", sums.new);
    screen.record_total("known", sums.known);
    screen.record_total("set_aside", sums.aside);
    screen.print(&sums.summary(screen))?;
    screen.answer(&sums.answer(arguments.dry_run))?;
    if arguments.dry_run {
        screen.note(&Message::new("pay-dry"));
    }
    let next = Message::new(if arguments.dry_run { "next-bind-dry" } else { "next-book" });
    screen.suggest(next.with("portfolio", arguments.book.folder.display().to_string()));
    Ok(match sums.aside {
        0 => Outcome::Done,
        _ if sums.new + sums.known == 0 => Outcome::Refused,
        _ => Outcome::SetAside,
    })
}

answer! {
    /// The answer of `kollektiv bind`.
    pub struct Answer {
        /// Contracts put in force.
        bound: usize,
        /// Contracts that the portfolio had already.
        known: usize,
        /// Contracts set aside for reasons on standard error.
        set_aside: usize,
        /// Insured of the new contracts.
        insured: u64,
        /// Lines of the new contracts.
        lines: u64,
        /// Written premium of the new contracts.
        premium: Money,
        /// The first new contracts, at most 20.
        contracts: Vec<BoundContract>,
        /// Whether the portfolio was left unchanged on request.
        dry_run: bool,
    }
}

answer! {
    struct BoundContract {
        /// Number of the contract.
        number: String,
        /// Insured.
        insured: u32,
        /// Lines.
        lines: u64,
        /// Written premium.
        premium: Money,
        /// Edition of the tariff that priced it.
        tariff: EditionId,
    }
}

/// Prints why a contract is not bound.
fn report_set_aside(path: &Path, reason: &Reason, screen: &Screen) {
    match reason {
        Reason::Fault(fault) => screen.print_error(fault),
        Reason::Refusal(message) => {
            let path = path.display().to_string();
            let event =
                Event::new(Level::Error, "set-aside").with("file", path.as_str()).with("reason", message.name());
            screen.report(event, &format!("{path}: {}", screen.render(message)));
        }
    }
}

/// Prints the first warnings about a contract that is bound; the portfolio keeps them.
fn report_warnings(path: &Path, warnings: &[Warning], screen: &Screen) {
    let path = path.display().to_string();
    for Warning { code, place, message } in warnings.iter().take(SHOWN_FAULTS) {
        let message = screen.render(message);
        let event = Event::new(Level::Warning, "diagnostic").with("file", path.as_str()).with("code", code.as_str());
        let event = event.with("place", place.as_str());
        let severity = severity_word(code.severity(), screen.language);
        screen.report(event, &format!("{path}: {place}: {severity} {code}: {message}"));
    }
    if let Some(more) = warnings.len().checked_sub(SHOWN_FAULTS).filter(|more| *more > 0) {
        let message = Message::new("bind-more-warnings").with("count", more).with("file", path.as_str());
        let event = Event::new(Level::Warning, "diagnostics").with("file", path.as_str()).with("more", more);
        screen.report(event, &screen.render(&message));
    }
}

/// The sums of a run.
#[derive(Default)]
struct BindSums {
    new: usize,
    known: usize,
    aside: usize,
    insured: u64,
    lines: u64,
    premium: Kopecks,
    /// The first bound contracts: at most one more than are listed.
    first: Vec<(String, u32, u64, Kopecks, EditionId)>,
}

impl BindSums {
    fn add(&mut self, binding: Binding) {
        match binding.outcome {
            BindOutcome::Known => self.known += 1,
            BindOutcome::SetAside(_) => self.aside += 1,
            BindOutcome::Bound { insured, lines, premium, tariff, .. } => {
                self.new += 1;
                self.insured += u64::from(insured);
                self.lines += lines;
                self.premium += premium;
                if self.first.len() <= LISTED_CONTRACTS {
                    self.first.push((binding.number.unwrap_or_default(), insured, lines, premium, tariff));
                }
            }
        }
    }

    fn answer(&self, dry_run: bool) -> Answer {
        let contract =
            |(number, insured, lines, premium, tariff): &(String, u32, u64, Kopecks, EditionId)| BoundContract {
                number: number.clone(),
                insured: *insured,
                lines: *lines,
                premium: (*premium).into(),
                tariff: tariff.clone(),
            };
        Answer {
            bound: self.new,
            known: self.known,
            set_aside: self.aside,
            insured: self.insured,
            lines: self.lines,
            premium: self.premium.into(),
            contracts: self.first.iter().take(LISTED_CONTRACTS).map(contract).collect(),
            dry_run,
        }
    }

    /// The list of a few new contracts, and the sums.
    fn summary(&self, screen: &Screen) -> String {
        let mut text = String::new();
        if (1..=LISTED_CONTRACTS).contains(&self.first.len()) {
            let heading = [
                "portfolio-col-number",
                "portfolio-col-tariff",
                "portfolio-col-insured",
                "portfolio-col-lines",
                "portfolio-col-written",
            ];
            let row = |(number, insured, lines, premium, tariff): &(String, u32, u64, Kopecks, EditionId)| {
                [
                    number.clone(),
                    format!("{} {:.8}", tariff.code, tariff.sha256),
                    screen.count(*insured),
                    screen.count(*lines),
                    screen.bare_amount(*premium),
                ]
            };
            text = screen.table(heading, self.first.iter().map(row).collect(), 2);
            text.push('\n');
        }
        let message = Message::new("bind-done")
            .with("contracts", screen.count(self.new))
            .with("insured", screen.count(self.insured))
            .with("lines", screen.count(self.lines))
            .with("premium", self.premium)
            .with("known", screen.count(self.known))
            .with("aside", screen.count(self.aside));
        text.push_str(&screen.paragraph(&message));
        text
    }
}
