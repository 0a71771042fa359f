//! The one door through which handlers act: note in the trace, send a message, set a timer.
//!
//! What is always inlined here and in `queue` and `chance` is on the path of every event: the
//! page is compiled for size, and would leave these few calls a tenth slower than they need be.
//! Invariant: a message that is not [`Journey::Over`] has exactly one live event in the queue,
//! or is held by hand.

use crate::chance::{Chance, Delay, Leg, Stream, Subject};
use crate::history::{OpId, ServiceId, Version};
use crate::sim::fault::{Fault, Hand, Parcel, Point};
use crate::sim::network::Network;
use crate::sim::queue::{Event, EventQueue};
use crate::sim::trace::{
    DOUBLE, Envelope, Journey, Message, MessageId, NodeId, Record, RecordId, Stop, Trace,
    TraceEvent, Why,
};
use crate::sim::world::LOOKS;
use crate::sim::{Acks, Checkout, Config, Fallback, Order, Receipt, Views};
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
    pub rules: Rules,
    /// Who takes the writes: Service 1, until a copy takes over.
    pub leader: ServiceId,
    /// The first version that this one gives.
    pub since: Version,
    pub timers: Vec<Timer>,
    /// Lines that wait for their message, or their operation.
    pub hands: Vec<(Hand, Parcel)>,
    pub traps: Vec<Fault>,
    /// Messages that a hand holds, and since when.
    pub held: Vec<(MessageId, SimTime)>,
    /// Something troubles links or messages, so that sending has to look closer.
    pub troubled: bool,
    /// What looking through long lists cost, in events.
    pub charged: u32,
}

/// How the services do their work, as the text sets it.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    pub keys: bool,
    pub acks: Acks,
    pub receipt: Receipt,
    pub patience: Option<SimDuration>,
    pub fallback: Fallback,
    pub durable_outbox: bool,
    pub batch: Option<SimDuration>,
    pub resend: Option<SimDuration>,
    pub sending: Order,
    pub applying: Order,
    /// A copy that is too old for a view sends its shopper to Service 1.
    pub token_else_s1: bool,
    pub checkout: Checkout,
}

impl Rules {
    pub fn of(config: &Config) -> Rules {
        Rules {
            keys: config.keys,
            acks: config.acks,
            receipt: config.receipt,
            patience: config.patience,
            fallback: config.fallback,
            durable_outbox: config.durable_outbox,
            batch: config.batch,
            resend: config.resend,
            sending: config.sending,
            applying: config.applying,
            token_else_s1: config.views == Views::TokenElseS1,
            checkout: config.checkout,
        }
    }
}

/// What a timer of the world is for.
#[derive(Clone, Copy, Debug)]
pub enum Timer {
    /// A shopper's wait for the answer to this attempt.
    Timeout(OpId, u16),
    /// The shopper asks again.
    Retry(OpId, u16),
    /// Service 1's wait for the receipts of a version.
    Patience(Version),
    /// What the script broke for a while works again.
    Mend(Fault),
    /// Service 1 sends its whole cart to the copies.
    Repair,
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
        let delay = self.network.delay(route.from, route.to);
        let (op, copy, attempt) = (route.op, route.copy, route.attempt);
        let arrives_at = self.now + self.draw(delay, op, leg(message), copy, attempt);
        self.trace.messages.push(Envelope {
            from: route.from,
            to: route.to,
            message,
            op,
            attempt,
            copy,
            journey: Journey::Travelling,
            lost_at: None,
            sent_at: self.now,
            arrives_at,
            sent,
        });
        match self.troubled {
            true => self.send_through_trouble(id),
            false => self.queue.push(arrives_at, Event::Deliver(id)),
        }
    }

    /// The link may be cut, or lossy; a hand may wait for this message.
    fn send_through_trouble(&mut self, id: MessageId) {
        let envelope = *self.trace.message(id);
        let trouble = self
            .network
            .trouble(envelope.from, envelope.to)
            .unwrap_or_default();
        if trouble.cut {
            self.lose(id, Why::Cut, envelope.sent);
            return;
        }
        let key = self.subject(
            envelope.op,
            leg(envelope.message),
            envelope.copy,
            envelope.attempt,
        );
        let hits = |stream, ratio: Option<crate::chance::Ratio>| {
            ratio.is_some_and(|ratio| ratio.hits(self.chance.draw(stream, key.key())))
        };
        let lost = hits(Stream::Loss, trouble.loses);
        let twice = hits(Stream::Twice, trouble.duplicates) && envelope.copy & DOUBLE == 0;
        let back = hits(Stream::Back, trouble.reorders.map(|(ratio, _)| ratio));
        let message = &mut self.trace.messages[id.0 as usize];
        if lost {
            message.journey = Journey::Doomed;
        }
        if let Some((_, by)) = trouble.reorders.filter(|_| back) {
            message.arrives_at = message.arrives_at + by;
        }
        let arrives_at = message.arrives_at;
        self.queue.push(arrives_at, Event::Deliver(id));
        if twice {
            self.double(id, envelope.sent);
        }
        self.hands_on(id, envelope.sent);
    }

    /// A second copy of a message, on a delay of its own.
    fn double(&mut self, id: MessageId, cause: RecordId) {
        let mut envelope = *self.trace.message(id);
        if envelope.copy & DOUBLE != 0 {
            return;
        }
        let double = MessageId(self.trace.messages.len() as u32);
        envelope.copy |= DOUBLE;
        let cause = self.note(TraceEvent::Doubled(double), cause);
        envelope.sent = self.note(TraceEvent::Sent(double), cause);
        envelope.sent_at = self.now;
        let delay = self.network.delay(envelope.from, envelope.to);
        let (op, leg) = (envelope.op, leg(envelope.message));
        let delay = self.draw(delay, op, leg, envelope.copy, envelope.attempt);
        envelope.arrives_at = self.now + delay;
        self.queue.push(envelope.arrives_at, Event::Deliver(double));
        self.trace.messages.push(envelope);
    }

    /// The first hand that waits for this message gets it.
    fn hands_on(&mut self, id: MessageId, cause: RecordId) {
        self.charged += self.hands.len() as u32 / LOOKS;
        let waiting = |(hand, parcel): &(Hand, Parcel)| {
            *hand != Hand::Release && self.trace.fits(id, *parcel)
        };
        if let Some(place) = self.hands.iter().position(waiting) {
            let (hand, _) = self.hands.remove(place);
            self.handle(hand, id, cause);
        }
    }

    /// A hand acts on the first message under way that fits, or waits for one to be sent.
    pub fn hand(&mut self, hand: Hand, parcel: Parcel, cause: RecordId) {
        self.troubled = true;
        let held = hand == Hand::Release;
        let fits = |(id, envelope): &(usize, &Envelope)| {
            let here = match envelope.journey {
                Journey::Stopped => held,
                Journey::Travelling | Journey::Doomed => !held,
                Journey::Over => false,
            };
            here && self.trace.fits(MessageId(*id as u32), parcel)
        };
        self.charged += self.trace.messages.len() as u32 / LOOKS;
        let found = self.trace.messages.iter().enumerate().find(fits);
        match found.map(|(id, _)| MessageId(id as u32)) {
            Some(id) => self.handle(hand, id, cause),
            None if held => self
                .hands
                .retain(|(hand, other)| *hand != Hand::Hold || *other != parcel),
            None => self.hands.push((hand, parcel)),
        }
    }

    fn handle(&mut self, hand: Hand, id: MessageId, cause: RecordId) {
        let now = self.now;
        let envelope = &mut self.trace.messages[id.0 as usize];
        match hand {
            Hand::Drop => self.lose(id, Why::Hand, cause),
            Hand::Hold => {
                envelope.journey = Journey::Stopped;
                self.held.push((id, now));
                self.trace.stops.push(Stop {
                    message: id,
                    from: now,
                    to: None,
                    delay: false,
                });
                self.note(TraceEvent::Stopped(id), cause);
            }
            Hand::Release => {
                envelope.journey = Journey::Travelling;
                let since = self.held.iter().position(|(held, _)| *held == id);
                let since = since.map_or(now, |place| self.held.remove(place).1);
                let open = |stop: &&mut Stop| stop.message == id && stop.to.is_none();
                if let Some(stop) = self.trace.stops.iter_mut().find(open) {
                    stop.to = Some(now);
                }
                self.note(TraceEvent::Released(id), cause);
                self.later(id, now.since(since));
            }
            Hand::Delay(by) => {
                self.trace.stops.push(Stop {
                    message: id,
                    from: now,
                    to: Some(now + by),
                    delay: true,
                });
                self.note(TraceEvent::Delayed(id), cause);
                self.later(id, by);
            }
            Hand::Duplicate => self.double(id, cause),
        }
    }

    /// The message arrives so much later; where that is nothing its event is still in the queue.
    fn later(&mut self, id: MessageId, by: SimDuration) {
        if by.0 > 0 {
            let envelope = &mut self.trace.messages[id.0 as usize];
            envelope.arrives_at = envelope.arrives_at + by;
            let at = envelope.arrives_at;
            self.queue.push(at, Event::Deliver(id));
        }
    }

    /// All held messages go on, and no hand waits any more.
    pub fn let_go(&mut self, cause: RecordId) {
        self.hands.clear();
        while let Some((id, _)) = self.held.first().copied() {
            self.handle(Hand::Release, id, cause);
        }
    }

    /// The message will never arrive.
    pub fn lose(&mut self, id: MessageId, why: Why, cause: RecordId) {
        let message = &mut self.trace.messages[id.0 as usize];
        message.journey = Journey::Over;
        message.lost_at = Some(self.now);
        self.note(TraceEvent::Dropped(id, why), cause);
    }

    /// A link breaks: what is under way on it is lost.
    pub fn cut(&mut self, from: NodeId, to: NodeId, cause: RecordId) {
        self.charged += self.trace.messages.len() as u32 / LOOKS;
        for id in 0..self.trace.messages.len() {
            let envelope = &self.trace.messages[id];
            let there = matches!(envelope.journey, Journey::Travelling | Journey::Doomed);
            if there && envelope.from == from && envelope.to == to {
                self.lose(MessageId(id as u32), Why::Cut, cause);
            }
        }
    }

    /// Whether the script lets this service crash at this point of this operation; once.
    pub fn springs(&mut self, service: ServiceId, point: Point, op: OpId) -> Option<Fault> {
        self.charged += self.traps.len() as u32 / LOOKS;
        let place = self.traps.iter().position(|trap| {
            matches!(trap, Fault::CrashAt(at, when, ask, _)
                if *at == service && *when == point && self.trace.is(op, *ask))
        })?;
        Some(self.traps.remove(place))
    }

    pub fn timer(&mut self, at: SimTime, event: Event) {
        self.queue.push(at, event);
    }

    /// A timer of the world.
    pub fn set(&mut self, at: SimTime, timer: Timer) {
        let place = self.timers.len() as u32;
        self.timers.push(timer);
        self.queue.push(at, Event::Timer(place));
    }

    /// The time that `delay` gives to this leg of the operation.
    #[inline(always)]
    pub fn draw(&self, delay: Delay, op: OpId, leg: Leg, copy: u8, attempt: u16) -> SimDuration {
        self.chance
            .delay(delay, self.subject(op, leg, copy, attempt))
    }

    #[inline(always)]
    fn subject(&self, op: OpId, leg: Leg, copy: u8, attempt: u16) -> Subject {
        let asked = self.trace.operation(op);
        Subject {
            shopper: self.names[asked.client.0 as usize],
            n: asked.n,
            leg,
            copy,
            attempt,
        }
    }
}

fn leg(message: Message) -> Leg {
    match message {
        Message::Request => Leg::Request,
        Message::Replicate(_) | Message::Repair(_) => Leg::Replicate,
        Message::Ack(_) => Leg::Ack,
        Message::Look => Leg::Look,
        Message::Stock(_) => Leg::Told,
        Message::Response(_)
        | Message::Refusal
        | Message::Error
        | Message::Redirect
        | Message::SoldOut => Leg::Response,
    }
}

/// Where a message goes, and for which operation.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    pub from: NodeId,
    pub to: NodeId,
    pub op: OpId,
    pub attempt: u16,
    /// As in [`Envelope::copy`].
    pub copy: u8,
}
