//! The values of a roster's own fields: relations, actions, risk groups, sexes and sums insured.

mod action;
mod cover_period;
mod leavers;
mod name;
mod number;
mod relation;
mod risk_group;
mod section;
mod several_names;
mod sex;
mod sum_insured;

pub use action::Action;
pub use cover_period::cover_period;
pub use leavers::{decides_cover, is_about_leavers, is_leavers_heading};
pub use name::{NameFault, NamePart, is_no_patronymic, name_fault};
pub use number::is_no_number;
pub use relation::{Relation, relation};
pub use risk_group::risk_group;
pub use section::{SectionTitle, StatedDays, action_and_days, named_actions, section_action, section_title};
pub use sex::{sex, sex_of_patronymic};
pub use sum_insured::{sum_insured, sum_insured_in, sum_insured_thousands};
