//! What a request asks of a contract: a list that the book has or not, and the families of its leavers.

use crate::base::error::Error;
use crate::portfolio::book::Portfolio;
use crate::portfolio::endorse::endorsement::Request;
use crate::portfolio::endorse::families::{families_of_leavers, leavers};
use crate::portfolio::life::Life;
use crate::portfolio::register;
use crate::portfolio::register::contracts::BoundContract;
use crate::quote::contract::{Contract, Family};

/// What a request asks of a contract.
pub(super) struct Step {
    pub kind: StepKind,
    /// The run that has recorded it, or the next one.
    pub run: i64,
    /// Whether the book has it already.
    pub is_known: bool,
    /// The hash of the list, and of the request for families.
    pub fingerprint: String,
}

/// Which events a step has.
#[derive(Clone, Copy)]
pub(super) enum StepKind {
    /// The rows of the list, and perhaps the families of its leavers.
    List { takes_families: bool },
    /// Nothing but the families of those who left with a list that the book has: the run of the list.
    Families { list: i64 },
}

impl Step {
    /// Compares a list, by its fingerprints alone and with families, with what the book has.
    pub fn find(
        book: &Portfolio,
        bound: &BoundContract,
        contract: &Contract,
        [alone, with_families]: &[String; 2],
        request: &Request,
    ) -> Result<Self, Error> {
        let known = |of: &str| book.register.read(|register| register::endorsement(register, bound.id, of));
        let (list, families) = (known(alone)?, known(with_families)?);
        let always = contract.family == Family::Leaves;
        let asked = request.with_family && !always;
        let step = |kind, run: Option<i64>, next: i64, fingerprint: &str| Self {
            kind,
            run: run.unwrap_or(next),
            is_known: run.is_some(),
            fingerprint: fingerprint.to_owned(),
        };
        let next = book.register.read(register::next_run)?;
        Ok(match (list, families) {
            (Some(list), Some(families)) if asked => {
                step(StepKind::Families { list }, Some(families), next, with_families)
            }
            (Some(list), None) if asked => {
                let life = Life::read(book, bound.clone(), next)?;
                let before = life.fold(&life.events, &life.state.prices)?;
                if families_of_leavers(&before, &leavers(&life, list)).is_empty() {
                    step(StepKind::List { takes_families: false }, Some(list), next, alone)
                } else {
                    step(StepKind::Families { list }, None, next, with_families)
                }
            }
            (Some(list), _) => step(StepKind::List { takes_families: always }, Some(list), next, alone),
            (None, Some(families)) => {
                step(StepKind::List { takes_families: true }, Some(families), next, with_families)
            }
            (None, None) => {
                let fingerprint = if asked { with_families } else { alone };
                step(StepKind::List { takes_families: asked || always }, None, next, fingerprint)
            }
        })
    }
}
