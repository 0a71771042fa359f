//! Durability: confirmed changes that stand on Service 1's disk and on no other.
//!
//! Invariant: measured from what happened, never from the mode. A change stands on a copy's disk
//! once the copy has applied it, or has said that it is in its log (`receipt: written`); what a
//! copy merely `received` is on no disk yet.

use crate::order;
use crate::run::Run;
use crate::sim::Receipt;
use crate::sim::trace::Message;
use crate::time::SimTime;

/// From when to when one confirmed change was on no other disk; `None` for up to the end.
pub type Exposed = (SimTime, Option<SimTime>);

/// All such changes of the run, in order of version.
pub fn exposed(run: &Run, receipt: Receipt) -> Vec<Exposed> {
    let mut logged = vec![None; run.trace.writes.len() + 1];
    if receipt == Receipt::Written {
        for envelope in &run.trace.messages {
            if let Message::Ack(version) = envelope.message
                && let Some(known) = logged.get_mut(version.0 as usize)
            {
                *known = earlier(*known, Some(envelope.sent_at));
            }
        }
    }
    let of_each = run.report.windows.chunks(run.replicas.copies.max(1).into());
    let exposed = of_each.filter_map(|copies| {
        let from = copies[0].confirmed?;
        let logged = logged.get(copies[0].version.0 as usize).copied().flatten();
        let to = copies.iter().map(|w| w.applied).fold(logged, earlier);
        to.is_none_or(|to| from < to).then_some((from, to))
    });
    exposed.collect()
}

fn earlier(one: Option<SimTime>, other: Option<SimTime>) -> Option<SimTime> {
    one.into_iter().chain(other).min()
}

/// How many there were at this moment: lost, were Service 1's disk lost now.
pub fn at(exposed: &[Exposed], now: SimTime) -> usize {
    let open = |(from, to): &&Exposed| *from <= now && to.is_none_or(|to| now < to);
    exposed.iter().filter(open).count()
}

/// The most that there were at any moment.
pub fn most(exposed: &[Exposed]) -> usize {
    // Of equal times an end comes first.
    let begins = exposed.iter().map(|(from, _)| (from.0, 1));
    let ends = exposed.iter().filter_map(|(_, to)| Some(((*to)?.0, 0)));
    let mut turns: Vec<(u64, usize)> = begins.chain(ends).collect();
    order::sort(&mut turns);
    let (mut open, mut most) = (0, 0);
    for (_, begins) in turns {
        open = open + 2 * begins - 1;
        most = most.max(open);
    }
    most
}
