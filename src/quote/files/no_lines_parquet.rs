//! `premiums.parquet` in a build without the feature `parquet`: refused with that reason.

use crate::base::error::Error;
use crate::output::folder::Folder;
use crate::quote::{Price, Quote};

/// Refuses the file.
///
/// # Errors
///
/// [`Error::NotBuilt`], always.
pub fn write(_: &Quote<'_>, _: &Price<'_>, _: &Folder) -> Result<(), Error> {
    Err(Error::NotBuilt { feature: "parquet" })
}
