### Every sentence for a reader in English, one for each name; ru.ftl has the same names in the same order.
###
### A fault begins with a small letter and has no full stop at its end: a place in a file or a code precedes it. It says what is
### wrong and, after a colon, what to do. A sentence of the screen begins with a capital letter.
###
### Values: a clause comes as a bare number; only counts select plural forms; amounts, decimals and days come in the form of
### the language (₽1,234.50; 0.85; 2026-12-01).

## Files and folders

file-missing = there is no file { $path }: check its folder and name
file-pattern = there is no file { $path }, and it cannot be read as a pattern: `*` and `?` stand for characters of a name, `**` alone between slashes for any folders, and every `[` needs its `]`
folder-missing = there is no folder { $path }: make it, or correct the path
file-exists = the file { $path } exists already and is not overwritten: give another name or move the file away
file-io = cannot read or write { $path }: { $reason }
io-permission = permission denied. Check the permissions and try again
io-full = no space is left on the disk. Make room and try again
io-too-large = the file is larger than the disk, or a limit of this session (`ulimit -f`), allows. Name another folder, or raise the limit and try again
io-read-only = the disk can only be read. Name another folder
io-folder = it is a folder, and a file is needed. Check the name
io-no-folder = a part of the path is a file and no folder. Check the name
io-name = the name is too long or has a character that is not allowed. Correct it
io-missing = the file or its folder does not exist. Check the path
io-device = an error of the device or the network. Check the disk and try again
io-open-files = too many files are open. Close other programs or raise the limit (`ulimit -n`), and try again
io-memory = the memory is full. Close other programs and try again
io-other = { $reason }. Check the permissions and the space on the disk, and try again
file-special = { $path } is a { $kind }, and a regular file is needed here: check the name
kind-folder = folder
kind-fifo = pipe (FIFO)
kind-socket = socket
kind-device = device
file-too-large = the file { $path } is too large: { $size } MB, and the limit is { $limit } MB. Check that it is the right file
file-is-table = the file { $path } is a table, and a TOML file is needed here: a contract, a tariff, a price change or a network of clinics. Check which files are named and in which order
file-not-toml = the file { $path } does not begin as a TOML file does (`key = value` or `[section]`): correct line { $line }, or name another file. Its text is not shown here, as it may hold personal data
file-not-text = the file { $path } is not text in UTF-8: save it as UTF-8
file-changed = { $path } has changed while it was read: run the command again when no other program is saving the file
file-not-made = cannot make the file { $path }: { $reason }
folder-foreign = the folder { $path } holds a foreign file, { $file }: name another folder (`--out`) or remove every file that kollektiv has not written
document-refused =
    the file { $path } is refused: { $faults ->
        [one] { $faults } fault to correct
       *[other] { $faults } faults to correct
    }

## Arguments

arguments-contracts-with-rosters = the rosters of several contracts are those that the contracts name: leave out the roster files, or price the contracts one by one
arguments-documents-without-csv = documents are made from premiums.csv: with `--documents`, add `csv` to `--format`
arguments-spark-without-master = `--engine spark` needs the cluster: add `--master URL`
arguments-master-without-spark = `--master` and `--spark-conf` are for Spark alone: add `--engine spark` or remove them
arguments-without-engine = `--engine-program`, `--engine-book` and `--engine-work` are for an engine: add `--engine spark` or `--engine duckdb`
argument-master = a master is spark://host:port, yarn, k8s://…, local or local[N]
argument-setting = a setting is spark.some.key=value
argument-mode = permissions of a file in octal are needed that let its owner read and write: 600, 640, 644, 660 or 664
argument-words = one of these words is needed: { $known }
argument-column = a field and a heading are needed with = between them, such as change_day=Date; fields: { $known }
argument-share = a number from 0 to 1 with at most { $limit } decimals is needed, such as 0.20

## TOML files

toml-syntax = this is not valid TOML: a line is `key = value`, text stands in straight quotes "…", brackets and quotes are closed. The parser stopped at: { $reason }
argument-day = a day is written 2026-12-01 or 01.12.2026
argument-period = a period is written 2027-01 or 01.01.2027-31.01.2027
slip-day = a day is written YYYY-MM-DD. Write: `{ $line }`
slip-comma = a decimal has a point. Write: `{ $line }`
slip-spaces = a number has no spaces. Write: `{ $line }`
slip-backslash = a backslash in double quotes means something else; a path is written in single ones. Write: `{ $line }`
slip-thousands = the comma can be read in two ways. Write `{ $thousands }` or `{ $decimals }`
slip-colon = an equals sign stands after a key. Write: `{ $line }`
slip-inner-quotes = the text has quotes, so that single quotes stand around it. Write: `{ $line }`
path-with-control = the name of the file has a control character: in double quotes a backslash means something else. Write the path in single quotes, for example '{ $example }'
slip-quotes = text is written in straight quotes. Write: `{ $line }`
slip-unquoted = text is written in straight quotes. Write: `{ $line }`
slip-list = one value is needed here, not a list: write it in straight quotes without brackets, and add another table for another programme or plan
sum-insured-point = `sum_insured` with a point can be read in two ways. Write `{ $thousands }` or `{ $roubles }`
passed-over = files of the system that hold no roster were passed over: { $files }
key-missing = the key `{ $key }` is required: add it
key-unknown = unknown key `{ $key }`: correct or remove it. Possible here: { $known }
key-unknown-near = unknown key `{ $key }`: probably `{ $near }` was meant. Correct or remove it
text-blank = the value of `{ $key }` is blank: fill it in
value-kind = the value is of the wrong kind: give { $wanted }
kind-text = text in quotes, such as "16"
text-with-control = the text has a control character, which no program shows: delete it; in a path write \ as / or put the path in straight single quotes
kind-flag = true or false, without quotes
kind-date = a date without a time, written YYYY-MM-DD, such as 2026-12-01
kind-decimal = a number without a sign or spaces, with a decimal point, such as 120000 or 0.85
kind-whole = a whole number without a sign or quotes, not too large for this key, such as 3
kind-list = a list: values in square brackets with commas between them, or tables, each under a heading in double brackets such as `[[plan]]`
kind-table = a table: keys and values in curly braces, or under a heading in square brackets

## Tariff edition

edition-dates = the last day of the edition ({ $to }) is before its first ({ $from }): correct `valid_from` or `valid_to`
tariff-number =
    the number must be more than 0 and at most { $limit }, with at most { $decimals ->
        [one] { $decimals } decimal
       *[other] { $decimals } decimals
    }
range-order = the lower end of the range ({ $low }) is above the upper ({ $high }): swap `low` and `high`
bands-none = the table is empty: it needs at least one row
band-order = a row of the table of §{ $clause } ends before it begins: `from` cannot be more than `to`
bands-gap = the table of §{ $clause } has a gap: no row holds the values from { $first } to { $last }. Begin this row at { $first } or add the missing one
bands-overlap = a row of the table of §{ $clause } takes in the values from { $first } to { $last }, which the row before holds already: begin it with the number after { $last }
bands-after-open = in the table of §{ $clause } the row before has no `to` and must be the last: give it a `to` or remove this row
bands-closed = the last row of the table of §{ $clause } must hold any larger headcount: remove its `to`
age-limit =
    an age can be at most { $limit ->
        [one] { $limit } year
       *[other] { $limit } years
    }: correct `to`
risk-groups-order = risk group { $group } is listed twice or out of order: list the groups in ascending order, each once
code-twice = the code `{ $code }` is already taken above: give each service and each programme a code of its own
service-unknown = there is no service `{ $service }` among those of `[[service]]` ({ $known }): correct the code or describe the service
programmes-none = the tariff has no programme: add a `[[programme]]`
sex-word = the sex is written as `female` or `male`
child-bands-count =
    `by_child_band` has { $found ->
        [one] { $found } value
       *[other] { $found } values
    }, but the number of children's bands in `[child_bands]` is { $wanted }: give one value for each band
service-twice = this service is already in the table: keep one row
exclusion-raises = the coefficient of the exclusion, { $coefficient }, is more than 1, but an exclusion never raises the rate: give a number of at most 1
set-stranger = the service `{ $service }` is in the set but has no row of its own in `rows`: add the row or take the service out of the set
set-services = a set needs at least two different services: correct `services`
set-twice = this set of services is already there: keep one
set-missing = the set { $services } has no coefficient: where there are `sets`, they need every combination of the services in `rows`
set-rows =
    too many services for a table with `sets`: its `rows` can list at most { $limit ->
        [one] { $limit } service
       *[other] { $limit } services
    }
inclusions-many = too many inclusions: one programme can have at most { $limit }

## Contract

number-of-points = the number of the contract has nothing but points: write the number
number-form =
    the number of the contract names a folder: it can have at most { $limit ->
        [one] { $limit } character
       *[other] { $limit } characters
    }, with no line breaks or other control characters
edition-not-valid = the contract starts outside the days for which the tariff edition `{ $edition }` is valid ({ $from } to { $to }): correct `start` or name another edition (`--tariff`)
editions-none = the folder of editions { $folder } holds no edition: put the `.toml` file of one into it (`kollektiv tariff export` writes the built-in one), or remove the folder
editions-differ = two editions of the tariff have the code `{ $edition }` and different contents: { $one } and { $other }. Give the new edition its own code
editions-differ-built-in = the edition { $file } has the code `{ $edition }` of the built-in edition and other contents: give it its own code
edition-unknown = there is no edition `{ $edition }` of the tariff, there is { $known }: correct `tariff`, or put the edition into the folder of editions
edition-another = the contract pins the edition `{ $pinned }` of the tariff, but `{ $edition }` is named: leave out `--tariff`, or correct `tariff`
edition-none-in-force = no approved edition of the tariff is in force on { $day } (folder { $folder }: { $editions }): correct `start`, pin an edition (`tariff = "code"`), or put an edition that is in force on that day into the folder
editions-several-in-force = several editions of the tariff with the same first day are in force on { $day }: { $editions }. Pin one in the contract (`tariff = "code"`), or withdraw the others (`status = "withdrawn"`)
edition-days = { $edition } from { $from } to { $to }, { $status }
edition-days-open = { $edition } from { $from }, { $status }
edition-code-needed = there are several editions of the tariff: name the code of one ({ $known })
key-tariff = The code of the edition of the tariff. Without this line: the approved edition in force on the first day of the contract.
tariff-used = Tariff: edition { $edition }, SHA-256 { $hash }
term-order = the last day of the contract is before its first ({ $start }): correct `start` or `end`
term-over-a-year = the contract runs longer than a year: with this `start`, the last day `end` is { $last } at the latest (rule I15)
term-too-late = the contract year goes beyond the calendar: check `start`
risk-group-unknown = the tariff has no risk group { $group } (§{ $clause }): give one of { $known }
instalment-first = the first payment period begins on the first day of the contract: put { $start } first
instalment-order = the first days of the payment periods must be in ascending order, each once
instalment-outside = the payment period begins outside the contract ({ $start } to { $end }): give a day inside it
expense-load = the share of expenses is a number from 0 to 1, such as "0.20" (rule I22)
expense-load-decimals = too many decimals: the share of expenses can have at most { $limit }
word-unknown = this value is not known here: give one of the words { $words }
field-unknown = there is no field `{ $field }`: in `[columns]`, one of { $known } stands on the left and the roster's own heading on the right
heading-twice = `{ $first }` and `{ $second }` both name the heading “{ $heading }”, and a column can hold only one field: keep one of the two lines or correct its heading
plans-none = the contract has no plan: add a `[[plan]]` with at least one `[[plan.cover]]`
plans-many = the contract has too many plans: it can have at most { $limit }. Join plans that cover the same
plan-twice = `{ $plan }` is already the code or name of another plan, and a roster cannot distinguish them: rename one
plan-without-covers = this plan has no cover: add a `[[plan.cover]]` with a programme and a sum insured
programme-unknown = the tariff has no programme `{ $code }`: give one of { $known }
programme-twice = this plan already has programme `{ $programme }`: keep one cover
sum-insured-bounds = the sum insured must be more than 0 and at most { $limit }, with at most two decimals (rule I17)
base-rate-fixed = the tariff gives no range for the base rate of programme `{ $programme }` (§{ $clause }): remove `base_rate`
choice-outside = { $number } is outside the range { $range } (§{ $clause }): give a number inside it
choice-decimals = too many decimals: a coefficient can have at most { $limit } (rule I2)
accepted-person = the entry names no insured: give `id`, the personnel or policy number of the roster, or `name` together with `birth_date` (rule I73)
accepted-no-range = edition `{ $edition }` of the tariff has no range for ages outside of its table (§{ $clause }): add `accepted` with `low` and `high` to its [age], or remove the entry from the contract
accepted-many = more than { $limit } entries of [[accepted]]: a contract accepts no more insured outside of the tariff's ages
accepted-absent = the roster has no insured that the entry names: correct the number or the name with the birth date, or remove the entry (rule I73)
accepted-several = the entry fits { $count } insured: name one of them, by the number or by the name with the birth date (rule I73)
accepted-twice = another entry names this insured already: keep one of them
accepted-not-referred = on the first day of cover the insured is { $age } years old; the table of the tariff has that age (up to { $last } completed years, §{ $clause }) and gives the coefficient: remove the entry (rule I73)
options-many = more than { $limit } tables [[option]]: keep only the options of the offer
option-twice = there is an option “{ $option }” already: name this one otherwise
option-unknown = the contract { $path } has no option “{ $option }”; it has { $known }
option-none = the contract { $path } has no options: add [[option]] tables, or leave `--option` out
option-needed = the contract { $path } has several options ({ $known }), and `--json` gives one answer: name one by `--option`
headcount-outside =
    the coefficient { $number } is outside the range { $range } that §{ $clause } gives for { $headcount } insured (row { $band }): give a number inside it, or `low`, `mid` or `high`
interpolate-open-band =
    the contract has { $headcount } insured, and row { $band } (§{ $clause }) has no last headcount, so that `interpolate` cannot be used: give a number from the range { $range } (rule I3)
price-change-outside = the price-change coefficient { $number } is not allowed (§{ $clause }): it is { $up } where prices rise and { $down } where they fall
exclusions-none = the tariff does not let services be excluded from programme `{ $programme }`: remove `{ $service }`
exclusion-unlisted = the service `{ $service }` cannot be excluded from programme `{ $programme }`: by §{ $clause } only { $known } can be
exclusion-fixed = for excluding `{ $service }` from programme `{ $programme }` the tariff gives one number and no range (§{ $clause }): keep the code of the service without `coefficient`
exclusion-held = the exclusion `{ $whole }` already holds `{ $part }`: keep one of the two (rule I10)
inclusions-none = the tariff does not let services be included in programme `{ $programme }`: remove `{ $service }`
inclusion-unlisted = the service `{ $service }` cannot be included in programme `{ $programme }`: by §{ $clause } only { $known } can be
listed-twice = the service `{ $service }` is listed twice: keep it once
clinic-programme-by-fact = with `mode = "by-fact"` there is no programme of the clinic: remove `programme`, or set `mode = "attachment"`

## The keys of the contract file, as the template explains them

key-number = The number of the contract, of at most 80 letters.
key-policyholder = The policyholder.
key-start = The first day of the contract.
key-end = The last day, which is included; a contract runs for at most a year (I15).
key-offer-until = The last day on which the policyholder can accept the offer, which states it.
key-roster = The roster of the insured: a file, a pattern or a list of files; paths begin where this file is.
key-census =
    Instead of a roster, headcounts by plan, age and risk group: for a preliminary quote. As a table in a file, or here at
    the end: [[census]] with the keys plan, age (34 or "30-34"), risk_group, insured.
key-sheet = The sheet of a workbook; "*" means all sheets that hold a roster.
key-default-risk-group = The risk group of rows that name none (§2.5).
key-expense-load = The insurer's expenses, a share from 0 to 1: without it no refund of a contract that ends early is worked out (§2.3, I22).
key-expense-basis = What the share is of: "unexpired" is the premium of the days to come, "written" the whole premium (I22).
key-termination = The expenses when the contract is terminated (`kollektiv terminate`, I34), if they differ from those above.
key-termination-expense-load = The insurer's expenses when the contract is terminated, a share from 0 to 1 (I34).
key-termination-expense-basis = What the share is of when the contract is terminated: "paid", "unexpired" or "written" (I34).
key-price-fixed = The price stays to the end of the contract, whatever becomes of the tariff (I37).
key-price-changes-included = The ids of price changes that the price of the contract includes already (I36).
key-detach-day = What a day of detachment in lists of changes means: "last" is the last day of cover, "first-without-cover" the first day without (I26).
key-family = Relatives of an employee who leaves: "stays" keeps them, "leaves" detaches them on the same day (I39).
key-price-decrease = Where the tariff falls: "keep" leaves the price of the contract, "credit" returns the difference (I21).
key-headcount-basis = The headcount (§2.1) when insured join or leave: "inception" keeps the coefficient, "current" goes by the new headcount (I28).
key-instalments = The first days of the payment periods; the first of them is the first day of the contract.
key-choices = Where the contract stands in the ranges of the tariff: "low" for the lower end, "mid", "high", or a number (I2).
key-dates-order = The order of day and month: "dmy" for the day first, "mdy" for the month first.
key-columns = Headings of the roster that are not recognised: field = the heading as the roster has it. The headings here are the usual ones.
key-dates = How the dates of the roster are written.
key-accepted = An insured whose age the tariff does not have (§2.2) and that the insurer accepts: who it is, the coefficient, who decided and why (I73). Instead of id, name and birth_date can be given.
key-option = An option of one offer (`kollektiv options`): what differs from the contract. Without `--option` the contract is priced by the terms above.
key-plan = A plan: the code by which the roster names it, and one or more programmes.
key-choices-ranges = For every range without a choice of its own; if this key is missing, the middle, marked as not chosen.
key-choices-headcount = The headcount (§2.1): "interpolate" too, on a straight line inside the band (I3).
key-choices-risk = The risk groups, each by its number (§2.5).
key-columns-ignore = Columns that are not needed: a list of their headings.
key-ignore-sheets = Sheets with people that are not to be read.
key-plan-name = The name: the roster may name the plan by it too.
key-plan-aliases = Other words by which the roster names the plan.
key-plan-cover-exclude = What the programme is sold without (§2.6).
key-plan-cover-include = What is added to it: "office_doctor", "personal_doctor" (§2.6.7.2).
key-plan-cover-additional-services = Additional services, a coefficient (§2.4, I14).
key-plan-cover-price-change = The price change, a coefficient (§2.3, I13).

## Roster files

roster-unnamed = no roster is named: add `roster` to the contract (for a preliminary price by headcounts, `census`) or name the file on the command line
roster-and-census = both a roster (`roster`) and headcounts (`census`) are named: leave one of them, the roster if it is there already
roster-missing = there is no file { $path }, and no file matches it as a pattern: correct `{ $key }`
roster-empty = the file is empty: check that it is the right one
roster-too-large = the file is too large: { $size } MB, and the limit is { $limit } MB. Check that it is the right one, or split the roster
roster-encrypted = the file has a password: remove the password and save the file again
roster-broken = the file is damaged or in an unknown format ({ $reason }): open it in Excel and save it as .xlsx
roster-damaged = the file is damaged: the part “{ $part }” of the workbook has changed since it was written (its checksum is wrong). Ask for the file again, or open it in Excel, check it and save it anew
roster-out-of-order = the rows of the sheet are stored out of order: row { $row } stands after a later one. Open the file in Excel and save it as .xlsx
roster-repeated-cell = a cell of row { $row } is stored twice, and which one is right is unknown. Open the file in Excel, check the row and save it as .xlsx
roster-two-encodings = the file has two encodings: row { $row } is not in that of the rows before it. Save the whole file in UTF-8 or as .xlsx
roster-styles = the workbook has more cell styles than Excel allows, or very long ones: copy the table into a new Excel workbook and save that as .xlsx
roster-shared-part = the sheets “{ $first }” and “{ $second }” are one part of the file, which no program writes: copy the table into a new Excel workbook and save that as .xlsx
roster-text-number = the cell { $cell } refers to a shared text of the workbook by the impossible number “{ $number }”: the file is damaged or forged; ask for it again
roster-no-workbook = this is an archive or a document of another program, not a table: save the roster from Excel as .xlsx
roster-bomb = unpacked, the file takes an implausible amount of space (the limit is { $limit } MB, and { $part } MB for one part of it): copy the table into a new Excel workbook and save that as .xlsx
roster-many-parts = the file has too many parts ({ $parts }, and the limit is { $limit }): copy the table into a new Excel workbook and save that as .xlsx
roster-sparse = more than { $limit } empty cells lie between the filled ones of the sheet: delete the cells far from the table and save the file
roster-spanned = the sheets span more than { $limit } cells, or repeat long texts in very many: delete the cells far from the table, or open the file in Excel and save it as .xlsx
roster-wide =
    row { $row } has too many columns, and the limit is { $limit ->
        [one] { $limit } column
       *[other] { $limit } columns
    }: check that it is the right file and delete the extra cells of this row
roster-long = the table has a row { $row }, and the limit is { $limit } rows: copy the table into a new Excel workbook and save that as .xlsx
roster-talkative =
    the text in cell { $cell } is longer than { $limit ->
        [one] { $limit } character
       *[other] { $limit } characters
    }: check for lost quotation marks or separators around it, and shorten the text
roster-over-limits = the file cannot be read within the limits of memory and time: it is damaged, or not made to be read. Open it in Excel, copy the table to a new workbook and save it as .xlsx
roster-html = this is a web page (or XML) saved under another name, not a table: open it in Excel and save it as .xlsx
roster-binary = this is neither a table nor text: give an .xlsx, .xls, .xlsb, .ods, .csv or .txt file
roster-open-quote = the quotation mark opened in row { $row } is never closed: close or remove it
guessed-encoding = the encoding of the file is not known, and it was read as windows-1251: if the names look garbled, save the file as UTF-8 or as .xlsx
roster-no-insured = no insured was found: check that it is the right file and that there are rows below the headings
text-has-no-sheets = a text file has no sheets, and the contract names the sheet “{ $sheet }”: take `sheet` out or name a workbook
text-without-roster = no row of column headings was found: name the columns, for example “Full name”, “Birth date”, “Risk group”
workbook-without-roster = no sheet ({ $sheets }) has a row of column headings: name the columns, for example “Full name”, “Birth date”, “Risk group”
sheet-without-roster = the sheet “{ $sheet }” has no row of column headings: name the columns, for example “Full name”, “Birth date”, “Risk group”, or correct `sheet` in the contract
sheet-missing = there is no sheet “{ $sheet }”, only { $sheets }: correct `sheet` in the contract
several-sheets = several sheets hold a roster (the number of rows in brackets): { $sheets }. Name one in the contract, for example `sheet = "{ $first }"`, or take all: `sheet = "*"`
hidden-sheet = the sheet “{ $sheet }” is hidden but was read: if it is not needed, delete it or name another in the contract (`sheet`)
merged-cells = the cells { $cells } ({ $count }) are merged over several rows: only the first row has their value, the rows below are empty; unmerge the cells and fill in every row
skipped-row = the rows { $rows } ({ $count }) were passed over as signatures: if such a row is an insured, enter the birth date; move a signature below the table
ordering-line = the line decides who is insured or from which day, and has no insured in it: enter that in the list (add or remove a row, write the days) and delete the line
further-table = another table begins in this row, and its columns stand otherwise: move it to a sheet or a file of its own and name that in the contract with one more `[[roster]]`
unusual-heading = sub-headings: { $rows } ({ $count }); the people below them were read. If a sub-heading means that they are not insured, delete the rows below it
unclaimed-column = the column “{ $heading }” is not recognised, and its cells look like { $looks } ({ $cells }): there is no premium until it is accounted for. Name its field in the contract, `[columns]` { $field } = "{ $heading }", or `[columns]` ignore = ["{ $heading }"]
column-of-kopecks = the column “{ $heading }” has kopecks apart from the roubles, and the amounts are wrong without them: write roubles and kopecks as one number, such as 1000.50, and delete the column of kopecks
amount-cut = this row has more values than there are headings, and a comma seems to have cut the amount of the column “{ $heading }” into two columns: quote amounts with a comma, or save the file with the delimiter “;”
unclaimed-column-bare = column { $column } has no heading, and its cells look like { $looks } ({ $cells }): give it a heading or delete it
column-decides = column { $column } (“{ $heading }”), row { $row }: the entry decides whether or how a person is insured ({ $cells }), and the program does not apply it. Put it into the roster (delete or add a row, enter days or the plan) and clear the cells, or, if the entries are not about the insurance, add `[columns]` ignore = ["{ $heading }"] to the contract
column-decides-bare = column { $column } (without a heading), row { $row }: the entry decides whether or how a person is insured ({ $cells }), and the program does not apply it. Put it into the roster (delete or add a row, enter days or the plan) and clear the cells, or, if the entries are not about the insurance, give the column a heading and add it to `[columns]` ignore of the contract
column-of-relatives = column { $column } (“{ $heading }”) has relatives ({ $cells }): an insured needs a row with a birth date. Enter them as rows, or, if they are not insured, add `[columns]` ignore = ["{ $heading }"] to the contract
column-of-relatives-bare = column { $column } (without a heading) has relatives ({ $cells }): an insured needs a row with a birth date. Enter them as rows, or, if they are not insured, give the column a heading and add it to `[columns]` ignore of the contract
column-of-terms = column { $column } (“{ $heading }”) looks like a term of cover ({ $cells }): the program reads days and not their number. Add columns with the first and the last day, or, if it is no term of cover, add `[columns]` ignore = ["{ $heading }"] to the contract
column-of-terms-bare = column { $column } (without a heading) looks like a term of cover ({ $cells }): the program reads days and not their number. Add columns with the first and the last day, or, if it is no term of cover, give the column a heading and add it to `[columns]` ignore of the contract
column-uncalculated = column { $column } (“{ $heading }”) has formulas whose results the file does not hold: open the file in Excel, let it recalculate and save it, or delete the column
column-uncalculated-bare = column { $column } (without a heading) has formulas whose results the file does not hold: open the file in Excel, let it recalculate and save it, or delete the column
unknown-column-bare = column { $column } has no heading and is not used: give it a heading or delete it
looks-like-days = days
looks-like-money = sums of money
looks-like-names = names of people
looks-like-plans = plans
looks-like-conditions = what changes the row: a reversal, another currency, a status, a tax
looks-like-decisions = entries about the insurance
looks-like-terms = terms of cover
looks-like-formulas = formulas without a result
cover-period-differs = the days in one cell and the first or last day in columns of their own differ: keep one of them
bad-cover-period = the days of cover are not understood: write both days, such as 01.12.2026–30.11.2027
unread-sheet = the sheet “{ $sheet }” was not read and has rows with names and days: read it (`sheet = "*"`, usual headings) or leave it out: `ignore_sheets = ["{ $sheet }"]`
hidden-row = there are insured in the hidden rows { $rows } ({ $count }): they were read like visible rows; if a filter has hidden them and they do not belong to the roster, delete the rows, otherwise unhide them
covered-cells = the cells { $cells } ({ $count }) lie under merged cells: their contents are not visible and were not read; unmerge the cells and check them
struck-out = the rows { $rows } ({ $count }) are struck out and were read like all others: if these insured have left, delete the rows, otherwise remove the strike-through
cell-notes = cells have notes, which are not read ({ $count }): { $cells }; if they are about the insurance, enter it in the list
text-boxes = the sheet has text boxes and other shapes with a text, which are not read ({ $count }); enter in the list what they say about the insurance
not-checked = the program cannot see what is hidden or struck out on this sheet: open the file in Excel, check the sheet and save it as .xlsx
invisible-row = the rows { $rows } ({ $count }) have values that cannot be seen: white letters, or a number format that shows nothing; they were read like visible ones: if they do not belong to the roster, delete the rows, otherwise change the format
hidden-by-format = a conditional format strikes out or hides the rows { $rows } ({ $count }): they were read like all others; if they are not to be counted, delete the rows, otherwise remove the format
format-not-checked = a conditional format strikes out or hides the cells { $cells } under a condition that the program does not evaluate: open the file, see which rows are struck out or hidden, and delete those that are not to be counted
page-text = the header or footer of the sheet has a text, which is not read: “{ $text }”; if it is about the insurance, enter in the list what it states
left-file = by the name of the file “{ $file }” the insured in it have left or are not to be insured ({ $count }): they are not priced. If they are to be insured, rename the file, otherwise remove it from `roster`
left-page = by the header or footer of the sheet, “{ $text }”, the insured in the list have left or are not to be insured ({ $count }): they are not priced. If they are to be insured, correct the header or footer, otherwise delete them from the list
hidden-column = hidden columns were read like visible ones ({ $count }): { $columns }; if their data are out of date, delete the columns, otherwise unhide them

## Columns

missing-column = there is no column “{ $usual }”: add it, or name the column that is meant by a line `{ $field } = "heading"` in the contract's `[columns]`. The headings of the roster: { $headings }
date-in-parts = day, month and year stand in the columns { $columns }, where one column with the date is needed: join them, for example with =DATE(year,month,day), and replace the formulas by their values
missing-column-near = there is no column “{ $usual }”, but “{ $heading }” is similar: if that is the one, add the line `{ $field } = "{ $heading }"` to the contract's `[columns]`, or rename the column
missing-column-named = there is no column “{ $heading }”, which the contract's `[columns]` names for the field “{ $usual }”: correct `{ $field }` there or add the column
whole-beside-parts = the contract names `{ $field } = "{ $heading }"` for the whole name, and the roster also has parts of it ({ $parts }): name the parts in `[columns]` instead, { $keys }, or give the columns the usual headings “Surname”, “Given name”, “Patronymic”
same-columns = the columns { $first_column } and { $second_column } have one heading, “{ $first }”, and both fit the field “{ $usual }”: rename or delete the one that is not needed
list-missing-column = there is no column “{ $usual }”: add it, or name the column that is meant with `--column { $field }="heading"`. The headings of the list: { $headings }
list-missing-column-near = there is no column “{ $usual }”, but “{ $heading }” is like it: if it is meant, repeat with `--column { $field }="{ $heading }"` or rename the column
list-ambiguous-column = the columns { $first_column } (“{ $first }”) and { $second_column } (“{ $second }”) both fit “{ $usual }”: rename one, choose one, such as `--column { $field }="{ $second }"`, or ignore the other: `--ignore-column "{ $first }"`
list-unknown-column = the column “{ $heading }” is not recognised and not used: if it is needed, give it a usual heading or repeat with `--column field="{ $heading }"`
list-unclaimed-column = the column “{ $heading }” is not recognised, and its cells look like { $looks } ({ $cells }): until it is accounted for, the list is refused. Name its field, `--column { $field }="{ $heading }"`, or ignore it: `--ignore-column "{ $heading }"`
ambiguous-column = the columns { $first_column } (“{ $first }”) and { $second_column } (“{ $second }”) both fit the field “{ $usual }”: rename the one that is not needed, or choose one by a line `{ $field } = "{ $chosen }"` in the contract's `[columns]`
unknown-column = the column “{ $heading }” is not recognised and not used: if it is needed, give it a usual heading or name it in the contract's `[columns]`

## Rows

missing-name = the name is missing or incomplete: enter the surname, given name and patronymic (if any)
bad-name = this is not a name: write the surname, given name and patronymic (if any), or delete the row if it has no insured
bad-name-several = the cell holds several people: each insured needs a row of their own with a birth date
bad-name-letters = letters of the name are lost or were read in the wrong encoding: save the roster again as .xlsx or as .csv in UTF-8 from a program that shows the name correctly, or type the name
control-character = the cell has a control character, which no program shows: delete it or enter the text again
formula-fault = the formula in the cell gives the error { $fault }: correct the formula or enter the value
formula-uncalculated = the cell has a formula, but the file does not hold its result: open the file in Excel, let it recalculate and save it, or enter the value
id-rounded = Excel keeps only 15 digits of a number, and the last digits of this one are lost: give the cell the text format and enter the number again
id-of-another-kind = this is a date or a truth value and no number: give the cell the text format and enter the number again
mixed-alphabet = the name mixes Russian and Latin letters: Latin letters that look Russian were read as Russian; type the name again in one alphabet
missing-birth-date = the birth date is missing: enter it, for example 05.06.1990
date-two-digit-year = the year has two digits, so the century is not known: write the year in full, for example 05.06.1990
date-year-only = there is only a year: write the day, the month and the year, for example 05.06.1990
date-no-such-day = there is no such day in the calendar: check the day and month, and write day.month.year, for example 05.06.1990
date-unreadable = the date cannot be read: write it as day.month.year, for example 05.06.1990
time-of-day = the date has a time of day that is not midnight: programs that write the local midnight in UTC lose a day; write the date without a time, for example 05.06.1990
date-order = it is unknown whether the day or the month comes first; write the date as 1990-06-05, or state the order in the contract: `[dates] order = "dmy"` or `"mdy"`
date-order-column = in the column “{ $heading }” some dates begin with the day and others with the month, so that the rest can be read in two ways: correct the dates, or state the order in the contract: `[dates] order = "dmy"` (day, month, year) or `"mdy"` (month, day, year)
month-first = the dates of the column “{ $heading }” are read as month, day, year: row { $row } allows nothing else, and the other rows allow it; if the order is another one, state it in the contract: `[dates] order = "dmy"`
excel-serial-date = the cell holds a number and not a date; it was read as an Excel date: check it and give the cell a date format
birth-date-too-early = the birth date is before the year { $year }: check the year
birth-date-after-cover = the birth date is after { $day }, but an insured must be born by the first day of cover: check the date
missing-age = the age is missing: write a number or a range, such as 30–39
bad-age = the age cannot be read: write a number of completed years or a range, such as 34 or 30–39; if Excel has turned a range into a date, format the cell as text and type it again
age-range-apart = the tariff distinguishes ages inside this range: split the row into { $bands }
census-of-people = a row of a census (`census`) counts people, and this one has the data of one person, which are not read: if this is a list of insured, name the file in `roster`; if the column is not needed, name it in `[columns]` ignore
missing-count = the number of insured is missing: write it as a whole number
bad-count = the number of insured cannot be read: write a whole number, such as 120
census-zero = the number of insured is 0, and at least 1 is needed: correct the number or delete this group
census-too-large = too many insured, the whole table can count { $limit } at most: check the number
missing-risk-group = the risk group is missing: enter its number
bad-risk-group = there is no such risk group: enter one of { $known }
missing-plan = the plan is missing: enter one of { $known }
unknown-plan = the contract has no such plan: enter one of { $known }
plan-two-readings = a letter of the plan is typed in the other alphabet (Latin or Cyrillic) and can be read as { $first } and as { $second }: type the plan again as the contract has it
bad-sum-insured = the sum insured cannot be read or is not allowed: write a number more than 0 and at most { $limit }, with at most two decimals and no thousands commas, for example 120000 or 120000.50
sum-insured-foreign = the sum insured is not in roubles: enter roubles
sums-insured-differ = the sums insured in two columns differ: leave one of them
sum-insured-not-thousands = by the heading or the unit of the column the sum is in thousands of roubles, which makes it too large: if it is in roubles, correct the heading, otherwise check the sum
sum-insured-several-covers = plan { $plan } has several programmes and allows no sum insured of the insured's own: clear the cell or give another plan
cover-dates-order = the cover ends before it begins: check both dates
cover-dates-outside = the day is outside the days that the contract can cover: give one from { $start } to { $end }, or leave the cell empty
duplicate-insured = an insured with this name and birth date is already in row { $row }{ $sheet }: remove the extra row or correct the data
similar-insured = an insured with the same birth date and almost the same name is in row { $row }{ $sheet }: check whether both rows are one person, and remove the extra row
unknown-sex = the sex is not understood and not used: write M or F
unknown-relation = the relation is not recognised, so that the row gives no right to a family discount: write, for example, employee, spouse, son, daughter, mother
relation-is-a-name = a name stands in the column of relations: if it is a relative who is insured, enter a row with a birth date, and write here, for example, employee, wife, son
duplicate-id = another insured in row { $row }{ $sheet } already has the same number: check the number in both rows
duplicate-id-relation = row { $row }{ $sheet } has the same number, and the relation in one of the rows is not understood: if they are one family, write, for example, employee, wife, son, daughter; otherwise correct the number
in-sheet = { " " }({ $sheet })

## Row checks against the tariff

age-outside-tariff = on the first day of cover the insured is older than the last age of the tariff ({ $last } completed years, §{ $clause }): the row goes to an underwriter
age-outside-programme = on the first day of cover the insured is older than the last age of programme { $programme } ({ $last } completed years, §{ $clause }): check the age (the birth date) or choose another plan
exclusion-not-at-age = the tariff has no exclusion of “{ $service }” from programme { $programme } at this age (§{ $clause }): check the age (the birth date) or choose another plan
sex-and-name = the sex of the column and that of the patronymic differ: check both
age-and-birth-date = the age of the column is { $stated }, and by the birth date it is { $age } on the first day of cover: check both
left-section = the row stands below a sub-heading that is about those who left (row { $heading }): delete the row or, if it is an insured, the sub-heading
left-sheet = the sheet “{ $sheet }” is about those who left, and insured stand on it ({ $count }): leave it out, `ignore_sheets = ["{ $sheet }"]`, or, if they are insured, give the sheet another name
left-title = the table has a title about those who left (row { $row }), and insured stand in it ({ $count }): take it out of the roster or, if they are insured, correct the title
row-above-headings = the row above the headings of the table looks like that of an insured, and is not read: move it below the headings, or delete it
line-states-day = the row states a day of cover that the insured do not have: they are read with the days of the contract. Enter the day in a column “Start date” or “End date”, or delete the row if it is about something else
line-states-plan = the row states another plan than that which the insured are read with: enter it in a column “Plan”, or delete the row if it is about something else
line-states-risk-group = the row states another risk group than that which the insured are read with: enter it in a column “Risk group”, or delete the row if it is about something else
line-states-sum = the row states a sum insured, which is not read: if it is not that of the contract, enter it in a column “Sum insured”
sheet-states-plan = the sheet is named “{ $sheet }”, as a plan is, and its insured are read with another plan: state it, `[[roster]] plan`, or add a column “Plan”, or rename the sheet
left-row = the cell states that the person has left or is not insured, and the row was read as an insured: if the person is not insured, delete the row
sex-and-programme = programme { $programme } is not for the sex that the row states: check the sex and the plan

## The screen

progress-reading = reading the roster
progress-writing = writing premiums
progress-comparing = comparing the insured
progress-pricing = pricing
progress-documents = making documents
progress-committing = writing the portfolio
written-to = result: { $path }
preliminary-notice = Preliminary: only rows that can be priced are included, and the headcount is theirs alone.
census-notice = Preliminary, by headcounts: the roster of the insured has not been examined yet.
refused-rows = No premium: the roster has mistakes or rows for an underwriter. Correct the roster, or run with --preliminary to price the clean rows alone.
refused-all-rows = No premium: no row of the roster can be priced. Correct what is named above, and pass rows for an underwriter on.
refused-unread = No premium: not everything that is filled in on the roster is read and accounted for. Correct what is named above.
more-diagnostics = { $count ->
    [one] { $count } more diagnostic
   *[other] { $count } more diagnostics
  }; all of them by kind: { $counts }
more-faults = { $count ->
    [one] { $count } more fault
   *[other] { $count } more faults
  }: correct those above and run the command again to see the rest
rows-counted = Rows read { $read }: priced { $priced }, referred { $referred }, rejected { $rejected }
rows-skipped = { $count ->
    [one] { $count } row
   *[other] { $count } rows
  } without an insured passed over: { $rows }
skip-remark = remark
skip-blank = blank
skip-left-heading = sub-heading of those who left
skip-sub-heading = sub-heading
skip-total = total
skip-signature = signature
skip-column-numbers = column numbers
skip-unfilled = unfilled
skip-repeated-headings = repeated headings
skip-units = units and forms of values
skip-footer = line of a form: footnote, day of printing, page number
skip-end-mark = end-of-file mark
proposal-about =
    A contract made from a roster. What the roster states is filled in. Below each question stand its answers: take the “#” away from one.
    A plan without programmes has no price: each needs at least one programme with its sum insured.
proposal-unreadable = { $file }: { $reason }
proposal-table = { $table }: insured { $rows }, relatives among them { $relatives }; { $columns }
proposal-days = Days of cover of their own: from { $first } to { $last }.
proposal-days-outside = Question: days of cover of their own are from { $first } to { $last }, and the contract has others. Correct start and end, or the roster.
proposal-unread = Question: the sheet “{ $sheet }” has people and no known headings. Give it headings, or leave it out:
proposal-no-plan = Question: { $count } insured have no plan.
proposal-risk = Question: { $count } insured have no risk group. The groups of the tariff: { $groups }.
proposal-missing = Question: no column holds the field `{ $field }`. It is one of these:
proposal-ambiguous = Question: several columns fit the field `{ $field }`: { $headings }. It is:
proposal-unclaimed = Question: the column { $column } “{ $heading }” is not recognised ({ $cells }). It is:
proposal-plan = Insured: { $count }. Question: which programmes and sums? The programmes of the tariff: { $programmes }.
columns-of = { $sheet }: headings in row { $row }
column-letters = Column
column-heading = Heading
column-outcome = Use
column-used = used
column-known = known, not needed
column-ignored = ignored by the contract
column-unclaimed = not recognised
columns-understood = { $sheet }: headings in row { $row }: { $columns }
summary-head = Contract { $number } · { $policyholder } · { $start }–{ $end }
summary-headcount = Insured { $headcount }, lines { $lines }; headcount coefficient { $coefficient } of { $range } (§{ $clause })
summary-headcount-not-applied = Insured { $headcount }, lines { $lines }; the headcount coefficient does not apply (§{ $clause }, I72)
summary-not-chosen = The contract does not choose the headcount coefficient: it is the middle of the range
summary-accepted = Accepted outside the ages of the tariff, at a coefficient by decision: { $count } (§{ $clause }, I73)
option-title = Option “{ $option }”
summary-premium = Premium { $premium }; the tariff's corridor runs from { $low } to { $high }
summary-instalments = Instalments:
heading-plan = Plan
heading-name = Name
heading-insured = Insured
heading-premium = Premium
heading-programme = Programme
heading-base-rate = Base rate
heading-headcount = Insured
heading-coefficient = Coefficient
heading-age = Age, completed years
heading-risk = Risk group
heading-service = Service
tariff-edition = { $title }
    Edition { $edition }, valid from { $from }
editions-same = The editions do not differ in a price
edition-no-file = there is neither a file `{ $edition }` nor an edition with this code (there is { $known }): correct the path or the code
difference-base = Base rate, programme { $programme }
difference-headcount = Headcount { $band }
difference-price-rise = Price change: rise
difference-price-fall = Price change: fall
difference-child-bands = Ages of the children's programmes
difference-exclusion = Programme { $programme } without: { $services }
difference-inclusion = Programme { $programme } with: { $services }
difference-collective = Programme { $programme }: collective contract
edition-before = Before, ₽
edition-after = After, ₽
heading-moved-contract = Premium of a contract
heading-contracts = Contracts
heading-hardest = Hit hardest
tariff-effect = Contracts: { $contracts }, set aside: { $aside }. Premium by the edition before { $before }, by the edition after { $after }, difference { $difference } ₽
test-failed = a test of the edition failed: { $expected } was expected, the tables give { $computed } ({ $derivation }). Correct the table or the test
edition-workbook-code = the code `{ $code }` has a comma or an equals sign, which separate codes in cells: rename it in the edition's file
edition-workbook-text = this is a text and no workbook: give a workbook as `kollektiv tariff export --xlsx` writes it
edition-workbook-large = the sheet is larger than any edition: at most { $rows } rows, { $columns } columns and { $sheets } sheets; remove the rest
edition-workbook-title = the first cell of the sheet does not name its table: write one of the titles ({ $known }), or delete the sheet
edition-workbook-sheet = the workbook has no sheet “{ $title }”: add it (the title stands in its first cell)
edition-workbook-sheet-twice = the workbook has a sheet “{ $title }” already: keep one
edition-workbook-fact = unknown line above the table: only { $known } stand here
edition-workbook-no-table = the sheet has no table: its first heading is “{ $heading }”, in the first column
edition-workbook-heading = unknown heading: this sheet has only { $known }
edition-workbook-column = the column “{ $heading }” is missing: add it, even if it is empty
edition-workbook-twice = “{ $heading }” stands on the sheet twice: keep one
edition-workbook-outside = a cell outside of the table: clear it, or give its column a heading
edition-workbook-forms = one of three: a number, both ends of a range, or the numbers of the children's bands; remove the others
edition-workbook-set = a set of services has only its coefficient: remove this value
edition-workbook-formula = the formula has no result: write the number, or recalculate and save the workbook
edition-workbook-choices = the choice cannot be read: write “code = value” with commas between, each code once
test-rate = { $rate }
test-no-rate = no rate
test-factor = { $factor } (§{ $clause }) { $value }
test-product = { $first } × { $next }
test-rate-form = a rate with a decimal point in quotes is needed, such as "10.68542", or "none" where there must be no rate
test-headcount = a headcount is a whole number from 1
test-sex = programme { $programme } is for the sex `{ $sex }` alone: give sex = "{ $sex }"
tariff-status = Status: { $status }. Source: { $source }. SHA-256 { $hash }
tariff-source = { $title }
tariff-source-dated = { $title } of { $date }
tariff-source-none = not given
heading-edition = Edition
heading-valid-from = From
heading-valid-to = To
heading-status = Status
heading-source-date = Day of the source
heading-hash = SHA-256
config-file = Settings: { $file }
config-no-file = There is no file of settings { $file }, neither here nor in a folder above
config-col-key = Key
config-col-value = Value
config-col-source = From
config-option = option
config-environment = environment
config-from-file = file
config-default = default
tariff-proved = The tariff { $edition } is complete and free of contradictions: { $programmes ->
    [one] { $programmes } programme
   *[other] { $programmes } programmes
  }; { $tests ->
    [0] it has no tests
    [one] { $tests } test passed
   *[other] { $tests } tests passed
  }; SHA-256 { $hash }
tariff-price-change = up { $up }, down { $down }
clause-base = Base rates, RUB per 100 RUB of sum insured for a year
clause-headcount = By headcount
clause-age = By age
clause-price-change = For a change of medical prices
clause-additional = For additional services
clause-risk = By risk group
clause-exclusions = Exclusions from programme { $programme }
clause-inclusions = Inclusions in programme { $programme }
clause-collective = Collective contract, programme { $programme }
severity-error = error
severity-referral = referral
severity-warning = warning
checked-summary-sheet = Diagnostics
checked-title = What is wrong with the roster
checked-kind = Kind
checked-severity = Severity
checked-count = Count
checked-example = Where first, and what to do
checked-apart = About files, sheets and headings, not about a row
checked-more = and { $count } more
checked-reason-heading = Errors
checked-kept = Your workbook with its mistakes marked. Not carried over: { $what }.
checked-unkept = The looks of the workbook are not kept: { $reason }.
unkept-several = there are several lists
unkept-form = the part { $part } is not written as Excel and LibreOffice write it
unkept-part = it has a part that can neither be carried over nor left out: { $part }
unkept-link = its sheets refer to other files
left-out-macros = macros
left-out-links = links to other files
left-out-signatures = the signature
left-out-formulas = formulas that refer to other files or programs (their values are kept)

## The offer in PDF

template-fault = fault of the template: { $reason }
template-fault-hint = fault of the template: { $reason }. Hint: { $hint }
insurer-inn = the insurer's ИНН has 10 digits, and here is "{ $value }": copy it from the certificate of registration
insurer-inn-key = the control digit of the ИНН "{ $value }" does not agree: one of its digits is a slip, copy it from the certificate of registration
insurer-kpp = a КПП has 9 characters: four digits, two digits or capital Latin letters, three digits; and here is "{ $value }"
insurer-bic = a БИК has 9 digits, the first two 04, and here is "{ $value }": copy it from the bank's letter about the account
insurer-account = an account has 20 digits, and here is "{ $value }": copy it from the bank's letter about the account
insurer-account-key = the account "{ $value }" does not agree with the БИК by its control key: one of the two has a slip, copy both from the bank's letter about the account
insurer-correspondent-key = the correspondent account "{ $value }" does not agree with the БИК: its last three digits are those of the БИК, and the control key agrees; copy both from the bank's letter about the account
insurer-long = longer than { $limit } characters: a payment code (ГОСТ Р 56042-2014) holds no more; shorten it as in the bank's letter about the account
insurer-logo-kind = the picture cannot be read: it has to be a .svg, .png or .jpg file
insurer-logo-unreadable = the picture was not read: { $reason }
insurer-logo-large = the picture is larger than { $limit } KiB: make it smaller
insurer-logo-broken = the picture cannot be set in a document: { $reason }. Save it anew, or take another one
insurer-missing = the papers lack the insurer: name the file about it by --insurer, or by the key insurer of kollektiv.toml; kollektiv insurer template writes one to start from
insurer-checked = { $name }: the ИНН { $inn }, the account { $account } and the БИК { $bic } agree. Nothing is wrong
agreement-left-out = the supplementary agreement is not made: names have characters that no font has: { $letters }. Put a font that has them beside your own template (`--template`) and run the command again: it does not repeat the changes
invoices-col-count = Invoices
invoices-done = invoices for what is due by { $due }, issued on { $issued }: { $count } for { $amount }
invoice-left-out = the invoice { $number } is not made: the policyholder's name has characters that no font has: { $letters }. Put a font that has them beside your own template (`--template`)
invoice-unrecognised = contract { $number }: another contract has a number that reads alike, so that `pay` cannot find the contract in the purpose of a payment; enter the payment by a table with the contract's number
statement-days = the last day of the statement, { $to }, is before the first, { $from }: swap `--from` and `--to`
statement-opening = balance before
statement-closing = turnover, and balance after
statement-payment = payment
statement-payment-document = payment, document { $document }
statement-col-day = Day
statement-col-debit = Debit, ₽
statement-col-credit = Credit, ₽
statement-col-balance = Balance, ₽
template-over-limits = the template takes longer than { $seconds } seconds or more memory than { $memory } MiB for one document: look for a loop that does not end or a very large picture
feature-not-built = this build of the library has no { $feature }: add `{ $feature }` to the features of kollektiv in Cargo.toml
face-missing = the offer has letters that no font has: { $letters }. Replace them in the contract file (`policyholder`, `name` of a plan), or put a font that has them beside your own template (`--template`)

## The underwriter's desk

factor-base = Base rate
factor-headcount = Headcount { $headcount }
factor-age = Age { $ages }
factor-risk = Risk group { $group }
factor-price-change = Price change
factor-additional = Additional services
factor-exclusion = Without: { $services }
factor-inclusion = With: { $service }
factor-collective = Collective contract
chosen-by-tariff = tariff
chosen-by-contract = contract
chosen-by-ranges = contract's ranges
chosen-by-default = not chosen, middle
chosen-by-decision = underwriter's decision
not-applied = not applied
heading-factor = Factor
heading-chosen-by = Set by
heading-clause = Clause
heading-range = Range
heading-value = Value
heading-product = Product
heading-bounds = Bounds
heading-now = Now
heading-premium-now = Premium now, ₽
heading-needed = Needed
heading-then = Premium then, ₽
heading-difference = Difference, ₽
heading-band = Band
heading-coefficient-short = Coeff.
heading-change = ±
heading-per-insured = For one, ₽
heading-premium-present = Present, ₽
heading-premium-then = All, ₽
heading-at-low = At low, ₽
heading-at-high = At high, ₽
insured-not-found = No insured of the roster has this row, id or name: check the spelling
insured-several =
    { $count ->
        [one] { $count } row fits
       *[other] { $count } rows fit
    }: name the file or sheet and the row, for example roster.xlsx:17
insured-not-priced = This insured has no price: correct the row or pass it to an underwriter
insured-place = { $sheet }, row { $row }
insured-place-id = { $sheet }, row { $row }, no. { $id }
explain-head =
    Plan { $plan } · { $age ->
        [one] { $age } year
       *[other] { $age } years
    } · risk group { $group }
explain-programme = Programme { $programme }. { $name }
explain-premium =
    Rate { $rate }: RUB per 100 RUB of sum insured for a year
    { $sum } / 100 × rate × { $days } / { $year } days = { $unrounded } → { $premium }
explain-total = All programmes of the plan { $premium }
programme-not-covered = Programme { $programme } is not in plan { $plan }: name one of { $known }
cell-plan-missing = The contract has several plans: name one by --plan: { $known }
cell-plan-unknown = The contract has no plan { $plan }: name one of { $known }
cell-risk-missing = Name the risk group (--risk), one of { $known } (§{ $clause })
cell-age-outside = The age is outside the tariff, whose last in completed years is { $last } (§{ $clause }): an underwriter decides
contract-new-refused = such a contract would be refused ({ $reason }): correct `--number`, `--policyholder` or `--start`
amount-unreadable = The amount “{ $amount }” cannot be read: write a number of roubles more than 0, for example 40000000 or 40000000.50
range-factor-headcount = Headcount
range-factor-base-rate = Base rate: plan { $plan }, programme { $programme }
range-factor-exclusion = Exclusion “{ $service }”: plan { $plan }, programme { $programme }
range-factor-unknown = This contract has no range { $range }: it has { $known }
target-outside = The target { $aim } is out of reach: with these ranges the premium is from { $low } to { $high }. Change the target, free other ranges (`--only`, `--keep`) or change the plans
target-head = Target { $aim }; now { $now }; possible from { $low } to { $high }
target-exact = exactly
target-below = { $off } below the target
target-above = { $off } above the target
target-reached = Premium { $premium }: { $off }. { $share } % of the way from the low ends of the ranges to the high ends
target-paste = Section for the contract file, which replaces its own:
target-paste-cover = plan { $plan }, programme { $programme }:
outlook-headcount = Headcount: { $headcount } (§{ $clause })
outlook-bands-note = Present: the same insured at this coefficient; all: the headcount of the band at the mean premium of the present insured
outlook-renewal = Birthdays until the renewal on { $day } (§{ $clause })
outlook-census = A census has no birth dates: a roster shows which insured change age band
outlook-movers-census = The list has only its header: a census has no birth dates
outlook-no-change = No insured changes age band
outlook-renewal-sum =
    { $count ->
        [one] { $count } insured changes
       *[other] { $count } insured change
    } age band: { $difference } to the premium for the same days
outlook-past-tariff =
    { $count ->
        [one] { $count } insured
       *[other] { $count } insured
    } past the age of { $last } will go to an underwriter; their premium now is { $premium }
outlook-past-programme =
    { $count ->
        [one] { $count } insured will be older than the programmes allow
       *[other] { $count } insured will be older than their programmes allow
    }; their premium now is { $premium }
outlook-ranges = The premium at the two ends of each range of the tariff, the other ranges unchanged

## A saved quote

written-unusable = the folder { $path }: { $reason }
written-no-quote = there is no quote here: name the folder to which `kollektiv quote` has written one
written-refused = the contract has no premium: correct the roster and run `kollektiv quote` again
written-without-lines = the quote has no premiums.csv: run `kollektiv quote` again with `--format csv,parquet`
written-older = the result was written by an older version of the program and is incomplete: run the command that wrote the folder again
written-changed = the file { $file } was changed, damaged or removed after the program wrote it: put it back or run the command that wrote the folder again

## Comparing two quotes

cause-left = Left
cause-joined = Joined
cause-plan = Change of plan
cause-covers = Programmes of the plan
cause-term = Term and days of cover
cause-sum_insured = Sum insured
cause-age_band = Age band
cause-risk_group = Risk group
cause-headcount_band = Headcount band
cause-base = Base rate
cause-headcount = Headcount coefficient
cause-age = Age coefficient
cause-risk = Risk group coefficient
cause-price_change = Price change
cause-additional_services = Additional services
cause-exclusions = Exclusions
cause-inclusions = Inclusions
cause-collective = Collective contract
compare-preliminary = Preliminary ({ $quotes }): the premium is that of the rows without mistakes alone, or of headcounts, and the difference will change
compare-before = before
compare-after = after
compare-written = { $path } is a saved quote, which is compared as it is: leave out its roster and tariff, or name the contract file instead of the folder
compare-same = The two quotes are the same to the kopeck
compare-same-premiums =
    The premiums are the same to the kopeck, but { $count ->
        [one] { $count } insured has changed plan
       *[other] { $count } insured have changed plan
    }
compare-difference = Total
compare-plan = Plan { $plan }: before { $before }, after { $after }, difference { $difference }
moved-same = the same
moved-fell = lower by { $low }–{ $high } %
moved-fell-over = lower by more than { $low } %
moved-rose = higher by { $low }–{ $high } %
moved-rose-over = higher by more than { $low } %
heading-option = Option
options-per-insured = { $plan }, per insured
options-refused = the option { $path } has no price: correct its roster, so that the offer has all options
heading-quote = Quote
heading-contract = Contract
heading-term = Term
heading-premium-roubles = Premium, ₽
heading-cause = Cause
heading-moved = Premium of an insured

## Documents

document-written = document: { $path }
book-title = Premium quote { $number }
book-about = Contract { $number } · { $policyholder } · { $start }–{ $end }
book-agrees = agrees
book-at-half = half a kopeck
book-disagrees = DISAGREES
book-too-long = over 15 digits
book-summary = Summary
book-summary-title = Premium quote
book-status = Status
book-issued = priced in full
book-preliminary = preliminary
book-tariff = Tariff
book-roster = Roster
book-lines = Lines
book-year-days = Days of the contract year
book-corridor-low = Lowest by the tariff
book-corridor-high = Highest by the tariff
book-corridor-place = Place in the corridor
book-proof = The price proved by Excel
book-proof-of = What is checked
book-proof-by-excel = Worked out by Excel
book-lines-agree = Lines where the formula agrees
book-lines-at-half = Lines at half a kopeck
book-lines-disagree = Lines that DISAGREE
book-lines-summed = Sum of all premiums
book-proof-note = The premium of a line = ROUND(sum insured / 100 × rate × days / { $days }, 2), and the rate is the product of the factors on the sheet of rates. The premium is exact, without binary fractions; Excel calculates in fractions of some 15 digits. Where the unrounded amount is exactly half a kopeck, Excel may round to the other side: such a line is marked “half a kopeck”, and the premium is right, not the formula. Whatever else differs by a kopeck or more is marked “DISAGREES”.
book-instalments = Instalments
book-period-from = Period from
book-period-to = to
book-amount = Amount
book-share = Share
book-total = Total
book-chart-programmes = Premium by programme, ₽
book-chart-plans = Premium by plan, ₽
book-chart-instalments = Instalments by period, ₽
book-chart-ages = Insured by age
book-chart-ages-premium = Premium by age, ₽
book-plans = Plans and programmes
book-plans-title = Plans and programmes
book-programmes = Programmes
book-covers = What the plans cover
book-total-sum-insured = Sums insured, total
book-sum-insured = Sum insured
book-summed = Sum of lines by Excel
book-check = Check
book-excluded = Excluded
book-included = Included
book-collective-sheet = Age and risk
book-collective-title = The collective by age and risk group
book-by-count = Insured
book-by-premium = Premium, ₽
book-age-band = Age, completed years
book-risk-group = Risk group { $group }
book-premiums = Premiums
book-premiums-title = The insured and their premiums
book-premiums-part = The insured and their premiums, sheet { $part } of { $parts }: a sheet of Excel has no more rows
book-number = No.
book-roster-row = Roster row
book-id = Id
book-name = Name
book-birth-date = Birth date
book-age-years = Age
book-start = First day
book-end = Last day
book-days = Days
book-rate-number = Rate no.
book-rate = Rate
book-formula = Premium by formula
book-rates = Rates
book-rates-title = The rates of the contract: roubles per 100 roubles of sum insured for a year
book-age-from = Age from
book-age-to = to
book-base = Base rate
book-headcount = Headcount
book-age = Age
book-risk = Risk
book-price-change = Price change
book-additional = Additional services
book-exclusions = Exclusions
book-inclusions = Inclusions
book-collective = Collective contract
book-product = Rate by formula
book-exact-rate = Exact rate
book-coefficients = Coefficients
book-coefficients-title = Coefficients, their ranges and the clauses of the tariff
book-applies-to = Applies to
book-value = Value
book-low = Range from
book-high = to
book-chosen-by = Who chose
book-clause = Clause
book-rule = Rule
book-by-contract = named by the contract
book-by-ranges = the contract, for all ranges
book-by-default = not chosen: the middle
book-by-decision = the underwriter's decision
book-not-applied = not applied
book-of-headcount = the whole contract, { $headcount } insured
book-of-cover = plan { $plan }, programme { $programme }
book-at-ages = age { $ages }
book-accepted = { $place }, row { $row }, age { $age }; decided by { $by }; reason: { $reason }
book-diagnostics-none = Nothing is wrong with the roster
book-file = File
book-sheet = Sheet
book-row = Row
book-column = Column
book-found = Value
book-message = What is wrong and what to do
book-origin = Origin
book-origin-title = What the quote was made from
book-what = What
book-sha256 = SHA-256
book-program = Program
book-contract-file = Contract file
book-roster-file = Roster file
book-written-file = File { $name } of the quote
book-bytes = { $bytes ->
    [one] { $bytes } byte
   *[other] { $bytes } bytes
  }
page-filter = Find in the table
page-close = Close
page-heat = The insured by age and risk group
page-risk = Risk { $group }
page-groups = Groups of insured
page-groups-hint = Choose a rate to see how it came about.
page-derivation = Plan { $plan }, programme { $programme }, age { $ages }, risk group { $group }
page-range = Range
page-more-diagnostics = { $count ->
    [one] { $count } more
   *[other] { $count } more
  } in diagnostics.csv
page-internal = For the insurer's own use: the page has the ranges and the corridor of the tariff. For the policyholder there is a page without them: `--documents html-client`
page-coefficients = Coefficients and clauses of the tariff
page-headcount = Insured { $headcount }, lines { $lines }; headcount coefficient { $coefficient } (§{ $clause })
desk-title = Place in the ranges
desk-hint = Move a range, and the premium follows at once, to the kopeck as the program computes it. The quote and its files stay as they are.
desk-too-many = This page has no desk: the lines are { $count } groups of equal price, and a browser prices at most { $limit } without delay. Use `kollektiv target` and `kollektiv outlook`
desk-broken = The browser computed another premium than the quote, so that the desk is off. Open the page in another browser, or use `kollektiv target`
desk-low = low
desk-mid = middle
desk-high = high
desk-none = leave out
desk-contract = as in the contract
desk-coefficient = Coefficient
desk-free = moves to the target
desk-outside = A number from { $low } to { $high } is needed, with at most four decimals
desk-stands = In the contract: { $place }
desk-same = as in the quote
desk-difference = { $difference } to the quote ({ $percent } %)
desk-per-insured = For one insured
desk-corridor = Corridor of the tariff: { $low } to { $high }
desk-reset = Return to the contract's choices
desk-target = Target premium, ₽
desk-find = Find
desk-target-unreadable = The amount is unreadable: write it in roubles, such as 40000000.50
desk-target-outside = The target is out of reach: the marked ranges allow a premium from { $low } to { $high }
desk-plans = Premium by plan
desk-quoted = In the quote
desk-now = Now
desk-change = Difference
desk-keep = Keep as a scenario
desk-scenario = Scenario { $number }
desk-scenarios = Scenarios side by side
desk-take = Return to it
desk-remove = Remove
desk-toml = Choices for the contract file
desk-copy = Copy
desk-copied = Copied
desk-selected = The text is selected: copy it with Ctrl+C

## Clinics

category-twice = there is a category `{ $code }` already: give another code
categories-none = there is no category of services: add a `[[category]]`
clinic-twice = there is a clinic `{ $code }` already: give another code
clinics-none = there is no clinic: add a `[[clinic]]`
tariff-service-unknown = the tariff has no service `{ $service }`: give one of { $known }
price-list-none = the clinic `{ $clinic }` has no price list: add a `[[clinic.service]]`
list-columns-none = the lists have no column: add a `[[clinic.lists.column]]` with `field` and `heading`
list-price = a price is from 0 to { $limit }, with at most two decimals
service-named-twice = `{ $service }` is the code or the name of two services of the price list: rename one of them
category-unknown = there is no category `{ $category }`: give one of { $known }
service-unlisted = the price list has no service `{ $service }`: give its code or its name, or add it as a `[[clinic.service]]`
clinic-programme-twice = there is a clinic programme `{ $code }` already: give another code
clinic-programme-empty = the clinic programme `{ $programme }` has no service: add `services` or `categories`
discount-range = a discount is in percent, more than 0 and at most 100, with at most two decimals (I24)
clinic-field-unknown = there is no field `{ $field }`: in `[clinic.columns]`, one of { $known } stands on the left and the clinic's own heading on the right
plan-clinic-unknown = plan `{ $plan }` names the clinic `{ $clinic }`, which the file of clinics does not have: correct `clinic` in the contract to one of { $known }, or add the clinic to the file of clinics
plan-programme-unknown = plan `{ $plan }` names the programme `{ $programme }`, which the clinic `{ $clinic }` does not have: give one of { $known } in the contract
clinics-checked = clinics: { $clinics }, services: { $services }, clinic programmes: { $programmes }. Nothing is wrong
clinics-contract-checked = { $path }: the file of clinics has every clinic and programme of its plans
clinics-table-checked = { $path }: { $rows } rows of data, { $readable } of them without an error
claims-exported = Registers: { $registers }, claims: { $claims }, { $amount }; of it the insurer pays { $insurer }, in advance is paid { $advance }
clinics-contract-refused = { $path }: { $count ->
    [one] { $count } reference leads to a clinic or programme
   *[other] { $count } references lead to clinics or programmes
  } that the file of clinics does not have
clinic-missing-column = there is no column “{ $usual }”: add it, or name the column that is meant by a line `{ $field } = "heading"` in the clinic's `[clinic.columns]`. The headings of the table: { $headings }
clinic-missing-column-near = there is no column “{ $usual }”, but “{ $heading }” is similar: if that is the one, add the line `{ $field } = "{ $heading }"` to the clinic's `[clinic.columns]`, or rename the column
clinic-missing-column-named = there is no column “{ $heading }”, which `[clinic.columns]` names for the field “{ $usual }”: correct `{ $field }` there or add the column
clinic-ambiguous-column = the columns { $first_column } (“{ $first }”) and { $second_column } (“{ $second }”) both fit the field “{ $usual }”: rename the one that is not needed, or choose one by a line `{ $field } = "{ $chosen }"` in the clinic's `[clinic.columns]`
clinic-unknown-column = the column “{ $heading }” is not recognised and not used: if it is needed, give it a usual heading or name it in the clinic's `[clinic.columns]`
clinic-unclaimed-column = the column “{ $heading }” is not recognised, and its cells look like { $looks } ({ $cells }): the table is not judged until it is accounted for. Name its field in the clinic's `[clinic.columns]`, or add it to ignore = ["{ $heading }"] there
clinic-date-order = it is unknown whether the day or the month comes first: write the date as 1990-06-05, or state the order in clinics.toml: `[clinic.dates]` order = "dmy" or "mdy"
clinic-date-order-column = in the column “{ $heading }” some dates begin with the day and others with the month, so that the rest can be read in two ways: correct the dates, or state the order in clinics.toml: `[clinic.dates]` order = "dmy" (day, month, year) or "mdy" (month, day, year)
clinic-month-first = the dates of the column “{ $heading }” are read as month, day, year: row { $row } allows nothing else, and the other rows allow it; if the order is another one, state it in clinics.toml: `[clinic.dates]` order = "dmy"
register-empty = there is no row with a service under the headings: check whether it is the right file
register-without-table = no row of column headings was found: name the columns, for example “Full name”, “Birth date”, “Service date”, “Service”, “Amount”
register-several-sheets = several sheets hold a table (the number of rows in brackets): { $sheets }. Choose one, for example `--sheet "{ $first }"`, or take all: `--sheet "*"`
register-sheet-missing = there is no sheet “{ $sheet }”, only { $sheets }: correct `--sheet`
register-refused = { $count ->
    [one] the table has { $count } error
   *[other] the table has { $count } errors
  }, so no row of it is considered: correct what is marked in { $file } and send the table again
missing-patient = the patient is missing: enter a policy number, or a full name and a birth date
missing-patient-birth-date = there is no policy number, so a birth date is needed: enter it, for example 05.06.1990
missing-service = the service is missing: enter its code or its name in the price list
missing-day = the day of the service is missing: enter it, for example 05.06.2026
bad-quantity = the quantity cannot be read: write a whole number from 1 to { $limit }
missing-price = the price is missing: enter it, for example 3500.00
bad-price = the price cannot be read: write a number from 0 to { $limit } with at most two decimals
bad-amount = the amount { $amount } is not price times quantity ({ $counted }): correct one of the three
bad-reversal = it is unknown whether the row takes an earlier one back: write “yes”, “no” or nothing
request-cancelled = the request is marked as cancelled: leave the row out
total-differs = the total under the table is { $total }, and its rows add up to { $sum }: check whether all rows are there
right-insured = insured
right-employee = employee whose own cover has not begun
right-next-of-kin = spouse or child of an employee
right-service-contract = employee of a legal entity with a service contract
verdict-advance = paid in advance
verdict-letter = by guarantee letter
verdict-needs-agreement = needs agreement
verdict-letter-expired = letter has expired
verdict-call-dispatcher = through the dispatcher
verdict-outside-programme = outside the programme
verdict-loyalty = by the loyalty programme
verdict-not-in-force = not insured on that day
verdict-unknown = not found
verdict-duplicate = repeated
verdict-price = dearer than the price list
payer-advance = Paid in advance
payer-insurer = Insurer pays
payer-patient = Patient pays
payer-discount = Clinic's discount
payer-disputed = Disputed
payer-uncleared = Until cleared
reason-price = { $listed } in the price list, the { $difference } above it are disputed; apart from that: { $ground }
reason-unlisted = the price list has no such service, or its code and name belong to two services: name the service as in the price list
reason-duplicate = the same service for the same patient on the same day is in row { $row }{ $sheet } already: confirm that it was done twice
reason-loyalty = { $right }: discount of { $discount }%
reason-entitled-in-full = not in the book ({ $right }), and the service has no discount: the patient pays in full
entitled-refused = the list { $file } cannot be read: { $faults }
entitled-missing-column = the column “{ $usual }” is missing: add it
entitled-ambiguous-column = the columns { $first_column } (“{ $first }”) and { $second_column } (“{ $second }”) both fit the field “{ $usual }”: rename the one that is not needed
entitled-unknown-column = the column “{ $heading }” is not recognised and not used: if it is needed, give it a usual heading
entitled-unclaimed-column = the column “{ $heading }” is not recognised, and its cells look like { $looks } ({ $cells }): give it a usual heading, or ignore it in clinics.toml: `[entitled]` ignore = ["{ $heading }"]
entitled-without-table = there is no table with name, birth date, relation, employer, first and last day
entitled-name = there is no name, and the row gives no right: add the full name
entitled-day = there is no day, and the row gives no right: add it
entitled-days = the last day is before the first, and the row gives no right: correct them
entitled-relation = only an employee, husband, wife, son or daughter has the right to the discount, and the row gives none: correct the relation or remove the row
entitled-checked = entitled.csv: { $count ->
    [one] { $count } row gives
   *[other] { $count } rows give
  } a right to the discount
reason-not-in-force = insured from { $first } to { $last }
reason-advance = in the clinic programme { $programme }
reason-letter = letter { $number }, valid to { $last }
reason-outside-programme = the clinic programme { $programme } does not have the service
reason-clinic-unnamed = plan { $plan } does not name this clinic
reason-not-covered = the programmes of plan { $plan } do not cover “{ $category }”
reason-less-discount = { $why }; discount of { $discount }%
reason-in-full = { $why }; no discount on such services
reason-needs-agreement = letter { $number }, valid to { $last }, does not name this service: let the insurer's dispatcher agree to it
reason-letter-expired = letter { $number } was valid to { $last }: ask the insurer's dispatcher for another
reason-call-dispatcher = by fact, and there is no letter for this service: the patient has to call the insurer's dispatcher
joined = { $first }, { $next }
joined-none = —
visit-acute = acute illness
visit-exacerbation = exacerbation of a chronic illness
visit-trauma = injury
visit-other = another reason
scope-quantity = { $count ->
    [one] { $count } time
   *[other] { $count } times
  }
teeth-none = the teeth { $teeth } cannot be read: write them by the FDI scheme, such as 11, 12 or 11–13 (11–18, 21–28, 31–38, 41–48; milk teeth 51–55, 61–65, 71–75, 81–85)
teeth-range = both ends of a range of teeth lie in one jaw, and both are permanent or both milk teeth, such as 13–23: write the teeth one by one
scope-teeth = teeth { $teeth }
scope-amount = up to { $amount }
verdict-limit = over the sum insured
verdict-no-insured-event = no insured event
verdict-unreadable = unreadable
reason-scope = letter { $number }, valid to { $last }, agrees to { $scope }; { $excess } exceed it: let the insurer's dispatcher agree to more
reason-limit = the sum insured of { $sum } for programme { $programme } had { $left } left, the rest is the patient's; apart from that: { $ground }
reason-no-visit-reason = the reason of the visit is missing, and the terms require one of these: { $required }
reason-other-visit = the reason of the visit is “{ $reason }”, and the terms require one of these: { $required }
reason-several-contracts = contract { $contract }: { $ground }; also insured by { $others }
reason-duplicate-booked = the same service for the same patient on the same day is in { $register }, row { $row }{ $sheet } already: confirm that it was done twice
reason-other-clinic = the row is of the clinic { $clinic }: it belongs to a register of that clinic
reason-takes-back = takes back row { $row }
reason-takes-back-booked = takes back row { $row } of { $register }
reason-taken-back = row { $row } of { $register } takes this row back
reason-as-booked = as it was booked: nothing is changed. What the book knows today would give “{ $today }”
reason-takes-back-nothing = the price is below zero, and no row with this patient, day, service and price can be taken back: check them
reason-dispatcher-phone = { $ground }; telephone of the dispatcher: { $phone }
reason-on-no-list = { $ground }; on no list that was sent to the clinic before that day
booked-register = the register { $file } of the clinic { $clinic }
booked-register-numbered = the register No. { $number }{ $period } ({ $file }) of the clinic { $clinic }
register-period = { " " }for { $first }–{ $last }
price-list-twice = there are prices from { $code } already: put them into one table
visit-reason-unknown = there is no reason of a visit `{ $reason }`: give one of { $known }
settle-number-of-several = `--number` and `--period` are for one register: settle the others by themselves
act-month = there is no month { $month }: write it as 2027-01
act-about = { $clinic }; from { $first } to { $last }
act-sheet = Act
act-title = Services of the month
act-advances-sheet = Advances
act-advances-title = Advances to the clinic
act-advance = Advances
act-advance-before = Balance before the month
act-advance-paid = Paid in the month
act-advance-used = Used in the month
act-advance-after = Balance after the month
act-claims-sheet = Claims
act-claims-title = The claims of the month
act-register = Register
act-day = Day
act-open = Disputed or not cleared
act-summary = { $clinic }: { $count ->
    [one] { $count } claim
   *[other] { $count } claims
  } for { $amount }; accepted { $accepted }, of which the insurer pays { $insurer }; disputed or not cleared { $open }. Balance of advances: { $advance }
next-act = sign act.pdf in { $out } with the clinic
settle-clinic-unknown = { $file }: neither the file nor its folder begins with the code of a clinic: rename it or give `--clinic`
settle-folder-empty = the folder { $folder } has no register: add the files to settle
settle-registers = Registers settled: { $count }; set aside: { $set_aside }
settle-booked-before = { $file }: the register is booked already: nothing is changed
settle-replaced = { $file }: the register is booked already and was replaced by { $register }: nothing is changed. Settle it with `--again` if it is to take that place again
settle-dry-run = { $file }: nothing is booked (`--dry-run`)
settle-corrected = { $file }: booked in place of the register of the same number and period
settle-booked = { $file }: booked, { $count ->
    [one] { $count } row
   *[other] { $count } rows
  }
settle-unreadable = { $count ->
    [one] { $count } row cannot be read and goes
   *[other] { $count } rows cannot be read and go
  } back to the clinic: the reasons are in settled.xlsx
corrected-rows-before = Rows before
corrected-before = Amount before
match-not-found = no insured has this policy number, or this name and birth date: check them
match-policy-of-another = the policy number belongs to another insured: check number, name and birth date
match-policy-differs = the insured with this name and birth date has another policy number: check the number
match-ambiguous = several insured match: give the policy number, the whole name and the birth date
routing-advance = paid in advance
routing-letter = by guarantee letter
routing-dispatcher = through the insurer's dispatcher
routing-own-cost-less-discount = at own cost less the discount
routing-own-cost = at own cost
routing-unlisted = not in the price list
route-unlisted = the price list has no such service: ask by its code
route-unlisted-near = the price list has no such service; “{ $near }” is similar: if that is the one, ask by the code { $code }
route-until-agreed = { $reason }; at the patient's cost until it is agreed
letter-clinic-unnamed = plan { $plan } does not name the clinic { $clinic }: there can be no letter
letter-in-advance = service { $service } is paid in advance with the clinic programme { $programme }: no letter is needed
letter-service-excluded = the programmes of the insured do not cover service { $service } (“{ $category }”): there can be no letter
letter-not-in-force = not insured on the day of the letter: insured from { $first } to { $last }
letter-first-unknown = the insured has no letter { $number } to this clinic to add to: correct the number
request-clinic-unsaid = the clinic is missing: add the column “Clinic” or `--clinic` with one of { $known }
request-clinic-unknown = there is no clinic “{ $clinic }”: give one of { $known }
request-day-unsaid = the day of issue is missing: add the column “Issue date” or `--issued`
request-service-unlisted = the price list of the clinic { $clinic } has no service “{ $service }”, or its code and name belong to two services: name the service as in the price list

## A price change

changes-none = the file has no `[[change]]`: add one with programmes and the coefficient of the price change
change-id-form =
    the id of the price change names a folder: it can have at most { $limit ->
        [one] { $limit } character
       *[other] { $limit } characters
    }, namely letters, digits, `-`, `_` and `.`, and begins with a letter or a digit
change-notice = only "{ $word }" may stand here: the month of notice counts from the next day, and the new prices begin one day later; without this line they begin on the same day of the next month (I18)
change-too-early = the new prices begin less than a month after the notice of { $notified }: the earliest lawful day is { $earliest } (§{ $clause }, rule I18)
change-programmes-none = the list of programmes is empty: give their codes, or `["*"]` for every programme
change-programme-twice = `{ $programme }`: this price is changed already by `{ $before }` on line { $line }, and a programme can have only one coefficient: keep it in one place

## Payments

payments-without-table = no row with the headings of columns is found: call them “Contract number”, “Date” and “Amount”, or state what they are called, such as `--column number="Ref."`
payments-column-missing = there is no column “{ $usual }”: add it, or name the column that holds it, such as `--column { $field }="heading"`; headings: { $headings }
payments-column-near = there is no column “{ $usual }”: if it is “{ $heading }”, repeat with `--column { $field }="{ $heading }"`
payments-column-named = there is no column “{ $heading }”, which is named for the field { $field }: correct the heading
payments-column-twice = the columns { $first_column } (“{ $first }”) and { $second_column } (“{ $second }”) both fit the field “{ $usual }”: choose one, such as `--column { $field }="{ $chosen }"`, and ignore the other one: `--ignore-column`
payments-several-sheets = there are payments on several sheets ({ $sheets }): ignore the others, `--ignore-sheet "sheet"`
payments-unread-sheet = the sheet “{ $sheet }” is not read, and has rows with days and numbers: if they are payments, give the columns usual headings, otherwise ignore it: `--ignore-sheet "{ $sheet }"`
payments-date-order = in the column “{ $heading }” some dates begin with the day and others with the month, so that the rest can be read in two ways: correct the dates
payments-month-first = the dates of the column “{ $heading }” are read as month, day, year: row { $row } allows nothing else, and the other rows allow it; if the order is another one, annul the run (`kollektiv annul`) and correct the dates
payments-hidden-sheet = the payments are on the hidden sheet “{ $sheet }” and were read: if another sheet was meant, annul the run (`kollektiv annul`) and repeat with `--ignore-sheet "{ $sheet }"`
payments-struck-out = there are payments in the struck-out rows { $rows } ({ $count }): they were read like all others; if they are not to be counted, annul the run (`kollektiv annul`) and delete the rows, otherwise remove the strike-through
payments-hidden-row = there are payments in the hidden rows { $rows } ({ $count }): they were read like visible rows; if a filter has hidden them and they are not to be counted, annul the run (`kollektiv annul`) and delete the rows, otherwise unhide them
payments-none = there is no payment under the headings: check that this is the right file
payment-without-number = the number of the contract is missing: fill it in
payment-without-purpose = there is no purpose of payment, so that the contract is unknown: add it
payment-number-rounded = Excel keeps no more than 15 digits, and the last digits of the number are lost: format the column as text and type the number again
payment-without-date = the date of the payment is missing: fill it in
payment-without-amount = the amount of the payment is missing: fill it in
payment-both-ways = the row has both a receipt and a payment out: keep one of them, or make two rows of it
payment-direction = it is not clear whether the payment was received or paid out: write “incoming” or “outgoing”, “credit” or “debit”
payments-direction = the column “{ $heading }” is not recognised, and its cells look like incoming and outgoing payments: name it, `--column direction="{ $heading }"`, or ignore it, `--ignore-column "{ $heading }"`
payment-amount = the amount of a payment is a number of roubles with at most two decimals, not 0 and at most { $limit }; below 0 it reverses a payment: correct it, such as 1000.00
book-terms-missing = the portfolio does not hold the terms of contract { $number }, or this program cannot read them: restore it from a backup
list-sheet = Attached
list-title = Insured attached to the clinic
list-about = { $clinic }; on { $day }; { $count ->
    [one] { $count } insured
   *[other] { $count } insured
  }
list-attach-sheet = Attach
list-attach-title = Attach for service
list-detach-sheet = Detach
list-detach-title = Detach from service
list-moved-sheet = Other days
list-moved-title = Attached as before, on other days
list-changes-about = { $clinic }; from { $since } to { $day }; { $count ->
    [one] { $count } insured
   *[other] { $count } insured
  }
list-sum-sheet = Sum
list-sum-title = Attached before + attach − detach = attached now
list-sum-about = from { $since } to { $day }
list-total = Total
list-before = Attached before
list-attach = + attach
list-detach = − detach
list-today = Attached now
list-place = No.
list-name = Full name
list-birth-date = Birth date
list-policy = Policy
list-phone = Phone
list-email = E-mail
list-address = Address
list-passport = Passport
list-snils = SNILS
list-programme = Programme
list-programme-name = Its name
list-first-day = First day
list-last-day = Last day
settled-sheet = Totals
settled-title = Adjudicated register
settled-about = { $clinic }; { $file }
settled-verdict = Verdict
settled-reason = Reason
settled-rows = Rows
settled-amount = Amount
settled-total = Total
lists-since = `--since` has to be a day before { $day }
lists-empty = No insured is attached to a clinic: there are no lists
clinic-unsaid = there are several clinics: name one of { $known } with `--clinic`
route-day-unsaid = the day is missing: add the column “Service date” or `--day`
route-answer = { $service }: { $way } ({ $reason }). Price { $price }, the patient pays { $pays }
loyalty-right = The right to the discount: yes ({ $right })
loyalty-none = The right to the discount: no ({ $reason })
loyalty-outside = not insured on that day, and neither an employee who is still to be insured nor next of kin of one
letter-left-out = the letter has characters that no font has: { $letters }. Put a font that has them beside your own template (`--template`)
letter-not-written = letter { $number } is issued, but its document is not made: it has characters that no font has: { $letters }. Put a font that has them beside your own template (`--template`) and run again
letters-dry-run = No letter is issued (`--dry-run`)
letter-refused = row { $row }{ $sheet }: refused: { $reason }
letters-issued = Letters issued: { $issued }. Requests answered before: { $before }. Requests refused: { $refused }
letters-written = { $count ->
    [one] { $count } document written
   *[other] { $count } documents written
  } to { $path }
heading-clinic = Clinic
heading-file = File
heading-discount = Discount
heading-categories = On
heading-right = Right to the discount
heading-people = Insured
heading-row = Row
heading-way = Routing
heading-patient-pays = Patient pays

## Endorsements

actions-differ = the actions contradict each other: “{ $first }” and “{ $second }” (in the row, in the title above it, in the name of the sheet or the file, in `--action`): leave one of them
action-join = join
action-leave = leave
action-change-plan = change plan
action-change = change
action-correct = correct
leaver-start-alone = the first day of a leaver does not say until when the leaver is covered: give the day in a column “Change date” or “Valid to”, or run with --on
change-day-unclear = the day beside the action does not say what happens on it: write “from 01.03.2027” (the first day of the change) or “until 28.02.2027” (the last day of cover)
title-day-differs = the day in the title or in the name of the sheet or the file ({ $stated }) is not that of `--on` ({ $on }): leave one of them, or give the day in the row
title-day-unclear = the title above the row has a day and does not say what happens on it: write “from 01.03.2027” (the first day of the change) or “until 28.02.2027” (the last day of cover) there, or give the day in the row
correction-day = a correction counts from the first day of cover, not from this day: if the value has changed on this day, write “change data”
further-table-column = the column “{ $heading }” of the second table of the sheet is not recognised: give it a usual heading, or repeat with `--column field="{ $heading }"` or `--ignore-column "{ $heading }"`
leaver-sum = the sum insured of a leaver is not compared with the contract and changes nothing
leaver-differs = the contract has another value for this insured: check that this is the right person
stated-start = the first day of cover is { $stated } in the row and { $book } in the contract: this row cannot change it; leave the cell empty, and if the day is wrong, annul the run that recorded it (`kollektiv annul`) and record the joiner again
stated-end = the last day of cover is { $stated } in the row and { $book } in the contract: a correction does not change it; write “leave” for an insured who leaves earlier, or leave the cell empty
stated-end-change = the last day is { $stated } in the row and { $book } in the contract: a change holds to the end of cover; leave the cell empty, and record the change back in a row of its own
insured-until = this insured has left already, the last day of cover is { $last }: if that is wrong, annul the run that recorded it (`kollektiv annul`) and record the leaver again
ambiguous-number = several insured have this number: add the name and the birth date
another-policy-number = the policy number is that of another insured, or unknown: correct the row
same-values = the row has nothing new: all values are those of the contract; give the new value in its column or remove the row
change-after-end = the contract ended on { $ended }: nothing can change from that day on; remove the row or correct the day
missing-action-column = the action is missing: add a column “Action” with “join”, “leave”, “change plan”, “change” or “correct”, give the list a title (“to be detached”), or run with --action
change-day-missing = the day from which the change counts is missing: fill it in in a column “Change date”, or run with --on
change-days-differ = the days in the row contradict each other: leave one of them
detach-day-open = “{ $heading }” has two readings: the last day of cover is { $last } or { $first }; repeat with `--detach-day last` (the day is the last day of cover) or `--detach-day first-without-cover` (the day is the first day without cover)
missing-action = the action is missing: fill in “join”, “leave”, “change plan”, “change” or “correct”
bad-action = the action is not recognised: fill in “join”, “leave”, “change plan”, “change” or “correct”
not-insured = the contract has no such insured: check the id, the name and the birth date
ambiguous-insured = several insured fit: give a number that only one of them has, or a day on which only one is covered
another-insured = the id does not agree with the name and birth date of its insured: correct the row
already-insured = this insured or this id is in the contract already: remove the row or correct it
changed-twice = the row contradicts row { $row } about the same insured: leave one of them
same-plan = the insured is on plan { $plan } already: remove the row or name another plan
endorse-number = there is no contract { $number } in the portfolio: check the number
endorse-day = the day of the changes is outside the term of contract { $number } ({ $first } to { $last }): correct `--on`
endorse-ended = contract { $number } ended on { $ended }: it cannot be reconciled or renewed; `kollektiv endorse` records changes before that day
endorse-load = contract { $number } does not name a share of expenses, which the premium returned to those who leave needs (rule I27): give it, such as `--expense-load 0.20`
endorse-load-twice = contract { $number } names its own share of expenses, which applies: remove `--expense-load`
endorse-terms = the changes are refused: there would be { $headcount } insured, which the terms of contract { $number } do not allow ({ $reason }). The terms of a contract in force stay as they are: keep the headcount within its band, or conclude a contract on new terms
endorse-unreadable = the rows of contract { $number } in the portfolio cannot be read: check the portfolio (`kollektiv portfolio verify`)
endorse-too-large = the premium of contract { $number } after the changes is larger than a portfolio holds ({ $limit }): check the sums insured
endorse-refused = the contract is not changed: correct the list of changes and run it again
endorse-known = the portfolio has these changes already: nothing is changed
endorse-dry = dry run: the portfolio is unchanged
endorse-join = join
endorse-leave = leave
endorse-from = from { $on }
endorse-between = (days of change from { $on } to { $last })
endorse-change = change of data
endorse-change-plan = change plan
endorse-correct = correction
endorse-staying = Relatives who stay insured: { $count } ({ $who }); to detach them too, repeat with --with-family (I39).
endorse-void = Earlier changes without effect now: { $count }.
endorse-headcount = new headcount
endorse-col-action = Change
endorse-col-charged = Charged, ₽
endorse-col-returned = Unexpired premium, ₽
endorse-col-expenses = Expenses, ₽
endorse-col-amount = Total, ₽
endorse-done = Contract { $number } { $days }: { $joined } joined, { $left } left, { $changed_plan } changed plans, { $changed_data } had data changed or corrected; insured before { $insured_before }, after { $insured_after }; premium before { $before }, after { $after }
## The portfolio

portfolio-unusable = the portfolio { $path } cannot be used: { $reason }
portfolio-none = there is no register of a portfolio in it. Check `--portfolio`; a new portfolio begins with `kollektiv bind`
portfolio-version = its register is of another version of the program: use that version
portfolio-foreign = the folder holds something else, { $file }: a new portfolio needs a folder that is empty or not there yet
portfolio-file-missing = the file { $file } of the portfolio is missing: restore it from a backup and run this again
portfolio-file-unreadable = the file { $file } of the portfolio cannot be read: check its permissions and the disk, and run this again
portfolio-file-damaged = the file { $file } of the portfolio was changed or damaged after it was written: restore it from a backup and run this again
portfolio-text-damaged = the text { $file } that the portfolio keeps was changed or damaged after it was written: restore the portfolio from a backup
portfolio-held = another process is changing the portfolio { $path } ({ $holder }): wait until it has finished and try again
portfolio-register = the register { $path } cannot be read or written: { $reason }. Check the permissions and the space on the disk, and try again
portfolio-col-number = Contract
portfolio-col-policyholder = Policyholder
portfolio-col-from = From
portfolio-col-to = To
portfolio-col-insured = Insured
portfolio-col-lines = Lines
portfolio-col-written = Premium, ₽
portfolio-col-tariff = Tariff
portfolio-col-paid = Paid, ₽
portfolio-col-plan = Plan
portfolio-col-programme = Programme
portfolio-col-annual = For a full year, ₽
portfolio-col-before = A year before, ₽
portfolio-col-after = A year after, ₽
portfolio-col-difference = Until the end, ₽
portfolio-col-what = What
portfolio-col-run = Run
portfolio-col-by = By
portfolio-col-note = Note
portfolio-col-contracts = Contracts
portfolio-col-annulled = Annulled for
portfolio-col-due = Due
portfolio-col-charged = Charged, ₽
portfolio-col-amount = Amount, ₽
bind-more-warnings = { $file }: more warnings: { $count }; the portfolio keeps all of them: kollektiv portfolio show
show-warnings = Warnings about the rosters: { $count }
bind-done = bound: { $contracts } (insured { $insured }, lines { $lines }, premium { $premium }); in the portfolio already: { $known }; set aside: { $aside }
batch-fault = { $place }: { $reason }{ $more ->
    [0] {""}
   *[other] {" "}(and { $more } more)
  }
quotes-priced = priced
quotes-preliminary = preliminary
quotes-refused = refused: roster
quotes-set-aside = set aside
quotes-done = contracts priced: { $priced } (insured { $insured }, premium { $premium }); refused because of their rosters: { $refused }; set aside: { $aside }
bind-edition-differs = the portfolio { $portfolio } has contracts of an edition of the tariff with the same code `{ $edition }` and other contents ({ $other }) than { $file }: give the new edition its own code
bind-annulled = the contract { $number } was annulled by run { $run }, and its number stays used: give the contract a new number
bind-twice = another of the files has the same number, `{ $number }`: give each contract a number of its own
bind-another = another contract is in force under the number `{ $number }`: give this one a number of its own, or change the one in force by an endorsement
bind-census = a contract with a census cannot be bound, because a census names no insured: give it a roster
bind-options = the contract still has options ([[option]]): keep the terms of the chosen one and remove these tables
bind-unread-because = the roster cannot be read whole: { $first }. `kollektiv check { $path }` shows all that is wrong
bind-unread = the roster cannot be read whole: `kollektiv check { $path }` shows what is wrong
bind-rows = not every row of the roster can be priced (wrong: { $rejected }, for an underwriter: { $referred }): `kollektiv check { $path }` shows where and what to do
bind-too-large = the premium { $premium } is larger than a portfolio holds ({ $limit }): check the sums insured
pay-number = there is no contract `{ $number }` in the portfolio: correct the number or bind the contract first
pay-reverses-none = contract `{ $number }` has no payment of { $amount } until that day that is not reversed yet: correct the amount, or add the payment first
pay-reversed = row { $row } reverses the payment of { $day }
pay-doubted-day = the payment of { $day } for contract `{ $number }` is booked, but it is more than { $limit } days outside the contract's term ({ $first } to { $last }): check the day
pay-doubted-amount = the payment for contract `{ $number }` is booked, but { $paid } is paid, more than the { $written } written: check the amount, and whether the payment is listed twice
pay-names-none = the payment of { $amount } of { $day }, document { $document }, is not booked: its purpose names no contract of the portfolio. Add it by a table with the contract's number
pay-names-more = the payment of { $amount } of { $day }, document { $document }, is not booked: its purpose is about several contracts, and names one of the book, { $number }. Split it by a table with the contracts' numbers
pay-money-back = the payment of { $amount } of { $day }, document { $document }, is not booked: by its purpose, money comes back, and it is no premium. If it is one, add it by a table with the contract's number
pay-purpose-differs = the contract's number is `{ $number }`, and the purpose of payment names another one, `{ $other }`: correct the number, or ignore the column of the purpose, `--ignore-column`
pay-doubted-document = the payment of { $amount } of { $day } for the contract `{ $number }` is booked, but the portfolio has an equal one without a document number: check whether it has been added twice
pay-names-several = the payment of { $amount } of { $day }, document { $document }, is not booked: its purpose names several contracts, { $numbers }. Split it by a table with the contracts' numbers
exchange-own-transfer = the payment of { $amount } of { $day }, document { $document }, is not booked: it is a transfer between own accounts
exchange-not-credited = the payment of { $amount } of { $day }, document { $document }, is not booked: it has no day of receipt (ДатаПоступило). Add it when the bank has credited it
exchange-currency = the payment of { $amount } of { $day }, document { $document }, is not booked: the account is not in roubles. Add the amount in roubles by a table
exchange-encoding = the file is in none of the encodings of the exchange format: windows-1251, DOS or UTF-8. Export it from the bank again
exchange-cut-off = the file ends before `{ $key }`: it was cut off. Export it from the bank again
exchange-after-end = `{ $key }` stands after the end of the file, `КонецФайла`: add each file by itself
exchange-section = `{ $key }` does not belong here: a section is not closed, or was not opened. Export the file from the bank again
exchange-line = the line is no `Key=value`. Export the file from the bank again
exchange-missing = the document has no `{ $key }`. Export the file from the bank again
exchange-twice = the document has `{ $key }` twice. Export the file from the bank again
exchange-sum = `{ $key }` is no amount in roubles with at most two decimals. Export the file from the bank again
exchange-day = `{ $key }` is no day such as 01.02.2027. Export the file from the bank again
exchange-account = the file names no own account (`{ $key }`), so that receipts and payments look alike. Export the statement of an account
exchange-foreign = neither the payer's nor the payee's account is one of the file's own (`{ $key }`). Export the statement of one account
exchange-total = `{ $key }` is { $stated }, but the documents add up to { $found }: the file is incomplete. Export it from the bank again
payment-currency = `{ $word }` is not the rouble: convert the amount, or remove the row
payment-not-received = `{ $word }` means that the payment was taken back or has not arrived: remove the row, or write the reversal of a booked payment with a negative amount
pay-col-documents = Documents
pay-outcome-booked = Booked
pay-outcome-doubted = Booked, to be checked
pay-outcome-known = Known already
pay-outcome-unmatched = Not matched, not booked
pay-outcome-total = Receipts of the file
pay-outcome-outgoing = Payments of the own account, not booked
pay-known = booked before, rows: { $rows }
pay-dry = dry run: the portfolio is unchanged
pay-skipped = { $count ->
    [one] { $count } row
   *[other] { $count } rows
  } without a payment passed over: { $rows }
pay-outgoing = payments that the own account makes: { $count }, { $amount }; they are not booked
pay-done = payments added: { $new } ({ $amount }); known already: { $known }; not added, to be corrected: { $wrong }
change-another = the portfolio has another price change under the id `{ $id }`: give this one an id of its own
reprice-refolded = contracts with known changes of insured on or after the first day of the new prices, or with later price changes: { $count }; these are worked out again, which changes the premium of the portfolio by { $amount } more (rule I31)
reprice-again = later changes of insured or of prices are worked out again: that changes the premium by { $amount } more (rule I31)
reprice-kept-fall = prices fall and the contract keeps its premium: the fall is set off against a later rise (rule I19)
reprice-used-fall = the rise is within an earlier fall of prices at which the contract kept its premium (rule I19)
reprice-fixed = the price of the contract is fixed (`price_fixed`, rule I37): the change does not apply to it
reprice-except = the change does not apply to the contract (`except`, rule I37)
reprice-included = the price of the contract includes this change already (`price_changes_included`, rule I36)
change-except-unknown = `except` has numbers that the portfolio does not have: { $numbers }; the portfolio is unchanged: correct them, so that no contract is repriced that was to be spared, or repeat with --confirm
change-slip = the coefficient { $coefficient } ({ $sign }{ $percent } % of the price) looks like a slip: the portfolio is unchanged; +12 % is 1.12, −12 % is 0.88; if it is right, repeat with --confirm or add `confirmed = true` to the file
reprice-level = programme { $programme }: the price level { $now } × { $coefficient } = { $then } would leave { $low }–{ $high } (§{ $clause }, rule I19): let an underwriter decide
reprice-too-large = its premium would be larger than a portfolio holds ({ $limit }): check the sums insured
reprice-unreadable = the rows of the contract in the portfolio cannot be read: run `kollektiv portfolio verify` and restore the portfolio from a backup
reprice-done = contracts in the portfolio: { $book }, affected: { $touched } (repriced { $repriced }, unchanged { $unchanged }, set aside { $aside }). Additional premium { $additional }, credited { $credit }; premium of the portfolio { $before } → { $after }
reprice-known = the portfolio has this change already: nothing has changed in it
reprice-none = the change affects no contract and is not written to the portfolio: check the first day of the new prices and the programmes
reprice-dry = dry run: the portfolio is unchanged
notice-left-out = the notice to the policyholder is not made: the policyholder's name has characters that no font has: { $letters }. Write the notice by hand from contracts.csv
notices-left-out-more = { $count ->
    [one] { $count } more notice is
   *[other] { $count } more notices are
} not made: contracts.csv names the contracts
reprice-more = { $count } more are set aside: see contracts.csv
refuse-above-paid = the arithmetic gives { $exact } because of roundings; no more is returned than was paid
refuse-number = there is no contract `{ $number }` in the portfolio, so that `{ $id }` cannot be refused: correct the number
refuse-change = there is no change `{ $id }` in the portfolio that contract { $number } could refuse: correct the id
refuse-untouched = the change `{ $id }` has not changed the price of contract { $number }: there is nothing to refuse
refuse-cheaper = the change `{ $id }` has not raised the price of contract { $number }: there is nothing to refuse
refuse-ended = contract { $number } has ended already: run `kollektiv portfolio show { $number }`, and annul that run first if it was a mistake
refuse-unexpired = Premium of the unexpired term
refuse-written = Written premium
refuse-paid = Paid
refuse-unpaid = Unpaid
refuse-expenses = Expenses
refuse-refund = To be returned
refuse-earned = Premium of the expired term
refuse-unstated = not stated
refuse-done = contract { $number } ends, the first day without cover is { $from }
refuse-void = Changes without effect now: { $count } (from { $days }).
terminate-day = the end of contract `{ $number }` is its first day without cover: give a day from { $first } to { $last }
terminate-done = Contract `{ $number }` has ended: there is no cover from { $from } on.
terminate-known = The end of contract `{ $number }` on { $from } is in the portfolio already.
annul-col-before = Premium before, ₽
annul-col-after = Premium now, ₽
annul-col-difference = Difference, ₽
annul-run = there is no run { $run } in the portfolio: `kollektiv portfolio runs` lists their numbers
annul-kind = run { $run } is an annulment, has issued guarantee letters, or has worked contracts out again, and cannot be annulled: withdraw letters, and enter again what was annulled
annul-nothing = run { $run } did not touch such a contract, or is annulled already: `kollektiv portfolio runs` lists their numbers
annul-letters = guarantee letters were issued for the contracts of run { $run } ({ $count }): check them and repeat with --force
annul-paid = { $paid } is paid for the annulled contracts: return the money to the policyholders, or annul the payments too.
annul-letters-stay = Guarantee letters of these contracts: { $count }; they stay, check them.
annul-in-force = in force again to the agreed last day ({ $count }): { $numbers }
annul-done = Run { $run } ({ $kind }) is annulled for contracts: { $contracts }; the premium was { $before } and is { $after }.
contract-annulled = contract `{ $number }` is annulled together with the run that bound it: nothing happens to it any more

# `portfolio forget`
forget-none = the portfolio has no such insured: state the full name as the portfolio or the clinic registers have it, a policy number or a personnel number; if the data are erased already, `kollektiv portfolio runs` lists the run `forget`
forget-several = several insured match ({ $count }): { $insured }; add --born or --contract, or state a policy number
forget-covered = contract { $number }: the cover of this insured runs until { $last }; data are erased after its end
forget-policyholder = contract { $number }: the name of the policyholder contains the insured, and the insurer has to keep the data of a party
forget-unpaid = contract { $number }: of what is due on { $day }, { $unpaid } is unpaid; data are erased when the account is settled
forget-terms = contract { $number }: without the name of the insured the contract file would be another contract; take the name out of the number and the policyholder
forget-claim = contract { $number }: the claim in row { $row } ({ $register }) is disputed or not cleared; data are erased when it is decided
forget-entitled-several = clinic registers have this name outside the portfolio with several birth dates ({ $count }): add --born
forget-entitled-claim = the claim of this person in row { $row } ({ $register }) is disputed or not cleared; data are erased when it is decided
forget-entitled-done = Run { $run } has erased the data of the person with a right to the discount outside the portfolio, who is “Обезличен { $run }” in clinic registers from now on: claims { $claims }, texts with the name { $texts }.
forget-entitled-would = The data of the person with a right to the discount outside the portfolio would be erased: claims { $claims }.
forget-done = Run { $run } has erased the data of the insured, who is “Обезличен { $run }” in the portfolio from now on. Contracts: { $contracts }; rows of insured { $rows }, events { $events }, guarantee letters { $letters }, texts with the name { $texts }, claims by a right outside the portfolio { $claims }. The premiums are unchanged.
forget-would = The data of the insured would be erased. Contracts: { $contracts }; rows of insured { $rows }, events { $events }, claims by a right outside the portfolio { $claims }. The premiums are unchanged.
forget-copies = the PDF guarantee letters of the insured are removed from the folder of the portfolio, and the next `clinics letter` writes them with the pseudonym; backups, results of earlier runs, letters that were sent and entitled.csv still have the data: delete them yourself
refuse-known = the portfolio knows already that contract { $number } ends and that the first day without cover is { $from }
show-void = Changes without effect: { $count }
show-col-row = Row
show-unknown = contract { $number } was bound by run { $run }, after --known-at: give this run or a later one
reconcile-done = contract { $number } on { $on }: to join { $joined }, to leave { $left }, to change { $changed }; the same { $same }; unclear { $unclear }
reconcile-unclear = row { $row } ({ $name }): { $reason }
reconcile-unclear-name = { $name }: { $reason }
reconcile-refused = the roster is not compared: correct its rows and run it again
reconcile-twice = this insured is in row { $row } already: leave one row
reconcile-terms = not among the insured, and the risk group or the plan of a joiner is missing: record the joiner in a list of its own
reconcile-ends = the last day of cover in the list is before that in the contract
reconcile-same-given-names = the list and the contract have the same given names and birth date with different surnames: if this is one insured, record “change data” with the new surname; if not, record the joiner and the leaver
reconcile-joins = in the roster, but not insured
reconcile-leaves = insured, but not in the roster
reconcile-birth-date = another birth date
reconcile-relation = another relation to the employee
reconcile-name = another name
reconcile-plan = another plan
reconcile-risk-group = another risk group
reconcile-same-name = the roster and the contract have this name with different birth dates: if it is one insured, correct the date in the roster or list a correction; otherwise list one who joins and one who leaves
renew-early = contract { $number } runs until { $last }: give a `--start` after that day
renew-done = contract { $number } from { $start } to { $end }: insured taken over { $insured }: priced { $priced }, for an underwriter { $referred }, without a price at their new age { $outgrown }
renew-edited = the file { $file } of an earlier renewal of contract { $number } was changed after it was written: so that it is not lost, name another folder (`--out`) or move the earlier one
renew-prices = the price changes of programme { $programme } (coefficient { $level }) are not in the terms of the new contract: if it has to include them, change the terms in the contract file
renew-unpaid = contract { $number } is not paid in full: { $amount } is missing
export-done = exported: contracts { $contracts }, insured { $insured }, lines { $lines }, payments { $payments }, claims { $claims }; written { $written }, paid { $paid }
export-no-workbook = there is no workbook: a table has more rows than a sheet of Excel holds; the Parquet files are complete
book-contradiction = the written premium of contract { $number } does not follow from its lines and events: run `kollektiv portfolio verify`
show-number = there is no contract `{ $number }` in the portfolio: `kollektiv portfolio list` lists the contracts
show-early = contract { $number } is in force from { $first }, and there is nothing to show for { $day }: name a later day
show-contract = Contract { $number }, { $policyholder }, { $first } – { $last }
show-bound = bound
show-repriced = repriced:
show-terminated = ended early
show-run = the portfolio has no run { $run }, the last one is { $last }: correct `--known-at`
show-annulled = run annulled
show-refolded = worked out again
show-refused = refused:
show-endorsed = endorsed
show-day = On { $day } insured: { $insured }
show-paid = Paid { $paid } of { $written }
debts-total = Total of the portfolio
debts-col-due = Due, ₽
debts-col-overdue = Overdue, ₽
debts-col-1-30 = 1–30 days, ₽
debts-col-31-60 = 31–60 days, ₽
debts-col-61-90 = 61–90 days, ₽
debts-col-over-90 = Over 90 days, ₽
debts-col-change = Price change
debts-col-additional = Additional premium, ₽
debts-col-unpaid = Unpaid, ₽
debts-additional = Additional premiums that were not paid by their deadline: { $count }. The insurer may terminate these contracts (§2.3).
debts-summary = On { $day } due { $due }, paid { $paid }, overdue { $overdue }; paid or credited ahead { $credit }. Contracts with debts: { $contracts }
report-period = the period begins on { $since }, after the day of the report { $day }: give an earlier --since
report-title = { $table }: { $since } to { $day }
report-total = Total
report-summary = On { $day }: contracts { $contracts }, written { $written }, earned { $earned }, unearned { $unearned }, paid { $paid }, overdue { $overdue }
report-claims = In the period earned { $earned }, claims { $claims }
report-ending = End within { $days } days: contracts { $contracts }
argument-ratio = a loss ratio is above 0 and at most 10, with at most four decimals, such as 0.70
report-sheet-contracts = Contracts
report-sheet-contract-programmes = Contracts and programmes
report-sheet-programmes = Programmes
report-sheet-months = Months
report-sheet-programme-months = Programmes by month
report-sheet-pivot = Summary by month
report-no-programme = no programme
report-sheet-groups = Ages and risk
report-sheet-ending = Ending soon
report-sheet-proposals = Coefficients
report-col-number = Contract
report-col-policyholder = Policyholder
report-col-start = From
report-col-end = To
report-col-written = Written, ₽
report-col-earned = Earned, ₽
report-col-unearned = Unearned, ₽
report-col-due = Due, ₽
report-col-paid = Paid, ₽
report-col-outstanding = Outstanding, ₽
report-col-overdue-1-30 = Overdue 1–30 days, ₽
report-col-overdue-31-60 = Overdue 31–60 days, ₽
report-col-overdue-61-90 = Overdue 61–90 days, ₽
report-col-overdue-over-90 = Overdue over 90 days, ₽
report-col-overdue = Overdue, ₽
report-col-credit = Credit, ₽
report-col-programme = Programme
report-col-lines = Lines
report-col-earned-in-period = Earned in the period, ₽
report-col-claims = Claims of the period, ₽
report-col-loss-ratio = Loss ratio
report-col-month = Month
report-col-age-from = Age from
report-col-age-to = Age to
report-col-risk-group = Risk group
report-col-days-left = Days left
report-col-insured = Insured
report-col-target = Target
report-col-needed = Needed coefficient
report-col-coefficient = Coefficient
report-col-arithmetic = Arithmetic
verify-register = the register is damaged: { $reason }. Restore the portfolio from a backup
register-changed = its register was damaged, or another program changed it: the table { $table } is not as run { $run } wrote it. List all damage with `kollektiv portfolio verify`, then restore the portfolio from a backup
register-changed-contract = its register was damaged, or another program changed it: for contract { $number }, the table { $table } is not as run { $run } wrote it. List all damage with `kollektiv portfolio verify`, then restore the portfolio from a backup
verify-chain = the table { $table } is not as run { $run } wrote it: restore the portfolio from a backup
verify-rows = the file { $file } has rows that belong to no contract or to several: restore the portfolio from a backup
verify-version = the version of { $from } ({ $kind }) does not agree with its rows: restore the portfolio from a backup
verify-terms = the register and the terms of the contract disagree ({ $columns }): restore the portfolio from a backup
progress-binding = binding contracts
progress-repricing = repricing contracts
progress-verifying = reading the portfolio back
verify-done = read back: contracts { $contracts }, versions { $versions }, lines { $lines }, files { $files }; { $findings ->
        [0] everything is as it was written
        [one] { $findings } finding
       *[other] { $findings } findings
    }
short-advance = In advance
short-insurer = Insurer
short-patient = Patient
short-discount = Discount
short-open = Open

## A book without a register

portfolio-no-register = its register is not one of a portfolio, or it is damaged: check `--portfolio`, or restore the portfolio from a backup

## Rate tables

cube-too-long = contract { $number }, plan { $plan }, programme { $programme }, ages { $ages }, risk group { $group }: the figure { $rate } and those before it need more than the { $limit } digits of a decimal column. Write this contract to a rate table of its own, or choose coefficients with fewer decimals
cube-unpriced = not every row of the roster can be priced: `kollektiv check { $path }` shows where and what to do
cube-unexplained = the rates of contract { $number } do not follow from the terms that it was bound with: check the portfolio with `kollektiv portfolio verify`
cube-done = contracts: { $contracts }, cells: { $cells }, factors: { $factors }; the rates have { $scale ->
        [one] { $scale } decimal
       *[other] { $scale } decimals
    }
cube-preliminary =
    Preliminary: the rates of { $count ->
        [one] { $count } contract
       *[other] { $count } contracts
    } come from headcounts, without a roster

## SQL engines

receipt-unreadable = the receipt of part { $part } cannot be read, and nothing has changed in the portfolio. The same command makes the part again
receipt-plan = the receipt of part { $part } is for another task, and nothing has changed in the portfolio. The same command makes the part again
receipt-contracts = the receipt of part { $part } does not have the contracts of its task, and nothing has changed in the portfolio. The same command makes the part again
receipt-sums = the sums of part { $part } are not those of its contracts, and nothing has changed in the portfolio. The same command makes the part again
receipt-rows = part { $part } has not as many repriced lines as its contracts, and nothing has changed in the portfolio. The same command makes the part again
receipt-file = the file of part { $part } is missing or not the one that its receipt names, and nothing has changed in the portfolio. The same command makes the part again
receipt-lines = the worker of part { $part } has not read every line of contract { $number } once, and nothing has changed in the portfolio. Check that the workers read the same portfolio (`--engine-book`); the same command makes the part again
receipt-premium = the lines of contract { $number } in part { $part } do not add up to its premium in the register, and nothing has changed in the portfolio. Check that the workers read the same portfolio (`--engine-book`); the same command makes the part again
receipt-figures = the figures of contract { $number } in part { $part } do not agree with each other or with its change, and nothing has changed in the portfolio. The same command makes the part again
receipt-repeated = the figures of part { $part } are not those that its lines have when they are repriced here, and nothing has changed in the portfolio. The same command makes the part again
receipt-fault = the worker of part { $part } has set contract { $number } aside for a reason that does not hold here, and nothing has changed in the portfolio. Check that the workers can read every file of the portfolio; the same command makes the part again
receipt-group = lines of part { $part } differ from those that are repriced here, and nothing has changed in the portfolio. The same command makes the part again
work-done = part { $part }: { $contracts } contracts, { $repriced } repriced lines, additional premium { $additional }, credit { $credit }
work-no-task = { $path } is no task of this program: `reprice --workers` writes tasks and starts workers
work-version = { $path } is a task of another version of the program: give the workers the version that runs `reprice` (`--worker-program`)
work-task-unreadable = the task { $path } is not as it was written, and nothing has changed in the portfolio: run the same command again
work-folder-locked = another run works in { $folder }: wait for its end
workers-failed = part { $part } has failed { $attempts } times ({ $status }), and nothing has changed in the portfolio. The worker's message: { $report }
workers-patience = no part has come for { $seconds } s; { $missing } of { $parts } are missing, and nothing has changed in the portfolio. What has come is in { $folder }: the same command takes it up. Wait longer with `--patience`
workers-missing-spark = Spark has not been found ({ $program }): install it, and set `SPARK_HOME` to its folder or name its `spark-submit` with `--engine-program`. Nothing has changed in the portfolio
workers-spark-failed = Spark has ended ({ $status }) before all parts were there, and nothing has changed in the portfolio. Its message: { $report }. Its whole log: { $log }. The same command takes up the parts that are there
argument-workers = a number of processes from 1 to 1024, or the master of a Spark cluster: spark://host:7077, yarn, k8s://…, local or local[N]
engine-missing-spark = Spark has not been found ({ $program }): install it, and set `SPARK_HOME` to its folder or name its `spark-sql` with `--engine-program`. Nothing has changed in the portfolio
engine-missing-duckdb = DuckDB has not been found ({ $program }): install its command line, or name it with `--engine-program`. Nothing has changed in the portfolio
engine-failed = { $engine } has failed ({ $status }), and nothing has changed in the portfolio. Its message: { $report }{ $log }
engine-patience = { $engine } has ended no task and written nothing for { $seconds } s: the run is stopped, and nothing has changed in the portfolio. Check that the cluster has free executors; wait longer with `--patience`. Its last message: { $report }{ $log }
engine-failed-log = . Its whole log: { $path }
engine-unreadable = the output of { $engine } cannot be read, and nothing has changed in the portfolio: check that the cluster and this machine see the same folder (`--engine-work`, `--engine-work-uri`)
engine-lines = { $engine } has not read every line of contract { $number } once, and nothing has changed in the portfolio: check that the cluster reads the same files (`--engine-book`), or reprice without an engine
engine-premium = the lines of contract { $number } that { $engine } has read do not add up to its premium in the register, and nothing has changed in the portfolio: check that the cluster reads the same files (`--engine-book`), or reprice without an engine
engine-written = the lines of contract { $number } that { $engine } has written are not those that it has read, and nothing has changed in the portfolio: repeat the command, or reprice without an engine
engine-rounding = { $engine } has not rounded every line of contract { $number } right, and nothing has changed in the portfolio: reprice without an engine, and report the version of the engine
engine-order = the lines of contract { $number } that { $engine } has written are not in the order of the portfolio, and nothing has changed in it: remove settings that split or sort files (`--spark-conf`), or reprice without an engine
engine-file = { $engine } has written lines of no contract that it was given, and nothing has changed in the portfolio: check that no other program writes to its work folder (`--engine-work`)
engine-repeated = the figures of { $engine } for contract { $number } are not those that its lines have when they are repriced here, and nothing has changed in the portfolio: reprice without an engine
engine-rows = lines that { $engine } has written differ from those that are repriced here, and nothing has changed in the portfolio: reprice without an engine
engine-too-large = a figure of contract { $number } by { $engine } is larger than a portfolio holds, and nothing has changed in it: reprice without an engine, which sets the contract aside
engine-path = the path { $path } has a character with a special meaning in the engine's SQL: rename the folder or give another (`--engine-book`, `--engine-work`)
engine-table = the table that the SQL reads is in { $path }
engine-not-given = repriced here and not by the engine: { $count ->
        [one] { $count } contract
       *[other] { $count } contracts
    }, whose rates have more digits than its decimals or whose files are damaged

# The command line
usage-fault = error: { $reason }
usage-line = Usage: { $usage }
usage-help = For more, add --help to the command
usage-suggestion = similar: { $value }
usage-variable-language = the variable KOLLEKTIV_LANG is “{ $value }”: set it to ru or en
usage-no-value = { $argument } has no value
usage-value-unknown = { $argument } does not take “{ $value }”; possible values: { $known }
usage-value = { $argument } does not take “{ $value }”: { $reason }
usage-unknown = there is no argument “{ $argument }”
usage-unknown-command = there is no command “{ $command }”
usage-no-command = the command is missing: { $known }
usage-missing = a required argument is missing: { $arguments }
usage-twice = { $argument } is given twice
usage-conflict = { $argument } cannot be used with { $other }
usage-values = { $argument } has a wrong number of values
usage-not-text = an argument is not UTF-8
usage-other = the command line cannot be read: { $reason }
way-in =
    kollektiv prices collective contracts of voluntary medical insurance. To begin:

      kollektiv contract new --start 2026-12-01 contract.toml   a contract to start from
      kollektiv check contract.toml roster.xlsx                 the diagnostics of a roster
      kollektiv quote contract.toml roster.xlsx                 a quote in output/<contract number>

    All commands: kollektiv --help. A command with examples: kollektiv quote --help. По-русски: --lang ru

# What to do next
next-step = next: { $step }
next-quotes = the price of an insured: kollektiv explain CONTRACT.toml --insured ROW; to put them in force: kollektiv bind CONTRACTS --portfolio DIR
next-options = the difference of two options by insured: kollektiv compare OPTION.toml OTHER.toml --people FILE.csv
next-tariff-compare = the difference of one contract: kollektiv compare CONTRACT.toml CONTRACT.toml --after-tariff EDITION.toml
next-quote = documents: kollektiv report { $out }; the price of an insured: kollektiv explain { $contract } --insured ROW
next-refused = correct what is marked in { $out }/roster-checked.xlsx and run the command again
next-check = kollektiv quote { $contract }
next-check-out = --out DIR writes the roster with its faults marked, for the employer
next-explain = what moves the premium: kollektiv outlook { $contract }
next-outlook = the choices for a given premium: kollektiv target { $contract } --premium ROUBLES
next-target = write these lines into { $contract } and price it again: kollektiv quote { $contract }
next-compare = by name: the same command with --people FILE.csv
next-cube = open { $out }/manifest.json, which lists the tables
next-report = check the document and send it to the policyholder
next-tariff-list = the tables of an edition: kollektiv tariff show CODE
next-config = the schema of the file for an editor: kollektiv config schema
next-tariff = to price by this edition: kollektiv quote CONTRACT.toml --tariff { $file }
next-tariff-export = change the tables in Excel and bring them back: kollektiv tariff import { $file }
next-book = kollektiv portfolio list --portfolio { $portfolio }
next-forgotten = kollektiv portfolio verify --portfolio { $portfolio }
next-bind-dry = run the command again without --dry-run to put the contracts in force in { $portfolio }
next-reprice-dry = look at { $out } and run the command again without --dry-run
next-reprice = the result is in { $out }; to check the portfolio: kollektiv portfolio verify --portfolio { $portfolio }
next-endorse-refused = correct what is marked in { $out } and run the command again
next-endorse-dry = run the command again without --dry-run to book the changes in { $portfolio }
next-contract = kollektiv portfolio show { $number } --portfolio { $portfolio }
next-reconciled = kollektiv endorse { $number } { $list } --portfolio { $portfolio }
next-renewed = check the new contract: kollektiv check { $contract }
next-list = one contract: kollektiv portfolio show NUMBER --portfolio { $portfolio }
next-show = another day: the same command with --as-of DAY
next-verified = the portfolio is whole: its folder can be copied as a backup
next-damaged = restore the folder of the portfolio from a backup and verify it again
next-contract-new = fill in { $contract } and check it: kollektiv check { $contract }
next-clinics = the lists: kollektiv clinics lists --portfolio DIR --as-of DAY
next-clinics-wrong = correct the clinics of the contracts or the file of clinics, and run the command again
next-insurer = name the file by the key insurer of kollektiv.toml
next-insurer-template = write your own values, and check them: kollektiv insurer check { $path }
next-invoices = send the invoices to the policyholders; kollektiv pay finds their payments. The list: { $out }/invoices.csv
next-lists = send each clinic its workbook from { $out }
next-letters = the letters are in { $path }
next-settle = return the register with its verdicts from { $out } to the clinic
next-loyalty = the list is in { $out }
next-route = the answers beside the questions are in { $out }

# kollektiv schema, kollektiv doctor
doctor-head = kollektiv { $version }, tariff { $edition }
doctor-col-check = Check
doctor-col-state = State
doctor-col-found = Found
doctor-check-faces = fonts
doctor-check-rights = rights
doctor-check-disk = disk
doctor-ok = ok
doctor-optional = missing, optional
doctor-wrong = wrong
doctor-faces = fonts of documents inside the program, with Cyrillic and the sign ₽
doctor-no-faces = the fonts of documents lack Cyrillic or the sign ₽: build the program again
doctor-no-engine = not in PATH; only reprice --engine needs it
doctor-rights = { $path }: may be written
doctor-room = { $path }: { $free } MiB free
doctor-no-room = { $path }: only { $free } MiB free, { $needed } MiB are needed: free some space or choose another folder
next-doctor = everything is in place: kollektiv contract new --start DAY contract.toml
next-doctor-wrong = correct what is wrong and run the command again
next-manual = man { $path }

# Remarks on the plans of a contract

remark = remark { $rule }: { $message }
remark-additional-unnamed = plan { $plan }, programme { $programme }: the additional services of coefficient { $coefficient } (§{ $clause }) have no name; give them the keys coefficient and services, and the offer shows them
remark-overlap = plan { $plan }: { $services } is in programme { $first } (§{ $first-clause }) and in programme { $second } (§{ $second-clause }); exclude it from one of them or keep one programme
remark-accepted = { $sheet }, row { $row }: the age { $age } is outside the table of the tariff (§{ $clause }); the insured is accepted at the coefficient { $coefficient } by an entry of [[accepted]] in the contract
accepted-age = { $sheet }, row { $row }: the age { $age } is outside the table of the tariff; accepted at the coefficient { $coefficient } (§{ $clause }, I73). Decided by { $by }. Reason: { $reason }
remark-adult-programme = plan { $plan }: { $insured } insured are at most { $last } years old, and programme { $programme } (§{ $clause }) is for adults; the tariff has programme { $children } (§{ $children-clause }) for children

# Editions of the tariff

edition-status-draft = draft
edition-status-approved = approved
edition-status-withdrawn = withdrawn

## Impact of a price change

impact-title = Impact of the price change
impact-sheet = Summary
impact-about = Change { $id } under clause 2.3 of the tariff: new prices from { $effective }, policyholders notified on { $notified }
impact-result = Additional premium { $additional }, credit { $credit }
impact-deadline = The additional premium is due by { $deadline }, the last day of the old prices.
impact-contracts = Contracts in the portfolio: { $book }, affected: { $touched } ({ $repriced } repriced, { $unchanged } unchanged, { $aside } set aside).
impact-without-lines = Programmes of the change without a repriced line: { $programmes }.
impact-premium-title = Premium before and after
impact-premium = Premium
impact-written = Written premium of the portfolio
impact-written-affected = of it in affected contracts
impact-annual = Full-year premium of the affected contracts
impact-programmes = By programme (full-year premium)
impact-plans = By plan (full-year premium)
impact-sizes = By size of change (full-year premium of the contract)
impact-policyholders = Policyholders who pay most in addition
impact-reasons = Why contracts are set aside
impact-chart = Additional premium by programme
impact-size = { $from } to { $to } %
impact-others = others: { $count }
impact-other-reasons = other reasons
impact-total = Total
impact-lines = Lines
impact-before = Before
impact-after = After
impact-share = Change
impact-additional = Additional
impact-credit = Credit
impact-coefficient = Coefficient
impact-size-column = Change
impact-contracts-column = Contracts
impact-policyholder = Policyholder
impact-reason = Reason
impact-number = Contract
impact-insured = Insured
impact-written-column = Premium of the contract
impact-list-repriced = Repriced contracts
impact-list-set-aside = Contracts set aside
impact-list-unchanged = Unchanged contracts
impact-more = Rows left out: { $count }. All contracts are in contracts.csv and in impact.xlsx (--documents xlsx).
report-quotes-only = `{ $option }` is for the quote of a contract, and this folder holds a repricing: it has the documents { $known }
written-no-repricing = there is no repricing here: name the folder that `kollektiv reprice` has written it to
