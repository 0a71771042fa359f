//! Every verdict on a history from elsewhere, each with what shows it.
//!
//! Which judge speaks depends on what the history is: registers whose writes all differ are
//! judged by their zones and by causal order, everything else by the general search. Invariants:
//! what one guarantee implies of another is used, never contradicted; a guarantee that makes no
//! sense for the model has no verdict; past the budget the verdict is unknown.

use crate::check::causal;
use crate::check::search::{self, Found};
use crate::check::{Property, zones};
use crate::history::foreign::{Foreign, Kind};

/// A verdict on a history from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    Holds,
    /// By the places of the operations that show it.
    Violated(Vec<usize>),
    Untested,
    Unknown(&'static str),
}

impl Judged {
    /// Its word in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Judged::Holds => "holds",
            Judged::Violated(_) => "violated",
            Judged::Untested => "untested",
            Judged::Unknown(_) => "unknown",
        }
    }
}

/// Steps of the search for a sequential order.
const SEQUENTIAL: u64 = 2_000_000;
const SPENT: &str = "the search was cut short";
const LONG: &str = "the history is too long for the causal judges";
const REPEATED: &str = "a value is written twice to one key, so nobody can tell who read which";

/// Every verdict that makes sense for the history's model, in a fixed order.
pub fn judge(history: &Foreign) -> Vec<(Property, Judged)> {
    let linearizable = linearizable(history);
    let registers = matches!(history.kind, Kind::Register | Kind::MultiKey);
    let mut verdicts = Vec::new();
    let mut causal_broken = None;
    if registers {
        verdicts = causal_family(history);
        causal_broken = verdicts.iter().find_map(|(_, judged)| match judged {
            Judged::Violated(places) => Some(places.clone()),
            _ => None,
        });
    }
    let sequential = match (&linearizable, causal_broken) {
        (Judged::Holds, _) => Judged::Holds,
        // Whoever keeps one order for all keeps the causal ones and all that they imply.
        (_, Some(places)) => Judged::Violated(places),
        _ => found(search::sequential(history, SEQUENTIAL)),
    };
    let mut all = vec![
        (Property::Linearizable, linearizable),
        (Property::Sequential, sequential),
    ];
    all.append(&mut verdicts);
    all
}

fn linearizable(history: &Foreign) -> Judged {
    if !zones::fits(history) {
        return found(search::linearizable(history));
    }
    match zones::violation(history) {
        None => Judged::Holds,
        Some((one, other)) if one == other => Judged::Violated(vec![one]),
        Some((one, other)) => Judged::Violated(vec![one, other]),
    }
}

fn found(found: Found) -> Judged {
    match found {
        Found::Order => Judged::Holds,
        Found::None(place) => Judged::Violated(vec![place]),
        Found::Spent => Judged::Unknown(SPENT),
    }
}

fn causal_family(history: &Foreign) -> Vec<(Property, Judged)> {
    let causal = [
        Property::Causal,
        Property::CausalConvergence,
        Property::CausalMemory,
    ];
    let sessions = [
        Property::ReadYourWrites,
        Property::MonotonicReads,
        Property::MonotonicWrites,
        Property::WritesFollowReads,
    ];
    let unknown = match (zones::fits(history), history.entries.len()) {
        (false, _) => Some(REPEATED),
        (_, length) if length > causal::MOST => Some(LONG),
        _ => None,
    };
    if let Some(why) = unknown {
        let all = causal.into_iter().chain(sessions);
        return all
            .map(|property| (property, Judged::Unknown(why)))
            .collect();
    }
    let judged = causal::judge(history);
    let verdict = |bad: causal::Bad, tested: bool| match bad {
        Some((one, other)) if one == other => Judged::Violated(vec![one]),
        Some((one, other)) => Judged::Violated(vec![one, other]),
        None if tested => Judged::Holds,
        None => Judged::Untested,
    };
    let variants = [judged.causal, judged.convergence, judged.memory];
    let mut all = Vec::new();
    for (property, bad) in causal.into_iter().zip(variants) {
        all.push((property, verdict(bad, true)));
    }
    for (nth, property) in sessions.into_iter().enumerate() {
        all.push((property, verdict(judged.sessions[nth], judged.tested[nth])));
    }
    all
}
