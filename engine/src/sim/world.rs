//! The world: shoppers, services and the script, moved by one event at a time.
//!
//! Invariant: `step` handles exactly one event, and time never goes back.

use crate::chance::{Chance, Seed, name_hash};
use crate::history::{ClientId, ServiceId, Version};
use crate::sim::client::{Client, Habits};
use crate::sim::fault::Status;
use crate::sim::load::{Load, Visitors};
use crate::sim::network::Network;
use crate::sim::out::{Out, Rules, Timer};
use crate::sim::queue::{Event, EventQueue};
use crate::sim::script::Script;
use crate::sim::service::Service;
use crate::sim::trace::{
    Envelope, Journey, Message, MessageId, NodeId, RecordId, Trace, TraceEvent, Why,
};
use crate::sim::{Action, Bound, Bounds, Config, Cue, CueId};
use crate::time::{SimDuration, SimTime};
use std::collections::BTreeSet;

/// More records than an event leaves on average.
const RECORDS_AN_EVENT: usize = 4;
/// Looking at so many things costs as much as an event.
pub(super) const LOOKS: u32 = 32;
/// One for each copy, and one for repairs.
const PERIODIC: usize = 10;

#[derive(Debug)]
pub struct World {
    pub(super) out: Out,
    /// Service 1 first, then the copies.
    pub(super) services: Vec<Service>,
    pub(super) clients: Vec<Client>,
    script: Script,
    pub(super) habits: Habits,
    visitors: Visitors,
    /// Events of services that are paused, in order, and how many of those there are.
    pub(super) parked: Vec<(SimTime, Event)>,
    pub(super) pauses: u32,
    repair: Option<SimDuration>,
    repairs: u16,
    /// Which periodic timers set off since the last change, and how far the records were looked
    /// through for one.
    fired: [bool; PERIODIC],
    looked: usize,
    /// How many records there were when each last set off before anybody looked.
    early: [Option<usize>; PERIODIC],
    /// Updates, receipts and whole carts that arrived, or were lost, since then.
    heard: BTreeSet<(u8, u8, Version)>,
    events: u32,
    bounds: Bounds,
    until: SimTime,
    over: bool,
}

impl World {
    pub fn new(config: &Config, seed: Seed, cues: &[Cue], bounds: Bounds) -> World {
        let script = Script::new(cues, config.pause);
        let queue = EventQueue::new(script.timed());
        // Room for a script of writes whose messages all arrive: growing means copying.
        let (lines, copies) = (cues.len(), usize::from(config.replicas));
        let trace = Trace {
            seed,
            shoppers: config.shoppers.clone(),
            stock: config.stock.clone(),
            records: Vec::with_capacity(lines * (8 + 8 * copies)),
            operations: Vec::with_capacity(lines),
            messages: Vec::with_capacity(lines * (2 + 2 * copies)),
            answers: Vec::with_capacity(lines),
            holds: Vec::new(),
            writes: Vec::new(),
            undos: Vec::new(),
            changes: Vec::new(),
            loads: Vec::new(),
            stops: Vec::new(),
            fired: vec![None; cues.len()],
            limit: None,
            quiet: false,
        };
        let chance = Chance::new(seed);
        let ids = std::iter::once(ServiceId::S1).chain(config.copies());
        let mut world = World {
            out: Out {
                now: SimTime::ZERO,
                trace,
                queue,
                network: Network::new(config),
                chance,
                names: config
                    .shoppers
                    .iter()
                    .map(|name| name_hash(*name))
                    .collect(),
                rules: Rules::of(config),
                leader: ServiceId::S1,
                since: Version(1),
                timers: Vec::new(),
                hands: Vec::new(),
                traps: Vec::new(),
                held: Vec::new(),
                troubled: false,
                charged: 0,
            },
            services: ids.map(|id| Service::new(id, config)).collect(),
            clients: config.shoppers.iter().map(|_| Client::default()).collect(),
            script,
            habits: Habits::of(config),
            visitors: Visitors::new(&chance),
            parked: Vec::new(),
            pauses: 0,
            repair: config.repair,
            repairs: 0,
            fired: [false; PERIODIC],
            looked: 0,
            early: [None; PERIODIC],
            heard: BTreeSet::new(),
            events: 0,
            bounds: Bounds {
                events: bounds.events.min(EventQueue::MOST),
                ..bounds
            },
            until: config.until.unwrap_or(SimTime(u64::MAX)),
            over: false,
        };
        if let Some(repair) = config.repair {
            world.out.set(SimTime::ZERO + repair, Timer::Repair);
        }
        if let Some(load) = config.load {
            world.become_load(load);
        }
        world
    }

    /// Handles up to this many events; fewer where one leaves many records. True while there is
    /// more to do.
    pub fn advance(&mut self, events: u32) -> bool {
        // One event can send a thousand messages, so the slice also ends with enough records.
        let enough = self.out.trace.records.len() + RECORDS_AN_EVENT * events as usize;
        for _ in 0..events {
            if !self.step() {
                return false;
            }
            if self.out.trace.records.len() >= enough {
                break;
            }
        }
        true
    }

    /// Handles the next event. False once the run is over.
    fn step(&mut self) -> bool {
        if self.over {
            return false;
        }
        let Some((at, event)) = self.out.queue.pop() else {
            return self.settle();
        };
        let events = (self.events + self.out.charged) as usize;
        if events + self.out.queue.under_way() >= self.bounds.events as usize {
            return self.end(Some(Bound::Events));
        }
        self.events += 1;
        if !self.is_live(at, event) {
            self.go_dead(at, event);
            return true;
        }
        if at > self.until {
            return self.end(None);
        }
        if let Some(slot) = self.periodic(event)
            && self.is_still(slot)
        {
            return self.settle();
        }
        if at > self.bounds.time {
            return self.end(Some(Bound::Time));
        }
        self.out.now = at;
        self.handle(event);
        true
    }

    /// Events handled so far.
    pub fn events(&self) -> u32 {
        self.events
    }

    pub fn into_trace(self) -> Trace {
        self.out.trace
    }

    fn end(&mut self, limit: Option<Bound>) -> bool {
        self.over = true;
        self.out.trace.limit = limit;
        if let Some(bound) = limit {
            self.out
                .note(TraceEvent::LimitReached(bound), RecordId::NONE);
        }
        false
    }

    /// Nothing more can happen, unless somebody mends what is broken.
    fn settle(&mut self) -> bool {
        self.out.trace.quiet = !self.is_broken();
        self.end(None)
    }

    /// The place of a periodic timer among its kind.
    fn periodic(&self, event: Event) -> Option<usize> {
        match event {
            Event::Resend(copy) => Some(usize::from(copy.0)),
            Event::Timer(timer) => match self.out.timers[timer as usize] {
                Timer::Repair => Some(0),
                _ => None,
            },
            _ => None,
        }
    }

    /// A periodic timer sets off: whether nothing but such timers is pending, and each has set
    /// off since anything changed a copy, or could have.
    fn is_still(&mut self, slot: usize) -> bool {
        let end = self.out.trace.records.len();
        // As long as the script plans something nobody needs to know more than when it was.
        let Some(_) = self.out.queue.waiting() else {
            self.early[slot] = Some(end);
            return false;
        };
        self.look_back(end);
        if !std::mem::replace(&mut self.fired[slot], true) {
            return false;
        }
        let Some(waiting) = self.out.queue.waiting() else {
            return false;
        };
        let mut looked = 0;
        let still =
            waiting
                .inspect(|_| looked += 1)
                .all(|(at, event)| match self.periodic(event) {
                    Some(slot) => self.fired[slot] || !self.is_live(at, event),
                    None => !self.is_live(at, event) || self.is_echo(event),
                });
        self.out.charged += looked / LOOKS;
        still
    }

    /// Takes in what happened up to the last change of all, which it looks for from the end.
    fn look_back(&mut self, end: usize) {
        let new = self.looked..end;
        let changes = |place: &usize| is_change(&self.out.trace.records[*place].event);
        let mut since = self.looked;
        if let Some(last) = new.rev().find(changes) {
            self.fired = [false; PERIODIC];
            self.heard.clear();
            since = last + 1;
        }
        for place in since..end {
            if let TraceEvent::Delivered(message) | TraceEvent::Dropped(message, _) =
                self.out.trace.records[place].event
            {
                self.heard.extend(self.echo(message));
            }
        }
        for (fired, early) in self.fired.iter_mut().zip(&mut self.early) {
            *fired |= early.take().is_some_and(|place| place >= since);
        }
        self.looked = end;
    }

    /// What a message of the copies' upkeep is about; of others nothing.
    fn echo(&self, message: MessageId) -> Option<(u8, u8, Version)> {
        let envelope = self.out.trace.message(message);
        let (kind, version) = match envelope.message {
            Message::Replicate(version) => (0, version),
            Message::Ack(version) => (1, version),
            Message::Repair(_) => (2, Version(0)),
            _ => return None,
        };
        Some((kind, envelope.copy, version))
    }

    /// A message whose like has come and gone without effect since the last change.
    fn is_echo(&self, event: Event) -> bool {
        let Event::Deliver(message) = event else {
            return false;
        };
        self.echo(message)
            .is_some_and(|echo| self.heard.contains(&echo))
    }

    /// Something with nothing to do is no event: it neither moves the clock nor keeps a run alive.
    #[inline(always)]
    fn is_live(&self, at: SimTime, event: Event) -> bool {
        match event {
            Event::Deliver(message) => {
                let envelope = self.out.trace.message(message);
                let there = matches!(envelope.journey, Journey::Travelling | Journey::Doomed);
                there && envelope.arrives_at == at
            }
            Event::Database(service, _, epoch) => self.service(service).database.is_live(epoch),
            Event::Group(_) | Event::Rested(_) => true,
            _ => self.is_timer_live(at, event),
        }
    }

    fn is_timer_live(&self, at: SimTime, event: Event) -> bool {
        match event {
            Event::Due(copy) | Event::Resend(copy) => {
                self.service(self.out.leader)
                    .is_live(copy, event, self.out.rules.sending, at)
            }
            Event::Timer(timer) => match self.out.timers[timer as usize] {
                Timer::Timeout(op, attempt) | Timer::Retry(op, attempt) => {
                    let asked = self.out.trace.operation(op);
                    asked.ended.is_none() && asked.attempt == attempt
                }
                Timer::Patience(version) => self.service(self.out.leader).waits_for(version),
                Timer::Mend(_) => true,
                Timer::Repair => {
                    !self.out.trace.writes.is_empty() || self.out.queue.under_way() > 0
                }
            },
            Event::Visit(epoch) => self.visitors.is_live(epoch),
            _ => true,
        }
    }

    fn go_dead(&mut self, at: SimTime, event: Event) {
        if let Event::Resend(copy) = event {
            self.leader().0.expired(copy, at);
        }
    }

    fn service(&self, id: ServiceId) -> &Service {
        &self.services[id.0 as usize - 1]
    }

    /// Who takes the writes, and through which door it acts.
    fn leader(&mut self) -> (&mut Service, &mut Out) {
        let leader = self.out.leader.0 as usize - 1;
        (&mut self.services[leader], &mut self.out)
    }

    /// The service that an event is for.
    pub(super) fn owner(&self, event: Event) -> Option<ServiceId> {
        match event {
            Event::Deliver(message) => match self.out.trace.message(message).to {
                NodeId::Service(service) => Some(service),
                NodeId::Client(_) => None,
            },
            Event::Database(service, ..) => Some(service),
            Event::Due(_) | Event::Resend(_) => Some(self.out.leader),
            Event::Timer(timer) => match self.out.timers[timer as usize] {
                Timer::Patience(_) | Timer::Repair => Some(self.out.leader),
                _ => None,
            },
            Event::Group(_) | Event::Rested(_) | Event::Visit(_) => None,
        }
    }

    fn handle(&mut self, event: Event) {
        if self.pauses > 0
            && let Some(owner) = self.owner(event)
            && self.service(owner).status == Status::Paused
        {
            return self.park(event);
        }
        match event {
            Event::Deliver(message) => self.deliver(message),
            Event::Database(service, worker, _) => {
                self.services[service.0 as usize - 1].finished(worker, &mut self.out);
            }
            Event::Group(group) => {
                for nth in 0..self.script.size(group) {
                    self.fire(self.script.member(group, nth));
                }
            }
            Event::Rested(client) => self.rested(client),
            Event::Due(_) | Event::Resend(_) => {
                let (leader, out) = self.leader();
                leader.timer(event, out);
            }
            Event::Timer(timer) => self.timer(timer),
            Event::Visit(_) => self.visit(),
        }
    }

    /// A visitor comes, and asks.
    fn visit(&mut self) {
        let (name, op) = self.visitors.come(&self.out.chance, self.out.now);
        let client = ClientId(self.clients.len() as u32);
        self.clients.push(Client::default());
        self.out.names.push(name_hash(name));
        self.out.trace.shoppers.push(name);
        self.clients[client.0 as usize].busy = Some(CueId::NONE);
        self.call(client, CueId::NONE, op, None, RecordId::NONE);
        self.expect_visit();
    }

    fn expect_visit(&mut self) {
        if let Some((at, epoch)) = self.visitors.next() {
            self.out.queue.push(at, Event::Visit(epoch));
        }
    }

    fn become_load(&mut self, load: Load) {
        self.visitors.become_load(load, self.out.now);
        self.expect_visit();
    }

    /// The service is paused: what is for it waits. A message has arrived all the same.
    fn park(&mut self, event: Event) {
        if let Event::Deliver(message) = event {
            let journey = &mut self.out.trace.messages[message.0 as usize].journey;
            if *journey == Journey::Doomed {
                return self.deliver(message);
            }
            *journey = Journey::Over;
        }
        self.parked.push((self.out.now, event));
    }

    /// An event that waited for its service; `up` says whether that still does anything.
    pub(super) fn unparked(&mut self, at: SimTime, event: Event, up: bool) {
        match event {
            Event::Deliver(message) if !up => {
                let sent = self.out.trace.message(message).sent;
                self.out.lose(message, Why::Down, sent);
            }
            Event::Deliver(_) => self.handle(event),
            _ if up && self.is_live(at, event) => self.handle(event),
            _ => self.go_dead(at, event),
        }
    }

    fn timer(&mut self, place: u32) {
        match self.out.timers[place as usize] {
            Timer::Timeout(op, attempt) => self.timed_out(op, attempt),
            Timer::Retry(op, attempt) => self.retry(op, attempt),
            Timer::Patience(version) => {
                let (leader, out) = self.leader();
                leader.give_up(version, out);
            }
            Timer::Mend(fault) => self.act(fault, RecordId::NONE),
            Timer::Repair => {
                if self.service(self.out.leader).status != Status::Down {
                    self.repairs = (self.repairs + 1) & 0x3fff;
                    let round = self.repairs;
                    let (leader, out) = self.leader();
                    leader.send_repairs(round, out);
                }
                let next = self.out.now + self.repair.unwrap_or_default();
                self.out.queue.push(next, Event::Timer(place));
            }
        }
    }

    fn deliver(&mut self, message: MessageId) {
        let envelope = *self.out.trace.message(message);
        let sent = envelope.sent;
        if envelope.journey == Journey::Doomed {
            return self.out.lose(message, Why::Lost, sent);
        }
        if let NodeId::Service(service) = envelope.to
            && self.service(service).status == Status::Down
        {
            return self.out.lose(message, Why::Down, sent);
        }
        if self.is_fenced(&envelope) {
            return self.out.lose(message, Why::Fenced, sent);
        }
        self.out.trace.messages[message.0 as usize].journey = Journey::Over;
        let cause = self.out.note(TraceEvent::Delivered(message), sent);
        match envelope.to {
            NodeId::Service(service) => {
                let service = &mut self.services[service.0 as usize - 1];
                service.receive(message, &envelope, cause, &mut self.out);
            }
            NodeId::Client(_) => self.answered(message, &envelope, cause),
        }
    }

    /// Whether a service that takes no writes any more tells a copy what to do.
    fn is_fenced(&self, envelope: &Envelope) -> bool {
        let tells = matches!(envelope.message, Message::Replicate(_) | Message::Repair(_));
        tells && matches!(envelope.from, NodeId::Service(from) if self.service(from).fenced)
    }

    /// A line of the script takes effect.
    fn fire(&mut self, cue: CueId) {
        self.out.trace.fired[cue.0 as usize] = Some(self.out.now);
        let cause = self.out.note(TraceEvent::Fired(cue), RecordId::NONE);
        match self.script.cue(cue).action {
            Action::Become(mode) => {
                let cause = self.out.note(TraceEvent::ModeChanged(mode), cause);
                let (leader, out) = self.leader();
                leader.become_mode(mode, cause, out);
                self.finished(cue);
            }
            Action::Load(load) => {
                let place = self.out.trace.loads.len() as u32;
                self.out.trace.loads.push(load);
                self.out.note(TraceEvent::LoadChanged(place), cause);
                self.become_load(load);
                self.finished(cue);
            }
            Action::Fault(fault) => {
                self.act(fault, cause);
                self.finished(cue);
            }
            Action::Shop { client, .. } | Action::Wait { client, .. } => {
                let shopper = &mut self.clients[client.0 as usize];
                if shopper.busy.is_some() {
                    shopper.queued.push_back(cue);
                    self.out.note(TraceEvent::Queued(cue), cause);
                } else {
                    self.begin(client, cue, cause);
                }
            }
        }
    }

    /// A free shopper begins what the line says.
    fn begin(&mut self, client: ClientId, cue: CueId, cause: RecordId) {
        self.clients[client.0 as usize].busy = Some(cue);
        match self.script.cue(cue).action {
            Action::Shop { op, to, .. } => self.call(client, cue, op, to, cause),
            Action::Wait { length, .. } => {
                self.out.note(TraceEvent::Resting(cue), cause);
                self.out.timer(self.out.now + length, Event::Rested(client));
            }
            Action::Become(_) | Action::Load(_) | Action::Fault(_) => {
                unreachable!("no shopper does this")
            }
        }
    }

    fn rested(&mut self, client: ClientId) {
        let cue = self.clients[client.0 as usize]
            .busy
            .expect("a shopper who waits is busy");
        let cause = self.out.note(TraceEvent::Rested(cue), RecordId::NONE);
        self.free(client, cue, cause);
    }

    /// The shopper has finished this line: the next one that waited begins at once.
    pub(super) fn free(&mut self, client: ClientId, cue: CueId, cause: RecordId) {
        self.clients[client.0 as usize].busy = None;
        if cue == CueId::NONE {
            return;
        }
        self.finished(cue);
        if let Some(next) = self.clients[client.0 as usize].queued.pop_front() {
            self.begin(client, next, cause);
        }
    }

    fn finished(&mut self, cue: CueId) {
        if let Some((at, group)) = self.script.finished(cue, self.out.now) {
            self.out.queue.push(at, Event::Group(group));
        }
    }
}

/// Whether a record may be the reason why something else happens than before: all but messages
/// that come and go without effect. A message that its link lost by chance may fare better next
/// time.
fn is_change(event: &TraceEvent) -> bool {
    !matches!(
        event,
        TraceEvent::Sent(_)
            | TraceEvent::Doubled(_)
            | TraceEvent::Delivered(_)
            | TraceEvent::Duplicate(_)
            | TraceEvent::Early(_)
            | TraceEvent::Late(_)
            | TraceEvent::Began(..)
            | TraceEvent::Dropped(_, Why::Cut | Why::Down | Why::Hand)
    )
}
