//! A service: what it does with each message. Service 1 takes writes; s2 and up are the copies.
//!
//! Invariants: Service 1 numbers its commits 1, 2, 3, …; a copy applies in version order, keeps
//! an early update in memory until its turn, and sends its receipt after applying. What stands
//! on disk (`store`, `outbox`) and what lives in memory (`memory`) are apart.

use crate::history::{Answer, OpId, ServiceId, Version};
use crate::sim::out::{Out, Route};
use crate::sim::queue::Event;
use crate::sim::replication::{Committed, Outbox};
use crate::sim::store::{Database, Store, Work};
use crate::sim::trace::{AnswerId, Message, MessageId, NodeId, RecordId, TraceEvent};
use crate::sim::{Config, ReplicationMode};
use crate::time::SimTime;
use std::collections::VecDeque;

#[derive(Debug)]
pub struct Service {
    id: ServiceId,
    store: Store,
    /// Entries for the copies; only Service 1 has any.
    outbox: Outbox,
    database: Database,
    memory: Memory,
}

/// What a crash would lose.
#[derive(Debug)]
struct Memory {
    mode: ReplicationMode,
    /// Synchronous writes that wait for the copies, in order of version.
    unconfirmed: VecDeque<Committed>,
    /// The version that the database is to be given next.
    next: Version,
    /// Updates that came before their turn, by how far they are ahead of `next`.
    early: VecDeque<Option<Work>>,
}

impl Memory {
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
        self.early.pop_front();
        self.next = Version(self.next.0 + 1);
        Some(work)
    }
}

impl Service {
    pub fn new(id: ServiceId, config: &Config) -> Service {
        Service {
            id,
            store: Store::default(),
            outbox: Outbox::new(config),
            database: Database::new(id, config.write, config.read),
            memory: Memory {
                mode: config.mode,
                unconfirmed: VecDeque::new(),
                next: Version(1),
                early: VecDeque::new(),
            },
        }
    }

    pub fn receive(&mut self, message: MessageId, cause: RecordId, out: &mut Out) {
        let envelope = *out.trace.message(message);
        match (envelope.message, envelope.from) {
            (Message::Request, _) => self.asked(envelope.op, cause, out),
            (Message::Replicate(version), _) => {
                let write = Some(version);
                let work = Work {
                    op: envelope.op,
                    write,
                    attempt: envelope.attempt,
                    cause,
                };
                self.told(message, version, work, out);
            }
            (Message::Ack(version), NodeId::Service(copy)) => {
                self.outbox.acked(copy, version);
                self.confirm(cause, out);
            }
            (Message::Ack(_) | Message::Response(_), _) => unreachable!("never sent to a service"),
        }
    }

    fn asked(&mut self, op: OpId, cause: RecordId, out: &mut Out) {
        let view = out.trace.operation(op).op.is_view();
        let write = if view { None } else { Some(Version(0)) };
        self.database.ask(
            Work {
                op,
                write,
                attempt: 0,
                cause,
            },
            out,
        );
    }

    /// An update arrived at this copy.
    fn told(&mut self, message: MessageId, version: Version, work: Work, out: &mut Out) {
        if version <= self.store.applied() {
            let cause = out.note(TraceEvent::Duplicate(message), work.cause);
            self.acknowledge(version, Work { cause, ..work }, out);
        } else if version < self.memory.next || self.memory.place(version).is_some() {
            out.note(TraceEvent::Duplicate(message), work.cause);
        } else if version > self.memory.next {
            let cause = out.note(TraceEvent::Early(message), work.cause);
            *self.memory.place(version) = Some(Work { cause, ..work });
        } else {
            *self.memory.place(version) = Some(work);
            while let Some(turn) = self.memory.turn() {
                self.database.ask(turn, out);
            }
        }
    }

    /// The database has finished its work.
    pub fn finished(&mut self, out: &mut Out) {
        let work = self.database.finish();
        match work.write {
            None => self.snapshot(work, out),
            Some(_) if self.id == ServiceId::S1 => self.commit(work, out),
            Some(version) => {
                self.store.apply(version, &out.trace.operation(work.op).op);
                let cause = out.note(TraceEvent::Applied(self.id, version), work.cause);
                self.acknowledge(version, Work { cause, ..work }, out);
            }
        }
        self.database.go_on(out);
    }

    fn snapshot(&mut self, work: Work, out: &mut Out) {
        let answer = self.answer(Answer::Shown(self.store.snapshot()), out);
        let cause = out.note(TraceEvent::Read(self.id, work.op, answer), work.cause);
        self.respond(work.op, answer, cause, out);
    }

    fn commit(&mut self, work: Work, out: &mut Out) {
        let version = Version(self.store.applied().0 + 1);
        self.store.apply(version, &out.trace.operation(work.op).op);
        out.trace.writes.push(work.op);
        let cause = out.note(TraceEvent::Applied(self.id, version), work.cause);
        let write = Committed {
            version,
            op: work.op,
            cause,
        };
        match self.memory.mode {
            ReplicationMode::Synchronous => {
                self.memory.unconfirmed.push_back(write);
                self.outbox.send_now(write, out);
            }
            ReplicationMode::Background => {
                self.done(write, cause, out);
                self.outbox.hold(write, out);
            }
        }
    }

    /// Confirms the synchronous writes that every copy has by now.
    fn confirm(&mut self, cause: RecordId, out: &mut Out) {
        let everywhere = self.outbox.everywhere();
        while let Some(write) = self.memory.unconfirmed.front().copied()
            && write.version <= everywhere
        {
            self.memory.unconfirmed.pop_front();
            self.done(write, cause, out);
        }
    }

    fn done(&mut self, write: Committed, cause: RecordId, out: &mut Out) {
        let answer = self.answer(Answer::Done(write.version), out);
        self.respond(write.op, answer, cause, out);
    }

    fn answer(&self, answer: Answer, out: &mut Out) -> AnswerId {
        out.trace.answers.push(answer);
        AnswerId(out.trace.answers.len() as u32 - 1)
    }

    fn respond(&self, op: OpId, answer: AnswerId, cause: RecordId, out: &mut Out) {
        let to = NodeId::Client(out.trace.operation(op).client);
        let route = Route {
            from: NodeId::Service(self.id),
            to,
            op,
            attempt: 0,
        };
        out.send(route, Message::Response(answer), cause);
    }

    fn acknowledge(&self, version: Version, work: Work, out: &mut Out) {
        let route = Route {
            from: NodeId::Service(self.id),
            to: NodeId::Service(ServiceId::S1),
            op: work.op,
            attempt: work.attempt,
        };
        out.send(route, Message::Ack(version), work.cause);
    }

    pub fn become_mode(&mut self, mode: ReplicationMode, cause: RecordId, out: &mut Out) {
        self.memory.mode = mode;
        if mode == ReplicationMode::Synchronous {
            self.outbox.flush(cause, out);
        }
    }

    /// A timer of the outbox.
    pub fn timer(&mut self, event: Event, out: &mut Out) {
        match event {
            Event::Due(copy) => self.outbox.due(copy, out),
            Event::Resend(copy) => self.outbox.resend(copy, out),
            _ => unreachable!("no timer of a service"),
        }
    }

    /// Whether a timer that sets off now still has something to do.
    pub fn is_live(&self, copy: ServiceId, event: Event, now: SimTime) -> bool {
        self.outbox.is_live(copy, event, now)
    }
}
