//! The fields of a kind of table: what its columns may hold.

/// What one column of a kind of table holds.
///
/// Each kind of table declares its fields once, by [`fields!`]; their order is that of every list that is made of them.
#[derive(Debug, PartialEq, Eq)]
pub struct FieldSpec {
    /// The key in files that people write and in results: `birth_date`.
    pub name: &'static str,
    /// What the column holds: `the day of birth`.
    pub description: &'static str,
    /// The type of its values.
    pub holds: ValueType,
    /// Whether its values may be shown.
    pub privacy: Privacy,
    /// What several columns of the field mean.
    pub columns: ColumnRule,
}

/// The type of the values of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// Any text.
    Text,
    /// One of a list of words or codes.
    Word,
    /// A day.
    Date,
    /// An amount of roubles.
    Money,
    /// A whole number.
    Number,
    /// An age or a range of ages.
    Ages,
}

/// Whether the values of a field may be shown in messages and logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privacy {
    /// Only masked: they belong to a person.
    Personal,
    /// As they are.
    Open,
}

/// What several columns of one field mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnRule {
    /// They contradict each other: the table is refused.
    One,
    /// The first one counts.
    First,
    /// Their texts are joined.
    Joined,
}

/// Declares the fields of a kind of table as an enum. A line is: key, type, privacy, rule for several columns, description.
macro_rules! fields {
    (
        $(#[$doc:meta])*
        $visible:vis enum $kind:ident {
            $($field:ident = $name:literal, $holds:ident, $privacy:ident, $columns:ident, $description:literal;)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $visible enum $kind { $(#[doc = concat!("A column of ", $description, ".")] $field,)* }

        #[allow(dead_code, reason = "every kind of table has the same functions")]
        impl $kind {
            /// Every field, in the order of the declaration.
            pub const ALL: &[Self] = &[$(Self::$field,)*];

            /// The keys of a table `[columns]`, in which the sender of such tables names own headings: one for each field, and `ignore`.
            pub const fn column_keys(ignore: $crate::base::keys::Key) -> [$crate::base::keys::Key; Self::ALL.len() + 1] {
                use $crate::base::keys::{Key, TEXT};
                [$(Key::new($name, TEXT, concat!("The heading over ", $description, ".")),)* ignore]
            }

            /// The field as readers of tables know it.
            #[must_use]
            pub const fn spec(self) -> &'static $crate::table::field::FieldSpec {
                use $crate::table::field::{ColumnRule, FieldSpec, Privacy, ValueType};
                match self {
                    $(Self::$field => &FieldSpec {
                        name: $name,
                        description: $description,
                        holds: ValueType::$holds,
                        privacy: Privacy::$privacy,
                        columns: ColumnRule::$columns,
                    },)*
                }
            }

            /// The key of the field in files.
            #[must_use]
            pub const fn name(self) -> &'static str {
                self.spec().name
            }

            /// The field of a key.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|field| field.name() == name)
            }
        }

        impl From<$kind> for &'static $crate::table::field::FieldSpec {
            fn from(field: $kind) -> Self {
                field.spec()
            }
        }
    };
}

pub(crate) use fields;
