//! Generates lawful contracts with their rosters in plain values, the source of both their files and their reference price.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use kollektiv::base::source_file::SourceFile;
use kollektiv::tariff::Tariff;
use kollektiv::tariff::programme::{Base, ExclusionCoefficient, Programme};
use kollektiv::tariff::range::Range;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::Index;
use rust_decimal::Decimal;

use crate::support::{ContractText, RosterText, contract_over, roster};

/// A choice in a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// No choice: `ranges`, or else the middle.
    Default,
    /// `low`, `mid` or `high`.
    Word(&'static str),
    /// A number with four decimals.
    Number(String),
    /// `interpolate`, for the headcount only.
    Interpolate,
}

impl Choice {
    /// The choice in the syntax of the contract file; none for the default.
    fn toml(&self) -> Option<String> {
        match self {
            Self::Default => None,
            Self::Word(word) => Some(format!("'{word}'")),
            Self::Number(number) => Some(format!("'{number}'")),
            Self::Interpolate => Some("'interpolate'".to_owned()),
        }
    }
}

/// A contract and its roster.
#[derive(Debug, Clone)]
pub struct Scenario {
    pub start: Date,
    pub end: Date,
    /// The choice for every range without its own.
    pub ranges: Choice,
    pub headcount: Choice,
    /// By the index of the risk group in the tariff.
    pub risk: Vec<Choice>,
    pub plans: Vec<Vec<Cover>>,
    pub insured: Vec<Insured>,
    /// The first days of the payment periods; empty for one payment.
    pub instalments: Vec<Date>,
}

/// A cover of a plan.
#[derive(Debug, Clone)]
pub struct Cover {
    /// The index in the tariff.
    pub programme: usize,
    pub sum_insured: u64,
    pub base_rate: Choice,
    /// The indices of the programme's exclusions, each with its choice.
    pub exclude: Vec<(usize, Choice)>,
    /// The indices of the programme's inclusions.
    pub include: Vec<usize>,
    pub price_change: Option<String>,
    pub additional_services: Option<String>,
}

/// An insured of the roster.
#[derive(Debug, Clone)]
pub struct Insured {
    pub birth: Date,
    /// The index in the tariff.
    pub risk: usize,
    pub plan: usize,
    pub own_sum: Option<u64>,
    pub own_first: Option<Date>,
    pub own_last: Option<Date>,
}

/// Raw values of `proptest`; indices are taken modulo the length of their list.
#[derive(Debug, Clone)]
struct Raw {
    start: Date,
    term: Option<Index>,
    ranges: Option<&'static str>,
    headcount: RawChoice,
    risk: [RawChoice; 5],
    plans: Vec<Vec<RawCover>>,
    insured: Vec<RawInsured>,
    instalments: Vec<Index>,
}

#[derive(Debug, Clone)]
enum RawChoice {
    Default,
    Word(&'static str),
    Number(Index),
    Interpolate,
}

#[derive(Debug, Clone)]
struct RawCover {
    programme: Index,
    sum_insured: u64,
    base_rate: RawChoice,
    exclude: Vec<(bool, RawChoice)>,
    include: [bool; 2],
    price_change: Option<(bool, Index)>,
    additional_services: Option<Index>,
}

#[derive(Debug, Clone)]
struct RawInsured {
    plan: Index,
    age: Index,
    days_since_birthday: u16,
    risk: Index,
    own_sum: Option<u64>,
    own_first: Option<Index>,
    own_last: Option<Index>,
}

fn word() -> impl Strategy<Value = &'static str> + Clone {
    prop::sample::select(vec!["low", "mid", "high"])
}

fn choice() -> impl Strategy<Value = RawChoice> + Clone {
    prop_oneof![
        2 => Just(RawChoice::Default),
        2 => word().prop_map(RawChoice::Word),
        3 => any::<Index>().prop_map(RawChoice::Number),
    ]
}

/// Kopecks from one to 10¹² RUB.
fn sum_insured() -> impl Strategy<Value = u64> + Clone {
    const MAX: u64 = 100_000_000_000_000;
    prop_oneof![1..100_u64, 1..20_000_000_u64, 1..=MAX, Just(MAX), Just(10_000_000)]
}

fn cover() -> impl Strategy<Value = RawCover> + Clone {
    let exclude = vec((any::<bool>(), choice()), 5);
    let coefficients = (option::of(any::<(bool, Index)>()), option::of(any::<Index>()));
    (any::<Index>(), sum_insured(), choice(), exclude, any::<[bool; 2]>(), coefficients).prop_map(
        |(programme, sum_insured, base_rate, exclude, include, (price_change, additional_services))| RawCover {
            programme,
            sum_insured,
            base_rate,
            exclude,
            include,
            price_change,
            additional_services,
        },
    )
}

fn insured() -> impl Strategy<Value = RawInsured> {
    let days = prop_oneof![Just(0), Just(1), Just(364), 0..=364_u16];
    let own = (
        option::weighted(0.3, sum_insured()),
        option::weighted(0.3, any::<Index>()),
        option::weighted(0.3, any::<Index>()),
    );
    (any::<Index>(), any::<Index>(), days, any::<Index>(), own).prop_map(
        |(plan, age, days_since_birthday, risk, (own_sum, own_first, own_last))| RawInsured {
            plan,
            age,
            days_since_birthday,
            risk,
            own_sum,
            own_first,
            own_last,
        },
    )
}

fn start() -> impl Strategy<Value = Date> {
    let days = (2000..2040_i16, 1..=12_i8, 1..=28_i8).prop_map(|(year, month, day)| date(year, month, day));
    let awkward = prop::sample::select(vec![
        date(2027, 2, 28),
        date(2027, 3, 1),
        date(2028, 1, 1),
        date(2028, 2, 28),
        date(2028, 2, 29),
        date(2028, 3, 1),
        date(2028, 12, 31),
    ]);
    prop_oneof![days, awkward]
}

/// A lawful contract under the tariff with this number of insured.
pub fn scenario(tariff: &'static Tariff, rows: impl Strategy<Value = usize>) -> impl Strategy<Value = Scenario> {
    let plans = vec(vec(cover(), 1..=5), 1..=4);
    let insured = rows.prop_flat_map(|rows| vec(insured(), rows));
    let headcount = prop_oneof![4 => choice(), 1 => Just(RawChoice::Interpolate)];
    let risk = [choice(), choice(), choice(), choice(), choice()];
    let instalments = vec(any::<Index>(), 0..6);
    let term = (start(), option::of(any::<Index>()), option::of(word()));
    (term, headcount, risk, plans, insured, instalments).prop_map(
        |((start, term, ranges), headcount, risk, plans, insured, instalments)| {
            Raw { start, term, ranges, headcount, risk, plans, insured, instalments }.settled(tariff)
        },
    )
}

/// The ten-thousandths in a range.
fn inside(range: Range) -> std::ops::RangeInclusive<usize> {
    let units = |end: Decimal| end * Decimal::from(10_000);
    let whole = |units: Decimal| units.to_string().parse().expect("a coefficient of a tariff");
    whole(units(range.low).ceil().normalize())..=whole(units(range.high).floor().normalize())
}

fn number(range: Range, place: Index) -> String {
    let units = inside(range);
    let unit = units.start() + place.index(units.end() - units.start() + 1);
    format!("{}.{:04}", unit / 10_000, unit % 10_000)
}

impl RawChoice {
    fn settled(&self, range: Range) -> Choice {
        match self {
            Self::Default => Choice::Default,
            Self::Word(word) => Choice::Word(word),
            Self::Number(place) => Choice::Number(number(range, *place)),
            Self::Interpolate => Choice::Interpolate,
        }
    }
}

impl RawCover {
    fn settled(&self, programme: usize, tariff: &Tariff) -> Cover {
        let rules = &tariff.programmes[programme];
        let base_rate = match rules.base {
            Base::Range(range) => self.base_rate.settled(range),
            Base::Fixed(_) | Base::ByChildBand(_) => Choice::Default,
        };
        let rows = rules.exclusions.as_ref().map_or(&[][..], |exclusions| &exclusions.value.rows);
        let exclude: Vec<_> =
            self.exclude.iter().zip(rows).enumerate().filter(|(_, ((wanted, _), _))| *wanted).collect();
        let held = |service| {
            let holding = exclude.iter().map(|(_, (_, row))| &tariff.services[row.service.0].holds);
            holding.into_iter().any(|held| held.contains(&service))
        };
        let exclude = exclude.iter().filter(|(_, (_, row))| !held(row.service)).map(|(place, ((_, choice), row))| {
            let choice = match row.coefficient {
                ExclusionCoefficient::Range(range) => choice.settled(range),
                ExclusionCoefficient::Fixed(_) | ExclusionCoefficient::ByChildBand(_) => Choice::Default,
            };
            (*place, choice)
        });
        let inclusions = rules.inclusions.as_ref().map_or(0, |inclusions| inclusions.value.len());
        let change = &tariff.price_change.value;
        Cover {
            programme,
            sum_insured: self.sum_insured,
            base_rate,
            exclude: exclude.collect(),
            include: (0..inclusions).filter(|place| self.include[*place]).collect(),
            price_change: self.price_change.map(|(up, place)| number(if up { change.up } else { change.down }, place)),
            additional_services: self.additional_services.map(|place| number(tariff.additional_services.value, place)),
        }
    }
}

/// The ages at which every cover of a plan has a rate.
fn ages(covers: &[Cover], tariff: &Tariff) -> Vec<u16> {
    let fits = |cover: &Cover, age: u16| {
        let Programme { base, exclusions, .. } = &tariff.programmes[cover.programme];
        let band = tariff.child_bands.value.iter().position(|band| band.from <= age && age <= band.to);
        let rows = exclusions.as_ref().map_or(&[][..], |exclusions| &exclusions.value.rows);
        let dashed = |(place, _): &(usize, Choice)| match (&rows[*place].coefficient, band) {
            (ExclusionCoefficient::ByChildBand(columns), Some(band)) => columns[band].is_none(),
            _ => false,
        };
        (band.is_some() || !matches!(base, Base::ByChildBand(_))) && !cover.exclude.iter().any(dashed)
    };
    (0..=79).filter(|age| covers.iter().all(|cover| fits(cover, *age))).collect()
}

impl Raw {
    fn settled(self, tariff: &Tariff) -> Scenario {
        let year_end = self.start.saturating_add(1.year());
        let term_days = usize::try_from(days_after(self.start, year_end)).unwrap();
        let end = self.term.map_or(year_end.yesterday().unwrap(), |days| day(self.start, days.index(term_days)));
        let term_days = usize::try_from(days_after(self.start, end)).unwrap() + 1;

        let mut plans: Vec<Vec<Cover>> = Vec::new();
        for raw in &self.plans {
            let mut covers: Vec<Cover> = Vec::new();
            for raw in raw {
                let programme = raw.programme.index(tariff.programmes.len());
                if covers.iter().all(|cover| cover.programme != programme) {
                    covers.push(raw.settled(programme, tariff));
                }
            }
            plans.push(covers);
        }
        let ages: Vec<_> = plans.iter().map(|covers| ages(covers, tariff)).collect();

        let insured = self.insured.iter().map(|raw| {
            let plan = raw.plan.index(plans.len());
            let own_first = raw.own_first.map(|place| place.index(term_days));
            let first = own_first.unwrap_or(0);
            let first_day = day(self.start, first);
            let age = ages[plan][raw.age.index(ages[plan].len())];
            let birthday = first_day.saturating_sub(i32::from(age).years());
            Insured {
                birth: birthday.saturating_sub(i32::from(raw.days_since_birthday).days()),
                risk: raw.risk.index(tariff.risk.value.len()),
                plan,
                own_sum: raw.own_sum.filter(|_| plans[plan].len() == 1),
                own_first: own_first.map(|days| day(self.start, days)),
                own_last: raw.own_last.map(|place| day(first_day, place.index(term_days - first))),
            }
        });
        let insured: Vec<Insured> = insured.collect();

        let mut instalments: Vec<Date> =
            self.instalments.iter().map(|place| day(self.start, place.index(term_days))).collect();
        if !instalments.is_empty() {
            instalments.push(self.start);
        }
        instalments.sort_unstable();
        instalments.dedup();

        let count = u32::try_from(insured.len()).unwrap();
        let band =
            tariff.headcount.value.iter().find(|band| band.from <= count && band.to.is_none_or(|to| count <= to));
        Scenario {
            start: self.start,
            end,
            ranges: self.ranges.map_or(Choice::Default, Choice::Word),
            headcount: self.headcount.settled(band.unwrap().range),
            risk: self.risk.iter().zip(&tariff.risk.value).map(|(choice, row)| choice.settled(row.range)).collect(),
            plans,
            insured,
            instalments,
        }
    }
}

fn day(from: Date, days: usize) -> Date {
    from.saturating_add(i32::try_from(days).unwrap().days())
}

fn days_after(from: Date, to: Date) -> i32 {
    from.until(to).unwrap().get_days()
}

/// Kopecks as roubles with two decimals.
fn roubles(kopecks: u64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}

impl Scenario {
    /// The contract file.
    pub fn contract(&self, tariff: &Tariff) -> ContractText {
        let mut text = contract_over(&self.start.to_string(), &self.end.to_string());
        if !self.instalments.is_empty() {
            let days: Vec<_> = self.instalments.iter().map(Date::to_string).collect();
            text = text.with(&format!("instalments = [{}]", days.join(", ")));
        }
        for (key, choice) in [("ranges", &self.ranges), ("headcount", &self.headcount)] {
            if let Some(choice) = choice.toml() {
                text = text.choose(&format!("{key} = {choice}"));
            }
        }
        let groups = self.risk.iter().zip(&tariff.risk.value);
        let risk: Vec<_> =
            groups.filter_map(|(choice, row)| Some(format!("{} = {}", row.group, choice.toml()?))).collect();
        text = text.choose(&format!("risk = {{ {} }}", risk.join(", ")));
        for (place, covers) in self.plans.iter().enumerate() {
            text = text.plan(&format!("P{place}"));
            for cover in covers {
                let rules = &tariff.programmes[cover.programme];
                text = text.cover_of(&rules.code, &roubles(cover.sum_insured), &cover.lines(rules, tariff));
            }
        }
        text
    }

    /// The roster file.
    pub fn roster(&self, tariff: &Tariff) -> RosterText {
        self.insured.iter().fold(roster(), |text, insured| {
            let group = tariff.risk.value[insured.risk].group;
            let written = |day: Option<Date>| day.map_or_else(String::new, |day| day.strftime("%d.%m.%Y").to_string());
            text.born(&insured.birth.to_string(), group)
                .on(&format!("P{}", insured.plan))
                .with_sum(&insured.own_sum.map_or_else(String::new, roubles))
                .from(&written(insured.own_first))
                .until(&written(insured.own_last))
        })
    }
}

impl Cover {
    fn lines(&self, rules: &Programme, tariff: &Tariff) -> String {
        let mut lines = Vec::new();
        if let Some(choice) = self.base_rate.toml() {
            lines.push(format!("base_rate = {choice}"));
        }
        if let Some(exclusions) = &rules.exclusions {
            let exclude = self.exclude.iter().map(|(place, choice)| {
                let code = &tariff.services[exclusions.value.rows[*place].service.0].code;
                match choice.toml() {
                    Some(choice) => format!("{{ service = '{code}', coefficient = {choice} }}"),
                    None => format!("'{code}'"),
                }
            });
            lines.push(format!("exclude = [{}]", exclude.collect::<Vec<_>>().join(", ")));
        }
        if let Some(inclusions) = &rules.inclusions {
            let codes = self
                .include
                .iter()
                .map(|place| format!("'{}'", tariff.services[inclusions.value[*place].service.0].code));
            lines.push(format!("include = [{}]", codes.collect::<Vec<_>>().join(", ")));
        }
        lines.extend(self.price_change.iter().map(|number| format!("price_change = {number}")));
        lines.extend(self.additional_services.iter().map(|number| format!("additional_services = '{number}'")));
        lines.join("\n")
    }
}

/// The built-in edition with six decimals in every number but those of its tests, the maximum of an edition; the middle of a range has seven,
/// one more.
pub fn long_edition() -> Tariff {
    let mut text = String::new();
    for line in Tariff::base().source.text.lines() {
        let mut before = "";
        for (place, part) in line.split('"').enumerate() {
            if place > 0 {
                text.push('"');
            }
            text.push_str(part);
            let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            let fraction = part.split_once('.').filter(|(whole, fraction)| digits(whole) && digits(fraction));
            if let Some((_, fraction)) =
                fraction.filter(|_| place % 2 == 1 && !line.starts_with("clause") && !line.starts_with("rate"))
            {
                let more = if before.ends_with("high = ") { "371828" } else { "371937" };
                text.push_str(&more[..6 - fraction.len()]);
            }
            before = part;
        }
        text.push('\n');
    }
    Tariff::read(&SourceFile { path: "long.toml".into(), text }).unwrap()
}
