//! What the judges find: when a property had its chances, and when it broke.
//!
//! Invariant: the earliest breach counts, in whatever order they are found.

use crate::check::{Property, Verdict, Why, Witness, contents};
use crate::history::{Answer, History, Outcome, Version};
use crate::order;
use crate::time::SimTime;

/// One safety property through time.
#[derive(Clone, Debug, Default)]
pub(super) struct Track {
    /// When its chances came, in order.
    chances: Vec<SimTime>,
    broke: Option<Witness>,
    /// From here on no judge can tell.
    unknown: Option<SimTime>,
}

impl Track {
    pub fn at(&self, now: SimTime) -> Verdict {
        if let Some(witness) = self.broke.filter(|witness| witness.at <= now) {
            return Verdict::Violated(witness);
        }
        if self.unknown.is_some_and(|from| from <= now) {
            return Verdict::Unknown(Why::NoPlace);
        }
        match self.chances.partition_point(|at| *at <= now) {
            0 => Verdict::Untested,
            chances => Verdict::Holds {
                chances: chances as u32,
            },
        }
    }
}

/// A set of properties.
pub(super) const fn bits(properties: &[Property]) -> usize {
    let (mut bits, mut nth) = (0, 0);
    while nth < properties.len() {
        bits |= 1 << properties[nth] as usize;
        nth += 1;
    }
    bits
}

/// Chances and breaches as the judges find them, in any order.
#[derive(Default)]
pub(super) struct Findings {
    /// When, and of which properties.
    chances: Vec<(u64, usize)>,
    broke: [Option<Witness>; Property::ALL.len()],
}

impl Findings {
    pub fn chance(&mut self, at: SimTime, properties: usize) {
        if properties != 0 {
            self.chances.push((at.0, properties));
        }
    }

    /// The earliest breach counts; of several at one moment the first operation's.
    pub fn broke(&mut self, property: Property, witness: Witness) {
        let known = &mut self.broke[property as usize];
        if known.is_none_or(|known| (witness.at, witness.op) < (known.at, known.op)) {
            *known = Some(witness);
        }
    }

    /// What breaks a part breaks the whole.
    fn whole(&mut self, whole: Property, parts: &[Property]) {
        for part in parts {
            if let Some(witness) = self.broke[*part as usize] {
                self.broke(whole, witness);
            }
        }
    }

    /// Where Service 1's log ceases to explain the answers, only a search can tell.
    pub fn tracks(mut self, history: &History, fails: Option<SimTime>) -> Vec<Track> {
        use Property::*;
        let sessions = [
            ReadYourWrites,
            MonotonicReads,
            MonotonicWrites,
            WritesFollowReads,
        ];
        for causal in [Causal, CausalConvergence, CausalMemory] {
            self.whole(causal, &sessions);
        }
        // Where the log explains all, the sessions' part alone decides; else any part may.
        self.whole(
            Sequential,
            &[CausalConvergence, CausalMemory, ConsistentPrefix],
        );
        self.whole(Linearizable, &[Fresh, Sequential]);
        let unknown = [(Sequential, false), (Linearizable, true)]
            .map(|(property, time)| fails.filter(|_| !self.search(property, history, time)));
        self.whole(Linearizable, &[Sequential]);
        let mut tracks = vec![Track::default(); Property::ALL.len()];
        order::sort(&mut self.chances);
        for (at, properties) in self.chances {
            let mut left = properties;
            while left > 0 {
                tracks[left.trailing_zeros() as usize]
                    .chances
                    .push(SimTime(at));
                left &= left - 1;
            }
        }
        for (track, broke) in tracks.iter_mut().zip(self.broke) {
            track.broke = broke;
        }
        for (property, unknown) in [Sequential, Linearizable].into_iter().zip(unknown) {
            tracks[property as usize].unknown = unknown;
        }
        tracks
    }

    /// Looks for an order of cart contents. False where that takes too long.
    fn search(&mut self, property: Property, history: &History, time: bool) -> bool {
        let Ok(breach) = contents::breach(history, time) else {
            return false;
        };
        // A pair that shows the same says more.
        let known = self.broke[property as usize].map(|known| known.at);
        if let Some((at, op)) = breach.filter(|(at, _)| known.is_none_or(|known| *at < known)) {
            let operation = &history.operations[op.0 as usize];
            let version = match &operation.outcome {
                Outcome::Ok {
                    answer: Answer::Shown(seen),
                    ..
                } => seen.log.newest(),
                Outcome::Ok {
                    answer: Answer::Done(version),
                    ..
                } => *version,
                _ => Version(0),
            };
            let witness = Witness {
                at,
                op,
                version,
                because: op,
                replica: operation.to,
            };
            self.broke(property, witness);
        }
        true
    }
}
