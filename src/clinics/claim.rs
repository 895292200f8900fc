//! The verdicts on claims, and the amounts of a claim by payer.

use crate::base::money::Kopecks;
use crate::base::named_enum::named_enum;

/// What a claim takes from a letter and from a cover.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The quantity that the letter pays.
    pub letter_quantity: u32,
    /// The code of the programme whose cover pays, or has the service that is paid in advance; empty if none does.
    pub programme: String,
}

named_enum! {
    /// The verdict on a claim; [`Verdict::ALL`] is the order of the totals.
    pub enum Verdict messages "verdict-" {
        /// The insured is attached and the clinic programme has the service: paid in advance.
        Advance = "advance",
        /// A letter valid on the day names the service: the insurer pays.
        Letter = "letter",
        /// A letter is valid on the day but does not name the service: the patient pays until the insurer agrees.
        NeedsAgreement = "needs-agreement",
        /// Every letter that names the service has expired: the patient pays.
        LetterExpired = "letter-expired",
        /// By fact, and no letter names the service: the patient pays.
        CallDispatcher = "call-dispatcher",
        /// The insurance programmes do not have the service: the patient pays, less a discount if the category has one.
        OutsideProgramme = "outside-programme",
        /// Not covered on the day but eligible for the discount: the patient pays, less the discount.
        Loyalty = "loyalty",
        /// Not covered on the day: the patient pays.
        NotInForce = "not-in-force",
        /// No insured has this name, birth date and policy: the patient pays.
        Unknown = "unknown",
        /// The same insured, service and day as in an earlier row: nothing is paid until cleared.
        Duplicate = "duplicate",
        /// Dearer than the price list: the payer pays up to the list price, the rest is disputed.
        Price = "price",
        /// The sum insured of the cover is used up: the patient pays what exceeds it (`I62`).
        Limit = "limit",
        /// The clinic's terms require a reason of the visit that the row does not have: the patient pays (`I64`).
        NoInsuredEvent = "no-insured-event",
        /// The row cannot be read: it goes back to the clinic (`I68`).
        Unreadable = "unreadable",
    }
}

/// The amounts of a price by payer; their sum is the price.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    /// Paid by the insurer in advance: nothing more is owed.
    pub advance: Kopecks,
    /// Paid by the insurer.
    pub insurer: Kopecks,
    /// Paid by the patient.
    pub patient: Kopecks,
    /// Borne by the clinic as a discount (`I24`).
    pub discount: Kopecks,
    /// Above the price list: paid by none of them until the dispute ends.
    pub disputed: Kopecks,
    /// A duplicate or an unlisted service: paid by none of them until cleared.
    pub uncleared: Kopecks,
}

impl Shares {
    /// Every amount with its column name and the name of its message.
    #[must_use]
    pub const fn by_payer(self) -> [(&'static str, &'static str, Kopecks); 6] {
        [
            ("advance", "payer-advance", self.advance),
            ("insurer", "payer-insurer", self.insurer),
            ("patient", "payer-patient", self.patient),
            ("discount", "payer-discount", self.discount),
            ("disputed", "payer-disputed", self.disputed),
            ("uncleared", "payer-uncleared", self.uncleared),
        ]
    }

    /// The sum of all amounts: the price.
    #[must_use]
    pub fn total(self) -> Kopecks {
        self.by_payer().into_iter().map(|(_, _, amount)| amount).sum()
    }
}

impl std::ops::Neg for Shares {
    type Output = Self;

    fn neg(self) -> Self {
        Self {
            advance: -self.advance,
            insurer: -self.insurer,
            patient: -self.patient,
            discount: -self.discount,
            disputed: -self.disputed,
            uncleared: -self.uncleared,
        }
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
