//! A reference book: each line by itself in rationals, from the rules of repricing.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::civil::Date;
use kollektiv::tariff::Tariff;
use num_rational::BigRational;
use serde_json::{Value, json};

use super::Change;
use crate::properties::generators::Scenario;
use crate::properties::reference_pricer::{ReferenceLine, days, days_of_year_from, integer, price, rounded, written};

/// The terms of a contract on price changes.
#[derive(Debug, Clone)]
pub struct Terms {
    pub credits: bool,
    pub load: Option<&'static str>,
    pub basis: &'static str,
}

impl Terms {
    /// The terms in the syntax of the contract file.
    pub fn lines(&self) -> String {
        let mut lines = format!("price_decrease = '{}'", if self.credits { "credit" } else { "keep" });
        if let Some(load) = self.load {
            let _ = write!(lines, "\nexpense_load = '{load}'");
        }
        lines + &format!("\nexpense_basis = '{}'", self.basis)
    }
}

/// A contract of the book.
#[derive(Debug, Clone)]
pub struct Deal {
    pub number: String,
    pub scenario: Scenario,
    pub terms: Terms,
}

impl Deal {
    /// The codes of the programmes that it covers.
    pub fn programmes(&self) -> impl Iterator<Item = &'static str> {
        let covers = self.scenario.plans.iter().flatten();
        covers.map(|cover| super::BASE.programmes[cover.programme].code.as_str())
    }
}

/// A line as bound.
pub struct Line {
    insured: usize,
    plan: String,
    programme: String,
    risk_group: u8,
    sum_insured: u64,
    first: Date,
    last: Date,
    rate: BigRational,
    pub premium: i128,
}

/// The book.
pub struct ReferenceBook {
    pub deals: Vec<(Deal, Vec<Line>)>,
    /// How often each payment was made.
    paid: BTreeMap<(String, Date, u64), usize>,
    /// The cost level and the charged level, by contract and programme (`I19`).
    levels: BTreeMap<(String, String), [BigRational; 2]>,
    written: BTreeMap<String, i128>,
}

/// The expected files of a change.
#[derive(Default)]
pub struct Priced {
    pub contracts: Vec<Vec<String>>,
    pub lines: Vec<Vec<String>>,
    pub impact: Value,
}

/// Lines, annual premium before and after, additional premium, credit.
#[derive(Default, Clone, Copy)]
struct Sums {
    lines: u64,
    before: i128,
    after: i128,
    additional: i128,
    credit: i128,
}

impl Sums {
    fn add(&mut self, other: Self) {
        self.lines += other.lines;
        self.before += other.before;
        self.after += other.after;
        self.additional += other.additional;
        self.credit += other.credit;
    }

    fn part(&self, code: &str) -> Value {
        json!({ "code": code, "lines": self.lines, "annual_before": roubles(self.before),
            "annual_after": roubles(self.after), "additional": roubles(self.additional), "credit": roubles(self.credit) })
    }
}

fn roubles(kopecks: i128) -> String {
    assert!(kopecks >= 0);
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}

/// Rounds an amount that is not negative to kopecks, the half away from zero.
fn kopecks(exact: &BigRational) -> i128 {
    rounded(exact, 0).to_string().parse().unwrap()
}

impl ReferenceBook {
    pub fn new(tariff: &Tariff, deals: Vec<Deal>) -> Self {
        let with_lines = |deal: Deal| {
            let lines = lines(tariff, &deal.scenario);
            (deal, lines)
        };
        let deals: Vec<(Deal, Vec<Line>)> = deals.into_iter().map(with_lines).collect();
        let written =
            |(deal, lines): &(Deal, Vec<Line>)| (deal.number.clone(), lines.iter().map(|line| line.premium).sum());
        let written = deals.iter().map(written).collect();
        Self { deals, written, paid: BTreeMap::new(), levels: BTreeMap::new() }
    }

    /// Adds a list of payments: of equal ones as many as the longest list has (`I51`).
    pub fn pay(&mut self, payments: &[(String, Date, u64)]) {
        for payment in payments {
            let in_list = payments.iter().filter(|other| *other == payment).count();
            let known = self.paid.entry(payment.clone()).or_default();
            *known = in_list.max(*known);
        }
    }

    /// Applies a change by the rules `I19` to `I22`.
    #[expect(clippy::too_many_lines, reason = "the rules stand in their order, as they are read")]
    pub fn apply(&mut self, change: &Change) -> Priced {
        let mut priced = Priced::default();
        let of_change = |code: &str| {
            let text = change.coefficients.get("*").or_else(|| change.coefficients.get(code));
            text.map(|text| written(text))
        };
        let (mut counts, mut whole, mut read) = ([0_usize; 3], Sums::default(), 0);
        let (mut programmes, mut plans) = (BTreeMap::<String, Sums>::new(), BTreeMap::<String, Sums>::new());
        let mut sizes = [(0_usize, Sums::default()); 12];
        let mut hits: Vec<(i128, String, Value)> = Vec::new();
        let book_before: i128 = self.written.values().sum();
        // rows of contracts; unaffected lines of repriced contracts
        let mut stays = book_before;
        for (deal, lines) in &self.deals {
            let Deal { number, scenario, terms } = deal;
            if scenario.end < change.effective || !deal.programmes().any(|code| of_change(code).is_some()) {
                continue;
            }
            let one = integer(1);
            let levels = |code: &str| {
                let known = self.levels.get(&(number.clone(), code.to_owned()));
                known.cloned().unwrap_or_else(|| [one.clone(), one.clone()])
            };
            let growth = |code: &str| levels(code)[1].clone();
            // I19
            let leaves = scenario.plans.iter().flatten().any(|cover| {
                let code = &super::BASE.programmes[cover.programme].code;
                let level = cover.price_change.as_ref().map_or(one.clone(), |level| written(level));
                of_change(code).is_some_and(|k| {
                    let level = level * &levels(code)[0] * k;
                    level < written("0.1") || level > integer(5)
                })
            });
            // a contract keeps its prices at a fall, unless its terms credit falls: its level is the highest so far
            let mut after: BTreeMap<String, [BigRational; 2]> = BTreeMap::new();
            let mut coefficients: BTreeMap<String, BigRational> = BTreeMap::new();
            for code in deal.programmes().filter(|_| !leaves) {
                let Some(k) = of_change(code) else { continue };
                let [cost, charged] = levels(code);
                let cost = cost * k;
                let new = if terms.credits || cost > charged { cost.clone() } else { charged.clone() };
                if new != charged {
                    coefficients.insert(code.to_owned(), &new / &charged);
                }
                after.insert(code.to_owned(), [cost, new]);
            }
            let year = days_of_year_from(scenario.start);
            let (mut sums, mut unexpired, mut premium_of_repriced) = (Sums::default(), 0, 0);
            for line in lines {
                let from = line.first.max(change.effective);
                if line.last < from {
                    continue;
                }
                let unexpired_days = days(from, line.last);
                let rate = &line.rate * growth(&line.programme);
                // kopecks of the sum insured / 100 × rate × days
                let cost = |rate: &BigRational, days: u32| {
                    kopecks(
                        &(integer(line.sum_insured) / integer(100) * rate * integer(days.into())
                            / integer(year.into())),
                    )
                };
                unexpired += cost(&rate, unexpired_days);
                let before = cost(&rate, year);
                let Some(k) = coefficients.get(&line.programme) else {
                    sums.before += before;
                    sums.after += before;
                    continue;
                };
                let (additional, credit) = if *k >= one {
                    (cost(&(&rate * (k - &one)), unexpired_days), 0)
                } else {
                    (0, cost(&(&rate * (&one - k)), unexpired_days))
                };
                let new = &rate * k;
                let of_line = Sums { lines: 1, before, after: cost(&new, year), additional, credit };
                sums.add(of_line);
                programmes.entry(line.programme.clone()).or_default().add(of_line);
                plans.entry(line.plan.clone()).or_default().add(of_line);
                premium_of_repriced += line.premium;
                priced.lines.push(vec![
                    number.clone(),
                    line.insured.to_string(),
                    line.plan.clone(),
                    line.programme.clone(),
                    line.risk_group.to_string(),
                    line.sum_insured.to_string(),
                    rate.to_string(),
                    new.to_string(),
                    from.to_string(),
                    line.last.to_string(),
                    unexpired_days.to_string(),
                    additional.to_string(),
                    credit.to_string(),
                ]);
            }
            // I22
            let of_contract = self.written[number];
            let paid: i128 = self
                .paid
                .iter()
                .filter(|((of, ..), _)| of == number)
                .map(|((.., paid), times)| i128::from(*paid) * *times as i128)
                .sum();
            let expenses = terms.load.map(|load| {
                let share =
                    |basis: i128, share: BigRational| kopecks(&(BigRational::from_integer(basis.into()) * share));
                let unearned = (paid - (of_contract - unexpired)).clamp(0, paid);
                match terms.basis {
                    "paid" => unearned - share(unearned, integer(1) - written(load)),
                    "unexpired" => share(unexpired, written(load)),
                    _ => share(of_contract, written(load)),
                }
            });
            let refund = expenses.map(|expenses| (unexpired - (of_contract - paid) - expenses).clamp(0, paid));
            let (place, status) = match (leaves, sums.lines) {
                (true, _) => (2, "set-aside"),
                (false, 0) => (1, "unchanged"),
                (false, _) => (0, "repriced"),
            };
            counts[place] += 1;
            let changed = |amount: i128| if leaves { String::new() } else { roubles(amount) };
            priced.contracts.push(vec![
                number.clone(),
                "ООО «Проверка»".to_owned(),
                scenario.insured.len().to_string(),
                lines.len().to_string(),
                sums.lines.to_string(),
                roubles(of_contract),
                roubles(sums.before),
                changed(sums.after),
                changed(sums.additional),
                changed(sums.credit),
                roubles(unexpired),
                roubles(paid),
                expenses.map(roubles).unwrap_or_default(),
                refund.map(roubles).unwrap_or_default(),
                status.to_owned(),
                String::new(),
            ]);
            read += lines.len() as u64;
            whole.add(sums);
            if status == "repriced" {
                stays += lines.iter().map(|line| line.premium).sum::<i128>() - premium_of_repriced - of_contract;
                let (contracts, size) = &mut sizes[bucket(sums.before, sums.after)];
                *contracts += 1;
                size.add(sums);
                if sums.additional > 0 {
                    let hit = json!({ "number": number, "policyholder": "ООО «Проверка»",
                        "annual_before": roubles(sums.before), "annual_after": roubles(sums.after),
                        "additional": roubles(sums.additional) });
                    hits.push((-sums.additional, number.clone(), hit));
                }
                *self.written.get_mut(number).unwrap() += sums.additional - sums.credit;
            }
            self.levels.extend(after.into_iter().map(|(code, levels)| ((number.clone(), code), levels)));
        }
        hits.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        let book_after: i128 = self.written.values().sum();
        let parts =
            |parts: &BTreeMap<String, Sums>| parts.iter().map(|(code, sums)| sums.part(code)).collect::<Vec<_>>();
        let size = |(ends, (contracts, sums)): (&[i64], &(usize, Sums))| {
            json!({ "from_percent": ends[0], "to_percent": ends[1], "contracts": contracts,
                "annual_before": roubles(sums.before), "annual_after": roubles(sums.after),
                "additional": roubles(sums.additional), "credit": roubles(sums.credit) })
        };
        let stays = roubles(stays);
        priced.impact = json!({
            "change": { "id": change.id, "notified": change.notified.to_string(),
                "effective": change.effective.to_string(), "coefficients": null },
            "contracts": { "in_book": self.deals.len(), "touched": counts.iter().sum::<usize>(),
                "repriced": counts[0], "unchanged": counts[1], "set_aside": counts[2] },
            "written": { "before": roubles(book_before), "after": roubles(book_after) },
            "annual": { "before": roubles(whole.before), "after": roubles(whole.after) },
            "additional": roubles(whole.additional),
            "credit": roubles(whole.credit),
            "worked_out_again": "0.00",
            "programmes": parts(&programmes),
            "plans": parts(&plans),
            "sizes": ENDS.windows(2).zip(&sizes).map(size).collect::<Vec<_>>(),
            "hardest_hit": hits.into_iter().take(10).map(|(_, _, hit)| hit).collect::<Vec<_>>(),
            "proof": { "lines_in_book": self.deals.iter().map(|(_, lines)| lines.len()).sum::<usize>(),
                "lines_read": read, "repriced": whole.lines, "untouched": read - whole.lines,
                "premium_of_untouched": { "before": stays, "after": stays } },
        });
        priced
    }
}

/// The bounds of the buckets in per cent.
const ENDS: [i64; 13] = [-90, -50, -25, -10, 0, 5, 10, 25, 50, 100, 200, 300, 400];

/// The bucket of a change in per cent; a change from zero is in the last bucket.
fn bucket(before: i128, after: i128) -> usize {
    if before == 0 {
        return if after == 0 { 4 } else { 11 };
    }
    let percent = BigRational::new(((after - before) * 100).into(), before.into());
    let reached = ENDS[..12].iter().rposition(|end| BigRational::from_integer((*end).into()) <= percent);
    reached.unwrap_or(0)
}

/// The lines of a contract at inception, by the reference pricer of quotes.
fn lines(tariff: &Tariff, scenario: &Scenario) -> Vec<Line> {
    let mut prices = price(tariff, scenario).into_iter();
    let mut lines = Vec::new();
    for (place, insured) in (1..).zip(&scenario.insured) {
        for cover in &scenario.plans[insured.plan] {
            let ReferenceLine { rate, premium, .. } = prices.next().unwrap();
            lines.push(Line {
                insured: place,
                plan: format!("P{}", insured.plan),
                programme: tariff.programmes[cover.programme].code.clone(),
                risk_group: tariff.risk.value[insured.risk].group,
                sum_insured: insured.own_sum.unwrap_or(cover.sum_insured),
                first: insured.own_first.unwrap_or(scenario.start),
                last: insured.own_last.unwrap_or(scenario.end),
                rate: written(&rate),
                premium: premium[1].parse().unwrap(),
            });
        }
    }
    lines
}
