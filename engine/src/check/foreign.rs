//! Every verdict on a history from elsewhere, each with what shows it.
//!
//! Which judge speaks depends on what the history is: registers whose writes all differ are
//! judged by their zones and by causal order, everything else by the general search. Invariants:
//! what one guarantee implies of another is used, never contradicted; a guarantee that makes no
//! sense for the model has no verdict; past the budget the verdict is unknown.

use crate::check::causal;
use crate::check::search::{self, Budget, Found};
use crate::check::{Property, zones};
use crate::history::foreign::{Foreign, Kind};
use crate::turns::{Turn, at_once};

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

/// How far the judges go.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub search: Budget,
    /// Operations that the causal judges take.
    pub causal: usize,
}

/// What the command line spends.
pub const WHOLE: Limits = Limits {
    search: Budget {
        steps: 30_000_000,
        sequential: 2_000_000,
        states: 6_000_000,
    },
    causal: 2_500,
};

const SPENT: &str = "the search was cut short";
const LONG: &str = "the history is too long for the causal judges";
const REPEATED: &str = "a value is written twice to one key, so nobody can tell who read which";

const CAUSAL: [Property; 3] = [
    Property::Causal,
    Property::CausalConvergence,
    Property::CausalMemory,
];
const SESSIONS: [Property; 4] = [
    Property::ReadYourWrites,
    Property::MonotonicReads,
    Property::MonotonicWrites,
    Property::WritesFollowReads,
];

/// What can be asked of a history of this kind, in a fixed order.
pub fn properties(kind: Kind) -> Vec<Property> {
    let mut all = vec![Property::Linearizable, Property::Sequential];
    if is_registers(kind) {
        all.extend(CAUSAL.into_iter().chain(SESSIONS));
    }
    all
}

fn is_registers(kind: Kind) -> bool {
    matches!(kind, Kind::Register | Kind::MultiKey)
}

/// Every verdict that makes sense for the history's model, in a fixed order.
pub fn judge(history: &Foreign) -> Vec<(Property, Judged)> {
    let mut all = Vec::new();
    at_once(async |turn: Turn| {
        let mut tell = |property, judged| all.push((property, judged));
        judge_in_turns(history, &WHOLE, &turn, &mut tell).await;
    });
    all.sort_by_key(|(property, _)| *property);
    all
}

/// The same in turns: each verdict is told as soon as it is known, the costliest last.
pub async fn judge_in_turns(
    history: &Foreign,
    limits: &Limits,
    turn: &Turn,
    tell: &mut impl FnMut(Property, Judged),
) {
    turn.spend(history.entries.len() as u64).await;
    let linearizable = linearizable(history, limits, turn).await;
    tell(Property::Linearizable, linearizable.clone());
    turn.spend(history.entries.len() as u64).await;
    let mut broken = None;
    if is_registers(history.kind) {
        for (property, judged) in causal_family(history, limits, turn).await {
            if let (None, Judged::Violated(places)) = (&broken, &judged) {
                broken = Some(places.clone());
            }
            tell(property, judged);
        }
    }
    let sequential = match (linearizable, broken) {
        (Judged::Holds, _) => Judged::Holds,
        // Whoever keeps one order for all keeps the causal ones and all that they imply.
        (_, Some(places)) => Judged::Violated(places),
        _ => found(search::sequential(history, &limits.search, turn).await),
    };
    tell(Property::Sequential, sequential);
}

/// The first of them alone.
pub async fn linearizable(history: &Foreign, limits: &Limits, turn: &Turn) -> Judged {
    if !zones::fits(history) {
        return found(search::linearizable(history, &limits.search, turn).await);
    }
    match zones::violation(history, turn).await {
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

async fn causal_family(history: &Foreign, limits: &Limits, turn: &Turn) -> Vec<(Property, Judged)> {
    let unknown = match (zones::fits(history), history.entries.len()) {
        (false, _) => Some(REPEATED),
        (_, length) if length > limits.causal => Some(LONG),
        _ => None,
    };
    if let Some(why) = unknown {
        let all = CAUSAL.into_iter().chain(SESSIONS);
        return all
            .map(|property| (property, Judged::Unknown(why)))
            .collect();
    }
    let judged = causal::judge(history, turn).await;
    let verdict = |bad: causal::Bad, tested: bool| match bad {
        Some((one, other)) if one == other => Judged::Violated(vec![one]),
        Some((one, other)) => Judged::Violated(vec![one, other]),
        None if tested => Judged::Holds,
        None => Judged::Untested,
    };
    let variants = [judged.causal, judged.convergence, judged.memory];
    let mut all = Vec::new();
    for (property, bad) in CAUSAL.into_iter().zip(variants) {
        all.push((property, verdict(bad, true)));
    }
    for (nth, property) in SESSIONS.into_iter().enumerate() {
        all.push((property, verdict(judged.sessions[nth], judged.tested[nth])));
    }
    all
}
