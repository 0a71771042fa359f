//! Service 1's side of replication: the background job's entries and the updates without receipt.
//!
//! ```text
//!   commit --background--> held until due --\
//!          --synchronous--------------------> sent --(1 s without receipt: again)--> acked
//! ```
//!
//! Invariants: each copy has a lane of its own; in a lane updates are first sent in commit
//! order; entries stay on disk until the copy's receipt. A receipt for version n covers all up to
//! n, because a copy applies in order.

use crate::chance::{Delay, Leg};
use crate::history::{OpId, ServiceId, Version};
use crate::sim::Config;
use crate::sim::out::{Out, Route};
use crate::sim::queue::Event;
use crate::sim::trace::{Hold, Message, NodeId, RecordId, TraceEvent};
use crate::time::{SimDuration, SimTime};
use std::collections::VecDeque;

/// An update without a receipt is sent again this long after each time it was sent.
pub const RESEND: SimDuration = SimDuration::from_millis(1000);

/// A committed write on its way to the copies.
#[derive(Clone, Copy, Debug)]
pub struct Committed {
    pub version: Version,
    pub op: OpId,
    pub cause: RecordId,
}

#[derive(Debug)]
pub struct Outbox {
    lanes: Vec<Lane>,
}

impl Outbox {
    pub fn new(config: &Config) -> Outbox {
        Outbox {
            lanes: config
                .copies()
                .map(|copy| Lane::new(copy, config.lag_of(copy)))
                .collect(),
        }
    }

    /// Every copy is told at once.
    pub fn send_now(&mut self, write: Committed, out: &mut Out) {
        for lane in &mut self.lanes {
            lane.send(write, 0, out);
        }
    }

    /// The background job takes the write for every copy.
    pub fn hold(&mut self, write: Committed, out: &mut Out) {
        for lane in &mut self.lanes {
            lane.hold(write, out);
        }
    }

    /// Replication became synchronous: all that the job holds goes out, in order.
    pub fn flush(&mut self, cause: RecordId, out: &mut Out) {
        for lane in &mut self.lanes {
            while let Some(entry) = lane.held.pop_front() {
                lane.send(
                    Committed {
                        cause,
                        ..entry.write
                    },
                    0,
                    out,
                );
            }
        }
    }

    pub fn due(&mut self, copy: ServiceId, out: &mut Out) {
        self.lane(copy).due(out);
    }

    pub fn resend(&mut self, copy: ServiceId, out: &mut Out) {
        self.lane(copy).resend(out);
    }

    /// Whether the timer that set off now still has something to do.
    pub fn is_live(&self, copy: ServiceId, event: Event, now: SimTime) -> bool {
        let lane = &self.lanes[copy.0 as usize - 2];
        match event {
            Event::Due(_) => lane.held.front().is_some_and(|entry| entry.due <= now),
            _ => !lane.unacked.is_empty(),
        }
    }

    /// A receipt: the copy has applied all versions up to this one.
    pub fn acked(&mut self, copy: ServiceId, version: Version) {
        self.lane(copy).acked(version);
    }

    /// The version up to which every copy has confirmed.
    pub fn everywhere(&self) -> Version {
        self.lanes
            .iter()
            .map(|lane| lane.acked)
            .min()
            .unwrap_or_default()
    }

    fn lane(&mut self, copy: ServiceId) -> &mut Lane {
        &mut self.lanes[copy.0 as usize - 2]
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    write: Committed,
    due: SimTime,
}

#[derive(Clone, Copy, Debug)]
struct Unacked {
    write: Committed,
    attempt: u16,
    again_at: SimTime,
}

#[derive(Debug)]
struct Lane {
    copy: ServiceId,
    lag: Delay,
    held: VecDeque<Entry>,
    /// In order of `again_at`.
    unacked: VecDeque<Unacked>,
    /// Whether anything was sent twice, so that `unacked` is no longer in order of version.
    resent: bool,
    acked: Version,
    /// A timer to look for overdue receipts is set.
    watching: bool,
}

impl Lane {
    fn new(copy: ServiceId, lag: Delay) -> Lane {
        Lane {
            copy,
            lag,
            held: VecDeque::new(),
            unacked: VecDeque::new(),
            resent: false,
            acked: Version(0),
            watching: false,
        }
    }

    fn hold(&mut self, write: Committed, out: &mut Out) {
        let due = out.now + out.draw(self.lag, write.op, Leg::Hold, self.copy.0, 0);
        let hold = out.trace.holds.len() as u32;
        out.trace.holds.push(Hold {
            version: write.version,
            copy: self.copy,
            due,
        });
        let cause = out.note(TraceEvent::Held(hold), write.cause);
        self.held.push_back(Entry {
            write: Committed { cause, ..write },
            due,
        });
        out.timer(due, Event::Due(self.copy));
    }

    /// Sends what is due and what waited behind it. Each entry has its own timer, so one that
    /// became due early goes out with the entry that it waited for.
    fn due(&mut self, out: &mut Out) {
        while let Some(entry) = self
            .held
            .front()
            .copied()
            .filter(|entry| entry.due <= out.now)
        {
            self.held.pop_front();
            self.send(entry.write, 0, out);
        }
    }

    fn send(&mut self, write: Committed, attempt: u16, out: &mut Out) {
        let route = Route {
            from: NodeId::Service(ServiceId::S1),
            to: NodeId::Service(self.copy),
            op: write.op,
            attempt,
        };
        out.send(route, Message::Replicate(write.version), write.cause);
        let again_at = out.now + RESEND;
        self.unacked.push_back(Unacked {
            write,
            attempt,
            again_at,
        });
        if !self.watching {
            self.watching = true;
            out.timer(again_at, Event::Resend(self.copy));
        }
    }

    fn resend(&mut self, out: &mut Out) {
        self.watching = false;
        while let Some(overdue) = self
            .unacked
            .front()
            .copied()
            .filter(|u| u.again_at <= out.now)
        {
            self.unacked.pop_front();
            self.resent = true;
            self.send(overdue.write, overdue.attempt.saturating_add(1), out);
        }
        if let Some(next) = self.unacked.front()
            && !self.watching
        {
            self.watching = true;
            out.timer(next.again_at, Event::Resend(self.copy));
        }
    }

    fn acked(&mut self, version: Version) {
        self.acked = self.acked.max(version);
        while self
            .unacked
            .front()
            .is_some_and(|sent| sent.write.version <= version)
        {
            self.unacked.pop_front();
        }
        if self.resent {
            self.unacked.retain(|sent| sent.write.version > version);
        }
    }
}
