//! `kollektiv target`: where in the ranges the contract must stand to cost so much, as lines for its file.

use std::fmt::Write as _;

use clap::Args;
use serde_json::{Value, json};

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::money::Kopecks;
use crate::cli::quote::{ask, preliminary};
use crate::cli::screen::{Screen, result, table};
use crate::cli::{Common, Outcome, Sources};
use crate::desk::choices_toml::{CoverLines, choices, cover_lines};
use crate::desk::exposure::Exposure;
use crate::desk::range_factor::{RangeFactor, Standing, known};
use crate::desk::target::{Aimed, Target, target};
use crate::quote::contract::Contract;
use crate::quote::{Price, Quote};
use crate::table::cell::Cell;
use crate::table::value::roubles;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    sources: Sources,
    #[command(flatten)]
    aim: Aim,
    /// Move only these ranges: `headcount`, `risk`, `risk.2`, `base_rate`, `exclude`
    #[arg(long, value_name = "RANGES", value_delimiter = ',')]
    only: Vec<String>,
    /// Leave these ranges where the contract has them
    #[arg(long, value_name = "RANGES", value_delimiter = ',')]
    keep: Vec<String>,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

/// What is aimed at, in one of two ways.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Aim {
    /// What the contract is to cost, in roubles
    #[arg(long, value_name = "ROUBLES")]
    premium: Option<String>,
    /// What it is to cost for one insured, in the mean
    #[arg(long, value_name = "ROUBLES")]
    per_insured: Option<String>,
}

/// Aims at a premium.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let tariff = common.tariff()?;
    let contract = Contract::open(&arguments.sources.contract, &tariff)?;
    ask(&arguments.sources, &contract, &tariff, screen, |quote, price| arguments.aim(quote, price, screen))
}

impl Arguments {
    fn aim(&self, quote: &Quote<'_>, price: &Price<'_>, screen: &Screen) -> Result<Outcome, Error> {
        let refuse = |message: &Message| {
            screen.refuse(&screen.say(message));
            Ok(Outcome::Refused)
        };
        let aim = match self.aim.wanted(price) {
            Ok(aim) => aim,
            Err(message) => return refuse(&message),
        };
        let mix = Exposure::new(quote, price);
        let all = Standing::all(quote, price, &mix);
        let is_known = |word: &&String| all.iter().any(|standing| standing.lever.is_named(word));
        if let Some(word) = self.only.iter().chain(&self.keep).find(|word| !is_known(word)) {
            let message = Message::new("lever-unknown").with("range", word.as_str());
            return refuse(&message.with("known", listed(known(&all))));
        }
        let named = |words: &[String], lever: RangeFactor| words.iter().any(|word| lever.is_named(word));
        let moves = |standing: &Standing| {
            (self.only.is_empty() || named(&self.only, standing.lever)) && !named(&self.keep, standing.lever)
        };
        let levers: Vec<Standing> = all.into_iter().filter(moves).collect();
        match target(&mix, quote.contract, &levers, aim)? {
            Aimed::Outside { lowest, highest } => {
                let message = Message::new("target-outside").with("aim", aim).with("low", lowest).with("high", highest);
                refuse(&message)
            }
            Aimed::Reached(reached) => {
                let answer = Answer { quote, price, target: &reached };
                if self.json {
                    result(&format!("{:#}\n", answer.json()))?;
                } else {
                    screen.table(&answer.text(screen))?;
                }
                Ok(Outcome::Done)
            }
        }
    }
}

impl Aim {
    /// The premium of the contract that is aimed at: any amount more than 0, as those beyond reach are told what is within.
    fn wanted(&self, price: &Price<'_>) -> Result<Kopecks, Message> {
        let (word, insured) = match (&self.premium, &self.per_insured) {
            (Some(premium), _) => (premium, 1),
            (None, Some(mean)) => (mean, price.headcount),
            (None, None) => unreachable!("one of the two is required"),
        };
        let amount = roubles(Cell::Text(word)).filter(|amount| *amount > Kopecks::ZERO);
        let aim = amount.and_then(|amount| amount.get().checked_mul(i128::from(insured))).map(Kopecks::new);
        aim.ok_or_else(|| Message::new("amount-unreadable").with("amount", word.as_str()))
    }
}

/// What the command answers.
struct Answer<'a> {
    quote: &'a Quote<'a>,
    price: &'a Price<'a>,
    target: &'a Target,
}

impl Answer<'_> {
    fn text(&self, screen: &Screen) -> String {
        let target = self.target;
        let head = Message::new("target-head")
            .with("aim", target.aim)
            .with("now", self.price.totals.premium.chosen)
            .with("low", target.reach.0)
            .with("high", target.reach.1);
        let mut text = format!("{}{}\n", preliminary(self.quote, screen), screen.paragraph(&head));
        let rows = target.moved.iter().map(|(standing, coefficient)| {
            [
                screen.say(&standing.lever.words(self.quote.contract, self.quote.tariff)),
                format!("§{}", standing.clause),
                standing.range.to_string(),
                standing.coefficient.to_string(),
                coefficient.to_string(),
            ]
        });
        let heading = ["heading-range", "heading-clause", "heading-bounds", "heading-now", "heading-needed"];
        text.push_str(&table(heading.map(|name| screen.words(name)), rows.collect(), 2));
        let reached = match target.premium.cmp(&target.aim) {
            std::cmp::Ordering::Less => Message::new("target-below").with("off", target.aim - target.premium),
            std::cmp::Ordering::Equal => Message::new("target-exact"),
            std::cmp::Ordering::Greater => Message::new("target-above").with("off", target.premium - target.aim),
        };
        let share = screen.language.decimal(&format!("{}.{:02}", target.dial / 100, target.dial % 100));
        let reached =
            Message::new("target-reached").with("premium", target.premium).with("off", reached).with("share", share);
        let _ = write!(text, "\n{}\n{}\n", screen.paragraph(&reached), screen.paragraph(&Message::new("target-paste")));
        text.push_str(&choices(&target.contract.choices));
        for of_cover in self.cover_lines() {
            let place =
                Message::new("target-paste-cover").with("plan", of_cover.plan).with("programme", of_cover.programme);
            let _ = write!(text, "\n# {}\n{}\n", screen.say(&place), of_cover.lines.join("\n"));
        }
        text
    }

    fn json(&self) -> Value {
        let target = self.target;
        let moved = target.moved.iter().map(|(standing, coefficient)| {
            let (plan, programme) = standing.lever.of_cover(self.quote.contract, self.quote.tariff).unzip();
            json!({
                "range": standing.lever.code(),
                "plan": plan,
                "programme": programme,
                "low": standing.range.low.to_string(),
                "high": standing.range.high.to_string(),
                "clause": standing.clause,
                "now": standing.coefficient.to_string(),
                "needed": coefficient.to_string(),
            })
        });
        let cover = |of_cover: &CoverLines<'_>| json!({ "plan": of_cover.plan, "programme": of_cover.programme, "lines": of_cover.lines });
        json!({
            "status": self.quote.status.as_str(),
            "aim": target.aim.to_string(),
            "premium": target.premium.to_string(),
            "off": (target.premium - target.aim).to_string(),
            "now": self.price.totals.premium.chosen.to_string(),
            "reach": { "low": target.reach.0.to_string(), "high": target.reach.1.to_string() },
            "ranges": moved.collect::<Vec<_>>(),
            "choices": choices(&target.contract.choices),
            "covers": self.cover_lines().iter().map(cover).collect::<Vec<_>>(),
        })
    }

    fn cover_lines(&self) -> Vec<CoverLines<'_>> {
        let moved = self.target.moved.iter().map(|(standing, _)| standing.lever).collect::<Vec<_>>();
        cover_lines(&self.target.contract, self.quote.tariff, &moved)
    }
}
