//! The words of a proof.

use crate::check::Witness;
use crate::history::{Answer, OpId, Outcome, ServiceId};
use crate::sim::trace::{AnswerId, Record};
use crate::view::Show;
use crate::view::why::Whereabouts;
use crate::view::words::ledger::{self, phrase};
use crate::view::words::scene::left_of;
use crate::view::words::verdicts::{service, shopper, shown};
use crate::view::words::{self, trouble};

/// `Alice is told that “add book” is done (v1)`, `Bob is shown 1 book`.
pub fn answered(show: &Show, op: OpId) -> String {
    let operation = &show.run.history.operations[op.0 as usize];
    let who = shopper(show, operation);
    match &operation.outcome {
        Outcome::Ok {
            answer: Answer::Done(version),
            ..
        } => format!(
            "{who} is told that “{}” is done (v{})",
            phrase(&operation.op),
            version.0
        ),
        Outcome::Ok { .. } => format!("{who} is shown {}", shown(operation)),
        _ => format!(
            "{who} does not know whether “{}” is done",
            phrase(&operation.op)
        ),
    }
}

/// `Bob asks for the cart`.
pub fn asks(show: &Show, op: OpId) -> String {
    let operation = &show.run.history.operations[op.0 as usize];
    let who = shopper(show, operation);
    match operation.op.item() {
        Some(item) => format!("{who} asks for the stock of {item}"),
        None => format!("{who} asks for the cart"),
    }
}

/// `Service 2 reads its copy, v0`, `Service 2 reads its own stock, 1 book left, v0`.
pub fn reads(show: &Show, op: OpId, replica: ServiceId, answer: AnswerId) -> String {
    let (trace, mut what) = (&show.run.trace, "copy".to_string());
    let Answer::Shown(seen) = trace.answer(answer) else {
        return String::new();
    };
    if let Some(item) = trace.operation(op).op.item() {
        what = format!("stock, {}", left_of(&trace.stock, &seen.cart, item));
    }
    let state = trouble::log(&seen.log);
    format!("{} reads its own {what}, {state}", service(replica))
}

/// `The background job takes v1, to send it at 333 ms`.
pub fn whereabouts(show: &Show, record: &Record, witness: Witness, place: Whereabouts) -> String {
    let (v, copy) = (witness.version.0, service(witness.replica));
    match place {
        Whereabouts::Applied | Whereabouts::Trouble => {
            let (who, what) = ledger::line(show, record).unwrap_or_default();
            format!("{who} {what}")
        }
        Whereabouts::Unsent => {
            let from = service(show.run.replicas.leader(record.at));
            format!("{from} has v{v}, and has not sent it yet")
        }
        Whereabouts::Held(due) => {
            format!(
                "The background job takes v{v}, and holds it until {}",
                words::time(due)
            )
        }
        Whereabouts::UnderWay(arrives) => {
            format!(
                "v{v} leaves for {copy}, to arrive at {}",
                words::time(arrives)
            )
        }
        Whereabouts::Early => format!("v{v} waits at {copy}: an earlier one is missing"),
        Whereabouts::Arrived => format!("v{v} reaches {copy}, and is still to be written there"),
    }
}
