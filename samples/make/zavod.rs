//! The invented works: departments, jobs, employees and their families.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};

use crate::people::{MEN, ManName, Random, SURNAMES, Sex, WOMEN, push_surname};

/// The number of insured, families included.
pub const INSURED: usize = 4_200;
/// The first day of the contract.
const START: Date = date(2026, 12, 1);
/// The last day of the contract.
const END: Date = date(2027, 11, 30);
const SEED: u64 = 20_261_201;

const BASIC: &str = "Базовый";
const OFFICE: &str = "Офисный";
const MANAGEMENT: &str = "Руководство";
const CHILDREN: &str = "Детский";

/// A department with its insured, in the order of the sheet.
#[derive(Debug)]
pub struct Department {
    /// The sub-heading.
    pub title: &'static str,
    /// The employees by name, each followed by their family.
    pub insured: Vec<Insured>,
}

/// A row of the sheet.
#[derive(Debug, Clone)]
pub struct Insured {
    /// The personnel number of an employee.
    pub number: Option<u32>,
    /// Surname, given name, patronymic.
    pub name: String,
    /// The day of birth.
    pub birth_date: Date,
    /// Woman or man.
    pub sex: Sex,
    /// The job of an employee.
    pub job: &'static str,
    /// The risk group of the job.
    pub risk_group: Option<u8>,
    /// The name of the plan.
    pub plan: &'static str,
    /// The relation to the employee.
    pub relation: &'static str,
    /// The own sum insured, in roubles.
    pub own_sum: Option<u32>,
    /// The own first day of cover.
    pub start: Option<Date>,
    /// The own last day of cover.
    pub end: Option<Date>,
    /// An unassigned telephone number.
    pub phone: String,
}

/// A job of a department with its number of employees.
struct Job {
    title: &'static str,
    count: usize,
    women_percent: usize,
    risk_group: u8,
    plan: &'static str,
    /// The range of ages.
    ages: [usize; 2],
}

const fn worker(title: &'static str, count: usize, women_percent: usize, risk_group: u8) -> Job {
    Job { title, count, women_percent, risk_group, plan: BASIC, ages: [19, 66] }
}

const fn clerk(title: &'static str, count: usize, women_percent: usize) -> Job {
    Job { title, count, women_percent, risk_group: 0, plan: OFFICE, ages: [22, 68] }
}

const fn head(title: &'static str, women_percent: usize) -> Job {
    Job { title, count: 1, women_percent, risk_group: 1, plan: MANAGEMENT, ages: [34, 64] }
}

#[rustfmt::skip]
const DEPARTMENTS: &[(&str, &[Job])] = &[
    ("Дирекция", &[
        head("Генеральный директор", 0), head("Главный инженер", 0), head("Директор по производству", 0),
        head("Директор по персоналу", 100), head("Директор по экономике и финансам", 50), head("Директор по качеству", 50),
        head("Коммерческий директор", 30), head("Главный бухгалтер", 100),
        Job { title: "Советник генерального директора", count: 1, women_percent: 0, risk_group: 1, plan: MANAGEMENT, ages: [74, 77] },
        clerk("Помощник директора", 4, 100),
    ]),
    ("Бухгалтерия", &[clerk("Бухгалтер", 24, 95), clerk("Экономист", 13, 80)]),
    ("Отдел кадров", &[head("Начальник отдела", 80), clerk("Специалист по кадрам", 9, 90)]),
    ("Отдел главного конструктора", &[
        Job { title: "Главный конструктор", count: 1, women_percent: 0, risk_group: 1, plan: MANAGEMENT, ages: [70, 72] },
        clerk("Ведущий инженер-конструктор", 26, 30), clerk("Инженер-конструктор", 102, 40), clerk("Техник", 18, 60),
    ]),
    ("Отдел главного технолога", &[
        head("Главный технолог", 30), clerk("Инженер-технолог", 76, 55), clerk("Инженер-программист станков с ЧПУ", 22, 25),
    ]),
    ("Отдел снабжения и сбыта", &[
        head("Начальник отдела", 40), clerk("Специалист по закупкам", 21, 60), clerk("Менеджер по сбыту", 17, 50),
    ]),
    ("Служба информационных технологий", &[
        head("Начальник службы", 10), clerk("Программист", 14, 20), clerk("Системный администратор", 9, 5),
    ]),
    ("Отдел технического контроля", &[
        head("Начальник отдела", 50), worker("Контролёр ОТК", 118, 72, 1), worker("Дефектоскопист", 16, 35, 3),
    ]),
    ("Цех № 1 (заготовительный)", &[
        head("Начальник цеха", 0), worker("Мастер участка", 6, 5, 1), worker("Резчик металла", 74, 5, 2),
        worker("Кузнец-штамповщик", 58, 0, 3), worker("Стропальщик", 22, 0, 2), worker("Уборщик", 8, 85, 0),
    ]),
    ("Цех № 2 (литейный)", &[
        head("Начальник цеха", 0), worker("Мастер участка", 9, 0, 2), worker("Плавильщик", 52, 0, 4),
        worker("Заливщик металла", 64, 0, 4), worker("Формовщик", 118, 12, 3), worker("Обрубщик", 46, 0, 4),
        worker("Крановщик", 26, 60, 2), worker("Уборщик", 9, 85, 1),
    ]),
    ("Цех № 3 (механосборочный)", &[
        head("Начальник цеха", 0), worker("Мастер участка", 15, 10, 1), worker("Токарь", 164, 6, 2),
        worker("Фрезеровщик", 112, 8, 2), worker("Оператор станков с ЧПУ", 148, 22, 1),
        worker("Слесарь механосборочных работ", 206, 3, 2), worker("Наладчик станков", 41, 0, 2), worker("Уборщик", 14, 85, 0),
    ]),
    ("Цех № 4 (сварочный)", &[
        head("Начальник цеха", 0), worker("Мастер участка", 9, 0, 1), worker("Электрогазосварщик", 182, 4, 3),
        worker("Сборщик металлоконструкций", 108, 0, 2), worker("Уборщик", 7, 85, 1),
    ]),
    ("Цех № 5 (термический)", &[
        head("Начальник цеха", 0), worker("Мастер участка", 5, 20, 2), worker("Термист", 64, 15, 3), worker("Гальваник", 41, 55, 4),
        worker("Лаборант", 13, 90, 2),
    ]),
    ("Цех № 6 (инструментальный)", &[
        head("Начальник цеха", 0), worker("Мастер участка", 5, 10, 1), worker("Слесарь-инструментальщик", 82, 4, 1),
        worker("Шлифовщик", 50, 20, 2), worker("Заточник", 27, 10, 2),
    ]),
    ("Цех № 7 (сборочный)", &[
        head("Начальник цеха", 0), worker("Мастер участка", 12, 10, 1), worker("Слесарь-сборщик", 238, 6, 1),
        worker("Электромонтажник", 76, 30, 2), worker("Испытатель", 23, 0, 2), worker("Уборщик", 9, 85, 0),
    ]),
    ("Цех № 8 (окрасочный)", &[
        head("Начальник цеха", 20), worker("Мастер участка", 4, 30, 2), worker("Маляр", 72, 45, 3),
        worker("Колорист", 5, 70, 2),
    ]),
    ("Транспортный цех", &[
        head("Начальник цеха", 0), worker("Водитель автомобиля", 88, 2, 2), worker("Водитель погрузчика", 42, 8, 2),
        worker("Слесарь по ремонту автомобилей", 29, 0, 1), clerk("Диспетчер", 10, 85),
    ]),
    ("Служба главного энергетика", &[
        head("Главный энергетик", 0), worker("Электромонтёр", 68, 3, 2), worker("Слесарь-сантехник", 33, 0, 1),
        worker("Машинист компрессорных установок", 19, 40, 2),
    ]),
    ("Склад готовой продукции", &[
        head("Заведующий складом", 60), worker("Кладовщик", 36, 75, 1), worker("Комплектовщик", 24, 55, 1),
        worker("Грузчик", 51, 0, 2),
    ]),
];

/// The departments with [`INSURED`] distinct insured in total.
pub fn departments() -> Vec<Department> {
    let mut personnel = Personnel { random: Random::new(SEED), known: BTreeSet::new(), last_number: 10_400 };
    let mut households: Vec<(usize, Vec<Insured>)> = Vec::new();
    for (department, (_, jobs)) in DEPARTMENTS.iter().enumerate() {
        for job in *jobs {
            households.extend((0..job.count).map(|_| (department, vec![personnel.employee(job)])));
        }
    }
    let mut without = INSURED - households.len();
    let mut asked: Vec<usize> = (0..households.len()).collect();
    while without > 0 {
        let employee = asked.swap_remove(personnel.random.below(asked.len()));
        let household = &mut households[employee].1;
        let mut family = personnel.family(&household[0]);
        family.truncate(without);
        without -= family.len();
        household.extend(family);
    }
    let of_department = |(place, (title, _)): (usize, &(&'static str, _))| {
        let mut own: Vec<&Vec<Insured>> =
            households.iter().filter(|(department, _)| *department == place).map(|(_, household)| household).collect();
        own.sort_by_key(|household| (household[0].plan != MANAGEMENT, household[0].name.replace('ё', "е")));
        Department { title, insured: own.into_iter().flatten().cloned().collect() }
    };
    DEPARTMENTS.iter().enumerate().map(of_department).collect()
}

/// Generates employees and their families.
struct Personnel {
    random: Random,
    /// The names and birth dates of all insured.
    known: BTreeSet<(String, Date)>,
    last_number: u32,
}

impl Personnel {
    fn employee(&mut self, job: &Job) -> Insured {
        let sex = if self.random.percent(job.women_percent) { Sex::Female } else { Sex::Male };
        let (start, end) = self.own_days();
        let [youngest, oldest] = job.ages;
        // most employees are in the middle of their working life
        let half = (oldest - youngest) / 2;
        let age = youngest + self.random.below(half + 1) + self.random.below(half + 1);
        let surname = SURNAMES[self.random.rather_small(SURNAMES.len())];
        let number = self.last_number + 1 + u32::from(self.random.percent(40));
        self.last_number = number;
        let insured = Insured {
            number: Some(number),
            name: surname.to_owned(),
            birth_date: self.birth_date(age, START),
            sex,
            job: job.title,
            risk_group: Some(job.risk_group),
            plan: job.plan,
            relation: "работник",
            own_sum: None,
            start,
            end,
            phone: self.phone(),
        };
        let father = self.man(age + 28);
        self.named(insured, surname, None, father)
    }

    /// The own days of the few who join or leave within the term.
    fn own_days(&mut self) -> (Option<Date>, Option<Date>) {
        let start = self.random.percent(2).then(|| {
            let month = START.saturating_add((1 + self.random.below_i32(9)).months());
            if self.random.percent(60) { month } else { month.saturating_add((1 + self.random.below_i32(27)).days()) }
        });
        let end = (start.is_none() && self.random.below(80) == 0).then(|| {
            let month = START.saturating_add((1 + self.random.below_i32(10)).months());
            month.saturating_add((self.random.below_i32(29)).days())
        });
        (start, end)
    }

    /// The insured spouse and children of an employee.
    fn family(&mut self, employee: &Insured) -> Vec<Insured> {
        let first_day = employee.start.unwrap_or(START);
        let age = years(employee.birth_date, first_day);
        let mut family = Vec::new();
        if age < 23 {
            return family;
        }
        let surname = surname_of(employee);
        let spouse_age = (age + 3).saturating_sub(self.random.below(7)).max(20);
        let mut father = given_name(employee);
        if employee.sex == Sex::Female {
            father = self.man(spouse_age);
        }
        if self.random.percent(if employee.plan == MANAGEMENT { 70 } else { 32 }) {
            let sex = if employee.sex == Sex::Male { Sex::Female } else { Sex::Male };
            let plan = if employee.plan == MANAGEMENT { MANAGEMENT } else { BASIC };
            let birth_date = self.birth_date(spouse_age, START);
            let blank = Insured { plan, ..self.relative(employee, sex, birth_date, "супруг(а)") };
            let own_father = self.man(spouse_age + 28);
            let given = (sex == Sex::Male).then_some(father);
            family.push(self.named(blank, surname, given, own_father));
        }
        // the parent was 20 to 40 at the birth, and the child is at most 15
        let (youngest, oldest) = (age.saturating_sub(40), (age - 20).min(15));
        if youngest <= oldest {
            let children = 1 + self.random.rather_small(3);
            let mut ages: Vec<usize> =
                (0..children).map(|_| youngest + self.random.below(oldest - youngest + 1)).collect();
            ages.sort_unstable_by(|left, right| right.cmp(left));
            // siblings are at least two years apart
            ages.dedup_by(|younger, older| *older < *younger + 2);
            for age in ages {
                let child = self.child(employee, age, first_day);
                family.push(self.named(child, surname, None, father));
            }
        }
        family
    }

    fn child(&mut self, employee: &Insured, age: usize, first_day: Date) -> Insured {
        let is_son = self.random.percent(51);
        let (sex, relation) = if is_son { (Sex::Male, "сын") } else { (Sex::Female, "дочь") };
        let birth_date = self.birth_date(age, first_day);
        let mut child = Insured { plan: CHILDREN, ..self.relative(employee, sex, birth_date, relation) };
        // some are born in the contract year and insured some days later
        if age == 0 && employee.start.is_none() && employee.end.is_none() && self.random.percent(40) {
            child.birth_date = START.saturating_add((1 + self.random.below_i32(320)).days());
            child.start = Some(child.birth_date.saturating_add((5 + self.random.below_i32(25)).days()));
        }
        if self.random.percent(4) {
            child.own_sum = Some([100_000, 120_000, 150_000][self.random.rather_small(3)]);
        }
        child
    }

    fn relative(&mut self, employee: &Insured, sex: Sex, birth_date: Date, relation: &'static str) -> Insured {
        let phone = if years(birth_date, START) < 14 { employee.phone.clone() } else { self.phone() };
        Insured {
            number: None,
            name: String::new(),
            birth_date,
            sex,
            job: "",
            risk_group: None,
            plan: "",
            relation,
            own_sum: None,
            start: employee.start,
            end: employee.end,
            phone,
        }
    }

    /// Names an insured, uniquely among the insured with the same surname and birth date.
    fn named(&mut self, insured: Insured, surname: &str, given: Option<ManName>, father: ManName) -> Insured {
        loop {
            let given = match (insured.sex, given) {
                (_, Some(given)) => given.given,
                (Sex::Male, None) => self.man(years(insured.birth_date, END)).given,
                (Sex::Female, None) => WOMEN[self.of_generation(years(insured.birth_date, END))],
            };
            let mut name = String::new();
            push_surname(&mut name, surname, insured.sex);
            name.extend([" ", given, " ", father.patronymic(insured.sex)]);
            if self.known.insert((name.replace('ё', "е"), insured.birth_date)) {
                return Insured { name, ..insured };
            }
        }
    }

    fn man(&mut self, age_years: usize) -> ManName {
        MEN[self.of_generation(age_years)]
    }

    /// The index of a name for this age in a list ordered by generation.
    fn of_generation(&mut self, age_years: usize) -> usize {
        let (first, names) = match age_years {
            55.. => (0, 18),
            40..55 => (5, 16),
            25..40 => (9, 20),
            _ => (15, 21),
        };
        first + self.random.below(names)
    }

    /// A birth date with these completed years on `day`.
    fn birth_date(&mut self, age_years: usize, day: Date) -> Date {
        let years = i32::try_from(age_years).unwrap_or(0);
        day.saturating_sub(Span::new().years(years).days(self.random.below_i32(365)))
    }

    fn phone(&mut self) -> String {
        let mut two = || self.random.below(100);
        let number = [two(), two(), two()];
        format!("+7 (000) {}{:02}-{:02}-{:02}", 1 + self.random.below(9), number[0], number[1], number[2])
    }
}

impl Random {
    fn below_i32(&mut self, limit: usize) -> i32 {
        i32::try_from(self.below(limit)).unwrap_or(0)
    }
}

/// The surname of an employee in its masculine form.
fn surname_of(employee: &Insured) -> &'static str {
    let own = employee.name.split(' ').next().unwrap_or_default();
    let is_own = |surname: &&&str| {
        let mut form = String::new();
        push_surname(&mut form, surname, employee.sex);
        form == own
    };
    SURNAMES.iter().find(is_own).copied().unwrap_or(SURNAMES[0])
}

/// The given name of a man with its patronymics.
fn given_name(insured: &Insured) -> ManName {
    let given = insured.name.split(' ').nth(1).unwrap_or_default();
    MEN.into_iter().find(|man| man.given == given).unwrap_or(MEN[0])
}

/// Completed years on a day; 0 before the birth.
fn years(birth: Date, day: Date) -> usize {
    let before_birthday = (day.month(), day.day()) < (birth.month(), birth.day());
    usize::try_from(day.year() - birth.year() - i16::from(before_birthday)).unwrap_or(0)
}
