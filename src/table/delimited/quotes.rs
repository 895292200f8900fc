//! Quotes in delimited texts: where rows end, although delimiters and line breaks between quotes are text.

/// The mark of UTF-8, which a reader of quoted rows drops where a part begins with it.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The quotes of a text, passed from front to back as a reader of quoted rows does: a quote opens at the beginning of a cell,
/// and anywhere else outside of quotes it is text.
#[derive(Debug)]
pub(super) struct Quotes<'t> {
    bytes: &'t [u8],
    delimiter: u8,
    /// The end of what is passed, which is outside of quotes.
    passed: usize,
    /// The first quote after that; the end of the text where there is none.
    next: usize,
}

/// Some whole rows of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    /// Where they end.
    pub end: usize,
    /// The line breaks between their quotes.
    pub breaks_in_quotes: u32,
    /// Whether they have a quote.
    pub has_quotes: bool,
}

/// A cell in quotes.
struct QuotedCell<'t> {
    /// Its bytes, with the quotes.
    bytes: &'t [u8],
    is_closed: bool,
}

impl<'t> Quotes<'t> {
    /// The quotes of a text that begins where a row does.
    pub fn new(bytes: &'t [u8], delimiter: u8, has_quotes: bool) -> Self {
        let mut quotes = Self { bytes, delimiter, passed: 0, next: bytes.len() };
        if has_quotes {
            quotes.pass(0);
        }
        quotes
    }

    /// The rows after the run before, up to the first row's end at `least` or after it.
    pub fn run_of_rows(&mut self, least: usize) -> Run {
        let (mut breaks_in_quotes, mut has_quotes) = (0, false);
        loop {
            if let Some(end) = self.row_end(self.passed.max(least)) {
                return Run { end, breaks_in_quotes, has_quotes };
            }
            if self.next == self.bytes.len() {
                return Run { end: self.next, breaks_in_quotes, has_quotes };
            }
            has_quotes = true;
            if let Some(cell) = self.pass_quote() {
                breaks_in_quotes += u32::try_from(memchr::memchr_iter(b'\n', cell.bytes).count()).unwrap_or(u32::MAX);
            }
        }
    }

    /// The end of the first row that ends between `from` and the next quote.
    fn row_end(&self, from: usize) -> Option<usize> {
        let between = self.bytes.get(from..self.next)?;
        let mut ends = memchr::memchr_iter(b'\n', between).map(|at| from + at + 1);
        ends.find(|end| !self.bytes[*end..].starts_with(MARK))
    }

    /// Passes the next quote and, where it opens a cell, the cell.
    fn pass_quote(&mut self) -> Option<QuotedCell<'t>> {
        let start = self.next;
        let before = start.checked_sub(1).map(|before| self.bytes[before]);
        if before.is_some_and(|before| before != self.delimiter && before != b'\n') {
            self.pass(start + 1);
            return None;
        }
        let mut end = start + 1;
        let is_closed = loop {
            let Some(at) = memchr::memchr(b'"', &self.bytes[end..]) else {
                end = self.bytes.len();
                break false;
            };
            end += at + 1;
            // a doubled quote is a quote in the text
            if self.bytes.get(end) != Some(&b'"') {
                break true;
            }
            end += 1;
        };
        self.pass(end);
        Some(QuotedCell { bytes: &self.bytes[start..end], is_closed })
    }

    fn pass(&mut self, end: usize) {
        self.passed = end;
        self.next = memchr::memchr(b'"', &self.bytes[end..]).map_or(self.bytes.len(), |at| end + at);
    }
}

/// As [`Text::open_quote`](crate::table::delimited::Text::open_quote).
pub(super) fn open_quote(text: &str, delimiter: u8) -> Option<u32> {
    // a row can only be lost in a cell of several lines
    has_cell_of_lines(text, delimiter).then(|| find_open_quote(text, delimiter)).flatten()
}

/// Whether a text in quotes is never closed or has a line break.
pub(in crate::table) fn has_cell_of_lines(text: &str, delimiter: u8) -> bool {
    let mut quotes = Quotes::new(text.as_bytes(), delimiter, true);
    while quotes.next < text.len() {
        let cell = quotes.pass_quote();
        if cell.is_some_and(|cell| !cell.is_closed || memchr::memchr(b'\n', cell.bytes).is_some()) {
            return true;
        }
    }
    false
}

fn find_open_quote(text: &str, delimiter: u8) -> Option<u32> {
    enum State {
        FieldStart,
        Bare,
        Quoted { since: u32, over_rows: bool },
        QuoteInside { since: u32, over_rows: bool },
    }
    /// With fewer delimiters a row cannot be distinguished from a cell of several lines.
    const FEWEST_DELIMITERS: usize = 2;
    let mut row = 1;
    let mut state = State::FieldStart;
    // the delimiters of the widest row so far, and those of the current line outside and inside quotes
    let (mut widest, mut outside, mut inside) = (0, 0, 0);
    for byte in text.bytes() {
        state = match (state, byte) {
            (State::FieldStart, b'"') => State::Quoted { since: row, over_rows: false },
            (State::Quoted { since, over_rows }, b'"') => State::QuoteInside { since, over_rows },
            // a doubled quote is a quote in the text
            (State::QuoteInside { since, over_rows }, b'"') => State::Quoted { since, over_rows },
            // a whole row in quotes
            (State::Quoted { since, .. }, b'\n') if widest >= FEWEST_DELIMITERS && inside >= widest => {
                return Some(since);
            }
            (State::Quoted { since, over_rows }, byte) => {
                inside = if byte == b'\n' { 0 } else { inside + usize::from(byte == delimiter) };
                State::Quoted { since, over_rows: over_rows || byte == b'\n' }
            }
            (state @ (State::QuoteInside { .. } | State::FieldStart), b'\r') => state,
            (_, b'\n') => {
                row += 1;
                widest = widest.max(outside);
                (outside, inside) = (0, 0);
                State::FieldStart
            }
            (_, byte) if byte == delimiter => {
                outside += 1;
                inside = 0;
                State::FieldStart
            }
            // text after the quote: after several rows it is the opening quote of another text
            (State::QuoteInside { since, over_rows: true }, _) => return Some(since),
            _ => State::Bare,
        };
    }
    match state {
        State::Quoted { since, .. } => Some(since),
        _ => None,
    }
}
