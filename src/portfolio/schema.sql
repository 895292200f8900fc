-- The register of a book. Money is in kopecks, days are YYYY-MM-DD, decimals are text with every digit.
-- A run adds rows, all of them in one transaction. Nothing is updated or deleted but the personal data that a run of the kind 'forget'
-- erases.

CREATE TABLE run (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN (
        'bind', 'pay', 'reprice', 'refuse', 'terminate', 'endorse', 'annul', 'refold', 'letters', 'settle', 'lists',
        'forget')),
    -- who ran it and why, where that was given; no figure depends on them
    by TEXT,
    note TEXT
) STRICT;

-- The texts of tariffs and contracts, each once. A row proves itself, so that it has nothing but its text and the hash of it.
CREATE TABLE document (
    sha256 TEXT PRIMARY KEY,
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
    -- its terms for price changes (I21, I22)
    price_decrease TEXT NOT NULL CHECK (price_decrease IN ('keep', 'credit')),
    expense_load TEXT,
    expense_basis TEXT NOT NULL CHECK (expense_basis IN ('paid', 'unexpired', 'written')),
    -- 1 where no price change applies to it (I37)
    price_fixed INTEGER NOT NULL,
    -- the ids of the price changes that its price includes, as a JSON list (I36)
    price_changes_included TEXT NOT NULL,
    terms TEXT NOT NULL REFERENCES document (sha256),
    tariff TEXT NOT NULL REFERENCES document (sha256),
    -- SHA-256 over the contract, its rosters and its tariff: whether the same contract is bound again
    fingerprint TEXT NOT NULL
) STRICT;

-- The programmes of a contract with the price levels of its covers at inception.
CREATE TABLE programme (
    contract INTEGER NOT NULL REFERENCES contract (id),
    programme TEXT NOT NULL,
    level TEXT NOT NULL,
    PRIMARY KEY (contract, programme, level)
) STRICT, WITHOUT ROWID;

CREATE INDEX contracts_of_programme ON programme (programme, contract);

-- The immutable Parquet files, and their row groups.
CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (seq),
    kind TEXT NOT NULL CHECK (kind IN ('insured', 'cells', 'lines', 'repriced', 'claims')),
    -- derived from the contents: two changes by 1.0 on one day write the same lines
    name TEXT NOT NULL,
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

-- The figures of a contract from a day on. The last version is in force.
CREATE TABLE version (
    contract INTEGER NOT NULL REFERENCES contract (id),
    run INTEGER NOT NULL REFERENCES run (seq),
    kind TEXT NOT NULL CHECK (kind IN ('bound', 'repriced', 'refused', 'terminated', 'endorsed', 'annulled', 'refolded')),
    from_day TEXT NOT NULL,
    insured INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    written INTEGER NOT NULL,
    -- the expenses in it that are charged at the end of the contract, beside its lines (I22)
    expenses INTEGER NOT NULL,
    -- the first day without cover of a contract that ends before its last day
    ended TEXT,
    -- the price change that was applied or refused
    change TEXT REFERENCES price_change (id),
    PRIMARY KEY (contract, run)
) STRICT, WITHOUT ROWID;

-- The rows of a version: the repriced lines for 'repriced', all of the contract for all others.
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
    -- the number of the document; empty where the source has none
    document TEXT NOT NULL,
    -- how many equal payments the book had before
    place INTEGER NOT NULL,
    run INTEGER NOT NULL REFERENCES run (seq),
    PRIMARY KEY (contract, day, amount, document, place)
) STRICT, WITHOUT ROWID;

-- Changes of medical prices (§2.3).
CREATE TABLE price_change (
    id TEXT PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES run (seq),
    notified TEXT NOT NULL,
    effective TEXT NOT NULL,
    fingerprint TEXT NOT NULL
) STRICT;

-- The coefficients of the price changes that a contract has gone through: its cost levels (I19), also where its price stays.
CREATE TABLE applied (
    contract INTEGER NOT NULL REFERENCES contract (id),
    run INTEGER NOT NULL REFERENCES run (seq),
    change TEXT NOT NULL REFERENCES price_change (id),
    from_day TEXT NOT NULL,
    programme TEXT NOT NULL,
    coefficient TEXT NOT NULL,
    PRIMARY KEY (contract, run, programme)
) STRICT, WITHOUT ROWID;

-- Contracts that a change could not reprice; running the change again retries them.
CREATE TABLE set_aside (
    contract INTEGER NOT NULL REFERENCES contract (id),
    change TEXT NOT NULL REFERENCES price_change (id),
    run INTEGER NOT NULL REFERENCES run (seq),
    PRIMARY KEY (contract, change)
) STRICT, WITHOUT ROWID;

-- The warnings about the rosters and lists of changes of a contract, in their order.
CREATE TABLE warning (
    contract INTEGER NOT NULL REFERENCES contract (id),
    run INTEGER NOT NULL REFERENCES run (seq),
    ordinal INTEGER NOT NULL,
    code TEXT NOT NULL,
    place TEXT NOT NULL,
    ru TEXT NOT NULL,
    en TEXT NOT NULL,
    PRIMARY KEY (contract, run, ordinal)
) STRICT, WITHOUT ROWID;

-- The fingerprints of endorsements: whether the same list comes again for the same day.
CREATE TABLE endorsement (
    contract INTEGER NOT NULL,
    run INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (contract, fingerprint, run),
    FOREIGN KEY (contract, run) REFERENCES version (contract, run)
) STRICT, WITHOUT ROWID;

-- The events of contracts (I31): what happens, the day from which it counts, and the run and row that recorded it.
CREATE TABLE event (
    contract INTEGER NOT NULL REFERENCES contract (id),
    run INTEGER NOT NULL REFERENCES run (seq),
    row INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('joined', 'left', 'changed', 'corrected', 'ended')),
    valid_day TEXT NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (contract, run, row)
) STRICT, WITHOUT ROWID;

-- Runs that are taken out of the life of a contract (I32): its events, price changes and payments.
CREATE TABLE annulment (
    contract INTEGER NOT NULL REFERENCES contract (id),
    run INTEGER NOT NULL REFERENCES run (seq),
    annulled INTEGER NOT NULL REFERENCES run (seq),
    PRIMARY KEY (contract, annulled, run)
) STRICT, WITHOUT ROWID;

-- The chain by which the register proves itself: for each contract that a run touches, and for the book (contract 0), the sums of the
-- hashes of the rows that the run added, by table, and a SHA-256 over them and the link before.
CREATE TABLE link (
    contract INTEGER NOT NULL,
    run INTEGER NOT NULL REFERENCES run (seq),
    sums TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (contract, run)
) STRICT, WITHOUT ROWID;

-- What an erasing run has changed in the sums of the chain, for each contract (0 for the book), and run and table whose rows it replaced: the
-- sum of the hashes of the rows before less that of the rows after.
CREATE TABLE erasure (
    contract INTEGER NOT NULL,
    run INTEGER NOT NULL REFERENCES run (seq),
    of_run INTEGER NOT NULL,
    of_table TEXT NOT NULL,
    difference TEXT NOT NULL,
    PRIMARY KEY (contract, run, of_run, of_table)
) STRICT, WITHOUT ROWID;

-- The documents with personal data that an erasing run removes, by their paths in the folder of the book.
CREATE TABLE removed_document (
    run INTEGER NOT NULL REFERENCES run (seq),
    path TEXT NOT NULL,
    PRIMARY KEY (run, path)
) STRICT, WITHOUT ROWID;
