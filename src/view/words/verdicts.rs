//! The words of the verdicts.

use crate::check::staleness::ViewAge;
use crate::check::{Property, Verdict, Want, Why, Witness, sold};
use crate::history::{ClientId, OpId, Operation, ServiceId};
use crate::run::Safe;
use crate::time::SimTime;
use crate::view::Show;
use crate::view::words;
use crate::view::words::ledger::phrase;

/// The promise as a sentence, and its term.
pub fn title(property: Property) -> (&'static str, &'static str) {
    match property {
        Property::Fresh => ("Nobody is shown an old cart", "fresh"),
        Property::Linearizable => (
            "No cart is older than what was out",
            "linearizable; often called strong consistency",
        ),
        Property::Sequential => ("One single order explains it all", "sequential"),
        Property::Causal => ("Causes show first", "causal"),
        Property::CausalConvergence => ("Causes first, in one order for all", "causal convergence"),
        Property::CausalMemory => ("Causes first, in one order for each", "causal memory"),
        Property::ReadYourWrites => ("Everybody sees their own changes", "read your writes"),
        Property::MonotonicReads => ("Nobody sees time go backwards", "monotonic reads"),
        Property::MonotonicWrites => ("Changes by one arrive in order", "monotonic writes"),
        Property::WritesFollowReads => (
            "No change shows without what led to it",
            "writes follow reads",
        ),
        Property::ConsistentPrefix => (
            "Every cart shown was once the real one",
            "consistent prefix",
        ),
        Property::BoundedStaleness => ("No cart is older than the bound", "bounded staleness"),
        Property::Converges => (
            "In the end all copies agree",
            "converges; eventual consistency",
        ),
        Property::NoLostWrites => ("No confirmed change is lost", "no lost writes"),
        Property::NeverOversold => ("No more is sold than there is", "never oversold"),
        Property::NoLostUpdates => ("Nobody overwrites what they never saw", "no lost updates"),
    }
}

/// The field's term alone.
pub fn term(property: Property) -> &'static str {
    match property {
        Property::Linearizable => "linearizable",
        Property::Converges => "converges",
        other => title(other).1,
    }
}

pub fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds { .. } => "Holds",
        Verdict::Untested => "Not tested",
        Verdict::Violated { .. } => "Broken",
        Verdict::NotYet => "Not yet",
        Verdict::Unknown(Why::NoBound) => "No bound set",
        Verdict::Unknown(_) => "Cannot tell",
    }
}

/// What can be said of how old the carts were.
pub fn fresh(show: &Show, property: Property, verdict: Verdict, now: SimTime) -> String {
    let known = || {
        show.run
            .report
            .views
            .iter()
            .filter(|view| view.ended <= now)
    };
    let most = known().map(ViewAge::stale).max().unwrap_or_default();
    let old = known().filter(|view| view.is_stale()).count();
    match verdict {
        Verdict::Violated(witness) => {
            let first = was_shown(show, witness.op);
            let most = words::span(most);
            match old {
                1 => format!("{first}, out of date for {most}."),
                _ => format!("{first}. {old} old carts in all, the most out of date for {most}."),
            }
        }
        Verdict::Holds { chances } if old == 0 => {
            format!("{}, and the cart shown was up to date.", tested(chances))
        }
        Verdict::Untested if property == Property::Fresh => wanting(show, property, now),
        _ if old > 0 => format!("Most out of date: {}.", words::span(most)),
        _ => "No cart shown was out of date.".to_string(),
    }
}

/// `Bob was shown an empty cart`.
fn was_shown(show: &Show, op: OpId) -> String {
    let operation = &show.run.history.operations[op.0 as usize];
    format!(
        "{} was shown {}",
        shopper(show, operation),
        shown(operation)
    )
}

/// What can be said of the other promises.
pub fn sentence(show: &Show, property: Property, verdict: Verdict, now: SimTime) -> String {
    match verdict {
        Verdict::Violated(witness) => broken(show, property, witness),
        Verdict::Holds { chances } => format!("{} in this run.", tested(chances)),
        Verdict::Unknown(_) => "Too much is out of order to tell.".to_string(),
        _ => wanting(show, property, now),
    }
}

/// How it was broken: who was shown what, and what should have been there.
fn broken(show: &Show, property: Property, witness: Witness) -> String {
    let operations = &show.run.history.operations;
    let because = &operations[witness.because.0 as usize];
    let other = shopper(show, because);
    let deed = phrase(&because.op);
    if property == Property::NeverOversold {
        let (item, sold, stock) = sold(&show.run.history, witness);
        return format!("{sold} {item} sold of {stock}: {other} had “{deed}” confirmed before.");
    }
    let shown = was_shown(show, witness.op);
    if witness.because == witness.op && property != Property::ConsistentPrefix {
        return unexplained(show, property, witness);
    }
    match property {
        Property::ReadYourWrites => format!("{shown}, without “{deed}”, which was done."),
        Property::MonotonicReads => format!("{shown}, older than the cart before."),
        Property::MonotonicWrites => format!("{shown}: “{deed}” without what came before it."),
        Property::WritesFollowReads => {
            format!("{shown}: “{deed}” by {other}, without what {other} had seen.")
        }
        Property::ConsistentPrefix => format!("{shown}, which the cart never was."),
        Property::NoLostUpdates => {
            let own = &operations[witness.op.0 as usize];
            let (who, set) = (shopper(show, own), phrase(&own.op));
            format!("{who} overwrote “{deed}” by {other} with “{set}”, and had not been shown it.")
        }
        _ if because.op.is_view() => format!("{shown}, though {other} had been shown a newer one."),
        _ => format!("{shown}, though “{deed}” was already done."),
    }
}

/// No single pair shows it: only all orders together.
fn unexplained(show: &Show, property: Property, witness: Witness) -> String {
    let operation = &show.run.history.operations[witness.op.0 as usize];
    if property == Property::NoLostWrites {
        return format!("“{}” was confirmed, and is gone.", phrase(&operation.op));
    }
    match operation.op.is_view() {
        true => format!("{}: no order explains it.", was_shown(show, witness.op)),
        false => format!(
            "{} was told done for “{}”: no order explains it.",
            shopper(show, operation),
            phrase(&operation.op)
        ),
    }
}

/// What would put an untested promise to the test.
fn wanting(show: &Show, property: Property, now: SimTime) -> String {
    let person = |client: ClientId| words::person(show.run.history.shoppers[client.0 as usize]);
    match show.run.report.verdicts.wanting(property, now) {
        Want::Write(None) if show.run.report.windows.iter().any(|w| w.committed <= now) => {
            "Nothing more has been changed.".to_string()
        }
        Want::Write(None) => "Nothing has been changed yet.".to_string(),
        Want::Write(Some(client)) => format!("{} has changed nothing since.", person(client)),
        Want::View(None) => "Nobody has looked since.".to_string(),
        Want::Order => "Nobody has ordered more than there was.".to_string(),
        Want::Set => "Nobody who saw the cart has set what another changed.".to_string(),
        Want::View(Some(client)) => format!("{} has not looked again.", person(client)),
    }
}

/// What can be said of convergence.
pub fn converges(show: &Show, verdict: Verdict, lagging: &[ServiceId]) -> String {
    match (verdict, lagging) {
        (Verdict::Holds { .. }, _) if show.scenario.config.replicas == 0 => {
            "One server has it all.".to_string()
        }
        (Verdict::Holds { .. }, _) if !show.run.replicas.shifts.is_empty() => {
            "All services that are left agree.".to_string()
        }
        (Verdict::Holds { .. }, _) if show.scenario.config.replicas == 1 => {
            "Service 2 has all that Service 1 has.".to_string()
        }
        (Verdict::Holds { .. }, _) => "Every copy has all that Service 1 has.".to_string(),
        (Verdict::Untested, _) => "Nothing has been changed yet.".to_string(),
        (Verdict::Violated(_), []) => "All have every change, and not the same cart.".to_string(),
        (_, []) => "A change is still under way.".to_string(),
        (_, copies) => {
            let names: Vec<String> = copies.iter().map(|copy| service(*copy)).collect();
            let have = if names.len() == 1 { "does" } else { "do" };
            format!("{} {have} not have every change yet.", list(&names))
        }
    }
}

/// Why no run of this shop can break the promise.
pub fn safe(safe: Safe) -> &'static str {
    match safe {
        Safe::OneServer => " It cannot break: there is one server.",
        Safe::OneOrder => " It cannot break: one service takes all writes, copies apply in order.",
        Safe::NothingLost => " It cannot break: an update is sent until its copy has it.",
    }
}

fn tested(count: u32) -> String {
    format!("Tested {}", words::times(count))
}

/// `Service 2` for s2.
pub fn service(id: ServiceId) -> String {
    format!("Service {}", id.0)
}

/// The shopper of an operation, as a person.
pub fn shopper(show: &Show, operation: &Operation) -> String {
    words::person(show.run.history.shoppers[operation.client.0 as usize])
}

/// What an answered view showed: `an empty cart`, `2 book, 1 pen`.
pub fn shown(operation: &Operation) -> String {
    match operation.seen() {
        Some(seen) if seen.cart.is_empty() => "an empty cart".to_string(),
        Some(seen) => seen.cart.to_string(),
        None => "nothing yet".to_string(),
    }
}

/// `Alice`, `Alice and Bob`, `Alice, Bob and Carol`.
pub fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
