//! Reproducible collectives of any size without mistakes, for benchmarks and tests.
//!
//! The contract has three plans with seven covers; of ten insured three are on the plan with one cover, four on the plan
//! with two, three on the plan with four: 2.3 lines an insured. One in twenty has own days.

#![allow(dead_code, reason = "each program that includes this file uses a part of it")]

pub mod people;

use std::fmt::Write;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use people::{MEN, Random, SURNAMES, Sex, WOMEN, push_surname};

/// The first day of the contract.
pub const START: Date = date(2026, 12, 1);
/// The last day of the contract.
pub const END: Date = date(2027, 11, 30);
/// The days of the contract.
const TERM_DAYS: usize = 365;
/// The codes of the plans.
pub const PLANS: [&str; 3] = ["А", "Б", "В"];
/// The headings of the roster.
pub const HEADINGS: [&str; 7] =
    ["Таб. №", "ФИО", "Дата рождения", "Группа риска", "План", "Действует с", "Действует по"];

/// The first birth date: the oldest insured is 69 on the first day of the contract.
const FIRST_BIRTH: Date = date(1957, 1, 1);
/// The number of possible birth dates; the youngest insured is 18 on the first day of the contract.
const BIRTH_DAYS: usize = 18_900;
/// The number of combinations of sex, surname, given name and patronymic, and a step that visits each once.
const NAMES: usize = 2 * SURNAMES.len() * MEN.len() * MEN.len();
const NAMES_STEP: usize = 179_426_549;

/// An insured of a collective.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The unique id.
    pub id: usize,
    /// Woman or man.
    pub sex: Sex,
    /// The indices of surname, given name and patronymic in the lists of names.
    name: [usize; 3],
    /// The birth date, unique among insured of the same name.
    pub birth_date: Date,
    /// The risk group, 0 to 4.
    pub risk_group: u8,
    /// The index of the plan in [`PLANS`].
    pub plan: usize,
    /// The own first day of cover.
    pub start: Option<Date>,
    /// The own last day of cover.
    pub end: Option<Date>,
}

impl Member {
    /// Adds the full name.
    pub fn push_name(&self, text: &mut String) {
        let [surname, given, father] = self.name;
        push_surname(text, SURNAMES[surname], self.sex);
        let given = match self.sex {
            Sex::Female => WOMEN[given],
            Sex::Male => MEN[given].given,
        };
        text.extend([" ", given, " ", MEN[father].patronymic(self.sex)]);
    }
}

/// An iterator over the insured of a collective, the same for the same headcount and seed.
///
/// No two have the same name and birth date, and no two the same id.
#[derive(Debug, Clone)]
pub struct Collective {
    random: Random,
    next: usize,
    insured: usize,
    first_name: usize,
}

impl Collective {
    /// The collective of a headcount and a seed.
    ///
    /// # Panics
    ///
    /// If there are more insured than combinations of names and birth dates, more than 10⁹.
    pub fn new(insured: usize, seed: u64) -> Self {
        assert!(insured.div_ceil(NAMES) <= BIRTH_DAYS, "at most {NAMES} × {BIRTH_DAYS} are distinct");
        assert_eq!(greatest_common_divisor(NAMES, NAMES_STEP), 1, "the step visits every name");
        let mut random = Random::new(seed);
        let first_name = random.below(NAMES);
        Self { random, next: 0, insured, first_name }
    }
}

impl Iterator for Collective {
    type Item = Member;

    fn next(&mut self) -> Option<Member> {
        const PLAN_OF_TEN: [usize; 10] = [0, 0, 0, 1, 1, 1, 1, 2, 2, 2];
        const RISK_OF_TEN: [u8; 10] = [0, 1, 1, 1, 1, 2, 2, 2, 3, 4];
        let place = self.next;
        if place == self.insured {
            return None;
        }
        self.next += 1;
        let random = &mut self.random;
        let mut combination = (self.first_name + place * NAMES_STEP) % NAMES;
        let mut part = |parts: usize| {
            let part = combination % parts;
            combination /= parts;
            part
        };
        let sex = if part(2) == 0 { Sex::Female } else { Sex::Male };
        let name = [part(SURNAMES.len()), part(MEN.len()), part(MEN.len())];
        // insured of one name are in different rounds, and each round has its own birth dates
        let (round, rounds) = (place / NAMES, self.insured.div_ceil(NAMES));
        let birth_day = round + rounds * random.below(BIRTH_DAYS / rounds);
        let (start, end) = if random.below(20) == 0 { own_days(random) } else { (None, None) };
        Some(Member {
            id: 10_000_001 + place,
            sex,
            name,
            birth_date: after(FIRST_BIRTH, birth_day),
            risk_group: RISK_OF_TEN[random.below(RISK_OF_TEN.len())],
            plan: PLAN_OF_TEN[random.below(PLAN_OF_TEN.len())],
            start,
            end,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.insured - self.next, Some(self.insured - self.next))
    }
}

impl ExactSizeIterator for Collective {}

/// A first day, a last day, or both, inside the contract's.
fn own_days(random: &mut Random) -> (Option<Date>, Option<Date>) {
    let first = random.below(TERM_DAYS);
    let last = first + random.below(TERM_DAYS - first);
    match random.below(3) {
        0 => (Some(after(START, first)), None),
        1 => (None, Some(after(START, last))),
        _ => (Some(after(START, first)), Some(after(START, last))),
    }
}

fn after(day: Date, days: usize) -> Date {
    let days = i32::try_from(days).expect("fewer days than 100 years");
    day.checked_add(days.days()).expect("a day of the calendar")
}

const fn greatest_common_divisor(left: usize, right: usize) -> usize {
    if right == 0 { left } else { greatest_common_divisor(right, left % right) }
}

/// The contract of a collective of any size, with its roster in this file.
pub fn contract_toml(roster: &str) -> String {
    format!(
        r#"number = "BENCH"
policyholder = "АО «Большой коллектив»"
start = {START}
end = {END}
roster = "{roster}"
instalments = [2026-12-01, 2027-03-01, 2027-06-01, 2027-09-01]

[choices]
ranges = "mid"
headcount = "low"
risk = {{ 1 = "1.10", 3 = "high" }}

[[plan]]
code = "А"
name = "Поликлиника"

[[plan.cover]]
programme = "16"
sum_insured = 120000

[[plan]]
code = "Б"
name = "Поликлиника и стационар"

[[plan.cover]]
programme = "16"
sum_insured = 150000
exclude = ["dental"]
include = ["office_doctor"]

[[plan.cover]]
programme = "17"
sum_insured = 300000
exclude = ["planned_admission"]

[[plan]]
code = "В"
name = "Полный"

[[plan.cover]]
programme = "3a"
sum_insured = 500000
exclude = ["home_care"]

[[plan.cover]]
programme = "8"
sum_insured = "64999.99"
price_change = "1.10"

[[plan.cover]]
programme = "15"
sum_insured = 50000

[[plan.cover]]
programme = "16"
sum_insured = 200000
include = ["personal_doctor"]
additional_services = "1.25"
"#
    )
}

/// The roster of a collective as UTF-8 text with `;` between the columns.
pub fn csv(insured: usize, seed: u64) -> Vec<u8> {
    const BYTES_A_ROW: usize = 96;
    let mut text = String::with_capacity((insured + 1) * BYTES_A_ROW);
    text.push_str(&HEADINGS.join(";"));
    text.push('\n');
    for member in Collective::new(insured, seed) {
        push_number(&mut text, member.id);
        text.push(';');
        member.push_name(&mut text);
        text.push(';');
        push_day(&mut text, member.birth_date);
        text.push(';');
        push_number(&mut text, usize::from(member.risk_group));
        text.extend([";", PLANS[member.plan], ";"]);
        member.start.iter().for_each(|day| push_day(&mut text, *day));
        text.push(';');
        member.end.iter().for_each(|day| push_day(&mut text, *day));
        text.push('\n');
    }
    text.into_bytes()
}

fn push_number(text: &mut String, number: usize) {
    write!(text, "{number}").expect("writing to a text succeeds");
}

fn push_day(text: &mut String, day: Date) {
    write!(text, "{:02}.{:02}.{}", day.day(), day.month(), day.year()).expect("writing to a text succeeds");
}

/// The roster of a collective as a workbook, with days as Excel's dates.
///
/// # Panics
///
/// If there are more rows than a sheet has.
pub fn xlsx(insured: usize, seed: u64) -> Vec<u8> {
    workbook(Collective::new(insured, seed)).expect("a collective fits into a sheet")
}

fn workbook(collective: Collective) -> Result<Vec<u8>, XlsxError> {
    let day_format = Format::new().set_num_format("dd.mm.yyyy");
    let mut book = Workbook::new();
    // a fixed date of creation makes the bytes reproducible
    book.set_properties(&DocProperties::new().set_creation_datetime(&excel_day(START)?));
    let sheet = book.add_worksheet();
    for (heading, column) in HEADINGS.iter().zip(0..) {
        sheet.write_string(0, column, *heading)?;
    }
    let mut name = String::new();
    for (member, row) in collective.zip(1..) {
        name.clear();
        member.push_name(&mut name);
        sheet.write_number(row, 0, u32::try_from(member.id).expect("a sheet has a million rows"))?;
        sheet.write_string(row, 1, &name)?;
        sheet.write_datetime_with_format(row, 2, excel_day(member.birth_date)?, &day_format)?;
        sheet.write_number(row, 3, member.risk_group)?;
        sheet.write_string(row, 4, PLANS[member.plan])?;
        for (day, column) in [(member.start, 5), (member.end, 6)] {
            if let Some(day) = day {
                sheet.write_datetime_with_format(row, column, excel_day(day)?, &day_format)?;
            }
        }
    }
    book.save_to_buffer()
}

fn excel_day(day: Date) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(day.year().unsigned_abs(), day.month().unsigned_abs(), day.day().unsigned_abs())
}
