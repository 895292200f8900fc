//! What a run collects of its contracts while they are repriced: rows and letters for the result, rows for the register, figures, and the
//! contracts that the summary names.

use std::collections::BTreeMap;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::output::folder::Folder;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::reprice::files;
use crate::portfolio::reprice::impact::Tally;
use crate::portfolio::reprice::outcome::Outcome;
use crate::portfolio::reprice::request::Request;
use crate::portfolio::reprice::selection::Selection;
use crate::portfolio::reprice::staged_versions::StagedVersions;
use crate::portfolio::staging::StagingDb;
use crate::portfolio::terms::TermsReader;
use crate::tariff::EditionId;

/// The number of contracts that a result names among those that are set aside, and among those without a letter.
pub const NAMED_CONTRACTS: usize = 20;

/// The results of a run so far.
pub(super) struct Results<'r, 'b> {
    request: &'r Request<'r>,
    folder: &'r Folder,
    selection: &'r Selection<'r>,
    terms: TermsReader<'b>,
    editions: BTreeMap<String, EditionId>,
    /// The figures.
    pub tally: Tally,
    /// The rows for the register.
    pub staged: StagedVersions<'r>,
    /// The contracts that the summary names.
    pub named: NamedContracts,
}

impl<'r, 'b> Results<'r, 'b> {
    /// The results of a run that has repriced nothing; `engine_files` files of an engine come before those of the parts.
    pub fn new(
        request: &'r Request<'r>,
        folder: &'r Folder,
        selection: &'r Selection<'r>,
        mut terms: TermsReader<'b>,
        engine_files: usize,
    ) -> Result<Self, Error> {
        let mut staged = StagedVersions::new(request.change, selection.next);
        if selection.known.is_none() {
            staged.begin_after(engine_files);
        }
        let editions = terms.edition_ids()?;
        let (tally, named) = (Tally::default(), NamedContracts::default());
        Ok(Self { request, folder, selection, terms, editions, tally, staged, named })
    }

    /// Adds contracts in the order of their lines; a part ends with them or not.
    pub fn add(&mut self, staging: &mut StagingDb, mut outcomes: Vec<Outcome>, ends_part: bool) -> Result<(), Error> {
        let Self { request, folder, selection, terms, editions, tally, staged, named } = self;
        let (dry_run, is_new_change) = (request.dry_run, selection.known.is_none());
        if let Some(template) = request.notices {
            files::write_notices(folder, &mut outcomes, request.change, terms, template, request.language)?;
        }
        for outcome in &outcomes {
            tally.add(outcome);
        }
        staging.add(|staging| {
            files::stage_rows(staging, &outcomes, editions, request.language)?;
            // of a known change, only the contracts that could not be repriced before are new; their lines get files of their own
            let is_new = |outcome: &&Outcome| is_new_change || outcome.before == selection.next;
            let is_read = |outcome: &Outcome| !dry_run || selection.late.is_of(outcome.state.contract.id);
            outcomes.iter().filter(is_new).try_for_each(|outcome| {
                staged.note(outcome);
                if is_read(outcome) { staged.add(staging, outcome) } else { Ok(()) }
            })?;
            if is_new_change && !dry_run { staged.add_lines(staging, &outcomes, ends_part) } else { Ok(()) }
        })?;
        for outcome in outcomes {
            named.add(outcome);
        }
        Ok(())
    }
}

/// The contracts that a summary names, with the reasons.
#[derive(Default)]
pub(super) struct NamedContracts {
    /// The first [`NAMED_CONTRACTS`] by number that are set aside.
    pub set_aside: BTreeMap<String, Message>,
    /// The first [`NAMED_CONTRACTS`] by number without a letter.
    pub without_letter: BTreeMap<String, Message>,
    /// The number of contracts without a letter.
    pub letters_left_out: usize,
}

impl NamedContracts {
    fn add(&mut self, outcome: Outcome) {
        self.letters_left_out += usize::from(outcome.no_letter.is_some());
        name(&mut self.set_aside, &outcome.state, outcome.reason);
        name(&mut self.without_letter, &outcome.state, outcome.no_letter);
    }
}

/// Adds a contract with a reason, if there is one, to the first by number.
fn name(named: &mut BTreeMap<String, Message>, state: &ContractState, reason: Option<Message>) {
    named.extend(reason.map(|reason| (state.contract.number.clone(), reason)));
    while named.len() > NAMED_CONTRACTS {
        named.pop_last();
    }
}
