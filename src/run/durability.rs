//! Durability: confirmed changes that stand on one disk alone, that of who takes the writes:
//! Service 1's, or that of the copy that took over.
//!
//! A change stands on a copy's disk once the copy has applied it, or has said that it is in its
//! log (`receipt: written`); what a copy merely `received` is on no disk yet. What is lost for good
//! is what a service had not that took the writes over, or began anew with an empty disk.
//!
//! Invariant: measured from what happened, never from the mode.

use crate::history::{Answer, Entry, Outcome, ServiceId, Shift, ShiftKind, Version};
use crate::order;
use crate::run::Run;
use crate::sim::Receipt;
use crate::sim::trace::{Message, NodeId};
use crate::time::SimTime;

/// From when to when one confirmed change was on no other disk; `None` for up to the end.
pub type Exposed = (SimTime, Option<SimTime>);

/// What the run risked, and what it lost.
#[derive(Clone, Debug, PartialEq)]
pub struct Durability {
    /// All such stretches, in order of version and then of time.
    pub exposed: Vec<Exposed>,
    /// When confirmed changes were lost for good: who took the writes from then on had them not.
    pub gone: Vec<SimTime>,
}

pub fn of(run: &Run, receipt: Receipt) -> Durability {
    let logged = logged(run, receipt);
    let mut disks = Disks {
        holders: vec![0; run.trace.writes.len() + 1],
        since: vec![None; run.trace.writes.len() + 1],
        leader: 1 << ServiceId::S1.0,
        found: Vec::new(),
        gone: vec![None; run.trace.writes.len() + 1],
    };
    let mut logged = logged.into_iter().peekable();
    for entry in run.replicas.entries() {
        let at = match entry {
            Entry::Apply(apply) => apply.at,
            Entry::Shift(shift) => shift.at,
        };
        while let Some((sent, copy, version)) = logged.next_if(|(sent, ..)| *sent < at) {
            disks.hold(version, copy, sent);
        }
        match entry {
            Entry::Apply(apply) => disks.hold(apply.version, apply.replica, at),
            Entry::Shift(shift) => disks.shift(shift),
        }
    }
    for (sent, copy, version) in logged {
        disks.hold(version, copy, sent);
    }
    disks.measured(run)
}

/// What copies said to have in the log on their disk, in order of time.
fn logged(run: &Run, receipt: Receipt) -> Vec<(SimTime, ServiceId, Version)> {
    let written = run.trace.messages.iter();
    let written = written.filter(|_| receipt == Receipt::Written);
    let acks = written.filter_map(|envelope| match (envelope.message, envelope.from) {
        (Message::Ack(version), NodeId::Service(copy)) => Some((envelope.sent_at, copy, version)),
        _ => None,
    });
    acks.collect()
}

/// On whose disk each version stands.
struct Disks {
    /// A bit for each service, by version; and bit 0 once anybody had it.
    holders: Vec<u16>,
    /// From when on it stood on one disk alone, that of who takes the writes.
    since: Vec<Option<SimTime>>,
    leader: u16,
    found: Vec<(Version, Exposed)>,
    /// Since when each version is in no log that counts.
    gone: Vec<Option<SimTime>>,
}

impl Disks {
    fn hold(&mut self, version: Version, service: ServiceId, at: SimTime) {
        if let Some(holders) = self.holders.get_mut(version.0 as usize) {
            *holders |= 1 | 1 << service.0;
            self.look(version, at);
        }
    }

    fn shift(&mut self, shift: &Shift) {
        let mut gone = 1 << shift.service.0;
        if shift.kind == ShiftKind::Leads {
            // What the old leader had is out of reach.
            let old = std::mem::replace(&mut self.leader, gone);
            gone = if old == gone { 0 } else { old };
        }
        for version in 1..self.holders.len() {
            // A version that nobody has had is still to come.
            let lacks = self.holders[version] != 0 && self.holders[version] & self.leader == 0;
            if shift.kind == ShiftKind::Leads && lacks && self.gone[version].is_none() {
                self.gone[version] = Some(shift.at);
            }
            self.holders[version] &= !gone;
            self.look(Version(version as u32), shift.at);
        }
    }

    /// A stretch begins, or ends.
    fn look(&mut self, version: Version, at: SimTime) {
        let nth = version.0 as usize;
        let alone = self.holders[nth] & !1 == self.leader;
        match (alone, self.since[nth]) {
            (true, None) => self.since[nth] = Some(at),
            (false, Some(from)) => {
                self.since[nth] = None;
                self.found.push((version, (from, Some(at))));
            }
            _ => {}
        }
    }

    /// What was confirmed; before that nobody counts on it.
    fn measured(mut self, run: &Run) -> Durability {
        for (nth, since) in self.since.iter().enumerate() {
            let version = Version(nth as u32);
            self.found.extend(since.map(|from| (version, (from, None))));
        }
        order::by_key(&mut self.found, |(version, _)| version.0.into());
        let confirmed = |version: Version| {
            let write = run.trace.writes.get(version.0.checked_sub(1)? as usize)?;
            match run.history.operations[write.0 as usize].outcome {
                Outcome::Ok {
                    at,
                    answer: Answer::Done(told),
                } if told == version => Some(at),
                _ => None,
            }
        };
        let exposed = self.found.iter().filter_map(|(version, (from, to))| {
            let from = confirmed(*version)?.max(*from);
            to.is_none_or(|to| from < to).then_some((from, *to))
        });
        let gone = (0..).map(Version).zip(&self.gone);
        let gone = gone.filter_map(|(version, at)| Some((*at)?.max(confirmed(version)?)));
        Durability {
            exposed: exposed.collect(),
            gone: gone.collect(),
        }
    }
}

/// How many there were at this moment: lost, were that disk lost now.
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
