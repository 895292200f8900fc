//! The texts of the desk's screen.

use std::collections::BTreeMap;

use crate::base::messages::{Language, Message};

/// The texts by the names that the script uses; a value in braces is filled in by the script.
pub fn words(language: Language) -> BTreeMap<&'static str, String> {
    let plain = [
        ("broken", Message::new("desk-broken")),
        ("low", Message::new("desk-low")),
        ("mid", Message::new("desk-mid")),
        ("high", Message::new("desk-high")),
        ("none", Message::new("desk-none")),
        ("leftOut", Message::new("book-not-applied")),
        ("contract", Message::new("desk-contract")),
        ("coefficient", Message::new("desk-coefficient")),
        ("free", Message::new("desk-free")),
        ("same", Message::new("desk-same")),
        ("perInsured", Message::new("desk-per-insured")),
        ("reset", Message::new("desk-reset")),
        ("target", Message::new("desk-target")),
        ("find", Message::new("desk-find")),
        ("amountUnreadable", Message::new("desk-target-unreadable")),
        ("targetExact", Message::new("target-exact")),
        ("plans", Message::new("desk-plans")),
        ("plan", Message::new("heading-plan")),
        ("insured", Message::new("heading-insured")),
        ("premium", Message::new("heading-premium")),
        ("quoted", Message::new("desk-quoted")),
        ("now", Message::new("desk-now")),
        ("change", Message::new("desk-change")),
        ("keep", Message::new("desk-keep")),
        ("scenarios", Message::new("desk-scenarios")),
        ("take", Message::new("desk-take")),
        ("remove", Message::new("desk-remove")),
        ("toml", Message::new("desk-toml")),
        ("paste", Message::new("target-paste")),
        ("copy", Message::new("desk-copy")),
        ("copied", Message::new("desk-copied")),
        ("selected", Message::new("desk-selected")),
    ];
    let with_values = [
        ("outside", open_message("desk-outside", &["low", "high"])),
        ("stands", open_message("desk-stands", &["place"])),
        ("difference", open_message("desk-difference", &["difference", "percent"])),
        ("corridor", open_message("desk-corridor", &["low", "high"])),
        ("targetOutside", open_message("desk-target-outside", &["low", "high"])),
        ("targetBelow", open_message("target-below", &["off"])),
        ("targetAbove", open_message("target-above", &["off"])),
        ("scenario", open_message("desk-scenario", &["number"])),
        ("cover", open_message("target-paste-cover", &["plan", "programme"])),
    ];
    let all = plain.into_iter().chain(with_values);
    all.map(|(name, message)| (name, language.render(&message))).collect()
}

/// A message whose values stand as their names in braces: `{low}`.
fn open_message(name: &'static str, values: &[&'static str]) -> Message {
    values.iter().fold(Message::new(name), |message, value| message.with(value, format!("{{{value}}}")))
}
