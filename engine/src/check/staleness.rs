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

use crate::check::{Verdict, Witness};
use crate::history::{Answer, History, Log, OpId, Outcome, ReplicaLog, ServiceId, Version};
use crate::order;
use crate::time::{SimDuration, SimTime};

/// One answered view, measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewAge {
    pub op: OpId,
    /// The service that answered.
    pub from: ServiceId,
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
    /// When it came out, and by whose answer: its own confirmation or the view that showed it.
    pub out_at: SimTime,
    pub by: OpId,
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

    /// The pair that proves a stale view: the view, and the missed write that came out first.
    pub fn witness(&self) -> Option<Witness> {
        self.earliest.map(|missed| Witness {
            at: self.ended,
            op: self.op,
            version: missed.version,
            because: missed.by,
            replica: self.from,
        })
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

/// A write's coming out: when, and by whose answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Out {
    pub at: SimTime,
    /// The write itself, confirmed, or the first view that showed it.
    pub by: OpId,
}

/// The highest version that counts. Those far beyond all that Service 1 can have given are
/// nonsense, count as one, and cost no memory.
pub(super) fn highest(history: &History, commits: usize) -> usize {
    let mut highest = commits;
    for operation in &history.operations {
        let version = match &operation.outcome {
            Outcome::Ok {
                answer: Answer::Done(version),
                ..
            } => *version,
            Outcome::Ok {
                answer: Answer::Shown(seen),
                ..
            } => seen
                .log
                .rest()
                .iter()
                .copied()
                .fold(seen.log.prefix(), Version::max),
            _ => continue,
        };
        highest = highest.max(version.0 as usize);
    }
    highest.min(4 * (commits + history.operations.len()) + 100)
}

/// How each version came out, by version; `None` for those that never did.
pub fn out_times(history: &History, replicas: &ReplicaLog) -> Vec<Option<Out>> {
    let mut out: Vec<Option<Out>> = vec![None; highest(history, replicas.writes.len()) + 1];
    let mut earlier = |version: Version, new: Out| {
        let known = out.get_mut(version.0 as usize);
        if let Some(known) = known.filter(|_| version > Version(0)) {
            *known = Some(known.filter(|old| old.at <= new.at).unwrap_or(new));
        }
    };
    let mut views = Vec::new();
    for (place, operation) in history.operations.iter().enumerate() {
        if let Outcome::Ok { at, answer } = &operation.outcome {
            match answer {
                Answer::Done(version) => {
                    let by = OpId(place as u32);
                    earlier(*version, Out { at: *at, by });
                }
                Answer::Shown(_) => views.push((at.0, place)),
            }
        }
    }
    order::sort(&mut views);
    let mut shown = 0;
    for (at, place) in views {
        let Some(seen) = history.operations[place].seen() else {
            continue;
        };
        let (at, by) = (SimTime(at), OpId(place as u32));
        let prefix = seen.log.prefix().0;
        let fresh = (shown + 1..=prefix).map(Version);
        for version in fresh.chain(seen.log.rest().iter().copied()) {
            earlier(version, Out { at, by });
        }
        shown = shown.max(prefix);
    }
    out
}

/// Every answered view, in order of call: one sweep through time, so that a run of any length
/// costs little more than its length where copies apply in order.
pub fn views(history: &History, replicas: &ReplicaLog) -> Vec<ViewAge> {
    let out = out_times(history, replicas);
    let mut came: Vec<(u64, usize)> = Vec::with_capacity(out.len());
    came.extend(
        (0..)
            .zip(&out)
            .filter_map(|(v, out)| Some(((*out)?.at.0, v))),
    );
    order::sort(&mut came);
    let first_out = came.first().map(|(at, _)| SimTime(*at));
    let firsts = first_above(&out);
    let mut known = Counts(vec![0; out.len()]);
    let (mut count, mut ages) = (0, Vec::new());
    for (place, operation) in history.operations.iter().enumerate() {
        let (Some(seen), Some(ended)) = (operation.seen(), operation.ended()) else {
            continue;
        };
        while let Some((_, version)) = came.get(count).filter(|(at, _)| *at < operation.call.0) {
            known.add(*version);
            count += 1;
        }
        let call = operation.call;
        let mut age = ViewAge {
            op: OpId(place as u32),
            from: operation.to,
            call,
            ended,
            out: count as u32,
            first_out: first_out.filter(|_| count > 0),
            missed: count as u32 - known.up_to(seen.log.prefix().0 as usize),
            earliest: None,
        };
        if age.missed > 0 {
            look_beyond(&mut age, &seen.log, &out, &firsts);
        }
        ages.push(age);
    }
    ages
}

/// What a view misses beyond its log's prefix: all that was out, but for the rest of the log.
fn look_beyond(age: &mut ViewAge, log: &Log, out: &[Option<Out>], firsts: &[u32]) {
    let mut rest: Vec<(u64, usize)> = log.rest().iter().map(|v| (v.0.into(), 0)).collect();
    order::sort(&mut rest);
    let before = |version: usize| out.get(version)?.filter(|out| out.at < age.call);
    let mut earliest: Option<Missed> = None;
    let mut miss = |version: usize| {
        if let Some(Out { at, by }) = before(version)
            && earliest.is_none_or(|missed| at < missed.out_at)
        {
            let version = Version(version as u32);
            earliest = Some(Missed {
                version,
                out_at: at,
                by,
            });
        }
    };
    let (mut next, mut held) = (log.prefix().0 as usize + 1, 0);
    for (version, _) in rest {
        let version = version as usize;
        if version < next {
            continue;
        }
        (next..version.min(out.len())).for_each(&mut miss);
        held += u32::from(before(version).is_some());
        next = version + 1;
    }
    if let Some(first) = firsts.get(next) {
        miss(*first as usize);
    }
    age.missed -= held;
    age.earliest = earliest;
}

/// For each version the one, from it upwards, that came out first.
fn first_above(out: &[Option<Out>]) -> Vec<u32> {
    let mut firsts: Vec<u32> = (0..out.len() as u32).collect();
    for version in (1..out.len().saturating_sub(1)).rev() {
        let at = |version: u32| out[version as usize].map_or(u64::MAX, |out| out.at.0);
        let above = firsts[version + 1];
        if at(above) < at(version as u32) {
            firsts[version] = above;
        }
    }
    firsts
}

/// How many versions up to one were counted: a Fenwick tree (Fenwick 1994), a few steps each.
struct Counts(Vec<u32>);

impl Counts {
    fn add(&mut self, mut version: usize) {
        while version > 0 && version < self.0.len() {
            self.0[version] += 1;
            version += version & version.wrapping_neg();
        }
    }

    fn up_to(&self, version: usize) -> u32 {
        let (mut version, mut count) = (version.min(self.0.len() - 1), 0);
        while version > 0 {
            count += self.0[version];
            version &= version - 1;
        }
        count
    }
}

/// Every write and copy, in order of version and then of copy.
pub fn windows(history: &History, replicas: &ReplicaLog) -> Vec<Window> {
    let copies = usize::from(replicas.copies);
    let mut applied = vec![None; (replicas.writes.len() + 1) * (copies + 2)];
    let mut committed: Vec<Option<SimTime>> = vec![None; replicas.writes.len() + 1];
    for apply in &replicas.applied {
        let (row, copy) = (apply.version.0 as usize, usize::from(apply.replica.0));
        if copy < copies + 2 && row <= replicas.writes.len() {
            let first = &mut applied[row * (copies + 2) + copy];
            *first = first.or(Some(apply.at));
            committed[row] = committed[row].or(Some(apply.at));
        }
    }
    let mut windows = Vec::with_capacity(replicas.writes.len() * copies);
    for (place, op) in replicas.writes.iter().enumerate() {
        let version = Version(place as u32 + 1);
        let row = &applied[version.0 as usize * (copies + 2)..][..copies + 2];
        let confirmed = match history.operations.get(op.0 as usize).map(|o| &o.outcome) {
            Some(Outcome::Ok {
                at,
                answer: Answer::Done(_),
            }) => Some(*at),
            _ => None,
        };
        let Some(committed) = committed[place + 1] else {
            continue;
        };
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

/// No view is more out of date than the bound. A chance is a view begun more than the bound
/// after a write came out.
pub fn bounded(views: &[ViewAge], bound: SimDuration, now: SimTime) -> Verdict {
    let (mut chances, mut broken): (u32, Option<&ViewAge>) = (0, None);
    for view in views.iter().filter(|view| view.ended <= now) {
        let chance = view.first_out.is_some_and(|at| view.call.since(at) > bound);
        chances += u32::from(chance);
        if view.stale() > bound && broken.is_none_or(|first| view.ended < first.ended) {
            broken = Some(view);
        }
    }
    match (broken.and_then(ViewAge::witness), chances) {
        (Some(witness), _) => Verdict::Violated(witness),
        (None, 0) => Verdict::Untested,
        (None, chances) => Verdict::Holds { chances },
    }
}
