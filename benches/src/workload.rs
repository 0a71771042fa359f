//! The common workload on Lagoon's engine, and what it must come to in closed form.
//!
//! Poisson writes, 1 ms apart on average; links exp(5 ms); databases exp(0.5 ms), first in first
//! out; synchronous replication to one copy: seven events a write. A peer's write ends after
//! 22.0 ms on average. Lagoon's does not: its copy applies in order of version, and a receipt
//! covers all versions before it. So other means are held to their closed forms here.

use crate::luck::Luck;
use lagoon::chance::{Delay, Seed};
use lagoon::history::{Answer, ClientId, Outcome, ServiceId};
use lagoon::run::{Run, Runner, Unjudged};
use lagoon::scenario::Scenario;
use lagoon::shop::{Name, Op};
use lagoon::sim::trace::{Message, Trace, TraceEvent};
use lagoon::sim::{Action, Bounds, Config, Cue, ReplicationMode, When};
use lagoon::time::{SimDuration, SimTime};

pub const GAP_MS: f64 = 1.0;
pub const LINK_MS: f64 = 5.0;
pub const WRITE_MS: f64 = 0.5;
/// Events that every contestant handles for a write.
pub const EVENTS: u32 = 7;
/// Events handled in one call, as the page does it.
pub const SLICE: u32 = 4096;

/// Enough shoppers that none is ever still busy when its next write comes.
const SHOPPERS: u32 = 1024;

/// The workload as a scenario: every write is a cue at its own drawn moment.
pub fn scenario(writes: u32, seed: u32) -> Scenario {
    let mut luck = Luck::new(seed);
    let item = Name::new("book").expect("a name");
    let mut now_ms = 0.0;
    let cue = |write: u32| {
        now_ms += luck.exponential() * GAP_MS;
        Cue {
            when: When::At(SimTime((now_ms * 1000.0) as u64)),
            action: Action::Shop {
                client: ClientId(write % SHOPPERS),
                op: Op::Add { item, qty: 1 },
                to: None,
            },
        }
    };
    let script: Vec<Cue> = (0..writes).map(cue).collect();
    let config = Config {
        mode: ReplicationMode::Synchronous,
        network: exponential(LINK_MS),
        write: exponential(WRITE_MS),
        shoppers: (0..SHOPPERS).map(shopper).collect(),
        ..Config::default()
    };
    Scenario {
        config,
        seed: Seed(u64::from(seed)),
        script,
        expectations: Vec::new(),
    }
}

fn exponential(mean_ms: f64) -> Delay {
    Delay::Exponential(SimDuration((mean_ms * 1000.0) as u64))
}

fn shopper(number: u32) -> Name {
    Name::new(&format!("w{number}")).expect("a name")
}

/// An engine that is ready to go.
pub fn start(writes: u32, seed: u32) -> Runner {
    let bounds = Bounds {
        events: u32::MAX,
        time: SimTime(u64::MAX),
    };
    Runner::start_within(&scenario(writes, seed), bounds)
}

/// The whole workload: from drawing the writes to trace and history.
pub fn record(writes: u32, seed: u32) -> Unjudged {
    let mut runner = start(writes, seed);
    while runner.advance(SLICE) {}
    runner.record()
}

/// A mean that is known beforehand.
struct Mean {
    name: &'static str,
    expect_ms: f64,
    values_ms: Vec<f64>,
    /// The standard error is this many times that of independent values.
    clumsiness: f64,
}

/// What is wrong with a run of the workload; empty if all is as it must be.
pub fn faults(run: &Run, writes: u32) -> Vec<String> {
    let mut faults = Vec::new();
    let mut equal = |name: &str, got: usize, expect: usize| {
        if got != expect {
            faults.push(format!("{name}: {got} instead of {expect}"));
        }
    };
    let trace = &run.trace;
    let writes = writes as usize;
    let count = |wanted: fn(&TraceEvent) -> bool| {
        let records = trace.records.iter();
        records.filter(|record| wanted(&record.event)).count()
    };
    let done = |outcome: &Outcome| {
        matches!(
            outcome,
            Outcome::Ok {
                answer: Answer::Done(_),
                ..
            }
        )
    };
    let operations = run.history.operations.iter();
    equal(
        "confirmed",
        operations.filter(|o| done(&o.outcome)).count(),
        writes,
    );
    equal(
        "delivered",
        count(|e| matches!(e, TraceEvent::Delivered(_))),
        4 * writes,
    );
    equal(
        "applied",
        count(|e| matches!(e, TraceEvent::Applied(..))),
        2 * writes,
    );
    equal("queued", count(|e| matches!(e, TraceEvent::Queued(_))), 0);
    equal("windows", run.report.windows.len(), writes);
    for mean in means(trace) {
        faults.extend(mean.fault());
    }
    faults
}

impl Mean {
    fn fault(&self) -> Option<String> {
        let count = self.values_ms.len() as f64;
        let mean = self.values_ms.iter().sum::<f64>() / count;
        let square = |value: &f64| (value - mean) * (value - mean);
        let variance = self.values_ms.iter().map(square).sum::<f64>() / count;
        let error = 5.0 * self.clumsiness * (variance / count).sqrt();
        let off = (mean - self.expect_ms).abs();
        let (name, expect) = (self.name, self.expect_ms);
        (off.is_nan() || off > error)
            .then(|| format!("{name}: {mean:.4} ms is not {expect:.4} within {error:.4}"))
    }
}

fn means(trace: &Trace) -> Vec<Mean> {
    let link = |name, kind: fn(&Message) -> bool| {
        let sent = trace.messages.iter().filter(|sent| kind(&sent.message));
        let length = sent.map(|sent| ms(sent.arrives_at.since(sent.sent_at)));
        independent(name, LINK_MS, length.collect())
    };
    let [committed, databases] = at_the_databases(trace);
    vec![
        link("request", |m| matches!(m, Message::Request)),
        link("update", |m| matches!(m, Message::Replicate(_))),
        link("receipt", |m| matches!(m, Message::Ack(_))),
        link("answer", |m| matches!(m, Message::Response(_))),
        committed,
        databases,
        turn_at_the_copy(trace),
    ]
}

fn independent(name: &'static str, expect_ms: f64, values_ms: Vec<f64>) -> Mean {
    Mean {
        name,
        expect_ms,
        values_ms,
        clumsiness: 1.0,
    }
}

/// Call to commit, which is a link and the sojourn in an M/M/1 queue, 5 + 1 / (1/0.5 - 1/1) ms;
/// and the time of a database write at either service.
fn at_the_databases(trace: &Trace) -> [Mean; 2] {
    let (mut committed, mut databases) = (Vec::new(), Vec::new());
    let mut began = [SimTime::ZERO; 2];
    for record in &trace.records {
        match record.event {
            TraceEvent::Began(service, _) => began[usize::from(service.0) - 1] = record.at,
            TraceEvent::Applied(service, version) => {
                let nth = usize::from(service.0) - 1;
                databases.push(ms(record.at.since(began[nth])));
                if service == ServiceId::S1 {
                    let called = trace.operation(trace.write(version)).call;
                    committed.push(ms(record.at.since(called)));
                }
            }
            _ => {}
        }
    }
    let sojourn = 1.0 / (1.0 / WRITE_MS - 1.0 / GAP_MS);
    let committed = Mean {
        // Neighbours in a half-full queue wait together: about 10 of them.
        clumsiness: 3.0,
        ..independent("call to commit", LINK_MS + sojourn, committed)
    };
    [
        committed,
        independent("database write", WRITE_MS, databases),
    ]
}

/// From a commit until all updates up to it have come to the copy. Commits are a Poisson stream
/// (Burke), so with a = link / gap the wait for the last of them has the mean
/// link * (Ein(a) + (1 - exp(-a)) / a): the integral of 1 - (1 - u) exp(-a u), over u.
fn turn_at_the_copy(trace: &Trace) -> Mean {
    let updates = trace
        .messages
        .iter()
        .filter(|sent| matches!(sent.message, Message::Replicate(_)));
    let mut last = SimTime::ZERO;
    let waits = updates.map(|sent| {
        last = last.max(sent.arrives_at);
        ms(last.since(sent.sent_at))
    });
    let rate = LINK_MS / GAP_MS;
    Mean {
        clumsiness: 5.0,
        ..independent(
            "its turn at the copy",
            LINK_MS * wait_factor(rate),
            waits.collect(),
        )
    }
}

/// The integral over u from 0 to 1 of (1 - (1 - u) exp(-a u)) / u, by Simpson's rule.
fn wait_factor(a: f64) -> f64 {
    let steps = 1000;
    let integrand = |u: f64| match u {
        0.0 => 1.0 + a,
        #[allow(clippy::disallowed_methods, reason = "no link depends on a bench")]
        _ => (1.0 - (1.0 - u) * (-a * u).exp()) / u,
    };
    let weight = |step| match step {
        0 | 1000 => 1.0,
        odd if odd % 2 == 1 => 4.0,
        _ => 2.0,
    };
    let sum: f64 = (0..=steps)
        .map(|step| weight(step) * integrand(f64::from(step) / f64::from(steps)))
        .sum();
    sum / (3.0 * f64::from(steps))
}

fn ms(length: SimDuration) -> f64 {
    length.0 as f64 / 1000.0
}
