//! The four session guarantees (Terry et al. 1994, "Session guarantees for weakly consistent
//! replicated data"), and causal consistency, which is all four of them together.
//!
//! A session is one shopper's operations in order. Terry's guarantees speak of the database that
//! answers, not of values: what counts is which writes stand behind a view, its `seen`. Alice
//! adds a book, Bob removes it, Alice is shown none: her write is there, so nothing is broken.
//!
//! **Read your writes.** A view holds all that its shopper had been told is done:
//! ```text
//!   Alice  |--add book--|done     |--view--| no book
//! ```
//! **Monotonic reads.** It holds all that her earlier views held: time never runs backwards.
//! ```text
//!   Bob    |--view--| book        |--view--| no book
//! ```
//! **Monotonic writes.** If it holds a shopper's later write, then also the earlier one, before it:
//! ```text
//!   Alice  |--add book--|done  |--remove book--|done
//!   Bob                                              |--view--| [remove, add]: a book
//! ```
//! **Writes follow reads.** If it holds a write by a shopper who had been shown w, then also w,
//! before it:
//! ```text
//!   Alice  |--add book--|
//!   Bob             |--view--| book  |--add pen--|
//!   Carol                                            |--view--| [pen]: a pen, no book
//! ```
//!
//! **Causal** (Lamport 1978; Ahamad et al. 1995): what a view shows is closed under "happened
//! before", in an order that keeps it. Judged on `seen` it is exactly the four together
//! (Brzeziński, Sobaniec, Wawrzyniak 2004): a path of "happened before" is made of steps inside a
//! session and from a write to a view that showed it, and each of the four keeps one kind of step.
//! **Causal convergence** (Burckhardt 2014; Bouajjani et al. 2017) asks besides that all views
//! show their writes in one common order, which is that of the versions. **Causal memory** asks
//! besides that each session has one order of its own: what a view shows begins with all that the
//! shopper's view before it showed, in the same order.
//!
//! An operation without an answer is a session of its own: it promises nothing. One that begins
//! at the very instant at which the shopper's earlier one ended comes after it all the same.
//!
//! Invariants: only the history is looked at; where copies apply in order a view costs a few
//! steps, however many shoppers there are. Precondition: a shopper does one thing at a time.

use crate::check::findings::{Findings, bits};
use crate::check::{Property, Witness, staleness};
use crate::history::{Answer, History, Log, OpId, Operation, Outcome, Version};
use crate::time::SimTime;

const NEVER: SimTime = SimTime(u64::MAX);
const NONE: u32 = u32::MAX;

const CAUSAL: usize = bits(&[
    Property::Causal,
    Property::CausalConvergence,
    Property::CausalMemory,
]);

/// Judges every view of the history; `commits` is the length of Service 1's log.
pub(super) fn judge(history: &History, commits: usize, found: &mut Findings) {
    let most = staleness::highest(history, commits);
    let mut sessions = Sessions {
        history,
        shoppers: vec![Session::default(); history.shoppers.len()],
        nodes: Vec::new(),
        writes: vec![Write::default(); most + 2],
        held: Held::new(most),
        tested: vec![0; history.operations.len()],
        found,
    };
    for (place, operation) in history.operations.iter().enumerate() {
        let op = OpId(place as u32);
        if operation.client.0 as usize >= sessions.shoppers.len() {
            continue;
        }
        match &operation.outcome {
            Outcome::Ok {
                at,
                answer: Answer::Shown(seen),
            } => sessions.view(op, operation, &seen.log, *at),
            Outcome::Ok {
                at,
                answer: Answer::Done(version),
            } => sessions.wrote(op, operation, *version, *at),
            _ => {}
        }
    }
    sessions.observe();
}

/// What one shopper knows.
#[derive(Clone)]
struct Session {
    /// Versions of the shopper's own confirmed writes, and the highest of them.
    own: Vec<Version>,
    top: Version,
    /// The views behind what the shopper has been shown, as a chain of nodes.
    shown: u32,
    last: Option<OpId>,
}

impl Default for Session {
    fn default() -> Session {
        Session {
            own: Vec::new(),
            top: Version(0),
            shown: NONE,
            last: None,
        }
    }
}

/// A view of a chain: what all views of the chain held together is what was shown. In keeping
/// with monotonic reads a view holds all that those before held, and the chain is one view long.
struct Node {
    view: OpId,
    prefix: Version,
    next: u32,
    /// A shorter log of which this one is the continuation, and how much of `rest` is in it.
    base: u32,
    from: usize,
    /// The last observer that was found to hold all of it.
    kept: u32,
}

/// A confirmed write: when it was, and what its shopper knew before.
#[derive(Clone, Copy)]
struct Write {
    end: SimTime,
    op: OpId,
    /// The shopper's write before it; 0 is none.
    previous: Version,
    shown: u32,
}

impl Default for Write {
    fn default() -> Write {
        Write {
            end: NEVER,
            op: OpId(0),
            previous: Version(0),
            shown: NONE,
        }
    }
}

/// The writes behind one view, while its log is walked through.
struct Held {
    prefix: u32,
    marks: Vec<u32>,
    mark: u32,
}

impl Held {
    fn new(most: usize) -> Held {
        Held {
            prefix: 0,
            marks: vec![0; most + 2],
            mark: 0,
        }
    }

    fn begin(&mut self, log: &Log) {
        self.prefix = log.prefix().0;
        self.mark += 1;
    }

    /// Versions that Service 1 cannot have given share a place at the end.
    fn place(&self, version: Version) -> usize {
        (version.0 as usize).min(self.marks.len() - 1)
    }

    fn put(&mut self, version: Version) {
        let place = self.place(version);
        self.marks[place] = self.mark;
    }

    fn has(&self, version: Version) -> bool {
        version.0 <= self.prefix || self.marks[self.place(version)] == self.mark
    }

    /// A version of this log that is not held; the beginning of its rest is known to be.
    fn lacks(&self, log: &Log, known: usize) -> Option<Version> {
        let mut prefix = (self.prefix + 1..=log.prefix().0).map(Version);
        let missing = prefix.find(|version| !self.has(*version));
        let mut rest = log.rest().iter().skip(known).copied();
        missing.or_else(|| rest.find(|version| !self.has(*version)))
    }
}

struct Sessions<'a> {
    history: &'a History,
    shoppers: Vec<Session>,
    nodes: Vec<Node>,
    /// By version.
    writes: Vec<Write>,
    held: Held,
    /// By operation: the properties that it puts to the test by what its shopper knows.
    tested: Vec<usize>,
    found: &'a mut Findings,
}

impl Sessions<'_> {
    fn log(&self, view: OpId) -> Option<&Log> {
        let seen = self.history.operations[view.0 as usize].seen()?;
        Some(&seen.log)
    }

    /// What the view owes to its own session.
    fn view(&mut self, op: OpId, operation: &Operation, log: &Log, at: SimTime) {
        self.held.begin(log);
        log.rest()
            .iter()
            .for_each(|version| self.held.put(*version));
        let witness = |version, because| Witness {
            at,
            op,
            version,
            because,
            replica: operation.to,
        };
        let session = &self.shoppers[operation.client.0 as usize];
        let forgotten = match session.top <= log.prefix() {
            true => None,
            false if log.rest().is_empty() => Some(session.top),
            false => session.own.iter().copied().find(|v| !self.held.has(*v)),
        };
        if let Some(version) = forgotten {
            let write = self.writes[self.held.place(version)].op;
            self.found
                .broke(Property::ReadYourWrites, witness(version, write));
        }
        let (mut node, mut backwards) = (session.shown, false);
        while let Some(Node { view, next, .. }) = self.nodes.get(node as usize) {
            if let Some(version) = self.log(*view).and_then(|log| self.held.lacks(log, 0)) {
                backwards = true;
                self.found
                    .broke(Property::MonotonicReads, witness(version, *view));
            }
            node = *next;
        }
        if let Some(before) = session.last
            && let Some(version) = self.log(before).and_then(|before| parts(before, log))
        {
            self.found
                .broke(Property::CausalMemory, witness(version, before));
        }
        if let Some(version) = descends(log) {
            self.found
                .broke(Property::CausalConvergence, witness(version, op));
        }
        let mut tested = 0;
        if !session.own.is_empty() {
            tested |= bits(&[Property::ReadYourWrites]) | CAUSAL;
        }
        if session.shown != NONE {
            tested |= bits(&[Property::MonotonicReads]) | CAUSAL;
        }
        self.tested[op.0 as usize] = tested;
        self.show(operation.client.0 as usize, op, log, backwards);
    }

    /// From now on the shopper has been shown this log.
    fn show(&mut self, who: usize, op: OpId, log: &Log, backwards: bool) {
        let session = &mut self.shoppers[who];
        session.last = Some(op);
        let top = log.rest().iter().copied().fold(log.prefix(), Version::max);
        let known = self.nodes.get(session.shown as usize);
        let known = known.map_or(Version(0), |node| node.prefix);
        if log.rest().is_empty() && known >= top {
            return;
        }
        let next = if backwards { session.shown } else { NONE };
        let node = self.nodes.get(session.shown as usize);
        let seen = node.and_then(|node| self.history.operations[node.view.0 as usize].seen());
        let before = seen.map(|seen| &seen.log).filter(|before| {
            before.prefix() == log.prefix() && log.rest().starts_with(before.rest())
        });
        let base = if before.is_some() {
            session.shown
        } else {
            NONE
        };
        let from = before.map_or(0, |before| before.rest().len());
        session.shown = self.nodes.len() as u32;
        self.nodes.push(Node {
            view: op,
            prefix: log.prefix(),
            next,
            base,
            from,
            kept: 0,
        });
    }

    fn wrote(&mut self, op: OpId, operation: &Operation, version: Version, at: SimTime) {
        let session = &mut self.shoppers[operation.client.0 as usize];
        let write = Write {
            end: at,
            op,
            previous: session.own.last().copied().unwrap_or_default(),
            shown: session.shown,
        };
        session.own.push(version);
        session.top = session.top.max(version);
        let place = self.held.place(version);
        self.writes[place] = write;
    }

    /// What each view owes to the sessions behind the writes that it shows.
    fn observe(&mut self) {
        let early = self.early();
        for (place, operation) in self.history.operations.iter().enumerate() {
            let (Some(seen), Some(ended)) = (operation.seen(), operation.ended()) else {
                continue;
            };
            let mut duties = early[self.held.place(seen.log.prefix())];
            self.held.begin(&seen.log);
            for version in seen.log.rest() {
                if !self.held.has(*version) {
                    self.owe(&mut duties, *version);
                    self.held.put(*version);
                }
            }
            let mut tested = self.tested[place];
            let mut causal = if tested == 0 { NEVER } else { ended };
            for (duty, property) in duties.iter().zip(DUTIES) {
                causal = causal.min(duty.tested.max(ended));
                if duty.tested <= ended {
                    tested |= bits(&[property]);
                } else if duty.tested < NEVER {
                    self.found.chance(duty.tested, bits(&[property]));
                }
                if duty.broken < NEVER {
                    let witness = Witness {
                        at: duty.broken.max(ended),
                        op: OpId(place as u32),
                        version: duty.lacks,
                        because: duty.write,
                        replica: operation.to,
                    };
                    self.found.broke(property, witness);
                }
            }
            if causal == ended {
                tested |= CAUSAL;
            } else if causal < NEVER {
                self.found.chance(causal, CAUSAL);
            }
            self.found.chance(ended, tested);
        }
    }

    /// What a view owes that shows the first n versions in order, by n.
    fn early(&mut self) -> Vec<[Duty; 2]> {
        let mut duties = [Duty::default(); 2];
        let mut early = Vec::with_capacity(self.writes.len());
        self.held.mark += 1;
        early.push(duties);
        for version in 1..self.writes.len() as u32 {
            self.held.prefix = version - 1;
            self.owe(&mut duties, Version(version));
            early.push(duties);
        }
        early
    }

    /// A view shows this version next, after those that are held.
    fn owe(&mut self, duties: &mut [Duty; 2], version: Version) {
        let write = self.writes[self.held.place(version)];
        if write.end == NEVER {
            return;
        }
        let [monotonic, follows] = duties;
        if write.previous > Version(0) {
            let lacks = Some(write.previous).filter(|previous| !self.held.has(*previous));
            monotonic.add(&write, lacks);
        }
        if write.shown != NONE {
            let lacks = self.lacks(write.shown);
            follows.add(&write, lacks);
        }
    }

    /// A version of the views of this chain that is not held.
    fn lacks(&mut self, mut node: u32) -> Option<Version> {
        while let Some(known) = self.nodes.get(node as usize) {
            let (view, next) = (known.view, known.next);
            // What a shorter log of the same copy was found to hold is not looked at again.
            let (mut base, mut from) = (node, usize::MAX);
            while let Some(shorter) = self.nodes.get(base as usize)
                && shorter.kept != self.held.mark
            {
                (base, from) = (shorter.base, shorter.from);
            }
            if base != node {
                let lacks = self.log(view).and_then(|log| self.held.lacks(log, from));
                if lacks.is_some() {
                    return lacks;
                }
                let mut held = node;
                while held != base {
                    self.nodes[held as usize].kept = self.held.mark;
                    held = self.nodes[held as usize].base;
                }
            }
            node = next;
        }
        None
    }
}

/// The guarantees that a view owes to others' sessions.
const DUTIES: [Property; 2] = [Property::MonotonicWrites, Property::WritesFollowReads];

/// One of them, for one view: since when it is put to the test, and since when it is broken.
#[derive(Clone, Copy)]
struct Duty {
    tested: SimTime,
    broken: SimTime,
    /// The write that is shown without what it follows, and what that is.
    write: OpId,
    lacks: Version,
}

impl Default for Duty {
    fn default() -> Duty {
        Duty {
            tested: NEVER,
            broken: NEVER,
            write: OpId(0),
            lacks: Version(0),
        }
    }
}

impl Duty {
    fn add(&mut self, write: &Write, lacks: Option<Version>) {
        self.tested = self.tested.min(write.end);
        if let Some(lacks) = lacks.filter(|_| write.end < self.broken) {
            (self.broken, self.write, self.lacks) = (write.end, write.op, lacks);
        }
    }
}

/// The first version of the earlier log that does not stand in the same place of the later one.
fn parts(earlier: &Log, later: &Log) -> Option<Version> {
    let (before, after) = (earlier.prefix().0, later.prefix().0);
    if after < before {
        return Some(Version(after + 1));
    }
    if after > before {
        return earlier.rest().first().copied();
    }
    let mut after = later.rest().iter();
    earlier
        .rest()
        .iter()
        .copied()
        .find(|version| after.next() != Some(version))
}

/// The first version that stands behind a higher one.
fn descends(log: &Log) -> Option<Version> {
    let mut highest = log.prefix();
    log.rest().iter().copied().find(|version| {
        let falls = *version < highest;
        highest = highest.max(*version);
        falls
    })
}
