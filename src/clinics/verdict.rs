//! The one verdict on a service that a clinic has done, and who pays for it.
//!
//! [`judge`] is a function of what it is given and of nothing else. The first of these that holds is the verdict (`I42`); each
//! excludes all that stand before it, so that a row has exactly one whatever order they are asked in:
//!
//! 1. `unknown`: nobody, or nobody for certain, is meant.
//! 2. `duplicate`: the same service for the same person on the same day stood in an earlier row.
//! 3. `not-in-force`: the day is outside the cover, and no discount is due.
//! 4. `price`: dearer than the price list, or not in it.
//! 5. `loyalty`: the day is outside the cover, and the discount is due.
//! 6. `advance`: attached, and the clinic programme has the service.
//! 7. `letter`: a letter that is valid on the day names the service.
//! 8. `outside-programme`: attached, or not served at this clinic, or by fact where no programme of the plan has the service.
//! 9. `needs-agreement`: a letter is valid on the day, but none of those names the service.
//! 10. `letter-expired`: the last day of every letter that names the service has passed.
//! 11. `call-dispatcher`: all else, by fact.

use jiff::civil::Date;

use crate::base::calendar::shown_day;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::clinics::finder::MatchFailure;
use crate::clinics::insured_view::Person;
use crate::clinics::letter::Letter;
use crate::clinics::loyalty::DiscountEligibility;
use crate::clinics::network::{Clinic, Discount, Network};

macro_rules! verdicts {
    ($($(#[$doc:meta])* $verdict:ident = $text:literal, $words:literal;)*) => {
        /// What becomes of a service; its name in the files is a promise.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verdict { $($(#[$doc])* $verdict,)* }

        impl Verdict {
            /// Every verdict, in the order of the totals.
            pub const ALL: &[Self] = &[$(Self::$verdict,)*];

            /// The name in the files.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$verdict => $text,)* }
            }

            /// The words for a reader.
            #[must_use]
            pub const fn words(self) -> Message {
                Message::new(match self { $(Self::$verdict => $words,)* })
            }
        }
    };
}

verdicts! {
    /// Attached, and the service is in the clinic programme: paid in advance.
    Advance = "advance", "verdict-advance";
    /// A valid letter names the service: the insurer pays.
    Letter = "letter", "verdict-letter";
    /// A valid letter, but not for this service: the patient pays until the insurer agrees.
    NeedsAgreement = "needs-agreement", "verdict-needs-agreement";
    /// The letter's last day has passed: the patient pays.
    LetterExpired = "letter-expired", "verdict-letter-expired";
    /// By fact, and no letter at all: the patient pays.
    CallDispatcher = "call-dispatcher", "verdict-call-dispatcher";
    /// Outside the insurance programmes: the patient pays, less the discount where the category has it.
    OutsideProgramme = "outside-programme", "verdict-outside-programme";
    /// Not insured, but with the right to the discount: the patient pays, less the discount.
    Loyalty = "loyalty", "verdict-loyalty";
    /// The day is outside the cover: the patient pays.
    NotInForce = "not-in-force", "verdict-not-in-force";
    /// Nobody of that name, birth date and policy: the patient pays.
    Unknown = "unknown", "verdict-unknown";
    /// The same service for the same person on the same day again: nobody pays until it is cleared.
    Duplicate = "duplicate", "verdict-duplicate";
    /// Dearer than the price list: insurer or patient pay up to the list, the rest is disputed.
    Price = "price", "verdict-price";
}

/// Who bears which part of a price; together they are the price.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    /// Covered by what the insurer has paid in advance: nothing more is owed.
    pub advance: Kopecks,
    /// The insurer.
    pub insurer: Kopecks,
    /// The patient.
    pub patient: Kopecks,
    /// The clinic, which takes it off (`I24`).
    pub discount: Kopecks,
    /// Nobody as yet: more than the price list has.
    pub disputed: Kopecks,
    /// Nobody until it is cleared.
    pub uncleared: Kopecks,
}

impl Shares {
    /// Every part with its name in the files and the name of its words.
    #[must_use]
    pub const fn parts(self) -> [(&'static str, &'static str, Kopecks); 6] {
        [
            ("advance", "payer-advance", self.advance),
            ("insurer", "payer-insurer", self.insurer),
            ("patient", "payer-patient", self.patient),
            ("discount", "payer-discount", self.discount),
            ("disputed", "payer-disputed", self.disputed),
            ("uncleared", "payer-uncleared", self.uncleared),
        ]
    }

    /// The parts together.
    #[must_use]
    pub fn total(self) -> Kopecks {
        self.parts().into_iter().map(|(_, _, part)| part).sum()
    }
}

impl std::ops::AddAssign for Shares {
    fn add_assign(&mut self, other: Self) {
        self.advance += other.advance;
        self.insurer += other.insurer;
        self.patient += other.patient;
        self.discount += other.discount;
        self.disputed += other.disputed;
        self.uncleared += other.uncleared;
    }
}

/// What a clinic says it has done, or a desk asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim<'c> {
    /// The day.
    pub day: Date,
    /// The service by its place in the price list; none where the list has no such service.
    pub service: Option<usize>,
    /// How many times it was done, at least once.
    pub quantity: u32,
    /// The price of all of it.
    pub amount: Kopecks,
    /// The earlier row with the same service for the same person on the same day, where there is one.
    pub repeats: Option<PriorRow<'c>>,
}

/// An earlier row of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriorRow<'c> {
    /// The row, from 1.
    pub row: u32,
    /// The name of its sheet, where it is another one.
    pub sheet: Option<&'c str>,
}

/// Whom a claim is about, as far as the book knows.
#[derive(Debug, Clone, Copy)]
pub enum Patient<'p> {
    /// Nobody who is known.
    Unknown(MatchFailure),
    /// Somebody whose cover does not include the day.
    Outside {
        /// The one whose right to the discount decides, where several may be meant.
        person: &'p Person,
        /// The right, if there is one.
        right: Option<DiscountEligibility>,
    },
    /// Somebody who is insured on the day.
    Insured {
        /// Who it is.
        person: &'p Person,
        /// Their letters to the clinic.
        letters: &'p [&'p Letter],
    },
}

/// A verdict with its reason and its money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The verdict.
    pub verdict: Verdict,
    /// Who pays which part.
    pub shares: Shares,
    /// Why, and what to do; without any personal data.
    pub reason: Message,
    /// The letter that decides, where one does.
    pub letter: Option<u64>,
}

/// Who pays what is not disputed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Payer {
    Advance,
    Insurer,
    Patient(Option<Discount>),
    Nobody,
}

/// What the price does not change: the verdict without it, who pays, and why.
struct Decision {
    verdict: Verdict,
    payer: Payer,
    reason: Message,
    letter: Option<u64>,
}

/// The verdict on a claim (`I42`).
#[must_use]
pub fn judge(network: &Network, clinic: &Clinic, claim: &Claim<'_>, patient: &Patient<'_>) -> Judged {
    let ground = ground(network, clinic, claim, patient);
    let is_settled = matches!(ground.verdict, Verdict::Unknown | Verdict::Duplicate | Verdict::NotInForce);
    let listed = claim.service.map(|at| clinic.services[at].price * u64::from(claim.quantity));
    let limit = listed.unwrap_or_default();
    if is_settled || listed.is_some_and(|listed| claim.amount <= listed) {
        let Decision { verdict, payer, reason, letter } = ground;
        return Judged { verdict, shares: payer.shares(claim.amount, claim.amount), reason, letter };
    }
    let reason = match listed {
        Some(listed) => Message::new("reason-price")
            .with("listed", listed)
            .with("difference", claim.amount - listed)
            .with("ground", ground.reason),
        None => Message::new("reason-unlisted"),
    };
    Judged {
        verdict: Verdict::Price,
        shares: ground.payer.shares(claim.amount, limit),
        reason,
        letter: ground.letter.filter(|_| listed.is_some()),
    }
}

impl Payer {
    /// The parts of an amount of which no more than `limit` is agreed to.
    fn shares(self, amount: Kopecks, limit: Kopecks) -> Shares {
        let agreed = amount.min(limit);
        let disputed = amount - agreed;
        match self {
            Self::Advance => Shares { advance: agreed, disputed, ..Shares::default() },
            Self::Insurer => Shares { insurer: agreed, disputed, ..Shares::default() },
            Self::Nobody => Shares { uncleared: agreed, disputed, ..Shares::default() },
            Self::Patient(discount) => {
                let discount = discount.map(|discount| discount.of(agreed)).unwrap_or_default();
                Shares { patient: agreed - discount, discount, disputed, ..Shares::default() }
            }
        }
    }
}

impl Decision {
    fn new(verdict: Verdict, payer: Payer, reason: Message) -> Self {
        Self { verdict, payer, reason, letter: None }
    }

    fn by(self, letter: &Letter) -> Self {
        Self { letter: Some(letter.number), ..self }
    }
}

fn ground(network: &Network, clinic: &Clinic, claim: &Claim<'_>, patient: &Patient<'_>) -> Decision {
    let full = Payer::Patient(None);
    match (patient, claim.repeats) {
        (Patient::Unknown(doubt), _) => Decision::new(Verdict::Unknown, full, doubt.reason()),
        (_, Some(earlier)) => Decision::new(Verdict::Duplicate, Payer::Nobody, earlier.reason()),
        (Patient::Outside { person, right }, None) => {
            let discount = claim.service.and_then(|service| clinic.discount(service));
            if let (Some(right), Some(discount)) = (right, discount) {
                let reason =
                    Message::new("reason-loyalty").with("right", right.words()).with("discount", discount.percent());
                return Decision::new(Verdict::Loyalty, Payer::Patient(Some(discount)), reason);
            }
            let reason = Message::new("reason-not-in-force")
                .with("first", shown_day(person.cover.first()))
                .with("last", shown_day(person.cover.last()));
            Decision::new(Verdict::NotInForce, full, reason)
        }
        (Patient::Insured { person, letters }, None) => insured(network, clinic, claim, person, letters),
    }
}

fn insured(network: &Network, clinic: &Clinic, claim: &Claim<'_>, person: &Person, letters: &[&Letter]) -> Decision {
    let plan = person.plan();
    // of a service without a price nobody can say where it belongs
    let Some(service) = claim.service else {
        return Decision::new(Verdict::Price, Payer::Nobody, Message::new("reason-unlisted"));
    };
    let listed = &clinic.services[service];
    let attached: Vec<_> = plan.programmes_at(&clinic.code).filter_map(|code| clinic.programme(code)).collect();
    if let Some(programme) = attached.iter().find(|programme| programme.services.contains(&service)) {
        let reason = Message::new("reason-advance").with("programme", programme.code.as_str());
        return Decision::new(Verdict::Advance, Payer::Advance, reason);
    }
    let naming = || letters.iter().filter(|letter| letter.names(&listed.code));
    if let Some(letter) = naming().find(|letter| letter.valid.contains(claim.day)) {
        return Decision::new(Verdict::Letter, Payer::Insurer, of_letter("reason-letter", letter)).by(letter);
    }
    let category = network.category(listed);
    let outside = if let [first, ..] = attached.as_slice() {
        Some(Message::new("reason-outside-programme").with("programme", first.code.as_str()))
    } else if !plan.names(&clinic.code) {
        Some(Message::new("reason-clinic-unnamed").with("plan", plan.code.as_str()))
    } else if !plan.covers(category) {
        Some(
            Message::new("reason-not-covered")
                .with("plan", plan.code.as_str())
                .with("category", category.name.as_str()),
        )
    } else {
        None
    };
    if let Some(why) = outside {
        let discount = clinic.discount(service);
        let reason = match discount {
            Some(discount) => {
                Message::new("reason-less-discount").with("why", why).with("discount", discount.percent())
            }
            None => Message::new("reason-in-full").with("why", why),
        };
        return Decision::new(Verdict::OutsideProgramme, Payer::Patient(discount), reason);
    }
    let full = Payer::Patient(None);
    if let Some(letter) = letters.iter().find(|letter| letter.valid.contains(claim.day)) {
        let reason = of_letter("reason-needs-agreement", letter);
        return Decision::new(Verdict::NeedsAgreement, full, reason).by(letter);
    }
    if let Some(letter) =
        naming().filter(|letter| letter.valid.last() < claim.day).max_by_key(|letter| letter.valid.last())
    {
        let reason = of_letter("reason-letter-expired", letter);
        return Decision::new(Verdict::LetterExpired, full, reason).by(letter);
    }
    Decision::new(Verdict::CallDispatcher, full, Message::new("reason-call-dispatcher"))
}

fn of_letter(name: &'static str, letter: &Letter) -> Message {
    Message::new(name).with("number", letter.shown_number()).with("last", shown_day(letter.valid.last()))
}

impl PriorRow<'_> {
    /// Why a row is a duplicate of this one, and what to do.
    fn reason(self) -> Message {
        let message = Message::new("reason-duplicate").with("row", self.row.to_string());
        match self.sheet {
            Some(sheet) => message.with("sheet", Message::new("in-sheet").with("sheet", sheet)),
            None => message.with("sheet", ""),
        }
    }
}

impl MatchFailure {
    /// Why nobody is meant, and what to do.
    #[must_use]
    pub fn reason(self) -> Message {
        match self {
            Self::Stranger => Message::new("doubt-stranger"),
            Self::OthersPolicy => Message::new("doubt-others-policy"),
            Self::OtherPolicy => Message::new("doubt-other-policy"),
            Self::Several(count) => Message::new("doubt-several").with("count", count),
        }
    }
}
