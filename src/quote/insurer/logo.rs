//! The picture of an insurer for the head of its papers.

use std::io::Read;
use std::path::Path;

use crate::base::error::Error;
use crate::base::input_file::InputFile;
use crate::base::messages::Message;
use crate::output::pdf;
use crate::output::pdf::{Data, ProvidedFile, Template};

/// The largest picture, in bytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// A picture that the typesetter can set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// The name under which templates find it: `insurer-logo.svg`.
    pub name: String,
    /// The content of the file.
    pub bytes: Vec<u8>,
}

impl Logo {
    /// Reads a picture and sets it once, so that a broken one is found here and not on a paper.
    ///
    /// # Errors
    ///
    /// The message why there is no such picture.
    pub(super) fn open(path: &Path) -> Result<Self, Message> {
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if !matches!(ending.as_str(), "svg" | "png" | "jpg" | "jpeg") {
            return Err(Message::new("insurer-logo-kind"));
        }
        let opened = InputFile::open(path).map_err(|error| unreadable(&error))?;
        let mut bytes = Vec::new();
        let read = opened.file.take(MAX_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|fault| unreadable(&Error::reading(path, fault)))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(Message::new("insurer-logo-large").with("limit", MAX_BYTES / 1024));
        }
        let logo = Self { name: format!("insurer-logo.{ending}"), bytes };
        match logo.fault(path) {
            Some(reason) => Err(Message::new("insurer-logo-broken").with("reason", reason)),
            None => Ok(logo),
        }
    }

    /// The picture as a file for templates.
    #[must_use]
    pub(super) fn file(&self) -> ProvidedFile {
        ProvidedFile { name: self.name.clone(), bytes: self.bytes.clone() }
    }

    /// Why the typesetter cannot set the picture; it is set in a child with limits, as own templates are.
    fn fault(&self, path: &Path) -> Option<Message> {
        let text = "#image(json(\"logo.json\"), alt: \"logo\")";
        let template = Template::own("logo.typ", text, path.parent().unwrap_or(Path::new("")));
        let template = template.provide(self.file());
        match pdf::render(&template, &Data::new("logo.json", &self.name, "logo")) {
            Ok(_) => None,
            Err(Error::Refused { faults, .. }) => faults.into_iter().next().map(|fault| fault.message),
            Err(error) => Some(error.message()),
        }
    }
}

fn unreadable(error: &Error) -> Message {
    Message::new("insurer-logo-unreadable").with("reason", error.message())
}
