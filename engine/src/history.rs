//! What outsiders saw: each shopper's operations, and when each copy applied each version.
//!
//! This is all that the checkers may look at. Invariant: operations stand in order of call, and
//! nothing here says how the shop works inside (no mode, no message, no setting).

pub mod cart;
pub mod file;
pub mod foreign;
pub mod json;

use crate::shop::{Cart, Line, Name, Op};
use crate::time::SimTime;
use std::rc::Rc;

/// The place of an operation in [`History::operations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId(pub u32);

/// The place of a shopper in [`History::shoppers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u32);

/// A service by its number: 1 takes the writes, 2 and up are the copies that serve views.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceId(pub u8);

impl ServiceId {
    pub const S1: ServiceId = ServiceId(1);
    pub const S2: ServiceId = ServiceId(2);
}

impl std::fmt::Display for ServiceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "s{}", self.0)
    }
}

/// The number that Service 1 gives to a commit, from 1; 0 is the empty cart before any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u32);

/// The versions that a copy applied, in the order in which it did: 1 to `prefix`, then `rest`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Log {
    prefix: u32,
    rest: Vec<Version>,
}

impl Log {
    pub fn push(&mut self, version: Version) {
        if self.rest.is_empty() && version.0 == self.prefix + 1 {
            self.prefix = version.0;
        } else {
            self.rest.push(version);
        }
    }

    /// The version that the copy is at: `None` where its log is not 1..n.
    pub fn version(&self) -> Option<Version> {
        self.rest.is_empty().then_some(Version(self.prefix))
    }

    /// Whether each version is higher than the one before: nothing came out of order, but some may
    /// be missing.
    pub fn is_ascending(&self) -> bool {
        self.rest.is_sorted() && self.rest.first().is_none_or(|first| first.0 > self.prefix)
    }

    /// The versions 1 to this one were applied first, in order.
    pub fn prefix(&self) -> Version {
        Version(self.prefix)
    }

    /// What was applied after that, in the order in which it was.
    pub fn rest(&self) -> &[Version] {
        &self.rest
    }

    /// The highest version in it; 0 for none.
    pub fn newest(&self) -> Version {
        let rest = self.rest.iter().copied().max().unwrap_or_default();
        rest.max(self.prefix())
    }

    pub fn contains(&self, version: Version) -> bool {
        (1..=self.prefix).contains(&version.0) || self.rest.contains(&version)
    }

    pub fn iter(&self) -> impl Iterator<Item = Version> + '_ {
        (1..=self.prefix)
            .map(Version)
            .chain(self.rest.iter().copied())
    }
}

/// `1 to 4`, or `1 to 4, 6, 5`, or `1 to 4, 6 to 9`.
impl std::fmt::Display for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut runs = Vec::from_iter((self.prefix > 0).then_some((1, self.prefix)));
        for version in &self.rest {
            match runs.last_mut() {
                Some((_, last)) if version.0 == *last + 1 => *last = version.0,
                _ => runs.push((version.0, version.0)),
            }
        }
        let mut comma = "";
        runs.iter().try_for_each(|(first, last)| {
            match last - first {
                0 => write!(f, "{comma}{first}")?,
                1 if *first > 1 => write!(f, "{comma}{first}, {last}")?,
                _ => write!(f, "{comma}{first} to {last}")?,
            }
            comma = ", ";
            Ok(())
        })
    }
}

/// What a view was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub cart: Rc<Cart>,
    /// The log of the copy that answered, at its snapshot.
    pub log: Log,
}

/// How an operation ended, in Jepsen's three words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Answered at `at`. A write's answer carries its version, a view's what was seen.
    Ok { at: SimTime, answer: Answer },
    /// Refused before any commit: it can never be seen.
    Failed { at: SimTime },
    /// No answer: it may take effect at any time after its call, or never.
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Done(Version),
    Shown(Seen),
}

/// One operation as its shopper lived it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    pub client: ClientId,
    /// How many of this shopper's operations fired before, from 0.
    pub n: u32,
    pub op: Op,
    /// Who answered; of a purchase, who said how many there were.
    pub to: ServiceId,
    pub call: SimTime,
    pub outcome: Outcome,
}

impl Operation {
    /// When the answer came, if one did.
    pub fn ended(&self) -> Option<SimTime> {
        match self.outcome {
            Outcome::Ok { at, .. } | Outcome::Failed { at } => Some(at),
            Outcome::Unknown => None,
        }
    }

    pub fn seen(&self) -> Option<&Seen> {
        match &self.outcome {
            Outcome::Ok {
                answer: Answer::Shown(seen),
                ..
            } => Some(seen),
            _ => None,
        }
    }
}

/// Every operation that was called, in order of call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    pub shoppers: Vec<Name>,
    pub operations: Vec<Operation>,
    /// What the shop had at the start, in name order; of all else there is no end.
    pub stock: Vec<Line>,
}

/// A copy (or Service 1 itself) has applied a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Apply {
    pub replica: ServiceId,
    pub version: Version,
    pub at: SimTime,
    /// It was given the whole cart of who takes the writes, as of this version, and is nothing else
    /// from then on.
    pub whole: bool,
}

/// Something that concerns all that a service has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    pub service: ServiceId,
    pub at: SimTime,
    /// How many applies came before it.
    pub after: usize,
    pub kind: ShiftKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShiftKind {
    /// All that it had is gone.
    DiskLost,
    /// It takes the writes from here on, and what it has is the shop's truth. Who took them before
    /// is out for good.
    Leads,
}

/// What each service has, in the order in which it came, and who takes the writes: a replay of a
/// replica log.
#[derive(Clone, Debug)]
pub struct Logs {
    pub leader: ServiceId,
    /// By service, from Service 1 on.
    logs: Vec<Vec<Version>>,
    out: Vec<bool>,
}

impl Logs {
    /// Nothing yet, at this many services.
    pub fn new(services: usize) -> Logs {
        Logs {
            leader: ServiceId::S1,
            logs: vec![Vec::new(); services],
            out: vec![false; services],
        }
    }

    /// What a service has; nothing for one that is not there.
    pub fn of(&self, service: ServiceId) -> &[Version] {
        let log = self.logs.get(usize::from(service.0).wrapping_sub(1));
        log.map_or(&[], Vec::as_slice)
    }

    /// Whether another took over from this service.
    pub fn is_out(&self, service: ServiceId) -> bool {
        self.out.get(usize::from(service.0).wrapping_sub(1)) == Some(&true)
    }

    fn log(&mut self, service: ServiceId) -> Option<&mut Vec<Version>> {
        self.logs.get_mut(usize::from(service.0).wrapping_sub(1))
    }

    /// The service has one more.
    pub fn push(&mut self, service: ServiceId, version: Version) {
        if let Some(log) = self.log(service) {
            log.push(version);
        }
    }

    /// The service has what the leader has, up to this version, and nothing else.
    pub fn become_like_leader(&mut self, service: ServiceId, newest: Version) {
        let mut leads = self.of(self.leader).to_vec();
        leads.retain(|version| *version <= newest);
        if let Some(log) = self.log(service) {
            *log = leads;
        }
    }

    pub fn shift(&mut self, service: ServiceId, kind: ShiftKind) {
        match kind {
            ShiftKind::DiskLost => {
                if let Some(log) = self.log(service) {
                    log.clear();
                }
            }
            ShiftKind::Leads => {
                let old = std::mem::replace(&mut self.leader, service);
                if let Some(out) = self.out.get_mut(usize::from(old.0).wrapping_sub(1)) {
                    *out |= old != service;
                }
            }
        }
    }
}

/// When each service applied each version, in order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplicaLog {
    /// Copies of Service 2.
    pub copies: u8,
    pub applied: Vec<Apply>,
    /// The write behind each version: `writes[0]` is version 1's.
    pub writes: Vec<OpId>,
    /// Versions that did something else than their write: they took it back.
    pub undos: Vec<(Version, Op)>,
    /// Lost disks and changes of who takes the writes, in order of time.
    pub shifts: Vec<Shift>,
}

/// What the log says, one after the other.
#[derive(Clone, Copy, Debug)]
pub enum Entry<'a> {
    Apply(&'a Apply),
    Shift(&'a Shift),
}

impl ReplicaLog {
    /// Applies and shifts, in the order in which they happened.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let mut shifts = self.shifts.iter().peekable();
        let mut applies = self.applied.iter().enumerate().peekable();
        std::iter::from_fn(move || {
            let done = applies.peek().map_or(usize::MAX, |(place, _)| *place);
            if let Some(shift) = shifts.next_if(|shift| shift.after <= done) {
                return Some(Entry::Shift(shift));
            }
            applies.next().map(|(_, apply)| Entry::Apply(apply))
        })
    }

    /// Who takes the writes at this moment.
    pub fn leader(&self, now: SimTime) -> ServiceId {
        let shifts = self.shifts.iter().rev();
        let mut leads = shifts.filter(|shift| shift.kind == ShiftKind::Leads && shift.at <= now);
        leads.next().map_or(ServiceId::S1, |shift| shift.service)
    }

    /// What a version did to the cart.
    pub fn deed(&self, history: &History, version: Version) -> Option<Op> {
        if let Some((_, op)) = self.undos.iter().find(|(undo, _)| *undo == version) {
            return Some(*op);
        }
        let write = self.writes.get((version.0 as usize).checked_sub(1)?)?;
        Some(history.operations.get(write.0 as usize)?.op)
    }

    /// When `replica` applied `version`.
    pub fn applied_at(&self, replica: ServiceId, version: Version) -> Option<SimTime> {
        let found = |a: &&Apply| a.replica == replica && a.version == version;
        self.applied.iter().find(found).map(|a| a.at)
    }
}
