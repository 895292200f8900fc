//! `kollektiv bind`, `pay`, `reprice`, `refuse` and `portfolio`: the book of contracts in force.

pub(crate) mod engine;
pub(crate) mod show;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::cli::log::{Event, Level};
use crate::cli::progress::Bar;
use crate::cli::screen::{Screen, first_rows, table};
use crate::cli::{Common, Outcome};
use crate::output::folder::folder_name;
use crate::portfolio::Portfolio;
use crate::portfolio::bind;
use crate::portfolio::bind::{Binding, Fate, Reason};
use crate::portfolio::change::PriceChange;
use crate::portfolio::payments::Payments;
use crate::portfolio::reprice;
use crate::portfolio::reprice::Repricing;
use crate::portfolio::{pay as paying, refuse as refusing};
use crate::quote::rosters;

/// The first so many contracts are shown; all stand in the book or the files.
const SHOWN_CONTRACTS: usize = 20;

/// The book to work on.
#[derive(Debug, Args)]
pub struct Book {
    /// The folder of the book
    #[arg(long = "portfolio", value_name = "DIR")]
    pub folder: PathBuf,
}

#[derive(Debug, Args)]
pub struct BindArguments {
    /// Contract files or patterns
    #[arg(value_name = "CONTRACT.toml", required = true)]
    contracts: Vec<String>,
    #[command(flatten)]
    book: Book,
}

#[derive(Debug, Args)]
pub struct PayArguments {
    /// The payments: number, date, amount
    #[arg(value_name = "PAYMENTS.csv")]
    payments: PathBuf,
    #[command(flatten)]
    book: Book,
}

#[derive(Debug, Args)]
pub struct RepriceArguments {
    /// The change of prices
    #[arg(value_name = "CHANGE.toml")]
    change: PathBuf,
    #[command(flatten)]
    book: Book,
    /// Write the same files and leave the book alone
    #[arg(long)]
    dry_run: bool,
    /// Letters for the policyholders whose price rises
    #[arg(long)]
    notices: bool,
    /// The folder of the result, instead of output/reprice-<id>
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    pub engine: engine::Arguments,
}

#[derive(Debug, Args)]
pub struct RefuseArguments {
    /// The number of the contract
    #[arg(value_name = "NUMBER")]
    number: String,
    /// The change that is refused
    #[arg(long, value_name = "ID")]
    change: String,
    #[command(flatten)]
    book: Book,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The contracts of the book
    List {
        #[command(flatten)]
        book: Book,
    },
    /// One contract: its versions, its money, and how it stands on a day
    Show {
        /// The number of the contract
        #[arg(value_name = "NUMBER")]
        number: String,
        /// The day, written YYYY-MM-DD; the last version by default
        #[arg(long, value_name = "DAY")]
        as_of: Option<Date>,
        #[command(flatten)]
        book: Book,
    },
    /// Read everything back and prove it
    Verify {
        #[command(flatten)]
        book: Book,
    },
}

/// Looks into a book.
pub fn run(command: &Command, screen: &Screen) -> Result<Outcome, Error> {
    match command {
        Command::List { book } => show::list(&Portfolio::open(&book.folder)?, screen),
        Command::Show { number, as_of, book } => {
            show::contract(&Portfolio::open(&book.folder)?, number, *as_of, screen)
        }
        Command::Verify { book } => show::verify(&Portfolio::open(&book.folder)?, screen),
    }
}

/// Prices contracts and puts them in force.
pub fn bind(common: &Common, arguments: &BindArguments, screen: &Screen) -> Result<Outcome, Error> {
    let tariff = common.tariff()?;
    let mut paths = Vec::new();
    for name in &arguments.contracts {
        paths.extend(rosters::found(Path::new(""), name)?);
    }
    let mut book = Portfolio::create(&arguments.book.folder, "bind")?;
    let mut bound = Bound::default();
    {
        let bar = Bar::new(screen);
        let mut tell = |binding: Binding| {
            if let Fate::SetAside(reason) = &binding.fate {
                bar.beside(|| refused(screen, &binding.path, reason));
            }
            bound.add(binding);
        };
        bind::bind(&mut book, &paths, &tariff, &mut tell, &bar)?;
    }
    screen.total("bound", bound.new);
    screen.total("known", bound.known);
    screen.total("set_aside", bound.aside);
    let shown = bound.shown(screen);
    screen.table(&shown)?;
    Ok(match bound.aside {
        0 => Outcome::Done,
        _ if bound.new + bound.known == 0 => Outcome::Refused,
        _ => Outcome::SetAside,
    })
}

/// Says why a contract is not bound.
fn refused(screen: &Screen, path: &Path, reason: &Reason) {
    match reason {
        Reason::Fault(fault) => screen.fault(fault),
        Reason::Said(message) => set_aside(screen, "file", &path.display().to_string(), message),
    }
}

/// What has become of the contract files.
#[derive(Default)]
struct Bound {
    new: usize,
    known: usize,
    aside: usize,
    insured: u64,
    lines: u64,
    premium: Kopecks,
    /// The first of those that are bound, one more than are shown.
    first: Vec<(String, u32, u64, Kopecks)>,
}

impl Bound {
    fn add(&mut self, binding: Binding) {
        match binding.fate {
            Fate::Known => self.known += 1,
            Fate::SetAside(_) => self.aside += 1,
            Fate::Bound { insured, lines, premium } => {
                self.new += 1;
                self.insured += u64::from(insured);
                self.lines += lines;
                self.premium += premium;
                if self.first.len() <= SHOWN_CONTRACTS {
                    self.first.push((binding.number.unwrap_or_default(), insured, lines, premium));
                }
            }
        }
    }

    fn shown(&self, screen: &Screen) -> String {
        let mut text = String::new();
        if (1..=SHOWN_CONTRACTS).contains(&self.first.len()) {
            let heading =
                ["portfolio-col-number", "portfolio-col-insured", "portfolio-col-lines", "portfolio-col-written"]
                    .map(|name| screen.words(name));
            let row = |(number, insured, lines, premium): &(String, u32, u64, Kopecks)| {
                let premium = screen.language.bare_amount(*premium);
                [number.clone(), count(screen, (*insured).into()), count(screen, *lines), premium]
            };
            text = table(heading, self.first.iter().map(row).collect(), 1);
            text.push('\n');
        }
        let message = Message::new("bind-done")
            .with("contracts", screen.language.count(self.new))
            .with("insured", count(screen, self.insured))
            .with("lines", count(screen, self.lines))
            .with("premium", self.premium)
            .with("known", screen.language.count(self.known))
            .with("aside", screen.language.count(self.aside));
        text.push_str(&screen.paragraph(&message));
        text
    }
}

pub fn count(screen: &Screen, count: u64) -> String {
    screen.language.count(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Says that a contract is set aside and why; `key` is what it is called by.
fn set_aside(screen: &Screen, key: &str, name: &str, reason: &Message) {
    let event = Event::new(Level::Error, "set-aside").with(key, name).with("reason", reason.name());
    screen.tell(event, &format!("{name}: {}", screen.say(reason)));
}

/// Adds payments.
pub fn pay(arguments: &PayArguments, screen: &Screen) -> Result<Outcome, Error> {
    let payments = Payments::open(&arguments.payments)?;
    let mut book = Portfolio::change(&arguments.book.folder, "pay")?;
    let paid = paying::pay(&mut book, &payments)?;
    for problem in payments.problems.iter().chain(&paid.problems) {
        let event = Event::new(Level::Error, "payment").with("row", problem.row).with("reason", problem.message.name());
        screen.tell(event, &problem.shown(&arguments.payments, screen.language));
    }
    for note in &payments.notes {
        screen.tell(Event::new(Level::Warning, note.name()), &screen.say(note));
    }
    if !payments.sums.is_empty() {
        screen.note(&screen.say(&passed_over(&payments.sums)));
    }
    let wrong = payments.problems.len() + paid.problems.len();
    screen.total("new", paid.new);
    screen.total("amount", paid.amount.to_string());
    screen.total("known", paid.known);
    screen.total("wrong", wrong);
    let message = Message::new("pay-done")
        .with("new", screen.language.count(paid.new))
        .with("amount", paid.amount)
        .with("known", screen.language.count(paid.known))
        .with("wrong", screen.language.count(wrong));
    screen.table(&screen.paragraph(&message))?;
    Ok(match (wrong, paid.new + paid.known) {
        (0, _) => Outcome::Done,
        (_, 0) => Outcome::Refused,
        _ => Outcome::SetAside,
    })
}

/// Which rows of a list of payments are sums.
fn passed_over(rows: &[u32]) -> Message {
    Message::new("pay-sums").with("count", rows.len()).with("rows", first_rows(rows))
}

/// Reprices a book.
pub fn reprice(common: &Common, arguments: &RepriceArguments, screen: &Screen) -> Result<Outcome, Error> {
    let tariff = common.tariff()?;
    let change = PriceChange::open(&arguments.change, &tariff)?;
    let default = || PathBuf::from("output").join(format!("reprice-{}", folder_name(&change.id)));
    let out = arguments.out.clone().unwrap_or_else(default);
    let folder = &arguments.book.folder;
    if let Some(engine) = arguments.engine.explained() {
        let book = Portfolio::open(folder)?;
        let room = arguments.engine.room(&out);
        crate::cli::screen::result(&reprice::explain(&book, &change, &tariff, &engine, &room)?)?;
        screen.note(&screen.say(&Message::new("engine-table").with("path", room.display().to_string())));
        return Ok(Outcome::Done);
    }
    // a dry run changes nothing, so that it needs no turn
    let mut book = if arguments.dry_run { Portfolio::open(folder)? } else { Portfolio::change(folder, "reprice")? };
    let options = reprice::Options {
        dry_run: arguments.dry_run,
        notices: arguments.notices,
        language: screen.language,
        engine: arguments.engine.chosen(),
    };
    let repricing = {
        let bar = Bar::new(screen);
        reprice::reprice(&mut book, &change, &tariff, &out, &options, &bar)?
    };
    for (number, reason) in &repricing.set_aside {
        set_aside(screen, "number", number, reason);
    }
    let impact = &repricing.impact;
    let aside = impact.contracts.set_aside;
    if aside > repricing.set_aside.len() {
        let message = Message::new("reprice-more").with("count", aside - repricing.set_aside.len());
        screen.refuse(&screen.say(&message));
    }
    for (number, reason) in &repricing.without_letter {
        let event = Event::new(Level::Error, "no-letter").with("number", number.as_str()).with("reason", reason.name());
        screen.tell(event, &format!("{number}: {}", screen.say(reason)));
    }
    let unnamed = repricing.letters_left_out - repricing.without_letter.len();
    if unnamed > 0 {
        screen.refuse(&screen.say(&Message::new("notices-left-out-more").with("count", unnamed)));
    }
    screen.total("contracts", impact.contracts.touched);
    screen.total("repriced", impact.contracts.repriced);
    screen.total("set_aside", aside);
    screen.total("lines", impact.proof.repriced);
    screen.total("additional", impact.additional.to_string());
    screen.total("credit", impact.credit.to_string());
    screen.total("known", repricing.known);
    if let Some(by_engine) = repricing.by_engine {
        screen.total("by_engine", by_engine);
        let here = impact.contracts.touched - by_engine;
        if here > 0 {
            screen.note(&screen.say(&Message::new("engine-not-given").with("count", here)));
        }
    }
    screen.table(&repriced(&repricing, screen))?;
    if repricing.known {
        screen.note(&screen.words("reprice-known"));
    } else if impact.contracts.touched == 0 {
        screen.refuse(&screen.words("reprice-nobody"));
    } else if arguments.dry_run {
        screen.note(&screen.words("reprice-dry"));
    }
    screen.note(&screen.say(&Message::new("written-to").with("path", out.display().to_string())));
    Ok(if aside + repricing.letters_left_out > 0 { Outcome::SetAside } else { Outcome::Done })
}

fn repriced(repricing: &Repricing, screen: &Screen) -> String {
    let impact = &repricing.impact;
    let heading = [
        "portfolio-col-programme",
        "portfolio-col-lines",
        "portfolio-col-before",
        "portfolio-col-after",
        "portfolio-col-difference",
    ]
    .map(|name| screen.words(name));
    let rows = impact.programmes.iter().map(|part| {
        [
            part.code.clone(),
            count(screen, part.lines),
            screen.language.bare_amount(part.annual_before),
            screen.language.bare_amount(part.annual_after),
            screen.difference(part.additional - part.credit),
        ]
    });
    let mut text = String::new();
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        text = table(heading, rows, 1);
        text.push('\n');
    }
    let contracts = &impact.contracts;
    let message = Message::new("reprice-done")
        .with("book", count(screen, contracts.in_book))
        .with("touched", screen.language.count(contracts.touched))
        .with("repriced", screen.language.count(contracts.repriced))
        .with("unchanged", screen.language.count(contracts.unchanged))
        .with("aside", screen.language.count(contracts.set_aside))
        .with("additional", impact.additional)
        .with("credit", impact.credit)
        .with("before", impact.written.before)
        .with("after", impact.written.after);
    text.push_str(&screen.paragraph(&message));
    text
}

/// Ends a contract whose policyholder refuses a change.
pub fn refuse(arguments: &RefuseArguments, screen: &Screen) -> Result<Outcome, Error> {
    let mut book = Portfolio::change(&arguments.book.folder, "refuse")?;
    let refused = refusing::refuse(&mut book, &arguments.number, &arguments.change)?;
    let refund = &refused.refund;
    let unknown = || screen.words("refuse-unstated");
    let shown = |amount: Option<Kopecks>| amount.map_or_else(unknown, |amount| screen.language.bare_amount(amount));
    let rows = [
        ("refuse-unexpired", Some(refund.unexpired)),
        ("refuse-written", Some(refund.written)),
        ("refuse-paid", Some(refund.paid)),
        ("refuse-unpaid", Some(refund.unpaid())),
        ("refuse-expenses", refund.expenses),
        ("refuse-refund", refund.refund),
        ("refuse-earned", Some(refused.earned)),
    ];
    let rows = rows.into_iter().map(|(name, amount)| [screen.words(name), shown(amount)]).collect();
    screen.table(&table([screen.words("portfolio-col-what"), screen.words("portfolio-col-amount")], rows, 1))?;
    if let Some(exact) = refund.exact().filter(|exact| Some(*exact) > refund.refund && *exact > Kopecks::ZERO) {
        screen.note(&screen.say(&Message::new("refuse-above-paid").with("exact", exact)));
    }
    let name = if refused.known { "refuse-known" } else { "refuse-done" };
    let message = Message::new(name).with("number", arguments.number.as_str()).with("from", refused.from.to_string());
    screen.note(&screen.say(&message));
    Ok(Outcome::Done)
}
