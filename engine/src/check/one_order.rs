//! One order that explains everything: linearizable, sequential, and consistent prefix.
//!
//! The judged object is the versioned cart: a write is answered with the version that it made, a
//! view with version and cart. **Sequential** (Lamport 1979, "How to make a multiprocessor
//! computer that correctly executes multiprocess programs"): some single order of all operations
//! explains every answer and keeps every session's own order. **Linearizable** (Herlihy, Wing
//! 1990): it also keeps time, so that what had ended when another began stands before it. Alice's
//! phone call is what makes the difference; no session alone could tell:
//! ```text
//!   Alice  |--add book--|done  "look!"        sequential: Bob's view stands before Alice's add
//!   Bob                            |--view--| no book            linearizable: it may not
//! ```
//! **Consistent prefix** (Terry et al. 1995): what a view shows is how Service 1 stood at some
//! time; its `seen` is a prefix of Service 1's log. The ghost is the anomaly; by contents alone it
//! would pass:
//! ```text
//!   Service 1  v1 add book   v2 remove book         (no book)
//!   a copy     v2 remove     v1 add                  a book that was removed
//! ```
//!
//! # One pass
//!
//! Service 1's log orders all writes. Where every write stands in it at most once and inside its
//! call and return (open, if unknown), every confirmed one once under the version of its answer
//! and behind what its session knew, and every view's cart is the log's cart after exactly its
//! first n writes, there is one candidate: each view stands right behind the n-th write. Versions
//! admit no other. It explains the answers and keeps the order of writes, so it fails only where a
//! view stands too early: behind a write of its own session (read your writes), or before an
//! earlier view of it (monotonic reads). That decides sequential. Time is broken only where a view
//! stands before a write that was confirmed, or shown to somebody, before it began: it is stale.
//! That decides linearizable.
//!
//! Equal times of different shoppers keep no order, as staleness counts (strictly before). In a
//! session there is always an order: a view that begins at the very instant of its shopper's
//! confirmation comes after it. Without the write it is not stale, but it breaks the session's
//! order, and with it both.
//!
//! Where these conditions fail (a retry applied twice, an order lost) only a search through all
//! orders of cart contents can tell (`contents`); where it takes too long the answer is
//! `Unknown(Why::NoPlace)` from the moment on at which the failure can be seen. What breaks a
//! weaker promise breaks a stronger one too. Invariant: what broke before stays broken.

use crate::check::findings::{Findings, bits};
use crate::check::staleness::ViewAge;
use crate::check::{Property, Witness};
use crate::history::{
    Answer, Apply, Entry, History, Log, Logs, OpId, Outcome, ReplicaLog, ServiceId, ShiftKind,
    Version,
};
use crate::shop::{Cart, Model};
use crate::time::SimTime;
use std::rc::Rc;

/// The log of who takes the writes, as an order of all of them.
pub(super) struct Order<'a> {
    writes: &'a [OpId],
    replicas: &'a ReplicaLog,
    /// When each version was committed, from version 1 on.
    commits: Vec<SimTime>,
    /// What stood in the log of each who took over, and what came after.
    branches: Vec<Vec<Version>>,
    /// From this moment on it does not explain every answer.
    pub fails: Option<SimTime>,
}

impl<'a> Order<'a> {
    pub fn of(history: &History, replicas: &'a ReplicaLog) -> Order<'a> {
        let mut order = Order {
            writes: &replicas.writes,
            replicas,
            commits: Vec::with_capacity(replicas.writes.len()),
            branches: Vec::new(),
            fails: None,
        };
        order.read();
        order.check_log(history);
        order.check_answers(history);
        order.check_carts(history);
        order
    }

    /// The log of who takes the writes. Where another took over that lacked something, no one log
    /// explains the answers any more.
    fn read(&mut self) {
        let replicas = self.replicas;
        let mut logs = Logs::new(usize::from(replicas.copies) + 1);
        for entry in replicas.entries() {
            match entry {
                Entry::Apply(apply) => {
                    match apply.whole {
                        _ if replicas.shifts.is_empty() => {}
                        true => logs.become_like_leader(apply.replica, apply.version),
                        false => logs.push(apply.replica, apply.version),
                    }
                    self.commit(apply, logs.leader);
                }
                Entry::Shift(shift) => {
                    logs.shift(shift.service, shift.kind);
                    if shift.kind == ShiftKind::Leads {
                        let log = logs.of(shift.service);
                        if log.len() != self.commits.len() {
                            self.fail(shift.at);
                        }
                        self.branches.push(log.to_vec());
                    }
                }
            }
        }
    }

    /// What the leader applies is committed, if it is the next version.
    fn commit(&mut self, apply: &Apply, leader: ServiceId) {
        let next = self.commits.len();
        let version = apply.version.0 as usize;
        if apply.replica != leader {
            return;
        }
        if version == next + 1 && next < self.writes.len() {
            self.commits.push(apply.at);
            if let Some(branch) = self.branches.last_mut() {
                branch.push(apply.version);
            }
        } else if self.branches.is_empty() {
            self.fail(apply.at);
        }
    }

    /// When each version was committed, from version 1 on.
    pub fn commits(&self) -> &[SimTime] {
        &self.commits
    }

    fn fail(&mut self, at: SimTime) {
        self.fails = Some(self.fails.map_or(at, |known| known.min(at)));
    }

    /// Every write stands in the log at most once, after its call, and was not refused.
    fn check_log(&mut self, history: &History) {
        let mut stands = vec![false; history.operations.len()];
        for version in 0..self.commits.len() {
            let (op, commit) = (self.writes[version].0 as usize, self.commits[version]);
            match history.operations.get(op) {
                Some(write) if !write.op.is_view() && write.call <= commit && !stands[op] => {
                    stands[op] = true;
                    if let Outcome::Failed { at } = write.outcome {
                        self.fail(at.max(commit));
                    }
                }
                _ => self.fail(commit),
            }
        }
    }

    /// Every confirmed write stands in the log by then, as the version that was told, and behind
    /// all that its session knew; every view shows a first part of the log.
    fn check_answers(&mut self, history: &History) {
        let mut knows = vec![0; history.shoppers.len()];
        for (place, operation) in history.operations.iter().enumerate() {
            let Outcome::Ok { at, answer } = &operation.outcome else {
                continue;
            };
            let Some(knows) = knows.get_mut(operation.client.0 as usize) else {
                self.fail(*at);
                continue;
            };
            let fits = match answer {
                Answer::Done(version) => {
                    let op = (version.0 as usize).checked_sub(1);
                    let op = op.and_then(|nth| self.writes.get(nth));
                    let behind = version.0 > *knows;
                    *knows = version.0.max(*knows);
                    op == Some(&OpId(place as u32)) && self.has(*version, *at) && behind
                }
                Answer::Shown(seen) => {
                    *knows = seen.log.prefix().0.max(*knows);
                    self.is_prefix(&seen.log, *at)
                }
            };
            if !fits {
                self.fail(*at);
            }
        }
    }

    /// Every view's cart is the log's after exactly its first n writes.
    fn check_carts(&mut self, history: &History) {
        const NONE: usize = usize::MAX;
        let mut first = vec![NONE; self.commits.len() + 1];
        let mut next = vec![NONE; history.operations.len()];
        for (place, operation) in history.operations.iter().enumerate() {
            let version = operation.seen().and_then(|seen| seen.log.version());
            if let Some(head) = version.and_then(|version| first.get_mut(version.0 as usize)) {
                next[place] = std::mem::replace(head, place);
            }
        }
        let mut cart = Cart::default();
        for (version, head) in first.into_iter().enumerate() {
            if let Some(deed) = self.replicas.deed(history, Version(version as u32)) {
                cart.apply(&deed);
            }
            let (mut view, mut right): (usize, Option<&Rc<Cart>>) = (head, None);
            while let Some(operation) = history.operations.get(view) {
                if let (Some(seen), Some(ended)) = (operation.seen(), operation.ended()) {
                    let known = right.is_some_and(|right| Rc::ptr_eq(right, &seen.cart));
                    if known || *seen.cart == cart {
                        right = Some(&seen.cart);
                    } else {
                        self.fail(ended);
                    }
                }
                view = next[view];
            }
        }
    }

    /// How many versions were committed by then.
    fn count(&self, at: SimTime) -> u32 {
        self.commits.partition_point(|commit| *commit <= at) as u32
    }

    fn has(&self, version: Version, at: SimTime) -> bool {
        let nth = (version.0 as usize).wrapping_sub(1);
        self.commits.get(nth).is_some_and(|commit| *commit <= at)
    }

    fn is_prefix(&self, log: &Log, at: SimTime) -> bool {
        match log.version() {
            Some(version) => version.0 == 0 || self.has(version, at),
            None => self.branches.iter().any(|branch| {
                let mut known = branch.iter();
                log.iter().all(|version| known.next() == Some(&version))
            }),
        }
    }

    /// The chances of sequential, and consistent prefix.
    pub fn judge(&self, history: &History, views: &[ViewAge], found: &mut Findings) {
        let mut views = views.iter().peekable();
        let mut answered = vec![0; history.shoppers.len()];
        for (place, operation) in history.operations.iter().enumerate() {
            let op = OpId(place as u32);
            let age = views.next_if(|age| age.op == op);
            let Outcome::Ok { at, answer } = &operation.outcome else {
                continue;
            };
            let mut tested = 0;
            if let Some(count) = answered.get_mut(operation.client.0 as usize) {
                *count += 1;
                if *count == 2 || age.is_some_and(|age| age.out > 0) {
                    tested |= bits(&[Property::Sequential]);
                }
            }
            if let Answer::Shown(seen) = answer {
                if self.count(*at) >= 2 {
                    tested |= bits(&[Property::ConsistentPrefix]);
                }
                if !self.is_prefix(&seen.log, *at) {
                    let version = match seen.log.rest() {
                        [] => Version(self.count(*at) + 1),
                        _ => Version(seen.log.prefix().0 + 1),
                    };
                    let witness = Witness {
                        at: *at,
                        op,
                        version,
                        because: op,
                        replica: operation.to,
                    };
                    found.broke(Property::ConsistentPrefix, witness);
                }
            }
            found.chance(*at, tested);
        }
    }
}
