//! What the shoppers could notice, up to a moment, as rows for the screen.
//!
//! Invariant: a row says only what a judge said; praise is always "in this run".

use crate::check::{Property, Verdict};
use crate::history::ServiceId;
use crate::time::SimTime;
use crate::view::Show;
use crate::view::words::verdicts as words;

/// One promise and how it fared so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// `holds`, `untested`, `broken` or `not-yet`: the sign and the colour.
    pub state: &'static str,
    /// The promise as a sentence, and the field's term for it.
    pub title: &'static str,
    pub term: &'static str,
    pub word: &'static str,
    pub sentence: String,
    /// The moment at which it broke.
    pub broke_at: Option<SimTime>,
}

/// The rows of this run, as known at `now`.
pub fn rows(show: &Show, now: SimTime) -> Vec<Row> {
    let properties = [Property::Fresh, Property::Converges];
    properties.map(|property| row(show, property, now)).to_vec()
}

fn row(show: &Show, property: Property, now: SimTime) -> Row {
    let verdict = show.run.verdict(property, now);
    let (title, term) = words::title(property);
    let broke_at = match verdict {
        Verdict::Violated(witness) => Some(witness.at),
        _ => None,
    };
    let sentence = match property {
        Property::Fresh => words::fresh(show, verdict, now),
        _ => words::converges(show, verdict, &lagging(show, now)),
    };
    Row {
        state: state(verdict),
        title,
        term,
        word: words::word(verdict),
        sentence,
        broke_at,
    }
}

/// The name of a verdict's look.
pub fn state(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds { .. } => "holds",
        Verdict::Untested => "untested",
        Verdict::Violated(_) => "broken",
        Verdict::NotYet => "not-yet",
        Verdict::Unknown(_) => "unknown",
    }
}

/// The copies that do not have everything that Service 1 has committed.
fn lagging(show: &Show, now: SimTime) -> Vec<ServiceId> {
    let short = |copy: &ServiceId| {
        show.run.report.windows.iter().any(|window| {
            window.replica == *copy
                && window.committed <= now
                && window.applied.is_none_or(|applied| applied > now)
        })
    };
    show.scenario.config.copies().filter(short).collect()
}
