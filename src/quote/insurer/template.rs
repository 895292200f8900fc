//! A file about an insurer to start from.

use crate::base::messages::Language;

/// The file with comments in a language; its insurer is invented, and the reader accepts it. The Russian one is the sample.
#[must_use]
pub const fn template(language: Language) -> &'static str {
    match language {
        Language::Ru => include_str!("../../../samples/insurer.toml"),
        Language::En => include_str!("template.en.toml"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::quote::insurer::details::Insurer;

    #[test]
    fn the_reader_accepts_the_file_of_both_languages() {
        for language in [Language::Ru, Language::En] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("insurer.toml");
            fs::write(&path, template(language)).unwrap();
            let insurer = Insurer::open(&path).unwrap();
            assert_eq!((insurer.inn.as_str(), insurer.logo), ("7709991234", None));
        }
    }
}
