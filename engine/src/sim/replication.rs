//! Replication, as who takes the writes does it: the background job's entries, and the updates
//! without receipt.
//!
//! ```text
//!   commit --background--> held until due --\
//!          --synchronous--------------------> sent --(1 s without receipt: again)--> acked
//! ```
//!
//! Invariants: each copy has a lane of its own; in a lane updates are first sent in commit
//! order, unless the text says that they go as it comes; entries stay on disk, or in memory, until
//! the copy's receipt. Where copies apply in order, a receipt for version n covers all up to n.

use crate::chance::{Delay, Leg};
use crate::history::{OpId, ServiceId, Version};
use crate::sim::out::{Out, Route};
use crate::sim::queue::Event;
use crate::sim::store::take;
use crate::sim::trace::{Hold, Message, NodeId, RecordId, TraceEvent};
use crate::sim::{Config, Order};
use crate::time::SimTime;
use std::collections::VecDeque;

/// A committed write on its way to the copies.
#[derive(Clone, Copy, Debug)]
pub struct Committed {
    pub version: Version,
    pub op: OpId,
    /// Of the request that it answers.
    pub attempt: u16,
    pub cause: RecordId,
}

#[derive(Debug)]
pub struct Outbox {
    lanes: Vec<Lane>,
    /// Writes whose updates go out next.
    kept: Vec<Committed>,
}

impl Outbox {
    pub fn new(config: &Config) -> Outbox {
        Outbox {
            lanes: config
                .copies()
                .map(|copy| Lane::new(copy, config.lag_of(copy)))
                .collect(),
            kept: Vec::new(),
        }
    }

    /// Stands in the outbox, to be sent at once.
    pub fn keep(&mut self, write: Committed) {
        self.kept.push(write);
    }

    /// Every copy is told what was kept.
    pub fn send_kept(&mut self, out: &mut Out) {
        for write in self.kept.drain(..) {
            for lane in &mut self.lanes {
                lane.send(write, 0, out);
            }
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
        if let Some(lane) = self.lane(copy) {
            lane.due(out);
        }
    }

    pub fn resend(&mut self, copy: ServiceId, out: &mut Out) {
        if let Some(lane) = self.lane(copy) {
            lane.resend(out);
        }
    }

    /// The copies that are told of writes.
    pub fn ids(&self) -> Vec<ServiceId> {
        self.lanes.iter().map(|lane| lane.copy).collect()
    }

    /// Begins with nothing, and tells only these copies.
    pub fn begin(&mut self, told: impl Fn(ServiceId) -> bool) {
        self.kept.clear();
        self.lanes.retain(|lane| told(lane.copy));
        for lane in &mut self.lanes {
            *lane = Lane::new(lane.copy, lane.lag);
        }
    }

    /// Whether the copy needs the whole cart before its updates make sense.
    pub fn follows(&mut self, copy: ServiceId, follow: bool, out: &mut Out) {
        if let Some(lane) = self.lane(copy) {
            lane.follow = follow;
            lane.watch(out);
        }
    }

    /// Whether the copy has not said yet that it has the whole cart.
    pub fn is_behind(&self, copy: ServiceId) -> bool {
        self.lanes
            .iter()
            .any(|lane| lane.copy == copy && lane.follow)
    }

    /// Whether the timer that set off now still has something to do.
    pub fn is_live(&self, copy: ServiceId, event: Event, sending: Order, now: SimTime) -> bool {
        let Some(lane) = self.lanes.iter().find(|lane| lane.copy == copy) else {
            return false;
        };
        let due = |entry: &Entry| entry.due <= now;
        match (event, sending) {
            (Event::Due(_), Order::InOrder) => lane.held.front().is_some_and(due),
            (Event::Due(_), _) => lane.held.iter().any(due),
            _ => lane.watch == Some(now) && (lane.follow || !lane.unacked.is_empty()),
        }
    }

    /// A timer set off that has nothing to do.
    pub fn expired(&mut self, copy: ServiceId, now: SimTime) {
        if let Some(lane) = self.lane(copy) {
            lane.watch = lane.watch.filter(|at| *at != now);
        }
    }

    /// A receipt: the copy has applied all versions up to this one.
    pub fn acked(&mut self, copy: ServiceId, version: Version, applying: Order) {
        if let Some(lane) = self.lane(copy) {
            lane.acked(version, applying);
        }
    }

    /// How many copies have sent their receipt for this version.
    pub fn receipts(&self, version: Version, applying: Order) -> usize {
        let has = |lane: &&Lane| match applying {
            Order::InOrder => lane.acked >= version,
            _ => !lane.is_pending(version),
        };
        self.lanes.iter().filter(has).count()
    }

    pub fn copies(&self) -> usize {
        self.lanes.len()
    }

    /// What was in memory is gone, and with it the timers.
    pub fn crash(&mut self, durable: bool) {
        for lane in &mut self.lanes {
            lane.watch = None;
            if !durable {
                lane.held.clear();
                lane.unacked.clear();
            }
        }
        if !durable {
            self.kept.clear();
        }
    }

    /// Takes up what stands on disk.
    pub fn restart(&mut self, out: &mut Out) {
        for lane in &mut self.lanes {
            lane.restart(out);
        }
        self.send_kept(out);
    }

    /// `None` for a copy that is out, or takes the writes itself.
    fn lane(&mut self, copy: ServiceId) -> Option<&mut Lane> {
        self.lanes.iter_mut().find(|lane| lane.copy == copy)
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
    /// The whole cart goes to the copy, until it says that it has it.
    follow: bool,
    /// When the timer sets off that looks for overdue receipts.
    watch: Option<SimTime>,
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
            follow: false,
            watch: None,
        }
    }

    fn hold(&mut self, write: Committed, out: &mut Out) {
        let due = out.now + out.draw(self.lag, write.op, Leg::Hold, self.copy.0, 0);
        let due = match out.rules.batch {
            Some(batch) => SimTime(due.0.div_ceil(batch.0) * batch.0),
            None => due,
        };
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
        loop {
            let due = |entry: &Entry| entry.due <= out.now;
            let place = match out.rules.sending {
                Order::InOrder => self.held.front().filter(|entry| due(entry)).map(|_| 0),
                _ => self.held.iter().position(due),
            };
            let Some(entry) = place.and_then(|place| take(&mut self.held, place)) else {
                return;
            };
            self.send(entry.write, 0, out);
        }
    }

    /// Not sent, or without its receipt.
    fn is_pending(&self, version: Version) -> bool {
        self.held.iter().any(|entry| entry.write.version == version)
            || self
                .unacked
                .iter()
                .any(|sent| sent.write.version == version)
    }

    fn restart(&mut self, out: &mut Out) {
        for entry in &mut self.held {
            entry.due = entry.due.max(out.now);
            out.timer(entry.due, Event::Due(self.copy));
        }
        for sent in &mut self.unacked {
            sent.again_at = sent.again_at.max(out.now);
        }
        self.watch(out);
    }

    /// Sets the timer that looks for overdue receipts.
    fn watch(&mut self, out: &mut Out) {
        let Some(resend) = out.rules.resend else {
            return;
        };
        let first = self.unacked.front().map(|sent| sent.again_at);
        let next = first.or(self.follow.then_some(out.now + resend));
        if let Some(next) = next.filter(|_| self.watch.is_none()) {
            self.watch = Some(next);
            out.timer(next, Event::Resend(self.copy));
        }
    }

    fn send(&mut self, write: Committed, attempt: u16, out: &mut Out) {
        let route = Route {
            from: NodeId::Service(out.leader),
            to: NodeId::Service(self.copy),
            op: write.op,
            attempt,
            copy: self.copy.0,
        };
        out.send(route, Message::Replicate(write.version), write.cause);
        let again_at = out.now + out.rules.resend.unwrap_or_default();
        self.unacked.push_back(Unacked {
            write,
            attempt,
            again_at,
        });
        self.watch(out);
    }

    /// Sends again what is overdue. Then it looks no earlier than the first of these is due once
    /// more, even if another falls due before: so it was when version 1 was frozen.
    fn resend(&mut self, out: &mut Out) {
        let mut next = None;
        while let Some(overdue) = self
            .unacked
            .front()
            .copied()
            .filter(|u| u.again_at <= out.now)
        {
            self.unacked.pop_front();
            self.resent = true;
            next = out.rules.resend.map(|resend| out.now + resend);
            self.send(overdue.write, overdue.attempt.saturating_add(1), out);
        }
        self.watch = next;
        match next {
            Some(next) => out.timer(next, Event::Resend(self.copy)),
            None => self.watch(out),
        }
    }

    fn acked(&mut self, version: Version, applying: Order) {
        if applying != Order::InOrder {
            self.unacked.retain(|sent| sent.write.version != version);
            return;
        }
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
