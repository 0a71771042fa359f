//! A shopper: one operation at a time, in the order in which the lines fired; waits as long as the
//! text says, asks again as often as it says, and remembers what it saw.
//!
//! Invariant: an operation ends once; what arrives for it afterwards changes nothing.

use crate::chance::{Chance, Delay, Leg, Stream, mix};
use crate::history::{Answer, ClientId, OpId, ServiceId, Version};
use crate::shop::{Kind, Op};
use crate::sim::out::{Route, Timer};
use crate::sim::service::enough;
use crate::sim::trace::{
    AnswerId, Asked, DOUBLE, Ending, Envelope, Message, MessageId, NodeId, RecordId, TraceEvent,
};
use crate::sim::world::World;
use crate::sim::{Checkout, Config, CueId, Views};
use crate::time::SimDuration;
use std::collections::VecDeque;

#[derive(Debug, Default)]
pub struct Client {
    /// Operations called so far: the next one's `n`.
    pub called: u32,
    /// The same of each kind.
    counts: [u32; Kind::ALL],
    /// What the shopper is busy with.
    pub busy: Option<CueId>,
    /// The newest version that the shopper was told of, or shown.
    token: Version,
    /// Of the view that is asked of several copies: answers so far, and the newest.
    answers: Vec<(ServiceId, AnswerId)>,
    /// Lines that fired while the shopper was busy, in order of firing.
    pub queued: VecDeque<CueId>,
}

/// What all shoppers do alike.
#[derive(Clone, Debug)]
pub struct Habits {
    timeout: Option<SimDuration>,
    retries: u8,
    backoff: Delay,
    views: Views,
    checkout: Checkout,
    copies: u8,
    /// The nearest copy of each shopper of the script; a visitor's is Service 2.
    nearest: Vec<ServiceId>,
}

impl Habits {
    pub fn of(config: &Config) -> Habits {
        Habits {
            timeout: config.timeout,
            retries: config.retries,
            backoff: config.backoff,
            views: config.answering(),
            checkout: config.checkout,
            copies: config.replicas,
            nearest: config
                .shoppers
                .iter()
                .map(|name| config.nearest(*name))
                .collect(),
        }
    }

    /// Whether the shopper asks what there is: for the cart, or before an order.
    fn looks(&self, op: &Op) -> bool {
        let buys = matches!(op, Op::Buy { .. });
        op.is_view() || (buys && self.checkout == Checkout::Shown)
    }

    /// Who answers a view that names no service.
    fn view(&self, chance: &Chance, client: ClientId, shopper: u64, n: u32) -> ServiceId {
        let draw = |key: u64| {
            let bits = chance.draw(Stream::Route, mix(shopper ^ mix(key)));
            ServiceId(2 + ((u128::from(bits) * u128::from(self.copies)) >> 64) as u8)
        };
        match self.views {
            Views::From(service) => service,
            Views::Any => draw(u64::from(n) + 1),
            Views::Sticky => draw(0),
            Views::Nearest => {
                let nearest = self.nearest.get(client.0 as usize);
                nearest.copied().unwrap_or(ServiceId::S2)
            }
            Views::Token | Views::TokenElseS1 | Views::Quorum(_) => ServiceId::S2,
        }
    }
}

impl World {
    /// A shopper asks the shop for something.
    pub(super) fn call(
        &mut self,
        client: ClientId,
        cue: CueId,
        op: Op,
        named: Option<ServiceId>,
        cause: RecordId,
    ) {
        let id = OpId(self.out.trace.operations.len() as u32);
        let shopper = &mut self.clients[client.0 as usize];
        let (n, token) = (shopper.called, shopper.token);
        shopper.called += 1;
        shopper.answers.clear();
        let nth = &mut shopper.counts[Kind::of(&op) as usize];
        *nth += 1;
        let nth = *nth;
        let name = self.out.names[client.0 as usize];
        let to = match named {
            _ if !self.habits.looks(&op) => self.out.leader,
            Some(to) => to,
            None => match self.habits.view(&self.out.chance, client, name, n) {
                // Who reads from who takes the writes goes on doing so.
                ServiceId::S1 => self.out.leader,
                copy => copy,
            },
        };
        let tokens = matches!(self.habits.views, Views::Token | Views::TokenElseS1);
        self.out.trace.operations.push(Asked {
            client,
            n,
            op,
            to,
            cue,
            call: self.out.now,
            nth,
            attempt: 0,
            token: if tokens && named.is_none() {
                token
            } else {
                Version(0)
            },
            by: to,
            named: named.is_some(),
            ordered: !self.habits.looks(&op),
            ended: None,
        });
        let cause = self.out.note(TraceEvent::Called(id), cause);
        self.ask(id, cause);
    }

    /// Sends the request, or one to each copy where several answer.
    fn ask(&mut self, op: OpId, cause: RecordId) {
        let asked = *self.out.trace.operation(op);
        if let Some(timeout) = self.habits.timeout {
            let timer = Timer::Timeout(op, asked.attempt);
            self.out.set(self.out.now + timeout, timer);
        }
        if self.quorum(&asked).is_some() {
            for copy in 2..2 + self.habits.copies {
                self.request(op, ServiceId(copy), if copy == 2 { 0 } else { copy }, cause);
            }
        } else {
            let order = asked.ordered && !asked.op.is_view();
            let to = if order { self.out.leader } else { asked.to };
            self.request(op, to, 0, cause);
        }
    }

    /// How many copies have to answer.
    fn quorum(&self, asked: &Asked) -> Option<usize> {
        match self.habits.views {
            Views::Quorum(count) if !asked.ordered && !asked.named => {
                Some(usize::from(count.clamp(1, self.habits.copies)))
            }
            _ => None,
        }
    }

    /// A look before an order, or the order itself, or any other request.
    fn request(&mut self, op: OpId, to: ServiceId, copy: u8, cause: RecordId) {
        let asked = self.out.trace.operation(op);
        let looks = !asked.ordered && !asked.op.is_view();
        let said = if looks {
            Message::Look
        } else {
            Message::Request
        };
        let route = Route {
            from: NodeId::Client(asked.client),
            to: NodeId::Service(to),
            op,
            attempt: asked.attempt,
            copy,
        };
        self.out.send(route, said, cause);
    }

    /// A message has reached a shopper.
    pub(super) fn answered(&mut self, message: MessageId, envelope: &Envelope, cause: RecordId) {
        let op = envelope.op;
        let asked = self.out.trace.operation(op);
        if asked.ended.is_some() {
            self.out.note(TraceEvent::Late(message), cause);
            return;
        }
        let NodeId::Service(by) = envelope.from else {
            return;
        };
        match envelope.message {
            Message::Response(answer) => {
                let Some((by, answer)) = self.newest(op, by, answer) else {
                    return;
                };
                self.learn(op, answer);
                let asked = &mut self.out.trace.operations[op.0 as usize];
                if !matches!(asked.op, Op::Buy { .. }) {
                    asked.by = by;
                }
                self.conclude(
                    op,
                    Ending::Answer(answer),
                    TraceEvent::Ended(op, answer),
                    cause,
                );
            }
            Message::Refusal => {
                self.conclude(op, Ending::Refused, TraceEvent::Refused(op), cause);
            }
            Message::Stock(_) if asked.ordered => {
                self.out.note(TraceEvent::Late(message), cause);
            }
            Message::Stock(answer) => {
                if let Some((by, answer)) = self.newest(op, by, answer) {
                    self.decide(op, by, answer, cause);
                }
            }
            // Another try may get, or have got, what this one did not.
            Message::SoldOut if asked.attempt > 0 => {
                self.conclude(op, Ending::Unknown, TraceEvent::Erred(op), cause);
            }
            Message::SoldOut => {
                self.conclude(op, Ending::Refused, TraceEvent::SoldOut(op), cause);
            }
            Message::Error => self.conclude(op, Ending::Unknown, TraceEvent::Erred(op), cause),
            Message::Redirect if envelope.copy & DOUBLE == 0 && !asked.ordered => {
                let leader = self.out.leader;
                self.request(op, leader, leader.0, cause);
            }
            _ => {}
        }
    }

    /// The device knows how many there are, and orders if there are enough.
    fn decide(&mut self, op: OpId, by: ServiceId, answer: AnswerId, cause: RecordId) {
        let (trace, asked) = (&self.out.trace, self.out.trace.operation(op));
        let ordered = match trace.answer(answer) {
            Answer::Shown(seen) => enough(&seen.cart, &asked.op, &self.out),
            Answer::Done(_) => false,
        };
        let asked = &mut self.out.trace.operations[op.0 as usize];
        (asked.by, asked.ordered) = (by, ordered);
        match ordered {
            true => self.request(op, self.out.leader, 0, cause),
            false => self.conclude(op, Ending::Refused, TraceEvent::SoldOut(op), cause),
        }
    }

    /// The answer that counts: the newest, once enough copies have answered.
    fn newest(
        &mut self,
        op: OpId,
        by: ServiceId,
        answer: AnswerId,
    ) -> Option<(ServiceId, AnswerId)> {
        let asked = self.out.trace.operation(op);
        let Some(quorum) = self.quorum(asked) else {
            return Some((by, answer));
        };
        let client = asked.client.0 as usize;
        let answers = &mut self.clients[client].answers;
        if answers.iter().all(|(other, _)| *other != by) {
            answers.push((by, answer));
        }
        let (answers, trace) = (&self.clients[client].answers, &self.out.trace);
        let newest = |(_, answer): &&(ServiceId, AnswerId)| match trace.answer(*answer) {
            Answer::Shown(seen) => seen.log.newest(),
            Answer::Done(version) => *version,
        };
        // Of equals the first that came counts.
        let best = answers.iter().rev().max_by_key(newest);
        best.filter(|_| answers.len() >= quorum).copied()
    }

    /// The shopper remembers how new what it was told is.
    fn learn(&mut self, op: OpId, answer: AnswerId) {
        let version = match self.out.trace.answer(answer) {
            Answer::Done(version) => *version,
            Answer::Shown(seen) => seen.log.newest(),
        };
        let client = self.out.trace.operation(op).client;
        let shopper = &mut self.clients[client.0 as usize];
        shopper.token = shopper.token.max(version);
    }

    fn conclude(&mut self, op: OpId, ending: Ending, event: TraceEvent, cause: RecordId) {
        let asked = &mut self.out.trace.operations[op.0 as usize];
        asked.ended = Some((self.out.now, ending));
        let (client, cue) = (asked.client, asked.cue);
        let cause = self.out.note(event, cause);
        self.free(client, cue, cause);
    }

    /// No answer to this attempt came in time.
    pub(super) fn timed_out(&mut self, op: OpId, attempt: u16) {
        let called = self.out.trace.operation(op).client;
        if attempt >= u16::from(self.habits.retries) {
            let gone = TraceEvent::TimedOut(op);
            return self.conclude(op, Ending::Unknown, gone, RecordId::NONE);
        }
        let next = attempt + 1;
        self.out.trace.operations[op.0 as usize].attempt = next;
        self.clients[called.0 as usize].answers.clear();
        let wait = self.out.draw(self.habits.backoff, op, Leg::Hold, 0, next);
        let wait = SimDuration(wait.0 << attempt.min(10));
        self.out.set(self.out.now + wait, Timer::Retry(op, next));
    }

    /// The shopper asks again.
    pub(super) fn retry(&mut self, op: OpId, attempt: u16) {
        let cause = self
            .out
            .note(TraceEvent::Retried(op, attempt), RecordId::NONE);
        self.ask(op, cause);
    }
}
