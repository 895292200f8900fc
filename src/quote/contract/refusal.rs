//! The sentences for what pricing refuses: the choice for the headcount, at its place in the contract file, and the age
//! of an insured on a cover.

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::Fault;
use crate::pricing::rating::{HeadcountError, NoRate, Rating};
use crate::pricing::terms::Cover;
use crate::quote::contract::contract_file::Contract;
use crate::tariff::Tariff;

impl Contract {
    /// The rating of the contract for a headcount of at least one (`I1`).
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] at the choice for the headcount, where it is unlawful ([`HeadcountError`]).
    pub fn rating<'c>(&'c self, tariff: &'c Tariff, headcount: u32) -> Result<Rating<'c>, Error> {
        Rating::new(tariff, &self.terms, headcount).map_err(|error| {
            let fault = Fault { span: self.headcount_span.clone(), message: headcount_message(&error, tariff) };
            Error::Refused { source: Box::new(self.source.clone()), faults: vec![fault] }
        })
    }
}

pub(crate) fn headcount_message(error: &HeadcountError, tariff: &Tariff) -> Message {
    let (message, headcount, band) = match error {
        HeadcountError::OutsideBand { number, headcount, band } => {
            (Message::new("headcount-outside").with("number", number.to_string()), *headcount, band)
        }
        HeadcountError::OpenBand { headcount, band } => (Message::new("interpolate-open-band"), *headcount, band),
    };
    message
        .with("range", band.range.to_string())
        .with("clause", &*tariff.headcount.clause)
        .with("headcount", headcount)
        .with("band", band.to_string())
}

/// Why an insured has no rate on a cover, and what to do.
pub(crate) fn no_rate_message(reason: NoRate, tariff: &Tariff, cover: &Cover) -> Message {
    let programme = &tariff.programmes[cover.programme];
    match reason {
        NoRate::AgeOutsideProgramme => {
            let last = tariff.child_bands.value.last().map_or(0, |band| band.to);
            Message::new("age-outside-programme")
                .with("programme", &*programme.code)
                .with("last", last.to_string())
                .with("clause", &*tariff.child_bands.clause)
        }
        NoRate::ExclusionNotAtAge(service) => {
            let clause = programme.exclusions.as_ref().map_or("", |exclusions| exclusions.clause.as_str());
            Message::new("exclusion-not-at-age")
                .with("service", tariff.service_names(&[service]))
                .with("programme", &*programme.code)
                .with("clause", clause)
        }
    }
}
