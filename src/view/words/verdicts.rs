//! The words of the verdicts.

use crate::check::{Property, Verdict};
use crate::history::{Operation, ServiceId};
use crate::time::SimTime;
use crate::view::Show;
use crate::view::words;

/// The promise as a sentence, and its term.
pub fn title(property: Property) -> (&'static str, &'static str) {
    match property {
        Property::Fresh => ("Nobody is shown an old cart", "fresh"),
        Property::Converges => ("In the end all copies agree", "eventual consistency"),
        other => (other.name(), ""),
    }
}

pub fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds { .. } => "Holds",
        Verdict::Untested => "Not tested",
        Verdict::Violated(_) => "Broken",
        Verdict::NotYet => "Not yet",
        Verdict::Unknown(_) => "Cannot tell",
    }
}

/// What can be said of fresh.
pub fn fresh(show: &Show, verdict: Verdict, now: SimTime) -> String {
    match verdict {
        Verdict::Violated(witness) => {
            let operation = &show.run.history.operations[witness.op.0 as usize];
            let known = show
                .run
                .report
                .views
                .iter()
                .filter(|view| view.ended <= now);
            let most = known
                .clone()
                .map(|view| view.stale())
                .max()
                .unwrap_or_default();
            let old = known.filter(|view| view.is_stale()).count();
            let first = format!(
                "{} was shown {}",
                shopper(show, operation),
                shown(operation)
            );
            match old {
                1 => format!("{first}, out of date for {}.", words::span(most)),
                _ => format!(
                    "{first}. {old} old carts in all, the most out of date for {}.",
                    words::span(most)
                ),
            }
        }
        Verdict::Holds { chances } => {
            format!("{}, and the cart shown was up to date.", times(chances))
        }
        _ => "Nobody has looked since a change was out.".to_string(),
    }
}

/// What can be said of convergence.
pub fn converges(show: &Show, verdict: Verdict, lagging: &[ServiceId]) -> String {
    match (verdict, lagging) {
        (Verdict::Holds { .. }, _) if show.scenario.config.replicas == 1 => {
            "Service 2 has all that Service 1 has.".to_string()
        }
        (Verdict::Holds { .. }, _) => "Every copy has all that Service 1 has.".to_string(),
        (Verdict::Untested, _) => "Nothing has been changed yet.".to_string(),
        (_, []) => "A change is still under way.".to_string(),
        (_, copies) => {
            let names: Vec<String> = copies.iter().map(|copy| service(*copy)).collect();
            let have = if names.len() == 1 { "does" } else { "do" };
            format!("{} {have} not have every change yet.", list(&names))
        }
    }
}

fn times(count: u32) -> String {
    match count {
        1 => "Tested once".to_string(),
        2 => "Tested twice".to_string(),
        count => format!("Tested {count} times"),
    }
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
