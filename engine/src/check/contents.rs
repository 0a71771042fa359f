//! One order by the contents of carts: the general search for own runs.
//!
//! Where Service 1's log does not explain every answer by its place in it (a retry that was
//! applied twice, a write that was taken back, an order lost), what a view was shown is held
//! against every order of the operations. The search is Wing and Gong's (1993) with Lowe's memory
//! (2017): of what was placed already and the cart that came of it, nothing is tried twice.
//!
//! Invariants: operations without an answer may be placed or not, and have a session of their
//! own; equal times overlap, but a session always has an order; `None` where it would take more
//! than [`STEPS`] steps, or more than [`MOST`] operations are in it.

use crate::history::{Answer, ClientId, History, OpId, Outcome, Seen};
use crate::order;
use crate::shop::{Cart, Model, Op};
use crate::time::SimTime;
use std::collections::BTreeSet;

/// Steps that a judgement of one history may take in all.
const STEPS: u32 = 60_000;
/// So that a set of operations is one number.
const MOST: usize = 128;

/// The first moment from which on no order explains the answers, and the operation whose answer
/// arrived then. `Ok(None)` if there is always one; `Err(())` where the search takes too long.
/// With `time`, what ended before another began stands before it (linearizable); without, only a
/// session's own order counts (sequential).
pub(super) fn breach(history: &History, time: bool) -> Result<Option<(SimTime, OpId)>, ()> {
    let mut ends: Vec<(u64, usize)> = Vec::new();
    for (place, operation) in history.operations.iter().enumerate() {
        // A refusal says something too: what was refused cannot have been seen.
        ends.extend(operation.ended().map(|at| (at.0, place)));
    }
    order::sort(&mut ends);
    let mut steps = STEPS;
    let mut explained = |nth: usize| {
        let now = SimTime(ends[nth].0);
        Search::of(history, now, time).ok_or(())?.run(&mut steps)
    };
    let mut low = 0;
    if time {
        // Once broken it stays broken, so the moment is found by halving.
        let mut high = ends.len();
        if high == 0 || explained(high - 1)? {
            return Ok(None);
        }
        high -= 1;
        while low < high {
            let middle = (low + high) / 2;
            match explained(middle)? {
                true => low = middle + 1,
                false => high = middle,
            }
        }
    } else {
        // What is asked later may explain what was shown before: each moment is judged.
        while low < ends.len() && explained(low)? {
            low += 1;
        }
        if low == ends.len() {
            return Ok(None);
        }
    }
    // Of answers at one instant the first operation's.
    let (at, _) = ends[low];
    let first = ends.iter().find(|(other, _)| *other == at);
    Ok(first.map(|(at, place)| (SimTime(*at), OpId(*place as u32))))
}

/// An operation as the search sees it.
struct Asked<'a> {
    client: ClientId,
    op: Op,
    call: SimTime,
    /// When it was answered, and what a view was shown; `None` where it may never have happened.
    ended: Option<(SimTime, Option<&'a Seen>)>,
}

struct Search<'a> {
    time: bool,
    asked: Vec<Asked<'a>>,
    /// What was placed, and the cart that came of it.
    tried: BTreeSet<(u128, Cart)>,
}

impl<'a> Search<'a> {
    /// The history as known at `now`.
    fn of(history: &'a History, now: SimTime, time: bool) -> Option<Search<'a>> {
        let mut asked = Vec::new();
        for operation in history.operations.iter().filter(|o| o.call <= now) {
            let ended = match &operation.outcome {
                Outcome::Failed { at } if *at <= now => continue,
                Outcome::Ok { at, answer } if *at <= now => Some((
                    *at,
                    match answer {
                        Answer::Shown(seen) => Some(seen),
                        Answer::Done(_) => None,
                    },
                )),
                _ if operation.op.is_view() => continue,
                _ => None,
            };
            asked.push(Asked {
                client: operation.client,
                op: operation.op,
                call: operation.call,
                ended,
            });
        }
        (asked.len() <= MOST).then_some(Search {
            time,
            asked,
            tried: BTreeSet::new(),
        })
    }

    fn run(mut self, steps: &mut u32) -> Result<bool, ()> {
        self.place(0, &Cart::default(), steps)
    }

    /// Whether what is not placed yet can follow.
    fn place(&mut self, placed: u128, cart: &Cart, steps: &mut u32) -> Result<bool, ()> {
        let free = |nth: usize| placed & (1 << nth) == 0;
        let owed = |nth: usize| free(nth) && self.asked[nth].ended.is_some();
        if !(0..self.asked.len()).any(owed) {
            return Ok(true);
        }
        *steps = steps.checked_sub(1).ok_or(())?;
        if !self.tried.insert((placed, cart.clone())) {
            return Ok(false);
        }
        for nth in 0..self.asked.len() {
            if placed & (1 << nth) != 0 || !self.may_follow(placed, nth) {
                continue;
            }
            let asked = &self.asked[nth];
            if asked
                .ended
                .and_then(|(_, seen)| seen)
                .is_some_and(|seen| *seen.cart != *cart)
            {
                continue;
            }
            let mut next = cart.clone();
            next.apply(&asked.op);
            if self.place(placed | 1 << nth, &next, steps)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Nothing that must stand before this operation is still to be placed.
    fn may_follow(&self, placed: u128, nth: usize) -> bool {
        let own = &self.asked[nth];
        (0..self.asked.len()).all(|other| {
            let earlier = &self.asked[other];
            let Some((ended, _)) = earlier.ended.filter(|_| placed & (1 << other) == 0) else {
                return true;
            };
            let session = earlier.client == own.client && other < nth && own.ended.is_some();
            !(session || (self.time && ended < own.call))
        })
    }
}
