//! A database: the cart, the log of what was applied, and the queue of those who wait for it.
//!
//! Invariants: it does one thing at a time, first come, first served; a write takes effect, and
//! a read takes its snapshot, at the end of its drawn time.

use crate::chance::{Delay, Leg};
use crate::history::{Log, OpId, Seen, ServiceId, Version};
use crate::shop::{Cart, Model, Op};
use crate::sim::out::Out;
use crate::sim::queue::Event;
use crate::sim::trace::{RecordId, TraceEvent};
use std::collections::VecDeque;
use std::rc::Rc;

/// What stands on disk.
#[derive(Debug, Default)]
pub struct Store {
    cart: Rc<Cart>,
    log: Log,
    applied: u32,
}

impl Store {
    /// The highest version applied; the next one is one more.
    pub fn applied(&self) -> Version {
        Version(self.applied)
    }

    pub fn apply(&mut self, version: Version, op: &Op) {
        debug_assert_eq!(version.0, self.applied + 1, "copies apply in order");
        Rc::make_mut(&mut self.cart).apply(op);
        self.log.push(version);
        self.applied = version.0;
    }

    pub fn snapshot(&self) -> Seen {
        Seen {
            cart: self.cart.clone(),
            log: self.log.clone(),
        }
    }
}

/// One thing that the database is asked to do.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    pub op: OpId,
    /// `None` for a read; for a write the version to apply, or 0 where Service 1 gives the next.
    pub write: Option<Version>,
    /// The attempt of the message that brought it.
    pub attempt: u16,
    pub cause: RecordId,
}

#[derive(Debug)]
pub struct Database {
    owner: ServiceId,
    write: Delay,
    read: Delay,
    busy: Option<Work>,
    waiting: VecDeque<Work>,
}

impl Database {
    pub fn new(owner: ServiceId, write: Delay, read: Delay) -> Database {
        Database {
            owner,
            write,
            read,
            busy: None,
            waiting: VecDeque::new(),
        }
    }

    pub fn ask(&mut self, work: Work, out: &mut Out) {
        if self.busy.is_some() {
            self.waiting.push_back(work);
        } else {
            self.begin(work, out);
        }
    }

    /// What has just been finished; the next in the queue begins with [`Database::go_on`].
    pub fn finish(&mut self) -> Work {
        self.busy.take().expect("a database that finishes was busy")
    }

    pub fn go_on(&mut self, out: &mut Out) {
        if let Some(next) = self.waiting.pop_front() {
            self.begin(next, out);
        }
    }

    fn begin(&mut self, work: Work, out: &mut Out) {
        let began = out.note(TraceEvent::Began(self.owner, work.op), work.cause);
        let copy = if work.write.is_some() {
            self.owner.0
        } else {
            0
        };
        let (delay, leg) = if work.write.is_some() {
            (self.write, Leg::Write)
        } else {
            (self.read, Leg::Read)
        };
        let length = out.draw(delay, work.op, leg, copy, 0);
        out.timer(out.now + length, Event::Database(self.owner));
        self.busy = Some(Work {
            cause: began,
            ..work
        });
    }
}
