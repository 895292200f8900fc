//! `outlook`: bands, birthdays and ranges, with the arithmetic of each.

use kollektiv::base::money::Kopecks;
use kollektiv::desk::outlook::{Fate, Outlook};
use kollektiv::desk::range_factor::RangeFactor;
use kollektiv::quote::Quote;
use proptest::prelude::*;

use super::{BASE, cases};
use crate::program::{Table, run, sample};
use crate::properties::world::world;
use crate::support::{Case, ContractText, RosterText, contract, roster};

fn case(contract: &ContractText, roster: &RosterText) -> Case {
    Case::open(contract, roster).unwrap()
}

fn outlook(quote: &Quote<'_>) -> Outlook {
    Outlook::new(quote, quote.price.as_ref().unwrap()).unwrap()
}

fn premium(contract: &ContractText, roster: &RosterText) -> Kopecks {
    case(contract, roster).quote(false).unwrap().price.unwrap().totals.premium.chosen
}

#[test]
fn the_bands_beside_this_one_are_looked_at_where_they_begin() {
    let people = roster().crowd(47);
    let case = case(&contract().choose("ranges = 'high'").cover("16", ""), &people);
    let quote = case.quote(false).unwrap();
    let bands = outlook(&quote).bands;
    let shown: Vec<_> = bands
        .iter()
        .map(|look| (look.band.to_string(), look.headcount, look.change, look.coefficient.to_string()))
        .collect();
    let expected = [("1-9", 9, -38, "1.40"), ("10-49", 47, 0, "1.20"), ("50-99", 50, 3, "1.10")];
    assert_eq!(
        shown,
        expected.map(|(band, headcount, change, at)| (band.to_owned(), headcount, change, at.to_owned()))
    );
    // by the coefficient of 50 people, 47 cost what 47 of a band of 50 cost, and fifty like them cost 50 / 47 of it
    let fifty = premium(&contract().choose("ranges = 'high'").cover("16", ""), &roster().crowd(50));
    assert_eq!(bands[2].premium, fifty);
    assert_eq!(bands[2].per_insured, Kopecks::new(fifty.get() / 50));
    assert_eq!(bands[1].premium_of_present, quote.price.as_ref().unwrap().totals.premium.chosen);
}

#[test]
fn a_number_keeps_its_share_of_the_range_in_another_band() {
    // 1.18 has gone 0.8 of 1.10–1.20; 0.8 of 1.20–1.40 is 1.36, 0.8 of 1.00–1.10 is 1.08
    let case = case(&contract().choose("headcount = '1.18'").cover("16", ""), &roster().crowd(20));
    let quote = case.quote(false).unwrap();
    let coefficients: Vec<String> = outlook(&quote).bands.iter().map(|look| look.coefficient.to_string()).collect();
    assert_eq!(coefficients, ["1.36", "1.18", "1.08"]);
}

#[test]
fn birthdays_until_the_renewal_move_people_between_bands_and_out_of_them() {
    // on 1 January 2027: 40 → 41 stays; 44 → 45 moves to 45-49; 79 → 80 goes to an underwriter; 44 → 45 on 2 January comes
    // a day too late
    let people = roster().aged(40, 1).aged(44, 1).aged(79, 1).born("1982-01-02", 1);
    let case = case(&contract().cover("16", ""), &people);
    let quote = case.quote(false).unwrap();
    let price = quote.price.as_ref().unwrap();
    let renewal = outlook(&quote).renewal.unwrap();
    assert_eq!(renewal.day.to_string(), "2027-01-01");
    assert_eq!(renewal.moves.len(), 1);
    let moved = renewal.moves[0];
    let ages = |step: u8| price.axes.ages[usize::from(step)].years.to_string();
    assert_eq!((ages(moved.from), ages(moved.to), moved.group.insured), ("40-44".to_owned(), "45-49".to_owned(), 1));
    assert_eq!(renewal.past_tariff.insured, 1);
    let fates: Vec<(u32, u16)> = renewal.movers.iter().map(|mover| (mover.insured.at, mover.age_then)).collect();
    assert_eq!(fates, [(1, 45), (2, 80)]);
    assert_eq!(renewal.movers[1].fate, Fate::PastTariff);
    // the same four, one of them five years older, cost so much more
    let older = roster().aged(40, 1).aged(45, 1).aged(79, 1).born("1982-01-02", 1);
    let later = premium(&contract().cover("16", ""), &older);
    assert_eq!(renewal.cost(), later - price.totals.premium.chosen);
}

#[test]
fn children_move_in_their_own_bands_and_grow_out_of_their_programmes() {
    // 7 → 8 is another band of programme 10 (I6) though §2.2 has one from 5 to 9; 15 → 16 is too old for it
    let people = roster().aged(7, 1).aged(15, 1).aged(10, 1);
    let case = case(&contract().cover("10", ""), &people);
    let quote = case.quote(false).unwrap();
    let renewal = outlook(&quote).renewal.unwrap();
    assert_eq!((renewal.moves.len(), renewal.moves[0].group.insured), (1, 1));
    assert_eq!((renewal.past_programme.insured, renewal.past_tariff.insured), (1, 0));
    let grown = premium(&contract().cover("10", ""), &roster().aged(8, 1).aged(15, 1).aged(10, 1));
    assert_eq!(renewal.cost(), grown - quote.price.as_ref().unwrap().totals.premium.chosen);
    // on an adults' programme nothing happens to a seven-year-old
    let adults = case_of_adults();
    assert!(outlook(&adults.quote(false).unwrap()).renewal.unwrap().movers.is_empty());
}

fn case_of_adults() -> Case {
    case(&contract().cover("16", ""), &roster().aged(7, 1))
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn a_range_weighs_what_the_contract_costs_at_its_two_ends(world in world(&BASE, 1..40_usize)) {
        let (text, people) = (world.contract(&BASE), world.roster(&BASE));
        let case = Case::open_by(BASE.clone(), &text, &people).unwrap();
        let quote = case.quote(false).unwrap();
        let ranges = outlook(&quote).ranges;
        prop_assert!(ranges.windows(2).all(|pair| pair[0].width() >= pair[1].width()));
        let chosen = quote.price.as_ref().unwrap().totals.premium.chosen;
        for weight in ranges {
            prop_assert!(weight.low <= chosen && chosen <= weight.high);
            let at = |coefficient| {
                let mut contract = case.contract.clone();
                weight.standing.lever.set(&mut contract, coefficient);
                Quote::new(&contract, &BASE, case.roster(), false).unwrap().price.unwrap().totals.premium.chosen
            };
            prop_assert_eq!(at(weight.standing.range.low), weight.low);
            prop_assert_eq!(at(weight.standing.range.high), weight.high);
        }
    }
}

#[test]
fn the_outlook_of_the_sample_fits_the_screen_and_lists_whom_it_moves() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("movers.csv");
    let contract = sample("zavod");
    for language in ["ru", "en"] {
        let shown = run(["outlook".as_ref(), contract.as_os_str(), "--lang".as_ref(), language.as_ref()]).ended(0).out;
        assert!(shown.lines().all(|line| line.chars().count() <= 100), "{shown}");
    }
    let with_list = ["outlook".as_ref(), contract.as_os_str(), "--movers".as_ref(), list.as_os_str()];
    run(with_list).ended(0);
    let written = Table::open(&list);
    let rows = written.columns(["age", "age_then", "premium", "premium_then"]);
    assert!(rows.len() > 900, "{} rows", rows.len());
    for [age, then, ..] in &rows {
        assert!(age.parse::<u16>().unwrap() < then.parse::<u16>().unwrap());
    }
    for [fate, then] in written.columns(["fate", "premium_then"]) {
        assert_eq!(fate == "older", !then.is_empty(), "{fate}: {then}");
    }
    let before = std::fs::read(&list).unwrap();
    let again = run(with_list).ended(1);
    assert!(again.err.contains("movers.csv"), "{}", again.err);
    assert_eq!(std::fs::read(&list).unwrap(), before, "a file that is there is not replaced");
}

#[test]
fn a_census_has_an_empty_list_and_no_file_is_replaced_by_it() {
    let folder = tempfile::tempdir().unwrap();
    let counts = contract().with("[[census]]\nage = 40\nrisk_group = 1\ninsured = 3").cover("16", "");
    let (census, list) = (folder.path().join("census.toml"), folder.path().join("movers.csv"));
    std::fs::write(&census, counts.to_string()).unwrap();
    let ask = || run(["outlook".as_ref(), census.as_os_str(), "--movers".as_ref(), list.as_os_str()]);
    let told = ask().ended(0);
    assert!(told.err.contains("только заголовок") && told.err.contains("movers.csv"), "{}", told.err);
    let written = Table::open(&list);
    assert_eq!((written.at("row"), written.rows.len()), (2, 0));
    let again = ask().ended(1);
    assert!(again.err.contains("movers.csv") && again.out.is_empty(), "{}", again.err);
}

#[test]
fn the_first_levers_are_the_contracts_and_then_the_covers() {
    let text = contract().cover("6", "").cover("2", "exclude = ['planned_admission']");
    let case = case(&text, &roster().aged(30, 1).aged(30, 2));
    let quote = case.quote(false).unwrap();
    let mut levers: Vec<RangeFactor> = outlook(&quote).ranges.iter().map(|weight| weight.standing.lever).collect();
    levers.sort();
    let codes: Vec<String> = levers.iter().map(|lever| lever.code()).collect();
    assert_eq!(codes, ["headcount", "risk.1", "risk.2", "base_rate", "exclude"]);
}
