//! The offer to the policyholder in PDF: what a quote covers and costs, as the employer reads and signs it.
//!
//! An [`Offer`] is plain values; a [`Template`] says in Typst's language how they are set. The values reach the template as
//! data, `json("offer.json")`, and never as markup, so that nothing in a name can change the document. The bytes depend on
//! the offer, the language and the template alone: the document has no date of making, and its faces travel with the
//! program. It conforms to PDF/A-2a: searchable, tagged, everything embedded.

pub mod numeral;
mod press;
mod shown;
mod template;

use typst::foundations::Smart;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::calendar::Period;
use crate::error::Error;
use crate::money::Kopecks;
use crate::words::Language;
use press::Press;
pub use template::Template;

/// What a policyholder is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The number of the contract.
    pub number: String,
    /// Who pays.
    pub policyholder: String,
    /// The days of the contract.
    pub term: Period,
    /// Whether the clean rows of the roster alone are priced, and then how many rows are not.
    pub preliminary: Option<Unpriced>,
    /// The insured.
    pub headcount: usize,
    /// The premium of all of them.
    pub premium: Kopecks,
    /// The plans, in the order of the contract; their premiums add up to the whole.
    pub plans: Vec<Plan>,
    /// What is due when, in order; the amounts add up to the premium.
    pub instalments: Vec<Instalment>,
}

/// The number of the roster's rows that a preliminary offer leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unpriced(pub usize);

/// A plan of the offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The code.
    pub code: String,
    /// The name, where it has one.
    pub name: Option<String>,
    /// Its insured.
    pub insured: usize,
    /// The premium of all of them.
    pub premium: Kopecks,
    /// The programmes, in the order of the contract.
    pub covers: Vec<Cover>,
}

/// A programme of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// The code of the programme.
    pub programme: String,
    /// Its name in the language of the offer.
    pub name: String,
    /// The sum insured of each insured who has none of their own.
    pub sum_insured: Kopecks,
    /// The sum over all insured of the plan.
    pub total_sum_insured: Kopecks,
    /// The names of the services that are excluded.
    pub excluded: Vec<String>,
    /// The names of the services that are included.
    pub included: Vec<String>,
}

/// A part of the premium.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instalment {
    /// The days that it pays for; it is due on the first.
    pub period: Period,
    /// The amount.
    pub amount: Kopecks,
}

/// The offer as a PDF document.
///
/// # Errors
///
/// [`Error::Refused`] with every fault of the template at its line; [`Error::NoFace`] where a text has letters that no
/// face of the program or the template's folder has.
pub fn pdf(offer: &Offer, template: &Template, language: Language) -> Result<Vec<u8>, Error> {
    let shown = shown::Shown::new(offer, language);
    let press = Press::new(template, shown.json());
    let strange = press.strange_letters(&shown);
    if !strange.is_empty() {
        return Err(Error::NoFace { letters: strange });
    }
    let set = typst::compile(&press);
    // a remark, such as on a face that is not there, means that the document is not what its author wants
    let remarks = set.warnings;
    let made = match set.output {
        Ok(document) if remarks.is_empty() => typst_pdf::pdf(&document, &options(offer)),
        Ok(_) => Err(remarks),
        Err(faults) => Err(faults),
    };
    // the typesetter's memory of its steps is of use to nobody: the next document has other values
    typst::comemo::evict(0);
    made.map_err(|found| press.refused(&found))
}

/// PDF/A-2a, without a date of making, and with an identity that is the contract's.
fn options(offer: &Offer) -> PdfOptions {
    PdfOptions {
        ident: Smart::Custom(offer.number.clone()),
        creator: Smart::Custom(Some("kollektiv".to_owned())),
        standards: PdfStandards::new(&[PdfStandard::A_2a]).expect("one standard contradicts no other"),
        ..PdfOptions::default()
    }
}
