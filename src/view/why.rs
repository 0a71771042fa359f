//! Why a promise is broken: the moments that prove it, and the operations that they concern.
//!
//! ```text
//!   1  Alice is told that “add book” is done          62 ms
//!   2  the background job still holds v1             ...
//!   3  Bob asks for the cart                         162 ms
//!   4  Service 2 reads its copy: v0                  191 ms
//! ```
//!
//! The witness comes from the judge; where the missing update was comes from the trace.
//! Invariant: each pin is a moment of this run, in order of time, none after the breach.

use crate::check::Witness;
use crate::history::{OpId, ServiceId, Version};
use crate::shop::Op;
use crate::sim::trace::{AnswerId, Message, NodeId, Record, Trace, TraceEvent};
use crate::time::SimTime;
use crate::view::Show;
use crate::view::words::why as words;

/// The proof of one breach.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    pub pins: Vec<Pin>,
    /// The operations concerned: they light up on the timeline.
    pub operations: Vec<OpId>,
    /// The place in `pins` of what let it happen, where the trace shows it.
    pub cause: Option<usize>,
}

/// A moment of the proof: when, on whose lane, and what happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    pub at: SimTime,
    pub lane: NodeId,
    pub words: String,
}

/// Where the missing update was when the copy was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// Service 1 had not sent it.
    Unsent,
    /// The background job held it until then.
    Held(SimTime),
    /// It was under way, to arrive then.
    UnderWay(SimTime),
    /// It waited at the copy for an earlier one.
    Early,
    /// The copy was writing it.
    Arrived,
    /// The copy had applied it, in its own order or once too often.
    Applied,
    /// What the list of events says: it was lost, or who had it crashed.
    Trouble,
}

impl Proof {
    pub fn of(show: &Show, witness: Witness) -> Proof {
        let trace = &show.run.trace;
        let write = version_writer(show, witness.version);
        let mut operations = vec![witness.op];
        let mut pins = Vec::new();
        for op in [Some(witness.because), write].into_iter().flatten() {
            if !operations.contains(&op) {
                operations.push(op);
                pins.extend(answered(show, op).filter(|pin| pin.at <= witness.at));
            }
        }
        let asked = &trace.operations[witness.op.0 as usize];
        let mut cause = None;
        let looked = snapshot(trace, witness.op);
        if looked.is_some() {
            pins.push(Pin {
                at: asked.call,
                lane: NodeId::Client(asked.client),
                words: words::asks(show, witness.op),
            });
        }
        let known = looked.map_or(witness.at, |(read, _)| read);
        let shown = last_view(show, witness);
        if shown.is_none() {
            cause = missing(show, witness, known).map(|(record, place)| Pin {
                at: record.at,
                lane: NodeId::Service(match place {
                    Whereabouts::Applied => witness.replica,
                    _ => show.run.replicas.leader(record.at),
                }),
                words: words::whereabouts(show, &record, witness, place),
            });
        }
        let read = looked.map(|(read, answer)| Pin {
            at: read,
            lane: NodeId::Service(witness.replica),
            words: words::reads(show, witness.op, witness.replica, answer),
        });
        if !asked.op.is_view() {
            pins.extend(answered(show, witness.op).filter(|pin| pin.at <= witness.at));
            // Nothing was missing when the stock was read: the act came too late after it.
            cause = cause.or(read.clone());
        }
        pins.extend(read.filter(|read| cause.as_ref() != Some(read)));
        // What she was shown is what her number was made from.
        if let Some(view) = shown {
            operations.push(view);
            cause = answered(show, view);
        }
        pins.extend(cause.clone());
        pins.sort_by_key(|pin| pin.at);
        let cause = pins.iter().position(|pin| Some(pin) == cause.as_ref());
        Proof {
            pins,
            operations,
            cause,
        }
    }
}

/// The write that made this version.
fn version_writer(show: &Show, version: Version) -> Option<OpId> {
    let place = (version.0 as usize).checked_sub(1)?;
    show.run.replicas.writes.get(place).copied()
}

/// The answer of an operation, as a pin.
fn answered(show: &Show, op: OpId) -> Option<Pin> {
    let asked = &show.run.trace.operations[op.0 as usize];
    let (at, _) = asked.ended?;
    Some(Pin {
        at,
        lane: NodeId::Client(asked.client),
        words: words::answered(show, op),
    })
}

/// The last view of somebody who then overwrote another's change.
fn last_view(show: &Show, witness: Witness) -> Option<OpId> {
    let operations = &show.run.history.operations;
    let own = &operations[witness.op.0 as usize];
    let other = operations[witness.because.0 as usize].client != own.client;
    let updates = matches!(own.op, Op::Set { .. }) && other;
    let mut before = (0..witness.op.0).rev().filter(|_| updates).map(OpId);
    before.find(|op| {
        let view = &operations[op.0 as usize];
        view.client == own.client && view.seen().is_some()
    })
}

/// When the snapshot of a view was taken, or the stock was read for an order; and what it was.
fn snapshot(trace: &Trace, op: OpId) -> Option<(SimTime, AnswerId)> {
    let call = trace.operations[op.0 as usize].call;
    let from = trace.records.partition_point(|record| record.at < call);
    trace.records[from..]
        .iter()
        .find_map(|record| match record.event {
            TraceEvent::Read(_, of, answer) if of == op => Some((record.at, answer)),
            _ => None,
        })
}

/// The last that the trace says of the missing update before the copy was read.
fn missing(show: &Show, witness: Witness, read: SimTime) -> Option<(Record, Whereabouts)> {
    let trace = &show.run.trace;
    let committed = show.run.replicas.applied.iter();
    let mut committed = committed.filter(|apply| apply.version == witness.version);
    let leads = committed
        .next()
        .map_or(ServiceId::S1, |apply| apply.replica);
    let to = trace.records.partition_point(|record| record.at <= read);
    let (version, copy) = (witness.version, witness.replica);
    let update = |message: crate::sim::trace::MessageId| {
        let envelope = &trace.messages[message.0 as usize];
        let same = envelope.message == Message::Replicate(version);
        (same && envelope.to == NodeId::Service(copy)).then_some(envelope.arrives_at)
    };
    let place = |record: &Record| match record.event {
        TraceEvent::Held(entry) => {
            let hold = &trace.holds[entry as usize];
            let same = hold.version == version && hold.copy == copy;
            same.then_some(Whereabouts::Held(hold.due))
        }
        TraceEvent::Sent(message) => update(message).map(Whereabouts::UnderWay),
        TraceEvent::Early(message) => update(message).map(|_| Whereabouts::Early),
        TraceEvent::Delivered(message) => update(message).map(|_| Whereabouts::Arrived),
        TraceEvent::Applied(at, applied) if at == copy && applied == version => {
            Some(Whereabouts::Applied)
        }
        TraceEvent::Applied(at, applied) if at == leads && applied == version => {
            Some(Whereabouts::Unsent)
        }
        TraceEvent::Dropped(message, _) => update(message).map(|_| Whereabouts::Trouble),
        TraceEvent::Crashed(at) if at == leads => Some(Whereabouts::Trouble),
        TraceEvent::DiskLost(at) if at == leads || at == copy => Some(Whereabouts::Trouble),
        TraceEvent::Leads(_) => Some(Whereabouts::Trouble),
        _ => None,
    };
    trace.records[..to]
        .iter()
        .rev()
        .find_map(|record| Some((*record, place(record)?)))
}
