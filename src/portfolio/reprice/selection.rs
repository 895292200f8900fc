//! Which contracts a change touches, and how they stood before it: chosen in the register, ordered in the draft, looked at some
//! sheaves at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

use rusqlite::{Connection, params};
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Rate;
use crate::portfolio::change::PriceChange;
use crate::portfolio::contract_state::Standing;
use crate::portfolio::register;
use crate::portfolio::register::{Choice, Chosen, KnownChange, Segment};
use crate::portfolio::reprice::batch::AffectedContract;
use crate::portfolio::staging::StagingDb;
use crate::portfolio::store::Part;
use crate::portfolio::{Files, Portfolio};
use crate::quote::contract::PriceDecrease;
use crate::scale_out::engine::Job;
use crate::tariff::Tariff;

/// The contracts that are chosen, in the order of their lines in the book.
pub const TABLE: &str = "CREATE TABLE chosen (
    file INTEGER NOT NULL,
    first_row INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    contract INTEGER NOT NULL,
    stood INTEGER NOT NULL,
    PRIMARY KEY (file, first_row, contract)
) STRICT, WITHOUT ROWID;";

/// So many are handed to or from the draft at once, and at most so many are worked on at once.
const CONTRACTS_AT_ONCE: usize = 2048;

/// Which contracts a change touches, and how they stood before it.
pub struct Selection<'s> {
    /// The change.
    pub change: &'s PriceChange,
    /// The change as the book has it already.
    pub known: Option<&'s KnownChange>,
    /// The run that comes next.
    pub next: i64,
    /// The tariff that says what price levels are lawful.
    pub tariff: &'s Tariff,
}

impl Selection<'_> {
    /// Puts into the draft the contracts with a line of a programme whose price changes, in force on the first day of the new
    /// prices; how many there are.
    pub fn choose(&self, book: &Portfolio, draft: &mut StagingDb) -> Result<u64, Error> {
        let change = self.change;
        let mut programmes = book.register.read(register::all_programmes)?;
        programmes.retain(|programme| change.coefficient_of(programme).is_some());
        let choice = Choice {
            programmes: &programmes,
            day: change.effective,
            bound_before: self.known.map_or(self.next, |known| known.run),
            change: &change.id,
            // a contract that was set aside is tried again as it stands now
            next: self.next,
        };
        let (mut count, mut some) = (0, Vec::with_capacity(CONTRACTS_AT_ONCE));
        book.register.read(|register| {
            register::each_chosen(register, &choice, |chosen| {
                count += 1;
                some.push(chosen);
                if some.len() == CONTRACTS_AT_ONCE { put(draft, &mut some) } else { Ok(()) }
            })
        })??;
        put(draft, &mut some)?;
        Ok(count)
    }

    /// The contracts that are chosen and stood before a run or a later one, by turns.
    pub fn turns(&self, stood_from: i64) -> Turns<'_> {
        let last = Chosen { contract: 0, before: 0, lines: Segment { file: -1, first_row: 0, rows: 0 } };
        Turns { selection: self, stood_from, last, ahead: Vec::new() }
    }

    /// Lays everything that is chosen into an engine's job.
    pub fn lay(&self, book: &Portfolio, draft: &StagingDb, files: &mut Files, job: &mut Job<'_>) -> Result<(), Error> {
        let mut turns = self.turns(0);
        while let Some(sheaves) = turns.next(book, draft, files)? {
            files.close_others(&files_of(&sheaves));
            job.add(files, &sheaves)?;
        }
        Ok(())
    }

    /// A contract with what the change does to it; none where it has no rows.
    fn touched(&self, register: &Connection, chosen: Chosen) -> rusqlite::Result<Option<AffectedContract>> {
        let Chosen { contract: id, before, lines } = chosen;
        let standing = Standing::before(register, register::contract_at(register, id)?, before)?;
        let Some(cells) = register::segment(register, id, standing.rows_run(), Part::Cells)? else { return Ok(None) };
        let levels = register::programmes(register, id)?;
        let coefficients = self.coefficients(&standing, &levels);
        let set_aside = self.reason(&standing, &levels, &coefficients);
        Ok(Some(AffectedContract { standing, before, coefficients, set_aside, cells, lines }))
    }

    /// What is multiplied in a contract: it may keep its prices where they fall (`I21`).
    fn coefficients(&self, standing: &Standing, levels: &[(String, String)]) -> BTreeMap<String, Decimal> {
        let keeps = standing.contract.price_terms.price_decrease == PriceDecrease::Keep;
        let named = levels.iter().filter_map(|(programme, _)| {
            let coefficient = self.change.coefficient_of(programme)?;
            (!keeps || coefficient >= Decimal::ONE).then(|| (programme.clone(), coefficient))
        });
        named.collect()
    }

    /// Why a contract cannot be repriced, as far as its terms say (`I19`).
    fn reason(
        &self,
        standing: &Standing,
        levels: &[(String, String)],
        coefficients: &BTreeMap<String, Decimal>,
    ) -> Option<Message> {
        let effective = self.change.effective;
        if let Some(later) = standing.applied.iter().find(|applied| applied.effective > effective) {
            return Some(Message::new("reprice-late").with("later", later.effective.to_string()));
        }
        let (low, high) = self.tariff.price_change.value.levels();
        let within = |level: &Rate| Rate::from(low) <= *level && *level <= Rate::from(high);
        levels.iter().find_map(|(programme, level)| {
            let coefficient = *coefficients.get(programme)?;
            let now = Rate::as_written(level)? * standing.growth(programme);
            let then = now.clone() * Rate::from(coefficient);
            (!within(&then)).then(|| {
                Message::new("reprice-level")
                    .with("programme", programme.as_str())
                    .with("now", now.to_string())
                    .with("coefficient", coefficient.to_string())
                    .with("then", then.to_string())
                    .with("low", low.to_string())
                    .with("high", high.to_string())
                    .with("clause", self.tariff.price_change.clause.as_str())
            })
        })
    }
}

fn put(draft: &mut StagingDb, some: &mut Vec<Chosen>) -> Result<(), Error> {
    draft.add(|draft| {
        let add = "INSERT INTO chosen (file, first_row, rows, contract, stood) VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut add = draft.prepare_cached(add)?;
        some.drain(..).try_for_each(|Chosen { contract, before, lines: Segment { file, first_row, rows } }| {
            add.execute(params![file, first_row, rows, contract, before]).map(drop)
        })
    })
}

/// The files that sheaves stand in.
pub fn files_of(sheaves: &[Vec<AffectedContract>]) -> BTreeSet<i64> {
    sheaves.iter().flatten().flat_map(|touched| [touched.cells.file, touched.lines.file]).collect()
}

/// The contracts that are chosen, by turns: what is read together stands together.
pub struct Turns<'t> {
    selection: &'t Selection<'t>,
    stood_from: i64,
    /// The last that was fetched.
    last: Chosen,
    /// Those that were fetched and wait for their turn, the next one last.
    ahead: Vec<Chosen>,
}

impl Turns<'_> {
    /// The next sheaves, of which each has to be read once; `None` where all contracts have had their turn.
    pub fn next(
        &mut self,
        book: &Portfolio,
        draft: &StagingDb,
        files: &Files,
    ) -> Result<Option<Vec<Vec<AffectedContract>>>, Error> {
        // a turn ends with its slowest sheaf
        let at_once = 4 * rayon::current_num_threads();
        let (mut sheaves, mut place, mut count) = (Vec::new(), None, 0);
        let mut sheaf = Vec::new();
        while count < CONTRACTS_AT_ONCE
            && let Some(chosen) = self.fetch(draft)?
        {
            let lines = chosen.lines;
            let group = files.stored(lines.file).map_or(0, |file| file.groups_of(lines.first_row, lines.rows).start);
            if place.is_some_and(|place| place != (lines.file, group)) {
                if sheaves.len() + 1 == at_once {
                    self.ahead.push(chosen);
                    break;
                }
                sheaves.push(take(&mut sheaf));
            }
            place = Some((lines.file, group));
            sheaf.push(chosen);
            count += 1;
        }
        if count == 0 {
            return Ok(None);
        }
        sheaves.push(sheaf);
        // one look at the register for all of them
        let sheaves = book.register.read(|register| {
            let touched = |chosen: Chosen| self.selection.touched(register, chosen).transpose();
            let sheaf =
                |sheaf: Vec<Chosen>| sheaf.into_iter().filter_map(touched).collect::<rusqlite::Result<Vec<_>>>();
            sheaves.into_iter().map(sheaf).collect::<rusqlite::Result<_>>()
        });
        sheaves.map(Some)
    }

    fn fetch(&mut self, draft: &StagingDb) -> Result<Option<Chosen>, Error> {
        if self.ahead.is_empty() {
            let query = "SELECT contract, stood, file, first_row, rows FROM chosen
                         WHERE (file, first_row, contract) > (?1, ?2, ?3) AND stood >= ?4
                         ORDER BY file, first_row, contract LIMIT ?5";
            let Chosen { contract, lines: Segment { file, first_row, .. }, .. } = self.last;
            self.ahead = draft.read(|draft| {
                draft
                    .prepare_cached(query)?
                    .query_map(params![file, first_row, contract, self.stood_from, CONTRACTS_AT_ONCE], |row| {
                        let lines = Segment { file: row.get(2)?, first_row: row.get(3)?, rows: row.get(4)? };
                        Ok(Chosen { contract: row.get(0)?, before: row.get(1)?, lines })
                    })?
                    .collect::<rusqlite::Result<_>>()
            })?;
            self.ahead.reverse();
        }
        let next = self.ahead.pop();
        if let Some(chosen) = next {
            self.last = chosen;
        }
        Ok(next)
    }
}
