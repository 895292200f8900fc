//! The folder of a saved quote, if it holds one that can be read.

use std::path::Path;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::output::saved_files::SavedFiles;
use crate::quote::Status;
use crate::quote::files::rates::NAME as RATES;
use crate::quote::manifest::Manifest;

/// The files that a quote with a price always has; its lines may be in Parquet only.
const NEEDED: [&str; 3] = ["groups.csv", "diagnostics.csv", RATES];

/// The files of a quote.
pub type Source<'f> = SavedFiles<'f, Manifest>;

/// Opens the folder of a priced quote.
pub fn open(folder: &Path) -> Result<Source<'_>, Error> {
    let source = Source::open(folder, "quote.json", "written-no-quote")?;
    let has = |name: &str| source.manifest.files.contains_key(name);
    let fault = match () {
        () if source.manifest.status == Status::Refused => "written-refused",
        () if !NEEDED.into_iter().all(has) => "written-older",
        () if !has("premiums.csv") => "written-without-lines",
        () => return Ok(source),
    };
    Err(source.refuse(Message::new(fault)))
}
