//! The state of the shop at one moment: a fold of the trace up to it, and nothing else.
//!
//! Invariants: every record at or before the moment counts, none after it; what is drawn or said
//! of the moment is read from here and from the lists that the trace's records point at.

use crate::check::staleness::ViewAge;
use crate::history::{Answer, ClientId, Log, OpId, Seen, ServiceId, Version};
use crate::shop::{Cart, Model};
use crate::sim::fault::{LinkFault, Status};
use crate::sim::trace::{
    AnswerId, DOUBLE, Envelope, Journey, LinkChange, Message, MessageId, NodeId, Stop, Trace,
    TraceEvent,
};
use crate::sim::{CueId, Order, ReplicationMode};
use crate::time::SimTime;
use crate::view::words::{timeline, trouble};
use crate::view::{Shared, Show};
use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Deref;

/// One moment of a run.
#[derive(Debug)]
pub struct Moment<'a> {
    pub show: &'a Show,
    pub now: SimTime,
    state: Cow<'a, State>,
}

/// Everything that holds at one moment.
#[derive(Clone, Debug)]
pub struct State {
    /// How many records count.
    past: usize,
    pub mode: ReplicationMode,
    /// Who takes the writes.
    pub leader: ServiceId,
    /// The shoppers of the script, by [`ClientId`].
    pub shoppers: Vec<Shopper>,
    /// How many visitors wait for an answer.
    pub visitors: u32,
    /// Service 1 first, then the copies.
    pub stores: Vec<Store>,
    /// What the background job holds, a lane a copy, by place in [`Trace::holds`].
    pub held: Vec<VecDeque<u32>>,
    /// What was sent and has no receipt yet, so that it would be sent again; a lane a copy.
    unanswered: Vec<VecDeque<Version>>,
    /// Links, one way, that something troubles.
    pub links: Vec<LinkChange>,
    /// Messages that were lost, in order of time.
    pub lost: Vec<MessageId>,
    /// The confirmed versions, in order of version.
    confirmed: Vec<Version>,
}

/// The moment that was asked for last. A later one of the same run is folded from there: playing
/// costs a pass over the run, and not one at every step.
#[derive(Debug, Default)]
pub struct Reel(Option<(Shared<Show>, State)>);

impl Reel {
    pub fn at<'a>(&'a mut self, show: &'a Shared<Show>, now: SimTime) -> Moment<'a> {
        let past = past(show, now);
        let known = self.0.take();
        let known = known.filter(|(of, state)| of == show && state.past <= past);
        let (of, mut state) = known.unwrap_or_else(|| (show.clone(), State::of(show)));
        state.forward(show, past);
        let state = Cow::Borrowed(&self.0.insert((of, state)).1);
        Moment { show, now, state }
    }
}

impl Deref for Moment<'_> {
    type Target = State;
    fn deref(&self) -> &State {
        &self.state
    }
}

/// How many records count at `now`.
fn past(show: &Show, now: SimTime) -> usize {
    show.run
        .trace
        .records
        .partition_point(|record| record.at <= now)
}

/// A shopper's side.
#[derive(Clone, Debug, Default)]
pub struct Shopper {
    /// The operation that is under way.
    pub open: Option<OpId>,
    /// The last operation ended without an answer: it may be done, or was refused.
    pub unsure: Option<OpId>,
    /// How often the operation under way was asked again.
    pub attempt: u16,
    /// The last operation that was answered.
    pub last: Option<(OpId, AnswerId)>,
    /// The last view that was answered.
    pub shown: Option<(OpId, AnswerId)>,
    /// The shopper's writes that were confirmed after it.
    pub since: Vec<OpId>,
    /// The line by which the shopper waits, as the script says.
    pub resting: Option<CueId>,
    /// Lines that wait until the shopper is free.
    pub queued: VecDeque<CueId>,
}

/// A service's database.
#[derive(Clone, Debug, Default)]
pub struct Store {
    pub cart: Cart,
    /// The versions applied, in order.
    pub log: Log,
    pub status: Status,
    /// Another took over: it is out for good.
    pub out: bool,
    /// Its disk is gone, and what it has had.
    pub blank: bool,
    /// The database is `stalled`, or `slow`.
    pub ails: Option<&'static str>,
    /// What it works for.
    pub working: Option<OpId>,
    /// Versions that wait in memory for an earlier one.
    pub early: Vec<Version>,
}

impl Store {
    /// Versions 1 to this one are here, in order.
    pub fn version(&self) -> Version {
        self.log.prefix()
    }
}

impl State {
    /// Before anything has happened.
    fn of(show: &Show) -> State {
        let config = &show.scenario.config;
        let copies = usize::from(config.replicas);
        State {
            past: 0,
            mode: config.mode,
            leader: ServiceId::S1,
            shoppers: vec![Shopper::default(); show.scenario.config.shoppers.len()],
            visitors: 0,
            stores: vec![Store::default(); copies + 1],
            held: vec![VecDeque::new(); copies],
            unanswered: vec![VecDeque::new(); copies],
            links: Vec::new(),
            lost: Vec::new(),
            confirmed: Vec::new(),
        }
    }

    /// Folds the records up to this one.
    fn forward(&mut self, show: &Show, past: usize) {
        for record in &show.run.trace.records[self.past..past] {
            self.note(show, record.event);
        }
        self.past = past;
    }

    fn store_of(&mut self, service: ServiceId) -> &mut Store {
        &mut self.stores[usize::from(service.0) - 1]
    }

    fn note(&mut self, show: &Show, event: TraceEvent) {
        let trace = &show.run.trace;
        match event {
            TraceEvent::Queued(cue) => {
                if let Some(shopper) = self.shopper_of(show, cue) {
                    shopper.queued.push_back(cue);
                }
            }
            TraceEvent::Resting(cue) => {
                if let Some(shopper) = self.shopper_of(show, cue) {
                    shopper.resting = Some(cue);
                    shopper.queued.pop_front_if(|first| *first == cue);
                }
            }
            TraceEvent::Rested(cue) => {
                if let Some(shopper) = self.shopper_of(show, cue) {
                    shopper.resting = None;
                }
            }
            TraceEvent::Called(op) => {
                let asked = trace.operation(op);
                let Some(shopper) = self.shoppers.get_mut(asked.client.0 as usize) else {
                    self.visitors += 1;
                    return;
                };
                shopper.open = Some(op);
                (shopper.unsure, shopper.attempt) = (None, 0);
                shopper.queued.pop_front_if(|first| *first == asked.cue);
            }
            TraceEvent::Ended(op, answer) => self.ended(trace, op, answer),
            TraceEvent::Sent(message) => self.sent(trace, trace.message(message)),
            TraceEvent::Delivered(message) => self.answered(show, trace.message(message)),
            TraceEvent::Early(message) => {
                let envelope = trace.message(message);
                if let Message::Replicate(version) = envelope.message {
                    self.store_of(ServiceId(envelope.copy & !DOUBLE))
                        .early
                        .push(version);
                }
            }
            TraceEvent::Began(service, op) => {
                self.store_of(service).working = Some(op);
            }
            TraceEvent::Applied(service, version) => {
                let store = self.store_of(service);
                store.cart.apply(&trace.deed(version));
                store.log.push(version);
                (store.working, store.blank) = (None, false);
                // The next one is in the database's own queue by now.
                store.early.retain(|early| early.0 > version.0 + 1);
            }
            TraceEvent::Read(service, ..) => {
                self.store_of(service).working = None;
            }
            TraceEvent::Held(hold) => {
                let copy = trace.holds[hold as usize].copy;
                self.held[usize::from(copy.0) - 2].push_back(hold);
            }
            TraceEvent::ModeChanged(mode) => self.mode = mode,
            TraceEvent::Crashed(service) => {
                let store = self.store_of(service);
                store.status = Status::Down;
                store.working = None;
                store.early.clear();
                if service == self.leader && !show.scenario.config.durable_outbox {
                    self.forget();
                }
            }
            TraceEvent::DiskLost(service) => {
                let store = self.store_of(service);
                (store.cart, store.log) = Default::default();
                store.blank = true;
                if service == self.leader {
                    self.forget();
                }
            }
            TraceEvent::Leads(service) => {
                let old = std::mem::replace(&mut self.leader, service);
                self.store_of(old).out = old != service;
                self.store_of(service).early.clear();
                self.store_of(service).blank = false;
                self.forget();
            }
            TraceEvent::Restarted(service) | TraceEvent::Resumed(service) => {
                self.store_of(service).status = Status::Up;
            }
            TraceEvent::Paused(service) => self.store_of(service).status = Status::Paused,
            TraceEvent::DatabaseStalled(service) => {
                self.store_of(service).ails = Some(trouble::STALLED);
            }
            TraceEvent::DatabaseSlowed(service) => {
                self.store_of(service).ails = Some(trouble::SLOW);
            }
            TraceEvent::DatabaseRecovered(service) => self.store_of(service).ails = None,
            TraceEvent::Repaired(service, version) => self.repaired(trace, service, version),
            TraceEvent::Refused(op)
            | TraceEvent::SoldOut(op)
            | TraceEvent::Erred(op)
            | TraceEvent::TimedOut(op) => {
                match self.shoppers.get_mut(trace.operation(op).client.0 as usize) {
                    Some(shopper) => (shopper.open, shopper.unsure) = (None, Some(op)),
                    None => self.visitors -= 1,
                }
            }
            TraceEvent::Retried(op, attempt) => {
                let client = trace.operation(op).client.0 as usize;
                if let Some(shopper) = self.shoppers.get_mut(client) {
                    shopper.attempt = attempt;
                }
            }
            TraceEvent::Dropped(message, _) => self.lost.push(message),
            TraceEvent::LinkChanged(change) => self.link(trace.changes[change as usize]),
            TraceEvent::Fired(_) | TraceEvent::Duplicate(_) | TraceEvent::LimitReached(_) => {}
            _ => {}
        }
    }

    /// A link is as the last change left it; whole links are not kept.
    fn link(&mut self, change: LinkChange) {
        let other = |known: &LinkChange| (known.from, known.to) != (change.from, change.to);
        self.links.retain(other);
        if change.now != LinkFault::Heals {
            self.links.push(change);
        }
    }

    /// A copy became what the leader was at this version.
    fn repaired(&mut self, trace: &Trace, service: ServiceId, newest: Version) {
        let source = self.store_of(self.leader).log.clone();
        let store = self.store_of(service);
        *store = Store {
            status: store.status,
            ails: store.ails,
            ..Store::default()
        };
        for version in source.iter().filter(|version| *version <= newest) {
            store.cart.apply(&trace.deed(version));
            store.log.push(version);
        }
    }

    fn shopper_of(&mut self, show: &Show, cue: CueId) -> Option<&mut Shopper> {
        let client = show.scenario.script.get(cue.0 as usize)?.action.client()?;
        self.shoppers.get_mut(client.0 as usize)
    }

    fn ended(&mut self, trace: &Trace, op: OpId, answer: AnswerId) {
        let shopper = self.shoppers.get_mut(trace.operation(op).client.0 as usize);
        if let Some(shopper) = shopper {
            shopper.open = None;
            shopper.last = Some((op, answer));
            match trace.answer(answer) {
                Answer::Shown(_) => {
                    shopper.shown = Some((op, answer));
                    shopper.since.clear();
                }
                Answer::Done(_) => shopper.since.push(op),
            }
        } else {
            self.visitors -= 1;
        }
        match trace.answer(answer) {
            Answer::Shown(_) => {}
            Answer::Done(version) => {
                let place = self.confirmed.partition_point(|known| known < version);
                self.confirmed.insert(place, *version);
            }
        }
    }

    /// What was to be sent is gone.
    fn forget(&mut self) {
        self.held.iter_mut().for_each(VecDeque::clear);
        self.unanswered.iter_mut().for_each(VecDeque::clear);
    }

    /// A receipt has come: where copies apply in order it covers all before it.
    fn answered(&mut self, show: &Show, envelope: &Envelope) {
        let (Message::Ack(version), NodeId::Service(copy)) = (envelope.message, envelope.from)
        else {
            return;
        };
        let Some(lane) = self.unanswered.get_mut(usize::from(copy.0).wrapping_sub(2)) else {
            return;
        };
        if show.scenario.config.applying == Order::InOrder {
            while lane.pop_front_if(|sent| *sent <= version).is_some() {}
        } else if let Some(place) = lane.iter().position(|sent| *sent == version) {
            lane.remove(place);
        }
    }

    /// An update that is sent for the first time leaves the background job, if it was there.
    fn sent(&mut self, trace: &Trace, envelope: &Envelope) {
        let Message::Replicate(version) = envelope.message else {
            return;
        };
        let place = usize::from(envelope.copy & !DOUBLE) - 2;
        if envelope.attempt == 0 && envelope.copy & DOUBLE == 0 {
            self.unanswered[place].push_back(version);
        }
        let lane = &mut self.held[place];
        let sent = |hold: &u32| trace.holds[*hold as usize].version == version;
        if let Some(place) = lane.iter().position(sent) {
            lane.remove(place);
        }
    }
}

impl<'a> Moment<'a> {
    /// Folds the records up to `now`.
    pub fn at(show: &'a Show, now: SimTime) -> Moment<'a> {
        let mut state = State::of(show);
        state.forward(show, past(show, now));
        let state = Cow::Owned(state);
        Moment { show, now, state }
    }

    pub fn trace(&self) -> &'a Trace {
        &self.show.run.trace
    }

    pub fn store(&self, service: ServiceId) -> &Store {
        &self.stores[usize::from(service.0) - 1]
    }

    /// Whether everything that was sent has its receipt.
    pub fn is_answered(&self) -> bool {
        self.unanswered.iter().all(VecDeque::is_empty)
    }

    /// The copies, in order.
    pub fn copies(&self) -> impl Iterator<Item = ServiceId> + use<> {
        self.show.scenario.config.copies()
    }

    /// How many confirmed versions this service is short of.
    pub fn behind(&self, service: ServiceId) -> usize {
        let log = &self.store(service).log;
        let known = self
            .confirmed
            .partition_point(|version| *version <= log.prefix());
        let lacks = |version: &&Version| !log.contains(**version);
        match log.version() {
            Some(_) => self.confirmed.len() - known,
            None => self.confirmed[known..].iter().filter(lacks).count(),
        }
    }

    /// The services that follow who takes the writes, in order.
    pub fn followers(&self) -> impl Iterator<Item = ServiceId> {
        self.copies()
            .filter(|copy| *copy != self.leader && !self.store(*copy).out)
    }

    /// Whether this copy has every version that who takes the writes has.
    pub fn agrees(&self, copy: ServiceId) -> bool {
        self.store(copy).log == self.store(self.leader).log
    }

    /// The copies that differ from who takes the writes.
    pub fn differing(&self) -> Vec<ServiceId> {
        self.followers()
            .filter(|copy| !self.agrees(*copy))
            .collect()
    }

    /// The shopper's part; a visitor has none.
    pub fn shopper(&self, client: ClientId) -> Option<&Shopper> {
        self.shoppers.get(client.0 as usize)
    }

    /// What a view was shown, and how old that was.
    pub fn seen(&self, view: (OpId, AnswerId)) -> Option<(&'a Seen, Option<&'a ViewAge>)> {
        match self.trace().answer(view.1) {
            Answer::Shown(seen) => Some((seen, timeline::age(self.show, view.0))),
            Answer::Done(_) => None,
        }
    }

    /// Whether something was confirmed after this log that it does not hold.
    pub fn outdated(&self, seen: &Seen) -> bool {
        let newer = self.confirmed.iter().rev();
        let mut newer = newer.take_while(|version| **version > seen.log.prefix());
        newer.any(|version| !seen.log.contains(*version))
    }

    /// How a hand touches this message now, or touched it last.
    pub fn stop(&self, message: MessageId) -> Option<&'a Stop> {
        let stops = self.trace().stops.iter().rev();
        let mut own = stops.filter(|stop| stop.message == message && stop.from <= self.now);
        own.next()
    }

    /// Messages that stand still until a hand lets them go, in order of their stops.
    pub fn held_by_hand(&self) -> impl Iterator<Item = MessageId> + use<'a> {
        let (trace, now) = (self.trace(), self.now);
        let stops = trace.stops.iter();
        let held = stops.filter(move |stop| stop.is_held(now) && !stop.delay);
        let lost = move |id: &MessageId| trace.message(*id).lost_at;
        held.map(|stop| stop.message)
            .filter(move |id| lost(id).is_none_or(|lost| lost > now))
    }

    /// The messages on their way, in order of sending.
    pub fn under_way(&self) -> impl Iterator<Item = (MessageId, &'a Envelope)> + use<'a> {
        let (messages, now) = (&self.show.run.trace.messages, self.now);
        let sent = messages.partition_point(|envelope| envelope.sent_at <= now);
        let numbered = (0..).map(MessageId).zip(&messages[..sent]);
        numbered.filter(move |(_, envelope)| match envelope.lost_at {
            Some(lost) => lost > now,
            None => envelope.arrives_at > now || envelope.journey == Journey::Stopped,
        })
    }

    /// How many entries the background job holds, and when the next of them leaves.
    pub fn tray(&self) -> (usize, Option<SimTime>) {
        let holds = &self.trace().holds;
        let first = self.held.iter().filter_map(|lane| lane.front());
        let next = first.map(|hold| holds[*hold as usize].due).min();
        (self.held.iter().map(VecDeque::len).sum(), next)
    }

    /// Whether the run has nothing more to show.
    pub fn is_over(&self) -> bool {
        !self.trace().records.is_empty() && self.now >= self.show.run.end()
    }

    /// The shopper who gets or sent this message.
    pub fn client_of(envelope: &Envelope) -> Option<ClientId> {
        match (envelope.from, envelope.to) {
            (NodeId::Client(client), _) | (_, NodeId::Client(client)) => Some(client),
            _ => None,
        }
    }
}
