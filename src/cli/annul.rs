//! `kollektiv annul`: takes a run out of the life of contracts.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::money::Kopecks;
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::BookToChange;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::portfolio::annul;
use crate::portfolio::annul::Request;
use crate::tariff::EditionId;

/// A run that touched more contracts prints only their sums.
const LISTED_CONTRACTS: usize = 20;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Number of the run, as `portfolio runs` lists it
    #[arg(value_name = "RUN")]
    run: i64,
    /// Annul it for this contract only
    #[arg(long, value_name = "NUMBER")]
    contract: Option<String>,
    /// Annul it although guarantee letters were issued for the contracts
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    book: BookToChange,
    /// Print the same result, but leave the portfolio unchanged
    #[arg(long)]
    dry_run: bool,
}

answer! {
    /// The answer of `kollektiv annul`.
    pub struct Answer {
        /// Number of the annulled run.
        run: String,
        /// What it was.
        kind: String,
        /// Contracts that it touched.
        contracts: Vec<AnnulledContract>,
        /// Numbers of the contracts that had ended, and are in force again without the run.
        in_force_again: Vec<String>,
        /// Guarantee letters of these contracts, which stay.
        letters: u64,
        /// Whether the portfolio was left unchanged on request.
        dry_run: bool,
    }
}

answer! {
    struct AnnulledContract {
        /// Number of the contract.
        number: String,
        /// Edition of the tariff that it was bound with.
        tariff: EditionId,
        /// Written premium before.
        before: Money,
        /// Written premium without the run.
        after: Money,
    }
}

/// Annuls the run and prints what the contracts cost before and after (`I32`).
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let mut book = arguments.book.open(arguments.dry_run, "annul")?;
    let request = Request {
        run: arguments.run,
        contract: arguments.contract.clone(),
        force: arguments.force,
        dry_run: arguments.dry_run,
    };
    let annulled = annul::annul(&mut book, &request)?;
    screen.print(&summary(&annulled, arguments, screen))?;
    let contract = |annulled: &annul::AnnulledContract| AnnulledContract {
        number: annulled.number.clone(),
        tariff: annulled.tariff.clone(),
        before: annulled.before.into(),
        after: annulled.after.into(),
    };
    let again: Vec<&str> =
        annulled.contracts.iter().filter(|of| of.is_in_force_again).map(|of| of.number.as_str()).collect();
    screen.answer(&Answer {
        run: arguments.run.to_string(),
        kind: annulled.kind.clone(),
        contracts: annulled.contracts.iter().map(contract).collect(),
        in_force_again: again.iter().map(|number| (*number).to_owned()).collect(),
        letters: annulled.letters,
        dry_run: arguments.dry_run,
    })?;
    if annulled.letters > 0 {
        screen.note(&Message::new("annul-letters-stay").with("count", annulled.letters));
    }
    if annulled.paid > Kopecks::ZERO {
        screen.note(&Message::new("annul-paid").with("paid", annulled.paid));
    }
    if !again.is_empty() {
        let message = Message::new("annul-in-force").with("count", again.len());
        screen.note(&message.with("numbers", listed(again.into_iter().take(LISTED_CONTRACTS))));
    }
    if arguments.dry_run {
        screen.note(&Message::new("pay-dry"));
    }
    screen.suggest(Message::new("next-book").with("portfolio", arguments.book.folder.display().to_string()));
    Ok(Outcome::Done)
}

/// The editions of the contracts, a table of them if they are few, and their premium before and after.
fn summary(annulled: &annul::Annulled, arguments: &Arguments, screen: &Screen) -> String {
    let row = |annulled: &annul::AnnulledContract| {
        [
            annulled.number.clone(),
            format!("{} {:.8}", annulled.tariff.code, annulled.tariff.sha256),
            screen.bare_amount(annulled.before),
            screen.bare_amount(annulled.after),
            screen.signed_amount(annulled.after - annulled.before),
        ]
    };
    let editions: BTreeSet<&EditionId> = annulled.contracts.iter().map(|contract| &contract.tariff).collect();
    let mut text = String::new();
    for edition in editions {
        let _ = writeln!(text, "{}", screen.render(&edition.message()));
    }
    text.push('\n');
    if annulled.contracts.len() <= LISTED_CONTRACTS {
        let heading = [
            "portfolio-col-number",
            "portfolio-col-tariff",
            "annul-col-before",
            "annul-col-after",
            "annul-col-difference",
        ];
        text.push_str(&screen.table(heading, annulled.contracts.iter().map(row).collect(), 2));
        text.push('\n');
    }
    let sum = |amount: fn(&annul::AnnulledContract) -> Kopecks| annulled.contracts.iter().map(amount).sum::<Kopecks>();
    let (before, after) = (sum(|contract| contract.before), sum(|contract| contract.after));
    let message = Message::new("annul-done")
        .with("run", arguments.run.to_string())
        .with("kind", annulled.kind.as_str())
        .with("contracts", screen.count(annulled.contracts.len()))
        .with("before", before)
        .with("after", after);
    text.push_str(&screen.paragraph(&message));
    text
}
