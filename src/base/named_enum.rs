//! Enums whose variants have a word in files, on the command line or in the register.

/// Declares an enum together with the word of each variant, so that no list of words stands anywhere else.
///
/// The enum gets `ALL` and `WORDS` (in the order of the declaration, which is also that of `Ord`), `as_str`, `parse`,
/// and `Display`, which writes the word. Words that files hold are a promise: they never change. Attributes such as
/// `#[derive(Default)]` and `#[default]` pass through.
///
/// Two optional parts follow the name of the enum:
///
/// - `messages "skip-"` adds `message()`: the name of a variant for a reader is the message `skip-` + word;
/// - `with severity: Severity` adds a constant function `severity()`, whose value stands after `=>` in each variant.
///
/// ```text
/// named_enum! {
///     /// Why a row holds no insured.
///     pub enum Skip messages "skip-" {
///         /// Nothing stands in the row.
///         Blank = "blank",
///     }
/// }
/// ```
macro_rules! named_enum {
    (
        $(#[$about:meta])* $visible:vis enum $name:ident
        $(messages $prefix:literal)? $(with $column:ident: $kind:ty)?
        { $($(#[$doc:meta])* $variant:ident = $word:literal $(=> $value:expr)?,)+ }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visible enum $name { $($(#[$doc])* $variant,)+ }

        #[allow(dead_code, reason = "every such enum has the same functions")]
        impl $name {
            /// Every variant, in the order of the declaration.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The words of all variants, in the same order.
            pub const WORDS: &[&'static str] = &[$($word,)+];

            /// The word of the variant.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The variant of a word.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        $crate::base::named_enum::named_enum! { @messages $name $($prefix)?: $($variant = $word,)+ }
        $crate::base::named_enum::named_enum! { @column $name $($column: $kind)?; $($variant $(=> $value)?,)+ }
    };
    (@messages $name:ident: $($rest:tt)*) => {};
    (@messages $name:ident $prefix:literal: $($variant:ident = $word:literal,)+) => {
        impl $name {
            /// The name of the variant for a reader.
            #[must_use]
            pub const fn message(self) -> $crate::base::messages::Message {
                $crate::base::messages::Message::new(match self {
                    $(Self::$variant => concat!($prefix, $word),)+
                })
            }
        }
    };
    (@column $name:ident; $($rest:tt)*) => {};
    (@column $name:ident $column:ident: $kind:ty; $($variant:ident => $value:expr,)+) => {
        impl $name {
            #[doc = concat!("The `", stringify!($column), "` of the variant, as declared.")]
            #[must_use]
            pub const fn $column(self) -> $kind {
                match self { $(Self::$variant => $value,)+ }
            }
        }
    };
}

pub(crate) use named_enum;

#[cfg(test)]
mod tests {
    use crate::base::messages::Message;

    named_enum! {
        /// Two words.
        #[derive(Default)]
        enum Pair messages "severity-" with weight: u8 {
            /// The first.
            #[default]
            First = "error" => 1,
            /// The second.
            Second = "warning" => 2,
        }
    }

    #[test]
    fn a_word_is_parsed_as_it_is_written() {
        for pair in Pair::ALL {
            assert_eq!(Pair::parse(pair.as_str()), Some(*pair));
            assert_eq!(pair.to_string(), pair.as_str());
        }
        assert_eq!(Pair::parse("Error"), None);
        assert_eq!(Pair::default(), Pair::First);
        assert_eq!((Pair::First.weight(), Pair::Second.weight()), (1, 2));
        assert_eq!(Pair::Second.message(), Message::new("severity-warning"));
    }
}
