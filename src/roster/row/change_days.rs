//! The days of a row of a list of changes: from the cells, the title above the row, and the whole list.
//!
//! | action | the day from which it counts | the last day of cover |
//! |---|---|---|
//! | join | day of change, first day | last day, day of detachment |
//! | leave | day of change, the day after the last day, day of detachment | – |
//! | change | day of change, first day | compared with the book |
//! | correct | the insured's first day (`I33`) | compared with the book |
//!
//! Days of one row that differ are a fault (`I25`, `I26`); a first or last day that an action does not use is compared with the book.

use jiff::civil::Date;

use crate::base::calendar::{Period, format_day};
use crate::base::diagnostic::Code;
use crate::base::messages::Message;
use crate::roster::field::Field;
use crate::roster::row::RowReader;
use crate::roster::spec::DetachDay;
use crate::roster::value::{Action, StatedDays};
use crate::table::cell::Row;
use crate::table::cell_faults::formula_fault;

/// The days of a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct ChangeDays {
    /// From the day on which the change counts to the last day of cover.
    pub cover: Period,
    /// The stated first and last day of cover that the action does not use.
    pub stated: [Option<Date>; 2],
}

/// The days in the cells of a row.
struct CellDays {
    change: Option<Date>,
    start: Option<Date>,
    end: Option<Date>,
    detached: Option<Date>,
}

/// The first of some days, if all of them are the same.
fn only(days: impl IntoIterator<Item = Option<Date>>) -> Result<Option<Date>, ()> {
    let mut days = days.into_iter().flatten();
    let first = days.next();
    if days.all(|day| Some(day) == first) { Ok(first) } else { Err(()) }
}

fn day_after(day: Option<Date>) -> Option<Date> {
    day.and_then(|day| day.tomorrow().ok())
}

fn day_before(day: Option<Date>) -> Option<Date> {
    day.and_then(|day| day.yesterday().ok())
}

impl RowReader<'_> {
    /// The days of a row with this action and the days in the cell of the action; `None` where they are faulty.
    pub(super) fn change_days(
        &mut self,
        row: &(impl Row + ?Sized),
        action: Option<Action>,
        beside: StatedDays,
    ) -> Option<ChangeDays> {
        let cells = self.cell_days(row)?;
        let action = action?;
        if beside.is_unclear {
            self.report(Code::BadCoverDates, row, Field::Action, Message::new("change-day-unclear"));
            return None;
        }
        let heading = self.detach_heading.clone();
        let detached = self.first_without_cover(row, cells.detached, &heading)?;
        let detached_beside = self.first_without_cover(row, beside.detached, &heading)?;
        let title = self.section.days;
        let whole = self.spec.period;
        match action {
            Action::Join => {
                let first = only([cells.change, cells.start, beside.from]);
                let last = only([cells.end, beside.last, day_before(detached), day_before(detached_beside)]);
                let (first, last) = self.same_days(row, first, last)?;
                let first = self.first_day(row, first, [title.from, self.named_days.from])?;
                let last = last.or(title.last).unwrap_or(whole.last());
                Some(ChangeDays { cover: self.period(row, first, last)?, stated: [None; 2] })
            }
            Action::Leave => {
                let own = [cells.change, day_after(cells.end), detached, beside.from, day_after(beside.last)];
                let own = only(own.into_iter().chain([detached_beside]));
                let (own, _) = self.same_days(row, own, Ok(None))?;
                if own.is_none()
                    && cells.start.is_some()
                    && self.spec.changes.on.is_none()
                    && title.is_empty()
                    && self.named_days.is_empty()
                {
                    self.report(Code::BadCoverDates, row, Field::Start, Message::new("leaver-start-alone"));
                    return None;
                }
                let of_title = if own.is_some() {
                    None
                } else {
                    let heading = self.section.text.clone();
                    let detached = self.first_without_cover(row, title.detached, &heading)?;
                    self.same_days(row, only([title.from, day_after(title.last), detached]), Ok(None))?.0
                };
                let of_name = self.named_days.from.or(day_after(self.named_days.last));
                let first = self.first_day(row, own, [of_title, of_name])?;
                let stated = cells.start.filter(|start| *start != first);
                Some(ChangeDays { cover: self.period(row, first, whole.last())?, stated: [stated, None] })
            }
            Action::ChangePlan | Action::Change => {
                let first = only([cells.change, cells.start, beside.from]);
                let last = only([cells.end, beside.last, day_before(detached), day_before(detached_beside)]);
                let (first, last) = self.same_days(row, first, last)?;
                let first = self.first_day(row, first, [title.from, self.named_days.from])?;
                Some(ChangeDays { cover: self.period(row, first, whole.last())?, stated: [None, last.or(title.last)] })
            }
            Action::Correct => {
                if cells.change.is_some() || beside.from.is_some() {
                    self.report(Code::CorrectionDay, row, Field::ChangeDay, Message::new("correction-day"));
                }
                Some(ChangeDays { cover: whole, stated: [cells.start, cells.end.or(day_before(detached))] })
            }
        }
    }

    /// The days in the cells of a row; both days of cover may stand in one cell.
    fn cell_days(&mut self, row: &(impl Row + ?Sized)) -> Option<CellDays> {
        let (change, start) = (self.day_in(row, Field::ChangeDay), self.day_in(row, Field::Start));
        let (end, detached) = (self.day_in(row, Field::End), self.day_in(row, Field::DetachDay));
        let Ok(in_one_cell) = self.days_in_one_cell(row) else {
            let fault = formula_fault(self.columns.cell(row, Field::CoverPeriod));
            let message = fault.unwrap_or(Message::new("bad-cover-period"));
            self.report(Code::BadCoverDates, row, Field::CoverPeriod, message);
            return None;
        };
        let (start, end) = (only([start?, in_one_cell.0]), only([end?, in_one_cell.1]));
        let (Ok(start), Ok(end)) = (start, end) else {
            self.report(Code::BadCoverDates, row, Field::CoverPeriod, Message::new("cover-period-differs"));
            return None;
        };
        Some(CellDays { change: change?, start, end, detached: detached? })
    }

    /// The days where all that a row states are the same; otherwise reports them.
    fn same_days(
        &mut self,
        row: &(impl Row + ?Sized),
        first: Result<Option<Date>, ()>,
        last: Result<Option<Date>, ()>,
    ) -> Option<(Option<Date>, Option<Date>)> {
        let (Ok(first), Ok(last)) = (first, last) else {
            let field = self.day_field(row, [Field::End, Field::DetachDay, Field::Start, Field::ChangeDay]);
            self.report(Code::BadCoverDates, row, field, Message::new("change-days-differ"));
            return None;
        };
        Some((first, last))
    }

    /// The day from which a change counts: the row's own, that of its title, or that of the whole list.
    fn first_day(
        &mut self,
        row: &(impl Row + ?Sized),
        own: Option<Date>,
        [of_title, of_name]: [Option<Date>; 2],
    ) -> Option<Date> {
        if let Some(own) = own {
            return Some(own);
        }
        if self.section.days.is_unclear {
            self.report(Code::BadCoverDates, row, Field::ChangeDay, Message::new("title-day-unclear"));
            return None;
        }
        let ordered = self.spec.changes.on;
        // the day of a title without an action, or in a name, may be another one
        let is_doubted = of_title.is_none() || !self.section.is_certain;
        let stated = of_title.or(of_name);
        if let (Some(stated), Some(on), true) = (stated, ordered, is_doubted)
            && stated != on
        {
            let message = Message::new("title-day-differs").with("stated", stated).with("on", on);
            self.report(Code::BadCoverDates, row, Field::ChangeDay, message);
            return None;
        }
        let found = stated.or(ordered);
        if found.is_none() {
            self.report(Code::BadCoverDates, row, Field::ChangeDay, Message::new("change-day-missing"));
        }
        found
    }

    fn period(&mut self, row: &(impl Row + ?Sized), first: Date, last: Date) -> Option<Period> {
        let whole = self.spec.period;
        if whole.contains(first) && whole.contains(last) {
            let period = Period::new(first, last);
            if period.is_none() {
                self.report(Code::BadCoverDates, row, Field::End, Message::new("cover-dates-order"));
            }
            return period;
        }
        let message = Message::new("cover-dates-outside").with("start", format_day(whole.first()));
        let field = self.day_field(row, [Field::ChangeDay, Field::Start, Field::End, Field::DetachDay]);
        self.report(Code::BadCoverDates, row, field, message.with("end", format_day(whole.last())));
        None
    }

    /// The first of some fields of days that a row fills.
    fn day_field(&self, row: &(impl Row + ?Sized), fields: [Field; 4]) -> Field {
        let is_filled = |field: &Field| !self.columns.cell(row, *field).is_empty();
        fields.into_iter().find(is_filled).unwrap_or(Field::ChangeDay)
    }

    /// The first day without cover by a day of detachment, which has two readings until the contract or the user names one.
    #[expect(clippy::option_option, reason = "the outer is whether the day is readable")]
    fn first_without_cover(
        &mut self,
        row: &(impl Row + ?Sized),
        detached: Option<Date>,
        heading: &str,
    ) -> Option<Option<Date>> {
        let Some(day) = detached else { return Some(None) };
        match self.spec.changes.detach_day {
            Some(DetachDay::Last) => Some(day.tomorrow().ok()),
            Some(DetachDay::FirstWithoutCover) => Some(Some(day)),
            None => {
                let before = day.yesterday().unwrap_or(day);
                let message = Message::new("detach-day-open")
                    .with("heading", heading)
                    .with("last", format_day(day))
                    .with("first", format_day(before));
                self.report(Code::BadCoverDates, row, Field::DetachDay, message);
                None
            }
        }
    }
}
