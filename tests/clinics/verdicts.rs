//! Each claim has exactly one verdict: the rules, each with the conditions that exclude the others, never hold together.

use jiff::civil::{Date, date};
use kollektiv::base::calendar::Period;
use kollektiv::base::money::Kopecks;
use kollektiv::clinics::claim::Verdict;
use kollektiv::clinics::insured_index::MatchFailure;
use kollektiv::clinics::insured_view::InsuredRecord;
use kollektiv::clinics::letter::Letter;
use kollektiv::clinics::verdict::{Claim, Judgement, Patient, PriorRow, judge};
use proptest::prelude::*;

use super::fixtures::{child_of, contract, days, letter, network, person};

/// All facts that decide a verdict.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is there or not, whatever the others are")]
struct Facts {
    known: bool,
    repeated: bool,
    in_cover: bool,
    right: bool,
    discount: bool,
    listed: bool,
    dearer: bool,
    /// The plan: attached to the clinic, served by fact, or served elsewhere.
    plan: u16,
    in_programme: bool,
    covered: bool,
    valid_letter_names: bool,
    valid_letter_for_another: bool,
    expired_letter_names: bool,
}

impl Facts {
    /// The verdicts whose rule holds; each rule has the conditions that exclude the others.
    fn verdicts(self) -> Vec<Verdict> {
        let entitled = self.right && self.discount && self.listed;
        let judged = self.known && !self.repeated;
        let insured = judged && self.in_cover && self.listed && !self.dearer;
        let attached = self.plan == 0;
        let advance = attached && self.in_programme;
        let open = insured && !advance && !self.valid_letter_names;
        let by_fact = self.plan == 1 && self.covered;
        let rules = [
            (Verdict::Unknown, !self.known),
            (Verdict::Duplicate, self.known && self.repeated),
            (Verdict::NotInForce, judged && !self.in_cover && !entitled),
            (Verdict::Price, judged && (self.in_cover || entitled) && (!self.listed || self.dearer)),
            (Verdict::Loyalty, judged && !self.in_cover && entitled && !self.dearer),
            (Verdict::Advance, insured && advance),
            (Verdict::Letter, insured && !advance && self.valid_letter_names),
            (Verdict::OutsideProgramme, open && !by_fact),
            (Verdict::NeedsAgreement, open && by_fact && self.valid_letter_for_another),
            (Verdict::LetterExpired, open && by_fact && !self.valid_letter_for_another && self.expired_letter_names),
            (Verdict::CallDispatcher, open && by_fact && !self.valid_letter_for_another && !self.expired_letter_names),
        ];
        rules.into_iter().filter(|(_, holds)| *holds).map(|(verdict, _)| verdict).collect()
    }

    fn judgement(self, amount: i128) -> Judgement {
        const DAY: Date = date(2026, 7, 1);
        let network = network();
        let clinic = &network.clinics[0];
        let contract = contract("T-1");
        let whole = contract.days;
        let ended = days(date(2026, 1, 1), date(2026, 6, 30));
        let own = person(&contract, 1, self.plan, if self.in_cover { whole } else { ended });
        let own = if self.right { child_of(whole, own) } else { own };
        let category = match (self.covered, self.discount) {
            (true, true) => "cd",
            (true, false) => "cn",
            (false, true) => "nd",
            (false, false) => "nn",
        };
        let code = format!("{category}-{}", if self.in_programme { "in" } else { "out" });
        let other = if code == "cd-in" { "cd-out" } else { "cd-in" };
        let in_force = InsuredRecord { cover: whole, continuous: whole, ..own.clone() };
        let mut letters: Vec<Letter> = Vec::new();
        for (wanted, issued, service) in [
            (self.valid_letter_names, date(2026, 6, 15), code.as_str()),
            (self.valid_letter_for_another, date(2026, 6, 16), other),
            (self.expired_letter_names, date(2026, 3, 31), code.as_str()),
        ] {
            if wanted {
                letters.push(letter(letters.len() as u64 + 1, &in_force, issued, &[service]));
            }
        }
        let letters: Vec<&Letter> = letters.iter().collect();
        let patient = match (self.known, self.in_cover) {
            (false, _) => Patient::Unknown(MatchFailure::NotFound),
            (true, true) => Patient::Insured { insured: &own, letters: &letters },
            (true, false) => Patient::Outside { insured: &own, eligibility: own.discount_eligibility(DAY) },
        };
        let service = self.listed.then(|| clinic.service(&code).unwrap());
        let listed = service.map_or(0, |at| clinic.services[at].price.get());
        let amount = if self.dearer { listed + amount.max(1) } else { listed.min(amount) };
        let prior = self.repeated.then_some(PriorRow { row: 7, sheet: None, register: None });
        let claim = Claim { day: DAY, service, quantity: 1, amount: Kopecks::new(amount), reason: None, prior };
        let judged = judge(&network, clinic, &claim, &patient);
        assert_eq!(judged.shares.total(), claim.amount, "the parts are the price");
        judged
    }
}

fn facts() -> impl Strategy<Value = Facts> {
    let bools = proptest::array::uniform12(any::<bool>());
    (bools, 0..3_u16).prop_map(|(is, plan)| Facts {
        known: is[0] || is[1],
        repeated: is[1] && is[2],
        in_cover: is[3],
        right: is[4],
        discount: is[5],
        listed: is[6] || is[7],
        dearer: is[7] && is[8],
        plan,
        in_programme: is[9],
        covered: is[10],
        valid_letter_names: is[11] && is[2],
        valid_letter_for_another: is[0] && is[8],
        expired_letter_names: is[5] != is[9],
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn exactly_one_rule_holds_and_it_is_the_verdict(facts in facts(), amount in 0..200_000_i128) {
        let judged = facts.judgement(amount);
        // a service without a listed price is overpriced by its whole amount, unless it costs nothing
        let facts = if facts.listed { facts } else { Facts { dearer: judged.shares.total() > Kopecks::ZERO, ..facts } };
        prop_assert_eq!(facts.verdicts(), [judged.verdict]);
    }
}

/// The decision on a service for 1000 or 1050.50 of an insured with this plan.
fn judged(plan: u16, service: &str, amount: i128, letters: &[Letter], day: Date, cover: Period) -> Judgement {
    let network = network();
    let contract = contract("T-1");
    let own = person(&contract, 1, plan, cover);
    let letters: Vec<&Letter> = letters.iter().collect();
    let patient = if cover.contains(day) {
        Patient::Insured { insured: &own, letters: &letters }
    } else {
        Patient::Outside { insured: &own, eligibility: own.discount_eligibility(day) }
    };
    let service = network.clinics[0].service(service);
    let claim = Claim { day, service, quantity: 1, amount: Kopecks::new(amount), reason: None, prior: None };
    judge(&network, &network.clinics[0], &claim, &patient)
}

#[test]
fn i24_the_discount_is_on_the_listed_price() {
    let year = days(date(2026, 1, 1), date(2026, 12, 31));
    let day = date(2026, 7, 1);
    // 1050.50 × 7 % = 73.535, rounded 73.54; 1050.50 − 73.54 = 976.96
    let decision = judged(0, "cd-out", 105_050, &[], day, year);
    assert_eq!(decision.verdict, Verdict::OutsideProgramme);
    assert_eq!((decision.shares.discount, decision.shares.patient), (Kopecks::new(7_354), Kopecks::new(97_696)));
    // a kopeck over the list is disputed, and has no discount
    let decision = judged(0, "cd-out", 105_051, &[], day, year);
    assert_eq!(decision.verdict, Verdict::Price);
    assert_eq!((decision.shares.discount, decision.shares.patient), (Kopecks::new(7_354), Kopecks::new(97_696)));
    assert_eq!(decision.shares.disputed, Kopecks::new(1));
    // no discount on this category
    let decision = judged(0, "cn-out", 105_050, &[], day, year);
    assert_eq!((decision.verdict, decision.shares.patient), (Verdict::OutsideProgramme, Kopecks::new(105_050)));
    // not in the price list: all of it is disputed
    let decision = judged(0, "none", 105_050, &[], day, year);
    assert_eq!((decision.verdict, decision.shares.disputed), (Verdict::Price, Kopecks::new(105_050)));
}

#[test]
fn i23_letters_are_valid_from_their_first_to_their_last_day() {
    let year = days(date(2026, 1, 1), date(2026, 12, 31));
    let short = days(date(2026, 1, 1), date(2026, 2, 10));
    for (cover, issued, last) in [
        (year, date(2026, 1, 29), date(2026, 2, 28)),
        (year, date(2026, 1, 30), date(2026, 2, 28)),
        (year, date(2026, 1, 31), date(2026, 2, 28)),
        (year, date(2026, 3, 31), date(2026, 4, 30)),
        // the cover ends within the month of the letter
        (short, date(2026, 1, 31), date(2026, 2, 10)),
    ] {
        let own = person(&contract("T-1"), 1, 1, cover);
        let letters = [letter(1, &own, issued, &["cd-in"])];
        let verdict = |day: Date| judged(1, "cd-in", 100_000, &letters, day, cover).verdict;
        assert_eq!(verdict(issued.yesterday().unwrap()), Verdict::CallDispatcher, "{issued}");
        assert_eq!(verdict(issued), Verdict::Letter, "{issued}");
        assert_eq!(verdict(last), Verdict::Letter, "{issued}");
        let after = last.tomorrow().unwrap();
        let expected = if cover.contains(after) { Verdict::LetterExpired } else { Verdict::NotInForce };
        assert_eq!(verdict(after), expected, "{issued}");
    }
}

#[test]
fn a_letter_covers_services_outside_the_clinic_programme() {
    let year = days(date(2026, 1, 1), date(2026, 12, 31));
    let own = person(&contract("T-1"), 1, 0, year);
    let letters = [letter(1, &own, date(2026, 7, 1), &["cd-out"])];
    assert_eq!(judged(0, "cd-out", 100_000, &letters, date(2026, 7, 1), year).verdict, Verdict::Letter);
    assert_eq!(judged(0, "cd-in", 100_000, &letters, date(2026, 7, 1), year).verdict, Verdict::Advance);
}
