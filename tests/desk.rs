//! The underwriter's desk: explain, target, outlook, compare.

mod compare;
mod explain;
mod outlook;
mod target;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use kollektiv::tariff::Tariff;
use proptest::prelude::ProptestConfig;

static BASE: LazyLock<Tariff> = LazyLock::new(Tariff::base);

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// A file with this text in a folder.
fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}
