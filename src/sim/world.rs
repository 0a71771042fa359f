//! The world: shoppers, services and the script, moved by one event at a time.
//!
//! Invariant: `step` handles exactly one event, and time never goes back.

use crate::chance::{Chance, Seed, name_hash};
use crate::history::{ClientId, OpId, ServiceId};
use crate::sim::client::Client;
use crate::sim::network::Network;
use crate::sim::out::{Out, Route};
use crate::sim::queue::{Event, EventQueue};
use crate::sim::script::Script;
use crate::sim::service::Service;
use crate::sim::trace::{Asked, Message, MessageId, NodeId, RecordId, Trace, TraceEvent};
use crate::sim::{Action, Bound, Bounds, Config, Cue, CueId};
use crate::time::SimTime;

#[derive(Debug)]
pub struct World {
    out: Out,
    /// Service 1 first, then the copies.
    services: Vec<Service>,
    clients: Vec<Client>,
    script: Script,
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
            records: Vec::with_capacity(lines * (8 + 8 * copies)),
            operations: Vec::with_capacity(lines),
            messages: Vec::with_capacity(lines * (2 + 2 * copies)),
            answers: Vec::with_capacity(lines),
            holds: Vec::new(),
            writes: Vec::new(),
            fired: vec![None; cues.len()],
            limit: None,
            quiet: false,
        };
        let ids = std::iter::once(ServiceId::S1).chain(config.copies());
        World {
            out: Out {
                now: SimTime::ZERO,
                trace,
                queue,
                network: Network::new(config),
                chance: Chance::new(seed),
                names: config
                    .shoppers
                    .iter()
                    .map(|name| name_hash(*name))
                    .collect(),
            },
            services: ids.map(|id| Service::new(id, config)).collect(),
            clients: config.shoppers.iter().map(|_| Client::default()).collect(),
            script,
            events: 0,
            bounds,
            until: config.until.unwrap_or(SimTime(u64::MAX)),
            over: false,
        }
    }

    /// Handles the next event. False once the run is over.
    pub fn step(&mut self) -> bool {
        if self.over {
            return false;
        }
        let Some((at, event)) = self.out.queue.pop() else {
            self.out.trace.quiet = true;
            return self.end(None);
        };
        if self.events as usize + self.out.queue.under_way() >= self.bounds.events as usize {
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

    /// Records noted so far.
    pub fn records(&self) -> usize {
        self.out.trace.records.len()
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

    /// A timer with nothing to do is no event: it neither moves the clock nor keeps a run alive.
    fn is_live(&self, at: SimTime, event: Event) -> bool {
        match event {
            Event::Due(copy) | Event::Resend(copy) => self.services[0].is_live(copy, event, at),
            _ => true,
        }
    }

    fn go_dead(&mut self, _at: SimTime, event: Event) {
        if let Event::Resend(_) = event {
            self.services[0].timer(event, &mut self.out);
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Deliver(message) => self.deliver(message),
            Event::Database(service) => {
                self.services[service.0 as usize - 1].finished(&mut self.out);
            }
            Event::Group(group) => {
                for cue in self.script.cues(group) {
                    self.fire(CueId(cue));
                }
            }
            Event::Rested(client) => self.rested(client),
            Event::Due(_) | Event::Resend(_) => self.services[0].timer(event, &mut self.out),
        }
    }

    fn deliver(&mut self, message: MessageId) {
        let envelope = self.out.trace.message(message);
        let (sent, to, said, op) = (envelope.sent, envelope.to, envelope.message, envelope.op);
        let cause = self.out.note(TraceEvent::Delivered(message), sent);
        match (to, said) {
            (NodeId::Service(service), _) => {
                self.services[service.0 as usize - 1].receive(message, cause, &mut self.out);
            }
            (NodeId::Client(client), Message::Response(answer)) => {
                let asked = &mut self.out.trace.operations[op.0 as usize];
                asked.ended = Some((self.out.now, answer));
                let cue = asked.cue;
                let cause = self.out.note(TraceEvent::Ended(op, answer), cause);
                self.free(client, cue, cause);
            }
            (NodeId::Client(_), _) => unreachable!("shoppers are only answered"),
        }
    }

    /// A line of the script takes effect.
    fn fire(&mut self, cue: CueId) {
        self.out.trace.fired[cue.0 as usize] = Some(self.out.now);
        let cause = self.out.note(TraceEvent::Fired(cue), RecordId::NONE);
        match self.script.cue(cue).action {
            Action::Become(mode) => {
                let cause = self.out.note(TraceEvent::ModeChanged(mode), cause);
                self.services[0].become_mode(mode, cause, &mut self.out);
                self.finished(cue);
            }
            Action::Fault(_) => self.finished(cue),
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
        let shopper = &mut self.clients[client.0 as usize];
        shopper.busy = Some(cue);
        let (op, to) = match self.script.cue(cue).action {
            Action::Shop { op, to, .. } if op.is_view() => (op, to.unwrap_or(ServiceId::S2)),
            Action::Shop { op, .. } => (op, ServiceId::S1),
            Action::Wait { length, .. } => {
                self.out.note(TraceEvent::Resting(cue), cause);
                self.out.timer(self.out.now + length, Event::Rested(client));
                return;
            }
            Action::Become(_) | Action::Fault(_) => unreachable!("no shopper does this"),
        };
        let id = OpId(self.out.trace.operations.len() as u32);
        let (n, call) = (shopper.called, self.out.now);
        shopper.called += 1;
        self.out.trace.operations.push(Asked {
            client,
            n,
            op,
            to,
            cue,
            call,
            ended: None,
        });
        let cause = self.out.note(TraceEvent::Called(id), cause);
        let from = NodeId::Client(client);
        let route = Route {
            from,
            to: NodeId::Service(to),
            op: id,
            attempt: 0,
        };
        self.out.send(route, Message::Request, cause);
    }

    fn rested(&mut self, client: ClientId) {
        let cue = self.clients[client.0 as usize]
            .busy
            .expect("a shopper who waits is busy");
        let cause = self.out.note(TraceEvent::Rested(cue), RecordId::NONE);
        self.free(client, cue, cause);
    }

    /// The shopper has finished this line: the next one that waited begins at once.
    fn free(&mut self, client: ClientId, cue: CueId, cause: RecordId) {
        self.clients[client.0 as usize].busy = None;
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
