//! The lean loop: the common workload with nothing recorded. What no engine can be faster than.
//!
//! Seven events a write: called, at S1, committed, at S2, applied, receipt at S1, confirmed.
//! Its copy in JavaScript is `typed.mjs`.

use crate::luck::Luck;
use crate::workload::{GAP_MS, LINK_MS, WRITE_MS};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

const CALLED: u32 = 0;
const AT_S1: u32 = 1;
const COMMITTED: u32 = 2;
const AT_S2: u32 = 3;
const APPLIED: u32 = 4;
const RECEIPT: u32 = 5;
const CONFIRMED: u32 = 6;

struct Lean {
    now: f64,
    /// Time, sequence and payload in one key. The bits of positive floats stand in their order.
    heap: BinaryHeap<Reverse<u128>>,
    sequence: u32,
    luck: Luck,
    /// Writes at each database; the first one is being worked on.
    lines: [VecDeque<u32>; 2],
    called: Vec<f64>,
}

impl Lean {
    fn after(&mut self, mean: f64, kind: u32, write: u32) {
        let at = self.now + self.luck.exponential() * mean;
        self.sequence += 1;
        let key = u128::from(at.to_bits()) << 64
            | u128::from(self.sequence) << 32
            | u128::from(kind << 29 | write);
        self.heap.push(Reverse(key));
    }

    fn ask(&mut self, database: usize, done: u32, write: u32) {
        self.lines[database].push_back(write);
        if self.lines[database].len() == 1 {
            self.after(WRITE_MS, done, write);
        }
    }

    fn go_on(&mut self, database: usize, done: u32) {
        self.lines[database].pop_front();
        if let Some(next) = self.lines[database].front() {
            self.after(WRITE_MS, done, *next);
        }
    }
}

/// Runs this many writes. Returns the sum of their latencies in ms.
pub fn run(writes: u32, seed: u32) -> f64 {
    let mut lean = Lean {
        now: 0.0,
        heap: BinaryHeap::with_capacity(256),
        sequence: 0,
        luck: Luck::new(seed),
        lines: [VecDeque::new(), VecDeque::new()],
        called: vec![0.0; writes as usize],
    };
    let mut sum = 0.0;
    lean.after(GAP_MS, CALLED, 0);
    while let Some(Reverse(key)) = lean.heap.pop() {
        lean.now = f64::from_bits((key >> 64) as u64);
        let (kind, write) = (key as u32 >> 29, key as u32 & ((1 << 29) - 1));
        match kind {
            CALLED => {
                lean.called[write as usize] = lean.now;
                lean.after(LINK_MS, AT_S1, write);
                if write + 1 < writes {
                    lean.after(GAP_MS, CALLED, write + 1);
                }
            }
            AT_S1 => lean.ask(0, COMMITTED, write),
            COMMITTED => {
                lean.after(LINK_MS, AT_S2, write);
                lean.go_on(0, COMMITTED);
            }
            AT_S2 => lean.ask(1, APPLIED, write),
            APPLIED => {
                lean.after(LINK_MS, RECEIPT, write);
                lean.go_on(1, APPLIED);
            }
            RECEIPT => lean.after(LINK_MS, CONFIRMED, write),
            CONFIRMED => sum += lean.now - lean.called[write as usize],
            _ => unreachable!("seven kinds"),
        }
    }
    sum
}
