//! The values of a roster's own fields: relations, actions, risk groups, sexes and sums insured.

mod action;
mod name;
mod relation;
mod risk_group;
mod sex;
mod sum_insured;

pub use action::{Action, action, section_action};
pub use name::{NameFault, NamePart, is_no_patronymic, name_fault};
pub use relation::{Relation, relation};
pub use risk_group::risk_group;
pub use sex::sex;
pub use sum_insured::sum_insured;
