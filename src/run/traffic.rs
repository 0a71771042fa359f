//! Traffic: what the shop's work looks like from above: how long everybody waited, how many waited
//! for each database, and how far behind each copy was, at every moment.
//!
//! Invariants: a fold of the run, and nothing else; steps stand in order of time, and the last one
//! at a moment counts.

use super::Run;
use crate::history::{OpId, ServiceId};
use crate::order;
use crate::sim::trace::{Ending, Message, MessageId, NodeId, Trace, TraceEvent};
use crate::time::{SimDuration, SimTime};

/// From when on a number is what it is.
pub type Step = (SimTime, u32);

/// How an operation ended for whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Answered,
    Refused,
    /// No answer, or an error: it may be done.
    Unknown,
}

/// An operation that has ended.
#[derive(Clone, Copy, Debug)]
pub struct Ended {
    pub at: SimTime,
    pub wait: SimDuration,
    pub end: End,
}

/// What a run's traffic was.
#[derive(Clone, Debug)]
pub struct Traffic {
    /// In order of their ends.
    pub ended: Vec<Ended>,
    /// How many visitors waited for their answers.
    pub visitors: Vec<Step>,
    /// How many requests and updates waited for the database, for each service from 1.
    pub queues: Vec<Vec<Step>>,
    /// How many confirmed versions each copy was short of, from Service 2.
    pub behind: Vec<Vec<Step>>,
}

/// How many operations ended so, and what those that were answered had waited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub answered: u32,
    pub refused: u32,
    pub unknown: u32,
    /// Of the answered ones, by the nearest rank: so many in a hundred waited no longer.
    pub p50: SimDuration,
    pub p95: SimDuration,
    pub p99: SimDuration,
    pub longest: SimDuration,
}

impl Traffic {
    pub fn of(run: &Run) -> Traffic {
        Traffic {
            ended: ended(&run.trace),
            visitors: visitors(&run.trace),
            queues: Queues::of(&run.trace, usize::from(run.replicas.copies) + 1),
            behind: behind(run),
        }
    }

    /// What ended after `from`, up to and including `to`.
    pub fn between(&self, from: SimTime, to: SimTime) -> Summary {
        let first = self.ended.partition_point(|one| one.at <= from);
        let last = self.ended.partition_point(|one| one.at <= to);
        summary(&self.ended[first..last.max(first)])
    }

    /// What ended up to `now`.
    pub fn up_to(&self, now: SimTime) -> Summary {
        let last = self.ended.partition_point(|one| one.at <= now);
        summary(&self.ended[..last])
    }
}

fn summary(ended: &[Ended]) -> Summary {
    let count = |end: End| ended.iter().filter(|one| one.end == end).count() as u32;
    let answered = ended.iter().filter(|one| one.end == End::Answered);
    let mut waits: Vec<(u64, usize)> = answered.map(|one| (one.wait.0, 0)).collect();
    order::sort(&mut waits);
    let rank = |percent: usize| {
        let place = (waits.len() * percent).div_ceil(100).max(1) - 1;
        SimDuration(waits.get(place).map_or(0, |(wait, _)| *wait))
    };
    Summary {
        answered: waits.len() as u32,
        refused: count(End::Refused),
        unknown: count(End::Unknown),
        p50: rank(50),
        p95: rank(95),
        p99: rank(99),
        longest: rank(100),
    }
}

/// The number that holds at `now`; 0 before the first step.
pub fn at(steps: &[Step], now: SimTime) -> u32 {
    let place = steps.partition_point(|(at, _)| *at <= now);
    place.checked_sub(1).map_or(0, |place| steps[place].1)
}

/// The largest number up to `now`, and since when it was that; 0 where there was none.
pub fn most(steps: &[Step], now: SimTime) -> Step {
    let past = steps.iter().take_while(|(at, _)| *at <= now);
    past.fold((SimTime::ZERO, 0), |most, step| {
        if step.1 > most.1 { *step } else { most }
    })
}

fn ended(trace: &Trace) -> Vec<Ended> {
    let done = trace.operations.iter().filter_map(|asked| {
        let (at, ending) = asked.ended?;
        let end = match ending {
            Ending::Answer(_) => End::Answered,
            Ending::Refused => End::Refused,
            Ending::Unknown => End::Unknown,
        };
        let wait = at.since(asked.call);
        Some(Ended { at, wait, end })
    });
    let mut ended: Vec<Ended> = done.collect();
    order::by_key(&mut ended, |one| one.at.0);
    ended
}

fn visitors(trace: &Trace) -> Vec<Step> {
    let mut changes = Vec::new();
    for asked in &trace.operations {
        if trace.shopper(asked.client).is_visitor() {
            let ended = asked.ended.map_or(u64::MAX, |(at, _)| at.0);
            changes.extend([(asked.call.0, 0), (ended, 1)]);
        }
    }
    steps(changes)
}

/// The confirmed versions that a copy lacks, one more at each confirmation that it has not applied.
fn behind(run: &Run) -> Vec<Vec<Step>> {
    let copies = usize::from(run.replicas.copies);
    let mut changes: Vec<Vec<(u64, usize)>> = vec![Vec::new(); copies];
    for window in &run.report.windows {
        let Some(confirmed) = window.confirmed else {
            continue;
        };
        let applied = window.applied.unwrap_or(SimTime(u64::MAX));
        let place = usize::from(window.replica.0).checked_sub(2);
        if let Some(changes) = place.and_then(|place| changes.get_mut(place))
            && applied > confirmed
        {
            changes.extend([(confirmed.0, 0), (applied.0, 1)]);
        }
    }
    changes.into_iter().map(steps).collect()
}

/// The sum of changes by one, up (0) or down (1), in any order; none at the end of time.
fn steps(mut changes: Vec<(u64, usize)>) -> Vec<Step> {
    order::sort(&mut changes);
    let mut steps: Vec<Step> = Vec::with_capacity(changes.len());
    let mut number = 0;
    for (at, down) in changes.into_iter().take_while(|(at, _)| *at < u64::MAX) {
        number = if down > 0 { number - 1 } else { number + 1 };
        step(&mut steps, SimTime(at), number);
    }
    steps
}

fn step(steps: &mut Vec<Step>, at: SimTime, number: u32) {
    match steps.last_mut().filter(|last| last.0 == at) {
        Some(last) => last.1 = number,
        None => steps.push((at, number)),
    }
}

/// Who waits for which database.
struct Queues {
    /// How many requests and updates of an operation wait there, by service and operation.
    waiting: Vec<Vec<u16>>,
    lengths: Vec<u32>,
    steps: Vec<Vec<Step>>,
}

impl Queues {
    fn of(trace: &Trace, services: usize) -> Vec<Vec<Step>> {
        let mut queues = Queues {
            waiting: vec![vec![0; trace.operations.len()]; services],
            lengths: vec![0; services],
            steps: vec![Vec::new(); services],
        };
        for record in &trace.records {
            queues.note(trace, record.at, record.event);
        }
        queues.steps
    }

    fn note(&mut self, trace: &Trace, at: SimTime, event: TraceEvent) {
        match event {
            TraceEvent::Delivered(id) => self.come(trace, at, id, true),
            // Not for the database, or not yet.
            TraceEvent::Duplicate(id) | TraceEvent::Early(id) => self.come(trace, at, id, false),
            TraceEvent::Waits(service, op) | TraceEvent::Began(service, op) => {
                self.change(at, service, op, false);
            }
            TraceEvent::Sent(id) => {
                let envelope = trace.message(id);
                let turned_away = matches!(envelope.message, Message::Refusal | Message::Redirect);
                if let (true, NodeId::Service(service)) = (turned_away, envelope.from) {
                    self.change(at, service, envelope.op, false);
                }
            }
            TraceEvent::Crashed(service) => {
                let place = usize::from(service.0) - 1;
                self.waiting[place].fill(0);
                self.lengths[place] = 0;
                step(&mut self.steps[place], at, 0);
            }
            _ => {}
        }
    }

    /// A message has come that gives a database work, or it turns out that it gives none.
    fn come(&mut self, trace: &Trace, at: SimTime, id: MessageId, more: bool) {
        let envelope = trace.message(id);
        let works = matches!(
            envelope.message,
            Message::Request | Message::Look | Message::Replicate(_) | Message::Repair(_)
        );
        if let (true, NodeId::Service(service)) = (works, envelope.to) {
            self.change(at, service, envelope.op, more);
        }
    }

    fn change(&mut self, at: SimTime, service: ServiceId, op: OpId, more: bool) {
        let place = usize::from(service.0) - 1;
        let waiting = &mut self.waiting[place][op.0 as usize];
        match more {
            true => {
                *waiting += 1;
                self.lengths[place] += 1;
            }
            // What began without having waited was not counted.
            false if *waiting == 0 => return,
            false => {
                *waiting -= 1;
                self.lengths[place] -= 1;
            }
        }
        step(&mut self.steps[place], at, self.lengths[place]);
    }
}
