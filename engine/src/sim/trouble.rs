//! What the script breaks, and mends.
//!
//! Invariant: mending what is not broken does nothing, and breaking what is broken already
//! neither; each change is in the trace once.

use crate::history::{ServiceId, Version};
use crate::sim::fault::{Fault, Link, LinkFault, Nodes, Status, Trouble};
use crate::sim::out::Timer;
use crate::sim::trace::{LinkChange, NodeId, RecordId, TraceEvent};
use crate::sim::world::World;
use crate::time::SimDuration;

impl World {
    /// A line about trouble takes effect.
    pub(super) fn act(&mut self, fault: Fault, cause: RecordId) {
        match fault {
            Fault::Crash(service, _) => {
                self.unpark(service, false, cause);
                let (service, out) = (&mut self.services[place(service)], &mut self.out);
                service.crash(fault, cause, out);
            }
            Fault::CrashAt(..) => self.out.traps.push(fault),
            Fault::Restart(service) => self.restart(service, cause),
            Fault::LoseDisk(service) => {
                self.act(Fault::Crash(service, None), cause);
                self.services[place(service)].lose_disk(cause, &mut self.out);
            }
            Fault::TakeOver(service) => self.take_over(service, cause),
            Fault::Pause(service, length) => self.pause(service, length, cause),
            Fault::Resume(service) => self.unpark(service, true, cause),
            Fault::Database(service, trouble, length) => {
                let database = &mut self.services[place(service)].database;
                let event = match trouble {
                    Trouble::Stalls => {
                        database.stalled = true;
                        TraceEvent::DatabaseStalled(service)
                    }
                    Trouble::Slows(delay) => {
                        database.slow = Some(delay);
                        TraceEvent::DatabaseSlowed(service)
                    }
                };
                self.out.note(event, cause);
                self.mend_after(length, Fault::Recover(service));
            }
            Fault::Recover(service) => self.recover(service, cause),
            Fault::Link(link, change) => self.link(link, change, cause),
            Fault::Partition(one, other) => self.partition(one, other, cause),
            Fault::Unite => self.heal(true, cause),
            Fault::HealAll => self.heal_all(cause),
            Fault::Message(hand, parcel) => self.out.hand(hand, parcel, cause),
        }
        self.out.troubled = self.out.network.is_troubled() || !self.out.hands.is_empty();
    }

    /// Whether anything is broken, or held, that somebody could mend.
    pub(super) fn is_broken(&self) -> bool {
        let ails = |service: &crate::sim::service::Service| {
            (service.status != Status::Up && !service.fenced)
                || service.database.stalled
                || service.database.slow.is_some()
        };
        self.out.network.is_troubled()
            || !self.out.held.is_empty()
            || self.services.iter().any(ails)
    }

    /// Goes on from its disk. A disk with nothing on it is given the whole cart; but where it is
    /// the leader's, all become as empty as it is.
    fn restart(&mut self, service: ServiceId, cause: RecordId) {
        self.services[place(service)].restart(cause, &mut self.out);
        let restarted = &self.services[place(service)];
        if !restarted.blank || restarted.status == Status::Down {
            return;
        }
        let leader = self.out.leader;
        if self.out.trace.writes.is_empty() {
            // All are as empty as it is.
            self.services[place(service)].blank = false;
        } else if service == leader {
            self.services[place(service)].blank = false;
            self.lead(service, cause);
        } else {
            self.services[place(leader)].follow(service, cause, &mut self.out);
        }
    }

    /// A copy takes the writes; who took them is shut out.
    fn take_over(&mut self, service: ServiceId, cause: RecordId) {
        let old = self.out.leader;
        if service == old || self.services[place(service)].fenced {
            return;
        }
        self.act(Fault::Crash(old, None), cause);
        self.services[place(old)].fenced = true;
        self.lead(service, cause);
    }

    fn lead(&mut self, service: ServiceId, cause: RecordId) {
        let mode = self.services[place(self.out.leader)].mode();
        self.out.leader = service;
        self.out.since = Version(self.out.trace.writes.len() as u32 + 1);
        let fenced: Vec<bool> = self.services.iter().map(|one| one.fenced).collect();
        let leader = &mut self.services[place(service)];
        leader.lead(mode, cause, &mut self.out, &fenced);
    }

    fn mend_after(&mut self, length: Option<SimDuration>, mending: Fault) {
        if let Some(length) = length {
            self.out.set(self.out.now + length, Timer::Mend(mending));
        }
    }

    fn pause(&mut self, service: ServiceId, length: Option<SimDuration>, cause: RecordId) {
        if self.services[place(service)].status == Status::Up {
            self.services[place(service)].status = Status::Paused;
            self.pauses += 1;
            self.out.note(TraceEvent::Paused(service), cause);
        }
        self.mend_after(length, Fault::Resume(service));
    }

    /// A pause is over: what came meanwhile is handled now, in order, or forgotten.
    fn unpark(&mut self, service: ServiceId, handle: bool, cause: RecordId) {
        if self.services[place(service)].status != Status::Paused {
            return;
        }
        self.services[place(service)].status = Status::Up;
        self.pauses -= 1;
        if handle {
            self.out.note(TraceEvent::Resumed(service), cause);
        }
        let parked = std::mem::take(&mut self.parked);
        for (at, event) in parked {
            match self.owner(event) == Some(service) {
                true => self.unparked(at, event, handle),
                false => self.parked.push((at, event)),
            }
        }
    }

    fn recover(&mut self, service: ServiceId, cause: RecordId) {
        let database = &mut self.services[place(service)].database;
        if database.stalled || database.slow.is_some() {
            database.stalled = false;
            database.slow = None;
            self.out.note(TraceEvent::DatabaseRecovered(service), cause);
            let database = &mut self.services[place(service)].database;
            database.go_on(&mut self.out);
        }
    }

    fn link(&mut self, link: Link, change: LinkFault, cause: RecordId) {
        self.change(link.from, link.to, change, cause);
        if link.both {
            self.change(link.to, link.from, change, cause);
        }
        if let LinkFault::Breaks(length) = change {
            self.mend_after(length, Fault::Link(link, LinkFault::Heals));
        }
    }

    fn change(&mut self, from: NodeId, to: NodeId, now: LinkFault, cause: RecordId) {
        let was = self.out.network.trouble(from, to);
        self.out.network.change(from, to, now);
        if self.out.network.trouble(from, to) == was {
            return;
        }
        self.out.trace.changes.push(LinkChange { from, to, now });
        let change = self.out.trace.changes.len() as u32 - 1;
        let cause = self.out.note(TraceEvent::LinkChanged(change), cause);
        if let LinkFault::Breaks(_) = now {
            self.out.cut(from, to, cause);
        }
    }

    fn partition(&mut self, one: Nodes, other: Nodes, cause: RecordId) {
        for from in one.iter() {
            for to in other.iter() {
                let link = Link {
                    from,
                    to,
                    both: true,
                };
                self.link(link, LinkFault::Breaks(None), cause);
            }
        }
    }

    /// Links heal: those that are cut, or all that anything ails.
    fn heal(&mut self, cut: bool, cause: RecordId) {
        for (from, to) in self.out.network.ailing(cut) {
            self.change(from, to, LinkFault::Heals, cause);
        }
    }

    fn heal_all(&mut self, cause: RecordId) {
        self.out.traps.clear();
        self.heal(false, cause);
        for id in 1..=self.services.len() as u8 {
            let service = ServiceId(id);
            self.restart(service, cause);
            self.unpark(service, true, cause);
            self.recover(service, cause);
        }
        self.out.let_go(cause);
    }
}

/// Where a service stands in the list.
fn place(service: ServiceId) -> usize {
    service.0 as usize - 1
}
