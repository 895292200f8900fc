### Every sentence for a reader in Russian, one for each name; en.ftl has the same names in the same order.
###
### A fault begins with a small letter and has no full stop at its end: a place in a file or a code precedes it. It says what is
### wrong and, after a colon, what to do. A sentence of the screen begins with a capital letter.
###
### Values: a clause comes as a bare number; only counts select plural forms; amounts, decimals and days come in the form of
### the language (1 234,50 ₽; 0,85; 01.12.2026), apart from values to be written in a TOML file (0.85; 2026-12-01).
### Words: застрахованных прикрепляют и открепляют; неистекший и истекший without «ё», as in the law.

## Files and folders

file-missing = файла { $path } нет: проверьте путь и имя
file-pattern = файла { $path } нет, и как маска это не читается: `*` и `?` заменяют буквы имени, `**` отдельно между косыми чертами — любые папки, а каждой `[` нужна своя `]`
folder-missing = папки { $path } нет: создайте её или исправьте путь
file-exists = файл { $path } уже есть и не будет заменён: назовите другой или уберите этот
file-io = не удалось прочитать или записать { $path }: { $reason }
io-permission = нет прав. Проверьте права доступа
io-full = на диске нет места. Освободите место и запустите снова
io-too-large = файл больше, чем здесь разрешено. Укажите другую папку
io-read-only = диск доступен только для чтения. Укажите другую папку
io-folder = это папка, а нужен файл. Проверьте имя
io-no-folder = часть пути — файл, а не папка. Проверьте имя
io-name = имя слишком длинное или недопустимо. Исправьте имя
io-missing = его нет, или нет папки для него. Проверьте путь
io-other = { $reason }. Проверьте права доступа и место на диске
file-too-large = файл { $path } слишком велик: { $size } МБ, допускается не более { $limit } МБ. Проверьте, тот ли это файл
file-is-table = файл { $path } — таблица, а здесь нужен файл в формате TOML: договор, тариф, изменение цен или клиники. Проверьте, какие файлы названы и в каком порядке
file-not-toml = файл { $path } начинается не так, как файл в формате TOML (`ключ = значение` или `[раздел]`): исправьте строку { $line } или назовите другой файл. Сам текст здесь не показан: это может быть список людей
file-not-text = файл { $path } не является текстом в кодировке UTF-8: сохраните его в UTF-8
file-changed = файл { $path } изменился во время работы: запустите команду ещё раз, когда его никто не сохраняет
file-not-made = не удалось создать файл { $path }: { $reason }
folder-foreign = в папке { $path } есть посторонний файл { $file }: укажите другую папку (`--out`) или уберите всё, что записано не программой
document-refused =
    файл { $path } не принят: { $faults ->
        [one] найдена { $faults } ошибка
        [few] найдены { $faults } ошибки
       *[many] найдено { $faults } ошибок
    }. Исправьте и запустите снова

## Arguments

arguments-documents-without-csv = документы составляются по premiums.csv: вместе с `--documents` добавьте `csv` к `--format`
arguments-spark-without-master = для `--engine spark` нужен кластер: добавьте `--master URL`
arguments-master-without-spark = `--master` и `--spark-conf` относятся только к Spark: добавьте `--engine spark` или уберите их
arguments-without-engine = без движка нечего указывать о его программе и папках: добавьте `--engine spark` или `--engine duckdb`
argument-master = кластер указывается как spark://host:port, yarn, k8s://…, local или local[N]
argument-setting = настройка указывается как spark.some.key=value
argument-share = нужно число от 0 до 1, в котором не более { $limit } десятичных знаков, например 0.20

## TOML files

toml-syntax = запись нарушает формат TOML: { $reason }
key-missing = нет обязательного ключа `{ $key }`: добавьте его
key-unknown = неизвестный ключ `{ $key }`: исправьте или удалите его. Здесь возможны { $known }
key-unknown-near = неизвестный ключ `{ $key }`: вероятно, имелся в виду `{ $near }`. Исправьте или удалите его
text-blank = значение ключа `{ $key }` пусто: впишите его
value-kind = значение не того вида: здесь нужно указать { $wanted }
kind-text = текст в кавычках, например "16"
kind-date = дату без времени в виде ГГГГ-ММ-ДД, например 2026-12-01
kind-decimal = число без знака и пробелов, с точкой перед дробной частью, например 120000 или 0.85
kind-whole = целое число без знака и кавычек, не больше допустимого для этого ключа, например 3
kind-list = список: значения в квадратных скобках через запятую, а таблицы по одной под заголовком в двойных скобках, как `[[plan]]`
kind-table = таблицу: ключи и значения в фигурных скобках или под заголовком в квадратных

## Tariff edition

edition-dates = последний день действия редакции ({ $to }) раньше первого ({ $from }): исправьте `valid_from` или `valid_to`
tariff-number =
    число должно быть больше 0, не больше { $limit } и иметь не более { $decimals ->
        [one] { $decimals } десятичного знака
       *[other] { $decimals } десятичных знаков
    }
range-order = нижняя граница диапазона ({ $low }) больше верхней ({ $high }): поменяйте `low` и `high` местами
bands-none = таблица пуста: нужна хотя бы одна строка
band-order = строка таблицы §{ $clause } заканчивается раньше, чем начинается: `from` не может быть больше `to`
bands-gap = в таблице §{ $clause } пропуск: значения с { $first } по { $last } не попадают ни в одну строку. Начните эту строку с { $first } или добавьте недостающую
bands-overlap = строка таблицы §{ $clause } захватывает лишние значения, с { $first } по { $last }: начните её с числа, следующего за { $last }
bands-after-open = в таблице §{ $clause } предыдущая строка не имеет `to` и должна быть последней: укажите в ней `to` или удалите эту строку
bands-closed = последняя строка таблицы §{ $clause } должна охватывать любую большую численность: уберите из неё `to`
age-limit =
    возраст не может быть больше { $limit ->
        [one] { $limit } года
       *[other] { $limit } лет
    }: исправьте `to`
risk-groups-order = группа риска { $group } повторяется или стоит не по порядку: перечислите группы по возрастанию, каждую один раз
code-twice = код `{ $code }` уже занят выше: дайте каждой услуге и каждой программе свой код
service-unknown = услуги `{ $service }` нет среди описанных в `[[service]]` ({ $known }): исправьте код или опишите услугу
programmes-none = в тарифе нет ни одной программы: добавьте `[[programme]]`
sex-word = пол записывается словом `female` или `male`
child-bands-count =
    в `by_child_band` { $found ->
        [one] { $found } значение
        [few] { $found } значения
       *[many] { $found } значений
    }, а детских возрастных групп в `[child_bands]` — { $wanted }: укажите по одному значению на каждую группу
service-twice = эта услуга уже есть в таблице: оставьте одну строку
exclusion-raises = коэффициент исключения { $coefficient } больше 1, а исключение услуги не может повышать ставку: укажите число не больше 1
set-stranger = услуга `{ $service }` входит в набор, но своей строки в `rows` у неё нет: добавьте строку или уберите услугу из набора
set-services = в наборе должно быть не меньше двух разных услуг: исправьте `services`
set-twice = такой набор услуг уже есть: оставьте один
set-missing = для набора { $services } нет коэффициента: если есть `sets`, в них нужно каждое сочетание услуг из `rows`
set-rows =
    слишком много услуг для таблицы с наборами (`sets`): в её `rows` допускается не более { $limit ->
        [one] { $limit } услуги
       *[other] { $limit } услуг
    }
inclusions-many = слишком много включений: у одной программы их может быть не больше { $limit }

## Contract

number-form =
    по номеру договора называется папка: в нём допускается не более { $limit ->
        [one] { $limit } знака
       *[other] { $limit } знаков
    }, без переносов строки и других управляющих символов
edition-not-valid = договор начинается вне срока действия редакции тарифа `{ $edition }` ({ $from } — { $to }): исправьте `start` или укажите другую редакцию (`--tariff`)
term-order = последний день договора раньше первого ({ $start }): исправьте `start` или `end`
term-over-a-year = договор длится больше года: при таком `start` его последний день `end` — не позднее { $last } (правило I15)
term-too-late = год договора выходит за пределы календаря: проверьте `start`
risk-group-unknown = группы риска { $group } в тарифе нет (§{ $clause }): укажите одну из { $known }
instalment-first = первый период уплаты начинается с первого дня договора: поставьте первой датой { $start }
instalment-order = даты начала периодов уплаты должны идти по возрастанию, каждая один раз
instalment-outside = период уплаты начинается вне срока договора ({ $start } — { $end }): укажите день внутри этого срока
expense-load = доля расходов на ведение дела — число от 0 до 1, например "0.20" (правило I22)
expense-load-decimals = слишком много десятичных знаков: в доле расходов на ведение дела их может быть не более { $limit }
word-unknown = такое значение не предусмотрено: укажите одно из слов { $words }
field-unknown = поля `{ $field }` нет: в `[columns]` слева пишется одно из { $known }, справа — заголовок столбца из списка застрахованных
heading-twice = `{ $first }` и `{ $second }` называют один и тот же заголовок «{ $heading }», а в столбце может быть только одно поле: оставьте одну из двух строк или исправьте в ней заголовок
plans-none = в договоре нет ни одного варианта: добавьте `[[plan]]` и в нём хотя бы один `[[plan.cover]]`
plans-many = в договоре слишком много вариантов: их может быть не более { $limit }. Объедините варианты с одинаковыми покрытиями
plan-twice = `{ $plan }` уже служит кодом или именем другого варианта: в списке застрахованных их не различить, назовите один иначе
plan-without-covers = в этом варианте нет ни одного покрытия: добавьте `[[plan.cover]]` с программой и страховой суммой
programme-unknown = программы `{ $code }` в тарифе нет: укажите одну из { $known }
programme-twice = программа `{ $programme }` в этом варианте уже есть: оставьте одно покрытие
sum-insured-bounds = страховая сумма должна быть больше 0, не больше { $limit } и иметь не более двух десятичных знаков (правило I17)
base-rate-fixed = для программы `{ $programme }` тариф не даёт диапазона базовой тарифной ставки (§{ $clause }): уберите `base_rate`
choice-outside = число { $number } вне диапазона { $range } (§{ $clause }): укажите число из этого диапазона
choice-decimals = слишком много десятичных знаков: в коэффициенте их может быть не более { $limit } (правило I2)
headcount-outside =
    коэффициент { $number } вне диапазона { $range }, который §{ $clause } даёт для { $headcount ->
        [one] { $headcount } застрахованного
       *[other] { $headcount } застрахованных
    } (строка { $band }): укажите число из этого диапазона либо `low`, `mid` или `high`
interpolate-open-band =
    в договоре { $headcount ->
        [one] { $headcount } застрахованный
       *[other] { $headcount } застрахованных
    }, а у строки { $band } (§{ $clause }) нет верхней границы численности, поэтому `interpolate` неприменимо: укажите число из диапазона { $range } (правило I3)
price-change-outside = коэффициент изменения цен { $number } недопустим (§{ $clause }): при повышении цен он { $up }, при понижении { $down }
exclusions-none = из программы `{ $programme }` тариф не позволяет исключать услуги: уберите `{ $service }`
exclusion-unlisted = услугу `{ $service }` нельзя исключить из программы `{ $programme }`: по §{ $clause } исключаются только { $known }
exclusion-fixed = для исключения `{ $service }` из программы `{ $programme }` тариф даёт одно число, а не диапазон (§{ $clause }): оставьте код услуги без `coefficient`
exclusion-held = исключение `{ $whole }` уже содержит `{ $part }`: оставьте одно из двух (правило I10)
inclusions-none = в программу `{ $programme }` тариф не позволяет включать услуги: уберите `{ $service }`
inclusion-unlisted = услугу `{ $service }` нельзя включить в программу `{ $programme }`: по §{ $clause } включаются только { $known }
listed-twice = услуга `{ $service }` указана дважды: оставьте её один раз
clinic-programme-by-fact = при `mode = "by-fact"` программа клиники не указывается: уберите `programme` или укажите `mode = "attachment"`

## The keys of the contract file, as the template explains them

key-number = Номер договора, не длиннее 80 знаков.
key-policyholder = Страхователь.
key-start = Первый день договора.
key-end = Последний день, он входит в срок; договор длится не больше года (I15).
key-roster = Список застрахованных: файл, маска или перечень файлов, путь считается от этого файла.
key-census =
    Вместо списка — численность по вариантам, возрастам и группам риска: для предварительного расчёта. Таблицей в файле
    или прямо здесь, в конце: [[census]] с ключами plan, age (34 или "30-34"), risk_group, insured.
key-sheet = Лист книги; "*" — все листы, на которых есть список.
key-default-risk-group = Группа риска для строк, в которых она не указана (§2.5).
key-expense-load = Расходы на ведение дела, доля от 0 до 1: без неё возврат при расторжении не считается (§2.3, I22).
key-expense-basis = От чего берётся доля: "unexpired" — от взноса за неистекшие дни, "written" — от всего взноса (I22).
key-price-decrease = Если тариф снижается: "keep" — цена договора прежняя, "credit" — разница возвращается (I21).
key-headcount-basis = Численность (§2.1), когда застрахованных прикрепляют и открепляют: "inception" — коэффициент прежний, "current" — по новой численности (I28).
key-instalments = Первые дни периодов оплаты; первый из них — первый день договора.
key-choices = Место договора в диапазонах тарифа: "low" — нижний край, "mid" — середина, "high" — верхний край или число (I2).
key-columns = Заголовки списка, которые не распознаны сами: поле = заголовок, как он написан в списке.
key-plan = Вариант: код, которым его называет список, и одна или несколько программ.
key-choices-ranges = Для всех диапазонов, которые не названы отдельно; иначе — середина с пометкой, что её никто не выбирал.
key-choices-headcount = Численность (§2.1): ещё можно "interpolate" — по прямой внутри ступени (I3).
key-choices-risk = Группы риска, каждая своим номером (§2.5).
key-columns-name = Фамилия, имя и отчество в одной графе.
key-columns-surname = Фамилия отдельно.
key-columns-given-name = Имя отдельно.
key-columns-patronymic = Отчество отдельно.
key-columns-birth-date = Дата рождения.
key-columns-risk-group = Группа риска.
key-columns-plan = Вариант, кодом или названием.
key-columns-id = Табельный номер или номер полиса.
key-columns-sex = Пол.
key-columns-sum-insured = Своя страховая сумма застрахованного.
key-columns-start = Первый день своего срока застрахованного.
key-columns-end = Последний день своего срока застрахованного.
key-columns-relation = Кем приходится сотруднику.
key-columns-age = Возраст или возрастная группа в таблице численности.
key-columns-insured = Число застрахованных в таблице численности.
key-columns-action = Вид изменения: прикрепить, открепить, сменить вариант.
key-columns-phone = Телефон, для клиник.
key-columns-address = Адрес, для клиник.
key-columns-passport = Паспорт, для клиник.
key-columns-snils = СНИЛС, для клиник.
key-columns-email = Электронная почта, для клиник.
key-plan-name = Название: список может называть вариант и им.
key-plan-cover-exclude = Без чего программа продаётся (§2.6).
key-plan-cover-include = Что в неё добавлено: "office_doctor" — врач офиса, "personal_doctor" — личный врач (§2.6.7.2).
key-plan-cover-additional-services = Дополнительные услуги, коэффициент (§2.4, I14).
key-plan-cover-price-change = Изменение тарифа, коэффициент (§2.3, I13).

## Roster files

roster-unnamed = список застрахованных не указан: добавьте в договор `roster` (для предварительного расчёта по численности — `census`) или назовите файл в командной строке
roster-and-census = указаны и список (`roster`), и численность (`census`): оставьте одно — список, если он уже есть
roster-missing = файла { $path } нет, и ни один файл не подходит под такую маску: исправьте `{ $key }`
roster-io = файл не удалось прочитать: { $reason }
roster-empty = файл пуст: проверьте, тот ли это файл
roster-too-large = файл слишком велик: { $size } МБ, допускается не более { $limit } МБ. Проверьте, тот ли это файл, или разделите список на части
roster-encrypted = файл защищён паролем: снимите пароль и сохраните файл заново
roster-broken = файл повреждён или записан в незнакомом виде ({ $reason }): откройте его в Excel и сохраните как .xlsx
roster-no-workbook = это архив или документ другой программы, а не таблица: сохраните список из Excel как .xlsx
roster-bomb = в распакованном виде файл занимает неправдоподобно много места (допускается { $limit } МБ, для одной его части { $part } МБ): скопируйте таблицу в новую книгу Excel и сохраните её как .xlsx
roster-many-parts = файл состоит из слишком многих частей ({ $parts }, допускается не более { $limit }): скопируйте таблицу в новую книгу Excel и сохраните её как .xlsx
roster-spanned = листы занимают больше { $limit } ячеек или повторяют длинные тексты в очень многих: удалите то, что стоит далеко от таблицы, или откройте файл в Excel и сохраните как .xlsx
roster-wide =
    в строке { $row } слишком много столбцов, допускается не более { $limit ->
        [one] { $limit } столбца
       *[other] { $limit } столбцов
    }: проверьте, тот ли это файл, и удалите лишнее из этой строки
roster-long = в таблице есть строка { $row }, а строк бывает не более { $limit }: скопируйте таблицу в новую книгу Excel и сохраните её как .xlsx
roster-talkative =
    в ячейке { $cell } текст длиннее { $limit ->
        [one] { $limit } знака
       *[other] { $limit } знаков
    }: проверьте, не потеряны ли рядом кавычки или разделители, и сократите текст
roster-html = под этим именем сохранена веб-страница (или XML), а не таблица: откройте файл в Excel и сохраните как .xlsx
roster-binary = это не таблица и не текст: нужен файл .xlsx, .xls, .xlsb, .ods, .csv или .txt
roster-open-quote = кавычка, открытая в строке { $row }, нигде не закрыта: закройте или удалите её
guessed-encoding = кодировку файла определить не удалось, он прочитан как windows-1251: если имена искажены, сохраните файл в UTF-8 или как .xlsx
roster-nobody = ни одного застрахованного не найдено: проверьте, тот ли это файл и есть ли строки под заголовками
text-without-roster = не найдена строка с заголовками столбцов: назовите столбцы, например «ФИО», «Дата рождения», «Группа риска»
workbook-without-roster = ни на одном листе ({ $sheets }) не найдена строка с заголовками столбцов: назовите столбцы, например «ФИО», «Дата рождения», «Группа риска»
sheet-without-roster = на листе «{ $sheet }» не найдена строка с заголовками столбцов: назовите столбцы, например «ФИО», «Дата рождения», «Группа риска», или исправьте `sheet` в договоре
sheet-missing = листа «{ $sheet }» нет, есть { $sheets }: исправьте `sheet` в договоре
several-sheets = списки есть на нескольких листах (в скобках число строк): { $sheets }. Укажите в договоре один лист, например `sheet = "{ $first }"`, или все: `sheet = "*"`
hidden-sheet = лист «{ $sheet }» скрыт, но прочитан: если он не нужен, удалите его или назовите в договоре другой (`sheet`)
merged-cells = ячейки { $cells } ({ $count }) объединены по строкам: значение есть только в первой строке, в остальных пусто; отмените объединение и заполните каждую строку
skipped-row = строки { $rows } ({ $count }) пропущены как подписи, но после них есть застрахованные: если это человек, укажите дату рождения, иначе перенесите строку под таблицу
unread-sheet = лист «{ $sheet }» не прочитан: ни в одной его строке нет известных заголовков; если на нём есть нужные строки, дайте столбцам обычные названия, иначе удалите этот лист или назовите тот, который нужно прочитать
hidden-row = в скрытых строках { $rows } есть застрахованные ({ $count }): они прочитаны, как и видимые; если их скрыл фильтр и в списке они не нужны, удалите строки, иначе покажите их
hidden-column = скрытые столбцы прочитаны, как и видимые ({ $count }): { $columns }; если данные в них устарели, удалите столбцы, иначе покажите их

## Columns

missing-column = нет столбца «{ $usual }»: добавьте его или укажите, какой столбец имеется в виду, строкой `{ $field } = "заголовок"` в `[columns]` договора. Заголовки списка: { $headings }
missing-column-near = нет столбца «{ $usual }», но похож столбец «{ $heading }»: если это он, добавьте в `[columns]` договора строку `{ $field } = "{ $heading }"` или переименуйте столбец
missing-column-named = нет столбца «{ $heading }», который договор называет в `[columns]` для поля «{ $usual }»: исправьте там `{ $field }` или добавьте столбец
same-columns = у столбцов { $first_column } и { $second_column } одно название, «{ $first }», и оба подходят для поля «{ $usual }»: переименуйте или удалите лишний
ambiguous-column = столбцы { $first_column } («{ $first }») и { $second_column } («{ $second }») оба подходят для поля «{ $usual }»: переименуйте лишний или выберите один строкой `{ $field } = "{ $first }"` в `[columns]` договора
unknown-column = столбец «{ $heading }» не распознан и не учитывается: если он нужен, дайте ему обычное название или укажите его в `[columns]` договора

## Rows

missing-name = ФИО не указано или указано не полностью: впишите фамилию, имя и отчество (при наличии)
formula-fault = формула в ячейке даёт ошибку { $fault }: исправьте формулу или впишите значение
formula-uncalculated = в ячейке формула, а её результат в файле не сохранён: откройте файл в Excel, дождитесь пересчёта и сохраните его, или впишите значение
id-rounded = Excel хранит только 15 цифр числа, и последние цифры номера потеряны: задайте ячейке текстовый формат и впишите номер заново
mixed-alphabet = в ФИО смешаны русские и латинские буквы: похожие латинские прочитаны как русские; наберите ФИО заново одним алфавитом
missing-birth-date = дата рождения не указана: впишите её, например 05.06.1990
date-two-digit-year = год записан двумя цифрами, век неизвестен: напишите год полностью, например 05.06.1990
date-no-such-day = такого дня в календаре нет: проверьте день и месяц, пишите день.месяц.год, например 05.06.1990
date-unreadable = дату не удалось прочитать: напишите её как день.месяц.год, например 05.06.1990
excel-serial-date = вместо даты в ячейке число, оно прочитано как дата Excel: проверьте её и задайте ячейке формат «Дата»
birth-date-too-early = дата рождения раньше { $year } года: проверьте год
birth-date-after-cover = дата рождения позже { $day }, а застрахованный должен родиться не позже первого дня страхования: проверьте дату
missing-age = возраст не указан: впишите число или диапазон, например 30–39
bad-age = возраст не прочитан: нужно число полных лет или диапазон, например 34 или 30–39; если Excel превратил диапазон в дату, задайте ячейке текстовый формат и наберите его заново
age-range-apart = тариф различает возрасты внутри этого диапазона: разделите строку на { $bands }
missing-count = число застрахованных не указано: впишите его целым числом
bad-count = число застрахованных не прочитано: нужно целое число, например 120
census-nobody = число застрахованных равно 0, а нужен хотя бы 1: исправьте число или удалите эту группу
census-too-large = слишком много застрахованных, во всей таблице их может быть не более { $limit }: проверьте число
missing-risk-group = группа риска не указана: впишите её цифрой
bad-risk-group = такой группы риска нет: впишите одну из { $known }
missing-plan = вариант страхования не указан: впишите один из { $known }
unknown-plan = такого варианта страхования в договоре нет: впишите один из { $known }
bad-sum-insured = страховая сумма не читается или недопустима: напишите число больше 0 и не больше { $limit }, не более двух знаков после запятой, например 120000 или 120000,50
sum-insured-several-covers = в варианте { $plan } несколько программ, и своя страховая сумма для него недопустима: очистите ячейку или укажите другой вариант
cover-dates-order = страхование заканчивается раньше, чем начинается: проверьте обе даты
cover-dates-outside = день вне возможного срока страхования: укажите день с { $start } по { $end } или оставьте ячейку пустой
duplicate-insured = человек с таким ФИО и датой рождения уже есть в строке { $row }{ $sheet }: удалите лишнюю строку или исправьте данные
similar-insured = с той же датой рождения и почти таким же ФИО есть человек в строке { $row }{ $sheet }: проверьте, не один ли это человек, и удалите лишнюю строку
duplicate-id = такой же номер уже указан у другого человека в строке { $row }{ $sheet }: проверьте номер в обеих строках
in-sheet = { " " }({ $sheet })

## Row checks against the tariff

age-outside-tariff = на первый день страхования застрахованный старше предельного возраста тарифа (в полных годах — { $last }, §{ $clause }): строка передаётся на рассмотрение андеррайтера
age-outside-programme = на первый день страхования застрахованный старше предельного возраста программы { $programme } (в полных годах — { $last }, §{ $clause }): проверьте возраст (дату рождения) или выберите другой вариант
exclusion-not-at-age = для этого возраста тариф не предусматривает исключения «{ $service }» из программы { $programme } (§{ $clause }): проверьте возраст (дату рождения) или выберите другой вариант
sex-and-programme = программа { $programme } не предназначена для указанного пола: проверьте пол и вариант

## The screen

progress-reading = чтение списка
progress-writing = запись премий
written-to = результат: { $path }
preliminary-notice = Предварительный расчёт: учтены только строки, которые можно оценить, численность посчитана по ним же.
census-notice = Предварительный расчёт по численности: список застрахованных ещё не проверен.
refused-rows = Премия не рассчитана: в списке есть ошибки или строки для андеррайтера. Исправьте список или запустите с --preliminary, чтобы оценить только верные строки.
refused-all-rows = Премия не рассчитана: в списке нет ни одной строки, которую можно оценить. Исправьте названное выше, а строки для андеррайтера передайте ему.
refused-unread = Премия не рассчитана: список прочитан не целиком, и неизвестно, кого в нём не хватает. Исправьте названное выше.
more-diagnostics = ещё { $count ->
    [one] { $count } замечание
    [few] { $count } замечания
   *[many] { $count } замечаний
  }; всего по видам: { $counts }
more-faults = ещё { $count ->
    [one] { $count } ошибка
    [few] { $count } ошибки
   *[many] { $count } ошибок
  }: исправьте показанные, и в следующий раз будут показаны остальные
rows-counted = Строк прочитано { $read }: оценено { $priced }, андеррайтеру { $referred }, отклонено { $rejected }
rows-skipped = { $count ->
    [one] Пропущена { $count } строка
    [few] Пропущены { $count } строки
   *[many] Пропущено { $count } строк
  } без застрахованных: { $rows }
skip-blank = пустая
skip-sub-heading = подзаголовок
skip-total = итог
skip-signature = подпись
skip-column-numbers = номера колонок
skip-unfilled = незаполненная
skip-repeated-headings = повтор заголовков
skip-units = единицы и образцы значений
skip-footer = строка формы: сноска, дата печати, номер страницы
skip-end-mark = знак конца файла
columns-understood = { $sheet }: заголовки в строке { $row }: { $columns }
summary-head = Договор { $number } · { $policyholder } · { $start }–{ $end }
summary-headcount = Застрахованных { $headcount }, строк премии { $lines }; коэффициент численности { $coefficient } из { $range } (§{ $clause })
summary-not-chosen = Коэффициент численности в договоре не выбран: взята середина диапазона
summary-premium = Страховая премия { $premium }; коридор тарифа от { $low } до { $high }
summary-instalments = Взносы:
heading-plan = Вариант
heading-name = Название
heading-insured = Застрахованных
heading-premium = Премия
heading-programme = Программа
heading-base-rate = Базовая ставка
heading-headcount = Застрахованных
heading-coefficient = Коэффициент
heading-age = Возраст, полных лет
heading-risk = Группа риска
heading-service = Услуга
tariff-edition = { $title }
    Редакция { $edition }, действует с { $from }
tariff-proved = Тариф { $edition } полон и непротиворечив: { $programmes ->
    [one] { $programmes } программа
    [few] { $programmes } программы
   *[many] { $programmes } программ
  }
tariff-price-change = вверх { $up }, вниз { $down }
clause-base = Базовые ставки, руб. со 100 руб. страховой суммы за год
clause-headcount = По количеству застрахованных
clause-age = По возрасту
clause-price-change = При изменении цен на медицинские услуги
clause-additional = За дополнительные услуги
clause-risk = По группе риска
clause-exclusions = Исключения из программы { $programme }
clause-inclusions = Включения в программу { $programme }
clause-collective = Коллективный договор по программе { $programme }
severity-error = ошибка
severity-referral = андеррайтеру
severity-warning = внимание
checked-summary-sheet = Замечания
checked-title = Замечания к списку застрахованных
checked-kind = Вид
checked-severity = Важность
checked-count = Сколько
checked-example = Где в первый раз и что исправить
checked-apart = Замечания к файлам, листам и заголовкам: рядом со строками они не показаны
checked-more = и ещё { $count ->
    [one] { $count } замечание
    [few] { $count } замечания
   *[many] { $count } замечаний
  }
checked-reason-heading = Ошибки

## The offer in PDF

template-fault = ошибка шаблона: { $reason }
template-fault-hint = ошибка шаблона: { $reason }. Подсказка: { $hint }
face-missing = в предложении встречаются знаки, которых нет в шрифтах: { $letters } — замените их в файле договора (`policyholder`, `name` варианта) или положите шрифт с ними рядом со своим шаблоном (`--template`)

## The underwriter's desk

factor-base = Базовая ставка
factor-headcount = Численность { $headcount }
factor-age = Возраст { $ages }
factor-risk = Группа риска { $group }
factor-price-change = Изменение цен
factor-additional = Дополнительные услуги
factor-exclusion = Без услуг: { $services }
factor-inclusion = Включено: { $service }
factor-collective = Коллективный договор
chosen-by-tariff = тариф
chosen-by-contract = договор
chosen-by-ranges = общее указание
chosen-by-default = не выбран, середина
heading-factor = Множитель
heading-chosen-by = Кем задан
heading-clause = Пункт
heading-range = Диапазон
heading-value = Значение
heading-product = Произведение
heading-bounds = Границы
heading-now = Сейчас
heading-premium-now = Премия сейчас, ₽
heading-needed = Нужно
heading-then = Премия тогда, ₽
heading-difference = Разница, ₽
heading-band = Полоса
heading-coefficient-short = Коэф.
heading-change = ±
heading-per-insured = На одного, ₽
heading-premium-present = Нынешние, ₽
heading-premium-then = Все, ₽
heading-at-low = По нижней, ₽
heading-at-high = По верхней, ₽
insured-not-found = Никого с такой строкой, номером или ФИО в списке нет: проверьте написание
insured-several =
    Под это { $count ->
        [one] подходит { $count } строка
        [few] подходят { $count } строки
       *[many] подходит { $count } строк
    }: укажите файл или лист и строку, например «roster.xlsx:17»
insured-not-priced = Премия этого застрахованного не рассчитана: исправьте строку
insured-place = { $sheet }, строка { $row }
insured-place-id = { $sheet }, строка { $row }, № { $id }
explain-head =
    Вариант { $plan } · { $age ->
        [one] { $age } год
        [few] { $age } года
       *[many] { $age } лет
    } · группа риска { $group }
explain-programme = Программа { $programme }. { $name }
explain-premium =
    Ставка { $rate } руб. на 100 руб. страховой суммы за год
    { $sum } / 100 × ставка × { $days } / { $year } дней = { $unrounded } → { $premium }
explain-total = Всего по варианту { $premium }
programme-not-covered = Программы { $programme } в варианте { $plan } нет: укажите одну из { $known }
cell-plan-missing = В договоре несколько вариантов: укажите --plan, один из { $known }
cell-plan-unknown = Варианта { $plan } в договоре нет: укажите один из { $known }
cell-risk-missing = Укажите группу риска (--risk), одну из { $known } (§{ $clause })
cell-age-outside = Возраст за пределами тарифа: последний в полных годах { $last } (§{ $clause }), дальше решает андеррайтер
contract-new-refused = такой договор не был бы принят ({ $reason }): исправьте `--number`, `--policyholder` или `--start`
amount-unreadable = Сумма «{ $amount }» не читается: напишите число рублей больше 0, например 40000000 или 40000000,50
range-factor-headcount = Численность
range-factor-base-rate = Базовая ставка: вариант { $plan }, программа { $programme }
range-factor-exclusion = Исключение «{ $service }»: вариант { $plan }, программа { $programme }
range-factor-unknown = Диапазона { $range } у этого договора нет: здесь возможны { $known }
target-outside = Цель { $aim } недостижима: в этих диапазонах премия может быть от { $low } до { $high }. Измените цель, освободите другие диапазоны или поменяйте варианты
target-head = Цель { $aim }; сейчас { $now }; достижимо от { $low } до { $high }
target-exact = точно
target-below = на { $off } меньше цели
target-above = на { $off } больше цели
target-reached = Премия { $premium }: { $off }. Пройдено { $share } % пути от нижних границ к верхним
target-paste = Раздел для файла договора, вместо прежнего:
target-paste-cover = вариант { $plan }, программа { $programme }:
outlook-headcount = Численность: { $headcount } (§{ $clause })
outlook-bands-note = «Нынешние» — те же застрахованные по этому коэффициенту; «все» — вся такая численность, если состав в среднем тот же
outlook-renewal = Дни рождения к возобновлению { $day } (§{ $clause })
outlook-census = Дни рождения по численности неизвестны: кто перейдёт в другую возрастную группу, покажет список застрахованных
outlook-movers-census = В списке только заголовок: по численности неизвестно, кого касается возобновление
outlook-no-change = Никто не переходит в другую возрастную группу
outlook-renewal-sum =
    { $count ->
        [one] { $count } застрахованный перейдёт
       *[many] { $count } застрахованных перейдут
    } в другую возрастную группу: { $difference } к премии за те же дни
outlook-past-tariff =
    { $count ->
        [one] { $count } застрахованный старше { $last } лет перейдёт к андеррайтеру
       *[many] { $count } застрахованных старше { $last } лет перейдут к андеррайтеру
    }; премия сейчас { $premium }
outlook-past-programme =
    { $count ->
        [one] { $count } застрахованный вырастет из своих программ
       *[many] { $count } застрахованных вырастут из своих программ
    }; премия сейчас { $premium }
outlook-ranges = Что дают диапазоны тарифа, каждый в отдельности

## A saved quote

written-unusable = папка { $path }: { $reason }
written-no-quote = здесь нет расчёта: укажите папку, в которую его записала команда `kollektiv quote`
written-refused = по этому договору премия не рассчитана: исправьте список застрахованных и выполните `kollektiv quote` ещё раз
written-without-lines = в расчёте нет файла premiums.csv: выполните `kollektiv quote` ещё раз с `--format csv,parquet`
written-older = расчёт записан более старой версией программы и неполон: выполните `kollektiv quote` ещё раз
written-changed = файл { $file } изменён, повреждён или удалён после расчёта: верните его или выполните `kollektiv quote` ещё раз

## Comparing two quotes

cause-left = Откреплены
cause-joined = Прикреплены
cause-plan = Смена варианта
cause-covers = Программы варианта
cause-term = Срок и дни страхования
cause-sum_insured = Страховая сумма
cause-age_band = Возрастная группа
cause-risk_group = Группа риска
cause-headcount_band = Полоса численности
cause-base = Базовая ставка
cause-headcount = Коэффициент численности
cause-age = Коэффициент возраста
cause-risk = Коэффициент группы риска
cause-price_change = Изменение цен
cause-additional_services = Дополнительные услуги
cause-exclusions = Исключения
cause-inclusions = Включения
cause-collective = Коллективный договор
compare-preliminary = Предварительный расчёт ({ $quotes }): премия известна только для проверенных строк списка или по численности, и разница ещё изменится
compare-before = было
compare-after = стало
compare-written = { $path } — записанный расчёт, он сравнивается как есть: уберите для него список и тариф или назовите вместо папки файл договора
compare-same = Расчёты совпадают до копейки
compare-same-premiums =
    Премии совпадают до копейки, но { $count ->
        [one] { $count } застрахованный сменил вариант
       *[many] { $count } застрахованных сменили вариант
    }
compare-difference = Всего
compare-plan = Вариант { $plan }: было { $before }, стало { $after }, разница { $difference }
moved-same = та же
moved-fell = ниже на { $low }–{ $high } %
moved-fell-over = ниже более чем на { $low } %
moved-rose = выше на { $low }–{ $high } %
moved-rose-over = выше более чем на { $low } %
heading-quote = Расчёт
heading-contract = Договор
heading-term = Срок
heading-premium-roubles = Премия, ₽
heading-cause = Причина
heading-moved = Премия застрахованного

## Documents

document-written = документ: { $path }
book-title = Расчёт страховой премии { $number }
book-about = Договор { $number } · { $policyholder } · { $start }–{ $end }
book-agrees = сходится
book-at-half = полкопейки
book-disagrees = НЕ СХОДИТСЯ
book-too-long = больше 15 цифр
book-summary = Сводка
book-summary-title = Расчёт страховой премии
book-status = Состояние
book-issued = рассчитан полностью
book-preliminary = предварительный
book-tariff = Тариф
book-roster = Список застрахованных
book-lines = Строк премии
book-year-days = Дней в году договора
book-corridor-low = Наименьшая по тарифу
book-corridor-high = Наибольшая по тарифу
book-corridor-place = Место в коридоре тарифа
book-proof = Проверка расчёта в Excel
book-proof-of = Что проверено
book-proof-by-excel = Вычислил Excel
book-lines-agree = Строк, где формула сходится с премией
book-lines-at-half = Строк на границе полкопейки
book-lines-disagree = Строк, где НЕ сходится
book-lines-summed = Сумма премий всех строк
book-proof-note = Премия строки = ROUND(страховая сумма / 100 × ставка × дней / { $days }; 2), где ставка — произведение множителей с листа ставок. Премия рассчитана точно, без двоичных дробей; Excel считает дробями примерно из 15 цифр. Если до округления получается ровно полкопейки, Excel может округлить в другую сторону: такая строка помечена «полкопейки», и верна премия, а не формула. Всё остальное, что отличается хотя бы на копейку, помечено «НЕ СХОДИТСЯ».
book-instalments = Взносы
book-period-from = Период с
book-period-to = по
book-amount = Сумма
book-share = Доля
book-total = Итого
book-chart-programmes = Премия по программам, ₽
book-chart-plans = Премия по вариантам, ₽
book-chart-instalments = Взносы по периодам, ₽
book-chart-ages = Застрахованные по возрасту
book-chart-ages-premium = Премия по возрасту, ₽
book-plans = Варианты и программы
book-plans-title = Варианты страхования и программы
book-programmes = Программы
book-covers = Состав вариантов
book-total-sum-insured = Страховые суммы, всего
book-sum-insured = Страховая сумма
book-summed = Сумма строк, Excel
book-check = Проверка
book-excluded = Исключено
book-included = Включено
book-collective-sheet = Возраст и риск
book-collective-title = Коллектив по возрасту и группам риска
book-by-count = Застрахованных
book-by-premium = Премия, ₽
book-age-band = Возраст, полных лет
book-risk-group = Группа риска { $group }
book-premiums = Премии
book-premiums-title = Застрахованные и их премии
book-premiums-part = Застрахованные и их премии, лист { $part } из { $parts }: на одном листе Excel больше строк не помещается
book-number = №
book-roster-row = Строка списка
book-id = Номер
book-name = ФИО
book-birth-date = Дата рождения
book-age-years = Полных лет
book-start = Начало
book-end = Окончание
book-days = Дней
book-rate-number = № ставки
book-rate = Ставка
book-formula = Премия, формула
book-rates = Ставки
book-rates-title = Ставки договора: рублей со 100 рублей страховой суммы за год
book-age-from = Возраст с
book-age-to = по
book-base = Базовая ставка
book-headcount = Численность
book-age = Возраст
book-risk = Риск
book-price-change = Изменение цен
book-additional = Доп. услуги
book-exclusions = Исключения
book-inclusions = Включения
book-collective = Коллективный договор
book-product = Ставка, формула
book-exact-rate = Точная ставка
book-coefficients = Коэффициенты
book-coefficients-title = Коэффициенты, их диапазоны и пункты тарифа
book-applies-to = К чему относится
book-value = Значение
book-low = Диапазон с
book-high = по
book-chosen-by = Кто выбрал
book-clause = Пункт тарифа
book-rule = Правило
book-by-contract = назван в договоре
book-by-ranges = общее указание договора
book-by-nobody = не выбран: середина
book-of-headcount = весь договор, застрахованных { $headcount }
book-of-cover = вариант { $plan }, программа { $programme }
book-at-ages = возраст { $ages }
book-diagnostics-none = Замечаний к списку застрахованных нет
book-file = Файл
book-sheet = Лист
book-row = Строка
book-column = Столбец
book-found = Значение
book-message = Что не так и что исправить
book-origin = Происхождение
book-origin-title = Из чего сделан расчёт
book-what = Что
book-sha256 = SHA-256
book-program = Программа
book-contract-file = Файл договора
book-roster-file = Файл списка
book-written-file = Файл расчёта { $name }
book-bytes = { $bytes ->
    [one] { $bytes } байт
    [few] { $bytes } байта
   *[many] { $bytes } байт
  }
page-filter = Найти в таблице
page-close = Закрыть
page-heat = Застрахованные по возрасту и группам риска
page-risk = Риск { $group }
page-groups = Группы застрахованных
page-groups-hint = Нажмите на ставку, чтобы увидеть, из чего она получена.
page-derivation = Вариант { $plan }, программа { $programme }, возраст { $ages }, группа риска { $group }
page-range = Диапазон
page-more-diagnostics = Ещё { $count ->
    [one] { $count } замечание
    [few] { $count } замечания
   *[many] { $count } замечаний
  } в diagnostics.csv

## Clinics

category-twice = категория `{ $code }` уже есть: дайте другой код
categories-none = нет ни одной категории услуг: добавьте `[[category]]`
clinic-twice = клиника `{ $code }` уже есть: дайте другой код
clinics-none = нет ни одной клиники: добавьте `[[clinic]]`
tariff-service-unknown = в тарифе нет услуги `{ $service }`: укажите одну из { $known }
price-list-none = у клиники `{ $clinic }` нет прейскуранта: добавьте `[[clinic.service]]`
list-price = цена — от 0 до { $limit }, не больше двух знаков после запятой
service-named-twice = `{ $service }` — код или название двух услуг прейскуранта: переименуйте одну из них
category-unknown = нет категории `{ $category }`: укажите одну из { $known }
service-unlisted = в прейскуранте нет услуги `{ $service }`: укажите её код или название или добавьте её в `[[clinic.service]]`
clinic-programme-twice = программа клиники `{ $code }` уже есть: дайте другой код
clinic-programme-empty = в программе клиники `{ $programme }` нет ни одной услуги: добавьте `services` или `categories`
discount-range = скидка — в процентах, больше 0 и не больше 100, не больше двух знаков после запятой (I24)
clinic-field-unknown = нет поля `{ $field }`: в `[clinic.columns]` слева стоит одно из { $known }, а справа — заголовок клиники
plan-clinic-unknown = вариант `{ $plan }` направляет в клинику `{ $clinic }`, а такой нет: исправьте `clinic` в договоре на одну из { $known } или добавьте клинику в файл клиник
plan-programme-unknown = вариант `{ $plan }` прикрепляет к программе `{ $programme }` клиники `{ $clinic }`, а такой нет: укажите в договоре одну из { $known }
clinics-checked = клиник: { $clinics }, услуг: { $services }, программ прикрепления: { $programmes }. Ошибок нет
clinics-contract-checked = { $path }: клиники и программы вариантов на месте
clinics-contract-refused = { $path }: { $count ->
    [one] { $count } ссылка ведёт
    [few] { $count } ссылки ведут
   *[many] { $count } ссылок ведут
  } мимо файла клиник
clinic-missing-column = нет столбца «{ $usual }»: добавьте его или укажите, какой столбец имеется в виду, строкой `{ $field } = "заголовок"` в `[clinic.columns]` этой клиники. Заголовки таблицы: { $headings }
clinic-missing-column-near = нет столбца «{ $usual }», но похож столбец «{ $heading }»: если это он, добавьте в `[clinic.columns]` этой клиники строку `{ $field } = "{ $heading }"` или переименуйте столбец
clinic-missing-column-named = нет столбца «{ $heading }», который назван в `[clinic.columns]` для поля «{ $usual }»: исправьте там `{ $field }` или добавьте столбец
clinic-ambiguous-column = столбцы { $first_column } («{ $first }») и { $second_column } («{ $second }») оба подходят для поля «{ $usual }»: переименуйте лишний или выберите один строкой `{ $field } = "{ $first }"` в `[clinic.columns]` этой клиники
clinic-unknown-column = столбец «{ $heading }» не распознан и не учитывается: если он нужен, дайте ему обычное название или укажите его в `[clinic.columns]` этой клиники
register-empty = под заголовками нет ни одной строки с услугой: проверьте, тот ли это файл
register-without-table = не найдена строка с заголовками столбцов: назовите столбцы, например «ФИО», «Дата рождения», «Дата услуги», «Услуга», «Стоимость»
register-several-sheets = таблицы есть на нескольких листах (в скобках число строк): { $sheets }. Выберите один, например `--sheet "{ $first }"`, или все: `--sheet "*"`
register-sheet-missing = листа «{ $sheet }» нет, есть { $sheets }: исправьте `--sheet`
register-refused = { $count ->
    [one] в таблице { $count } ошибка
    [few] в таблице { $count } ошибки
   *[many] в таблице { $count } ошибок
  }, поэтому ни одна строка не рассмотрена: исправьте отмеченное в { $file } и пришлите таблицу снова
missing-patient = не указано, кому оказана услуга: нужен номер полиса или фамилия, имя, отчество и дата рождения
missing-patient-birth-date = номера полиса нет, поэтому нужна дата рождения: впишите её, например 05.06.1990
missing-service = не указана услуга: впишите её код или название по прейскуранту
missing-day = нет даты услуги: впишите её, например 05.06.2026
bad-quantity = количество не читается: нужно целое число от 1 до { $limit }
missing-price = нет цены: впишите её, например 3500,00
bad-price = цена не читается: нужно число от 0 до { $limit }, не больше двух знаков после запятой
bad-amount = стоимость { $amount } — не цена, умноженная на количество ({ $counted }): исправьте одно из трёх
total-differs = итог под таблицей { $total }, а сумма её строк { $sum }: проверьте, все ли строки на месте
right-insured = застрахован
right-employee = сотрудник, чьё страхование ещё не началось
right-next-of-kin = супруг(а) или ребёнок сотрудника
verdict-advance = оплачено авансом
verdict-letter = по гарантийному письму
verdict-needs-agreement = нужно согласование
verdict-letter-expired = письмо истекло
verdict-call-dispatcher = через диспетчера
verdict-outside-programme = вне программы
verdict-loyalty = по программе лояльности
verdict-not-in-force = не застрахован в этот день
verdict-unknown = не найден
verdict-duplicate = повтор
verdict-price = дороже прейскуранта
payer-advance = Оплачено авансом
payer-insurer = За счёт страховщика
payer-patient = За счёт пациента
payer-discount = Скидка клиники
payer-disputed = Оспаривается
payer-uncleared = До выяснения
reason-price = по прейскуранту { $listed }, { $difference } сверх него оспаривается; в остальном: { $ground }
reason-unlisted = такой услуги нет в прейскуранте, или код и название — двух разных услуг: укажите услугу по прейскуранту
reason-duplicate = та же услуга тому же пациенту в тот же день уже в строке { $row }{ $sheet }: подтвердите, что она оказана дважды
reason-loyalty = { $right }: скидка { $discount } %
reason-not-in-force = страхование с { $first } по { $last }
reason-advance = в программе прикрепления { $programme }
reason-letter = письмо { $number }, действует по { $last }
reason-outside-programme = услуги нет в программе прикрепления { $programme }
reason-clinic-unnamed = вариант { $plan } не обслуживается в этой клинике
reason-not-covered = программы варианта { $plan } не содержат услуг «{ $category }»
reason-less-discount = { $why }; скидка { $discount } %
reason-in-full = { $why }; скидки на такие услуги нет
reason-needs-agreement = письмо { $number }, действующее по { $last }, этой услуги не называет: согласуйте её с диспетчером страховщика
reason-letter-expired = письмо { $number } действовало по { $last }: запросите новое у диспетчера страховщика
reason-call-dispatcher = обслуживание по факту, письма на эту услугу нет: пациенту нужно позвонить диспетчеру страховщика
match-not-found = застрахованный не найден ни по полису, ни по фамилии, имени, отчеству и дате рождения: проверьте их
match-policy-of-another = полис с таким номером — другого человека: проверьте номер, имя и дату рождения
match-policy-differs = у застрахованного с таким именем и датой рождения другой полис: проверьте номер
match-ambiguous = { $count ->
    [one] { $count } застрахованный
    [few] { $count } застрахованных
   *[many] { $count } застрахованных
  } с таким именем и датой рождения: укажите номер полиса
routing-advance = оплачено авансом
routing-letter = по гарантийному письму
routing-dispatcher = через диспетчера страховщика
routing-own-cost-less-discount = за свой счёт со скидкой
routing-own-cost = за свой счёт
routing-unlisted = нет в прейскуранте
route-unlisted = такой услуги нет в прейскуранте: спросите по её коду
route-unlisted-near = такой услуги нет в прейскуранте; похожа «{ $near }»: если это она, спросите по коду { $code }
route-until-agreed = { $reason }; до согласования за счёт пациента
letter-clinic-unnamed = вариант { $plan } не направляет в клинику { $clinic }: письма быть не может
letter-in-advance = услуга { $service } уже оплачена авансом в программе прикрепления { $programme }: письмо не нужно
letter-service-excluded = услуги { $service } («{ $category }») нет в программах застрахованного: письма быть не может
letter-not-in-force = в день письма не застрахован: страхование с { $first } по { $last }
letter-first-unknown = у застрахованного нет письма { $number } в эту клинику, к которому нужно дополнение: исправьте номер
request-clinic-unsaid = не указана клиника: добавьте столбец «Клиника» или `--clinic`, одну из { $known }
request-clinic-unknown = нет клиники «{ $clinic }»: укажите одну из { $known }
request-day-unsaid = не указан день письма: добавьте столбец «Дата письма» или `--issued`
request-service-unlisted = в прейскуранте клиники { $clinic } нет услуги «{ $service }», или код и название — двух разных услуг

## A price change

changes-none = в файле нет ни одного `[[change]]`: назовите в нём программы и коэффициент изменения цен
change-id-form =
    по обозначению изменения цен называется папка: в нём допускается не более { $limit ->
        [one] { $limit } знака
       *[other] { $limit } знаков
    } — буквы, цифры, `-`, `_` и `.`, первой буква или цифра
change-too-early = новые цены начинаются раньше чем через месяц после уведомления { $notified }: самый ранний допустимый день — { $earliest } (§{ $clause }, правило I18)
change-programmes-none = список программ пуст: укажите их коды или `["*"]` — все программы
change-programme-twice = `{ $programme }`: эту цену уже меняет `{ $before }` в строке { $line }, а у программы может быть только один коэффициент: оставьте её в одном месте

## Payments

payments-heading-number = «Номер договора»
payments-heading-date = «Дата»
payments-heading-amount = «Сумма»
payments-without-table = не найдена строка с заголовками столбцов: назовите их «Номер договора», «Дата» и «Сумма»
payments-column-missing = нет столбца { $heading }: добавьте его или назовите так тот, в котором это записано
payments-column-twice = столбец { $heading } есть ещё раз, первый — { $first }: переименуйте или удалите лишний
payments-several-sheets = платежи есть на нескольких листах ({ $sheets }): оставьте в книге один из них
payments-hidden-sheet = платежи прочитаны со скрытого листа «{ $sheet }»: если имелся в виду другой лист, верните портфель из резервной копии и уберите этот лист из книги
payments-hidden-row = в скрытых строках { $rows } есть платежи ({ $count }): они прочитаны, как и видимые; если их скрыл фильтр и учитывать их не нужно, верните портфель из резервной копии и удалите строки, иначе покажите их
payments-none = под заголовками нет ни одного платежа: проверьте, тот ли это файл
payment-without-number = не указан номер договора: впишите его
payment-number-rounded = Excel не хранит больше 15 цифр, последние цифры номера потеряны: задайте столбцу текстовый формат и впишите номер заново
payment-without-date = не указана дата платежа: впишите её
payment-without-amount = не указана сумма платежа: впишите её
payment-negative = сумма платежа отрицательна: возвраты страхователю здесь не учитываются, уберите эту строку
payment-amount = сумма платежа — число рублей больше 0 и не больше { $limit }, не более двух десятичных знаков: исправьте её
book-terms-missing = в портфеле нет условий договора { $number }, или программа не может их прочесть: восстановите портфель из копии
list-sheet = Прикреплены
list-title = Список прикреплённых на обслуживание
list-about = { $clinic }; на { $day }; { $count ->
    [one] { $count } застрахованный
    [few] { $count } застрахованных
   *[many] { $count } застрахованных
  }
list-attach-sheet = Прикрепить
list-attach-title = Прикрепить на обслуживание
list-detach-sheet = Открепить
list-detach-title = Снять с обслуживания
list-moved-sheet = Другие сроки
list-moved-title = Прикреплены по-прежнему, с другими сроками
list-changes-about = { $clinic }; с { $since } по { $day }; { $count ->
    [one] { $count } застрахованный
    [few] { $count } застрахованных
   *[many] { $count } застрахованных
  }
list-sum-sheet = Сверка
list-sum-title = Были прикреплены + прикрепить − открепить = прикреплены
list-sum-about = с { $since } по { $day }
list-total = Всего
list-before = Были прикреплены
list-attach = + прикрепить
list-detach = − открепить
list-today = Прикреплены
list-place = №
list-name = Фамилия, имя, отчество
list-birth-date = Дата рождения
list-policy = № полиса
list-phone = Телефон
list-email = Эл. почта
list-address = Адрес
list-passport = Паспорт
list-snils = СНИЛС
list-programme = Программа
list-programme-name = Название программы
list-first-day = Действует с
list-last-day = Действует по
settled-sheet = Итоги
settled-title = Реестр рассмотрен
settled-about = { $clinic }; { $file }
settled-verdict = Вердикт
settled-reason = Основание
settled-rows = Строк
settled-amount = Стоимость
settled-total = Всего
lists-since = `--since` — день раньше { $day }
lists-empty = Ни к одной клинике никто не прикреплён: списков нет
clinic-unsaid = клиник несколько: выберите одну с помощью `--clinic`, одну из { $known }
route-day-unsaid = не указан день: добавьте столбец «Дата услуги» или `--day`
route-answer = { $service }: { $way } ({ $reason }). Цена { $price }, пациент платит { $pays }
loyalty-right = Право на скидку: есть ({ $right })
loyalty-none = Права на скидку нет: { $reason }
loyalty-outside = в этот день не застрахован; не сотрудник, чьё страхование ещё начнётся, и не супруг(а) и не ребёнок сотрудника
letter-left-out = в письме есть знаки, которых нет в шрифтах: { $letters } — положите шрифт с ними рядом со своим шаблоном (`--template`)
letter-not-written = письмо { $number } выдано, но документ не составлен: в нём есть знаки, которых нет в шрифтах: { $letters } — положите шрифт с ними рядом со своим шаблоном (`--template`) и повторите
letter-refused = строка { $row }{ $sheet }: отказано: { $reason }
letters-issued = Выдано писем: { $issued }. Запросов, на которые письма уже есть: { $before }. Отказано: { $refused }
letters-written = { $count ->
    [one] записан { $count } документ
    [few] записано { $count } документа
   *[many] записано { $count } документов
  } в { $path }
heading-clinic = Клиника
heading-file = Файл
heading-discount = Скидка
heading-categories = На что
heading-right = Право на скидку
heading-people = Человек
heading-row = Строка
heading-way = Порядок
heading-patient-pays = Платит пациент

## Endorsements

missing-action = не указано, что сделать: впишите «прикрепить», «открепить» или «сменить вариант»
bad-action = неизвестно, что сделать: впишите «прикрепить», «открепить» или «сменить вариант»
not-insured = такого застрахованного в договоре нет: проверьте номер, ФИО и дату рождения
ambiguous-insured = подходит не один застрахованный: впишите номер, по которому его не спутать
another-insured = номер и ФИО с датой рождения указывают не на одного и того же застрахованного: исправьте строку
already-insured = этот застрахованный или этот номер в договоре уже есть: уберите строку или исправьте её
changed-twice = с этим застрахованным уже что-то происходит в строке { $row }: оставьте одну строку
same-plan = застрахованный уже на варианте { $plan }: уберите строку или укажите другой вариант
endorse-number = договора { $number } в портфеле нет: проверьте номер
endorse-day = день изменений вне срока договора { $number } ({ $first } — { $last }): исправьте `--on`
endorse-ended = договор { $number } прекращён { $ended } при отказе от изменения цен: изменить его нельзя
endorse-earlier = договор { $number } уже изменён с { $last }: более ранний день невозможен, укажите этот или более поздний (`--on`)
endorse-load = в договоре { $number } не названа доля расходов на ведение дела, без неё не посчитать возврат тем, кого открепляют (правило I27): укажите её, например `--expense-load 0.20`
endorse-load-twice = в договоре { $number } доля расходов на ведение дела названа, и действует она: уберите `--expense-load`
endorse-terms = изменения не приняты: застрахованных стало бы { $headcount }, и условия договора { $number } перестали бы быть допустимыми ({ $reason }). Условия действующего договора не меняются: оставьте численность в прежних пределах или заключите договор на новых условиях
endorse-unreadable = строки договора { $number } в портфеле не читаются: проверьте портфель (`kollektiv portfolio verify`)
endorse-too-large = премия договора { $number } после изменений больше, чем допускает портфель ({ $limit }): проверьте страховые суммы
endorse-refused = договор не изменён: исправьте список изменений и запустите снова
endorse-known = такие изменения в портфеле уже есть: ничего не изменено
endorse-dry = портфель не изменён: это проба
endorse-join = прикрепление
endorse-leave = открепление
endorse-change-plan = смена варианта
endorse-headcount = новая численность
endorse-col-action = Изменение
endorse-col-charged = Начислено, ₽
endorse-col-returned = За неистекший срок, ₽
endorse-col-expenses = Расходы, ₽
endorse-col-amount = Итого, ₽
endorse-done = Договор { $number } с { $on }: прикреплено { $joined }, откреплено { $left }, сменили вариант { $changed }; застрахованных было { $insured_before }, стало { $insured_after }; премия была { $before }, стала { $after }
## The portfolio

portfolio-unusable = портфель { $path } не читается: { $reason }
portfolio-none = в нём нет реестра. Проверьте `--portfolio`; новый портфель начинается с `kollektiv bind`
portfolio-version = его реестр создан другой версией программы: откройте его ею
portfolio-foreign = в папке уже есть другое — { $file }: для нового портфеля нужна пустая или ещё не созданная папка
portfolio-file-missing = пропал файл портфеля { $file }: верните его из резервной копии и повторите
portfolio-file-unreadable = файл портфеля { $file } не читается: проверьте права и диск и повторите
portfolio-file-damaged = файл портфеля { $file } не такой, каким был записан: верните его из резервной копии и повторите
portfolio-text-damaged = текст { $file }, который хранит портфель, не такой, каким был записан: верните портфель из резервной копии
portfolio-held = портфель { $path } сейчас изменяет другой процесс ({ $holder }): дождитесь его окончания и повторите
portfolio-register = реестр { $path } не читается или не записывается: { $reason }. Проверьте права доступа и место на диске
portfolio-col-number = Договор
portfolio-col-policyholder = Страхователь
portfolio-col-from = С
portfolio-col-to = По
portfolio-col-insured = Людей
portfolio-col-lines = Строк
portfolio-col-written = Премия, ₽
portfolio-col-paid = Оплачено, ₽
portfolio-col-plan = Вариант
portfolio-col-programme = Программа
portfolio-col-annual = За полный год, ₽
portfolio-col-before = Год прежде, ₽
portfolio-col-after = Год теперь, ₽
portfolio-col-difference = До конца срока, ₽
portfolio-col-what = Что
portfolio-col-amount = Сумма, ₽
bind-done = введено в действие: { $contracts } (застрахованных { $insured }, строк { $lines }, премия { $premium }); уже в портфеле: { $known }; отложено: { $aside }
bind-twice = тот же номер, `{ $number }`, стоит в другом из файлов: дайте каждому договору свой
bind-another = под номером `{ $number }` уже действует другой договор: дайте этому свой номер, а действующий изменяйте дополнительным соглашением
bind-census = договор с переписью численности не вводится в действие, потому что неизвестно, кого он страхует: укажите список застрахованных
bind-unread = список застрахованных прочитан не весь: что не так, покажет `kollektiv check { $path }`
bind-rows = не все строки списка можно оценить (с ошибкой: { $rejected }, на рассмотрение андеррайтера: { $referred }): где и что делать, покажет `kollektiv check { $path }`
bind-too-large = премия { $premium } больше, чем вмещает портфель ({ $limit }): проверьте страховые суммы
pay-number = в портфеле нет договора `{ $number }`: исправьте номер или сначала введите договор в действие
pay-sums = { $count ->
    [one] Пропущена { $count } строка
    [few] Пропущены { $count } строки
   *[many] Пропущено { $count } строк
  } итогов: { $rows }
pay-done = платежей учтено: { $new } ({ $amount }); уже известно: { $known }; не учтено, исправить: { $wrong }
change-another = под обозначением `{ $id }` в портфеле уже есть другое изменение цен: дайте этому своё
change-late = изменение `{ $id }` вступает в силу { $effective }, раньше уже учтённого `{ $other }` ({ $later }): изменения идут в порядке своих дней, назначьте его на { $later } или позже
reprice-late = для этого договора уже действует более позднее изменение, с { $later }: решает андеррайтер
reprice-level = программа { $programme }: уровень цен { $now } × { $coefficient } = { $then } вышел бы за { $low }–{ $high } (§{ $clause }, правило I19): решает андеррайтер
reprice-too-large = премия стала бы больше, чем вмещает портфель ({ $limit }): проверьте страховые суммы
reprice-unreadable = строки договора в портфеле не читаются: выполните `kollektiv portfolio verify` и верните портфель из резервной копии
reprice-done = договоров в портфеле: { $book }, затронуто: { $touched } (пересчитано { $repriced }, без изменений { $unchanged }, отложено { $aside }). Дополнительный взнос { $additional }, к зачёту { $credit }; премия портфеля { $before } → { $after }
reprice-known = это изменение уже учтено: в портфеле ничего не поменялось
reprice-none = изменение не затрагивает ни одного договора и в портфель не внесено: проверьте первый день новых цен и программы
reprice-dry = пробный расчёт: в портфеле ничего не поменялось
notice-left-out = письмо страхователю не составлено: в его наименовании есть знаки, которых нет в шрифтах: { $letters } — составьте письмо вручную по contracts.csv
notices-left-out-more = не составлено ещё писем: { $count } — договоры перечислены в contracts.csv
reprice-more = отложено ещё { $count }: они перечислены в contracts.csv
refuse-above-paid = расчёт даёт { $exact } из-за округлений; возвращается не больше уплаченного
refuse-number = в портфеле нет договора `{ $number }`, отказаться от `{ $id }` нельзя: исправьте номер
refuse-change = в портфеле нет изменения `{ $id }`, от которого мог бы отказаться договор { $number }: исправьте обозначение
refuse-untouched = изменение `{ $id }` не поменяло цену договора { $number }: отказываться не от чего
refuse-cheaper = изменение `{ $id }` не повысило цену договора { $number }: отказываться не от чего
refuse-late = после `{ $id }` договор { $number } менялся ещё: отказаться можно только от последнего изменения
refuse-ended = договор { $number } уже прекращён отказом от другого изменения, отказаться от `{ $id }` нельзя
refuse-unexpired = Взнос за неистекший срок
refuse-written = Начисленная премия
refuse-paid = Оплачено
refuse-unpaid = Не оплачено
refuse-expenses = Расходы на ведение дела
refuse-refund = К возврату
refuse-earned = Премия за истекший срок
refuse-unstated = не указано
refuse-done = договор { $number } прекращён, первый день без покрытия — { $from }
refuse-known = уже учтено, что договор { $number } прекращён и первый день без покрытия — { $from }
show-number = в портфеле нет договора `{ $number }`: какие есть, покажет `kollektiv portfolio list`
show-early = договор { $number } действует с { $first }, на { $day } показывать нечего: назовите день позже
show-contract = Договор { $number }, { $policyholder }, { $first } – { $last }
show-bound = введён в действие
show-repriced = изменены цены:
show-refused = отказ:
show-endorsed = дополнительное соглашение
show-day = На { $day } застрахованных: { $insured }
show-paid = Оплачено { $paid } из { $written }
verify-register = реестр повреждён: { $reason }. Верните портфель из резервной копии
verify-rows = не каждая строка файла { $file } принадлежит ровно одному договору: верните портфель из резервной копии
verify-version = версия с { $from } ({ $kind }) не сходится со своими строками: верните портфель из резервной копии
verify-terms = реестр расходится с условиями договора ({ $columns }): верните портфель из резервной копии
progress-binding = ввожу договоры в действие
progress-repricing = пересчитываю договоры
progress-verifying = проверяю портфель
verify-done = проверено: договоров { $contracts }, версий { $versions }, строк { $lines }, файлов { $files }; { $findings ->
        [0] всё так, как было записано
        [one] { $findings } замечание
        [few] { $findings } замечания
       *[other] { $findings } замечаний
    }
short-advance = Аванс
short-insurer = Страховщик
short-patient = Пациент
short-discount = Скидка
short-open = Открыто

## A book without a register

portfolio-no-register = его реестр — не реестр портфеля или повреждён: проверьте `--portfolio` или верните портфель из резервной копии

## Rate tables

cube-too-long = договор { $number }, вариант { $plan }, программа { $programme }, возраст { $ages }, группа риска { $group }: числу { $rate } вместе с предыдущими нужно больше { $limit } знаков десятичного столбца. Запишите этот договор в отдельный куб или выберите коэффициенты с меньшим числом знаков
cube-unpriced = не все строки списка можно оценить: где и что делать, покажет `kollektiv check { $path }`
cube-unexplained = ставки договора { $number } не следуют из условий, с которыми он введён в действие: проверьте портфель командой `kollektiv portfolio verify`
cube-done = договоров: { $contracts }, ячеек: { $cells }, множителей: { $factors }; у ставок { $scale ->
        [one] { $scale } знак
        [few] { $scale } знака
       *[other] { $scale } знаков
    } после запятой
cube-preliminary =
    Предварительный расчёт: ставки { $count ->
        [one] { $count } договора
       *[many] { $count } договоров
    } получены по численности, без списка застрахованных

## SQL engines

engine-missing-spark = Spark не найден ({ $program }): установите его и задайте в `SPARK_HOME` его папку или укажите его `spark-sql` через `--engine-program`. В портфеле ничего не поменялось
engine-missing-duckdb = DuckDB не найден ({ $program }): установите его командную строку или укажите её через `--engine-program`. В портфеле ничего не поменялось
engine-failed = { $engine } не выполнил работу ({ $status }), в портфеле ничего не поменялось. Он сообщает: { $said }{ $log }
engine-failed-log = . Всё, что он сообщил: { $path }
engine-unreadable = записанное движком { $engine } не читается, в портфеле ничего не поменялось: проверьте, что кластер и этот компьютер видят одну и ту же папку (`--engine-work`, `--engine-work-uri`)
engine-disagrees = найденное движком { $engine } по договору { $number } не сходится с портфелем, в нём ничего не поменялось: проверьте, что кластер читает те же файлы (`--engine-book`), или пересчитайте без движка
engine-path = в пути { $path } есть знак, у которого в SQL движка другой смысл: укажите папку иначе (`--engine-book`, `--engine-work`)
engine-table = таблица, которую читает SQL, лежит в { $path }
engine-not-given = рассчитано здесь, а не движком: { $count ->
        [one] { $count } договор
        [few] { $count } договора
       *[other] { $count } договоров
    }, где у ставок больше знаков, чем у его десятичных чисел, или повреждены файлы
