//! A contract's whole life: events in any order of their days, corrections, ends and annulments (`I31`–`I39`).

use kollektiv::base::messages::Message;
use kollektiv::portfolio::annul::{Request as AnnulRequest, annul};
use kollektiv::portfolio::event::EndReason;
use kollektiv::portfolio::pay::pay;
use kollektiv::portfolio::payments::{Payment, Payments};
use kollektiv::portfolio::refuse::{refuse, terminate};
use serde_json::Value;

use super::*;

impl Book {
    pub(super) fn annul(&self, run: i64) {
        let request = AnnulRequest { run, contract: None, force: false, dry_run: false };
        annul(&mut self.portfolio(), &request).unwrap();
        self.verify();
    }

    pub(super) fn last_run(&self) -> i64 {
        self.portfolio().register.read(register::next_run).unwrap() - 1
    }

    pub(super) fn paid(&self, day: &str, roubles: &str) {
        let payment = Payment {
            purpose: String::new(),
            number: "T-1".to_owned(),
            date: day.parse().unwrap(),
            amount: kopecks(roubles),
            document: String::new(),
            row: 2,
        };
        let payments = Payments { payments: vec![payment], ..Payments::default() };
        assert_eq!(pay(&mut self.portfolio(), &payments, false).unwrap().new, 1);
    }
}

#[test]
fn i51_a_negative_amount_reverses_the_last_payment_of_that_amount() {
    let book = Book::bind(&small(), &roster().crowd(2));
    let list = |rows: &[(&str, &str)]| {
        let payment = |(row, (day, amount)): (u32, &(&str, &str))| {
            let amount = match amount.strip_prefix('-') {
                Some(amount) => Kopecks::ZERO - kopecks(amount),
                None => kopecks(amount),
            };
            let date = day.parse().unwrap();
            Payment { number: "T-1".to_owned(), date, amount, document: String::new(), purpose: String::new(), row }
        };
        Payments { payments: (2..).zip(rows).map(payment).collect(), ..Payments::default() }
    };
    let pay = |rows: &[(&str, &str)]| pay(&mut book.portfolio(), &list(rows), false).unwrap();
    pay(&[("2026-01-10", "500.00"), ("2026-02-10", "500.00"), ("2026-02-11", "70.00")]);
    let reversal = [("2026-03-01", "-500.00")];
    let paid = pay(&reversal);
    assert_eq!((paid.new, paid.reversals), (1, vec![(2, "2026-02-10".parse().unwrap())]));
    assert_eq!(book.standing().paid, kopecks("570.00"));
    assert_eq!(pay(&reversal).known, [2], "the same list again");
    // one is left to be reversed, on its own day or later; an amount that was never paid is not
    let paid = pay(&[
        ("2026-01-09", "-500.00"),
        ("2026-01-10", "-500.00"),
        ("2026-03-02", "-500.00"),
        ("2026-03-02", "-1.00"),
    ]);
    assert_eq!(paid.reversals, [(3, "2026-01-10".parse().unwrap())]);
    assert!(paid.problems.iter().map(|problem| (problem.row, problem.message.name())).eq([
        (2, "pay-reverses-none"),
        (4, "pay-reverses-none"),
        (5, "pay-reverses-none"),
    ]));
    assert_eq!(book.standing().paid, kopecks("70.00"));
    book.verify();
}

const LEAVER: (&str, &str) = ("открепить;2;;;;;\n", "2026-08-01");
const JOINER: (&str, &str) = ("прикрепить;19;Новикова Анна;01.07.1996;1;;\n", "2026-05-01");

#[test]
fn i31_the_order_of_runs_does_not_change_the_book() {
    let orders: [&[usize]; 4] = [&[0, 1, 2], &[1, 0, 2], &[2, 1, 0], &[0, 2, 1]];
    let results = orders.map(|order| {
        let text = small().with("headcount_basis = 'current'").with("price_decrease = 'credit'");
        // nine insured and the tenth: another band for a while
        let book = Book::bind(&text, &roster().crowd(9));
        for step in order {
            match step {
                0 => drop(book.endorse(LEAVER.0, LEAVER.1)),
                1 => drop(book.endorse(JOINER.0, JOINER.1)),
                _ => book.endorse_price(),
            }
            book.verify();
        }
        let insured: Vec<(String, i32, i32)> = {
            let rows = book.insured();
            let mut insured: Vec<_> =
                (0..rows.name.len()).map(|at| (rows.name[at].clone(), rows.start[at], rows.end[at])).collect();
            insured.sort();
            insured
        };
        let mut premiums: Vec<(String, String, String)> =
            book.lines().into_iter().map(|(_, start, end, premium)| (start, end, premium)).collect();
        premiums.sort();
        // a day with none of the three, with the joiner, with the prices too, and with the leaver
        let days = ["2026-04-30", "2026-05-01", "2026-06-15", "2026-08-01"].map(|day| book.as_of(day));
        assert_eq!((&days[0].0, &days[3].0), (&"140734.80".to_owned(), &book.standing().version().written.to_string()));
        (insured, premiums, book.standing().version().written, days)
    });
    for result in &results[1..] {
        assert_eq!(*result, results[0]);
    }
}

impl Book {
    /// The written premium and the charges of the contract on a day.
    pub(super) fn as_of(&self, day: &str) -> (String, Vec<String>) {
        let (portfolio, out) = (self.file("book"), self.file("tables"));
        let [portfolio, out] = [&portfolio, &out].map(|path| path.to_str().unwrap());
        let shown = run(["portfolio", "show", "T-1", "--as-of", day, "--json", "--quiet", "--portfolio", portfolio]);
        let shown: Value = serde_json::from_str(&shown.exits_with(0).out).unwrap();
        let exported =
            run(["portfolio", "export", "--as-of", day, "--to", out, "--json", "--quiet", "--portfolio", portfolio]);
        let exported: Value = serde_json::from_str(&exported.exits_with(0).out).unwrap();
        assert_eq!(exported["written"], shown["written"], "on {day}");
        let mut covers: Vec<String> = shown["covers"].as_array().unwrap().iter().map(Value::to_string).collect();
        covers.sort();
        (shown["written"].as_str().unwrap().to_owned(), covers)
    }

    fn endorse_price(&self) {
        self.reprice("dearer", "2026-06-15", "['16']", "1.12");
    }
}

#[test]
fn i31_late_news_makes_a_later_change_void() {
    let book = Book::bind(&small(), &roster().crowd(3));
    book.endorse("открепить;2;;;;;\n", "2026-10-01");
    let done = book.endorse("открепить;2;;;;;\n", "2026-07-01");
    assert_eq!(done.void, 1);
    // as if only the earlier day were known: 15637.20 − 7882.86 + 1576.57
    assert_eq!(book.lines()[1], line(2, YEAR[0], "2026-06-30", "9330.91"));
}

#[test]
fn i32_an_annulled_run_gives_the_book_that_never_had_it() {
    let book = Book::bind(&small(), &roster().crowd(3));
    book.reprice("dearer", "2026-09-01", "['16']", "1.12");
    let price = book.last_run();
    let (lines, written) = (book.lines(), book.standing().version().written);
    book.endorse(JOINER.0, JOINER.1);
    let joined = book.last_run();
    book.endorse(LEAVER.0, LEAVER.1);
    let left = book.last_run();
    book.annul(joined);
    assert_eq!(book.lines().len(), 3);
    book.annul(left);
    assert_eq!(book.standing().version().written, written);
    // the rows hold the price change now
    assert_eq!(book.lines()[0], line(1, YEAR[0], YEAR[1], "16264.40"));
    book.annul(price);
    assert_eq!(book.lines(), lines);
    // 3 × 15637.20
    assert_eq!(book.standing().version().written, kopecks("46911.60"));
    // annulled prices can be booked again
    book.reprice("dearer", "2026-09-01", "['16']", "1.12");
    assert_eq!(book.standing().version().written, written);
    book.verify();
    let again = annul(&mut book.portfolio(), &AnnulRequest { run: left, contract: None, force: false, dry_run: false });
    assert!(again.is_err(), "once is enough");
}

#[test]
fn i32_an_annulled_binding_leaves_nothing_but_the_number() {
    let book = Book::bind(&small(), &roster().crowd(3));
    book.annul(1);
    assert_eq!(book.standing().version().written, Kopecks::ZERO);
    assert_eq!(book.unlawful(JOINER.0, JOINER.1), "contract-annulled");
}

#[test]
fn i33_a_correction_counts_from_the_first_day_and_a_change_from_its_day() {
    let book = Book::bind(&small(), &roster().crowd(2));
    // risk group 2 at its low end: 15637.20 × 1.60 = 25019.52
    let done = book.endorse("исправить;2;;;2;;\n", "2026-07-01");
    assert_eq!(book.lines()[1], line(2, YEAR[0], YEAR[1], "25019.52"));
    assert_eq!((done.expenses(), done.moves.changed), (Kopecks::ZERO, 1));
    // back in group 1 from 1 July: 25019.52 − round(25019.52 × 184 / 365) = 25019.52 − 12612.58; 15637.20 × 184 / 365 = 7882.86
    book.endorse("изменить;2;;;1;;\n", "2026-07-01");
    assert_eq!(
        book.lines()[1..],
        [line(2, YEAR[0], "2026-06-30", "12406.94"), line(3, "2026-07-01", YEAR[1], "7882.86")]
    );
    // a new name beside the number
    book.endorse("изменить;2;Петрова Анна Новая;;;;\n", "2026-09-01");
    assert_eq!(book.insured().name[2], "Петрова Анна Новая");
}

#[test]
fn i34_a_terminated_contract_keeps_the_earned_premium_and_the_expenses() {
    let book = Book::bind(&small(), &roster().crowd(2));
    book.paid("2026-01-15", "20000.00");
    book.endorse(LEAVER.0, LEAVER.1);
    let day = "2026-07-01".parse().unwrap();
    let ended = terminate(&mut book.portfolio(), "T-1", day, EndReason::Agreement, false).unwrap();
    book.verify();
    assert_eq!(ended.void.len(), 1, "the leaver of August");
    // 2 × (15637.20 − 7882.86) = 15508.68; (20000.00 − 15508.68) × 0.80 = 3593.056
    assert_eq!((ended.earned, ended.refund.refund), (kopecks("15508.68"), Some(kopecks("3593.06"))));
    // written = paid − refund
    assert_eq!(book.standing().version().written, kopecks("16406.94"));
    // news of a day before the end is booked; from the end on nothing changes
    assert_eq!(book.refused(JOINER.0, "2026-07-01"), [(2, "bad-cover-dates")]);
    book.endorse("открепить;1;;;;;\n", "2026-06-01");
    assert_eq!(book.standing().versions.len(), 4);
    assert!(terminate(&mut book.portfolio(), "T-1", day, EndReason::Agreement, false).unwrap().known);
    assert!(terminate(&mut book.portfolio(), "T-1", day, EndReason::Other, false).is_err());
}

#[test]
fn i34_the_contract_may_name_other_expenses_for_its_termination() {
    let text = small().with("termination = { expense_load = '0.05', expense_basis = 'unexpired' }");
    let book = Book::bind(&text, &roster().crowd(2));
    book.paid("2026-01-15", "20000.00");
    let day = "2026-07-01".parse().unwrap();
    let ended = terminate(&mut book.portfolio(), "T-1", day, EndReason::NonPayment, true).unwrap();
    // unexpired 2 × 7882.86 = 15765.72, unpaid 31274.40 − 20000.00 = 11274.40, expenses 0.05 × 15765.72 = 788.286
    assert_eq!((ended.refund.expenses, ended.refund.refund), (Some(kopecks("788.29")), Some(kopecks("3703.03"))));
    assert_eq!(book.last_run(), 2, "a dry run");
    book.reprice("dearer", "2026-07-01", "['16']", "1.12");
    let refused = refuse(&mut book.portfolio(), "T-1", "dearer", false).unwrap();
    // a refusal keeps a fifth of what is paid and not earned: (20000.00 − 15508.68) × 0.80
    assert_eq!(refused.refund.refund, Some(kopecks("3593.06")));
    book.verify();
}

#[test]
fn i31_prices_that_come_after_a_leaver_of_a_later_day_count_for_the_refund() {
    let book = Book::bind(&small(), &roster().crowd(2));
    book.endorse(LEAVER.0, LEAVER.1);
    book.reprice("dearer", "2026-07-01", "['16']", "1.12");
    book.verify();
    // 15637.20 + 0.12 × 15637.20 × 184 / 365 = 16583.14; 1.12 × 15637.20 × 153 / 365 = 7341.34 goes back, 1468.27 of it is kept
    assert_eq!(book.lines()[1], line(2, YEAR[0], "2026-07-31", "10710.07"));
    assert_eq!(book.standing().versions.len(), 4, "bound, endorsed, repriced, folded again");
}

#[test]
fn i32_an_annulled_list_can_come_again() {
    let book = Book::bind(&small(), &roster().crowd(3));
    book.endorse(JOINER.0, JOINER.1);
    let written = book.standing().version().written;
    book.annul(2);
    assert!(!book.endorse(JOINER.0, JOINER.1).known);
    assert_eq!(book.standing().version().written, written);
    assert!(book.endorse(JOINER.0, JOINER.1).known);
}

#[test]
fn i35_a_change_can_be_refused_after_a_joiner_and_a_later_change() {
    let book = Book::bind(&small(), &roster().crowd(2));
    book.reprice("first", "2026-07-01", "['16']", "1.12");
    book.endorse(JOINER.0, JOINER.1);
    book.reprice("second", "2026-09-01", "['16']", "1.5");
    let refused = refuse(&mut book.portfolio(), "T-1", "first", false).unwrap();
    book.verify();
    // the two: 2 × 7754.34; the joiner of 29: 14073.48 × 245 / 365 = 9446.58, less 14073.48 × 184 / 365 = 7094.58
    assert_eq!(refused.earned, kopecks("17860.68"));
    assert_eq!(book.standing().version().written, refused.earned);
}

#[test]
fn i32_a_contract_that_refused_an_annulled_change_is_in_force_again() {
    let book = Book::bind(&small(), &roster().crowd(2));
    book.paid("2026-01-15", "31274.40");
    book.reprice("dearer", "2026-07-01", "['16']", "1.12");
    let price = book.last_run();
    refuse(&mut book.portfolio(), "T-1", "dearer", false).unwrap();
    // earned 2 × (15637.20 − 7882.86) = 15508.68, and a fifth of what is paid beyond: 0.20 × 15765.72 = 3153.14
    assert_eq!(book.standing().version().written, kopecks("18661.82"));
    let request = AnnulRequest { run: price, contract: None, force: false, dry_run: false };
    let annulled = annul(&mut book.portfolio(), &request).unwrap();
    assert!(annulled.contracts[0].is_in_force_again);
    let state = book.standing();
    assert_eq!((state.version().written, state.version().ended), (kopecks("31274.40"), None));
    book.verify();
    // what has nothing to refuse is no end: the contract lives on, and ends for another reason
    book.endorse(LEAVER.0, LEAVER.1);
    let day = "2026-11-01".parse().unwrap();
    assert!(!terminate(&mut book.portfolio(), "T-1", day, EndReason::Agreement, false).unwrap().known);
    book.annul(book.last_run());
    // the same change again: the policyholder has refused it
    book.reprice("dearer", "2026-07-01", "['16']", "1.12");
    assert_eq!(book.standing().version().written, kopecks("18661.82"));
    assert!(refuse(&mut book.portfolio(), "T-1", "dearer", false).unwrap().known);
    book.verify();
}

#[test]
fn i32_a_refund_counts_no_payment_that_is_annulled() {
    let book = Book::bind(&small(), &roster().crowd(2));
    book.paid("2026-01-15", "31274.40");
    let paid = book.last_run();
    let day = "2026-07-01".parse().unwrap();
    terminate(&mut book.portfolio(), "T-1", day, EndReason::Agreement, false).unwrap();
    assert_eq!(book.standing().version().written, kopecks("18661.82"));
    book.annul(paid);
    // 15508.68 is earned and nothing is paid, as in a book that never had the payment
    let never = Book::bind(&small(), &roster().crowd(2));
    terminate(&mut never.portfolio(), "T-1", day, EndReason::Agreement, false).unwrap();
    assert_eq!(never.standing().version().written, kopecks("15508.68"));
    assert_eq!(book.standing().version().written, kopecks("15508.68"));
    for day in ["2026-06-30", "2026-12-31"] {
        assert_eq!(book.as_of(day), never.as_of(day));
    }
    book.verify();
}

#[test]
fn i39_relatives_stay_until_they_leave_with_the_employee() {
    let list = "ФИО;Дата рождения;Риск;Таб. №;Степень родства\nЛи Пётр;01.02.1986;1;1;сотрудник\nЛи Анна;03.04.1986;1;2;супруга\n";
    let book = Book::bind(&small(), &list);
    let stays = book.endorse("открепить;1;;;;;\n", "2026-07-01");
    assert_eq!((stays.staying.as_slice(), stays.moves.left), (&[1][..], 1));
    let book = Book::bind(&small().with("family = 'leaves'"), &list);
    let leaves = book.endorse("открепить;1;;;;;\n", "2026-07-01");
    assert_eq!((leaves.staying.len(), leaves.moves.left, leaves.version.insured), (0, 2, 0));
}

#[test]
fn i31_an_earlier_price_change_works_the_later_one_out_again() {
    let two = || Book::bind(&small(), &roster().crowd(2));
    let (in_order, book) = (two(), two());
    in_order.reprice("first", "2026-05-01", "['16']", "1.12");
    in_order.reprice("second", "2026-09-01", "['16']", "1.5");
    book.reprice("second", "2026-09-01", "['16']", "1.5");
    let later = book.last_run();
    // 2 × 15637.20 + 2 × 0.5 × 15637.20 × 122 / 365 = 31274.40 + 2 × 2613.34
    assert_eq!(book.standing().version().written, kopecks("36501.08"));
    let done = book.repriced("first", "2026-05-01", "['16']", "1.12");
    let earlier = book.last_run() - 1;
    assert_eq!((done.set_aside.len(), done.refolded), (0, 1));
    // the change alone: 2 × 0.12 × 15637.20 × 245 / 365 = 2 × 1259.54
    assert_eq!(done.impact.additional, kopecks("2519.08"));
    // the later one: 2 × 0.5 × 1.12 × 15637.20 × 122 / 365 = 2 × 2926.94, which is 2 × 313.60 more
    assert_eq!(done.impact.worked_out_again, kopecks("627.20"));
    assert_eq!(done.impact.written.after, kopecks("39647.36"));
    assert_eq!(book.standing().version().written, done.impact.written.after);
    book.verify();
    for day in ["2026-06-15", "2026-12-31"] {
        assert_eq!(book.as_of(day), in_order.as_of(day));
    }
    let row = fs::read_to_string(book.file("repriced/contracts.csv")).unwrap();
    assert!(row.contains("627,20"), "the row states the difference: {row}");
    // each run can be annulled, in any order: the book that never had it
    book.annul(earlier);
    assert_eq!(book.standing().version().written, kopecks("36501.08"));
    book.reprice("first", "2026-05-01", "['16']", "1.12");
    book.annul(later);
    // 2 × 15637.20 + 2 × 1259.54
    assert_eq!(book.standing().version().written, kopecks("33793.48"));
    book.reprice("second", "2026-09-01", "['16']", "1.5");
    assert_eq!(book.standing().version().written, kopecks("39647.36"));
    book.verify();
}

#[test]
fn i31_a_kept_fall_of_an_earlier_day_is_used_up_by_the_later_rise() {
    let book = Book::bind(&small().with("price_decrease = 'keep'"), &roster().crowd(1));
    book.reprice("rise", "2026-09-01", "['16']", "1.5");
    // 15637.20 + 0.5 × 15637.20 × 122 / 365
    assert_eq!(book.standing().version().written, kopecks("18250.54"));
    let done = book.repriced("fall", "2026-05-01", "['16']", "0.8");
    // 0.8 × 1.5 = 1.2: 15637.20 + 0.2 × 15637.20 × 122 / 365 = 15637.20 + 1045.34, which is 1568.00 less
    assert_eq!((done.impact.contracts.unchanged, done.impact.worked_out_again), (1, kopecks("-1568.00")));
    assert_eq!(book.standing().version().written, kopecks("16682.54"));
    book.verify();
}

#[test]
fn i19_an_earlier_change_by_which_a_later_level_would_leave_the_range_is_set_aside() {
    let book = Book::bind(&small(), &roster().crowd(1));
    book.reprice("later", "2026-09-01", "['16']", "3");
    let before = book.standing();
    // 2 is lawful on 1 May, 2 × 3 is not on 1 September
    let aside = book.repriced("earlier", "2026-05-01", "['16']", "2").set_aside;
    assert!(aside.values().map(Message::name).eq(["reprice-level"]));
    assert_eq!(book.standing(), before);
    book.verify();
}

#[test]
fn i35_a_refused_change_of_an_earlier_day_refunds_what_its_letter_states() {
    let book = Book::bind(&small(), &roster().crowd(2));
    book.paid("2026-01-15", "40000.00");
    book.reprice("second", "2026-09-01", "['16']", "1.5");
    book.endorse(LEAVER.0, LEAVER.1);
    book.reprice("first", "2026-07-01", "['16']", "1.12");
    let table = crate::program::Table::open(&book.file("repriced/contracts.csv"));
    // nothing of later days counts: (40000.00 − 2 × (15637.20 − 7882.86)) × 0.80 = 24491.32 × 0.80
    let column = |name| table.rows[0][table.at(name)].clone();
    assert_eq!([column("unexpired"), column("refund_if_refused")], ["15765.72", "19593.06"]);
    let refused = refuse(&mut book.portfolio(), "T-1", "first", false).unwrap();
    assert_eq!(refused.refund.refund, Some(kopecks("19593.06")));
    book.verify();
}

#[test]
fn a_contract_that_cannot_be_folded_again_is_set_aside_and_keeps_its_price() {
    let book = Book::bind(&small(), &roster().crowd(2));
    let bound: Vec<PathBuf> =
        fs::read_dir(book.file("book/data")).unwrap().map(|entry| entry.unwrap().path()).collect();
    book.endorse(LEAVER.0, LEAVER.1);
    let before = book.standing();
    // the rows as bound are needed no more until the contract is folded again
    let insured = bound.iter().find(|path| path.to_string_lossy().contains("/insured-")).unwrap();
    let bytes = fs::read(insured).unwrap();
    fs::write(insured, &bytes[..bytes.len() / 2]).unwrap();
    let repriced = book.repriced("dearer", "2026-07-01", "['16']", "1.12");
    assert_eq!((repriced.set_aside.len(), repriced.refolded), (1, 0));
    assert_eq!(book.standing(), before);
    // with the file back, the same change does what it could not
    fs::write(insured, bytes).unwrap();
    let repriced = book.repriced("dearer", "2026-07-01", "['16']", "1.12");
    assert_eq!((repriced.set_aside.len(), repriced.refolded), (0, 1));
    assert_eq!(book.lines()[1], line(2, YEAR[0], "2026-07-31", "10710.07"));
    book.verify();
}

#[test]
fn a_payment_that_is_booked_after_the_end_is_a_credit_and_changes_no_refund() {
    let book = Book::bind(&small(), &roster().crowd(2));
    book.paid("2026-01-15", "20000.00");
    let day = "2026-07-01".parse().unwrap();
    let ended = terminate(&mut book.portfolio(), "T-1", day, EndReason::Agreement, false).unwrap();
    let (written, refund) = (book.standing().version().written, ended.refund.refund.unwrap());
    // written = paid − refund
    assert_eq!(written, kopecks("20000.00") - refund);
    book.paid("2026-06-20", "5000.00");
    assert_eq!(book.standing().version().written, written);
    let folder = book.file("book");
    let debts = ["portfolio", "debts", "--as-of", "2026-12-31", "--json", "--portfolio", folder.to_str().unwrap()];
    let debts: Value = serde_json::from_str(&run(debts).exits_with(0).out).unwrap();
    assert_eq!(debts["contracts"][0]["credit"], (refund + kopecks("5000.00")).to_string(), "{debts}");
    // annulled and recorded again, the end counts it
    book.annul(book.last_run() - 1);
    let again = terminate(&mut book.portfolio(), "T-1", day, EndReason::Agreement, false).unwrap();
    assert_eq!(again.refund.paid, kopecks("25000.00"));
    book.verify();
}
