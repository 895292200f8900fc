//! The reading of risk groups.

use crate::base::messages::{Message, listed};
use crate::base::source_file::{Faults, Spanned};
use crate::tariff::Tariff;

/// The risk group, if the tariff has it.
pub(crate) fn risk_group(at: Spanned<u8>, tariff: &Tariff, faults: &Faults) -> Option<u8> {
    if tariff.risk_group(at.value).is_none() {
        faults.add(at.span, unknown_risk_group(&at.value.to_string(), tariff));
        return None;
    }
    Some(at.value)
}

/// The message for a risk group that the tariff does not have.
pub(super) fn unknown_risk_group(group: &str, tariff: &Tariff) -> Message {
    Message::new("risk-group-unknown")
        .with("group", group)
        .with("known", listed(tariff.risk.value.iter().map(|row| row.group)))
        .with("clause", &*tariff.risk.clause)
}
