//! The setting of documents by Typst: a template that is read and parsed once, and for each document its data.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use serde_json::Value;
use typst::diag::{FileError, FileResult, PackageError, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::base::error::Error;
use crate::base::input_file::InputFile;
use crate::output::pdf::data::Data;
use crate::output::pdf::render_fault::{RenderFault, TemplateFault};
use crate::output::pdf::template::Template;

/// The largest picture, font or further template that is read.
const MAX_FILE_BYTES: u64 = 32 * 1024 * 1024;

/// The end of the name of a file with data.
const DATA_ENDING: &str = ".json";

/// What this number of documents have not used is dropped from the memory of the typesetter.
const MOST_UNUSED: usize = 4;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// Golos Text in two weights; it has Latin, Cyrillic and ₽.
static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&'static [u8]; 2] =
        [include_bytes!("fonts/GolosText-Regular.ttf"), include_bytes!("fonts/GolosText-SemiBold.ttf")];
    files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
});

/// The press of the program's template that was used last: the documents of a run have one template.
static LAST: Mutex<Option<Arc<Press>>> = Mutex::new(None);

/// Typesets a document in this process.
///
/// # Errors
///
/// [`RenderFault`] where it cannot be made.
pub fn typeset(template: &Template, data: &Data<'_>) -> Result<Vec<u8>, RenderFault> {
    press(template).set(data)
}

/// A press for a template. That of a template of the program is kept for the next document; the files beside an own one may change.
fn press(template: &Template) -> Arc<Press> {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    match last.as_ref() {
        Some(press) if press.template == *template => Arc::clone(press),
        _ => {
            let press = Arc::new(Press::new(template));
            if template.folder.is_none() {
                *last = Some(Arc::clone(&press));
            }
            press
        }
    }
}

/// Whether the faces inside the program have a letter.
#[must_use]
pub fn has_letter(letter: char) -> bool {
    FONTS.iter().any(|face| face.info().coverage.contains(letter.into()))
}

/// The letters of a document's texts that no font of the program or the template's folder has, each once.
pub(crate) fn missing_characters(template: &Template, data: &Data<'_>) -> String {
    press(template).missing_letters(&data.json)
}

/// PDF/A-2a with an identity.
fn options(identity: &str) -> PdfOptions {
    // the standard requires a creation date; equal bytes require the same one every day
    let created = Datetime::from_ymd(2000, 1, 1).map(Timestamp::new_utc);
    PdfOptions {
        ident: Smart::Custom(identity.to_owned()),
        creator: Smart::Custom(Some("kollektiv".to_owned())),
        timestamp: created,
        standards: PdfStandards::new(&[PdfStandard::A_2a]).expect("one standard contradicts no other"),
        ..PdfOptions::default()
    }
}

/// A template that is ready to set documents. What it reads, it reads and parses once, so that all its documents have the same letterhead;
/// a document has the same bytes whichever documents were set before it.
pub struct Press {
    template: Template,
    main: Source,
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
    /// The files that documents have used, but for their data.
    files: Mutex<HashMap<FileId, FileResult<Bytes>>>,
    /// Those among them that are templates, parsed.
    sources: Mutex<HashMap<FileId, FileResult<Source>>>,
}

impl Press {
    /// Reads the template and its fonts.
    pub fn new(template: &Template) -> Self {
        let name = template.source.path.file_name().unwrap_or_default().to_string_lossy();
        let path = VirtualPath::new(name).or_else(|_| VirtualPath::new("template.typ"));
        let id = RootedPath::new(VirtualRoot::Project, path.expect("a plain name is a path")).intern();
        let mut fonts = FONTS.clone();
        fonts.extend(template.folder.iter().flat_map(|folder| own_fonts(folder)));
        Self {
            template: template.clone(),
            main: Source::new(id, without_mark(&template.source.text).to_owned()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            files: Mutex::default(),
            sources: Mutex::default(),
        }
    }

    /// Typesets a document.
    ///
    /// # Errors
    ///
    /// [`RenderFault`] where it cannot be made.
    pub fn set(&self, data: &Data<'_>) -> Result<Vec<u8>, RenderFault> {
        let missing = self.missing_letters(&data.json);
        if !missing.is_empty() {
            return Err(RenderFault::NoFace(missing));
        }
        let world = TypstWorld { press: self, data_file: data.file, data: Bytes::from_string(data.json.to_string()) };
        let compiled = typst::compile(&world);
        // a warning, such as an unknown font, means that the document is not what its author wants
        let warnings = compiled.warnings;
        let document = match compiled.output {
            Ok(document) if warnings.is_empty() => typst_pdf::pdf(&document, &options(data.identity)),
            Ok(_) => Err(warnings),
            Err(faults) => Err(faults),
        };
        // the template and its phrases serve the next documents; the data of one document serves no other
        typst::comemo::evict(MOST_UNUSED);
        document.map_err(|found| RenderFault::Template(found.iter().map(|found| world.fault(found)).collect()))
    }

    /// The letters of all texts in the data, and in the data that the program provides, that no font has, each once.
    fn missing_letters(&self, data: &Value) -> String {
        let mut missing = String::new();
        self.add_missing_letters(data, &mut missing);
        for file in self.template.provided.iter().filter(|file| file.name.ends_with(DATA_ENDING)) {
            // what is no JSON is a fault of the template that reads it
            let provided: Value = serde_json::from_slice(&file.bytes).unwrap_or_default();
            self.add_missing_letters(&provided, &mut missing);
        }
        missing
    }

    fn add_missing_letters(&self, data: &Value, missing: &mut String) {
        match data {
            Value::String(text) => {
                for letter in text.chars() {
                    let has = |font: &Font| font.info().coverage.contains(u32::from(letter));
                    if !self.fonts.iter().any(has) && !missing.contains(letter) {
                        missing.push(letter);
                    }
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.add_missing_letters(value, missing)),
            Value::Object(fields) => fields.values().for_each(|value| self.add_missing_letters(value, missing)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The file of the program with this name.
    fn provided(&self, name: &str) -> Option<Bytes> {
        let file = self.template.provided.iter().find(|file| file.name == name)?;
        Some(Bytes::new(file.bytes.clone()))
    }

    /// A file that the template uses, read now: one of its folder, or else one that the program provides.
    fn read(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.vpath();
        let name = path.get_without_slash();
        let provided = || self.provided(name).ok_or_else(|| FileError::NotFound(name.into()));
        match (id.root(), &self.template.folder) {
            (VirtualRoot::Package(package), _) => Err(PackageError::NotFound(package.clone()).into()),
            (VirtualRoot::Project, Some(folder)) => {
                match read(folder, &path.realize(folder).map_err(FileError::Realize)?) {
                    Err(FileError::NotFound(missing)) => provided().map_err(|_| FileError::NotFound(missing)),
                    own => own,
                }
            }
            (VirtualRoot::Project, None) => provided(),
        }
    }
}

/// Everything that Typst can read while it sets one document.
struct TypstWorld<'p> {
    press: &'p Press,
    data_file: &'p str,
    data: Bytes,
}

impl TypstWorld<'_> {
    fn fault(&self, found: &SourceDiagnostic) -> TemplateFault {
        let mut reason = found.message.to_string();
        let mut span = 0..0;
        if let (Some(file), Some(range)) = (found.span.id(), self.range(found.span)) {
            let Press { template, main, .. } = self.press;
            if file == main.id() {
                let mark = template.source.text.len() - main.text().len();
                span = range.start + mark..range.end + mark;
            } else {
                reason = format!("{}: {reason}", self.place(file, range.start));
            }
        }
        let hint = found.hints.iter().map(|hint| hint.v.as_str()).collect::<Vec<_>>().join("; ");
        TemplateFault { span, reason, hint }
    }

    /// A place in a file that the template uses: `letterhead.typ:12`.
    fn place(&self, file: FileId, byte: usize) -> String {
        let path = file.vpath().get_without_slash();
        let line = self.source(file).ok().and_then(|source| source.lines().byte_to_line(byte));
        line.map_or_else(|| path.to_owned(), |line| format!("{path}:{}", line + 1))
    }
}

impl World for TypstWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.press.book
    }

    fn main(&self) -> FileId {
        self.press.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.press.main.id() {
            return Ok(self.press.main.clone());
        }
        let parse = |bytes: Bytes| {
            let text = bytes.into_string().map_err(|_| FileError::InvalidUtf8)?;
            Ok(Source::new(id, without_mark(&text).to_owned()))
        };
        if id.vpath().get_without_slash() == self.data_file {
            return self.file(id).and_then(parse);
        }
        kept(&self.press.sources, id, || self.file(id).and_then(parse))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if matches!(id.root(), VirtualRoot::Project) && id.vpath().get_without_slash() == self.data_file {
            return Ok(self.data.clone());
        }
        kept(&self.press.files, id, || self.press.read(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.press.fonts.get(index).cloned()
    }

    /// None: a document has the same bytes on every day.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// What is kept of a file, or else found now. Two threads may find it at once; they find the same.
fn kept<T: Clone>(files: &Mutex<HashMap<FileId, T>>, id: FileId, find: impl FnOnce() -> T) -> T {
    let known = || files.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(kept) = known().get(&id) {
        return kept.clone();
    }
    let found = find();
    known().entry(id).or_insert(found).clone()
}

/// A text without the byte order mark.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// A file of the template's folder. A link that leads out of the folder is not followed: a template comes from outside, and a document
/// must not show what it was never given.
fn read(folder: &Path, path: &Path) -> FileResult<Bytes> {
    let refused = |fault| FileError::from_io(fault, path);
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let is_inside = fs::canonicalize(path).and_then(|path| Ok(path.starts_with(fs::canonicalize(folder)?)));
    if !is_inside.map_err(refused)? {
        return Err(FileError::AccessDenied);
    }
    let opened = InputFile::open(path).map_err(|error| match error {
        Error::Io { fault, .. } => refused(fault),
        Error::Missing { path } => FileError::NotFound(path),
        error => FileError::Other(Some(error.to_string().into())),
    })?;
    let mut bytes = Vec::new();
    opened.file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(refused)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(FileError::Other(Some(format!("more than {MAX_FILE_BYTES} bytes").into())));
    }
    Ok(Bytes::new(bytes))
}

/// The fonts beside an own template, by name.
fn own_fonts(folder: &Path) -> Vec<Font> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.path()).filter(|path| is_font(path)).collect();
    files.sort();
    files.iter().filter_map(|file| read(folder, file).ok()).flat_map(Font::iter).collect()
}

fn is_font(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    ["ttf", "otf", "ttc"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}
