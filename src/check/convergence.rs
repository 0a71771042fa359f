//! In the end all copies agree (eventual consistency): a promise about the end, not the moment.
//!
//! Up to a moment it holds when nothing is under way and every copy has what Service 1 has; while
//! a write or an update is under way it is not yet. Invariant: judged from operations and
//! applies alone.

use crate::check::Verdict;
use crate::history::{History, ReplicaLog, Version};
use crate::time::SimTime;

/// Converges, up to `now`. A chance is a commit.
pub fn converges(history: &History, replicas: &ReplicaLog, now: SimTime) -> Verdict {
    let open_write = history.operations.iter().any(|operation| {
        !operation.op.is_view()
            && operation.call <= now
            && operation.ended().is_none_or(|ended| ended > now)
    });
    let heads = heads(replicas, now);
    if open_write || heads.iter().any(|head| *head != heads[0]) {
        return Verdict::NotYet;
    }
    match heads[0].0 {
        0 => Verdict::Untested,
        commits => Verdict::Holds { chances: commits },
    }
}

/// How many versions each service has applied by `now`: Service 1 first, then the copies.
fn heads(replicas: &ReplicaLog, now: SimTime) -> Vec<Version> {
    let mut heads = vec![Version(0); usize::from(replicas.copies) + 1];
    for apply in replicas.applied.iter().take_while(|apply| apply.at <= now) {
        heads[usize::from(apply.replica.0) - 1].0 += 1;
    }
    heads
}
