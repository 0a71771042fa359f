//! When each operation took effect: a guess is graded, and a possible answer is found.
//!
//! A history is linearizable exactly when each operation can be given one moment between its call
//! and its answer, its *linearization point* (Herlihy, Wing 1990), so that one cart which is asked
//! in the order of these points gives every answer:
//! ```text
//!   Alice  |---x--add book--|       x: the moment at which it took effect
//!   Bob       |-x---view--|         an empty cart (v0): this guess is impossible, for his view
//! ```                               stands after her change
//! Judged is the versioned cart, by the history alone: a write is answered with the version that
//! it made, a view with version and cart. At one and the same moment two shoppers' operations may
//! stand in either order; a shopper's own keep theirs. A write without an answer takes effect at
//! any time after its call, or not at all. What was refused, and a view without an answer, has no
//! point.
//!
//! Both questions are one search: an operation takes effect within its window, which is its bar,
//! or the one moment that was guessed. Versions leave a choice only between open writes.
//!
//! Invariants: a point stands inside its bar; the search is bounded by [`refusal`].

use crate::history::{Answer, History, OpId, Operation, Outcome, Version};
use crate::shop::{Cart, Model};
use crate::time::SimTime;

/// More operations than this are too many to place by hand.
pub const MOST: usize = 12;
/// So many writes without an answer may there be: the orders of these are tried.
pub const MOST_OPEN: usize = 6;

/// Why there is nothing to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No operation has a point.
    Empty,
    /// So many operations.
    Many(usize),
    /// So many writes without an answer.
    Open(usize),
    /// No order of the versions explains every answer by its place.
    NoPlace,
}

/// Why this history is none to guess about.
pub fn refusal(history: &History) -> Option<Refusal> {
    let (mut any, mut open) = (false, 0);
    for bar in history.operations.iter().filter_map(bar) {
        any = true;
        open += usize::from(bar.to.is_none());
    }
    match history.operations.len() {
        all if all > MOST => Some(Refusal::Many(all)),
        _ if !any => Some(Refusal::Empty),
        _ if open > MOST_OPEN => Some(Refusal::Open(open)),
        _ => None,
    }
}

/// When an operation may have taken effect; without an end where no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    pub from: SimTime,
    pub to: Option<SimTime>,
}

/// The bar of an operation, if it has one.
pub fn bar(operation: &Operation) -> Option<Bar> {
    let to = match operation.outcome {
        Outcome::Ok { at, .. } => Some(at),
        Outcome::Unknown if !operation.op.is_view() => None,
        _ => return None,
    };
    let from = operation.call;
    Some(Bar { from, to })
}

/// A moment for each operation; `None` for what took no effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Points(Vec<Option<SimTime>>);

impl Points {
    /// The middle of each bar; writes without an answer took no effect.
    pub fn of(history: &History) -> Points {
        let middle = |bar: Bar| Some(between(bar.from, bar.to?));
        let points = history.operations.iter().map(|o| bar(o).and_then(middle));
        Points(points.collect())
    }

    pub fn at(&self, op: OpId) -> Option<SimTime> {
        self.0.get(op.0 as usize).copied().flatten()
    }

    /// Moves a point, inside its bar. Only what has no answer can have taken no effect.
    pub fn place(&mut self, history: &History, op: OpId, at: Option<SimTime>) {
        let place = op.0 as usize;
        let bar = history.operations.get(place).and_then(bar);
        if let (Some(bar), Some(point)) = (bar, self.0.get_mut(place)) {
            *point = match (at, bar.to) {
                (Some(at), to) => Some(at.max(bar.from).min(to.unwrap_or(at.max(bar.from)))),
                (None, None) => None,
                (None, Some(_)) => *point,
            };
        }
    }
}

fn between(from: SimTime, to: SimTime) -> SimTime {
    SimTime(from.0 + to.0.saturating_sub(from.0) / 2)
}

/// What is wrong with a guess.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clash {
    /// The first operation, in the order of the points, whose answer is another.
    pub op: Option<OpId>,
    /// The write before it, if any.
    pub after: Option<OpId>,
    /// How many writes took effect before it, and the cart after these.
    pub version: Version,
    pub cart: Cart,
}

/// Whether the cart gives every answer when it is asked in the order of these points.
pub fn grade(history: &History, points: &Points) -> Result<(), Clash> {
    let moment = |nth: usize, _: Bar| {
        let from = points.at(OpId(nth as u32))?;
        Some(Bar {
            from,
            to: Some(from),
        })
    };
    let mut search = Search::of(history, &moment);
    match search.finds() {
        true => Ok(()),
        false => Err(search.clash),
    }
}

/// Points that are possible; `None` where there are none.
pub fn possible(history: &History) -> Option<Points> {
    let mut search = Search::of(history, &|_, bar| Some(bar));
    if !search.finds() {
        return None;
    }
    // Backwards: until when each may wait, so that those after it are still in time.
    let mut latest = NEVER;
    for nth in search.order.iter().rev() {
        let window = &mut search.windows[*nth];
        latest = latest.min(window.1);
        window.1 = latest;
    }
    let (mut points, mut last) = (vec![None; search.windows.len()], SimTime::ZERO);
    for nth in search.order {
        let (from, latest) = search.windows[nth];
        last = between(last.max(from), latest);
        points[nth] = Some(last);
    }
    Some(Points(points))
}

/// The end of a window without an end.
const NEVER: SimTime = SimTime(u64::MAX);

/// The search for an order of all operations within their windows.
struct Search<'a> {
    history: &'a History,
    windows: Vec<(SimTime, SimTime)>,
    /// The operations that have a window, a bit each.
    all: u32,
    order: Vec<usize>,
    /// Where the longest order came to its end, and how long it was.
    clash: Clash,
    longest: usize,
}

/// What an operation can do for an order, if it comes next.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    /// It fits and changes nothing; or it has the very version that is next. There is no choice.
    View,
    Write,
    /// Nobody knows: it has no answer.
    Open,
    /// It was given another answer.
    Wrong,
}

impl<'a> Search<'a> {
    fn of(history: &'a History, window: &dyn Fn(usize, Bar) -> Option<Bar>) -> Search<'a> {
        let mut search = Search {
            history,
            windows: Vec::with_capacity(history.operations.len()),
            all: 0,
            order: Vec::new(),
            clash: Clash::default(),
            longest: 0,
        };
        for (nth, operation) in history.operations.iter().enumerate() {
            let window = bar(operation).and_then(|bar| window(nth, bar));
            search.all |= u32::from(window.is_some()) << (nth % 32);
            let window = window.map_or((NEVER, NEVER), |w| (w.from, w.to.unwrap_or(NEVER)));
            search.windows.push(window);
        }
        search
    }

    fn finds(&mut self) -> bool {
        let bounded = matches!(refusal(self.history), None | Some(Refusal::Empty));
        bounded && self.go(self.all, &Cart::default(), Version(0))
    }

    /// Places all that is left; what has no end need not be.
    fn go(&mut self, left: u32, cart: &Cart, version: Version) -> bool {
        let count = self.windows.len();
        let is_left = |nth: usize| left >> nth & 1 == 1;
        if !(0..count).any(|nth| is_left(nth) && self.windows[nth].1 < NEVER) {
            return true;
        }
        for wanted in [Next::View, Next::Write, Next::Open, Next::Wrong] {
            for nth in 0..count {
                let waits = (0..count).any(|other| is_left(other) && self.before(other, nth));
                if !is_left(nth) || waits || self.next(nth, cart, version) != wanted {
                    continue;
                }
                if wanted == Next::Wrong {
                    self.note(nth, cart, version);
                    return false;
                }
                let op = &self.history.operations[nth].op;
                let mut after = cart.clone();
                after.apply(op);
                let made = Version(version.0 + u32::from(!op.is_view()));
                self.order.push(nth);
                if self.go(left & !(1 << nth), &after, made) {
                    return true;
                }
                self.order.pop();
                if wanted != Next::Open {
                    return false;
                }
            }
        }
        false
    }

    /// Whether one has to stand before the other: it was over, or it is the same shopper's.
    fn before(&self, one: usize, other: usize) -> bool {
        let (to, from) = (self.windows[one].1, self.windows[other].0);
        let (first, second) = (
            &self.history.operations[one],
            &self.history.operations[other],
        );
        let session = one < other && first.client == second.client && first.ended().is_some();
        to < from || (to == from && session)
    }

    fn next(&self, nth: usize, cart: &Cart, version: Version) -> Next {
        let Outcome::Ok { answer, .. } = &self.history.operations[nth].outcome else {
            return Next::Open;
        };
        match answer {
            Answer::Done(made) if made.0 == version.0 + 1 => Next::Write,
            Answer::Shown(seen) if seen.log.version() == Some(version) && *seen.cart == *cart => {
                Next::View
            }
            _ => Next::Wrong,
        }
    }

    /// Keeps where the longest order ends.
    fn note(&mut self, nth: usize, cart: &Cart, version: Version) {
        if self.order.len() >= self.longest {
            let write = |nth: &&usize| !self.history.operations[**nth].op.is_view();
            let id = |nth: &usize| OpId(*nth as u32);
            self.longest = self.order.len() + 1;
            self.clash = Clash {
                op: Some(id(&nth)),
                after: self.order.iter().rev().find(write).map(id),
                version,
                cart: cart.clone(),
            };
        }
    }
}
