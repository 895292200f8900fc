-- The register of a book. Money is in kopecks, days are YYYY-MM-DD, decimals are text with every digit.
-- Nothing is ever updated or deleted: a run adds rows, all of them in one transaction.

CREATE TABLE run (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('bind', 'pay', 'reprice', 'refuse', 'endorse', 'letters'))
) STRICT;

-- Texts that terms are read from: tariffs and contracts, each once.
CREATE TABLE document (
    sha256 TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;

CREATE TABLE contract (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    run INTEGER NOT NULL REFERENCES run (seq),
    policyholder TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    headcount INTEGER NOT NULL,
    -- what its file says of price changes (I21, I22)
    price_decrease TEXT NOT NULL CHECK (price_decrease IN ('keep', 'credit')),
    expense_load TEXT,
    expense_basis TEXT NOT NULL CHECK (expense_basis IN ('unexpired', 'written')),
    terms TEXT NOT NULL REFERENCES document (sha256),
    tariff TEXT NOT NULL REFERENCES document (sha256),
    -- of the contract, its rosters and its tariff: whether it is the same contract that is bound again
    fingerprint TEXT NOT NULL
) STRICT;

-- The programmes of a contract with the price levels at which its covers began.
CREATE TABLE programme (
    contract INTEGER NOT NULL REFERENCES contract (id),
    programme TEXT NOT NULL,
    level TEXT NOT NULL,
    PRIMARY KEY (contract, programme, level)
) STRICT, WITHOUT ROWID;

CREATE INDEX contracts_of_programme ON programme (programme, contract);

-- Files of Parquet that are never changed, and their row groups.
CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (seq),
    part TEXT NOT NULL CHECK (part IN ('insured', 'cells', 'lines', 'repriced')),
    name TEXT NOT NULL UNIQUE,
    rows INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    footer_at INTEGER NOT NULL,
    footer_sha256 TEXT NOT NULL
) STRICT;

CREATE TABLE row_group (
    file INTEGER NOT NULL REFERENCES file (id),
    place INTEGER NOT NULL,
    first_row INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    at INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (file, place)
) STRICT, WITHOUT ROWID;

-- A contract as it stands from a day on. The last version is the one in force.
CREATE TABLE version (
    contract INTEGER NOT NULL REFERENCES contract (id),
    run INTEGER NOT NULL REFERENCES run (seq),
    kind TEXT NOT NULL CHECK (kind IN ('bound', 'repriced', 'refused', 'endorsed')),
    from_day TEXT NOT NULL,
    insured INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    written INTEGER NOT NULL,
    -- which price change was applied or refused
    change TEXT REFERENCES price_change (id),
    PRIMARY KEY (contract, run)
) STRICT, WITHOUT ROWID;

-- Where the rows of a version stand: all of a contract's with 'bound' and 'endorsed', the repriced ones with 'repriced'.
CREATE TABLE segment (
    contract INTEGER NOT NULL REFERENCES contract (id),
    run INTEGER NOT NULL REFERENCES run (seq),
    file INTEGER NOT NULL REFERENCES file (id),
    first_row INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    PRIMARY KEY (contract, run, file)
) STRICT, WITHOUT ROWID;

CREATE TABLE payment (
    contract INTEGER NOT NULL REFERENCES contract (id),
    day TEXT NOT NULL,
    amount INTEGER NOT NULL,
    run INTEGER NOT NULL REFERENCES run (seq),
    PRIMARY KEY (contract, day, amount)
) STRICT, WITHOUT ROWID;

-- Changes of medical prices (§2.3).
CREATE TABLE price_change (
    id TEXT PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (seq),
    notified TEXT NOT NULL,
    effective TEXT NOT NULL,
    fingerprint TEXT NOT NULL
) STRICT;

-- What a version of kind 'repriced' multiplies: not what a contract has kept.
CREATE TABLE applied (
    contract INTEGER NOT NULL,
    run INTEGER NOT NULL,
    programme TEXT NOT NULL,
    coefficient TEXT NOT NULL,
    PRIMARY KEY (contract, run, programme),
    FOREIGN KEY (contract, run) REFERENCES version (contract, run)
) STRICT, WITHOUT ROWID;

-- Contracts that a change could not reprice; they are tried again when it is run again.
CREATE TABLE set_aside (
    contract INTEGER NOT NULL REFERENCES contract (id),
    change TEXT NOT NULL REFERENCES price_change (id),
    run INTEGER NOT NULL REFERENCES run (seq),
    PRIMARY KEY (contract, change)
) STRICT, WITHOUT ROWID;

-- Endorsements, by the list of changes and the day: whether it is the same that comes again.
CREATE TABLE endorsement (
    contract INTEGER NOT NULL,
    run INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (contract, fingerprint),
    FOREIGN KEY (contract, run) REFERENCES version (contract, run)
) STRICT, WITHOUT ROWID;

-- The policyholder's refusal of a change (I22): what is returned, and how that came about.
CREATE TABLE refusal (
    contract INTEGER PRIMARY KEY REFERENCES contract (id),
    run INTEGER NOT NULL REFERENCES run (seq),
    change TEXT NOT NULL REFERENCES price_change (id),
    unexpired INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    expenses INTEGER,
    refund INTEGER
) STRICT;
