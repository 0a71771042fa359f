//! Why a claim is not met, in a sentence.

use crate::check::{Claim, Ground, Property};
use crate::history::OpId;
use crate::time::SimDuration;
use crate::view::words::ledger::phrase;
use crate::view::words::verdicts::{self, shopper, shown};
use crate::view::{Show, verdicts as judged, words};

/// What decided it.
pub fn why(show: &Show, claim: &Claim, ground: Ground) -> String {
    let end = show.run.end();
    let operation = |op: OpId| &show.run.history.operations[op.0 as usize];
    match (ground, claim) {
        (Ground::Verdict(_), Claim::Property { property, .. }) => {
            let row = judged::seen(show, *property, end);
            format!("{}: {}", row.word, row.sentence)
        }
        (Ground::Verdict(verdict), _) => {
            let told = verdicts::fresh(show, Property::BoundedStaleness, verdict, end);
            format!("{}: {told}", verdicts::word(verdict))
        }
        (Ground::Shown(op), _) => {
            let view = operation(op);
            format!("{} was shown {}.", shopper(show, view), shown(view))
        }
        (Ground::Waited(op), _) => {
            let own = operation(op);
            let ended = own.ended();
            let wait = ended.map_or(SimDuration::ZERO, |at| at.since(own.call));
            format!("{} waited {}.", shopper(show, own), words::span(wait))
        }
        (Ground::Open(op), _) => {
            let own = operation(op);
            let (who, asked) = (shopper(show, own), phrase(&own.op));
            format!("{who} has no answer to “{asked}”.")
        }
        (Ground::Absent, Claim::Shows { who, .. } | Claim::WaitsUnder { who, .. }) => {
            let who = words::person(*who);
            format!("{who} did not ask, or not so often.")
        }
        (Ground::Absent, _) => String::new(),
    }
}
