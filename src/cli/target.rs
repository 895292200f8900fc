//! `kollektiv target`: the choices at which a contract costs a given premium, as lines for its file.

use std::fmt::Write as _;

use clap::Args;
use serde_json::{Value, json};

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::money::Kopecks;
use crate::cli::arguments::{Common, QuoteSources};
use crate::cli::outcome::Outcome;
use crate::cli::quoting::{answer_with_price, edition_line, open_contract, option_names, preliminary_paragraph};
use crate::cli::screen::{Screen, print_json};
use crate::desk::choices_toml::{CoverLines, choices_section, cover_lines};
use crate::desk::exposure::Exposure;
use crate::desk::range_factor::{RangeFactor, RangePosition, range_words};
use crate::desk::target::{TargetChoices, TargetOutcome, solve_target};
use crate::quote::contract::Contract;
use crate::quote::{Price, Quote};
use crate::table::cell::Cell;
use crate::table::value::roubles;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    pub sources: QuoteSources,
    #[command(flatten)]
    target: TargetArgument,
    #[arg(long, value_name = "RANGES", value_delimiter = ',')]
    #[arg(
        help = "Move only these ranges: headcount (§2.1), risk or risk.2 (§2.5), base_rate (§1), exclude (§2.6.2); \
                  all by default"
    )]
    only: Vec<String>,
    /// Keep the contract's coefficients in these ranges, such as --keep headcount,risk
    #[arg(long, value_name = "RANGES", value_delimiter = ',')]
    keep: Vec<String>,
}

/// The target, in one of two ways.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct TargetArgument {
    /// Target premium of the contract in roubles, more than 0, such as 40000000.50
    #[arg(long, value_name = "ROUBLES")]
    premium: Option<String>,
    /// Target mean premium of one insured in roubles, more than 0
    #[arg(long, value_name = "ROUBLES")]
    per_insured: Option<String>,
}

/// Finds the choices for the target premium, in a contract with options for each of them.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let (contract, tariff) = open_contract(&arguments.sources, &common.editions()?)?;
    let solve = |contract: &Contract| {
        answer_with_price(&arguments.sources, contract, &tariff, screen, |quote, price| {
            arguments.solve(quote, price, screen)
        })
    };
    if contract.options.is_empty() {
        return solve(&contract);
    }
    if screen.is_json() {
        let message = Message::new("option-needed").with("path", arguments.sources.contract.display().to_string());
        screen.refuse(&message.with("known", option_names(&contract)));
        return Ok(Outcome::Refused);
    }
    let mut outcome = Outcome::Done;
    for (at, option) in contract.options.iter().enumerate() {
        let title = screen.paragraph(&Message::new("option-title").with("option", option.name.as_str()));
        screen.print(&if at == 0 { title } else { format!("\n{title}") })?;
        let solved = solve(&contract.with_option(option))?;
        if solved != Outcome::Done {
            outcome = solved;
        }
    }
    Ok(outcome)
}

impl Arguments {
    fn solve(&self, quote: &Quote<'_>, price: &Price<'_>, screen: &Screen) -> Result<Outcome, Error> {
        let refuse = |message: &Message| {
            screen.refuse(message);
            Ok(Outcome::Refused)
        };
        let target = match self.target.premium(price) {
            Ok(target) => target,
            Err(message) => return refuse(&message),
        };
        let exposure = Exposure::new(quote, price);
        let all = RangePosition::all(quote, price, &exposure);
        let is_known = |word: &&String| all.iter().any(|position| position.factor.matches_word(word));
        if let Some(word) = self.only.iter().chain(&self.keep).find(|word| !is_known(word)) {
            let message = Message::new("range-factor-unknown").with("range", word.as_str());
            return refuse(&message.with("known", listed(range_words(&all))));
        }
        let named = |words: &[String], factor: RangeFactor| words.iter().any(|word| factor.matches_word(word));
        let moves = |position: &RangePosition| {
            (self.only.is_empty() || named(&self.only, position.factor)) && !named(&self.keep, position.factor)
        };
        let free: Vec<RangePosition> = all.into_iter().filter(moves).collect();
        match solve_target(&exposure, quote.contract, &free, target)? {
            TargetOutcome::OutOfReach { lowest, highest } => {
                let message =
                    Message::new("target-outside").with("aim", target).with("low", lowest).with("high", highest);
                refuse(&message)
            }
            TargetOutcome::Reached(reached) => {
                let answer = Answer { quote, price, target: &reached };
                if screen.is_json() {
                    print_json(&answer.json())?;
                } else {
                    screen.print(&answer.text(screen))?;
                }
                let contract = self.sources.contract.display().to_string();
                screen.suggest(Message::new("next-target").with("contract", contract));
                Ok(Outcome::Done)
            }
        }
    }
}

impl TargetArgument {
    /// The target premium of the contract: any amount more than 0.
    fn premium(&self, price: &Price<'_>) -> Result<Kopecks, Message> {
        let (word, insured) = match (&self.premium, &self.per_insured) {
            (Some(premium), _) => (premium, 1),
            (None, Some(mean)) => (mean, price.headcount),
            (None, None) => unreachable!("clap requires one of the two"),
        };
        let amount = roubles(Cell::Text(word)).filter(|amount| *amount > Kopecks::ZERO);
        let target = amount.and_then(|amount| amount.get().checked_mul(i128::from(insured))).map(Kopecks::new);
        target.ok_or_else(|| Message::new("amount-unreadable").with("amount", word.as_str()))
    }
}

/// The choices found, with their quote.
struct Answer<'a> {
    quote: &'a Quote<'a>,
    price: &'a Price<'a>,
    target: &'a TargetChoices,
}

impl Answer<'_> {
    fn text(&self, screen: &Screen) -> String {
        let target = self.target;
        let head = Message::new("target-head")
            .with("aim", target.target)
            .with("now", self.price.totals.premium.chosen)
            .with("low", target.reach.0)
            .with("high", target.reach.1);
        let mut text = preliminary_paragraph(self.quote, screen);
        text.push_str(&edition_line(self.quote.tariff, screen));
        let _ = writeln!(text, "{}", screen.paragraph(&head));
        let rows = target.moved.iter().map(|(position, coefficient)| {
            [
                screen.render(&position.factor.message(self.quote.contract, self.quote.tariff)),
                format!("§{}", position.clause),
                screen.decimal(position.range),
                screen.decimal(position.coefficient),
                screen.decimal(coefficient),
            ]
        });
        let heading = ["heading-range", "heading-clause", "heading-bounds", "heading-now", "heading-needed"];
        text.push_str(&screen.table(heading, rows.collect(), 2));
        let reached = match target.premium.cmp(&target.target) {
            std::cmp::Ordering::Less => Message::new("target-below").with("off", target.target - target.premium),
            std::cmp::Ordering::Equal => Message::new("target-exact"),
            std::cmp::Ordering::Greater => Message::new("target-above").with("off", target.premium - target.target),
        };
        let share =
            screen.language.decimal(&format!("{}.{:02}", target.share_per_10_000 / 100, target.share_per_10_000 % 100));
        let reached =
            Message::new("target-reached").with("premium", target.premium).with("off", reached).with("share", share);
        let _ = write!(text, "\n{}\n{}\n", screen.paragraph(&reached), screen.paragraph(&Message::new("target-paste")));
        text.push_str(&choices_section(&target.contract.terms.choices));
        for cover in self.cover_lines() {
            let place = Message::new("target-paste-cover").with("plan", cover.plan).with("programme", cover.programme);
            let _ = write!(text, "\n# {}\n{}\n", screen.render(&place), cover.lines.join("\n"));
        }
        text
    }

    fn json(&self) -> Value {
        let target = self.target;
        let moved = target.moved.iter().map(|(position, coefficient)| {
            let (plan, programme) = position.factor.cover_codes(self.quote.contract, self.quote.tariff).unzip();
            json!({
                "range": position.factor.code(),
                "plan": plan,
                "programme": programme,
                "low": position.range.low.to_string(),
                "high": position.range.high.to_string(),
                "clause": position.clause,
                "now": position.coefficient.to_string(),
                "needed": coefficient.to_string(),
            })
        });
        let cover =
            |cover: &CoverLines<'_>| json!({ "plan": cover.plan, "programme": cover.programme, "lines": cover.lines });
        json!({
            "status": self.quote.status.as_str(),
            "tariff": self.quote.tariff.id(),
            "aim": target.target.to_string(),
            "premium": target.premium.to_string(),
            "off": (target.premium - target.target).to_string(),
            "now": self.price.totals.premium.chosen.to_string(),
            "reach": { "low": target.reach.0.to_string(), "high": target.reach.1.to_string() },
            "ranges": moved.collect::<Vec<_>>(),
            "choices": choices_section(&target.contract.terms.choices),
            "covers": self.cover_lines().iter().map(cover).collect::<Vec<_>>(),
        })
    }

    fn cover_lines(&self) -> Vec<CoverLines<'_>> {
        let moved = self.target.moved.iter().map(|(position, _)| position.factor).collect::<Vec<_>>();
        cover_lines(&self.target.contract, self.quote.tariff, &moved)
    }
}
