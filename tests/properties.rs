//! What holds for every contract and roster, tried on random ones.

mod census;
pub mod slow;
pub mod world;

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

use crate::support::{Case, EngineResult, ToldLine, contract};
use slow::SlowLine;
use world::{Choice, Cover, Insured, World, long_edition, world};

static BASE: LazyLock<Tariff> = LazyLock::new(Tariff::base);
static LONG: LazyLock<Tariff> = LazyLock::new(long_edition);

/// So many cases, without a file of those that failed.
pub fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn case(tariff: &Tariff, world: &World) -> Case {
    Case::open_by(tariff.clone(), &world.contract(tariff), &world.roster(tariff)).unwrap()
}

fn told(case: &Case) -> EngineResult {
    EngineResult::of(&case.quote(false).unwrap())
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
    fn the_order_of_rows_does_not_matter_to_anyones_price(
        world in world(&BASE, 1..200_usize),
        keys in vec(any::<u64>(), 200),
    ) {
        let text = world.roster(&BASE).to_string();
        let (heading, rows) = text.split_once('\n').unwrap();
        let mut rows: Vec<_> = rows.lines().zip(keys).collect();
        rows.sort_by_key(|(_, key)| *key);
        let rows: Vec<_> = rows.into_iter().map(|(row, _)| row).collect();
        let shuffled = format!("{heading}\n{}\n", rows.join("\n"));

        let by_id = |told: &EngineResult| {
            let mut lines: Vec<ToldLine> = told.lines.clone();
            lines.sort_by(|left, right| (&left.id, &left.programme).cmp(&(&right.id, &right.programme)));
            lines
        };
        let contract = world.contract(&BASE);
        let straight = Case::open_by(BASE.clone(), &contract, &text).unwrap();
        let shuffled = Case::open_by(BASE.clone(), &contract, &shuffled).unwrap();
        let (straight, shuffled) = (straight.quote(false).unwrap(), shuffled.quote(false).unwrap());
        prop_assert_eq!(totals(&straight), totals(&shuffled));
        prop_assert_eq!(by_id(&EngineResult::of(&straight)), by_id(&EngineResult::of(&shuffled)));
    }

    #[test]
    fn every_total_is_the_sum_of_its_lines(world in world(&BASE, 1..300_usize)) {
        let case = case(&BASE, &world);
        let quote = case.quote(false).unwrap();
        prop_assert_eq!(quote.status, Status::Issued);
        let sums = Sums::of(&quote, &world);
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

        // and so every breakdown has the same total
        let total = totals.premium.chosen;
        prop_assert_eq!(totals.groups.iter().map(|group| group.premium).sum::<Kopecks>(), total);
        prop_assert_eq!(totals.plans.iter().map(|plan| plan.premium).sum::<Kopecks>(), total);
        prop_assert_eq!(totals.programmes.iter().map(|row| row.premium).sum::<Kopecks>(), total);
        prop_assert_eq!(totals.instalments.iter().copied().sum::<Kopecks>(), total);
        prop_assert!(totals.premium.low <= total && total <= totals.premium.high);
    }

    #[test]
    fn one_thread_and_four_give_the_same_quote(world in world(&BASE, 1..300_usize)) {
        let case = case(&BASE, &world);
        let run = || {
            let quote = case.quote(false).unwrap();
            (totals(&quote), EngineResult::of(&quote))
        };
        prop_assert_eq!(in_pool(1, run), in_pool(4, run));
    }

    #[test]
    fn every_line_by_an_edition_of_six_decimals_costs_what_a_slow_pricer_says(world in world(&LONG, 1..40_usize)) {
        check_slowly(&LONG, &world);
    }
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn every_line_costs_what_a_slow_pricer_in_rationals_says(
        world in world(&BASE, prop_oneof![12 => 1..40_usize, 1 => 40..520_usize]),
    ) {
        check_slowly(&BASE, &world);
    }

    #[test]
    fn rows_read_are_priced_referred_or_rejected(rows in vec(row(), 0..150)) {
        check_rows(&rows);
    }
}

fn check_slowly(tariff: &Tariff, world: &World) {
    let told = told(&case(tariff, world));
    assert_eq!(told.status, Status::Issued, "{:?}", told.diagnostics);
    let lines = told.lines.into_iter().map(|line| {
        let premium = [line.premium.low, line.premium.chosen, line.premium.high];
        SlowLine { rate: line.rate, days: line.days, premium: premium.map(|premium| premium.get().to_string()) }
    });
    assert_eq!(lines.collect::<Vec<_>>(), slow::price(tariff, world));
}

/// What the lines of a quote add up to, one after another.
struct Sums {
    premium: [i128; 3],
    /// By plan, programme, age band and risk group: insured, sums insured, premium.
    groups: BTreeMap<[usize; 4], (i128, i128, i128)>,
    plans: Vec<(i128, i128)>,
    programmes: BTreeMap<usize, (i128, i128, i128)>,
    instalments: Vec<i128>,
}

impl Sums {
    fn of(quote: &Quote<'_>, world: &World) -> Self {
        let price = quote.price.as_ref().unwrap();
        let mut sums = Self {
            premium: [0; 3],
            groups: BTreeMap::new(),
            plans: vec![(0, 0); world.plans.len()],
            programmes: BTreeMap::new(),
            instalments: vec![0; world.instalments.len().max(1)],
        };
        assert_eq!(price.lines.admitted.len(), world.insured.len());
        let mut count = 0;
        for (admitted, insured) in price.lines.admitted.iter().zip(&world.insured) {
            sums.plans[insured.plan].0 += 1;
            let covers = &world.plans[insured.plan];
            let lines: Vec<_> = price.lines.of(admitted, quote.contract, &price.axes, &quote.roster.insured).collect();
            assert_eq!(lines.len(), covers.len());
            count += lines.len();
            for (line, cover) in lines.iter().zip(covers) {
                let of_line = line.corners();
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
                sums.split(world, insured, of_line[1]);
            }
        }
        assert_eq!(price.lines.count, count);
        sums
    }

    /// What is due until the end of a period is the premium × the days of cover until then / the days of cover, rounded.
    fn split(&mut self, world: &World, insured: &Insured, premium: i128) {
        let first = insured.own_first.unwrap_or(world.start);
        let last = insured.own_last.unwrap_or(world.end);
        let days = i128::from(first.until(last).unwrap().get_days()) + 1;
        let mut before = 0;
        for (place, due) in self.instalments.iter_mut().enumerate() {
            let end = world.instalments.get(place + 1).map_or(world.end, |next| next.yesterday().unwrap()).min(last);
            let passed = if end < first { 0 } else { i128::from(first.until(end).unwrap().get_days()) + 1 };
            let until = (2 * premium * passed + days) / (2 * days);
            *due += until - before;
            before = until;
        }
    }
}

/// What has to become of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Priced,
    Referred,
    Rejected,
    /// It holds no insured.
    PassedOver,
}

/// A row: `{n}` is its number. The columns: id, name, birth date, risk group, plan, sum insured, first day, last day.
fn row() -> impl Strategy<Value = (Fate, &'static str)> {
    let good = prop::sample::select(vec![
        (Fate::Priced, "{n};Петров Иван {n};01.01.1986;1;A;;;"),
        (Fate::Priced, "{n};Петров Иван {n};1986-01-01;IV;a;64 000,50;01.02.2026;"),
        (Fate::Priced, ";Петров Иван {n};02/01/1946;0;A;;;31.12.2026"),
        (Fate::Priced, "{n};Петров Иван {n};29.02.2024;2;В;;;"),
        (Fate::Priced, "{n};Петрoв Иван {n};29.02.1996;3 группа;B;;28.02.2026;"),
        (Fate::Priced, "{n};Сынов Иван {n};01.01.2026;1;C;;;"),
    ]);
    let referred = prop::sample::select(vec![
        (Fate::Referred, "{n};Старов Иван {n};01.01.1946;1;A;;;"),
        (Fate::Referred, "{n};Старов Иван {n};01.01.1900;1;B;;;"),
        (Fate::Referred, "{n};Старов Иван {n};15.06.1946;1;A;;15.06.2026;"),
    ]);
    let rejected = prop::sample::select(vec![
        (Fate::Rejected, "{n};;01.01.1986;1;A;;;"),
        (Fate::Rejected, "{n};Петров Иван {n};;1;A;;;"),
        (Fate::Rejected, "{n};Петров Иван {n};31.02.1986;1;A;;;"),
        (Fate::Rejected, "{n};Петров Иван {n};01.01.86;1;A;;;"),
        (Fate::Rejected, "{n};Петров Иван {n};31.12.1899;1;A;;;"),
        (Fate::Rejected, "{n};Петров Иван {n};02.01.2026;1;A;;;"),
        (Fate::Rejected, "{n};Петров Иван {n};01.01.1986;;A;;;"),
        (Fate::Rejected, "{n};Петров Иван {n};01.01.1986;5;A;;;"),
        (Fate::Rejected, "{n};Петров Иван {n};01.01.1986;1;;;;"),
        (Fate::Rejected, "{n};Петров Иван {n};01.01.1986;1;Z;;;"),
        (Fate::Rejected, "{n};Петров Иван {n};01.01.1986;1;A;0;;"),
        (Fate::Rejected, "{n};Петров Иван {n};01.01.1986;1;B;1000;;"),
        (Fate::Rejected, "{n};Петров Иван {n};01.01.1986;1;A;;31.12.2025;"),
        (Fate::Rejected, "{n};Петров Иван {n};01.01.1986;1;A;;;01.01.2027"),
        (Fate::Rejected, "{n};Петров Иван {n};01.01.1986;1;A;;02.02.2026;01.02.2026"),
        (Fate::Rejected, "{n};Петров Иван {n};01.01.1986;1;A;;скоро;"),
        // too old for the plan of children, and a newborn whose exclusion does not exist
        (Fate::Rejected, "{n};Петров Иван {n};01.01.2010;1;C;;;"),
        (Fate::Rejected, "{n};Петров Иван {n};01.01.2026;1;D;;;"),
        // the first row once more, and its id on somebody else
        (Fate::Rejected, "{n};ПЕРВАЯ  АННА;01.01.1986;1;A;;;"),
        (Fate::Rejected, "first;Вторая Анна {n};01.01.1986;1;A;;;"),
        // an error weighs more than a referral
        (Fate::Rejected, "{n};Старов Иван {n};01.01.1940;7;A;;;"),
        (Fate::Rejected, "{n};;;;;;;"),
        (Fate::Rejected, "{n};;31.02.1986;9;Z;-5;завтра;вчера"),
    ]);
    let passed_over = prop::sample::select(vec![
        (Fate::PassedOver, ";;;;;;;"),
        (Fate::PassedOver, "Отдел продаж;;;;;;;"),
        (Fate::PassedOver, "Итого;;;;;120 000;;"),
        (Fate::PassedOver, "1;2;3;4;5;6;7;8"),
    ]);
    prop_oneof![8 => good, 2 => referred, 4 => rejected, 1 => passed_over]
}

fn check_rows(rows: &[(Fate, &str)]) {
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
    let mut fates = vec![Fate::Priced];
    for (number, (fate, row)) in rows.iter().enumerate() {
        text += &row.replace("{n}", &number.to_string());
        text.push('\n');
        fates.push(*fate);
    }
    let case = Case::open(&contract, &text).unwrap();
    let quote = case.quote(true).unwrap();
    let count = |wanted| fates.iter().filter(|fate| **fate == wanted).count();
    let [priced, referred, rejected] = [Fate::Priced, Fate::Referred, Fate::Rejected].map(count);
    let counts = quote.rows;
    assert_eq!(counts.read, counts.priced + counts.referred + counts.rejected);
    assert_eq!((counts.priced, counts.referred, counts.rejected), (priced, referred, rejected), "{text}");

    // every row says why, and is what it is counted as
    let price = quote.price.as_ref().unwrap();
    assert_eq!(price.headcount as usize, priced);
    let admitted: Vec<u32> =
        price.lines.admitted.iter().map(|insured| quote.roster.insured.row[insured.at as usize]).collect();
    for (fate, row) in fates.iter().zip(2_u32..) {
        let found = quote.roster.diagnostics.iter().filter(|found| found.place.row == row);
        let worst = found.map(|found| found.code.severity()).min();
        let expected = match worst {
            Some(Severity::Error) => Fate::Rejected,
            Some(Severity::Referral) => Fate::Referred,
            Some(Severity::Warning) | None if quote.roster.insured.row.contains(&row) => Fate::Priced,
            Some(Severity::Warning) | None => Fate::PassedOver,
        };
        assert_eq!(*fate, expected, "row {row}\n{text}");
        assert_eq!(admitted.contains(&row), *fate == Fate::Priced, "row {row}\n{text}");
    }

    // without `preliminary` one bad row is enough
    let strict = case.quote(false).unwrap();
    let clean = referred + rejected == 0;
    assert_eq!(strict.status, if clean { Status::Issued } else { Status::Refused });
    assert_eq!((strict.rows, strict.price.is_some()), (counts, clean));
}

#[test]
fn every_age_risk_group_and_headcount_is_in_exactly_one_band() {
    let tariff = Tariff::base();
    let case = Case::open(&contract().cover("1", "").cover("16", ""), &"").unwrap();
    let axes = Axes::new(&tariff, &case.contract);
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
            let (step, risk) = (axes.step(age).unwrap(), axes.risk(group).unwrap());
            for cover in 0..2 {
                let cell = axes.first_cell(0, step, risk) + cover * axes.stride();
                hit[cell] += 1;
                let at = axes.coordinates(cell);
                assert_eq!((at.plan, at.cover), (0, cover));
                assert!(axes.ages[at.step].years.contains(age));
                assert_eq!(tariff.age.value[axes.ages[at.step].age_band], *bands[0]);
                assert_eq!(axes.ages[at.step].child_band, tariff.child_band(age));
                assert_eq!(tariff.risk.value[at.risk].group, group);
            }
        }
    }
    // 80 ages × 5 groups × 2 covers, and no cell without an age
    assert_eq!(hit.iter().sum::<u32>(), 80 * 5 * 2);
    assert!(hit.iter().all(|hits| *hits > 0));
    assert_eq!((axes.step(80), axes.risk(5), tariff.age_band(80)), (None, None, None));
    for headcount in (1..=20_000).chain([u32::MAX - 1, u32::MAX]) {
        let bands: Vec<_> = tariff.headcount.value.iter().filter(|band| band.contains(headcount)).collect();
        assert_eq!(bands.len(), 1, "{headcount}");
        assert_eq!(tariff.headcount_band(headcount), bands[0]);
    }
}

/// Every number as long as it can be: the product is rounded nowhere.
#[test]
fn the_longest_coefficients_that_are_legal_are_priced_exactly() {
    let number = |text: &str| Choice::Number(text.to_owned());
    let cover = |tariff: &Tariff, code: &str, exclude: usize, include: usize| Cover {
        programme: tariff.programme(code).unwrap(),
        sum_insured: 99_999_999_999_999,
        base_rate: if code == "6" { number("1.2347") } else { Choice::Unsaid },
        exclude: (0..exclude)
            .filter(|place| code != "10" || *place != 3) // `any_admission` holds it
            .map(|place| (place, if code == "2" { number("0.5557") } else { Choice::Unsaid }))
            .collect(),
        include: (0..include).collect(),
        price_change: Some("4.9999".to_owned()),
        additional_services: Some("4.9997".to_owned()),
    };
    let mut longest = 0;
    for tariff in [&*BASE, &*LONG] {
        for headcount in [number("1.2347"), Choice::Unsaid, Choice::Interpolate] {
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
            let world = World {
                start: Date::constant(2026, 3, 1),
                end: Date::constant(2027, 2, 28),
                ranges: Choice::Unsaid,
                headcount,
                risk: vec![Choice::Unsaid, Choice::Unsaid, Choice::Unsaid, Choice::Unsaid, number("3.1417")],
                insured: insured.collect(),
                plans: covers.to_vec(),
                instalments: Vec::new(),
            };
            check_slowly(tariff, &world);
            let told = told(&case(tariff, &world));
            let decimals = told.lines.iter().map(|line| line.rate.split_once('.').unwrap().1.len());
            longest = longest.max(decimals.max().unwrap());
        }
    }
    // base 6, headcount 7 as the mean, age 6, risk 4, price change 4, additional services 4, four exclusions of 6
    assert_eq!(longest, 6 + 7 + 6 + 4 + 4 + 4 + 4 * 6);
}

/// Enough rows for the file to be read in parts and for the lines to be added up in parts.
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
        // and mistakes now and then
        if number % 5_000 == 0 {
            writeln!(text, "{number};Петров Иван {number};{day};9;Z;;;\n;;;;;;;\nИтого;;;;;;;").unwrap();
        }
    }
    assert!(text.len() > 2 << 20);
    let case = Case::open(&contract, &text).unwrap();
    let run = || {
        let quote = case.quote(true).unwrap();
        (totals(&quote), quote.rows, EngineResult::of(&quote))
    };
    let (one, four) = (in_pool(1, run), in_pool(4, run));
    assert_eq!((one.1.read, one.1.priced), (40_008, 40_000));
    assert!(one == four);
    let sum: Kopecks = one.2.lines.iter().map(|line| line.premium.chosen).sum();
    assert_eq!(sum, one.0.premium.chosen);
}
