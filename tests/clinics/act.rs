//! The act of a month: the claims of the month, whatever register has them, and the balance of the advances.

use std::fs;

use jiff::civil::date;
use kollektiv::clinics::ledger::paid::{PaidKey, paid_claims};
use kollektiv::portfolio::Portfolio;

use super::sample::{SampleBook, sample};
use crate::program::{Table, complete_manifest, kopecks};

#[test]
fn an_act_has_the_claims_of_its_month_and_the_balance_of_advances() {
    let book = SampleBook::new();
    book.letters();
    let text = fs::read_to_string(sample("clinics.toml")).unwrap();
    let address = "address = \"г. Заречный, ул. Липовая, 7\"\n";
    let advances =
        "[[clinic.advance]]\nday = 2026-12-20\namount = 5000\n[[clinic.advance]]\nday = 2027-02-10\namount = 4000.50\n";
    let clinics = book.out("clinics.toml");
    fs::write(&clinics, text.replacen(address, &format!("{address}{advances}"), 1)).unwrap();
    book.clinics_of(&clinics, "settle", Some(&sample("register.csv")), "settled", &["--clinic", "dent-01"])
        .exits_with(0);
    let settled = Table::open(&book.out("settled").join("settled.csv"));
    let settled = settled.columns(["day", "amount", "verdict", "advance", "insurer"]);
    let mut balance = 500_000;
    let mut rows = 0;
    for (month, paid) in [("2027-01", 0), ("2027-02", 400_050)] {
        let act = book.clinics_of(&clinics, "act", None, month, &["--month", month, "--lang", "en", "dent-01"]);
        act.exits_with(0);
        let act = Table::open(&book.out(month).join("act.csv"));
        let mut own = act.columns(["day", "amount", "verdict", "advance", "insurer"]);
        let mut expected: Vec<[&str; 5]> = settled.iter().copied().filter(|row| row[0].starts_with(month)).collect();
        assert!(!expected.is_empty() && own.is_sorted_by_key(|row| row[0]), "{month}");
        own.sort_unstable();
        expected.sort_unstable();
        assert_eq!(own, expected, "{month}");
        rows += own.len();
        balance += paid - own.iter().map(|row| kopecks(row[3])).sum::<i128>();
        let manifest = complete_manifest(&book.out(month));
        assert_eq!(kopecks(manifest["advance_after"].as_str().unwrap()), balance, "{month}");
        assert_eq!(kopecks(manifest["total"].as_str().unwrap()), own.iter().map(|row| kopecks(row[1])).sum::<i128>());
        assert!(fs::read(book.out(month).join("act.pdf")).unwrap().starts_with(b"%PDF"));
    }
    assert_eq!(rows, settled.len(), "every row of the sample is of January or February");
    let paid = paid_claims(&Portfolio::open(&book.book()).unwrap()).unwrap();
    for (month, first) in [("2027-01", date(2027, 1, 1)), ("2027-02", date(2027, 2, 1))] {
        let rows = || settled.iter().filter(|row| row[0].starts_with(month));
        let sums = || paid.iter().filter(|(key, _)| key.month == first).map(|(_, sum)| sum);
        let insurer: i128 = rows().map(|row| kopecks(row[4])).sum();
        let advance: i128 = rows().map(|row| kopecks(row[3])).sum();
        assert_eq!(sums().map(|sum| sum.insurer.get()).sum::<i128>(), insurer, "{month}");
        assert_eq!(sums().map(|sum| sum.advance.get()).sum::<i128>(), advance, "{month}");
        let count = rows().filter(|row| kopecks(row[3]) + kopecks(row[4]) > 0).count();
        assert_eq!(sums().map(|sum| sum.claims).sum::<i64>(), i64::try_from(count).unwrap(), "{month}");
    }
    let is_complete = |key: &PaidKey| &*key.contract == "DMS-2026-0912" && !key.programme.is_empty();
    assert!(paid.keys().all(|key| is_complete(key) && &*key.clinic == "dent-01"), "{paid:?}");
    book.clinics_of(&clinics, "act", None, "none", &["--month", "2027-1", "dent-01"]).exits_with(3);
    let empty = book.clinics_of(&clinics, "act", None, "march", &["--month", "2027-03", "--lang", "en", "dent-01"]);
    assert!(empty.exits_with(0).out.contains("0 claims"));
}
