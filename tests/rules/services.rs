//! §2.6 and rules I9–I12: exclusions and inclusions of programmes.

use super::{child_rate, low, rate, refused_cover};
use crate::support::{contract, quote, roster};

#[test]
fn clause_2_6_1_exclusions_of_programme_1() {
    assert_eq!(rate("1", "exclude = ['dental']"), "37.1904"); // 38.74 × 1.20 × 0.80
    assert_eq!(rate("1", "exclude = ['home_care']"), "44.1636"); // 38.74 × 1.20 × 0.95
    let result = quote(&low().cover("1", "exclude = ['dental', 'home_care']"), &roster().aged(40, 1));
    assert_eq!(result.rates(), ["35.33088"]); // 38.74 × 1.20 × 1.00 × 1.00 × 0.80 × 0.95
    let factors = ["1: 38.74", "2.1: 1.20", "2.2: 1.00", "2.5: 1.00", "2.6.1: 0.80", "2.6.1: 0.95"];
    assert_eq!(result.factors(), factors);
}

#[test]
fn clause_2_6_2_exclusion_of_programme_2() {
    assert_eq!(rate("2", "exclude = ['planned_admission']"), "5.0064"); // 10.43 × 1.20 × 0.40
    let chosen = |coefficient: &str| {
        rate("2", &format!("exclude = [{{ service = 'planned_admission', coefficient = {coefficient} }}]"))
    };
    assert_eq!(chosen("'low'"), "5.0064"); // 10.43 × 1.20 × 0.40
    assert_eq!(chosen("'mid'"), "6.8838"); // 10.43 × 1.20 × 0.55
    assert_eq!(chosen("'high'"), "8.7612"); // 10.43 × 1.20 × 0.70
    assert_eq!(chosen("0.60"), "7.5096"); // 10.43 × 1.20 × 0.60
    assert_eq!(chosen("'0.4001'"), "5.0076516"); // 10.43 × 1.20 × 0.4001
    for outside in ["0.3999", "0.7001"] {
        let lines = format!("exclude = [{{ service = 'planned_admission', coefficient = '{outside}' }}]");
        assert_eq!(refused_cover("2", &lines), ["choice-outside"], "{outside}");
    }
    let lines = "exclude = [{ service = 'planned_admission', coefficient = '0.55555' }]";
    assert_eq!(refused_cover("2", lines), ["choice-decimals"]);
}

#[test]
fn clause_2_6_3_exclusions_of_programme_3() {
    assert_eq!(rate("3a", "exclude = ['dental']"), "18.08124"); // 16.93 × 1.20 × 0.89
    assert_eq!(rate("3a", "exclude = ['home_care']"), "19.90968"); // 16.93 × 1.20 × 0.98
    assert_eq!(rate("3a", "exclude = ['planned_admission']"), "16.45596"); // 16.93 × 1.20 × 0.81
    let all = "exclude = ['dental', 'home_care', 'planned_admission']";
    assert_eq!(rate("3a", all), "14.352888312"); // 16.93 × 1.20 × 0.89 × 0.98 × 0.81
    assert_eq!(rate("3b", "exclude = ['dental']"), "20.358"); // 19.5 × 1.20 × 0.87
    assert_eq!(rate("3b", "exclude = ['home_care']"), "22.698"); // 19.5 × 1.20 × 0.97
    assert_eq!(rate("3b", "exclude = ['planned_admission']"), "18.252"); // 19.5 × 1.20 × 0.78
    assert_eq!(rate("3b", all), "15.4028628"); // 19.5 × 1.20 × 0.87 × 0.97 × 0.78
}

#[test]
fn clause_2_6_4_exclusion_of_programme_5() {
    assert_eq!(rate("5", "exclude = ['planned_admission']"), "9.9654"); // 9.77 × 1.20 × 0.85
}

#[test]
fn clause_2_6_5_exclusion_of_programme_6() {
    // beside the row on collective contracts
    assert_eq!(rate("6", "exclude = ['home_care']"), "0.47712"); // 0.70 × 1.20 × 0.80 × 0.71
}

#[test]
fn clause_2_6_6_exclusions_of_programme_10() {
    let rates = |service: &str, ages: &[u16]| -> Vec<String> {
        ages.iter().map(|age| child_rate("10", &format!("exclude = ['{service}']"), *age)).collect()
    };
    // 0 years: 37.25 and 1.55; 7 years: 27.30 and 1.25; 8 years: 17.75 and 1.25
    let dental = [
        "36.855",  // 27.30 × 1.20 × 1.25 × 0.90
        "23.9625", // 17.75 × 1.20 × 1.25 × 0.90
    ];
    assert_eq!(rates("dental", &[7, 8]), dental);
    let home_care = [
        "65.82075", // 37.25 × 1.20 × 1.55 × 0.95
        "38.9025",  // 27.30 × 1.20 × 1.25 × 0.95
        "25.29375", // 17.75 × 1.20 × 1.25 × 0.95
    ];
    assert_eq!(rates("home_care", &[0, 7, 8]), home_care);
    let any_admission = [
        "64.43505", // 37.25 × 1.20 × 1.55 × 0.93
        "36.855",   // 27.30 × 1.20 × 1.25 × 0.90
        "23.9625",  // 17.75 × 1.20 × 1.25 × 0.90
    ];
    assert_eq!(rates("any_admission", &[0, 7, 8]), any_admission);
    let planned_admission = [
        "65.1279", // 37.25 × 1.20 × 1.55 × 0.94
        "38.493",  // 27.30 × 1.20 × 1.25 × 0.94
        "24.495",  // 17.75 × 1.20 × 1.25 × 0.92
    ];
    assert_eq!(rates("planned_admission", &[0, 7, 8]), planned_admission);
    let ambulance = [
        "64.43505", // 37.25 × 1.20 × 1.55 × 0.93
        "36.855",   // 27.30 × 1.20 × 1.25 × 0.90
        "23.9625",  // 17.75 × 1.20 × 1.25 × 0.90
    ];
    assert_eq!(rates("ambulance", &[0, 7, 8]), ambulance);
    let all = "exclude = ['dental', 'home_care', 'planned_admission', 'ambulance']";
    assert_eq!(child_rate("10", all, 15), "12.36488004"); // 17.75 × 1.20 × 0.82 × 0.90 × 0.95 × 0.92 × 0.90
}

#[test]
fn clause_2_6_7_1_exclusions_of_programme_16() {
    assert_eq!(rate("16", "exclude = ['dental']"), "11.7279"); // 13.031 × 1.20 × 0.75
    assert_eq!(rate("16", "exclude = ['home_care']"), "14.85534"); // 13.031 × 1.20 × 0.95
    assert_eq!(rate("16", "exclude = ['ambulance']"), "14.07348"); // 13.031 × 1.20 × 0.90
    assert_eq!(rate("16", "exclude = ['dental', 'home_care']"), "10.94604"); // 13.031 × 1.20 × 0.70
    assert_eq!(rate("16", "exclude = ['dental', 'ambulance']"), "10.16418"); // 13.031 × 1.20 × 0.65
    assert_eq!(rate("16", "exclude = ['ambulance', 'home_care']"), "13.29162"); // 13.031 × 1.20 × 0.85
    assert_eq!(rate("16", "exclude = ['dental', 'home_care', 'ambulance']"), "9.38232"); // 13.031 × 1.20 × 0.60
}

#[test]
fn clause_2_6_7_2_inclusions_of_programme_16() {
    assert_eq!(rate("16", "include = ['office_doctor']"), "20.32836"); // 13.031 × 1.20 × 1.30
    assert_eq!(rate("16", "include = ['personal_doctor']"), "28.14696"); // 13.031 × 1.20 × 1.80
}

#[test]
fn clause_2_6_8_exclusion_of_programme_17() {
    assert_eq!(rate("17", "exclude = ['planned_admission']"), "1.9008"); // 2.880 × 1.20 × 0.55
}

#[test]
fn clause_2_6_9_exclusions_of_programme_18() {
    // a child of five: 18.243 and 1.25
    let rate = |services: &str| child_rate("18", &format!("exclude = [{services}]"), 5);
    assert_eq!(rate("'dental'"), "20.523375"); // 18.243 × 1.20 × 1.25 × 0.75
    assert_eq!(rate("'home_care'"), "25.996275"); // 18.243 × 1.20 × 1.25 × 0.95
    assert_eq!(rate("'ambulance'"), "24.62805"); // 18.243 × 1.20 × 1.25 × 0.90
    assert_eq!(rate("'dental', 'home_care'"), "19.15515"); // 18.243 × 1.20 × 1.25 × 0.70
    // 0.70, where programme 16 has 0.65
    assert_eq!(rate("'dental', 'ambulance'"), "19.15515"); // 18.243 × 1.20 × 1.25 × 0.70
    assert_eq!(rate("'ambulance', 'home_care'"), "23.259825"); // 18.243 × 1.20 × 1.25 × 0.85
    assert_eq!(rate("'dental', 'home_care', 'ambulance'"), "16.4187"); // 18.243 × 1.20 × 1.25 × 0.60
}

#[test]
fn clause_2_6_10_exclusion_of_programme_19() {
    assert_eq!(child_rate("19", "exclude = ['planned_admission']", 0), "20.379183"); // 19.921 × 1.20 × 1.55 × 0.55
    assert_eq!(child_rate("19", "exclude = ['planned_admission']", 5), "12.04665"); // 14.602 × 1.20 × 1.25 × 0.55
    assert_eq!(child_rate("19", "exclude = ['planned_admission']", 15), "5.1365292"); // 9.491 × 1.20 × 0.82 × 0.55
}

#[test]
fn i9_a_listed_set_replaces_the_product() {
    // programme 16: 0.70 and not 0.75 × 0.95 = 0.7125, in any order of services
    let expected = "10.94604"; // 13.031 × 1.20 × 0.70
    assert_eq!(rate("16", "exclude = ['dental', 'home_care']"), expected);
    assert_eq!(rate("16", "exclude = ['home_care', 'dental']"), expected);
    // 0.60 and not 0.75 × 0.95 × 0.90, nor 0.70 × 0.90
    let expected = "9.38232"; // 13.031 × 1.20 × 0.60
    for services in ["'dental', 'home_care', 'ambulance'", "'ambulance', 'home_care', 'dental'"] {
        assert_eq!(rate("16", &format!("exclude = [{services}]")), expected);
    }
    let result = quote(&low().cover("16", "exclude = ['ambulance', 'dental']"), &roster().aged(40, 1));
    assert_eq!(result.factors(), ["1: 13.031", "2.1: 1.20", "2.2: 1.00", "2.5: 1.00", "2.6.7.1: 0.65"]);
}

#[test]
fn i9_single_exclusions_are_multiplied_if_no_set_is_listed() {
    assert_eq!(rate("1", "exclude = ['home_care', 'dental']"), "35.33088"); // 38.74 × 1.20 × 0.80 × 0.95
    assert_eq!(rate("3a", "exclude = ['dental', 'home_care']"), "17.7196152"); // 16.93 × 1.20 × 0.89 × 0.98
    let lines = "exclude = ['home_care', 'ambulance']";
    assert_eq!(child_rate("10", lines, 0), "61.2132975"); // 37.25 × 1.20 × 1.55 × 0.95 × 0.93
}

#[test]
fn i10_any_admission_and_planned_admission_together_are_refused() {
    for services in ["'any_admission', 'planned_admission'", "'planned_admission', 'dental', 'any_admission'"] {
        assert_eq!(refused_cover("10", &format!("exclude = [{services}]")), ["exclusion-held"], "{services}");
    }
}

#[test]
fn i10_a_service_that_the_programmes_table_does_not_list_is_refused() {
    assert_eq!(refused_cover("1", "exclude = ['ambulance']"), ["exclusion-unlisted"]);
    assert_eq!(refused_cover("1", "exclude = ['massage']"), ["exclusion-unlisted"]);
    assert_eq!(refused_cover("16", "exclude = ['office_doctor']"), ["exclusion-unlisted"]);
    assert_eq!(refused_cover("2", "exclude = ['any_admission']"), ["exclusion-unlisted"]);
    assert_eq!(refused_cover("16", "include = ['dental']"), ["inclusion-unlisted"]);
    assert_eq!(refused_cover("1", "exclude = ['dental', 'dental']"), ["listed-twice"]);
    for programme in ["4", "7", "8", "9", "11", "12", "13", "14", "15", "20"] {
        assert_eq!(refused_cover(programme, "exclude = ['dental']"), ["exclusions-none"], "{programme}");
    }
}

#[test]
fn i11_inclusions_are_multiplied_and_only_programme_16_has_them() {
    let both = "include = ['office_doctor', 'personal_doctor']";
    assert_eq!(rate("16", both), "36.591048"); // 13.031 × 1.20 × 1.30 × 1.80
    assert_eq!(rate("16", "include = ['personal_doctor', 'office_doctor']"), "36.591048"); // 13.031 × 1.20 × 1.30 × 1.80
    let with_set = format!("exclude = ['dental', 'ambulance']\n{both}");
    assert_eq!(rate("16", &with_set), "23.7841812"); // 13.031 × 1.20 × 0.65 × 1.30 × 1.80
    for programme in ["1", "3a", "10", "17", "18"] {
        assert_eq!(refused_cover(programme, both), ["inclusions-none", "inclusions-none"], "{programme}");
    }
    assert_eq!(refused_cover("16", "include = ['office_doctor', 'office_doctor']"), ["listed-twice"]);
}

#[test]
fn i12_programme_6_has_its_row_on_collective_contracts_beside_the_headcount() {
    assert_eq!(rate("6", ""), "0.5964"); // 0.70 × 1.20 × 1.00 × 1.00 × 0.71
    assert_eq!(rate("6", "base_rate = 'mid'"), "0.9372"); // 1.10 × 1.20 × 1.00 × 1.00 × 0.71
    assert_eq!(rate("6", "base_rate = 'high'"), "1.278"); // 1.50 × 1.20 × 1.00 × 1.00 × 0.71
    assert_eq!(rate("6", "base_rate = '1.2345'"), "1.051794"); // 1.2345 × 1.20 × 1.00 × 1.00 × 0.71
    assert_eq!(refused_cover("6", "base_rate = '0.6999'"), ["choice-outside"]);
    assert_eq!(refused_cover("6", "base_rate = '1.5001'"), ["choice-outside"]);
    let result = quote(&low().cover("6", "exclude = ['home_care']"), &roster().aged(40, 1));
    let factors = ["1: 0.70", "2.1: 1.20", "2.2: 1.00", "2.5: 1.00", "2.6.5: 0.80", "2.6.5: 0.71"];
    assert_eq!(result.factors(), factors);
    // with any headcount
    let text = contract().choose("ranges = 'low'").cover("6", "");
    assert_eq!(quote(&text, &roster().crowd(100)).rates()[99], "0.46718"); // 0.70 × 0.94 × 1.00 × 1.00 × 0.71
}
