//! `lagoon run --json`: one object, frozen. Fields are added, never renamed.

use crate::Claim;
use crate::story::not_started;
use lagoon::check::staleness::ViewAge;
use lagoon::check::{Property, Verdict};
use lagoon::history::{Answer, Apply, OpId, Operation, Outcome, ServiceId};
use lagoon::run::Run;
use lagoon::run::durability;
use lagoon::run::traffic::{self, Step, Traffic};
use lagoon::scenario::Parsed;
use lagoon::shop::{Line, Op};
use lagoon::sim::Bound;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Object<'a> {
    hash: String,
    seed: u64,
    mode: &'static str,
    operations: Vec<JsonOperation<'a>>,
    applied: Vec<Applied<'a>>,
    windows: Vec<JsonWindow<'a>>,
    converged: Option<bool>,
    expectations: Vec<Expectation<'a>>,
    verdicts: BTreeMap<&'static str, &'static str>,
    diagnostics: Vec<JsonDiagnostic<'a>>,
    limit_reached: Option<&'static str>,
    not_started: Vec<u32>,
    traffic: JsonTraffic,
    /// Confirmed changes that stood on one disk alone, at most; and those that were lost with one.
    exposed: usize,
    lost: usize,
}

/// Of all operations, visitors' too.
#[derive(Serialize)]
struct JsonTraffic {
    visitors: u32,
    answered: u32,
    refused: u32,
    unknown: u32,
    /// Answers a second, over the whole run.
    throughput: f64,
    /// Of the answered operations, by nearest rank.
    wait_us: JsonWaits,
    views: u32,
    stale_views: u32,
    /// The most that ever waited for a service's database, by service.
    queues: BTreeMap<String, Peak>,
    /// The most confirmed versions that a copy ever lacked, by copy.
    behind: BTreeMap<String, Peak>,
}

#[derive(Serialize)]
struct JsonWaits {
    p50: u64,
    p95: u64,
    p99: u64,
    longest: u64,
}

#[derive(Serialize)]
struct Peak {
    most: u32,
    at_us: u64,
    at_end: u32,
}

#[derive(Serialize)]
struct JsonOperation<'a> {
    client: &'a str,
    n: u32,
    op: &'static str,
    item: Option<String>,
    qty: Option<u32>,
    to: String,
    call_us: u64,
    return_us: Option<u64>,
    outcome: &'static str,
    version: Option<u32>,
    cart: Option<BTreeMap<String, u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bought: Option<BTreeMap<String, u32>>,
    seen: Option<Vec<u32>>,
    stale_us: Option<u64>,
    stale_versions: Option<u32>,
}

#[derive(Serialize)]
struct Applied<'a> {
    replica: String,
    version: u32,
    client: &'a str,
    n: u32,
    at_us: u64,
}

#[derive(Serialize)]
struct JsonWindow<'a> {
    client: &'a str,
    n: u32,
    version: u32,
    replica: String,
    committed_us: u64,
    confirmed_us: Option<u64>,
    applied_us: Option<u64>,
    apart_us: Option<u64>,
    window_us: Option<u64>,
}

#[derive(Serialize)]
struct Expectation<'a> {
    line: u32,
    text: &'a str,
    met: Option<bool>,
    reason: &'a str,
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    line: u32,
    column: u32,
    message: &'a str,
    suggestion: Option<&'a str>,
    severity: &'static str,
}

/// The object as a text, a newline at its end.
pub fn print(parsed: &Parsed, run: &Run, claims: &[Claim]) -> String {
    let disks = durability::of(run, parsed.scenario.config.receipt);
    let object = Object {
        hash: run.hash.to_string(),
        seed: parsed.scenario.seed.0,
        mode: parsed.scenario.config.mode.word(),
        operations: operations(run),
        applied: run
            .replicas
            .applied
            .iter()
            .filter(|apply| apply.version.0 > 0)
            .map(|apply| applied(run, apply))
            .collect(),
        windows: windows(run),
        converged: converged(run),
        expectations: claims.iter().map(expectation).collect(),
        verdicts: verdicts(run),
        diagnostics: diagnostics(parsed),
        limit_reached: limit_reached(parsed, run),
        not_started: not_started(parsed, run),
        traffic: traffic(run),
        exposed: durability::most(&disks.exposed),
        lost: disks.gone.len(),
    };
    serde_json::to_string_pretty(&object).expect("plain data has a JSON form") + "\n"
}

fn traffic(run: &Run) -> JsonTraffic {
    let (traffic, end) = (Traffic::of(run), run.end());
    let summary = traffic.up_to(end);
    let peaks = |all: &[Vec<Step>], first: u8| {
        let numbered = (first..).map(ServiceId).zip(all);
        let peak = |(service, steps): (ServiceId, &Vec<Step>)| {
            let (at, most) = traffic::most(steps, end);
            let (at_us, at_end) = (at.micros(), traffic::at(steps, end));
            (
                service.to_string(),
                Peak {
                    most,
                    at_us,
                    at_end,
                },
            )
        };
        numbered.map(peak).collect()
    };
    let views = &run.report.views;
    let shoppers = run.history.shoppers.iter();
    JsonTraffic {
        visitors: shoppers.filter(|name| name.is_visitor()).count() as u32,
        answered: summary.answered,
        refused: summary.refused,
        unknown: summary.unknown,
        throughput: match end.micros() {
            0 => 0.0,
            micros => f64::from(summary.answered) * 1e6 / micros as f64,
        },
        wait_us: JsonWaits {
            p50: summary.p50.micros(),
            p95: summary.p95.micros(),
            p99: summary.p99.micros(),
            longest: summary.longest.micros(),
        },
        views: views.len() as u32,
        stale_views: views.iter().filter(|age| age.is_stale()).count() as u32,
        queues: peaks(&traffic.queues, 1),
        behind: peaks(&traffic.behind, 2),
    }
}

/// Whose operation, and the how manieth of theirs, from 1.
fn whose(run: &Run, op: OpId) -> (&str, u32) {
    let operation = &run.history.operations[op.0 as usize];
    (client(run, operation), operation.n + 1)
}

fn client<'a>(run: &'a Run, operation: &Operation) -> &'a str {
    run.history.shoppers[operation.client.0 as usize].as_str()
}

fn operations(run: &Run) -> Vec<JsonOperation<'_>> {
    let mut ages = run.report.views.iter().peekable();
    let one = |(place, operation): (usize, &Operation)| {
        let age = ages.next_if(|age| age.op.0 as usize == place);
        json_operation(run, operation, age)
    };
    run.history.operations.iter().enumerate().map(one).collect()
}

fn json_operation<'a>(
    run: &'a Run,
    operation: &Operation,
    age: Option<&ViewAge>,
) -> JsonOperation<'a> {
    let (outcome, version) = match &operation.outcome {
        Outcome::Ok {
            answer: Answer::Done(version),
            ..
        } => ("ok", Some(version.0)),
        Outcome::Ok {
            answer: Answer::Shown(seen),
            ..
        } => ("ok", seen.log.version().map(|version| version.0)),
        Outcome::Failed { .. } => ("failed", None),
        Outcome::Unknown => ("unknown", None),
    };
    let seen = operation.seen();
    JsonOperation {
        client: client(run, operation),
        n: operation.n + 1,
        op: match operation.op {
            Op::Add { .. } => "add",
            Op::Set { .. } => "set",
            Op::Remove { .. } => "remove",
            Op::View => "view",
            Op::Buy { .. } | Op::Return { .. } => "buy",
        },
        item: operation.op.item().map(|item| item.to_string()),
        qty: operation.op.qty(),
        to: operation.to.to_string(),
        call_us: operation.call.micros(),
        return_us: operation.ended().map(|at| at.micros()),
        outcome,
        version,
        cart: seen.map(|seen| counts(seen.cart.lines())),
        bought: seen
            .map(|seen| counts(seen.cart.bought()))
            .filter(|bought| !bought.is_empty()),
        seen: seen.map(|seen| seen.log.iter().map(|version| version.0).collect()),
        stale_us: age.map(|age| age.stale().micros()),
        stale_versions: age.map(|age| age.missed),
    }
}

fn counts(lines: &[Line]) -> BTreeMap<String, u32> {
    lines
        .iter()
        .map(|line| (line.item.to_string(), line.qty))
        .collect()
}

fn applied<'a>(run: &'a Run, apply: &Apply) -> Applied<'a> {
    let (client, n) = whose(run, run.trace.write(apply.version));
    Applied {
        replica: apply.replica.to_string(),
        version: apply.version.0,
        client,
        n,
        at_us: apply.at.micros(),
    }
}

fn windows(run: &Run) -> Vec<JsonWindow<'_>> {
    let one = |window: &lagoon::check::staleness::Window| {
        let (client, n) = whose(run, window.op);
        JsonWindow {
            client,
            n,
            version: window.version.0,
            replica: window.replica.to_string(),
            committed_us: window.committed.micros(),
            confirmed_us: window.confirmed.map(|at| at.micros()),
            applied_us: window.applied.map(|at| at.micros()),
            apart_us: window.apart().map(|length| length.micros()),
            window_us: window.window().map(|length| length.micros()),
        }
    };
    run.report.windows.iter().map(one).collect()
}

/// Null while something is under way at the end of the run.
fn converged(run: &Run) -> Option<bool> {
    match run.verdict(Property::Converges, run.end()) {
        Verdict::Holds { .. } | Verdict::Untested => Some(true),
        Verdict::Violated(_) => Some(false),
        _ => None,
    }
}

/// Every property's verdict of the whole run.
fn verdicts(run: &Run) -> BTreeMap<&'static str, &'static str> {
    let judged = |property: Property| (property.name(), run.verdict(property, run.end()).word());
    Property::ALL.into_iter().map(judged).collect()
}

fn expectation(claim: &Claim) -> Expectation<'_> {
    Expectation {
        line: claim.line,
        text: &claim.text,
        met: claim.met,
        reason: &claim.reason,
    }
}

fn diagnostics(parsed: &Parsed) -> Vec<JsonDiagnostic<'_>> {
    let told = parsed.diagnostics.iter().map(|diagnostic| JsonDiagnostic {
        line: diagnostic.line,
        column: diagnostic.column,
        message: &diagnostic.message,
        suggestion: diagnostic.suggestion.as_deref(),
        severity: diagnostic.severity.word(),
    });
    told.collect()
}

fn limit_reached(parsed: &Parsed, run: &Run) -> Option<&'static str> {
    let of_run = run.trace.limit.map(|bound| match bound {
        Bound::Events => "events",
        Bound::Time => "time",
    });
    parsed.limit_reached.map(|limit| limit.name()).or(of_run)
}
