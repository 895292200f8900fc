//! The sex of an insured, and of the insured of a programme.

use crate::base::named_enum::named_enum;

named_enum! {
    /// The sex, by the word of an edition's file.
    pub enum Sex {
        /// A woman.
        Female = "female",
        /// A man.
        Male = "male",
    }
}
