//! Properties of every quote, on random contracts and rosters.

mod accounting;
mod census;
mod every_table;
pub mod generators;
mod money;
pub mod reference_pricer;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

use jiff::civil::Date;
use kollektiv::base::diagnostic::Severity;
use kollektiv::base::money::Kopecks;
use kollektiv::pricing::cube::Axes;
use kollektiv::quote::{Quote, Status, Totals};
use kollektiv::tariff::Tariff;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{Case, PricedLine, PricedQuote, contract};
use generators::{Choice, Cover, Insured, Scenario, long_edition, scenario};
use reference_pricer::ReferenceLine;

static BASE: LazyLock<Tariff> = LazyLock::new(Tariff::base);
static LONG: LazyLock<Tariff> = LazyLock::new(long_edition);

/// This number of cases, or `PROPTEST_CASES` where it is set, without a file of failed ones.
pub fn cases(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|asked| asked.parse().ok());
    let cases = asked.unwrap_or(cases);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn case(tariff: &Tariff, scenario: &Scenario) -> Case {
    Case::open_with(tariff.clone(), &scenario.contract(tariff), &scenario.roster(tariff)).unwrap()
}

fn price_case(case: &Case) -> PricedQuote {
    PricedQuote::new(&case.quote(false).unwrap())
}

fn in_pool<T: Send>(threads: usize, run: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(run)
}

fn totals(quote: &Quote<'_>) -> Totals {
    quote.price.as_ref().unwrap().totals.clone()
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn the_order_of_rows_changes_no_price(
        scenario in scenario(&BASE, 1..200_usize),
        keys in vec(any::<u64>(), 200),
    ) {
        let text = scenario.roster(&BASE).to_string();
        let (heading, rows) = text.split_once('\n').unwrap();
        let mut rows: Vec<_> = rows.lines().zip(keys).collect();
        rows.sort_by_key(|(_, key)| *key);
        let rows: Vec<_> = rows.into_iter().map(|(row, _)| row).collect();
        let shuffled = format!("{heading}\n{}\n", rows.join("\n"));

        let by_id = |result: &PricedQuote| {
            let mut lines: Vec<PricedLine> = result.lines.clone();
            lines.sort_by(|left, right| (&left.id, &left.programme).cmp(&(&right.id, &right.programme)));
            lines
        };
        let contract = scenario.contract(&BASE);
        let straight = Case::open_with(BASE.clone(), &contract, &text).unwrap();
        let shuffled = Case::open_with(BASE.clone(), &contract, &shuffled).unwrap();
        let (straight, shuffled) = (straight.quote(false).unwrap(), shuffled.quote(false).unwrap());
        prop_assert_eq!(totals(&straight), totals(&shuffled));
        prop_assert_eq!(by_id(&PricedQuote::new(&straight)), by_id(&PricedQuote::new(&shuffled)));
    }

    #[test]
    fn every_total_is_the_sum_of_its_lines(scenario in scenario(&BASE, 1..300_usize)) {
        let case = case(&BASE, &scenario);
        let quote = case.quote(false).unwrap();
        prop_assert_eq!(quote.status, Status::Issued);
        let sums = Sums::new(&quote, &scenario);
        let totals = totals(&quote);

        prop_assert_eq!(totals.premium.low.get(), sums.premium[0]);
        prop_assert_eq!(totals.premium.chosen.get(), sums.premium[1]);
        prop_assert_eq!(totals.premium.high.get(), sums.premium[2]);
        let groups: BTreeMap<_, _> = totals
            .groups
            .iter()
            .map(|group| {
                let key = [group.plan, group.programme, group.age_band, group.risk];
                (key, (i128::from(group.insured), group.sum_insured.get(), group.premium.get()))
            })
            .collect();
        prop_assert_eq!(groups.len(), totals.groups.len());
        prop_assert_eq!(groups, sums.groups);
        let plans: Vec<_> = totals.plans.iter().map(|plan| (i128::from(plan.insured), plan.premium.get())).collect();
        prop_assert_eq!(plans, sums.plans);
        let programmes: BTreeMap<_, _> = totals
            .programmes
            .iter()
            .map(|row| (row.programme, (i128::from(row.lines), row.sum_insured.get(), row.premium.get())))
            .collect();
        prop_assert_eq!(programmes.len(), totals.programmes.len());
        prop_assert_eq!(programmes, sums.programmes);
        let instalments: Vec<_> = totals.instalments.iter().map(|due| due.get()).collect();
        prop_assert_eq!(instalments, sums.instalments);

        // every breakdown has the same total
        let total = totals.premium.chosen;
        prop_assert_eq!(totals.groups.iter().map(|group| group.premium).sum::<Kopecks>(), total);
        prop_assert_eq!(totals.plans.iter().map(|plan| plan.premium).sum::<Kopecks>(), total);
        prop_assert_eq!(totals.programmes.iter().map(|row| row.premium).sum::<Kopecks>(), total);
        prop_assert_eq!(totals.instalments.iter().copied().sum::<Kopecks>(), total);
        prop_assert!(totals.premium.low <= total && total <= totals.premium.high);
    }

    #[test]
    fn one_thread_and_four_give_the_same_quote(scenario in scenario(&BASE, 1..300_usize)) {
        let case = case(&BASE, &scenario);
        let run = || {
            let quote = case.quote(false).unwrap();
            (totals(&quote), PricedQuote::new(&quote))
        };
        prop_assert_eq!(in_pool(1, run), in_pool(4, run));
    }

    #[test]
    fn every_line_of_an_edition_with_six_decimals_costs_what_the_reference_pricer_gives(scenario in scenario(&LONG, 1..40_usize)) {
        compare_with_reference(&LONG, &scenario);
    }
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn every_line_costs_what_the_reference_pricer_gives(
        scenario in scenario(&BASE, prop_oneof![12 => 1..40_usize, 1 => 40..520_usize]),
    ) {
        compare_with_reference(&BASE, &scenario);
    }

    #[test]
    fn rows_read_are_priced_referred_or_rejected(rows in vec(row(), 0..150)) {
        check_rows(&rows);
    }
}

fn compare_with_reference(tariff: &Tariff, scenario: &Scenario) {
    let result = price_case(&case(tariff, scenario));
    assert_eq!(result.status, Status::Issued, "{:?}", result.diagnostics);
    let lines = result.lines.into_iter().map(|line| {
        let premium = [line.premium.low, line.premium.chosen, line.premium.high];
        ReferenceLine { rate: line.rate, days: line.days, premium: premium.map(|premium| premium.get().to_string()) }
    });
    assert_eq!(lines.collect::<Vec<_>>(), reference_pricer::price(tariff, scenario));
}

/// The sums of a quote's lines.
struct Sums {
    premium: [i128; 3],
    /// By plan, programme, age band and risk group: insured, sums insured, premium.
    groups: BTreeMap<[usize; 4], (i128, i128, i128)>,
    plans: Vec<(i128, i128)>,
    programmes: BTreeMap<usize, (i128, i128, i128)>,
    instalments: Vec<i128>,
}

impl Sums {
    fn new(quote: &Quote<'_>, scenario: &Scenario) -> Self {
        let price = quote.price.as_ref().unwrap();
        let mut sums = Self {
            premium: [0; 3],
            groups: BTreeMap::new(),
            plans: vec![(0, 0); scenario.plans.len()],
            programmes: BTreeMap::new(),
            instalments: vec![0; scenario.instalments.len().max(1)],
        };
        assert_eq!(price.lines.admitted.len(), scenario.insured.len());
        let mut count = 0;
        for (admitted, insured) in price.lines.admitted.iter().zip(&scenario.insured) {
            sums.plans[insured.plan].0 += 1;
            let covers = &scenario.plans[insured.plan];
            let lines: Vec<_> =
                price.lines.of_insured(admitted, quote.contract, &price.axes, &quote.roster.insured).collect();
            assert_eq!(lines.len(), covers.len());
            count += lines.len();
            for (line, cover) in lines.iter().zip(covers) {
                let of_line = line.corridor();
                let of_line = [of_line.low, of_line.chosen, of_line.high].map(Kopecks::get);
                for (sum, premium) in sums.premium.iter_mut().zip(of_line) {
                    *sum += premium;
                }
                let age = admitted.age_years;
                let age_band = BASE.age.value.iter().position(|band| band.years.from <= age && age <= band.years.to);
                let key = [insured.plan, cover.programme, age_band.unwrap(), insured.risk];
                let group = sums.groups.entry(key).or_default();
                let programme = sums.programmes.entry(cover.programme).or_default();
                for sum in [group, programme] {
                    sum.0 += 1;
                    sum.1 += line.sum_insured.get();
                    sum.2 += of_line[1];
                }
                sums.plans[insured.plan].1 += of_line[1];
                sums.split(scenario, insured, of_line[1]);
            }
        }
        assert_eq!(price.lines.count, count);
        sums
    }

    /// Splits a premium: the sum due by the end of a period is the premium × days of cover until then / days of cover, rounded.
    fn split(&mut self, scenario: &Scenario, insured: &Insured, premium: i128) {
        let first = insured.own_first.unwrap_or(scenario.start);
        let last = insured.own_last.unwrap_or(scenario.end);
        let days = i128::from(first.until(last).unwrap().get_days()) + 1;
        let mut before = 0;
        for (place, due) in self.instalments.iter_mut().enumerate() {
            let end =
                scenario.instalments.get(place + 1).map_or(scenario.end, |next| next.yesterday().unwrap()).min(last);
            let passed = if end < first { 0 } else { i128::from(first.until(end).unwrap().get_days()) + 1 };
            let until = (2 * premium * passed + days) / (2 * days);
            *due += until - before;
            before = until;
        }
    }
}

/// How a row is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RowOutcome {
    Priced,
    Referred,
    Rejected,
    /// It is not a row of an insured.
    PassedOver,
}

/// A row: `{n}` is its number. The columns: id, name, birth date, risk group, plan, sum insured, first day, last day.
fn row() -> impl Strategy<Value = (RowOutcome, &'static str)> {
    let good = prop::sample::select(vec![
        (RowOutcome::Priced, "{n};Петров Иван {n};01.01.1986;1;A;;;"),
        (RowOutcome::Priced, "{n};Петров Иван {n};1986-01-01;IV;a;64 000,50;01.02.2026;"),
        (RowOutcome::Priced, ";Петров Иван {n};02/01/1946;0;A;;;31.12.2026"),
        // a Cyrillic letter that only looks like the plan's
        (RowOutcome::Priced, "{n};Петров Иван {n};29.02.2024;2;А;;;"),
        (RowOutcome::Priced, "{n};Петрoв Иван {n};29.02.1996;3 группа;B;;28.02.2026;"),
        (RowOutcome::Priced, "{n};Сынов Иван {n};01.01.2026;1;C;;;"),
    ]);
    let referred = prop::sample::select(vec![
        (RowOutcome::Referred, "{n};Старов Иван {n};01.01.1946;1;A;;;"),
        (RowOutcome::Referred, "{n};Старов Иван {n};01.01.1900;1;B;;;"),
        (RowOutcome::Referred, "{n};Старов Иван {n};15.06.1946;1;A;;15.06.2026;"),
    ]);
    let rejected = prop::sample::select(vec![
        (RowOutcome::Rejected, "{n};;01.01.1986;1;A;;;"),
        (RowOutcome::Rejected, "{n};Петров Иван {n};;1;A;;;"),
        (RowOutcome::Rejected, "{n};Петров Иван {n};31.02.1986;1;A;;;"),
        (RowOutcome::Rejected, "{n};Петров Иван {n};01.01.86;1;A;;;"),
        (RowOutcome::Rejected, "{n};Петров Иван {n};31.12.1899;1;A;;;"),
        (RowOutcome::Rejected, "{n};Петров Иван {n};02.01.2026;1;A;;;"),
        (RowOutcome::Rejected, "{n};Петров Иван {n};01.01.1986;;A;;;"),
        (RowOutcome::Rejected, "{n};Петров Иван {n};01.01.1986;5;A;;;"),
        (RowOutcome::Rejected, "{n};Петров Иван {n};01.01.1986;1;;;;"),
        (RowOutcome::Rejected, "{n};Петров Иван {n};01.01.1986;1;Z;;;"),
        // «В» looks like B and is the third letter of its alphabet, as C is
        (RowOutcome::Rejected, "{n};Петров Иван {n};01.01.1986;1;В;;;"),
        (RowOutcome::Rejected, "{n};Петров Иван {n};01.01.1986;1;A;0;;"),
        (RowOutcome::Rejected, "{n};Петров Иван {n};01.01.1986;1;B;1000;;"),
        (RowOutcome::Rejected, "{n};Петров Иван {n};01.01.1986;1;A;;31.12.2025;"),
        (RowOutcome::Rejected, "{n};Петров Иван {n};01.01.1986;1;A;;;01.01.2027"),
        (RowOutcome::Rejected, "{n};Петров Иван {n};01.01.1986;1;A;;02.02.2026;01.02.2026"),
        (RowOutcome::Rejected, "{n};Петров Иван {n};01.01.1986;1;A;;скоро;"),
        // too old for the plan of children, and a newborn whose exclusion does not exist
        (RowOutcome::Rejected, "{n};Петров Иван {n};01.01.2010;1;C;;;"),
        (RowOutcome::Rejected, "{n};Петров Иван {n};01.01.2026;1;D;;;"),
        // the first row repeated, and its id given to another insured
        (RowOutcome::Rejected, "{n};ПЕРВАЯ  АННА;01.01.1986;1;A;;;"),
        (RowOutcome::Rejected, "first;Вторая Анна {n};01.01.1986;1;A;;;"),
        // an error takes precedence over a referral
        (RowOutcome::Rejected, "{n};Старов Иван {n};01.01.1940;7;A;;;"),
        (RowOutcome::Rejected, "{n};;;;;;;"),
        (RowOutcome::Rejected, "{n};;31.02.1986;9;Z;-5;завтра;вчера"),
    ]);
    let passed_over = prop::sample::select(vec![
        (RowOutcome::PassedOver, ";;;;;;;"),
        (RowOutcome::PassedOver, "Отдел продаж;;;;;;;"),
        (RowOutcome::PassedOver, "Итого;;;;;120 000;;"),
        (RowOutcome::PassedOver, "1;2;3;4;5;6;7;8"),
    ]);
    prop_oneof![8 => good, 2 => referred, 4 => rejected, 1 => passed_over]
}

fn check_rows(rows: &[(RowOutcome, &str)]) {
    let contract = contract()
        .plan("A")
        .cover("1", "")
        .plan("B")
        .cover("1", "")
        .cover("4", "")
        .plan("C")
        .cover("18", "")
        .plan("D")
        .cover("10", "exclude = ['dental']");
    let mut text = "Таб. №;ФИО;Дата рождения;Группа риска;План;Страховая сумма;Действует с;Действует по\n".to_owned();
    text += "first;Первая Анна;01.01.1986;1;A;;;\n";
    let mut outcomes = vec![RowOutcome::Priced];
    for (number, (outcome, row)) in rows.iter().enumerate() {
        text += &row.replace("{n}", &number.to_string());
        text.push('\n');
        outcomes.push(*outcome);
    }
    let case = Case::open(&contract, &text).unwrap();
    let quote = case.quote(true).unwrap();
    let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
    let [priced, referred, rejected] = [RowOutcome::Priced, RowOutcome::Referred, RowOutcome::Rejected].map(count);
    let counts = quote.rows;
    assert_eq!(counts.read, counts.priced + counts.referred + counts.rejected);
    assert_eq!((counts.priced, counts.referred, counts.rejected), (priced, referred, rejected), "{text}");

    // every row has its diagnostic and is counted accordingly
    let price = quote.price.as_ref().unwrap();
    assert_eq!(price.headcount as usize, priced);
    let admitted: Vec<u32> =
        price.lines.admitted.iter().map(|insured| quote.roster.insured.row[insured.at as usize]).collect();
    for (outcome, row) in outcomes.iter().zip(2_u32..) {
        let found = quote.roster.tables.diagnostics.iter().filter(|found| found.place.row == row);
        let worst = found.map(|found| found.code.severity()).min();
        let expected = match worst {
            Some(Severity::Error) => RowOutcome::Rejected,
            Some(Severity::Referral) => RowOutcome::Referred,
            Some(Severity::Warning) | None if quote.roster.insured.row.contains(&row) => RowOutcome::Priced,
            Some(Severity::Warning) | None => RowOutcome::PassedOver,
        };
        assert_eq!(*outcome, expected, "row {row}\n{text}");
        assert_eq!(admitted.contains(&row), *outcome == RowOutcome::Priced, "row {row}\n{text}");
    }

    // without `preliminary` one bad row refuses the quote
    let strict = case.quote(false).unwrap();
    let clean = referred + rejected == 0;
    assert_eq!(strict.status, if clean { Status::Issued } else { Status::Refused });
    assert_eq!((strict.rows, strict.price.is_some()), (counts, clean));
}

#[test]
fn every_age_risk_group_and_headcount_is_in_exactly_one_band() {
    let tariff = Tariff::base();
    let case = Case::open(&contract().cover("1", "").cover("16", ""), &"").unwrap();
    let axes = Axes::new(&tariff, &case.contract.terms);
    let cells = axes.cells();
    let mut hit = vec![0_u32; cells];
    for age in 0..=79_u16 {
        let bands: Vec<_> = tariff.age.value.iter().filter(|band| band.years.contains(age)).collect();
        assert_eq!(bands.len(), 1, "{age}");
        assert_eq!(tariff.age_band(age).map(|at| &tariff.age.value[at]), Some(bands[0]));
        let children = tariff.child_bands.value.iter().filter(|band| band.contains(age)).count();
        assert_eq!(children, usize::from(age < 16), "{age}");
        for group in 0..=4_u8 {
            assert_eq!(tariff.risk.value.iter().filter(|row| row.group == group).count(), 1, "{group}");
            let (step, risk) = (axes.age_class(age).unwrap(), axes.risk(group).unwrap());
            for cover in 0..2 {
                let cell = axes.first_cell(0, step, risk) + cover * axes.stride();
                hit[cell] += 1;
                let at = axes.coordinates(cell);
                assert_eq!((at.plan, at.cover), (0, cover));
                assert!(axes.ages[at.age_class].years.contains(age));
                assert_eq!(tariff.age.value[axes.ages[at.age_class].age_band], *bands[0]);
                assert_eq!(axes.ages[at.age_class].child_band, tariff.child_band(age));
                assert_eq!(tariff.risk.value[at.risk].group, group);
            }
        }
    }
    // 80 ages × 5 groups × 2 covers, and no cell without an age
    assert_eq!(hit.iter().sum::<u32>(), 80 * 5 * 2);
    assert!(hit.iter().all(|hits| *hits > 0));
    assert_eq!((axes.age_class(80), axes.risk(5), tariff.age_band(80)), (None, None, None));
    for headcount in (1..=20_000).chain([u32::MAX - 1, u32::MAX]) {
        let bands: Vec<_> = tariff.headcount.value.iter().filter(|band| band.contains(headcount)).collect();
        assert_eq!(bands.len(), 1, "{headcount}");
        assert_eq!(tariff.headcount_band(headcount), bands[0]);
    }
}

/// Every coefficient has the most digits: the product is not rounded.
#[test]
fn the_longest_lawful_coefficients_are_priced_exactly() {
    let number = |text: &str| Choice::Number(text.to_owned());
    let cover = |tariff: &Tariff, code: &str, exclude: usize, include: usize| Cover {
        programme: tariff.programme(code).unwrap(),
        sum_insured: 99_999_999_999_999,
        base_rate: if code == "6" { number("1.2347") } else { Choice::Default },
        exclude: (0..exclude)
            .filter(|place| code != "10" || *place != 3) // `any_admission` holds it
            .map(|place| (place, if code == "2" { number("0.5557") } else { Choice::Default }))
            .collect(),
        include: (0..include).collect(),
        price_change: Some("4.9999".to_owned()),
        additional_services: Some("4.9997".to_owned()),
    };
    let mut longest = 0;
    for tariff in [&*BASE, &*LONG] {
        for headcount in [number("1.2347"), Choice::Default, Choice::Interpolate] {
            let covers = [("10", 5, 0), ("6", 1, 0), ("2", 1, 0), ("3a", 3, 0), ("16", 3, 2), ("18", 3, 0)]
                .map(|(code, exclude, include)| vec![cover(tariff, code, exclude, include)]);
            let insured = (0..covers.len()).map(|plan| Insured {
                birth: Date::constant(2012, 2, 29),
                risk: 4,
                plan,
                own_sum: Some(100_000_000_000_000 - 1),
                own_first: Some(Date::constant(2027, 2, 28)),
                own_last: None,
            });
            let scenario = Scenario {
                start: Date::constant(2026, 3, 1),
                end: Date::constant(2027, 2, 28),
                ranges: Choice::Default,
                headcount,
                risk: vec![Choice::Default, Choice::Default, Choice::Default, Choice::Default, number("3.1417")],
                insured: insured.collect(),
                plans: covers.to_vec(),
                instalments: Vec::new(),
            };
            compare_with_reference(tariff, &scenario);
            let result = price_case(&case(tariff, &scenario));
            let decimals = result.lines.iter().map(|line| line.rate.split_once('.').unwrap().1.len());
            longest = longest.max(decimals.max().unwrap());
        }
    }
    // base 6, headcount 7 as the mean, age 6, risk 4, price change 4, additional services 4, four exclusions of 6
    assert_eq!(longest, 6 + 7 + 6 + 4 + 4 + 4 + 4 * 6);
}

/// The roster is large enough to be read and added up in parts.
#[test]
fn one_thread_and_four_give_the_same_quote_of_a_large_roster() {
    let contract = contract()
        .with("instalments = [2026-01-01, 2026-04-01, 2026-07-01, 2026-10-01]")
        .plan("A")
        .cover_of("16", "120000.01", "exclude = ['dental']")
        .cover("4", "")
        .plan("B")
        .cover("1", "price_change = '1.1111'");
    let mut text = "Таб. №;ФИО;Дата рождения;Группа риска;План;Страховая сумма;Действует с;Действует по\n".to_owned();
    for number in 0..40_000_u32 {
        let day = Date::constant(1947, 1, 1).saturating_add(jiff::Span::new().days(number * 7919 % 28_000));
        let plan = if number % 3 == 0 { "B" } else { "A" };
        let sum = if number % 21 == 0 { "64 000,07" } else { "" };
        let first = if number % 11 == 0 {
            format!("{:02}.{:02}.2026", number % 28 + 1, number % 12 + 1)
        } else {
            String::new()
        };
        writeln!(text, "{number};Петров Иван {number};{day};{};{plan};{sum};{first};", number % 5).unwrap();
        // some rows have mistakes
        if number % 5_000 == 0 {
            writeln!(text, "{number};Петров Иван {number};{day};9;Z;;;\n;;;;;;;\nИтого;;;;;;;").unwrap();
        }
    }
    assert!(text.len() > 2 << 20);
    let case = Case::open(&contract, &text).unwrap();
    let run = || {
        let quote = case.quote(true).unwrap();
        (totals(&quote), quote.rows, PricedQuote::new(&quote))
    };
    let (one, four) = (in_pool(1, run), in_pool(4, run));
    assert_eq!((one.1.read, one.1.priced), (40_008, 40_000));
    assert!(one == four);
    let sum: Kopecks = one.2.lines.iter().map(|line| line.premium.chosen).sum();
    assert_eq!(sum, one.0.premium.chosen);
}
