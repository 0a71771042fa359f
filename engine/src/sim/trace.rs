//! The trace: everything that happened in a run, in order, each with its cause.
//!
//! It is the one source of truth: history, measures, pictures and the list of events are folds
//! of it. Invariants: records stand in order of time; a cause stands before what it caused.

use crate::chance::{Seed, mix, name_hash};
use crate::history::{Answer, ClientId, OpId, ServiceId, Version};
use crate::shop::{Cart, Kind, Line, Name, Op};
use crate::sim::fault::{Ask, LinkFault, Parcel};
use crate::sim::{Bound, CueId, Load, ReplicationMode};
use crate::time::SimTime;

/// The place of a record in [`Trace::records`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(pub u32);

impl RecordId {
    /// The cause of what the script itself began.
    pub const NONE: RecordId = RecordId(u32::MAX);
}

/// The place of a message in [`Trace::messages`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u32);

/// The place of an answer in [`Trace::answers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AnswerId(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    pub at: SimTime,
    pub cause: RecordId,
    pub event: TraceEvent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceEvent {
    /// A line of the script took effect.
    Fired(CueId),
    /// Its shopper was busy: the line starts when the earlier one ends.
    Queued(CueId),
    /// A shopper began to wait, and has waited.
    Resting(CueId),
    Rested(CueId),
    /// A shopper asked the shop for something.
    Called(OpId),
    Sent(MessageId),
    Delivered(MessageId),
    /// The update is already here, or on its way into the database: nothing to do.
    Duplicate(MessageId),
    /// The update waits in memory for an earlier version.
    Early(MessageId),
    /// The service's database begins to work for this operation.
    Began(ServiceId, OpId),
    /// A version stands in the service's database; the first time this is the commit.
    Applied(ServiceId, Version),
    /// A view's snapshot was taken.
    Read(ServiceId, OpId, AnswerId),
    /// The background job took an entry: [`Trace::holds`] at this place.
    Held(u32),
    /// The shopper has the answer.
    Ended(OpId, AnswerId),
    ModeChanged(ReplicationMode),
    LimitReached(Bound),
    /// The message will never arrive.
    Dropped(MessageId, Why),
    /// By hand: it stays where it is, goes on, arrives later.
    Stopped(MessageId),
    Released(MessageId),
    Delayed(MessageId),
    /// This message is a second copy of the one that caused it.
    Doubled(MessageId),
    Crashed(ServiceId),
    Restarted(ServiceId),
    Paused(ServiceId),
    Resumed(ServiceId),
    DatabaseStalled(ServiceId),
    DatabaseSlowed(ServiceId),
    DatabaseRecovered(ServiceId),
    /// [`Trace::changes`] at this place.
    LinkChanged(u32),
    /// The shopper was told no: nothing was done.
    Refused(OpId),
    /// The shopper was told that something went wrong: it may be done or not.
    Erred(OpId),
    /// The shopper waits no longer.
    TimedOut(OpId),
    /// The shopper asks again: the attempt, from 1.
    Retried(OpId, u16),
    /// An answer that nobody waits for any more.
    Late(MessageId),
    /// The service has done this before, by its idempotency key, and does not do it again.
    Known(ServiceId, OpId),
    /// Service 1 waited long enough for the receipts of this version.
    GaveUp(Version),
    /// The view waits until the copy has the version that its shopper saw last.
    Waits(ServiceId, OpId),
    /// The copy was given the whole cart, as of this version.
    Repaired(ServiceId, Version),
    /// More visitors come, or fewer: [`Trace::loads`] at this place.
    LoadChanged(u32),
    /// The shopper was told, or shown, that there are not enough: nothing was done.
    SoldOut(OpId),
    /// All that stood in the service's database is gone.
    DiskLost(ServiceId),
    /// From here on this service takes the writes, and what it has is the shop's truth. Versions
    /// that it has not are not.
    Leads(ServiceId),
}

/// Why a message never arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// The link is cut, or was while it was under way.
    Cut,
    /// The link lost it.
    Lost,
    /// The service that it reached is down.
    Down,
    /// It comes from a service that takes no writes any more.
    Fenced,
    Hand,
}

/// A hand held a message, or delays it: it comes no nearer between these moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    pub message: MessageId,
    pub from: SimTime,
    /// `None` while it is held.
    pub to: Option<SimTime>,
    /// It is only late: nobody will let it go.
    pub delay: bool,
}

impl Stop {
    pub fn is_held(&self, now: SimTime) -> bool {
        self.from <= now && self.to.is_none_or(|to| now < to)
    }
}

/// How an operation ended for its shopper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Answer(AnswerId),
    /// Refused before anything was done.
    Refused,
    /// An error, or no answer in time: it may be done or not.
    Unknown,
}

/// A link has changed, one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkChange {
    pub from: NodeId,
    pub to: NodeId,
    pub now: LinkFault,
}

/// An operation as the simulation knows it; the place in the list is its [`OpId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub client: ClientId,
    /// How many of this shopper's operations fired before, from 0.
    pub n: u32,
    pub op: Op,
    pub to: ServiceId,
    /// [`CueId::NONE`] for a visitor's.
    pub cue: CueId,
    pub call: SimTime,
    /// Which of its kind it is among this shopper's operations, from 1.
    pub nth: u32,
    /// How often it was asked again.
    pub attempt: u16,
    /// All that its shopper had seen of the shop: what the answer must not be older than.
    pub token: Version,
    /// Who answered, once somebody did; else `to`.
    pub by: ServiceId,
    /// The line names the service.
    pub named: bool,
    /// Service 1 is asked to do it: any change, and a purchase once enough was shown.
    pub ordered: bool,
    pub ended: Option<(SimTime, Ending)>,
}

impl Asked {
    /// The answer that its shopper has, and since when.
    pub fn answered(&self) -> Option<(SimTime, AnswerId)> {
        match self.ended {
            Some((at, Ending::Answer(answer))) => Some((at, answer)),
            _ => None,
        }
    }
}

/// A shopper or a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeId {
    Client(ClientId),
    Service(ServiceId),
}

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    Request,
    Response(AnswerId),
    /// Carries the write of this version, not the cart.
    Replicate(Version),
    /// The copy has applied this version, and all before it.
    Ack(Version),
    /// An answer: no, nothing was done.
    Refusal,
    /// An answer: something went wrong, maybe it is done.
    Error,
    /// An answer: ask Service 1, this copy is too old for you.
    Redirect,
    /// The whole cart of Service 1, as it was when this was sent.
    Repair(AnswerId),
    /// Before an order: how many are there?
    Look,
    /// An answer to that: what this service has in its database.
    Stock(AnswerId),
    /// An answer: no, there are not enough, nothing was done.
    SoldOut,
}

/// Where a message is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Journey {
    #[default]
    Travelling,
    /// It will be lost on the way.
    Doomed,
    /// Held by hand.
    Stopped,
    /// Arrived, or lost for good.
    Over,
}

/// A message on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope {
    pub from: NodeId,
    pub to: NodeId,
    pub message: Message,
    /// The operation that it belongs to.
    pub op: OpId,
    /// 0 for the first time it is sent.
    pub attempt: u16,
    /// The number of the copy that an update or a receipt concerns, or of the service that is
    /// asked besides the first; else 0. A message's double has [`DOUBLE`] added.
    pub copy: u8,
    pub journey: Journey,
    /// When it was lost, if it was.
    pub lost_at: Option<SimTime>,
    pub sent_at: SimTime,
    /// When it arrives, as drawn (a run may stop before).
    pub arrives_at: SimTime,
    /// The record of its sending.
    pub sent: RecordId,
}

/// Marks the second copy of a message in [`Envelope::copy`].
pub const DOUBLE: u8 = 0x80;

/// An entry of the background job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    pub version: Version,
    pub copy: ServiceId,
    /// When its hold is over; it is sent then, or as soon as the entries before it are.
    pub due: SimTime,
}

/// Everything that happened. The lists beside the records hold what records point at.
#[derive(Clone, Debug)]
pub struct Trace {
    pub seed: Seed,
    /// Those of the script, then the visitors as they came.
    pub shoppers: Vec<Name>,
    /// What there was at the start, in name order; of all else there was no end.
    pub stock: Vec<Line>,
    pub records: Vec<Record>,
    pub operations: Vec<Asked>,
    pub messages: Vec<Envelope>,
    pub answers: Vec<Answer>,
    pub holds: Vec<Hold>,
    /// The operation behind each version: `writes[0]` is version 1's.
    pub writes: Vec<OpId>,
    /// What the versions did that undid another, in order of version.
    pub undos: Vec<(Version, Op)>,
    pub changes: Vec<LinkChange>,
    pub loads: Vec<Load>,
    /// Messages that a hand touched on their way, in order of time.
    pub stops: Vec<Stop>,
    /// When each cue fired, by [`CueId`].
    pub fired: Vec<Option<SimTime>>,
    /// Why the run ended before it was quiet, if it did.
    pub limit: Option<Bound>,
    /// Nothing more could happen when the run ended, and nothing was broken.
    pub quiet: bool,
}

impl Trace {
    /// The instant of the last record; 0 for an empty run.
    pub fn end(&self) -> SimTime {
        self.records
            .last()
            .map_or(SimTime::ZERO, |record| record.at)
    }

    pub fn operation(&self, op: OpId) -> &Asked {
        &self.operations[op.0 as usize]
    }

    pub fn message(&self, message: MessageId) -> &Envelope {
        &self.messages[message.0 as usize]
    }

    pub fn answer(&self, answer: AnswerId) -> &Answer {
        &self.answers[answer.0 as usize]
    }

    /// The operation that made this version.
    pub fn write(&self, version: Version) -> OpId {
        self.writes[version.0 as usize - 1]
    }

    /// What this version did to the cart.
    pub fn deed(&self, version: Version) -> Op {
        let undo = self.undos.iter().find(|(undo, _)| *undo == version);
        undo.map_or(self.operation(self.write(version)).op, |(_, op)| *op)
    }

    /// Whether the operation only asks what there is at this moment: a view, or a purchase that is
    /// not ordered yet.
    pub fn looks(&self, op: OpId, now: SimTime) -> bool {
        let sent = self.messages.iter().take_while(|sent| sent.sent_at <= now);
        match self.operation(op).op {
            Op::Buy { .. } => {
                let mut own = sent.filter(|sent| sent.op == op);
                !own.any(|sent| sent.message == Message::Request)
            }
            other => other.is_view(),
        }
    }

    /// Whether the operation is the one that is meant.
    pub fn is(&self, op: OpId, ask: Ask) -> bool {
        let asked = self.operation(op);
        (asked.client, Kind::of(&asked.op), asked.nth) == (ask.client, ask.kind, ask.nth)
    }

    /// The operation as the language names it.
    pub fn ask(&self, op: OpId) -> Ask {
        let asked = self.operation(op);
        Ask {
            client: asked.client,
            kind: Kind::of(&asked.op),
            nth: asked.nth,
        }
    }

    /// The message as the language names it; `None` for one that has no name.
    pub fn parcel(&self, message: MessageId) -> Option<Parcel> {
        let envelope = self.message(message);
        let copy = ServiceId(envelope.copy & !DOUBLE);
        Some(match envelope.message {
            Message::Replicate(version) => Parcel::Update(version, copy),
            Message::Ack(version) => Parcel::Receipt(version, copy),
            Message::Repair(_) => return None,
            Message::Request | Message::Look => Parcel::Request(self.ask(envelope.op)),
            _ => Parcel::Answer(self.ask(envelope.op)),
        })
    }

    /// Whether the message is one of those that are meant.
    pub fn fits(&self, message: MessageId, parcel: Parcel) -> bool {
        let envelope = self.message(message);
        let copy = ServiceId(envelope.copy & !DOUBLE);
        match (envelope.message, parcel) {
            (Message::Replicate(version), Parcel::Update(meant, to)) => {
                version == meant && copy == to
            }
            (Message::Ack(version), Parcel::Receipt(meant, from)) => {
                version == meant && copy == from
            }
            (Message::Request | Message::Look, Parcel::Request(ask)) => self.is(envelope.op, ask),
            (Message::Request | Message::Look, _) => false,
            (Message::Replicate(_) | Message::Ack(_), _) => false,
            (Message::Repair(_), _) => false,
            (_, Parcel::Answer(ask)) => self.is(envelope.op, ask),
            _ => false,
        }
    }

    pub fn shopper(&self, client: ClientId) -> Name {
        self.shoppers[client.0 as usize]
    }

    /// The hash that a link promises: what an outsider can see, and nothing else. A wrapping sum
    /// over the records, so that ties may be reordered inside the engine. Frozen.
    pub fn hash(&self) -> TraceHash {
        let digest = Digest::of(self);
        let records = self
            .records
            .iter()
            .filter_map(|record| digest.outside(record));
        TraceHash(records.fold(0, u64::wrapping_add))
    }

    /// The hash of every record in order, for determinism tests; it may change with the engine.
    pub fn digest_all(&self) -> u64 {
        let digest = Digest::of(self);
        self.records
            .iter()
            .fold(0, |hash, record| mix(hash ^ digest.inside(record)))
    }

    /// [`Trace::digest_all`] of the records up to and including `end`.
    pub fn digest_until(&self, end: SimTime) -> u64 {
        let digest = Digest::of(self);
        let past = self.records.iter().take_while(|record| record.at <= end);
        past.fold(0, |hash, record| mix(hash ^ digest.inside(record)))
    }
}

/// Printed as 16 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TraceHash(pub u64);

impl std::fmt::Display for TraceHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Tags of the trace hash. Frozen; new kinds get new numbers.
mod tag {
    pub const CALLED: u64 = 1;
    pub const ENDED: u64 = 2;
    pub const SENT: u64 = 3;
    pub const DELIVERED: u64 = 4;
    pub const DROPPED: u64 = 5;
    pub const APPLIED: u64 = 6;
    pub const CRASHED: u64 = 7;
    pub const RESTARTED: u64 = 8;
    pub const LINK: u64 = 9;
    pub const MODE: u64 = 10;
    pub const PAUSED: u64 = 11;
    pub const RESUMED: u64 = 12;
    pub const DATABASE: u64 = 13;
    pub const REPAIRED: u64 = 14;
    pub const LOAD: u64 = 15;
    pub const DISK_LOST: u64 = 16;
    pub const LEADS: u64 = 17;
    /// From here on only in `digest_all`.
    pub const INSIDE: u64 = 1000;
}

/// Hashes records through names and numbers that a text can change only with its meaning.
struct Digest<'a> {
    trace: &'a Trace,
    shoppers: Vec<u64>,
}

/// Outcome numbers in the trace hash.
const OUTCOME_OK: u64 = 0;
const OUTCOME_FAILED: u64 = 1;
const OUTCOME_UNKNOWN: u64 = 2;

fn chain(fields: &[u64]) -> u64 {
    fields.iter().fold(0, |hash, field| {
        mix(hash.wrapping_add(mix(field.wrapping_add(1))))
    })
}

fn op_number(op: &Op) -> u64 {
    match op {
        Op::Add { .. } => 0,
        Op::Set { .. } => 1,
        Op::Remove { .. } => 2,
        Op::View => 3,
        Op::Buy { .. } => 4,
        Op::Return { .. } => 5,
    }
}

fn mode_number(mode: ReplicationMode) -> u64 {
    match mode {
        ReplicationMode::Synchronous => 0,
        ReplicationMode::Background => 1,
    }
}

fn link_number(fault: &LinkFault) -> u64 {
    match fault {
        LinkFault::Heals => 0,
        LinkFault::Breaks(_) => 1,
        LinkFault::Slows(_) => 2,
        LinkFault::Loses(ratio) => chain(&[3, ratio.num.into(), ratio.den.into()]),
        LinkFault::Duplicates(ratio) => chain(&[4, ratio.num.into(), ratio.den.into()]),
        LinkFault::Reorders(ratio, by) => chain(&[5, ratio.num.into(), ratio.den.into(), by.0]),
    }
}

/// The absence of a field that a record's kind has.
const NOTHING: u64 = u64::MAX;

fn cart_hash(cart: &Cart) -> u64 {
    let lines = cart
        .lines()
        .iter()
        .flat_map(|line| [name_hash(line.item), u64::from(line.qty)]);
    let lines = chain(&lines.collect::<Vec<_>>());
    let bought = cart.bought().iter();
    let bought = bought.flat_map(|line| [name_hash(line.item), u64::from(line.qty)]);
    match cart.bought() {
        [] => lines,
        _ => chain(&[lines, chain(&bought.collect::<Vec<_>>())]),
    }
}

impl<'a> Digest<'a> {
    fn of(trace: &'a Trace) -> Digest<'a> {
        Digest {
            trace,
            shoppers: trace.shoppers.iter().map(|name| name_hash(*name)).collect(),
        }
    }

    fn shopper(&self, client: ClientId) -> u64 {
        self.shoppers[client.0 as usize]
    }

    fn node(&self, node: NodeId) -> u64 {
        match node {
            NodeId::Client(client) => self.shopper(client),
            NodeId::Service(service) => u64::from(service.0),
        }
    }

    /// The record as the trace hash knows it; `None` for what an outsider cannot see.
    fn outside(&self, record: &Record) -> Option<u64> {
        let at = record.at.0;
        let hash = match record.event {
            TraceEvent::Called(op) => {
                let asked = self.trace.operation(op);
                let item = asked.op.item().map_or(NOTHING, name_hash);
                let qty = asked.op.qty().map_or(NOTHING, u64::from);
                let who = self.shopper(asked.client);
                let to = u64::from(asked.to.0);
                chain(&[
                    tag::CALLED,
                    at,
                    who,
                    asked.n.into(),
                    op_number(&asked.op),
                    item,
                    qty,
                    to,
                ])
            }
            TraceEvent::Ended(op, answer) => {
                let asked = self.trace.operation(op);
                let (version, cart) = match self.trace.answer(answer) {
                    Answer::Done(version) => (Some(*version), NOTHING),
                    Answer::Shown(seen) => (seen.log.version(), cart_hash(&seen.cart)),
                };
                let version = version.map_or(NOTHING, |version| version.0.into());
                let who = self.shopper(asked.client);
                chain(&[
                    tag::ENDED,
                    at,
                    who,
                    asked.n.into(),
                    OUTCOME_OK,
                    version,
                    cart,
                ])
            }
            TraceEvent::Sent(message) => self.message(tag::SENT, at, message),
            TraceEvent::Delivered(message) => self.message(tag::DELIVERED, at, message),
            TraceEvent::Applied(node, version) => {
                chain(&[tag::APPLIED, at, node.0.into(), version.0.into()])
            }
            TraceEvent::ModeChanged(mode) => chain(&[tag::MODE, at, mode_number(mode)]),
            TraceEvent::Refused(op) | TraceEvent::SoldOut(op) => {
                self.unanswered(at, op, OUTCOME_FAILED)
            }
            TraceEvent::Erred(op) | TraceEvent::TimedOut(op) => {
                self.unanswered(at, op, OUTCOME_UNKNOWN)
            }
            TraceEvent::Dropped(message, _) => self.message(tag::DROPPED, at, message),
            TraceEvent::DiskLost(node) => chain(&[tag::DISK_LOST, at, node.0.into()]),
            TraceEvent::Leads(node) => chain(&[tag::LEADS, at, node.0.into()]),
            TraceEvent::Crashed(node) => chain(&[tag::CRASHED, at, node.0.into()]),
            TraceEvent::Restarted(node) => chain(&[tag::RESTARTED, at, node.0.into()]),
            TraceEvent::Paused(node) => chain(&[tag::PAUSED, at, node.0.into()]),
            TraceEvent::Resumed(node) => chain(&[tag::RESUMED, at, node.0.into()]),
            TraceEvent::DatabaseStalled(node) => chain(&[tag::DATABASE, at, node.0.into(), 0]),
            TraceEvent::DatabaseSlowed(node) => chain(&[tag::DATABASE, at, node.0.into(), 1]),
            TraceEvent::DatabaseRecovered(node) => chain(&[tag::DATABASE, at, node.0.into(), 2]),
            TraceEvent::Repaired(node, version) => {
                chain(&[tag::REPAIRED, at, node.0.into(), version.0.into()])
            }
            TraceEvent::LoadChanged(load) => {
                let Load {
                    rate,
                    writes,
                    length,
                } = self.trace.loads[load as usize];
                let (num, den) = (writes.num.into(), writes.den.into());
                chain(&[tag::LOAD, at, rate.into(), num, den, length.0])
            }
            TraceEvent::LinkChanged(change) => {
                let change = &self.trace.changes[change as usize];
                let (from, to) = (self.node(change.from), self.node(change.to));
                chain(&[tag::LINK, at, from, to, link_number(&change.now)])
            }
            _ => return None,
        };
        Some(hash)
    }

    fn unanswered(&self, at: u64, op: OpId, outcome: u64) -> u64 {
        let asked = self.trace.operation(op);
        let who = self.shopper(asked.client);
        let n = asked.n.into();
        chain(&[tag::ENDED, at, who, n, outcome, NOTHING, NOTHING])
    }

    fn message(&self, tag: u64, at: u64, message: MessageId) -> u64 {
        let envelope = self.trace.message(message);
        let asked = self.trace.operation(envelope.op);
        let kind = match envelope.message {
            Message::Request => 0,
            Message::Response(_) => 1,
            Message::Replicate(_) => 2,
            Message::Ack(_) => 3,
            Message::Refusal => 4,
            Message::Error => 5,
            Message::Redirect => 6,
            Message::Repair(_) => 7,
            Message::Look => 8,
            Message::Stock(_) => 9,
            Message::SoldOut => 10,
        };
        let (from, to) = (self.node(envelope.from), self.node(envelope.to));
        let who = self.shopper(asked.client);
        let (copy, attempt) = (envelope.copy.into(), envelope.attempt.into());
        chain(&[tag, at, kind, from, to, who, asked.n.into(), copy, attempt])
    }

    /// Every record, for tests of determinism.
    fn inside(&self, record: &Record) -> u64 {
        if let Some(hash) = self.outside(record) {
            return hash;
        }
        let at = record.at.0;
        let (kind, first, second) = match record.event {
            TraceEvent::Fired(_) => (0, 0, 0),
            TraceEvent::Queued(_) => (1, 0, 0),
            TraceEvent::Resting(_) => (2, 0, 0),
            TraceEvent::Rested(_) => (3, 0, 0),
            TraceEvent::Duplicate(message) => (4, message.0.into(), 0),
            TraceEvent::Early(message) => (5, message.0.into(), 0),
            TraceEvent::Began(node, op) => (6, node.0.into(), op.0.into()),
            TraceEvent::Read(node, op, _) => (7, node.0.into(), op.0.into()),
            TraceEvent::Held(hold) => {
                let hold = &self.trace.holds[hold as usize];
                (
                    8,
                    u64::from(hold.version.0) << 8 | u64::from(hold.copy.0),
                    hold.due.0,
                )
            }
            TraceEvent::LimitReached(bound) => (9, bound as u64, 0),
            TraceEvent::Stopped(message) => (10, message.0.into(), 0),
            TraceEvent::Released(message) => (11, message.0.into(), 0),
            TraceEvent::Delayed(message) => (12, message.0.into(), 0),
            TraceEvent::Doubled(message) => (13, message.0.into(), 0),
            TraceEvent::Retried(op, attempt) => (14, op.0.into(), attempt.into()),
            TraceEvent::Late(message) => (15, message.0.into(), 0),
            TraceEvent::Known(node, op) => (16, node.0.into(), op.0.into()),
            TraceEvent::GaveUp(version) => (17, version.0.into(), 0),
            TraceEvent::Waits(node, op) => (18, node.0.into(), op.0.into()),
            _ => unreachable!("an outsider sees all other kinds"),
        };
        chain(&[tag::INSIDE + kind, at, first, second])
    }
}
