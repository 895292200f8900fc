//! `kollektiv tariff compare`: what differs between two editions, and what the later one would do to contracts.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::Common;
use crate::cli::compare::band_message;
use crate::cli::log::{Event, Level};
use crate::cli::outcome::Outcome;
use crate::cli::progress::Bar;
use crate::cli::screen::Screen;
use crate::desk::edition_difference::{EditionChange, edition_changes};
use crate::desk::edition_effect::{EditionEffect, Effect};
use crate::portfolio::Portfolio;
use crate::portfolio::edition_effect::each_effect;
use crate::quote::Quote;
use crate::quote::batch::unpriced;
use crate::quote::contract::Contract;
use crate::quote::contract_effect::ContractEffect;
use crate::quote::rosters::{expand, read_roster};
use crate::tariff::{EditionId, Tariff};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Edition before: a TOML file, or the code of an edition of the folder
    #[arg(value_name = "BEFORE")]
    before: String,
    /// Edition after: likewise
    #[arg(value_name = "AFTER")]
    after: String,
    /// Contract files that both editions price, or patterns such as 'contracts/**/*.toml'
    #[arg(value_name = "CONTRACT.toml")]
    contracts: Vec<String>,
    /// Folder of a portfolio whose contracts both editions price
    #[arg(long, value_name = "DIR", conflicts_with = "contracts")]
    portfolio: Option<PathBuf>,
}

answer! {
    /// The answer of `kollektiv tariff compare`.
    pub struct Answer {
        /// Edition before.
        before: EditionId,
        /// Edition after.
        after: EditionId,
        /// What differs, clause by clause.
        changes: Vec<ChangeAnswer>,
        /// What the edition after would do to the contracts; null without contracts.
        effect: Option<EffectAnswer>,
    }
}

answer! {
    /// A value that differs.
    struct ChangeAnswer {
        /// Clause.
        clause: String,
        /// What the value is for, in the language of the reader.
        item: String,
        /// Value before; null where there is none.
        before: Option<String>,
        /// Value after; null where there is none.
        after: Option<String>,
    }
}

answer! {
    /// The effect on contracts.
    struct EffectAnswer {
        /// Contracts that both editions price.
        contracts: usize,
        /// Contracts set aside for reasons on standard error.
        set_aside: usize,
        /// Premium by the edition before.
        before: Money,
        /// Premium by the edition after.
        after: Money,
        /// Difference.
        difference: Money,
        /// By programme; the sums are those of all contracts.
        programmes: Vec<SumAnswer>,
        /// By plan; likewise.
        plans: Vec<SumAnswer>,
        /// Contracts by the size of their change, from the largest fall to the largest rise.
        sizes: Vec<SizeAnswer>,
        /// The contracts with the largest rise, at most ten.
        hardest: Vec<SumAnswer>,
    }
}

answer! {
    /// A premium by both editions.
    struct SumAnswer {
        /// Code of the programme or plan, or number of the contract.
        code: String,
        /// Lines.
        lines: u64,
        /// Premium by the edition before.
        before: Money,
        /// Premium by the edition after.
        after: Money,
        /// Difference.
        difference: Money,
    }
}

answer! {
    /// Contracts with a change of similar size.
    struct SizeAnswer {
        /// The change, in the language of the reader.
        change: String,
        /// Contracts.
        contracts: usize,
        /// Sum of their differences.
        difference: Money,
    }
}

/// The effect on the contracts, and the number of those set aside.
struct Effects {
    effect: EditionEffect,
    set_aside: usize,
}

/// Prints what differs and what it does.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let (before, after) = (common.edition(&arguments.before)?, common.edition(&arguments.after)?);
    let changes = edition_changes(&before, &after);
    let effects = match &arguments.portfolio {
        Some(folder) => Some(on_book(&Portfolio::open(folder)?, &before, &after, screen)?),
        None if arguments.contracts.is_empty() => None,
        None => Some(on_contracts(&arguments.contracts, &before, &after, screen)?),
    };
    screen.print(&text(&before, &after, &changes, effects.as_ref(), screen))?;
    let change = |change: &EditionChange| ChangeAnswer {
        clause: change.clause.clone(),
        item: screen.render(&change.item),
        before: change.before.clone(),
        after: change.after.clone(),
    };
    screen.answer(&Answer {
        before: before.id(),
        after: after.id(),
        changes: changes.iter().map(change).collect(),
        effect: effects.as_ref().map(|effects| effect_answer(effects, screen)),
    })?;
    screen.suggest(Message::new("next-tariff-compare"));
    Ok(match effects.map(|effects| (effects.effect.contracts, effects.set_aside)) {
        None | Some((_, 0)) => Outcome::Done,
        Some((0, _)) => Outcome::Refused,
        Some(_) => Outcome::SetAside,
    })
}

fn on_book(book: &Portfolio, before: &Tariff, after: &Tariff, screen: &Screen) -> Result<Effects, Error> {
    let mut effects = Effects { effect: EditionEffect::default(), set_aside: 0 };
    let bar = Bar::new(screen);
    let mut visit = |found: Result<ContractEffect, (String, Message)>| match found {
        Ok(contract) => effects.effect.add(&contract),
        Err((number, reason)) => {
            effects.set_aside += 1;
            bar.suspend(|| report_set_aside(&number, &reason, screen));
        }
    };
    each_effect(book, before, after, &mut visit, &bar)?;
    Ok(effects)
}

fn on_contracts(names: &[String], before: &Tariff, after: &Tariff, screen: &Screen) -> Result<Effects, Error> {
    let found = names.iter().map(|name| expand(Path::new(""), name)).collect::<Result<Vec<_>, _>>()?;
    let mut paths = found.concat();
    paths.sort_unstable();
    paths.dedup();
    let mut effects = Effects { effect: EditionEffect::default(), set_aside: 0 };
    for path in paths {
        match on_contract(&path, before, after) {
            Ok(Ok(contract)) => effects.effect.add(&contract),
            Ok(Err(reason)) => {
                effects.set_aside += 1;
                report_set_aside(&path.display().to_string(), &reason, screen);
            }
            Err(fault) if fault.is_refusal() => {
                effects.set_aside += 1;
                screen.print_error(&fault);
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(effects)
}

/// The effect on a contract file, or why its roster has no price.
fn on_contract(path: &Path, before: &Tariff, after: &Tariff) -> Result<Result<ContractEffect, Message>, Error> {
    let [old, new] = [before, after].map(|tariff| Contract::open_as(path, tariff).map(|contract| (contract, tariff)));
    let (old, new) = (old?, new?);
    let quote = |(contract, tariff)| -> Result<Quote<'_>, Error> {
        let contract: &Contract = contract;
        Quote::new(contract, tariff, read_roster(&[], contract, tariff, &())?, false)
    };
    let (old, new) = (quote((&old.0, old.1))?, quote((&new.0, new.1))?);
    Ok(match (&old.price, &new.price) {
        (Some(old_price), Some(new_price)) => Ok(ContractEffect::of_quotes((&old, old_price), (&new, new_price))),
        (None, _) => Err(unpriced(&old, path)),
        (_, None) => Err(unpriced(&new, path)),
    })
}

fn report_set_aside(name: &str, reason: &Message, screen: &Screen) {
    let event = Event::new(Level::Error, "set-aside").with("contract", name).with("reason", reason.name());
    screen.report(event, &format!("{name}: {}", screen.render(reason)));
}

fn text(
    before: &Tariff,
    after: &Tariff,
    changes: &[EditionChange],
    effects: Option<&Effects>,
    screen: &Screen,
) -> String {
    let mut text = String::new();
    for (name, tariff) in [("compare-before", before), ("compare-after", after)] {
        let _ = writeln!(text, "{}: {}", screen.text(name), screen.render(&tariff.id().message()));
    }
    text.push('\n');
    if changes.is_empty() {
        text.push_str(&screen.paragraph(&Message::new("editions-same")));
    } else {
        let dash =
            |value: &Option<String>| value.as_ref().map_or_else(|| "—".to_owned(), |value| screen.decimal(value));
        let row = |change: &EditionChange| {
            [format!("§{}", change.clause), screen.render(&change.item), dash(&change.before), dash(&change.after)]
        };
        let heading = ["heading-clause", "heading-value", "compare-before", "compare-after"];
        text.push_str(&screen.table(heading, changes.iter().map(row).collect(), 4));
    }
    if let Some(effects) = effects {
        let _ = write!(text, "\n{}", effect_text(effects, screen));
    }
    text
}

/// The premium of the contracts by programme, plan and size of change, and those that rise most.
fn effect_text(effects: &Effects, screen: &Screen) -> String {
    let effect = &effects.effect;
    let row = |code: &str, sums: &Effect| {
        [
            code.to_owned(),
            screen.count(usize::try_from(sums.lines).unwrap_or(usize::MAX)),
            screen.bare_amount(sums.before),
            screen.bare_amount(sums.after),
            screen.signed_amount(sums.difference()),
        ]
    };
    let table = |first: &'static str, mut rows: Vec<[String; 5]>, total: bool| {
        if total {
            rows.push(row(&screen.text("compare-difference"), &effect.total));
        }
        let heading = [first, "portfolio-col-lines", "edition-before", "edition-after", "heading-difference"];
        screen.table(heading, rows, 1)
    };
    let of =
        |sums: &std::collections::BTreeMap<String, Effect>| sums.iter().map(|(code, sums)| row(code, sums)).collect();
    let mut text = table("heading-programme", of(&effect.programmes), true);
    let _ = write!(text, "\n{}", table("heading-plan", of(&effect.plans), true));
    let sizes = effect.sizes.iter().map(|(band, (contracts, difference))| {
        [screen.render(&band_message(*band)), screen.count(*contracts), screen.signed_amount(*difference)]
    });
    let heading = ["heading-moved-contract", "heading-contracts", "heading-difference"];
    let _ = write!(text, "\n{}", screen.table(heading, sizes.collect(), 1));
    if !effect.hardest.is_empty() {
        let rows = effect.hardest.iter().map(|hit| row(&hit.number, &hit.effect)).collect();
        let _ = write!(text, "\n{}", table("heading-hardest", rows, false));
    }
    let message = Message::new("tariff-effect")
        .with("contracts", screen.count(effect.contracts))
        .with("aside", screen.count(effects.set_aside))
        .with("before", effect.total.before)
        .with("after", effect.total.after)
        .with("difference", screen.signed_amount(effect.total.difference()));
    let _ = write!(text, "\n{}", screen.paragraph(&message));
    text
}

fn effect_answer(effects: &Effects, screen: &Screen) -> EffectAnswer {
    let effect = &effects.effect;
    let sum = |code: &str, sums: &Effect| SumAnswer {
        code: code.to_owned(),
        lines: sums.lines,
        before: sums.before.into(),
        after: sums.after.into(),
        difference: sums.difference().into(),
    };
    let sizes = effect.sizes.iter().map(|(band, (contracts, difference))| SizeAnswer {
        change: screen.render(&band_message(*band)),
        contracts: *contracts,
        difference: (*difference).into(),
    });
    EffectAnswer {
        contracts: effect.contracts,
        set_aside: effects.set_aside,
        before: effect.total.before.into(),
        after: effect.total.after.into(),
        difference: effect.total.difference().into(),
        programmes: effect.programmes.iter().map(|(code, sums)| sum(code, sums)).collect(),
        plans: effect.plans.iter().map(|(code, sums)| sum(code, sums)).collect(),
        sizes: sizes.collect(),
        hardest: effect.hardest.iter().map(|hit| sum(&hit.number, &hit.effect)).collect(),
    }
}
