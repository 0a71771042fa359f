//! The run of the first text, as the engine computed it, kept as data: the page shows it before the
//! engine is here, which comes a moment later.
//!
//! Invariant: equal to what the engine computes in every field. The test compares them, and with
//! `LAGOON_BLESS=1` it writes the data anew.

use super::{Report, Run, Show};
use crate::check::staleness::{ViewAge, Window};
use crate::check::{KeptVerdicts, Verdicts};
use crate::history::{Answer, Apply, Log, OpId, ReplicaLog, Seen, Version};
use crate::scenario::{Scenario, gallery};
use crate::shop::{Cart, Model};
use crate::sim::trace::{Asked, Envelope, Hold, Record, Trace, TraceHash};
use crate::time::SimTime;
use std::rc::Rc;

/// What is kept of a run without trouble whose copies apply in order.
struct Kept {
    hash: TraceHash,
    records: &'static [Record],
    operations: &'static [Asked],
    messages: &'static [Envelope],
    /// A write's version; of a view the version that it showed.
    answers: &'static [(bool, Version)],
    holds: &'static [Hold],
    writes: &'static [OpId],
    fired: &'static [Option<SimTime>],
    applied: &'static [Apply],
    views: &'static [ViewAge],
    windows: &'static [Window],
    verdicts: KeptVerdicts,
}

mod data {
    use super::Kept;
    use crate::check::staleness::{Missed, ViewAge, Window};
    use crate::check::{Firsts, KeptAgreement as Agreement, KeptVerdicts as Verdicts, Witness};
    use crate::history::{Apply, ClientId, OpId, ServiceId, Version};
    use crate::shop::Name;
    use crate::shop::Op::{Add, View};
    use crate::sim::CueId;
    use crate::sim::trace::Ending::Answer;
    use crate::sim::trace::Journey::Over;
    use crate::sim::trace::Message::{Ack, Replicate, Request, Response};
    use crate::sim::trace::NodeId::{Client, Service};
    use crate::sim::trace::TraceEvent::{
        Applied, Began, Called, Delivered, Ended, Fired, Held, Read, Sent,
    };
    use crate::sim::trace::{AnswerId, Asked, Envelope, Hold, MessageId, Record};
    use crate::sim::trace::{RecordId, TraceHash};
    use crate::time::SimTime;

    #[allow(non_upper_case_globals, reason = "as it is printed")]
    const book: Name = Name::known(b"book");

    pub const FIRST: Kept = include!("kept/first.in");
}

/// The run of the first text.
pub fn first() -> Show {
    show(gallery::first().scenario, &data::FIRST)
}

fn show(scenario: Scenario, kept: &Kept) -> Show {
    let mut trace = Trace {
        seed: scenario.seed,
        shoppers: scenario.config.shoppers.clone(),
        stock: Vec::new(),
        records: kept.records.to_vec(),
        operations: kept.operations.to_vec(),
        messages: kept.messages.to_vec(),
        answers: Vec::new(),
        holds: kept.holds.to_vec(),
        writes: kept.writes.to_vec(),
        undos: Vec::new(),
        changes: Vec::new(),
        loads: Vec::new(),
        stops: Vec::new(),
        fired: kept.fired.to_vec(),
        limit: None,
        quiet: true,
    };
    let answers = kept.answers.iter().map(|(shown, version)| match shown {
        true => Answer::Shown(seen(&trace, *version)),
        false => Answer::Done(*version),
    });
    trace.answers = answers.collect();
    let run = Run {
        hash: kept.hash,
        history: trace.history(),
        replicas: ReplicaLog {
            shifts: Vec::new(),
            copies: scenario.config.replicas,
            applied: kept.applied.to_vec(),
            writes: kept.writes.to_vec(),
            undos: Vec::new(),
        },
        report: Report {
            views: kept.views.to_vec(),
            windows: kept.windows.to_vec(),
            verdicts: Verdicts::kept(&kept.verdicts),
            bound: None,
            traffic: None,
        },
        trace,
    };
    Show { scenario, run }
}

/// What a copy shows at this version.
fn seen(trace: &Trace, version: Version) -> Seen {
    let (mut cart, mut log) = (Cart::default(), Log::default());
    for version in (1..=version.0).map(Version) {
        cart.apply(&trace.operation(trace.write(version)).op);
        log.push(version);
    }
    Seen {
        cart: Rc::new(cart),
        log,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The literal of [`Kept`] for a run.
    fn literal(run: &Run) -> String {
        let trace = &run.trace;
        let lasting = trace.undos.is_empty() && trace.changes.is_empty() && trace.stops.is_empty();
        assert!(lasting && trace.quiet && trace.loads.is_empty() && run.report.bound.is_none());
        let answers = trace.answers.iter().map(|answer| match answer {
            Answer::Done(version) => (false, *version),
            Answer::Shown(seen) => (true, seen.log.version().expect("in order")),
        });
        let answers: Vec<_> = answers.collect();
        let list = |name: &str, items: Vec<String>| {
            format!(
                "    {name}: &[\n        {},\n    ],\n",
                items.join(",\n        ")
            )
        };
        fn lines<T: std::fmt::Debug>(items: &[T]) -> Vec<String> {
            items.iter().map(|item| format!("{item:?}")).collect()
        }
        let lists = [
            list("records", lines(&trace.records)),
            list("operations", lines(&trace.operations)),
            list("messages", lines(&trace.messages)),
            list("answers", lines(&answers)),
            list("holds", lines(&trace.holds)),
            list("writes", lines(&trace.writes)),
            list("fired", lines(&trace.fired)),
            list("applied", lines(&run.replicas.applied)),
            list("views", lines(&run.report.views)),
            list("windows", lines(&run.report.windows)),
        ];
        let verdicts = run.report.verdicts.keep().replace('[', "&[");
        let (hash, lists) = (
            run.hash.0,
            lists.concat().replace("&[\n        ,\n    ]", "&[]"),
        );
        format!("Kept {{\n    hash: TraceHash({hash}),\n{lists}    verdicts: {verdicts},\n}}\n")
    }

    #[test]
    fn what_is_kept_is_what_the_engine_computes() {
        let computed = Show::of(gallery::first().scenario);
        if std::env::var_os("LAGOON_BLESS").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/run/kept/first.in");
            std::fs::write(path, literal(&computed.run)).expect("written");
            return;
        }
        assert_eq!(format!("{:#?}", super::first()), format!("{computed:#?}"));
    }
}
