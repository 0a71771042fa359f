//! Long work in turns, so that nothing that is computed holds a frame.
//!
//! The work is an `async` function that says now and then how many steps it has taken; where the
//! steps of its turn are spent it rests there, and goes on with the next turn. Invariant: how the
//! work is cut into turns changes nothing of what comes out of it.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// What is left of a turn, in steps.
#[derive(Clone, Debug, Default)]
pub struct Turn(Rc<Cell<u64>>);

impl Turn {
    /// Takes these steps off, and rests here where none are left.
    pub async fn spend(&self, steps: u64) {
        self.0.set(self.0.get().saturating_sub(steps));
        poll_fn(|_| match self.0.get() {
            0 => Poll::Pending,
            _ => Poll::Ready(()),
        })
        .await;
    }
}

/// Work under way.
pub struct Work<T> {
    turn: Turn,
    rest: Pin<Box<dyn Future<Output = T>>>,
}

impl<T> Work<T> {
    pub fn new<F: Future<Output = T> + 'static>(work: impl FnOnce(Turn) -> F) -> Work<T> {
        let turn = Turn::default();
        let rest = Box::pin(work(turn.clone()));
        Work { turn, rest }
    }

    /// Goes on for about this many steps, at least one; what came out of it once it is done. To be
    /// called no more then.
    pub fn advance(&mut self, steps: u64) -> Option<T> {
        self.turn.0.set(steps.max(1));
        match self
            .rest
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        }
    }
}

/// All of it, at once.
pub fn at_once<T>(work: impl AsyncFnOnce(Turn) -> T) -> T {
    let turn = Turn::default();
    let mut rest = std::pin::pin!(work(turn.clone()));
    loop {
        turn.0.set(u64::MAX);
        if let Poll::Ready(done) = rest.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return done;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn count(turn: Turn) -> u32 {
        let mut sum = 0;
        for step in 0..100 {
            sum += step;
            turn.spend(1).await;
        }
        sum
    }

    #[test]
    fn turns_change_nothing_of_what_comes_out() {
        assert_eq!(at_once(count), 4950);
        for steps in [0, 1, 7, 100, 1000] {
            let (mut work, mut turns) = (Work::new(count), 1);
            let sum = loop {
                match work.advance(steps) {
                    Some(sum) => break sum,
                    None => turns += 1,
                }
            };
            assert_eq!(sum, 4950);
            assert_eq!(turns, 1 + 100 / steps.max(1));
        }
    }
}
