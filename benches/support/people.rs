//! Invented names, and a seeded generator of numbers to choose from them.
//!
//! The lists have common names only; any likeness of a combination to a real person is accidental.

/// Reproducible pseudorandom numbers (`SplitMix64`).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The numbers of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, uniformly distributed.
    #[expect(clippy::cast_possible_truncation, reason = "less than `limit`")]
    pub const fn below(&mut self, limit: usize) -> usize {
        (self.number() % limit as u64) as usize
    }

    /// A number below `limit`; smaller numbers are likelier.
    pub fn rather_small(&mut self, limit: usize) -> usize {
        self.below(limit).min(self.below(limit))
    }

    /// True with this probability in per cent.
    pub const fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// Woman or man.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// A woman.
    Female,
    /// A man.
    Male,
}

/// A man's given name with the patronymics of his children.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManName {
    /// The name.
    pub given: &'static str,
    /// His son's patronymic.
    pub son: &'static str,
    /// His daughter's patronymic.
    pub daughter: &'static str,
}

impl ManName {
    /// The patronymic of his child.
    pub const fn patronymic(self, child: Sex) -> &'static str {
        match child {
            Sex::Female => self.daughter,
            Sex::Male => self.son,
        }
    }
}

const fn man(given: &'static str, son: &'static str, daughter: &'static str) -> ManName {
    ManName { given, son, daughter }
}

/// Distinct given names of men, from those of grandfathers to those of boys.
pub const MEN: [ManName; 36] = [
    man("Николай", "Николаевич", "Николаевна"),
    man("Владимир", "Владимирович", "Владимировна"),
    man("Виктор", "Викторович", "Викторовна"),
    man("Анатолий", "Анатольевич", "Анатольевна"),
    man("Геннадий", "Геннадьевич", "Геннадьевна"),
    man("Валерий", "Валерьевич", "Валерьевна"),
    man("Юрий", "Юрьевич", "Юрьевна"),
    man("Борис", "Борисович", "Борисовна"),
    man("Вячеслав", "Вячеславович", "Вячеславовна"),
    man("Александр", "Александрович", "Александровна"),
    man("Сергей", "Сергеевич", "Сергеевна"),
    man("Андрей", "Андреевич", "Андреевна"),
    man("Алексей", "Алексеевич", "Алексеевна"),
    man("Игорь", "Игоревич", "Игоревна"),
    man("Олег", "Олегович", "Олеговна"),
    man("Михаил", "Михайлович", "Михайловна"),
    man("Дмитрий", "Дмитриевич", "Дмитриевна"),
    man("Евгений", "Евгеньевич", "Евгеньевна"),
    man("Павел", "Павлович", "Павловна"),
    man("Константин", "Константинович", "Константиновна"),
    man("Вадим", "Вадимович", "Вадимовна"),
    man("Роман", "Романович", "Романовна"),
    man("Денис", "Денисович", "Денисовна"),
    man("Антон", "Антонович", "Антоновна"),
    man("Илья", "Ильич", "Ильинична"),
    man("Максим", "Максимович", "Максимовна"),
    man("Никита", "Никитич", "Никитична"),
    man("Кирилл", "Кириллович", "Кирилловна"),
    man("Артём", "Артёмович", "Артёмовна"),
    man("Егор", "Егорович", "Егоровна"),
    man("Даниил", "Даниилович", "Данииловна"),
    man("Матвей", "Матвеевич", "Матвеевна"),
    man("Тимофей", "Тимофеевич", "Тимофеевна"),
    man("Лев", "Львович", "Львовна"),
    man("Марк", "Маркович", "Марковна"),
    man("Мирон", "Миронович", "Мироновна"),
];

/// Distinct given names of women, from those of grandmothers to those of girls.
#[rustfmt::skip]
pub const WOMEN: [&str; 36] = [
    "Нина", "Галина", "Валентина", "Людмила", "Тамара", "Надежда", "Любовь", "Лариса", "Татьяна", "Ирина", "Светлана",
    "Елена", "Ольга", "Наталья", "Марина", "Оксана", "Юлия", "Екатерина", "Анна", "Мария", "Евгения", "Ксения", "Анастасия",
    "Дарья", "Ульяна", "Виктория", "Полина", "Елизавета", "Софья", "Варвара", "Вероника", "Алиса", "Ева", "Кира", "Милана",
    "Таисия",
];

/// Surnames of men, the commonest first; distinct even with е for ё.
#[rustfmt::skip]
pub const SURNAMES: [&str; 112] = [
    "Иванов", "Смирнов", "Кузнецов", "Попов", "Васильев", "Петров", "Соколов", "Михайлов", "Новиков", "Фёдоров", "Морозов",
    "Волков", "Алексеев", "Лебедев", "Семёнов", "Егоров", "Павлов", "Козлов", "Степанов", "Николаев", "Орлов", "Андреев",
    "Макаров", "Никитин", "Захаров", "Зайцев", "Соловьёв", "Борисов", "Яковлев", "Григорьев", "Романов", "Воробьёв",
    "Сергеев", "Кузьмин", "Фролов", "Александров", "Дмитриев", "Королёв", "Гусев", "Киселёв", "Ильин", "Максимов", "Поляков",
    "Сорокин", "Виноградов", "Ковалёв", "Белов", "Медведев", "Антонов", "Тарасов", "Жуков", "Баранов", "Филиппов",
    "Комаров", "Давыдов", "Беляев", "Герасимов", "Богданов", "Осипов", "Сидоров", "Матвеев", "Титов", "Марков", "Миронов",
    "Крылов", "Куликов", "Карпов", "Власов", "Мельников", "Денисов", "Гаврилов", "Тихонов", "Казаков", "Афанасьев",
    "Данилов", "Савельев", "Тимофеев", "Фомин", "Чернов", "Абрамов", "Мартынов", "Ефимов", "Щербаков", "Назаров", "Калинин",
    "Исаев", "Чернышёв", "Быков", "Маслов", "Родионов", "Коновалов", "Лазарев", "Воронин", "Климов", "Пономарёв", "Голубев",
    "Кудрявцев", "Прохоров", "Наумов", "Потапов", "Журавлёв", "Овчинников", "Трофимов", "Леонов", "Соболев", "Галкин",
    "Синицын", "Белозёрский", "Заречный", "Полевой", "Лысенко", "Ткачук",
];

/// Adds the surname in the form of the sex.
pub fn push_surname(text: &mut String, surname: &str, sex: Sex) {
    let adjective = ["ий", "ый", "ой"].iter().find_map(|ending| surname.strip_suffix(ending));
    match (sex, adjective) {
        (Sex::Female, Some(stem)) => text.extend([stem, "ая"]),
        (Sex::Female, None) if surname.ends_with(['в', 'н']) => text.extend([surname, "а"]),
        _ => text.push_str(surname),
    }
}
