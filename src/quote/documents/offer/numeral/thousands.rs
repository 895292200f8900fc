//! The groups of three digits of a number.

/// The groups of three digits that are not 000, each with its power of a thousand, the highest first.
pub(super) fn groups(number: u128) -> Vec<(usize, u128)> {
    let power = |power| (power, number / 1000_u128.pow(u32::try_from(power).unwrap_or(u32::MAX)) % 1000);
    // 1000¹³ is more than the largest amount has roubles
    (0..13).rev().map(power).filter(|(_, group)| *group > 0).collect()
}
