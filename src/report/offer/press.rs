//! What the typesetter can see of the world: a template, the values of one offer, a few faces. No clock, no network.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, PackageError, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};

use super::Template;
use super::shown::Shown;
use crate::document::Fault;
use crate::error::Error;
use crate::words::Message;

/// The name under which a template finds the values of the offer.
const OFFER: &str = "/offer.json";

/// Pictures, faces and further templates of at most this many bytes are read.
const MAX_FILE_BYTES: u64 = 32 * 1024 * 1024;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// Golos Text, which has Latin, Cyrillic and ₽, in two weights.
static FACES: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&'static [u8]; 2] =
        [include_bytes!("faces/GolosText-Regular.ttf"), include_bytes!("faces/GolosText-SemiBold.ttf")];
    files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
});

/// A template made ready to set one offer.
pub(super) struct Press<'t> {
    template: &'t Template,
    main: Source,
    offer: Bytes,
    faces: Vec<Font>,
    book: LazyHash<FontBook>,
}

impl<'t> Press<'t> {
    pub fn new(template: &'t Template, offer: Vec<u8>) -> Self {
        let name = template.source.path.file_name().unwrap_or_default().to_string_lossy();
        let path = VirtualPath::new(name).or_else(|_| VirtualPath::new("offer.typ"));
        let id = RootedPath::new(VirtualRoot::Project, path.expect("a plain name is a path")).intern();
        let mut faces = FACES.clone();
        faces.extend(template.folder.iter().flat_map(|folder| own_faces(folder)));
        Self {
            template,
            main: Source::new(id, without_mark(&template.source.text).to_owned()),
            offer: Bytes::new(offer),
            book: LazyHash::new(FontBook::from_fonts(&faces)),
            faces,
        }
    }

    /// The letters of an offer that no face has, each once.
    pub fn strange_letters(&self, shown: &Shown) -> String {
        let mut strange = String::new();
        for letter in shown.foreign_texts().flat_map(str::chars) {
            let known = self.faces.iter().any(|face| face.info().coverage.contains(u32::from(letter)));
            if !known && !strange.contains(letter) {
                strange.push(letter);
            }
        }
        strange
    }

    /// The template refused for what the typesetter found, each fault at its line.
    pub fn refused(&self, found: &[SourceDiagnostic]) -> Error {
        let faults = found.iter().map(|found| self.fault(found)).collect();
        Error::Refused { document: Box::new(self.template.source.clone()), faults }
    }

    fn fault(&self, found: &SourceDiagnostic) -> Fault {
        let mut reason = found.message.to_string();
        let mut span = 0..0;
        if let (Some(file), Some(range)) = (found.span.id(), self.range(found.span)) {
            if file == self.main.id() {
                let mark = self.template.source.text.len() - self.main.text().len();
                span = range.start + mark..range.end + mark;
            } else {
                reason = format!("{}: {reason}", self.place(file, range.start));
            }
        }
        let hints = found.hints.iter().map(|hint| hint.v.as_str()).collect::<Vec<_>>().join("; ");
        let name = if hints.is_empty() { "template-fault" } else { "template-fault-hint" };
        Fault { span, message: Message::new(name).with("reason", reason).with("hint", hints) }
    }

    /// A place in a file that the template uses: `letterhead.typ:12`.
    fn place(&self, file: FileId, byte: usize) -> String {
        let path = file.vpath().get_without_slash();
        let line = self.source(file).ok().and_then(|source| source.lines().byte_to_line(byte));
        line.map_or_else(|| path.to_owned(), |line| format!("{path}:{}", line + 1))
    }
}

impl World for Press<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            return Ok(self.main.clone());
        }
        let text = self.file(id)?.into_string().map_err(|_| FileError::InvalidUtf8)?;
        Ok(Source::new(id, without_mark(&text).to_owned()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.vpath();
        match (id.root(), &self.template.folder) {
            (VirtualRoot::Package(package), _) => Err(PackageError::NotFound(package.clone()).into()),
            _ if path.get_with_slash() == OFFER => Ok(self.offer.clone()),
            (VirtualRoot::Project, Some(folder)) => read(&path.realize(folder).map_err(FileError::Realize)?),
            (VirtualRoot::Project, None) => Err(FileError::NotFound(path.get_without_slash().into())),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.faces.get(index).cloned()
    }

    /// No day: the same offer has the same bytes on all of them.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// A text without the byte order mark.
fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// A file of the template's folder.
fn read(path: &Path) -> FileResult<Bytes> {
    let refused = |fault| FileError::from_io(fault, path);
    let file = File::open(path).map_err(refused)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(refused)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(FileError::Other(Some(format!("more than {MAX_FILE_BYTES} bytes").into())));
    }
    Ok(Bytes::new(bytes))
}

/// The faces beside an own template, in the order of their names.
fn own_faces(folder: &Path) -> Vec<Font> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.path()).filter(|path| is_face(path)).collect();
    files.sort();
    files.iter().filter_map(|file| read(file).ok()).flat_map(Font::iter).collect()
}

fn is_face(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    ["ttf", "otf", "ttc"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}
