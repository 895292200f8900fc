//! `kollektiv outlook`: the next headcount band, the next birthdays, the weight of every range.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use crate::base::calendar::shown_day;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::quote::{ask, preliminary};
use crate::cli::screen::{Screen, plus, result, table};
use crate::cli::{Common, Outcome, Sources};
use crate::desk::list;
use crate::desk::outlook::{AgeMove, BandOutlook, Group, Outlook, RangeWeight, Renewal};
use crate::pricing::cube::AgeClass;
use crate::quote::contract::Contract;
use crate::quote::{Price, Quote};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    sources: Sources,
    /// Write whom the next renewal moves, one insured a line, to this CSV file
    #[arg(long, value_name = "FILE")]
    movers: Option<PathBuf>,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

/// Looks ahead.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let tariff = common.tariff()?;
    let contract = Contract::open(&arguments.sources.contract, &tariff)?;
    ask(&arguments.sources, &contract, &tariff, screen, |quote, price| {
        let outlook = Outlook::new(quote, price)?;
        if let Some(path) = &arguments.movers {
            list::movers(quote, price, outlook.renewal.as_ref(), path)?;
        }
        let shown = Shown { quote, price, outlook: &outlook };
        if arguments.json {
            result(&format!("{:#}\n", shown.json()))?;
        } else {
            screen.table(&shown.text(screen))?;
        }
        if let Some(path) = &arguments.movers {
            if outlook.renewal.is_none() {
                screen.note(&screen.words("outlook-movers-census"));
            }
            screen.note(&screen.say(&Message::new("written-to").with("path", path.display().to_string())));
        }
        Ok(Outcome::Done)
    })
}

/// An outlook and what it was made from.
struct Shown<'a> {
    quote: &'a Quote<'a>,
    price: &'a Price<'a>,
    outlook: &'a Outlook,
}

impl Shown<'_> {
    fn text(&self, screen: &Screen) -> String {
        let mut text = preliminary(self.quote, screen);
        text.push_str(&self.bands(screen));
        text.push('\n');
        text.push_str(&self.renewal(screen));
        text.push('\n');
        text.push_str(&self.ranges(screen));
        text
    }

    fn bands(&self, screen: &Screen) -> String {
        let title = Message::new("outlook-headcount")
            .with("headcount", screen.language.count(self.price.headcount as usize))
            .with("clause", self.quote.tariff.headcount.clause.as_str());
        let row = |look: &BandOutlook| {
            [
                look.band.to_string(),
                look.band.range.to_string(),
                look.coefficient.to_string(),
                if look.change == 0 { String::new() } else { format!("{:+}", look.change) },
                screen.language.bare_amount(look.per_insured),
                screen.language.bare_amount(look.premium_of_present),
                screen.language.bare_amount(look.premium),
            ]
        };
        let heading = [
            "heading-band",
            "heading-bounds",
            "heading-coefficient-short",
            "heading-change",
            "heading-per-insured",
            "heading-premium-present",
            "heading-premium-then",
        ];
        let rows = self.outlook.bands.iter().map(row).collect();
        let bands = table(heading.map(|name| screen.words(name)), rows, 1);
        let note = screen.paragraph(&Message::new("outlook-bands-note"));
        format!("{}\n{bands}\n{note}", screen.paragraph(&title))
    }

    fn renewal(&self, screen: &Screen) -> String {
        let Some(renewal) = &self.outlook.renewal else {
            return screen.paragraph(&Message::new("outlook-census"));
        };
        let title = Message::new("outlook-renewal")
            .with("day", shown_day(renewal.day))
            .with("clause", self.quote.tariff.age.clause.as_str());
        let mut text = screen.paragraph(&title);
        if renewal.movers.is_empty() {
            text.push_str(&screen.paragraph(&Message::new("outlook-nobody")));
            return text;
        }
        if !renewal.moves.is_empty() {
            let row = |of_ages: &AgeMove| {
                let (from, to) = self.ages(of_ages);
                [
                    format!("{from} → {to}"),
                    screen.language.count(of_ages.group.insured),
                    screen.language.bare_amount(of_ages.group.premium),
                    screen.language.bare_amount(of_ages.premium_then),
                    screen.difference(of_ages.premium_then - of_ages.group.premium),
                ]
            };
            let heading =
                ["heading-age", "heading-insured", "heading-premium-now", "heading-then", "heading-difference"];
            let rows = renewal.moves.iter().map(row).collect();
            let _ = write!(text, "\n{}\n", table(heading.map(|name| screen.words(name)), rows, 1));
            let insured: usize = renewal.moves.iter().map(|of_ages| of_ages.group.insured).sum();
            let sum = Message::new("outlook-renewal-sum").with("count", insured);
            let difference = format!("{}{}", plus(renewal.cost()), screen.language.amount(renewal.cost()));
            text.push_str(&screen.paragraph(&sum.with("difference", difference)));
        }
        let leaving =
            [("outlook-past-tariff", renewal.past_tariff), ("outlook-past-programme", renewal.past_programme)];
        for (name, Group { insured, premium }) in leaving.into_iter().filter(|(_, group)| group.insured > 0) {
            let message = Message::new(name).with("count", insured).with("premium", premium);
            let last = self.quote.tariff.last_age().to_string();
            text.push_str(&screen.paragraph(&message.with("last", last)));
        }
        text
    }

    /// The bands between which somebody moves: those of §2.2, or the children's where only these differ.
    fn ages(&self, of_ages: &AgeMove) -> (String, String) {
        let tariff = self.quote.tariff;
        let [from, to] = [of_ages.from, of_ages.to].map(|step| self.price.axes.ages[usize::from(step)]);
        let shown = |step: AgeClass| match step.child_band {
            Some(band) if from.age_band == to.age_band => tariff.child_bands.value[band].to_string(),
            _ => tariff.age.value[step.age_band].years.to_string(),
        };
        (shown(from), shown(to))
    }

    fn ranges(&self, screen: &Screen) -> String {
        let row = |weight: &RangeWeight| {
            [
                screen.say(&weight.standing.lever.words(self.quote.contract, self.quote.tariff)),
                format!("§{}", weight.standing.clause),
                weight.standing.range.to_string(),
                weight.standing.coefficient.to_string(),
                screen.language.bare_amount(weight.low),
                screen.language.bare_amount(weight.high),
                screen.language.bare_amount(weight.width()),
            ]
        };
        let heading = [
            "heading-range",
            "heading-clause",
            "heading-bounds",
            "heading-now",
            "heading-at-low",
            "heading-at-high",
            "heading-difference",
        ];
        let rows = self.outlook.ranges.iter().map(row).collect();
        format!("{}\n\n{}", screen.words("outlook-ranges"), table(heading.map(|name| screen.words(name)), rows, 2))
    }

    fn json(&self) -> Value {
        let band = |look: &BandOutlook| {
            json!({
                "band": look.band.to_string(),
                "headcount": look.headcount,
                "change": look.change,
                "low": look.band.range.low.to_string(),
                "high": look.band.range.high.to_string(),
                "coefficient": look.coefficient.to_string(),
                "per_insured": look.per_insured.to_string(),
                "premium_of_present": look.premium_of_present.to_string(),
                "premium": look.premium.to_string(),
            })
        };
        let range = |weight: &RangeWeight| {
            let (plan, programme) = weight.standing.lever.of_cover(self.quote.contract, self.quote.tariff).unzip();
            json!({
                "range": weight.standing.lever.code(),
                "plan": plan,
                "programme": programme,
                "clause": weight.standing.clause,
                "low": { "coefficient": weight.standing.range.low.to_string(), "premium": weight.low.to_string() },
                "high": { "coefficient": weight.standing.range.high.to_string(), "premium": weight.high.to_string() },
                "now": weight.standing.coefficient.to_string(),
                "difference": weight.width().to_string(),
            })
        };
        json!({
            "status": self.quote.status.as_str(),
            "headcount": self.outlook.bands.iter().map(band).collect::<Vec<_>>(),
            "renewal": self.outlook.renewal.as_ref().map(|renewal| self.renewal_json(renewal)),
            "ranges": self.outlook.ranges.iter().map(range).collect::<Vec<_>>(),
        })
    }

    fn renewal_json(&self, renewal: &Renewal) -> Value {
        let of_ages = |of_ages: &AgeMove| {
            let (from, to) = self.ages(of_ages);
            json!({
                "from": from,
                "to": to,
                "insured": of_ages.group.insured,
                "premium": of_ages.group.premium.to_string(),
                "premium_then": of_ages.premium_then.to_string(),
            })
        };
        let group = |group: Group| json!({ "insured": group.insured, "premium": group.premium.to_string() });
        json!({
            "day": renewal.day.to_string(),
            "moves": renewal.moves.iter().map(of_ages).collect::<Vec<_>>(),
            "difference": renewal.cost().to_string(),
            "past_tariff": group(renewal.past_tariff),
            "past_programme": group(renewal.past_programme),
        })
    }
}
