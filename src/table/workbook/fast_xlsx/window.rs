//! A window on the text of a workbook's part while it is unpacked, and the tokens in it.

use std::borrow::Cow;
use std::io::{self, Read};

/// The text is not plain: the library has to read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotPlain;

/// Longer cells and texts, markup included, are left to the library.
const LONGEST: usize = 64 * 1024;
const AT_ONCE: usize = 4 * LONGEST;

/// A window that moves over the text of a part.
pub struct Window<R> {
    part: R,
    text: Vec<u8>,
    at: usize,
    filled: usize,
    is_all: bool,
}

impl<R: Read> Window<R> {
    /// A window at the beginning of a part.
    pub fn new(part: R) -> Self {
        Self { part, text: vec![0; AT_ONCE], at: 0, filled: 0, is_all: false }
    }

    /// The next tokens: at least [`LONGEST`] bytes, or all that are left.
    pub fn tokens(&mut self) -> Result<Tokens<'_>, NotPlain> {
        if self.filled - self.at < LONGEST && !self.is_all {
            self.text.copy_within(self.at..self.filled, 0);
            (self.at, self.filled) = (0, self.filled - self.at);
            while self.filled < self.text.len() && !self.is_all {
                let read = self.part.read(&mut self.text[self.filled..]).map_err(|_| NotPlain)?;
                self.filled += read;
                self.is_all = read == 0;
            }
        }
        Ok(Tokens { rest: &self.text[self.at..self.filled] })
    }

    /// Reads the rest of the part, so that its checksum is compared.
    pub fn read_to_end(&mut self) -> Result<(), NotPlain> {
        while !self.is_all {
            let read = self.part.read(&mut self.text).map_err(|_| NotPlain)?;
            self.is_all = read == 0;
        }
        Ok(())
    }

    /// Moves on to where `left` bytes are left of the tokens given last.
    pub fn move_to(&mut self, left: usize) {
        self.at = self.filled - left;
    }
}

impl Window<io::Empty> {
    /// A window on a text that is in memory: the first bytes of a buffer.
    pub const fn whole(buffer: Vec<u8>, end: usize) -> Self {
        Self { part: io::empty(), text: buffer, at: 0, filled: end, is_all: true }
    }

    /// The buffer of the text.
    pub fn into_buffer(self) -> Vec<u8> {
        self.text
    }
}

/// The bytes that are in no plain attribute.
const ENDS_VALUE: [bool; 256] = {
    let mut ends = [false; 256];
    let mut byte = 0_u8;
    loop {
        ends[byte as usize] = !byte.is_ascii() || matches!(byte, b'"' | b'<' | b'>' | b'&');
        if byte == u8::MAX {
            break ends;
        }
        byte += 1;
    }
};

/// The next bytes of a text; every method steps over what it returns.
#[derive(Debug, Clone, Copy)]
pub struct Tokens<'t> {
    rest: &'t [u8],
}

/// The attributes of an element that matter for cells.
#[derive(Debug, Default, Clone, Copy)]
pub struct Attributes<'t> {
    /// `r`: the reference of a cell or the number of a row.
    pub reference: Option<&'t [u8]>,
    /// `s`: the style.
    pub style: Option<&'t [u8]>,
    /// `t`: the type.
    pub kind: Option<&'t [u8]>,
    /// Whether the element is empty.
    pub is_empty: bool,
}

impl<'t> Tokens<'t> {
    /// The bytes that are left.
    pub const fn left(&self) -> usize {
        self.rest.len()
    }

    /// Steps over `token` if it comes next, and returns whether it does.
    #[inline]
    pub fn take<const N: usize>(&mut self, token: &[u8; N]) -> bool {
        let is_next = self.rest.first_chunk() == Some(token);
        if is_next {
            self.rest = &self.rest[N..];
        }
        is_next
    }

    /// Steps over `token`, which has to come next.
    #[inline]
    pub fn expect<const N: usize>(&mut self, token: &[u8; N]) -> Result<(), NotPlain> {
        if self.take(token) { Ok(()) } else { Err(NotPlain) }
    }

    /// Steps over white space.
    pub fn spaces(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }

    /// The text up to the next tag.
    pub fn text(&mut self) -> Result<&'t [u8], NotPlain> {
        let end = memchr::memchr(b'<', self.rest).ok_or(NotPlain)?;
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(text)
    }

    /// The attributes of the element whose name was just read, up to the end of its tag.
    pub fn attributes(&mut self) -> Result<Attributes<'t>, NotPlain> {
        let mut attributes = Attributes::default();
        loop {
            // nearly every attribute of a cell
            let known = match self.rest {
                [b'>', ..] => {
                    self.rest = &self.rest[1..];
                    return Ok(attributes);
                }
                [b' ', b'r', b'=', b'"', ..] => Some(&mut attributes.reference),
                [b' ', b's', b'=', b'"', ..] => Some(&mut attributes.style),
                [b' ', b't', b'=', b'"', ..] => Some(&mut attributes.kind),
                _ => None,
            };
            if let Some(known) = known {
                self.rest = &self.rest[4..];
                if known.replace(self.value()?).is_some() {
                    return Err(NotPlain);
                }
                continue;
            }
            let spaced = self.take(b" ");
            if self.take(b"/>") {
                return Ok(Attributes { is_empty: true, ..attributes });
            }
            if !spaced {
                return Err(NotPlain);
            }
            let name = self.name()?;
            self.expect(b"=\"")?;
            let value = self.value()?;
            let known = match name {
                b"r" => &mut attributes.reference,
                b"s" => &mut attributes.style,
                b"t" => &mut attributes.kind,
                _ => continue,
            };
            if known.replace(value).is_some() {
                return Err(NotPlain);
            }
        }
    }

    /// The name of an element or of an attribute.
    pub fn name(&mut self) -> Result<&'t [u8], NotPlain> {
        let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'_' | b'-' | b'.');
        let end = self.rest.iter().position(|byte| !is_of_name(byte)).filter(|end| *end > 0).ok_or(NotPlain)?;
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(name)
    }

    /// An attribute's value in ASCII, up to the quote after it.
    fn value(&mut self) -> Result<&'t [u8], NotPlain> {
        let end = self.rest.iter().position(|byte| ENDS_VALUE[usize::from(*byte)]).ok_or(NotPlain)?;
        let (value, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.expect(b"\"")?;
        Ok(value)
    }

    /// The text of the element `t` that comes next, up to its end: trimmed, unless the element preserves space.
    pub fn text_element(&mut self) -> Result<Cow<'t, str>, NotPlain> {
        let stays = if self.take(b"<t>") {
            false
        } else {
            self.expect(b"<t xml:space=\"preserve\">")?;
            true
        };
        let text = decoded(self.text()?)?;
        self.expect(b"</t>")?;
        let around = [' ', '\t', '\n'];
        Ok(match text {
            text if stays => text,
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(around)),
            Cow::Owned(text) => Cow::Owned(text.trim_matches(around).to_owned()),
        })
    }
}

/// The text without its XML escapes; not plain where Excel escapes letters by number, or a line ends with `\r`.
pub fn decoded(text: &[u8]) -> Result<Cow<'_, str>, NotPlain> {
    let text = std::str::from_utf8(text).map_err(|_| NotPlain)?;
    if !text.bytes().any(|byte| matches!(byte, b'&' | b'_' | b'\r')) {
        return Ok(Cow::Borrowed(text));
    }
    let text = quick_xml::escape::unescape(text).map_err(|_| NotPlain)?;
    if text.contains("_x") || text.contains('\r') { Err(NotPlain) } else { Ok(text) }
}
