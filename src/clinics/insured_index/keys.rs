//! What insured are looked up by: policy numbers and names in the forms for comparing, and their hashes.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::civil::Date;

use crate::table::text::{folded, folded_heading};

/// The kinds of keys with a policy number.
pub const POLICY_AND_BIRTH_DATE: &str = "policy and birth date";
pub const POLICY_AND_SURNAME: &str = "policy and surname";
pub const POLICY_ALONE: &str = "policy";

/// Words before a policy number.
const LABELS: [&str; 9] = ["номер полиса", "полис дмс", "полис", "номер", "policy no.", "policy", "no.", "no ", "n "];

/// A policy number for comparison: without the word before it, marks, spaces and leading zeros, which Excel and clinics add and drop;
/// `None` if it is empty.
pub fn policy_key(policy: &str) -> Option<String> {
    let key = folded_heading(without_label(&policy.replace('\u{a0}', " ")));
    let number = key.trim_start_matches('0');
    match (number.is_empty(), key.is_empty()) {
        (false, _) => Some(number.to_owned()),
        (true, false) => Some("0".to_owned()),
        (true, true) => None,
    }
}

/// A policy number without «Полис» or “No.” before it, as long as a digit is left.
fn without_label(policy: &str) -> &str {
    let mut number = policy.trim();
    let begins = |label: &&&str| number.get(..label.len()).is_some_and(|start| start.to_lowercase() == **label);
    if let Some(label) = LABELS.iter().find(begins) {
        number = &number[label.len()..];
    }
    if number.bytes().any(|byte| byte.is_ascii_digit()) { number } else { policy }
}

/// The key of a policy number that some query has.
pub fn policy_hash(policy: &str) -> u64 {
    hash(&("known policy", policy))
}

/// The key by which a query with a policy number is looked up.
pub fn query_hash(policy: &str, name: &str, birth_date: Option<Date>) -> u64 {
    match birth_date {
        Some(day) => hash(&(POLICY_AND_BIRTH_DATE, policy, day)),
        None if name.is_empty() => hash(&(POLICY_ALONE, policy)),
        None => hash(&(POLICY_AND_SURNAME, policy, surname(name))),
    }
}

/// The key of a name with a birth date; `None` without a name.
pub fn name_hash(name: &str, birth_date: Date) -> Option<u64> {
    let folded = folded(name);
    (!folded.is_empty()).then(|| hash(&(folded, birth_date)))
}

/// The first word of a name, folded.
pub fn surname(name: &str) -> String {
    name_words(name).into_iter().next().unwrap_or_default()
}

/// The hash of a key.
pub fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The words of a name, folded; a point ends a word.
fn name_words(name: &str) -> Vec<String> {
    let words = name.split(|letter: char| letter.is_whitespace() || letter == '.');
    words.map(folded).filter(|word| !word.is_empty()).collect()
}

/// Whether the name beside a policy number agrees with the name in the book: the same words or their initials, in order; the last words
/// may be missing.
pub fn names_agree(written: &str, known: &str) -> bool {
    if folded(written) == folded(known) {
        return true;
    }
    let (written, known) = (name_words(written), name_words(known));
    let agrees = |(place, (written, known)): (usize, (&String, &String))| {
        written == known || place > 0 && written.chars().count() == 1 && known.starts_with(written.as_str())
    };
    !written.is_empty() && written.len() <= known.len() && written.iter().zip(&known).enumerate().all(agrees)
}
