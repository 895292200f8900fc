//! `outlook`: bands, birthdays and ranges, with the arithmetic of each.

use kollektiv::base::money::Kopecks;
use kollektiv::desk::outlook::{Outlook, RenewalEffect};
use kollektiv::desk::range_factor::RangeFactor;
use kollektiv::quote::Quote;
use proptest::prelude::*;

use super::{BASE, cases};
use crate::program::{Table, run, sample};
use crate::properties::generators::scenario;
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
fn the_neighbouring_headcount_bands_are_priced_at_their_first_headcount() {
    let people = roster().crowd(47);
    let case = case(&contract().choose("ranges = 'high'").cover("16", ""), &people);
    let quote = case.quote(false).unwrap();
    let bands = outlook(&quote).bands;
    let printed: Vec<_> = bands
        .iter()
        .map(|look| (look.band.to_string(), look.headcount, look.change, look.coefficient.to_string()))
        .collect();
    let expected = [("1-9", 9, -38, "1.40"), ("10-49", 47, 0, "1.20"), ("50-99", 50, 3, "1.10")];
    assert_eq!(
        printed,
        expected.map(|(band, headcount, change, at)| (band.to_owned(), headcount, change, at.to_owned()))
    );
    // 47 insured at the coefficient of 50; 50 like them cost 50 / 47 of that
    let fifty = premium(&contract().choose("ranges = 'high'").cover("16", ""), &roster().crowd(50));
    assert_eq!(bands[2].premium, fifty);
    assert_eq!(bands[2].per_insured, Kopecks::new(fifty.get() / 50));
    assert_eq!(bands[1].premium_of_present, quote.price.as_ref().unwrap().totals.premium.chosen);
}

#[test]
fn a_chosen_number_keeps_its_share_of_the_range_in_another_band() {
    // 1.18 is at 0.8 of 1.10–1.20; 0.8 of 1.20–1.40 is 1.36, 0.8 of 1.00–1.10 is 1.08
    let case = case(&contract().choose("headcount = '1.18'").cover("16", ""), &roster().crowd(20));
    let quote = case.quote(false).unwrap();
    let coefficients: Vec<String> = outlook(&quote).bands.iter().map(|look| look.coefficient.to_string()).collect();
    assert_eq!(coefficients, ["1.36", "1.18", "1.08"]);
}

#[test]
fn birthdays_before_the_renewal_move_insured_between_bands_and_out_of_the_tariff() {
    // on 1 January 2027: 40 → 41 stays; 44 → 45 moves to 45-49; 79 → 80 goes to an underwriter; 44 → 45 on 2 January comes
    // one day too late
    let people = roster().aged(40, 1).aged(44, 1).aged(79, 1).born("1982-01-02", 1);
    let case = case(&contract().cover("16", ""), &people);
    let quote = case.quote(false).unwrap();
    let price = quote.price.as_ref().unwrap();
    let renewal = outlook(&quote).renewal.unwrap();
    assert_eq!(renewal.day.to_string(), "2027-01-01");
    assert_eq!(renewal.age_moves.len(), 1);
    let moved = renewal.age_moves[0];
    let ages = |step: u8| price.axes.ages[usize::from(step)].years.to_string();
    assert_eq!((ages(moved.from), ages(moved.to), moved.group.insured), ("40-44".to_owned(), "45-49".to_owned(), 1));
    assert_eq!(renewal.past_tariff.insured, 1);
    let ages_then: Vec<(u32, u16)> =
        renewal.changes.iter().map(|change| (change.insured.at, change.age_then)).collect();
    assert_eq!(ages_then, [(1, 45), (2, 80)]);
    assert_eq!(renewal.changes[1].effect, RenewalEffect::PastTariff);
    // the increase of the same four with one of them five years older
    let older = roster().aged(40, 1).aged(45, 1).aged(79, 1).born("1982-01-02", 1);
    let later = premium(&contract().cover("16", ""), &older);
    assert_eq!(renewal.cost(), later - price.totals.premium.chosen);
}

#[test]
fn children_move_between_their_own_bands_and_outgrow_their_programmes() {
    // 7 → 8 is another band of programme 10 (I6) though §2.2 has one from 5 to 9; 15 → 16 is too old for it
    let people = roster().aged(7, 1).aged(15, 1).aged(10, 1);
    let case = case(&contract().cover("10", ""), &people);
    let quote = case.quote(false).unwrap();
    let renewal = outlook(&quote).renewal.unwrap();
    assert_eq!((renewal.age_moves.len(), renewal.age_moves[0].group.insured), (1, 1));
    assert_eq!((renewal.past_programme.insured, renewal.past_tariff.insured), (1, 0));
    let grown = premium(&contract().cover("10", ""), &roster().aged(8, 1).aged(15, 1).aged(10, 1));
    assert_eq!(renewal.cost(), grown - quote.price.as_ref().unwrap().totals.premium.chosen);
    // on a programme for adults a seven-year-old stays in the band
    let adults = case_of_adults();
    assert!(outlook(&adults.quote(false).unwrap()).renewal.unwrap().changes.is_empty());
}

fn case_of_adults() -> Case {
    case(&contract().cover("16", ""), &roster().aged(7, 1))
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn the_weight_of_a_range_is_the_difference_between_its_two_ends(scenario in scenario(&BASE, 1..40_usize)) {
        let (text, people) = (scenario.contract(&BASE), scenario.roster(&BASE));
        let case = Case::open_with(BASE.clone(), &text, &people).unwrap();
        let quote = case.quote(false).unwrap();
        let ranges = outlook(&quote).ranges;
        prop_assert!(ranges.windows(2).all(|pair| pair[0].width() >= pair[1].width()));
        let chosen = quote.price.as_ref().unwrap().totals.premium.chosen;
        for weight in ranges {
            prop_assert!(weight.low <= chosen && chosen <= weight.high);
            let at = |coefficient| {
                let mut contract = case.contract.clone();
                weight.position.factor.set(&mut contract, coefficient);
                Quote::new(&contract, &BASE, case.roster(), false).unwrap().price.unwrap().totals.premium.chosen
            };
            prop_assert_eq!(at(weight.position.range.low), weight.low);
            prop_assert_eq!(at(weight.position.range.high), weight.high);
        }
    }
}

#[test]
fn the_outlook_of_the_sample_fits_the_screen_and_lists_renewal_changes() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("movers.csv");
    let contract = sample("zavod");
    for language in ["ru", "en"] {
        let printed =
            run(["outlook".as_ref(), contract.as_os_str(), "--lang".as_ref(), language.as_ref()]).exits_with(0).out;
        assert!(printed.lines().all(|line| line.chars().count() <= 100), "{printed}");
    }
    let with_list = ["outlook".as_ref(), contract.as_os_str(), "--movers".as_ref(), list.as_os_str()];
    run(with_list).exits_with(0);
    let written = Table::open(&list);
    let rows = written.columns(["age", "age_then", "premium", "premium_then"]);
    assert!(rows.len() > 900, "{} rows", rows.len());
    for [age, then, ..] in &rows {
        assert!(age.parse::<u16>().unwrap() < then.parse::<u16>().unwrap());
    }
    for [outcome, then] in written.columns(["fate", "premium_then"]) {
        assert_eq!(outcome == "older", !then.is_empty(), "{outcome}: {then}");
    }
    let before = std::fs::read(&list).unwrap();
    let again = run(with_list).exits_with(1);
    assert!(again.err.contains("movers.csv"), "{}", again.err);
    assert_eq!(std::fs::read(&list).unwrap(), before, "a file that is there is not replaced");
}

#[test]
fn a_census_has_an_empty_list_that_replaces_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let counts = contract().with("[[census]]\nage = 40\nrisk_group = 1\ninsured = 3").cover("16", "");
    let (census, list) = (folder.path().join("census.toml"), folder.path().join("movers.csv"));
    std::fs::write(&census, counts.to_string()).unwrap();
    let ask = || run(["outlook".as_ref(), census.as_os_str(), "--movers".as_ref(), list.as_os_str()]);
    let run = ask().exits_with(0);
    assert!(run.err.contains("только заголовок") && run.err.contains("movers.csv"), "{}", run.err);
    let written = Table::open(&list);
    assert_eq!((written.at("row"), written.rows.len()), (2, 0));
    let again = ask().exits_with(1);
    assert!(again.err.contains("movers.csv") && again.out.is_empty(), "{}", again.err);
}

#[test]
fn the_range_factors_of_the_contract_come_before_those_of_covers() {
    let text = contract().cover("6", "").cover("2", "exclude = ['planned_admission']");
    let case = case(&text, &roster().aged(30, 1).aged(30, 2));
    let quote = case.quote(false).unwrap();
    let mut factors: Vec<RangeFactor> = outlook(&quote).ranges.iter().map(|weight| weight.position.factor).collect();
    factors.sort();
    let codes: Vec<String> = factors.iter().map(|factor| factor.code()).collect();
    assert_eq!(codes, ["headcount", "risk.1", "risk.2", "base_rate", "exclude"]);
}
