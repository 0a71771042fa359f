//! What the shoppers could notice, up to a moment, as rows for the screen.
//!
//! Invariant: a row says only what a judge said; praise is always "in this run".

use crate::check::{Property, Verdict, Why, Witness};
use crate::history::ServiceId;
use crate::run;
use crate::time::SimTime;
use crate::view::Show;
use crate::view::words::verdicts as words;

/// One promise and how it fared so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub property: Property,
    /// `holds`, `untested`, `broken`, `not-yet`, `unknown`, or `number` where there is nothing to
    /// judge: the sign and the colour.
    pub state: &'static str,
    /// The promise as a sentence, and the field's term for it.
    pub title: &'static str,
    pub term: &'static str,
    pub word: &'static str,
    pub sentence: String,
    /// What shows that it is broken.
    pub witness: Option<Witness>,
}

/// What the shop itself owes: shown where a run can say something of it.
const SHOP: [Property; 2] = [Property::NeverOversold, Property::NoLostUpdates];

/// What a first visit sees.
const FIRST: [Property; 2] = [Property::Fresh, Property::Converges];

/// The rest of the list; the causal family stands on the map alone.
pub const MORE: [Property; 9] = [
    Property::Linearizable,
    Property::ReadYourWrites,
    Property::MonotonicReads,
    Property::MonotonicWrites,
    Property::WritesFollowReads,
    Property::ConsistentPrefix,
    Property::Sequential,
    Property::NoLostWrites,
    Property::BoundedStaleness,
];

/// The promises that matter first in these runs.
pub fn first(shows: &[&Show]) -> Vec<Property> {
    let sold = |show: &&Show| !show.scenario.config.stock.is_empty();
    let tested =
        |show: &&Show, property| show.run.verdict(property, show.run.end()) != Verdict::Untested;
    let says = |property: &Property| match property {
        Property::NeverOversold => shows.iter().any(sold),
        _ => shows.iter().any(|show| tested(show, *property)),
    };
    SHOP.into_iter().filter(says).chain(FIRST).collect()
}

/// How they fared, as known at `now`.
pub fn rows(show: &Show, now: SimTime) -> Vec<Row> {
    let matter = first(&[show]).into_iter();
    matter.map(|property| row(show, property, now)).collect()
}

/// How this promise of the run fared, as known at `now`.
pub fn row(show: &Show, property: Property, now: SimTime) -> Row {
    let mut row = seen(show, property, now);
    let safe = run::safe(property, &show.scenario);
    if let Some(safe) = safe.filter(|_| row.witness.is_none()) {
        row.sentence.push_str(words::safe(safe));
    }
    row
}

/// The same by what was seen alone, without what the shop is built to keep.
pub fn seen(show: &Show, property: Property, now: SimTime) -> Row {
    let verdict = show.run.verdict(property, now);
    let (title, term) = words::title(property);
    let witness = match verdict {
        Verdict::Violated(witness) => Some(witness),
        _ => None,
    };
    let sentence = match property {
        Property::Converges => words::converges(show, verdict, &lagging(show, now)),
        Property::Fresh | Property::BoundedStaleness => words::fresh(show, property, verdict, now),
        _ => words::sentence(show, property, verdict, now),
    };
    Row {
        property,
        state: state(verdict),
        title,
        term,
        word: words::word(verdict),
        sentence,
        witness,
    }
}

/// The first moment of the run at which any promise breaks.
pub fn first_breach(show: &Show) -> Option<SimTime> {
    let all = first(&[show]).into_iter().chain(MORE);
    let breaks = all.filter_map(|property| {
        let Verdict::Violated(witness) = show.run.verdict(property, show.run.end()) else {
            return None;
        };
        Some(witness.at)
    });
    breaks.min()
}

/// The name of a verdict's look.
pub fn state(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds { .. } => "holds",
        Verdict::Untested => "untested",
        Verdict::Violated(_) => "broken",
        Verdict::NotYet => "not-yet",
        Verdict::Unknown(Why::NoBound) => "number",
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
    let leader = show.run.replicas.leader(now);
    let copies = show.scenario.config.copies();
    copies
        .filter(|copy| *copy != leader && short(copy))
        .collect()
}
