//! The list of events: the same story as the picture, a row for each record that tells something.
//!
//! Invariant: rows stand in order of time, and words are made only for the rows that are asked
//! for, so that a run of a million records costs one pass.

use crate::sim::trace::{Record, RecordId, TraceEvent};
use crate::time::SimTime;
use crate::view::Show;
use crate::view::words::{ledger as words, timeline};

/// A cause further back than this is no help.
const FURTHEST: usize = 8;

/// One row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    pub at: SimTime,
    pub record: Option<RecordId>,
    pub who: String,
    pub text: String,
    pub kind: &'static str,
    /// The row that made this one happen.
    pub cause: Option<RecordId>,
    /// It, in words.
    pub because: Option<String>,
}

/// The first rows of the run, at most this many.
pub fn entries(show: &Show, limit: usize) -> Vec<Entry> {
    let records = show.run.trace.records.iter().enumerate();
    let ids = records.map(|(nth, _)| RecordId(nth as u32));
    ids.filter_map(|id| entry(show, id)).take(limit).collect()
}

/// The whole list as a text, a line a row.
pub fn story(show: &Show) -> String {
    let mut out = String::new();
    for entry in entries(show, usize::MAX) {
        let at = crate::view::words::time(entry.at);
        out.push_str(&format!("{at:>10}  {} {}\n", entry.who, entry.text));
    }
    out
}

/// Every record that has a row.
pub fn rows(show: &Show) -> Vec<RecordId> {
    let records = show.run.trace.records.iter().enumerate();
    let told = records.filter(|(_, record)| kind(show, record).is_some());
    told.map(|(nth, _)| RecordId(nth as u32)).collect()
}

/// The row of this record, if it has one.
pub fn entry(show: &Show, id: RecordId) -> Option<Entry> {
    let record = show.run.trace.records.get(id.0 as usize)?;
    let kind = kind(show, record)?;
    let (who, text) = words::line(show, record)?;
    let cause = cause(show, record);
    let because = cause.and_then(|cause| {
        let cause = show.run.trace.records.get(cause.0 as usize)?;
        let (who, text) = words::line(show, cause)?;
        Some(words::because(cause.at, &who, &text))
    });
    Some(Entry {
        at: record.at,
        record: Some(id),
        who,
        text,
        kind,
        cause,
        because,
    })
}

/// The nearest cause that has a row.
fn cause(show: &Show, record: &Record) -> Option<RecordId> {
    let records = &show.run.trace.records;
    let mut cause = record.cause;
    for _ in 0..FURTHEST {
        let record = records.get(cause.0 as usize)?;
        if kind(show, record).is_some() {
            return Some(cause);
        }
        cause = record.cause;
    }
    None
}

/// What kind of row a record has, if any; exactly where there are words for it.
fn kind(show: &Show, record: &Record) -> Option<&'static str> {
    use crate::sim::trace::Message::{Ack, Replicate};
    let trace = &show.run.trace;
    Some(match record.event {
        TraceEvent::Called(_) => "called",
        TraceEvent::Queued(_) | TraceEvent::Resting(_) => "wait",
        TraceEvent::Applied(..) => "applied",
        TraceEvent::Read(..) => "read",
        TraceEvent::Held(_) => "held",
        TraceEvent::Sent(id) => {
            matches!(trace.message(id).message, Replicate(_)).then_some("sent")?
        }
        TraceEvent::Delivered(id) => {
            matches!(trace.message(id).message, Ack(_)).then_some("heard")?
        }
        TraceEvent::Duplicate(_) | TraceEvent::Early(_) => "update",
        TraceEvent::Ended(op, _) => match timeline::age(show, op) {
            Some(age) if age.is_stale() => "stale",
            _ => "ended",
        },
        TraceEvent::ModeChanged(_) => "mode",
        TraceEvent::LimitReached(_) => "limit",
        TraceEvent::Fired(_) | TraceEvent::Rested(_) | TraceEvent::Began(..) => return None,
        _ => "trouble",
    })
}

/// Which rows to show: at most `most` of `total`, around the one at `current`.
pub fn around(total: usize, current: usize, most: usize) -> std::ops::Range<usize> {
    let from = current
        .saturating_sub(most / 2)
        .min(total.saturating_sub(most));
    from..(from + most).min(total)
}
