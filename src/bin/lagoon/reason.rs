//! Why a claim is met or not, in words.
//!
//! Invariant: the words say only what the judge's data holds.

use crate::story::{deed, ms, person, service, span};
use lagoon::check::staleness::ViewAge;
use lagoon::check::{Claim, Ground, Property, Verdict, Want, Why, Witness, sold};
use lagoon::history::{ClientId, OpId, Operation, Version};
use lagoon::run::{Run, Safe, safe};
use lagoon::scenario::Scenario;
use lagoon::time::SimDuration;

/// Why this claim is met or not.
pub fn of(claim: &Claim, ground: Ground, run: &Run, scenario: &Scenario) -> String {
    match (ground, claim) {
        (Ground::Verdict(verdict), Claim::Property { property, .. }) => {
            of_verdict(*property, verdict, run, scenario)
        }
        (Ground::Verdict(verdict), _) => {
            of_verdict(Property::BoundedStaleness, verdict, run, scenario)
        }
        (Ground::Shown(op), _) => {
            let cart = operation(run, op).seen().map(|seen| seen.cart.to_string());
            let cart = cart.unwrap_or_default();
            format!("{} was shown {cart}", who(run, operation(run, op)))
        }
        (Ground::Waited(op), Claim::WaitsUnder { which, .. }) => {
            let longest = if which.is_none() { " at most" } else { "" };
            let operation = operation(run, op);
            let length = operation
                .ended()
                .map_or(SimDuration::ZERO, |at| at.since(operation.call));
            format!("{} waited {}{longest}", who(run, operation), span(length))
        }
        (Ground::Waited(op) | Ground::Open(op), _) => {
            let operation = operation(run, op);
            let (who, asked) = (who(run, operation), deed(operation.op));
            format!("{who} has no answer to this: {asked}")
        }
        (Ground::Absent, Claim::Shows { who, .. } | Claim::WaitsUnder { who, .. }) => {
            let who = person(*who);
            format!("{who} did not ask for this, or not so often, in this run")
        }
        (Ground::Absent, _) => String::new(),
    }
}

fn of_verdict(property: Property, verdict: Verdict, run: &Run, scenario: &Scenario) -> String {
    match verdict {
        Verdict::Holds { chances: 1 } => "held in the one chance to break it".to_string(),
        Verdict::Holds { chances } => format!("held in {chances} of {chances} chances"),
        Verdict::Untested => untested(property, run, scenario),
        Verdict::Violated(witness) => {
            format!(
                "broken at {}: {}",
                ms(witness.at),
                breach(property, witness, run)
            )
        }
        Verdict::NotYet => "not yet: something was still under way at the end".to_string(),
        Verdict::Unknown(Why::NoBound) => {
            "no bound is set; say one, as in expect staleness under 300ms".to_string()
        }
        Verdict::Unknown(Why::NoPlace) => "cannot tell: too many orders to try".to_string(),
    }
}

/// What would have tested it, or why nothing can.
fn untested(property: Property, run: &Run, scenario: &Scenario) -> String {
    let who = |client: Option<ClientId>| {
        client.map(|client| person(run.history.shoppers[client.0 as usize]))
    };
    let mut reason = "not tested: nothing in this run could have broken it".to_string();
    match run.report.verdicts.wanting(property, run.end()) {
        Want::Write(client) => match who(client) {
            Some(who) => reason += &format!(" ({who} would have to change something more)"),
            None => reason += " (something would have to be changed)",
        },
        Want::View(client) => match who(client) {
            Some(who) => reason += &format!(" ({who} has not looked again)"),
            None => reason += " (nobody has looked since)",
        },
        Want::Order => reason += " (nobody ordered more than there was)",
        Want::Set => {
            reason += " (nobody who had been shown the cart set what somebody else changes)";
        }
    }
    match safe(property, scenario) {
        Some(Safe::OneOrder) => {
            reason += "; one service takes all writes, and copies apply in order";
        }
        Some(Safe::OneServer) => reason += "; there is one server",
        Some(Safe::NothingLost) => reason += "; no update is lost for good",
        None => {}
    }
    reason
}

fn breach(property: Property, witness: Witness, run: &Run) -> String {
    let view = operation(run, witness.op);
    let name = who(run, view);
    let because = operation(run, witness.because);
    let write = wrote(run, witness.version);
    match property {
        Property::Fresh | Property::BoundedStaleness => {
            let age = run.report.views.iter().find(|age| age.op == witness.op);
            let stale = age.map_or(SimDuration::ZERO, ViewAge::stale);
            format!("{name} was shown a cart {} out of date", span(stale))
        }
        Property::NoLostWrites => {
            format!("{} does not have {write}", service(witness.replica))
        }
        Property::Converges => format!("{} has another cart", service(witness.replica)),
        Property::NeverOversold => {
            let (item, sold, stock) = sold(&run.history, witness);
            let order = named(run, view);
            format!("{order} was confirmed too: {sold} {item} sold, of {stock}")
        }
        Property::NoLostUpdates => {
            format!(
                "{} overwrote {write}, which {name} had not been shown",
                deed(view.op)
            )
        }
        Property::ConsistentPrefix | Property::CausalConvergence => {
            format!("{name} was shown writes out of order: {write} has another place")
        }
        Property::Linearizable | Property::Sequential if witness.because == witness.op => {
            format!("no order explains what {name} was told")
        }
        _ if witness.because == witness.op => {
            format!("{name} was shown writes out of order: {write} has another place")
        }
        _ if !because.op.is_view() && because.seen().is_none() && holds(view, run, witness) => {
            format!(
                "{name} was shown {}, and not {write} before it",
                named(run, because)
            )
        }
        _ if because.op.is_view() && because.client == view.client => {
            format!("{name} had already been shown {write}, and then was not")
        }
        _ if because.op.is_view() => {
            format!(
                "{name} was not shown {write}; {} had already been",
                who(run, because)
            )
        }
        _ => format!("{name} was not shown {write}, which was done"),
    }
}

/// The view holds the write because of which it should hold another.
fn holds(view: &Operation, run: &Run, witness: Witness) -> bool {
    let place = run
        .replicas
        .writes
        .iter()
        .position(|op| *op == witness.because);
    let version = place.map(|place| Version(place as u32 + 1));
    version.is_some_and(|version| {
        version != witness.version && view.seen().is_some_and(|seen| seen.log.contains(version))
    })
}

/// `v2 (Bob: add pen)`.
fn wrote(run: &Run, version: Version) -> String {
    let nth = (version.0 as usize).wrapping_sub(1);
    match run.replicas.writes.get(nth) {
        Some(op) => format!("v{} ({})", version.0, named(run, operation(run, *op))),
        None => format!("v{}", version.0),
    }
}

/// `Bob: add pen`.
fn named(run: &Run, operation: &Operation) -> String {
    format!("{}: {}", who(run, operation), deed(operation.op))
}

fn operation(run: &Run, op: OpId) -> &Operation {
    &run.history.operations[op.0 as usize]
}

fn who(run: &Run, operation: &Operation) -> String {
    person(run.history.shoppers[operation.client.0 as usize])
}
