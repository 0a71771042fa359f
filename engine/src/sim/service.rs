//! A service: what it does with each message. The leader takes writes, Service 1 at first; the
//! others are the copies.
//!
//! Invariants: every commit gets the next version; a copy applies in version order unless the
//! text says otherwise, keeps an early update in memory until its turn, and sends its receipt
//! when the text says, after applying by default. What stands on disk (`store`, `outbox`, `keys`)
//! and what lives in memory (`memory`) are apart: a crash takes the memory.

use crate::history::{Answer, OpId, ServiceId, Version};
use crate::shop::{Cart, Op};
use crate::sim::fault::{Fault, Point, Status};
use crate::sim::out::{Out, Route, Timer};
use crate::sim::queue::Event;
use crate::sim::replication::{Committed, Outbox};
use crate::sim::store::{Database, Store, Task, Work, take};
use crate::sim::trace::{AnswerId, Envelope, Message, MessageId, NodeId, RecordId, TraceEvent};
use crate::sim::{Checkout, Config, Fallback, Order, Receipt, ReplicationMode};
use crate::time::SimTime;
use std::collections::VecDeque;

#[derive(Debug)]
pub struct Service {
    id: ServiceId,
    pub status: Status,
    /// Another takes the writes in its place: it is out for good.
    pub fenced: bool,
    /// Its disk is a new one, with nothing on it.
    pub blank: bool,
    /// The first version of the leader that it follows.
    follows: Version,
    store: Store,
    /// Entries for the copies; only who takes the writes has any.
    outbox: Outbox,
    /// What was done under each operation's idempotency key, by operation; 0 for nothing.
    keys: Vec<Version>,
    pub database: Database,
    /// How often the whole cart was sent to a copy that follows anew.
    wholes: u16,
    memory: Memory,
}

/// Marks, among attempts, a whole cart that its copy has to become like, and its receipt.
const FOLLOW: u16 = 0x8000;

/// What a crash loses.
#[derive(Debug)]
struct Memory {
    mode: ReplicationMode,
    /// Synchronous writes that wait for the copies, in order of version.
    unconfirmed: VecDeque<Unconfirmed>,
    /// Writes that are being undone.
    undoing: Vec<Unconfirmed>,
    /// The version that the database is to be given next.
    next: Version,
    /// Updates that came before their turn, by how far they are ahead of `next`.
    early: VecDeque<Option<Work>>,
    /// Views that wait for a version.
    waiting: Vec<Work>,
    /// Updates that wait until this service has become like who sent them.
    held: Vec<(MessageId, Version, Work)>,
}

#[derive(Clone, Copy, Debug)]
struct Unconfirmed {
    write: Committed,
    /// How many of the item there were before.
    prior: u32,
}

impl Memory {
    fn new(mode: ReplicationMode, next: Version) -> Memory {
        Memory {
            mode,
            unconfirmed: VecDeque::new(),
            undoing: Vec::new(),
            next,
            early: VecDeque::new(),
            waiting: Vec::new(),
            held: Vec::new(),
        }
    }

    /// Whether an update that is not before its turn is here.
    fn has(&self, version: Version) -> bool {
        let ahead = (version.0 - self.next.0) as usize;
        matches!(self.early.get(ahead), Some(Some(_)))
    }

    /// Where an update stands that is not before its turn.
    fn place(&mut self, version: Version) -> &mut Option<Work> {
        let ahead = (version.0 - self.next.0) as usize;
        if ahead >= self.early.len() {
            self.early.resize(ahead + 1, None);
        }
        &mut self.early[ahead]
    }

    /// The update whose turn it is, if it is here: the next one's turn comes.
    fn turn(&mut self) -> Option<Work> {
        let work = (*self.early.front()?)?;
        self.skip();
        Some(work)
    }

    fn skip(&mut self) {
        self.early.pop_front();
        self.next = Version(self.next.0 + 1);
    }
}

impl Service {
    pub fn new(id: ServiceId, config: &Config) -> Service {
        Service {
            id,
            status: Status::Up,
            fenced: false,
            blank: false,
            follows: Version(1),
            store: Store::default(),
            outbox: Outbox::new(config),
            keys: Vec::new(),
            database: Database::new(id, config),
            wholes: 0,
            memory: Memory::new(config.mode, Version(1)),
        }
    }

    pub fn receive(
        &mut self,
        message: MessageId,
        envelope: &Envelope,
        cause: RecordId,
        out: &mut Out,
    ) {
        let work = |task, luck| Work {
            op: envelope.op,
            task,
            attempt: envelope.attempt,
            luck,
            cause,
        };
        match (envelope.message, envelope.from) {
            (Message::Request, _) => {
                let view = out.trace.operation(envelope.op).op.is_view();
                let task = if view { Task::Read } else { Task::Commit };
                self.asked(work(task, envelope.attempt), out);
            }
            (Message::Look, _) => self.asked(work(Task::Read, envelope.attempt), out),
            (Message::Replicate(version), _) => {
                self.told(message, version, work(Task::Apply(version), 0), out);
            }
            (Message::Ack(version), NodeId::Service(copy)) => {
                if envelope.attempt >= FOLLOW && self.outbox.is_behind(copy) {
                    self.outbox.follows(copy, false, out);
                }
                self.outbox.acked(copy, version, out.rules.applying);
                self.confirm(Some(version), cause, out);
            }
            (Message::Repair(answer), _) => {
                let needless = match out.trace.answer(answer) {
                    Answer::Shown(_) if self.must_follow(envelope.attempt, out) => false,
                    Answer::Shown(seen) => {
                        seen.log.newest() < self.store.newest() || *seen == self.store.snapshot()
                    }
                    Answer::Done(_) => true,
                };
                if needless || self.database.repairs() {
                    out.note(TraceEvent::Duplicate(message), cause);
                    if needless && envelope.attempt >= FOLLOW {
                        let newest = self.store.newest();
                        self.acknowledge(newest, work(Task::Read, envelope.attempt), out);
                    }
                } else {
                    let luck = envelope.attempt;
                    self.database.ask(work(Task::Repair(answer), luck), out);
                }
            }
            _ => unreachable!("never sent to a service"),
        }
    }

    fn asked(&mut self, work: Work, out: &mut Out) {
        if self.database.is_full() {
            return self.respond(work.op, Message::Refusal, work.attempt, work.cause, out);
        }
        if work.task == Task::Commit {
            if !self.springs(Point::Writing, work.op, work.cause, out) {
                self.database.ask(work, out);
            }
            return;
        }
        let token = out.trace.operation(work.op).token;
        if token <= self.store.applied() || self.id == out.leader {
            self.database.ask(work, out);
        } else if out.rules.token_else_s1 {
            self.respond(work.op, Message::Redirect, work.attempt, work.cause, out);
        } else {
            let cause = out.note(TraceEvent::Waits(self.id, work.op), work.cause);
            self.memory.waiting.push(Work { cause, ..work });
        }
    }

    /// An update arrived at this copy.
    fn told(&mut self, message: MessageId, version: Version, work: Work, out: &mut Out) {
        if self.springs(Point::Writing, work.op, work.cause, out) {
            return;
        }
        // What a leader gives makes sense only on top of what that leader had.
        if self.blank || (self.follows < out.since && version >= out.since) {
            let cause = out.note(TraceEvent::Early(message), work.cause);
            let held = (message, version, Work { cause, ..work });
            return self.memory.held.push(held);
        }
        let (done, known) = match out.rules.applying {
            Order::InOrder => {
                let done = version <= self.store.applied();
                let known = version < self.memory.next || self.memory.has(version);
                (done, known)
            }
            Order::AsItComes => {
                out.charged += self.store.disorder() / 16;
                (self.store.has(version), self.database.has(version))
            }
            // Too old counts as done: nobody needs to send it again.
            Order::Newest => (
                version <= self.store.newest(),
                version <= self.database.newest(),
            ),
        };
        if done {
            let cause = out.note(TraceEvent::Duplicate(message), work.cause);
            self.acknowledge(version, Work { cause, ..work }, out);
        } else if known {
            let cause = out.note(TraceEvent::Duplicate(message), work.cause);
            // What it has told once it tells again: the first receipt may be lost.
            if version < self.memory.next && out.rules.receipt == Receipt::Received {
                self.acknowledge(version, Work { cause, ..work }, out);
            }
        } else if out.rules.applying != Order::InOrder {
            self.take(version, work, out);
        } else if version > self.memory.next {
            let cause = out.note(TraceEvent::Early(message), work.cause);
            *self.memory.place(version) = Some(Work { cause, ..work });
        } else {
            self.memory.skip();
            self.take(version, work, out);
            self.take_turns(out);
        }
    }

    fn take_turns(&mut self, out: &mut Out) {
        while let Some(turn) = self.memory.turn() {
            let version = Version(self.memory.next.0 - 1);
            self.take(version, turn, out);
        }
    }

    /// The update goes into the database; with what the text calls a receipt.
    fn take(&mut self, version: Version, work: Work, out: &mut Out) {
        let task = match out.rules.receipt {
            Receipt::Written => Task::Log(version),
            _ => Task::Apply(version),
        };
        if out.rules.receipt == Receipt::Received {
            self.acknowledge(version, work, out);
        }
        self.database.ask(Work { task, ..work }, out);
    }

    /// A worker of the database has finished.
    pub fn finished(&mut self, worker: u8, out: &mut Out) {
        let Some(work) = self.database.finish(worker) else {
            return;
        };
        match work.task {
            Task::Read => self.snapshot(work, out),
            Task::Commit => self.commit(work, out),
            Task::Undo(version) => self.undo(version, work, out),
            Task::Log(version) => self.log(version, work, out),
            Task::Apply(version) => self.apply(version, work, out),
            Task::Repair(answer) => self.repair(answer, work, out),
        }
        self.database.go_on(out);
    }

    fn snapshot(&mut self, work: Work, out: &mut Out) {
        out.charged += self.store.disorder() / 16;
        let answer = self.answer(Answer::Shown(self.store.snapshot()), out);
        let cause = out.note(TraceEvent::Read(self.id, work.op, answer), work.cause);
        let said = match out.trace.operation(work.op).op.is_view() {
            true => Message::Response(answer),
            false => Message::Stock(answer),
        };
        self.respond(work.op, said, work.attempt, cause, out);
    }

    fn log(&mut self, version: Version, work: Work, out: &mut Out) {
        if self.is_void(version, out) {
            return;
        }
        let next = Work {
            task: Task::Apply(version),
            luck: work.luck + 1,
            ..work
        };
        self.store.logged.push_back(next);
        self.acknowledge(version, work, out);
        self.database.ask(next, out);
    }

    fn apply(&mut self, version: Version, work: Work, out: &mut Out) {
        if self.is_void(version, out) {
            return;
        }
        let same = |other: &Work| other.task == work.task;
        if self.store.logged.front().is_some_and(same) {
            self.store.logged.pop_front();
        }
        let here = match out.rules.applying {
            Order::Newest => version <= self.store.newest(),
            _ => self.store.has(version),
        };
        let mut cause = work.cause;
        if !here {
            self.store.apply(version, &out.trace.deed(version));
            cause = out.note(TraceEvent::Applied(self.id, version), cause);
        }
        if self.springs(Point::Confirming, work.op, cause, out) {
            return;
        }
        if out.rules.receipt == Receipt::Applied {
            self.acknowledge(version, Work { cause, ..work }, out);
        }
        self.wake(cause, out);
    }

    /// The copy becomes what Service 1 was, if that is newer.
    fn repair(&mut self, answer: AnswerId, work: Work, out: &mut Out) {
        let Answer::Shown(seen) = out.trace.answer(answer).clone() else {
            return;
        };
        let newest = seen.log.newest();
        let follow = work.luck >= FOLLOW;
        let older = newest < self.store.newest() && !self.must_follow(work.luck, out);
        if self.id == out.leader || older {
            return;
        }
        if follow {
            (self.blank, self.follows) = (false, out.since);
        }
        self.store.become_like(&seen, out.since);
        let cause = out.note(TraceEvent::Repaired(self.id, newest), work.cause);
        while self.memory.next <= self.store.applied() {
            self.memory.skip();
        }
        self.take_turns(out);
        if follow {
            self.acknowledge(newest, Work { cause, ..work }, out);
            for (message, version, held) in std::mem::take(&mut self.memory.held) {
                self.told(message, version, held, out);
            }
        }
        self.wake(cause, out);
    }

    /// Whether an update counts no more: an earlier leader gave it, and since then this service
    /// leads, or has become like who does.
    fn is_void(&self, version: Version, out: &Out) -> bool {
        self.id == out.leader || (version < out.since && self.follows == out.since)
    }

    /// Whether it has to become like the leader, even if that has less: it has not followed yet.
    fn must_follow(&self, attempt: u16, out: &Out) -> bool {
        attempt >= FOLLOW && (self.blank || self.follows < out.since)
    }

    /// Views that waited for a version that is here now.
    fn wake(&mut self, cause: RecordId, out: &mut Out) {
        let applied = self.store.applied();
        let mut place = 0;
        while let Some(work) = self.memory.waiting.get(place).copied() {
            if out.trace.operation(work.op).token <= applied {
                self.memory.waiting.remove(place);
                self.database.ask(Work { cause, ..work }, out);
            } else {
                place += 1;
            }
        }
    }

    fn commit(&mut self, work: Work, out: &mut Out) {
        if let Some(version) = self.known(work.op, out) {
            return self.answer_again(version, work, out);
        }
        let deed = out.trace.operation(work.op).op;
        if out.rules.checkout == Checkout::Commit && !enough(self.store.cart(), &deed, out) {
            return self.respond(work.op, Message::SoldOut, work.attempt, work.cause, out);
        }
        let prior = deed.item().map_or(0, |item| self.store.cart().qty(item));
        let version = self.number(work.op, &deed, out);
        let cause = out.note(TraceEvent::Applied(self.id, version), work.cause);
        let write = Committed {
            version,
            op: work.op,
            attempt: work.attempt,
            cause,
        };
        if out.rules.keys {
            self.keep_key(work.op, version);
        }
        match self.memory.mode {
            ReplicationMode::Synchronous => {
                self.memory
                    .unconfirmed
                    .push_back(Unconfirmed { write, prior });
                self.outbox.keep(write);
                if self.springs(Point::Replicating, work.op, cause, out) {
                    return;
                }
                self.outbox.send_kept(out);
                if let Some(patience) = out.rules.patience {
                    out.set(out.now + patience, Timer::Patience(version));
                }
                if out.rules.acks.of(self.outbox.copies()) == 0 {
                    self.confirm(None, cause, out);
                }
            }
            ReplicationMode::Background => {
                if self.springs_with(Point::Confirming, write, out) {
                    return;
                }
                self.done(write, cause, out);
                self.outbox.hold(write, out);
                self.springs(Point::Replicating, work.op, cause, out);
            }
        }
    }

    /// The background job keeps the write, and nobody is told.
    fn springs_with(&mut self, point: Point, write: Committed, out: &mut Out) -> bool {
        let Some(trap) = out.springs(self.id, point, write.op) else {
            return false;
        };
        self.outbox.hold(write, out);
        self.crash(trap, write.cause, out);
        true
    }

    fn keep_key(&mut self, op: OpId, version: Version) {
        let place = op.0 as usize;
        self.keys.resize(self.keys.len().max(place + 1), Version(0));
        self.keys[place] = version;
    }

    /// The version that the operation has by its key.
    fn known(&self, op: OpId, out: &Out) -> Option<Version> {
        if !out.rules.keys {
            return None;
        }
        let version = self.keys.get(op.0 as usize).copied();
        version.filter(|version| version.0 > 0)
    }

    /// A write that was done before: the answer is the first one's.
    fn answer_again(&mut self, version: Version, work: Work, out: &mut Out) {
        let cause = out.note(TraceEvent::Known(self.id, work.op), work.cause);
        let write = Committed {
            version,
            op: work.op,
            attempt: work.attempt,
            cause,
        };
        match self.memory.mode {
            ReplicationMode::Synchronous => {
                let write = Unconfirmed { write, prior: 0 };
                self.memory.unconfirmed.push_back(write);
                self.confirm(None, cause, out);
            }
            ReplicationMode::Background => self.done(write, cause, out),
        }
    }

    /// Gives a deed the next version, and does it.
    fn number(&mut self, op: OpId, deed: &Op, out: &mut Out) -> Version {
        out.trace.writes.push(op);
        let version = Version(out.trace.writes.len() as u32);
        self.store.apply(version, deed);
        version
    }

    /// Confirms the synchronous writes that enough copies have by now; of copies without an order
    /// a receipt concerns only its own version.
    fn confirm(&mut self, told: Option<Version>, cause: RecordId, out: &mut Out) {
        let (applying, need) = (out.rules.applying, out.rules.acks.of(self.outbox.copies()));
        let mut place = 0;
        while let Some(waiting) = self.memory.unconfirmed.get(place).copied() {
            let write = waiting.write;
            let other =
                applying != Order::InOrder && told.is_some_and(|told| told != write.version);
            if !other && self.outbox.receipts(write.version, applying) >= need {
                take(&mut self.memory.unconfirmed, place);
                if self.springs(Point::Confirming, write.op, cause, out) {
                    return;
                }
                self.done(write, cause, out);
            } else if applying == Order::InOrder {
                return;
            } else {
                place += 1;
            }
        }
    }

    /// Whether Service 1 still waits for the receipts of a version.
    pub fn waits_for(&self, version: Version) -> bool {
        let waiting = &self.memory.unconfirmed;
        waiting
            .iter()
            .any(|waiting| waiting.write.version == version)
    }

    /// It has waited long enough.
    pub fn give_up(&mut self, version: Version, out: &mut Out) {
        let waiting = &mut self.memory.unconfirmed;
        let Some(place) = waiting
            .iter()
            .position(|other| other.write.version == version)
        else {
            return;
        };
        let Some(given) = waiting.remove(place) else {
            return;
        };
        let write = given.write;
        let cause = out.note(TraceEvent::GaveUp(version), write.cause);
        match out.rules.fallback {
            Fallback::Done => self.done(write, cause, out),
            Fallback::Error => self.respond(write.op, Message::Error, write.attempt, cause, out),
            Fallback::Undo => {
                self.memory.undoing.push(given);
                let work = Work {
                    op: write.op,
                    task: Task::Undo(version),
                    attempt: write.attempt,
                    luck: write.attempt + 0x100,
                    cause,
                };
                self.database.ask(work, out);
            }
        }
    }

    /// A new version takes back what this one did, and goes to the copies like any other.
    fn undo(&mut self, version: Version, work: Work, out: &mut Out) {
        let undoing = &mut self.memory.undoing;
        let Some(place) = undoing
            .iter()
            .position(|other| other.write.version == version)
        else {
            return;
        };
        let prior = undoing.remove(place).prior;
        let deed = match out.trace.operation(work.op).op {
            Op::Add { item, qty } => Op::Set {
                item,
                qty: self.store.cart().qty(item).saturating_sub(qty),
            },
            Op::Set { item, .. } | Op::Remove { item } => Op::Set { item, qty: prior },
            Op::Buy { item, qty } => Op::Return { item, qty },
            other @ (Op::View | Op::Return { .. }) => other,
        };
        let version = self.number(work.op, &deed, out);
        out.trace.undos.push((version, deed));
        let cause = out.note(TraceEvent::Applied(self.id, version), work.cause);
        let write = Committed {
            version,
            op: work.op,
            attempt: work.attempt,
            cause,
        };
        match self.memory.mode {
            ReplicationMode::Synchronous => {
                self.outbox.keep(write);
                self.outbox.send_kept(out);
            }
            ReplicationMode::Background => self.outbox.hold(write, out),
        }
        self.respond(work.op, Message::Error, work.attempt, cause, out);
    }

    fn done(&mut self, write: Committed, cause: RecordId, out: &mut Out) {
        let answer = self.answer(Answer::Done(write.version), out);
        self.respond(
            write.op,
            Message::Response(answer),
            write.attempt,
            cause,
            out,
        );
    }

    fn answer(&self, answer: Answer, out: &mut Out) -> AnswerId {
        out.trace.answers.push(answer);
        AnswerId(out.trace.answers.len() as u32 - 1)
    }

    fn respond(&self, op: OpId, said: Message, attempt: u16, cause: RecordId, out: &mut Out) {
        let asked = out.trace.operation(op);
        // An order is Service 1's alone, whoever said how many there are.
        let order = !asked.op.is_view() && !matches!(said, Message::Stock(_));
        let first = asked.to == self.id || order;
        let route = Route {
            from: NodeId::Service(self.id),
            to: NodeId::Client(asked.client),
            op,
            attempt,
            copy: if first { 0 } else { self.id.0 },
        };
        out.send(route, said, cause);
    }

    fn acknowledge(&self, version: Version, work: Work, out: &mut Out) {
        let route = Route {
            from: NodeId::Service(self.id),
            to: NodeId::Service(out.leader),
            op: work.op,
            attempt: work.attempt,
            copy: self.id.0,
        };
        out.send(route, Message::Ack(version), work.cause);
    }

    pub fn mode(&self) -> ReplicationMode {
        self.memory.mode
    }

    pub fn become_mode(&mut self, mode: ReplicationMode, cause: RecordId, out: &mut Out) {
        self.memory.mode = mode;
        if mode == ReplicationMode::Synchronous && self.status != Status::Down {
            self.outbox.flush(cause, out);
        }
    }

    /// Sends the whole cart to every copy.
    pub fn send_repairs(&mut self, round: u16, out: &mut Out) {
        let Some(op) = out.trace.writes.last().copied() else {
            return;
        };
        out.charged += self.store.disorder() / 16;
        let answer = self.answer(Answer::Shown(self.store.snapshot()), out);
        for copy in self.outbox.ids() {
            let route = self.to_copy(copy, op, 0x4000 | round);
            out.send(route, Message::Repair(answer), RecordId::NONE);
        }
    }

    fn to_copy(&self, copy: ServiceId, op: OpId, attempt: u16) -> Route {
        Route {
            from: NodeId::Service(self.id),
            to: NodeId::Service(copy),
            op,
            attempt,
            copy: copy.0,
        }
    }

    /// Takes the writes from now on: what stands on its disk is what counts before `out.since`.
    pub fn lead(&mut self, mode: ReplicationMode, cause: RecordId, out: &mut Out, fenced: &[bool]) {
        // As after a crash, what is in the log on its disk is done first.
        while let Some(work) = self.store.logged.pop_front() {
            if let Task::Apply(version) = work.task
                && !self.store.has(version)
            {
                self.store.apply(version, &out.trace.deed(version));
                out.note(TraceEvent::Applied(self.id, version), cause);
            }
        }
        let cause = out.note(TraceEvent::Leads(self.id), cause);
        self.store.begin(out.since);
        self.keys.clear();
        if out.rules.keys {
            for version in self.store.versions() {
                self.keep_key(out.trace.write(version), version);
            }
        }
        let waiting = std::mem::take(&mut self.memory.waiting);
        self.memory = Memory::new(mode, out.since);
        for work in waiting {
            self.database.ask(Work { cause, ..work }, out);
        }
        let me = self.id;
        self.outbox
            .begin(|copy| copy != me && !fenced[copy.0 as usize - 1]);
        for copy in self.outbox.ids() {
            self.follow(copy, cause, out);
        }
    }

    /// The copy is to become like this service, whatever it has.
    pub fn follow(&mut self, copy: ServiceId, cause: RecordId, out: &mut Out) {
        // Where nothing was ever written all are alike.
        if out.trace.writes.is_empty() {
            return;
        }
        self.outbox.follows(copy, true, out);
        self.send_whole(copy, cause, out);
    }

    fn send_whole(&mut self, copy: ServiceId, cause: RecordId, out: &mut Out) {
        let Some(op) = out.trace.writes.last().copied() else {
            return;
        };
        if self.status == Status::Down || !self.outbox.is_behind(copy) {
            return;
        }
        out.charged += self.store.disorder() / 16;
        self.wholes = (self.wholes + 1) % FOLLOW;
        let answer = self.answer(Answer::Shown(self.store.snapshot()), out);
        let route = self.to_copy(copy, op, FOLLOW | self.wholes);
        out.send(route, Message::Repair(answer), cause);
    }

    /// A timer of the outbox.
    pub fn timer(&mut self, event: Event, out: &mut Out) {
        match event {
            Event::Due(copy) => self.outbox.due(copy, out),
            Event::Resend(copy) => {
                self.send_whole(copy, RecordId::NONE, out);
                self.outbox.resend(copy, out);
            }
            _ => unreachable!("no timer of a service"),
        }
    }

    /// Whether a timer that sets off now still has something to do.
    pub fn is_live(&self, copy: ServiceId, event: Event, sending: Order, now: SimTime) -> bool {
        self.status != Status::Down && self.outbox.is_live(copy, event, sending, now)
    }

    /// A timer set off that has nothing to do.
    pub fn expired(&mut self, copy: ServiceId, now: SimTime) {
        self.outbox.expired(copy, now);
    }

    /// Crashes where the script says so. True where it did.
    fn springs(&mut self, point: Point, op: OpId, cause: RecordId, out: &mut Out) -> bool {
        if out.traps.is_empty() {
            return false;
        }
        match out.springs(self.id, point, op) {
            Some(trap) => {
                self.crash(trap, cause, out);
                true
            }
            None => false,
        }
    }

    /// Memory is gone, the database stays.
    pub fn crash(&mut self, fault: Fault, cause: RecordId, out: &mut Out) {
        if self.status == Status::Down {
            return;
        }
        self.status = Status::Down;
        out.note(TraceEvent::Crashed(self.id), cause);
        self.database.crash();
        self.outbox.crash(out.rules.durable_outbox);
        self.memory = Memory::new(self.memory.mode, Version(0));
        if let Fault::Crash(_, Some(length)) | Fault::CrashAt(.., Some(length)) = fault {
            out.set(out.now + length, Timer::Mend(Fault::Restart(self.id)));
        }
    }

    /// The database is gone, and what was on its way from it.
    pub fn lose_disk(&mut self, cause: RecordId, out: &mut Out) {
        out.note(TraceEvent::DiskLost(self.id), cause);
        self.blank = true;
        self.store = Store::default();
        self.keys.clear();
        self.outbox.begin(|_| true);
    }

    /// Goes on from what stands on disk.
    pub fn restart(&mut self, cause: RecordId, out: &mut Out) {
        if self.status != Status::Down || self.fenced {
            return;
        }
        self.status = Status::Up;
        let cause = out.note(TraceEvent::Restarted(self.id), cause);
        let logged = self.store.logged.back().map(|work| work.task);
        let known = match logged {
            Some(Task::Apply(version)) => version.max(self.store.applied()),
            _ => self.store.applied(),
        };
        self.memory.next = Version(known.0 + 1);
        for place in 0..self.store.logged.len() {
            let work = self.store.logged[place];
            self.database.ask(Work { cause, ..work }, out);
        }
        self.outbox.restart(out);
        for copy in self.outbox.ids() {
            self.send_whole(copy, cause, out);
        }
    }
}

/// Whether a database with this cart has enough left for the order; all else it can do.
pub fn enough(cart: &Cart, op: &Op, out: &Out) -> bool {
    let Op::Buy { item, qty } = *op else {
        return true;
    };
    let left = cart.left(&out.trace.stock, item);
    left.is_none_or(|left| left >= i64::from(qty))
}
