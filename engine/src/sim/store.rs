//! A database: the cart, the log of what was applied, and the queue of those who wait for it.
//!
//! Invariants: a worker does one thing at a time, first come, first served; there is one write at
//! a time, since all write one cart; a write takes effect, and a read takes its snapshot, at the
//! end of its drawn time.

use crate::chance::{Delay, Leg};
use crate::history::{Log, OpId, Seen, ServiceId, Version};
use crate::shop::{Cart, Model, Op};
use crate::sim::Config;
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
    /// The highest version applied.
    newest: Version,
    /// Once the writes were taken by another, or from an empty disk: all that counts up to this
    /// version is here, in order.
    whole: Option<Version>,
    /// Updates in the log on disk that are not applied yet, in order.
    pub logged: VecDeque<Work>,
}

impl Store {
    /// All versions up to this one are here, in order, but for those that count no more.
    pub fn applied(&self) -> Version {
        self.whole.unwrap_or(self.log.prefix())
    }

    /// What is here is all that counts before this version.
    pub fn begin(&mut self, since: Version) {
        self.whole = Some(Version(since.0 - 1));
    }

    pub fn newest(&self) -> Version {
        self.newest
    }

    pub fn has(&self, version: Version) -> bool {
        self.log.contains(version)
    }

    /// How long it takes to look through what was applied out of order.
    pub fn disorder(&self) -> u32 {
        self.log.rest().len() as u32
    }

    /// What was applied, in the order in which it was.
    pub fn versions(&self) -> Vec<Version> {
        self.log.iter().collect()
    }

    pub fn cart(&self) -> &Cart {
        &self.cart
    }

    pub fn apply(&mut self, version: Version, op: &Op) {
        Rc::make_mut(&mut self.cart).apply(op);
        self.log.push(version);
        self.newest = self.newest.max(version);
        if let Some(whole) = &mut self.whole
            && version.0 == whole.0 + 1
        {
            *whole = version;
        }
    }

    /// Becomes what the leader was, which gives versions from `since` on.
    pub fn become_like(&mut self, seen: &Seen, since: Version) {
        self.cart = seen.cart.clone();
        self.log = seen.log.clone();
        self.newest = self.log.newest();
        if since > Version(1) {
            self.whole = Some(self.newest.max(Version(since.0 - 1)));
        }
    }

    pub fn snapshot(&self) -> Seen {
        Seen {
            cart: self.cart.clone(),
            log: self.log.clone(),
        }
    }
}

/// What stands at this place of a line, most often at its head.
#[inline(always)]
pub fn take<T>(line: &mut VecDeque<T>, place: usize) -> Option<T> {
    match place {
        0 => line.pop_front(),
        _ => line.remove(place),
    }
}

/// One thing that the database is asked to do.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    pub op: OpId,
    pub task: Task,
    /// The attempt of the message that brought it.
    pub attempt: u16,
    /// As in [`Subject::attempt`](crate::chance::Subject::attempt).
    pub luck: u16,
    pub cause: RecordId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    Read,
    /// Service 1 gives it the next version.
    Commit,
    /// Service 1 undoes this version, by the next one.
    Undo(Version),
    /// A copy applies this version.
    Apply(Version),
    /// A copy writes this version to the log on its disk.
    Log(Version),
    /// A copy becomes what this answer says.
    Repair(crate::sim::trace::AnswerId),
}

impl Task {
    pub fn is_write(self) -> bool {
        self != Task::Read
    }
}

#[derive(Debug)]
pub struct Database {
    owner: ServiceId,
    write: Delay,
    read: Delay,
    /// What each worker does.
    busy: Vec<Option<Work>>,
    /// How many requests may wait.
    room: Option<usize>,
    waiting: VecDeque<Work>,
    writing: bool,
    pub stalled: bool,
    pub slow: Option<Delay>,
    /// Counts the lives of the database: what a crash cut off finishes no more.
    epoch: u16,
}

impl Database {
    pub fn new(owner: ServiceId, config: &Config) -> Database {
        Database {
            owner,
            write: config.write,
            read: config.read,
            busy: vec![None; usize::from(config.workers_of(owner))],
            room: config.queue_of(owner).map(usize::from),
            waiting: VecDeque::new(),
            writing: false,
            stalled: false,
            slow: None,
            epoch: 0,
        }
    }

    #[inline(always)]
    pub fn ask(&mut self, work: Work, out: &mut Out) {
        // Most often nobody waits, and it begins at once.
        if self.waiting.is_empty()
            && !self.stalled
            && self.is_able(&work)
            && let Some(worker) = self.free()
        {
            return self.begin(worker, work, out);
        }
        self.waiting.push_back(work);
        self.go_on(out);
    }

    /// A worker who has nothing to do.
    fn free(&self) -> Option<usize> {
        self.busy.iter().position(Option::is_none)
    }

    /// Whether the work can begin beside what is being done.
    fn is_able(&self, work: &Work) -> bool {
        !(self.writing && work.task.is_write())
    }

    /// Whether nobody more may wait: who comes now is refused.
    pub fn is_full(&self) -> bool {
        let all_busy = || self.stalled || self.busy.iter().all(Option::is_some);
        self.room
            .is_some_and(|room| self.waiting.len() >= room && (room > 0 || all_busy()))
    }

    /// Whether an end of work belongs to this life.
    pub fn is_live(&self, epoch: u16) -> bool {
        self.epoch == epoch
    }

    /// What has just been finished; what waits begins with [`Database::go_on`].
    pub fn finish(&mut self, worker: u8) -> Option<Work> {
        let work = self.busy[usize::from(worker)].take()?;
        self.writing &= !work.task.is_write();
        Some(work)
    }

    /// The first that can begin does, as long as there are workers.
    pub fn go_on(&mut self, out: &mut Out) {
        while !self.waiting.is_empty() && !self.stalled {
            let Some(worker) = self.free() else {
                return;
            };
            let able = |work: &Work| self.is_able(work);
            let Some(place) = self.waiting.iter().position(able) else {
                return;
            };
            if let Some(work) = take(&mut self.waiting, place) {
                self.begin(worker, work, out);
            }
        }
    }

    /// All work is cut off, and forgotten.
    pub fn crash(&mut self) {
        self.busy.fill(None);
        self.waiting.clear();
        self.writing = false;
        self.epoch = self.epoch.wrapping_add(1);
    }

    /// Whether an update of this version is being done, or waits for it.
    pub fn has(&self, version: Version) -> bool {
        let same = |work: &Work| matches!(work.task, Task::Apply(v) | Task::Log(v) if v == version);
        self.busy.iter().flatten().any(same) || self.waiting.iter().any(same)
    }

    /// Whether the whole cart is being replaced, or waits for it.
    pub fn repairs(&self) -> bool {
        let same = |work: &Work| matches!(work.task, Task::Repair(_));
        self.busy.iter().flatten().any(same) || self.waiting.iter().any(same)
    }

    /// The newest version that is being done, or waits for it.
    pub fn newest(&self) -> Version {
        let version = |work: &Work| match work.task {
            Task::Apply(version) | Task::Log(version) => version,
            _ => Version(0),
        };
        let all = self.busy.iter().flatten().chain(&self.waiting);
        all.map(version).max().unwrap_or_default()
    }

    fn begin(&mut self, worker: usize, work: Work, out: &mut Out) {
        let began = out.note(TraceEvent::Began(self.owner, work.op), work.cause);
        let (delay, leg, copy) = if work.task.is_write() {
            self.writing = true;
            (self.write, Leg::Write, self.owner.0)
        } else {
            (self.read, Leg::Read, 0)
        };
        let length = out.draw(self.slow.unwrap_or(delay), work.op, leg, copy, work.luck);
        let finish = Event::Database(self.owner, worker as u8, self.epoch);
        out.timer(out.now + length, finish);
        self.busy[worker] = Some(Work {
            cause: began,
            ..work
        });
    }
}
