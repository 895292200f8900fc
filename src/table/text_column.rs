//! A column of texts in one piece of memory.

/// Texts one after another, without an allocation for each.
///
/// ```
/// # use kollektiv::table::text_column::TextColumn;
/// let mut names = TextColumn::default();
/// names.push("Иванов Пётр");
/// names.push("");
/// assert_eq!((names.get(0), names.get(1), names.try_get(2)), ("Иванов Пётр", "", None));
/// ```
#[derive(Debug, Default, Clone)]
pub struct TextColumn {
    bytes: String,
    ends: Vec<usize>,
}

impl TextColumn {
    /// The text at a place.
    ///
    /// # Panics
    ///
    /// Where there is no such place.
    #[must_use]
    #[inline]
    pub fn get(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[at]]
    }

    /// The text at a place; `None` past the end.
    #[must_use]
    pub fn try_get(&self, at: usize) -> Option<&str> {
        (at < self.ends.len()).then(|| self.get(at))
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Adds empty texts until there are `count`.
    pub fn extend_to(&mut self, count: usize) {
        self.ends.resize(count.max(self.ends.len()), self.bytes.len());
    }

    /// Adds a text at the end.
    #[inline]
    pub fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
    }

    /// Appends `other`, draining it so that its buffers can be reused; reserves for `expected` columns like it on the first call.
    pub fn append(&mut self, other: &mut Self, expected: usize) {
        if self.ends.is_empty() {
            self.bytes.reserve(capacity(other.bytes.len(), expected));
            self.ends.reserve(capacity(other.ends.len(), expected));
        }
        let start = self.bytes.len();
        self.bytes.push_str(&other.bytes);
        self.ends.extend(other.ends.iter().map(|end| start + end));
        other.bytes.clear();
        other.ends.clear();
    }
}

/// The capacity for `expected` parts like one of `first` elements; parts are never quite of one size.
#[must_use]
pub const fn capacity(first: usize, expected: usize) -> usize {
    let all = first.saturating_mul(expected);
    if expected > 1 { all.saturating_add(all / 16) } else { all }
}
