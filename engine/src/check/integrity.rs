//! What a shop owes its shelves and its shoppers: it sells no more than it has, and nobody
//! overwrites what they were not shown.
//!
//! **Never oversold.** The confirmed orders of an item are never more than there were at the
//! start. A check on an old copy, and then the act, breaks it (check-then-act):
//! ```text
//!   Alice  |--1 left? yes--buy--|done
//!   Bob       |--1 left? yes--buy--|done      two books were sold, there was one
//! ```
//! **No lost updates** (Berenson et al. 1995, "A critique of ANSI SQL isolation levels", P4). Who
//! was shown the cart and then sets an item has made the new number from the old one. If another
//! shopper's confirmed change of that item stands between the two, it is overwritten unseen:
//! ```text
//!   Alice  |--view--| 1 book                          |--set book to 2--|done
//!   Bob                      |--set book to 5--|done               his five are gone
//! ```
//! A set by somebody who was never shown the cart is no such update, `add` loses nothing, and
//! `remove` means "away with it, however many". What stands between is told by Service 1's log:
//! a change is overwritten unseen if it stands there before the set, and neither it nor anything
//! that replaced it (a later set or remove) was shown to her or is her own.
//!
//! Invariant: only answers that arrived count, so what is broken stays broken.

use crate::check::findings::{Findings, bits};
use crate::check::{Property, Witness};
use crate::history::{
    Answer, ClientId, History, OpId, Operation, Outcome, ReplicaLog, Seen, Version,
};
use crate::order;
use crate::shop::{Name, Op, qty};
use crate::time::SimTime;
use std::collections::BTreeMap;

/// Judges both; `commits` are the moments of Service 1's log, from version 1 on.
pub(super) fn judge(
    history: &History,
    replicas: &ReplicaLog,
    commits: &[SimTime],
    found: &mut Findings,
) {
    oversold(history, found);
    let changes = changes(history, replicas, commits);
    if changes.is_empty() {
        return;
    }
    let mut sets = vec![false; history.shoppers.len()];
    let mut sessions: Vec<Vec<OpId>> = vec![Vec::new(); history.shoppers.len()];
    for operation in &history.operations {
        if let (Op::Set { .. }, Some(sets)) = (operation.op, sets.get_mut(place(operation))) {
            *sets = true;
        }
    }
    for (nth, operation) in (0..).zip(&history.operations) {
        if sets.get(place(operation)) == Some(&true) {
            sessions[place(operation)].push(OpId(nth));
        }
    }
    let mut updates = Updates {
        history,
        writes: &replicas.writes,
        commits,
        changes,
        marks: vec![0; commits.len() + 1],
        found,
    };
    for (mark, session) in (1..).zip(&sessions) {
        updates.session(mark, session);
    }
}

fn place(operation: &Operation) -> usize {
    operation.client.0 as usize
}

/// Orders as they were answered. One could have been too many if all that were answered by then
/// asked for more than there was.
fn oversold(history: &History, found: &mut Findings) {
    let mut answers: Vec<(u64, usize)> = Vec::new();
    for (place, operation) in history.operations.iter().enumerate() {
        if let (Op::Buy { .. }, Some(at)) = (operation.op, operation.ended()) {
            answers.push((at.0, place));
        }
    }
    order::sort(&mut answers);
    // Of each item: asked for, sold, and the last order that was sold, with its version.
    let mut sums = vec![(0, 0, None); history.stock.len()];
    for (at, place) in answers {
        let (at, op) = (SimTime(at), OpId(place as u32));
        let operation = &history.operations[place];
        let (item, count) = (operation.op.item(), operation.op.qty().unwrap_or(0));
        let known = history.stock.iter().zip(&mut sums);
        let known = known.filter(|(line, _)| Some(line.item) == item).last();
        let Some((stock, (asked, sold, last))) = known else {
            continue;
        };
        *asked += u64::from(count);
        if *asked > u64::from(stock.qty) {
            found.chance(at, bits(&[Property::NeverOversold]));
        }
        if let Some((version, _)) = confirmed(operation) {
            *sold += u64::from(count);
            if *sold > u64::from(stock.qty) {
                let (because, version) = last.unwrap_or((op, version));
                let witness = Witness {
                    at,
                    op,
                    version,
                    because,
                    replica: operation.to,
                };
                found.broke(Property::NeverOversold, witness);
            }
            *last = Some((op, version));
        }
    }
}

/// How many of which item were sold up to the order that was too many, and how many there were.
pub fn sold(history: &History, witness: Witness) -> (Name, u64, u32) {
    let op = &history.operations[witness.op.0 as usize].op;
    let item = op.item().unwrap_or(Name::known(b"item"));
    let orders = history.operations.iter();
    let orders = orders.filter(|o| matches!(o.op, Op::Buy { item: other, .. } if other == item));
    let sold = orders.filter(|o| confirmed(o).is_some_and(|(_, at)| at <= witness.at));
    let sold = sold.map(|o| u64::from(o.op.qty().unwrap_or(0))).sum();
    (item, sold, qty(&history.stock, item))
}

/// The version of a confirmed write, and when it was confirmed.
fn confirmed(operation: &Operation) -> Option<(Version, SimTime)> {
    match operation.outcome {
        Outcome::Ok {
            at,
            answer: Answer::Done(version),
        } => Some((version, at)),
        _ => None,
    }
}

/// The item whose number an operation replaces, whatever it was.
fn replaces(op: &Op) -> Option<Name> {
    match op {
        Op::Set { item, .. } | Op::Remove { item } => Some(*item),
        _ => None,
    }
}

/// A confirmed change that stands in Service 1's log.
struct Change {
    version: Version,
    end: SimTime,
    op: OpId,
    client: ClientId,
}

/// Those of each item that anybody sets, in order of version.
fn changes(
    history: &History,
    replicas: &ReplicaLog,
    commits: &[SimTime],
) -> BTreeMap<Name, Vec<Change>> {
    let mut changes = BTreeMap::new();
    for operation in &history.operations {
        if let Op::Set { item, .. } = operation.op {
            changes.insert(item, Vec::new());
        }
    }
    let log = (1..).map(Version).zip(&replicas.writes);
    for (version, op) in log.take(commits.len()) {
        let Some(write) = history.operations.get(op.0 as usize) else {
            continue;
        };
        let item = match write.op {
            Op::Add { item, .. } => Some(item),
            other => replaces(&other),
        };
        let list = item.and_then(|item| changes.get_mut(&item));
        if let (Some(list), Some((told, end))) = (list, confirmed(write))
            && told == version
        {
            list.push(Change {
                version,
                end,
                op: *op,
                client: write.client,
            });
        }
    }
    changes
}

struct Updates<'a> {
    history: &'a History,
    writes: &'a [OpId],
    commits: &'a [SimTime],
    changes: BTreeMap<Name, Vec<Change>>,
    /// By version: the last session that was shown it.
    marks: Vec<u32>,
    found: &'a mut Findings,
}

/// What a shopper has been shown so far.
#[derive(Default)]
struct Shown {
    mark: u32,
    any: bool,
    /// All versions up to this one; others are marked.
    prefix: Version,
    /// By item: the newest version known to her that replaces it.
    replaced: BTreeMap<Name, Version>,
}

impl Shown {
    fn replaces(&mut self, item: Name, version: Version) {
        let known = self.replaced.entry(item).or_default();
        *known = version.max(*known);
    }
}

impl Updates<'_> {
    fn session(&mut self, mark: u32, session: &[OpId]) {
        let mut shown = Shown {
            mark,
            ..Shown::default()
        };
        for op in session {
            let operation = &self.history.operations[op.0 as usize];
            if let (Some(seen), Some(end)) = (operation.seen(), operation.ended()) {
                self.view(&mut shown, seen, end);
            } else if let Some((version, end)) = confirmed(operation)
                && let Some(item) = replaces(&operation.op)
            {
                if shown.any && matches!(operation.op, Op::Set { .. }) {
                    self.update(&shown, *op, item, version, end);
                }
                shown.replaces(item, version);
            }
        }
    }

    fn committed(&self, version: Version, by: SimTime) -> Option<OpId> {
        let nth = (version.0 as usize).checked_sub(1)?;
        let commit = self.commits.get(nth).filter(|commit| **commit <= by);
        commit.and_then(|_| self.writes.get(nth)).copied()
    }

    fn view(&mut self, shown: &mut Shown, seen: &Seen, end: SimTime) {
        shown.any = true;
        shown.prefix = seen.log.prefix().max(shown.prefix);
        for version in seen.log.rest() {
            if let Some(mark) = self.marks.get_mut(version.0 as usize) {
                *mark = shown.mark;
            }
            let write = self.committed(*version, end);
            let write = write.and_then(|op| self.history.operations.get(op.0 as usize));
            if let Some(write) = write.filter(|write| write.call <= end)
                && let Some(item) = replaces(&write.op)
            {
                shown.replaces(item, *version);
            }
        }
    }

    /// A set by somebody who was shown the cart: what it overwrites of others'.
    fn update(&mut self, shown: &Shown, op: OpId, item: Name, version: Version, end: SimTime) {
        let (Some(changes), true) = (
            self.changes.get(&item),
            self.committed(version, end) == Some(op),
        ) else {
            return;
        };
        let own = self.history.operations[op.0 as usize].client;
        let others = |change: &&Change| change.client != own;
        let before = changes.partition_point(|change| change.version < version);
        let (mut tested, mut lost): (Option<SimTime>, Option<(SimTime, &Change)>) = (None, None);
        for change in changes[..before].iter().filter(others) {
            tested = Some(tested.map_or(change.end, |known| known.min(change.end)));
            if tested <= Some(end) {
                break;
            }
        }
        if let Some(at) = tested {
            self.found
                .chance(at.max(end), bits(&[Property::NoLostUpdates]));
        }
        let replaced = shown.replaced.get(&item).copied().unwrap_or_default();
        let known = shown.prefix.max(replaced);
        let first = changes.partition_point(|change| change.version <= known);
        for change in changes[first.min(before)..before].iter().filter(others) {
            let at = change.end.max(end);
            let marked = self.marks[change.version.0 as usize] == shown.mark;
            if !marked && lost.is_none_or(|(known, _)| at < known) {
                lost = Some((at, change));
            }
            if lost.is_some_and(|(at, _)| at == end) {
                break;
            }
        }
        if let Some((at, change)) = lost {
            let witness = Witness {
                at,
                op,
                version: change.version,
                because: change.op,
                replica: self.history.operations[op.0 as usize].to,
            };
            self.found.broke(Property::NoLostUpdates, witness);
        }
    }
}
