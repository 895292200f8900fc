//! Why a document cannot be made.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::Fault;
use crate::output::pdf::template::Template;

/// Why a document cannot be made.
#[derive(Debug, Serialize, Deserialize)]
pub enum RenderFault {
    /// No font has these letters.
    NoFace(String),
    /// The faults of the template.
    Template(Vec<TemplateFault>),
    /// This build has no typesetter.
    NotBuilt,
}

/// A fault of a template.
#[derive(Debug, Serialize, Deserialize)]
pub struct TemplateFault {
    /// Its place in the template.
    pub span: Range<usize>,
    /// What is wrong.
    pub reason: String,
    /// What the typesetter advises; may be empty.
    pub hint: String,
}

impl RenderFault {
    pub fn into_error(self, template: &Template) -> Error {
        let faults = match self {
            Self::NoFace(letters) => return Error::NoFace { letters },
            Self::NotBuilt => return Error::NotBuilt { feature: "pdf" },
            Self::Template(faults) => faults,
        };
        let fault = |TemplateFault { span, reason, hint }| {
            let name = if hint.is_empty() { "template-fault" } else { "template-fault-hint" };
            Fault { span, message: Message::new(name).with("reason", reason).with("hint", hint) }
        };
        Error::Refused { source: Box::new(template.source.clone()), faults: faults.into_iter().map(fault).collect() }
    }
}
