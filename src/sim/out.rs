//! The one door through which handlers act: note in the trace, send a message, set a timer.
//!
//! What is always inlined here and in `queue` and `chance` is on the path of every event: the
//! page is compiled for size, and would leave these few calls a tenth slower than they need be.

use crate::chance::{Chance, Delay, Leg, Subject};
use crate::history::OpId;
use crate::sim::network::Network;
use crate::sim::queue::{Event, EventQueue};
use crate::sim::trace::{
    Envelope, Message, MessageId, NodeId, Record, RecordId, Trace, TraceEvent,
};
use crate::time::{SimDuration, SimTime};

#[derive(Debug)]
pub struct Out {
    pub now: SimTime,
    pub trace: Trace,
    pub queue: EventQueue,
    pub network: Network,
    pub chance: Chance,
    /// The hash of each shopper's name, by client.
    pub names: Vec<u64>,
}

impl Out {
    #[inline(always)]
    pub fn note(&mut self, event: TraceEvent, cause: RecordId) -> RecordId {
        let id = RecordId(self.trace.records.len() as u32);
        self.trace.records.push(Record {
            at: self.now,
            cause,
            event,
        });
        id
    }

    /// Puts a message on its link; it will arrive after the delay drawn for what it is about.
    pub fn send(&mut self, route: Route, message: Message, cause: RecordId) {
        let id = MessageId(self.trace.messages.len() as u32);
        let sent = self.note(TraceEvent::Sent(id), cause);
        let mut envelope = Envelope {
            from: route.from,
            to: route.to,
            message,
            op: route.op,
            attempt: route.attempt,
            sent_at: self.now,
            arrives_at: self.now,
            sent,
        };
        let leg = match message {
            Message::Request => Leg::Request,
            Message::Response(_) => Leg::Response,
            Message::Replicate(_) => Leg::Replicate,
            Message::Ack(_) => Leg::Ack,
        };
        let delay = self.network.delay(route.from, route.to);
        let (copy, attempt) = (envelope.copy(), envelope.attempt);
        envelope.arrives_at = self.now + self.draw(delay, route.op, leg, copy, attempt);
        self.queue.push(envelope.arrives_at, Event::Deliver(id));
        self.trace.messages.push(envelope);
    }

    pub fn timer(&mut self, at: SimTime, event: Event) {
        self.queue.push(at, event);
    }

    /// The time that `delay` gives to this leg of the operation.
    #[inline(always)]
    pub fn draw(&self, delay: Delay, op: OpId, leg: Leg, copy: u8, attempt: u16) -> SimDuration {
        let asked = self.trace.operation(op);
        let shopper = self.names[asked.client.0 as usize];
        self.chance.delay(
            delay,
            Subject {
                shopper,
                n: asked.n,
                leg,
                copy,
                attempt,
            },
        )
    }
}

/// Where a message goes, and for which operation.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    pub from: NodeId,
    pub to: NodeId,
    pub op: OpId,
    pub attempt: u16,
}
