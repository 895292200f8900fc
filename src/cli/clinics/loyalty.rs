//! `kollektiv clinics loyalty`: the insured eligible for the clinics' discount on a day.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::answer;
use crate::cli::arguments::Common;
use crate::cli::clinics::arguments::{ClinicSources, InsuredArguments, index_insured};
use crate::cli::outcome::Outcome;
use crate::cli::output_folder::default_output;
use crate::cli::screen::Screen;
use crate::clinics::book::Book;
use crate::clinics::entitled::EntitledList;
use crate::clinics::insured_index::{InsuredMatch, InsuredQuery};
use crate::clinics::loyalty::DiscountEligibility;
use crate::clinics::network::Network;
use crate::clinics::output::loyalty;
use crate::clinics::output::loyalty::EligibleInsured;
use crate::output::folder::Folder;
use crate::portfolio::Portfolio;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    sources: ClinicSources,
    /// Day on which the discount is due or not (I41), such as 2026-12-01
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    as_of: Date,
    #[command(flatten)]
    insured: InsuredArguments,
    /// Folder of the list; output/loyalty-<day> by default
    #[arg(long, value_name = "DIR", conflicts_with_all = ["policy", "name", "born"])]
    out: Option<PathBuf>,
}

answer! {
    /// The answer of `kollektiv clinics loyalty` for a list.
    pub struct Answer {
        /// Day of the list.
        as_of: String,
        /// The eligible insured by reason.
        reasons: Vec<ReasonAnswer>,
        /// Folder of the list.
        out: String,
    }
}

answer! {
    struct ReasonAnswer {
        /// Reason, by its word in the list.
        reason: String,
        /// Insured.
        insured: usize,
    }
}

answer! {
    /// The answer of `kollektiv clinics loyalty` for one insured.
    pub struct OneAnswer {
        /// Whether the discount is due.
        eligible: bool,
        /// Why or why not, in the language of the reader.
        answer: String,
    }
}

/// Writes the list of eligible insured, or prints the eligibility of one.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { sources, as_of, insured, out } = arguments;
    let network = sources.open_network(common)?;
    let portfolio = sources.open_portfolio()?;
    let entitled = ClinicSources::open_entitled(&network, screen)?;
    if let Some(query) = insured.query()? {
        return print_one(&network, &portfolio, &entitled, &query, *as_of, screen);
    }
    let eligible = eligible_insured(&portfolio, &entitled, *as_of)?;
    let out = out.clone().unwrap_or_else(|| default_output(&format!("loyalty-{as_of}")));
    let folder = Folder::stage(&out)?;
    loyalty::write(&eligible, *as_of, &folder)?;
    folder.publish()?;
    let count = |reason| eligible.iter().filter(|insured| insured.eligibility == reason).count();
    let row = |reason: &DiscountEligibility| [screen.render(&reason.message()), screen.count(count(*reason))];
    let rows = DiscountEligibility::ALL.iter().map(row).collect();
    screen.print(&screen.table(["heading-right", "heading-people"], rows, 1))?;
    let reason =
        |reason: &DiscountEligibility| ReasonAnswer { reason: reason.as_str().to_owned(), insured: count(*reason) };
    screen.answer(&Answer {
        as_of: as_of.to_string(),
        reasons: DiscountEligibility::ALL.iter().map(reason).collect(),
        out: out.display().to_string(),
    })?;
    screen.note_written(&out);
    screen.suggest(Message::new("next-loyalty").with("out", out.display().to_string()));
    Ok(Outcome::Done)
}

/// The eligible insured of a portfolio, each once, and the entitled outside it, by name.
fn eligible_insured(portfolio: &Portfolio, entitled: &EntitledList, day: Date) -> Result<Vec<EligibleInsured>, Error> {
    // an insured who has changed plans is visited once for each
    let mut eligible: BTreeMap<(String, u32), EligibleInsured> = BTreeMap::new();
    Book::open(portfolio)?.for_each_insured(|view| {
        let record = view.to_record();
        let Some(eligibility) = record.discount_eligibility(day) else { return };
        let known = eligible.entry((record.contract.number.clone(), record.ordinal)).or_insert(EligibleInsured {
            name: record.name,
            birth_date: record.birth_date,
            policy: record.policy,
            eligibility,
            contract_last_day: record.contract.days.last(),
        });
        known.eligibility = known.eligibility.min(eligibility);
    })?;
    let outside = entitled.entitled.iter().filter(|entitled| entitled.days.contains(day));
    let outside = outside.map(|entitled| EligibleInsured {
        name: entitled.name.clone(),
        birth_date: entitled.birth_date,
        policy: String::new(),
        eligibility: entitled.right,
        contract_last_day: entitled.days.last(),
    });
    let mut eligible: Vec<EligibleInsured> = eligible.into_values().chain(outside).collect();
    eligible.sort();
    Ok(eligible)
}

/// Prints whether one insured is eligible, and the discounts of the clinics.
fn print_one(
    network: &Network,
    portfolio: &Portfolio,
    entitled: &EntitledList,
    query: &InsuredQuery,
    day: Date,
    screen: &Screen,
) -> Result<Outcome, Error> {
    let index = index_insured(portfolio, entitled, [query])?;
    let found = index.find(query, day);
    let eligibility = found.discount_eligibility(day);
    let answer = match (eligibility, &found) {
        (Some(eligibility), _) => Message::new("loyalty-right").with("right", eligibility.message()),
        (None, InsuredMatch::None(failure)) => Message::new("loyalty-none").with("reason", failure.message()),
        (None, _) => Message::new("loyalty-none").with("reason", Message::new("loyalty-outside")),
    };
    screen.print(&screen.paragraph(&answer))?;
    screen.answer(&OneAnswer { eligible: eligibility.is_some(), answer: screen.render(&answer) })?;
    let discounts = network.clinics.iter().filter_map(|clinic| {
        let loyalty = clinic.loyalty.as_ref()?;
        let categories = loyalty.categories.iter().map(|at| network.categories[*at].name.as_str());
        let discount = format!("{} %", screen.language.decimal(&loyalty.discount.percent()));
        Some([clinic.name.clone(), discount, categories.collect::<Vec<_>>().join(", ")])
    });
    let discounts: Vec<[String; 3]> = discounts.collect();
    if eligibility.is_some() && !discounts.is_empty() {
        screen.print(&screen.table(["heading-clinic", "heading-discount", "heading-categories"], discounts, 3))?;
    }
    Ok(Outcome::Done)
}
