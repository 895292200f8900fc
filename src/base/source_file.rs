//! The text of a file with a path, and places and faults in it.

use std::cell::RefCell;
use std::ops::Range;
use std::path::PathBuf;

use crate::base::messages::Message;

/// A place in a text: its bytes.
pub type Span = Range<usize>;

/// A text and the path under which messages name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The file, or a name for a text that is built in.
    pub path: PathBuf,
    /// The whole text with its byte order mark, so that its hash is that of the file.
    pub text: String,
}

impl SourceFile {
    /// The line, from 1, of a byte.
    #[must_use]
    pub fn line(&self, byte: usize) -> usize {
        self.lines().line(byte)
    }

    /// A counter for the lines of many bytes.
    #[must_use]
    pub const fn lines(&self) -> LineCounter<'_> {
        LineCounter { text: self.text.as_bytes(), counted: 0, line: 1 }
    }
}

/// Finds the lines of bytes; takes time linear in the text for any number of bytes that are asked for in order.
#[derive(Debug)]
pub struct LineCounter<'t> {
    text: &'t [u8],
    counted: usize,
    line: usize,
}

impl LineCounter<'_> {
    /// The line, from 1, of a byte.
    pub fn line(&mut self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        if byte < self.counted {
            (self.counted, self.line) = (0, 1);
        }
        self.line += memchr::memchr_iter(b'\n', &self.text[self.counted..byte]).count();
        self.counted = byte;
        self.line
    }
}

/// A value and its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// The changed value at the same place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: change(self.value), span: self.span }
    }
}

/// A fault of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its place.
    pub span: Span,
    /// What is wrong and what to do.
    pub message: Message,
}

/// Collects the faults of a text, so that a reader reports all of them at once.
#[derive(Debug, Default)]
pub struct Faults(RefCell<Vec<Fault>>);

impl Faults {
    /// Adds a fault at a place.
    pub fn add(&self, span: Span, message: Message) {
        self.0.borrow_mut().push(Fault { span, message });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// The faults in the order of the text.
    pub(super) fn into_sorted(self) -> Vec<Fault> {
        let mut faults = self.0.into_inner();
        faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
        faults
    }
}
