//! Registers whose writes all differ: linearizability without a search (Gibbons and Korach 1997,
//! "Testing shared memories", section 4).
//!
//! The operations of one value, its write and its reads, are a *cluster*. It must be over before
//! another value is written, so clusters stand in some order. With `f` the earliest end and `s`
//! the latest start in a cluster, one of two clusters has an operation wholly before one of the
//! other exactly when its `f` is before the other's `s`; if that is so both ways, no order exists:
//! ```text
//!   value 1   |--w--| f1                     s1 |--r--|
//!   value 2             |--w--| f2  s2 |--r--|             each was before and after the other
//! ```
//! A zone from `f` to `s` (a *forward* one, `f` before `s`) may overlap no other forward one, and
//! hold no backward one whole. Besides, no value is read before its write begins, or from nowhere.
//!
//! Precondition: [`fits`]. Wrong for the cart, whose writes build on each other. It takes as long
//! as sorting does. Operations at equal times overlap.

use crate::history::foreign::{Asked, Entry, Foreign, Value};
use crate::turns::Turn;

/// The operations of one value of one key.
#[derive(Clone, Copy)]
struct Cluster {
    written: bool,
    /// The write's call.
    call: i64,
    /// The earliest end, and whose; the latest start, and whose.
    f: (i64, usize),
    s: (i64, usize),
    read: bool,
}

/// Whether every value is written at most once to each key, never the first one again, and only
/// reads and writes occur.
pub fn fits(history: &Foreign) -> bool {
    let mut writes = Vec::new();
    for entry in &history.entries {
        match entry.asked {
            Asked::Read(_) => {}
            Asked::Write(value) if value != history.init => writes.push((entry.key, value)),
            _ => return false,
        }
    }
    writes.sort_unstable();
    writes.windows(2).all(|pair| pair[0] != pair[1])
}

/// Two operations that no order explains, by their places; `None` where the history is
/// linearizable.
pub async fn violation(history: &Foreign, turn: &Turn) -> Option<(usize, usize)> {
    let size = history.entries.len() as u64;
    let mut order: Vec<(u32, Value, usize)> = Vec::new();
    for (place, entry) in history.entries.iter().enumerate() {
        if let Asked::Read(value) | Asked::Write(value) = entry.asked {
            order.push((entry.key, value, place));
        }
    }
    turn.spend(size).await;
    order.sort_unstable();
    turn.spend(size).await;
    let mut zones = Vec::new();
    for cluster in order.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (key, value, _) = cluster[0];
        let known = Cluster::of(history, cluster, value == history.init);
        if let Some(read) = known.unwritten(history, cluster) {
            return Some((read, read));
        }
        // A write whose outcome nobody knows, and which nobody saw, need not have happened.
        if known.read || known.f.0 != i64::MAX {
            zones.push((key, known));
        }
    }
    turn.spend(size).await;
    let keys = zones.chunk_by(|a, b| a.0 == b.0);
    keys.filter_map(clash).next()
}

impl Cluster {
    fn of(history: &Foreign, places: &[(u32, Value, usize)], first: bool) -> Cluster {
        // The value that a register begins with was written before everything.
        let ends = match first {
            true => (i64::MIN, places[0].2),
            false => (i64::MAX, places[0].2),
        };
        let mut cluster = Cluster {
            written: first,
            call: i64::MIN,
            f: ends,
            s: (i64::MIN, places[0].2),
            read: false,
        };
        for (_, _, place) in places {
            let entry: &Entry = &history.entries[*place];
            if matches!(entry.asked, Asked::Write(_)) {
                (cluster.written, cluster.call) = (true, entry.call);
            } else {
                cluster.read = true;
            }
            let ret = entry.ret.unwrap_or(i64::MAX);
            cluster.f = cluster.f.min((ret, *place));
            cluster.s = cluster.s.max((entry.call, *place));
        }
        cluster
    }

    /// A read of what nobody wrote, or that ended before its write began.
    fn unwritten(&self, history: &Foreign, places: &[(u32, Value, usize)]) -> Option<usize> {
        let early = |place: &usize| {
            let entry = &history.entries[*place];
            let read = matches!(entry.asked, Asked::Read(_));
            read && (!self.written || entry.ret.is_some_and(|ret| ret < self.call))
        };
        places.iter().map(|(_, _, place)| *place).find(early)
    }

    fn is_forward(&self) -> bool {
        self.f.0 < self.s.0
    }
}

/// Two zones of one key each of which was before the other: an operation of each.
fn clash(zones: &[(u32, Cluster)]) -> Option<(usize, usize)> {
    let mut forward: Vec<Cluster> = Vec::new();
    forward.extend(
        zones
            .iter()
            .map(|(_, zone)| *zone)
            .filter(Cluster::is_forward),
    );
    forward.sort_by_key(|zone| zone.f);
    for pair in forward.windows(2) {
        if pair[1].f.0 < pair[0].s.0 {
            return Some((pair[0].s.1, pair[1].s.1));
        }
    }
    for (_, zone) in zones.iter().filter(|(_, zone)| !zone.is_forward()) {
        // The forward zones lie apart: only the last that begins before can hold it.
        let place = forward.partition_point(|other| other.f.0 < zone.s.0);
        if let Some(other) = place.checked_sub(1).map(|place| &forward[place])
            && zone.f.0 < other.s.0
        {
            return Some((other.s.1, zone.s.1));
        }
    }
    None
}
