//! Pricing: the terms of a contract and the tariff → exact rates, and the premium of each line.
//!
//! Everything here is a pure function of its arguments: no file, no clock, no thread, no frame and no message for a
//! reader. Figures are exact until the one rounding, on the line. Why there is no rate is returned as a value, and the
//! caller puts it into words at the place where the reader can mend it. Nothing here knows a roster: an insured is an
//! age, a risk group and a plan.
//!
//! # Example
//!
//! ```
//! use jiff::civil::date;
//! use kollektiv::base::calendar::Term;
//! use kollektiv::base::money::Kopecks;
//! use kollektiv::pricing::choice::{Choices};
//! use kollektiv::pricing::cube::Axes;
//! use kollektiv::pricing::rating::Rating;
//! use kollektiv::pricing::terms::{Cover, Plan, Terms};
//! use kollektiv::tariff::Tariff;
//!
//! let tariff = Tariff::base();
//! let cover = Cover {
//!     programme: tariff.programme("16").unwrap(),
//!     sum_insured: Kopecks::new(12_000_000),
//!     base_rate: None,
//!     exclude: Vec::new(),
//!     include: Vec::new(),
//!     price_change: None,
//!     additional_services: None,
//! };
//! let terms = Terms {
//!     term: Term::new(date(2026, 12, 1), date(2027, 11, 30)).unwrap(),
//!     choices: Choices::default(),
//!     accepted_ages: Vec::new(),
//!     plans: vec![Plan { code: "A".to_owned(), name: None, covers: vec![cover] }],
//! };
//! let axes = Axes::new(&tariff, &terms);
//! let ages = &axes.ages[usize::from(axes.age_class(40).unwrap())];
//! let risk = usize::from(axes.risk(1).unwrap());
//! let rating = Rating::new(&tariff, &terms, 200).unwrap();
//! let trace = rating.trace(&terms.plans[0].covers[0], ages, risk).unwrap();
//! // 13.031 × 0.97 × 1.00 × 1.25, and 120 000.00 / 100 × 15.8000875
//! assert_eq!(trace.rate().to_string(), "15.8000875");
//! let premium = trace.rate().prepare(365).premium(Kopecks::new(12_000_000), 365);
//! assert_eq!(premium.to_string(), "18960.11");
//! ```

pub mod choice;
pub mod cube;
pub mod premium;
pub mod rating;
pub mod terms;
pub mod trace;
