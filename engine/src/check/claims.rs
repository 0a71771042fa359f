//! Whether a claim of the text is met, up to a moment, and what decides it.
//!
//! Invariant: a claim about an operation that was not asked for, or is not answered, is not met;
//! a claim that no judge can decide is neither met nor crossed.

use crate::check::Verdict;
use crate::history::{History, OpId, Operation};
use crate::shop::{Cart, Kind, Name};
use crate::time::{SimDuration, SimTime};

/// What decides a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    Verdict(Verdict),
    /// What this view was answered.
    Shown(OpId),
    /// The wait of this operation: the longest that counts.
    Waited(OpId),
    /// This operation is not answered.
    Open(OpId),
    /// The shopper did not ask, or not so often.
    Absent,
}

/// The operations of this shopper up to `now`, all or those of one kind, in order.
fn asked(
    history: &History,
    who: Name,
    kind: Option<Kind>,
    now: SimTime,
) -> impl Iterator<Item = (OpId, &Operation)> {
    let own = move |operation: &Operation| {
        history.shoppers.get(operation.client.0 as usize) == Some(&who)
            && kind.is_none_or(|kind| kind == Kind::of(&operation.op))
            && operation.call <= now
    };
    let places = (0..).map(OpId).zip(&history.operations);
    places.filter(move |(_, operation)| own(operation))
}

/// The `nth` view of this shopper, from 1, is answered with exactly these lines of the cart.
pub fn shows(history: &History, who: Name, nth: u32, cart: &Cart, now: SimTime) -> (Ground, bool) {
    let mut views = asked(history, who, Some(Kind::View), now);
    let Some((op, view)) = views.nth(nth.saturating_sub(1) as usize) else {
        return (Ground::Absent, false);
    };
    match view
        .seen()
        .filter(|_| view.ended().is_some_and(|at| at <= now))
    {
        Some(seen) => (Ground::Shown(op), seen.cart.lines() == cart.lines()),
        None => (Ground::Open(op), false),
    }
}

/// The `nth` operation of this kind, or every operation of this shopper, waits at most so long.
pub fn waits_under(
    history: &History,
    who: Name,
    which: Option<(Kind, u32)>,
    bound: SimDuration,
    now: SimTime,
) -> (Ground, bool) {
    let (skipped, most) = which.map_or((0, usize::MAX), |(_, nth)| {
        (nth.saturating_sub(1) as usize, 1)
    });
    let operations = asked(history, who, which.map(|(kind, _)| kind), now);
    let mut longest: Option<(SimDuration, Ground)> = None;
    for (op, operation) in operations.skip(skipped).take(most) {
        let (length, ground) = match operation.ended().filter(|at| *at <= now) {
            Some(at) => (at.since(operation.call), Ground::Waited(op)),
            // However short so far: it may become any length.
            None => (SimDuration(u64::MAX), Ground::Open(op)),
        };
        if longest.is_none_or(|(known, _)| length > known) {
            longest = Some((length, ground));
        }
    }
    longest.map_or((Ground::Absent, false), |(length, ground)| {
        (ground, length <= bound)
    })
}
