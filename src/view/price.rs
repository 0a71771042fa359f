//! What the run cost: how long each shopper waited, how long the copies were behind, and what
//! would be lost with Service 1's disk, with the other mode's figure beside each.
//!
//! Invariant: both columns are measured, this run's and its twin's; nothing is estimated.

use crate::check::staleness;
use crate::history::ServiceId;
use crate::order;
use crate::run::durability;
use crate::shop::Name;
use crate::sim::{Action, Cue, ReplicationMode};
use crate::time::{SimDuration, SimTime};
use crate::view::Show;
use crate::view::spacetime::ends_odd;

/// The numbers of a run and its twin.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    pub mode: ReplicationMode,
    /// The script changes the mode on the way, so a column is named by how its run begins.
    pub mixed: bool,
    /// A row for each shopper who asked for anything, in the script's order; writers first.
    pub waits: Vec<Wait>,
    pub behind: Behind,
    pub other_behind: Behind,
    /// How much of `behind` has passed at the playhead.
    pub so_far: SimDuration,
    /// Confirmed changes that would be gone if the disk of who takes the writes were lost at the
    /// playhead, here and in the other mode.
    pub exposed: [usize; 2],
    /// Those that are gone by then, in the same order.
    pub gone: [usize; 2],
    /// Who takes the writes at the playhead.
    pub leader: ServiceId,
}

/// One shopper's longest waits; `None` where no answer came.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wait {
    pub who: Name,
    /// Whether it was for a confirmation (or else for a cart).
    pub write: bool,
    pub own: Option<SimDuration>,
    pub other: Option<SimDuration>,
}

/// The copy that was behind for the longest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Behind {
    pub copy: ServiceId,
    /// Confirmed changes were missing there for this long in all.
    pub behind: SimDuration,
    /// It differed from Service 1 for this long in all.
    pub apart: SimDuration,
    /// Whether it has everything at the end of the run.
    pub caught_up: bool,
}

impl Price {
    pub fn of(show: &Show, twin: &Show, now: SimTime) -> Price {
        let behind = Behind::of(show);
        let disks =
            [show, twin].map(|show| durability::of(&show.run, show.scenario.config.receipt));
        let spans = staleness::behind_spans(&show.run.report.windows, behind.copy, now);
        Price {
            mode: show.scenario.config.mode,
            mixed: mixed(show),
            waits: waits(show, twin),
            behind,
            other_behind: Behind::of(twin),
            so_far: length(&spans),
            exposed: disks
                .each_ref()
                .map(|disks| durability::at(&disks.exposed, now)),
            gone: disks.map(|disks| disks.gone.iter().filter(|at| **at <= now).count()),
            leader: show.run.replicas.leader(now),
        }
    }
}

/// Whether the script changes the mode on the way.
pub fn mixed(show: &Show) -> bool {
    let becomes = |cue: &Cue| matches!(cue.action, Action::Become(_));
    show.scenario.script.iter().any(becomes)
}

impl Behind {
    fn of(show: &Show) -> Behind {
        let (windows, end) = (&show.run.report.windows, show.run.end());
        let measured = show.scenario.config.copies().map(|copy| Behind {
            copy,
            behind: length(&staleness::behind_spans(windows, copy, end)),
            apart: apart(show, copy, end),
            caught_up: windows
                .iter()
                .all(|w| w.replica != copy || w.applied.is_some()),
        });
        // Of equals the first: Rust's max_by_key would take the last.
        let longest = measured
            .rev()
            .max_by_key(|behind| (behind.behind, behind.apart));
        // A single server is no copy, and is never behind.
        longest.unwrap_or(Behind {
            copy: ServiceId::S1,
            behind: SimDuration::ZERO,
            apart: SimDuration::ZERO,
            caught_up: true,
        })
    }
}

/// How long the copy differed from Service 1: what it has in another order never agrees.
fn apart(show: &Show, copy: ServiceId, end: SimTime) -> SimDuration {
    let mut spans = staleness::apart_spans(&show.run.report.windows, copy, end);
    if let Some(last) = spans.last_mut().filter(|_| ends_odd(show, copy, end)) {
        last.1 = end;
    }
    length(&spans)
}

fn length(spans: &[(SimTime, SimTime)]) -> SimDuration {
    spans
        .iter()
        .fold(SimDuration::ZERO, |sum, (from, to)| sum + to.since(*from))
}

fn waits(show: &Show, twin: &Show) -> Vec<Wait> {
    let mut rows: Vec<Wait> = Vec::new();
    for who in &show.scenario.config.shoppers {
        for write in [true, false] {
            let asked = |operation: &&crate::history::Operation| {
                show.run.history.shoppers[operation.client.0 as usize] == *who
                    && operation.op.is_view() != write
            };
            let wrote = rows.iter().any(|row| row.who == *who);
            if !wrote && show.run.history.operations.iter().any(|o| asked(&o)) {
                let (own, other) = (longest(show, *who, write), longest(twin, *who, write));
                rows.push(Wait {
                    who: *who,
                    write,
                    own,
                    other,
                });
            }
        }
    }
    order::by_key(&mut rows, |row| u64::from(!row.write));
    rows
}

/// The longest time from call to answer of this shopper's writes, or views.
pub fn longest(show: &Show, who: Name, write: bool) -> Option<SimDuration> {
    let history = &show.run.history;
    let own = history.operations.iter().filter(|operation| {
        history.shoppers[operation.client.0 as usize] == who && operation.op.is_view() != write
    });
    own.filter_map(|operation| Some(operation.ended()?.since(operation.call)))
        .max()
}
