//! How old the carts were that shoppers were shown, and how long copies lagged behind.
//!
//! ```text
//!   Alice  |--add--|ok          a write is *out* from here: confirmed, or shown to somebody
//!   Bob                |--view--|   misses it: stale by the time since it came out
//! ```
//!
//! A view misses the writes that were out strictly before it began and that its copy's log did
//! not hold. Its staleness counts from the *earliest* of them, so that a copy cut off for an hour
//! does not look 5 ms old. The law that makes this the right count: where all copies apply in
//! order, a run is linearizable exactly when no view is stale (tests/properties.rs).
//!
//! Invariant: only a history and a replica log are looked at, never the mode.

use crate::check::Verdict;
use crate::history::{Answer, History, OpId, Outcome, ReplicaLog, ServiceId, Version};
use crate::order;
use crate::time::{SimDuration, SimTime};

/// One answered view, measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewAge {
    pub op: OpId,
    pub call: SimTime,
    pub ended: SimTime,
    /// How many writes were out before it began: a chance to be stale, if any.
    pub out: u32,
    /// The first of those writes that came out.
    pub first_out: Option<SimTime>,
    /// How many of them the cart misses: the staleness in versions.
    pub missed: u32,
    /// The missed write that came out first.
    pub earliest: Option<Missed>,
}

/// A write that a view should have shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed {
    pub version: Version,
    /// When it came out.
    pub out_at: SimTime,
}

impl ViewAge {
    /// How out of date the view was; zero is fresh.
    pub fn stale(&self) -> SimDuration {
        self.earliest
            .map_or(SimDuration::ZERO, |missed| self.call.since(missed.out_at))
    }

    pub fn is_stale(&self) -> bool {
        self.missed > 0
    }
}

/// One write on its way to one copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub op: OpId,
    pub version: Version,
    pub replica: ServiceId,
    pub committed: SimTime,
    pub confirmed: Option<SimTime>,
    pub applied: Option<SimTime>,
}

impl Window {
    /// From the commit to this copy's apply: replication lag.
    pub fn apart(&self) -> Option<SimDuration> {
        self.applied.map(|applied| applied.since(self.committed))
    }

    /// The part of it after the confirmation; zero if the copy was there before.
    pub fn window(&self) -> Option<SimDuration> {
        let applied = self.applied?;
        Some(
            self.confirmed
                .map_or(SimDuration::ZERO, |confirmed| applied.since(confirmed)),
        )
    }

    /// The part of the window that has passed at `now`, as an interval; empty ones are `None`.
    pub fn so_far(&self, now: SimTime) -> Option<(SimTime, SimTime)> {
        let from = self.confirmed.filter(|confirmed| *confirmed < now)?;
        let to = self.applied.unwrap_or(now).min(now);
        (from < to).then_some((from, to))
    }
}

/// When each version came out, by version; `None` for those that never did.
pub fn out_times(history: &History, replicas: &ReplicaLog) -> Vec<Option<SimTime>> {
    let mut out: Vec<Option<SimTime>> = vec![None; replicas.writes.len() + 1];
    let mut earlier = |version: Version, at: SimTime| {
        let known = &mut out[version.0 as usize];
        *known = Some(known.map_or(at, |before| before.min(at)));
    };
    let mut views = Vec::new();
    for operation in &history.operations {
        match &operation.outcome {
            Outcome::Ok {
                at,
                answer: Answer::Done(version),
            } => earlier(*version, *at),
            Outcome::Ok {
                at,
                answer: Answer::Shown(seen),
            } => views.push((*at, &seen.log)),
            _ => {}
        }
    }
    order::by_key(&mut views, |(at, _)| at.0);
    let mut shown = 0;
    for (at, log) in views {
        let prefix = log.prefix().0;
        (shown + 1..=prefix)
            .map(Version)
            .for_each(|version| earlier(version, at));
        log.rest().iter().for_each(|version| earlier(*version, at));
        shown = shown.max(prefix);
    }
    out
}

/// Every answered view, in order of call.
pub fn views(history: &History, replicas: &ReplicaLog) -> Vec<ViewAge> {
    let out = out_times(history, replicas);
    let operations = history.operations.iter().enumerate();
    let ages = operations.filter_map(|(place, operation)| {
        let (log, ended) = (&operation.seen()?.log, operation.ended()?);
        let mut age = ViewAge {
            op: OpId(place as u32),
            call: operation.call,
            ended,
            out: 0,
            first_out: None,
            missed: 0,
            earliest: None,
        };
        for (version, out_at) in out.iter().enumerate() {
            let Some(out_at) = out_at.filter(|at| *at < operation.call) else {
                continue;
            };
            let version = Version(version as u32);
            age.out += 1;
            age.first_out = Some(age.first_out.map_or(out_at, |first| first.min(out_at)));
            if !log.contains(version) {
                age.missed += 1;
                if age.earliest.is_none_or(|missed| out_at < missed.out_at) {
                    age.earliest = Some(Missed { version, out_at });
                }
            }
        }
        Some(age)
    });
    ages.collect()
}

/// Every write and copy, in order of version and then of copy.
pub fn windows(history: &History, replicas: &ReplicaLog) -> Vec<Window> {
    let copies = usize::from(replicas.copies);
    let mut applied = vec![None; (replicas.writes.len() + 1) * (copies + 2)];
    for apply in &replicas.applied {
        applied[apply.version.0 as usize * (copies + 2) + usize::from(apply.replica.0)] =
            Some(apply.at);
    }
    let mut windows = Vec::with_capacity(replicas.writes.len() * copies);
    for (place, op) in replicas.writes.iter().enumerate() {
        let version = Version(place as u32 + 1);
        let row = &applied[version.0 as usize * (copies + 2)..][..copies + 2];
        let confirmed = match history.operations[op.0 as usize].outcome {
            Outcome::Ok {
                at,
                answer: Answer::Done(_),
            } => Some(at),
            _ => None,
        };
        let Some(committed) = row[1] else { continue };
        for (copy, applied) in row.iter().enumerate().skip(2) {
            windows.push(Window {
                op: *op,
                version,
                replica: ServiceId(copy as u8),
                committed,
                confirmed,
                applied: *applied,
            });
        }
    }
    windows
}

/// How many confirmed versions this copy is short of at `now`.
pub fn behind(windows: &[Window], copy: ServiceId, now: SimTime) -> u32 {
    let short = |w: &&Window| {
        w.replica == copy
            && w.confirmed.is_some_and(|at| at <= now)
            && w.applied.is_none_or(|at| at > now)
    };
    windows.iter().filter(short).count() as u32
}

/// The stretches of time up to `now` in which this copy was behind: the union of its windows.
pub fn behind_spans(windows: &[Window], copy: ServiceId, now: SimTime) -> Vec<(SimTime, SimTime)> {
    union(
        windows
            .iter()
            .filter(|w| w.replica == copy)
            .filter_map(|w| w.so_far(now))
            .collect(),
    )
}

/// The stretches in which this copy and Service 1 differed: the union of commit to apply.
pub fn apart_spans(windows: &[Window], copy: ServiceId, now: SimTime) -> Vec<(SimTime, SimTime)> {
    let spans = windows
        .iter()
        .filter(|w| w.replica == copy && w.committed < now);
    union(
        spans
            .map(|w| (w.committed, w.applied.unwrap_or(now).min(now)))
            .collect(),
    )
}

/// Overlapping and touching spans become one, in order of time.
fn union(mut spans: Vec<(SimTime, SimTime)>) -> Vec<(SimTime, SimTime)> {
    order::by_key(&mut spans, |(from, _)| from.0);
    let mut merged: Vec<(SimTime, SimTime)> = Vec::new();
    for (from, to) in spans {
        match merged.last_mut().filter(|last| from <= last.1) {
            Some(last) => last.1 = last.1.max(to),
            None => merged.push((from, to)),
        }
    }
    merged
}

/// No view is stale. A chance is a view begun when some write was out.
pub fn fresh(views: &[ViewAge], now: SimTime) -> Verdict {
    judge(views, now, |view| view.out > 0, ViewAge::is_stale)
}

/// No view is more out of date than the bound. A chance is a view begun more than the bound
/// after a write came out.
pub fn bounded(views: &[ViewAge], bound: SimDuration, now: SimTime) -> Verdict {
    let chance = |view: &ViewAge| view.first_out.is_some_and(|at| view.call.since(at) > bound);
    judge(views, now, chance, |view| view.stale() > bound)
}

/// A safety verdict over the views answered by `now`: broken when the first bad answer arrives.
fn judge(
    views: &[ViewAge],
    now: SimTime,
    chance: impl Fn(&ViewAge) -> bool,
    broken: impl Fn(&ViewAge) -> bool,
) -> Verdict {
    let known = || views.iter().filter(|view| view.ended <= now);
    if let Some(view) = known()
        .filter(|view| broken(view))
        .min_by_key(|view| view.ended)
    {
        return Verdict::Violated {
            at: view.ended,
            witness: view.op,
        };
    }
    match known().filter(|view| chance(view)).count() {
        0 => Verdict::Untested,
        chances => Verdict::Holds {
            chances: chances as u32,
        },
    }
}
