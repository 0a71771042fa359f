//! The words of guessing first.

use crate::check::Property;
use crate::check::points::{Clash, MOST, Refusal};
use crate::history::{Answer, OpId, Outcome, Version};
use crate::playground::Told;
use crate::shop::Cart;
use crate::time::SimTime;
use crate::view::Show;
use crate::view::verdicts;
use crate::view::words;
use crate::view::words::ledger::phrase;
use crate::view::words::timeline::shown;
use crate::view::words::verdicts::shopper;

pub const START: &str = "Guess first: when did each take effect?";
pub const TITLE: &str = "Guess: when did each operation take effect?";
pub const INTRO: &str = "Each click took effect at some moment between its call and its answer, its \
     linearization point. Drag each point to where you think that was, or use Tab and the arrow \
     keys. Could one single cart have given these answers, in the order of your points?";
pub const CHECK: &str = "Check my guess";
pub const SHOW: &str = "Show a possible order";
pub const DONE: &str = "Done";
pub const ORDER: &str = "In the order of the points";
pub const HIDDEN: &str = "What is stored is hidden while you guess.";

/// `Alice: add book`.
fn named(show: &Show, op: OpId) -> String {
    let operation = &show.run.history.operations[op.0 as usize];
    format!("{}: {}", shopper(show, operation), phrase(&operation.op))
}

/// What a slider is called.
pub fn slider(show: &Show, op: OpId) -> String {
    named(show, op) + " took effect at"
}

/// What a slider says.
pub fn point(at: Option<SimTime>) -> String {
    at.map_or("took no effect".to_string(), words::time)
}

/// A line of the order: `Bob: view the cart, shown an empty cart (v0)`.
pub fn line(show: &Show, op: OpId) -> String {
    named(show, op) + ", " + &answer(show, op)
}

/// What an operation was answered.
fn answer(show: &Show, op: OpId) -> String {
    match &show.run.history.operations[op.0 as usize].outcome {
        Outcome::Ok { answer, .. } => match answer {
            Answer::Done(version) => done(*version),
            Answer::Shown(seen) => format!("shown {}", cart(&seen.cart, seen.log.version())),
        },
        _ => "no answer".to_string(),
    }
}

fn done(version: Version) -> String {
    format!("done (v{})", version.0)
}

fn cart(cart: &Cart, version: Option<Version>) -> String {
    let version = version.map_or("out of order".to_string(), |v| format!("v{}", v.0));
    format!("{} ({version})", shown(cart))
}

/// What the person is told.
pub fn told(show: &Show, told: &Told) -> String {
    match told {
        Told::Right => "Possible: one cart, asked in this order, gives every answer.".to_string(),
        Told::Wrong(clash) => wrong(show, clash),
        Told::NoOrder => {
            let row = verdicts::row(show, Property::Linearizable, show.run.end());
            format!("No order is possible. {} This is why:", row.sentence)
        }
    }
}

/// Which operation was answered otherwise, and what it would have been answered.
fn wrong(show: &Show, clash: &Clash) -> String {
    let Some(op) = clash.op else {
        return String::new();
    };
    let after = match clash.after {
        Some(write) => format!("after “{}”", named(show, write)),
        None => "before every change".to_string(),
    };
    let would = match show.run.history.operations[op.0 as usize].seen() {
        Some(_) => format!("shown {}", cart(&clash.cart, Some(clash.version))),
        None => done(Version(clash.version.0 + 1)),
    };
    let (named, answer) = (named(show, op), answer(show, op));
    format!(
        "Not possible: here “{named}” comes {after}. The answer would be “{would}”, \
         and it was “{answer}”."
    )
}

/// Why there is nothing to guess.
pub fn refusal(refusal: Refusal) -> String {
    match refusal {
        Refusal::Empty => "There is nothing to guess yet.".to_string(),
        Refusal::Many(count) => {
            format!("{count} operations are too many to guess: {MOST} at most.")
        }
        Refusal::Open(_) => "Too many changes have no answer to guess.".to_string(),
        Refusal::NoPlace => "Too much is out of order to tell.".to_string(),
    }
}
