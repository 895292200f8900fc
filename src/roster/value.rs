//! The values of a roster's own fields: relations, actions, risk groups, sexes and sums insured.

mod action;
mod common_name;
mod cover_period;
mod leavers;
mod name;
mod name_tail;
mod name_words;
mod number;
mod open_day;
mod relation;
mod relation_letters;
mod risk_group;
mod section;
mod several_names;
mod sex;
mod sum_insured;

pub use action::Action;
pub use cover_period::cover_period;
pub use leavers::{decides_cover, is_about_leavers, is_leavers_heading, orders_cover};
pub use name::{NameFault, NamePart, is_no_patronymic, is_usual_name, name_fault};
pub use number::is_no_number;
pub use open_day::leaves_day_open;
pub use relation::{Relation, relation};
pub use relation_letters::RelationLetters;
pub use risk_group::risk_group;
pub use section::{
    SectionTitle, StatedDays, action_and_days, named_actions, section_action, section_title, stated_limits,
};
pub use sex::{sex, sex_of_patronymic};
pub use sum_insured::{sum_insured, sum_insured_in, sum_insured_thousands};
