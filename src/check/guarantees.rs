//! All verdicts of a run's own history, judged once and asked for at any moment.
//!
//! A safety property breaks at one moment, when the answer arrives that completes the proof, and
//! stays broken: so it is enough to keep that moment and those at which its chances came. The
//! verdict up to a playhead is then a lookup. It equals the verdict on the history cut there
//! (operations answered by then are known, the others open): tests/verdicts.rs.
//!
//! Judged are versions and `seen`, the writes behind a view, never the contents of carts alone.
//! What each guarantee means stands with its judge: `staleness` (fresh, bounded staleness),
//! `sessions` (the four session guarantees, causal), `one_order` (linearizable, sequential,
//! consistent prefix), `convergence` (converges, no lost writes), `integrity` (never oversold, no
//! lost updates).

use crate::check::staleness::ViewAge;
use crate::check::{Property, Verdict, Want, Why, Witness};
use crate::check::{contents, convergence, integrity, one_order, sessions};
use crate::history::{Answer, ClientId, History, Outcome, ReplicaLog, Version};
use crate::order;
use crate::time::SimTime;

/// Every verdict of a run, at every moment.
#[derive(Clone, Debug)]
pub struct Verdicts {
    /// By property.
    tracks: Vec<Track>,
    agreement: convergence::Agreement,
    firsts: Firsts,
    /// Service 1's log explains every answer by its place in it.
    pub explained: bool,
}

/// One safety property through time.
#[derive(Clone, Debug, Default)]
struct Track {
    /// When its chances came, in order.
    chances: Vec<SimTime>,
    broke: Option<Witness>,
    /// From here on no judge can tell.
    unknown: Option<SimTime>,
}

impl Verdicts {
    /// Judges a history. `views` are its views, measured; `settled` is the moment from which on
    /// nothing more could happen, if it came.
    pub fn of(
        history: &History,
        replicas: &ReplicaLog,
        views: &[ViewAge],
        settled: Option<SimTime>,
    ) -> Verdicts {
        let mut found = Findings::default();
        sessions::judge(history, replicas.writes.len(), &mut found);
        for view in views {
            if view.out > 0 {
                let fresh = bits(&[Property::Fresh, Property::Linearizable]);
                found.chance(view.ended, fresh);
            }
            if let Some(witness) = view.witness() {
                found.broke(Property::Fresh, witness);
            }
        }
        let order = one_order::Order::of(history, replicas);
        order.judge(history, views, &mut found);
        integrity::judge(history, replicas, order.commits(), &mut found);
        let agreement = convergence::judge(history, replicas, settled, &mut found);
        Verdicts {
            explained: order.fails.is_none(),
            tracks: found.tracks(history, order.fails),
            agreement,
            firsts: Firsts::of(history, order.commits()),
        }
    }

    /// The verdict up to `now`. Bounded staleness has a bound of its own:
    /// [`bounded`](crate::check::staleness::bounded).
    pub fn at(&self, property: Property, now: SimTime) -> Verdict {
        match property {
            Property::Converges => self.agreement.at(now),
            Property::BoundedStaleness => Verdict::Unknown(Why::NoBound),
            _ => self.tracks[property as usize].at(now),
        }
    }

    /// What would put a property to the test that is untested at `now`.
    pub fn wanting(&self, property: Property, now: SimTime) -> Want {
        self.firsts.wanting(property, now)
    }
}

impl Track {
    fn at(&self, now: SimTime) -> Verdict {
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
    fn tracks(mut self, history: &History, fails: Option<SimTime>) -> Vec<Track> {
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

/// Something that happened, and whose doing it was.
type First = Option<(SimTime, ClientId)>;

/// The moments after which another thing is wanting for a test.
#[derive(Clone, Copy, Debug, Default)]
pub struct Firsts {
    /// The first, and the second, commit.
    pub commits: (Option<SimTime>, Option<SimTime>),
    pub confirmed: First,
    /// A shopper's second confirmation.
    pub again: First,
    /// A view that showed a write.
    pub shown: First,
    /// The confirmation of a write by a shopper who had been shown one.
    pub answered: First,
}

impl Firsts {
    fn of(history: &History, commits: &[SimTime]) -> Firsts {
        let mut firsts = Firsts {
            commits: (commits.first().copied(), commits.get(1).copied()),
            ..Firsts::default()
        };
        let earlier = |known: &mut First, at: SimTime, who: ClientId| {
            if known.is_none_or(|(known, _)| at < known) {
                *known = Some((at, who));
            }
        };
        let mut knows = vec![(false, false); history.shoppers.len()];
        for operation in &history.operations {
            let (who, Outcome::Ok { at, answer }) = (operation.client, &operation.outcome) else {
                continue;
            };
            let Some((wrote, shown)) = knows.get_mut(who.0 as usize) else {
                continue;
            };
            match answer {
                Answer::Done(_) => {
                    earlier(&mut firsts.confirmed, *at, who);
                    if *wrote {
                        earlier(&mut firsts.again, *at, who);
                    }
                    if *shown {
                        earlier(&mut firsts.answered, *at, who);
                    }
                    *wrote = true;
                }
                Answer::Shown(seen) if seen.log.iter().next().is_some() => {
                    earlier(&mut firsts.shown, *at, who);
                    *shown = true;
                }
                Answer::Shown(_) => {}
            }
        }
        firsts
    }

    fn wanting(&self, property: Property, now: SimTime) -> Want {
        let by = |first: First| first.filter(|(at, _)| *at <= now).map(|(_, who)| who);
        let by_now = |at: Option<SimTime>| at.is_some_and(|at| at <= now);
        let (commit, second) = (by_now(self.commits.0), by_now(self.commits.1));
        let (confirmed, shown) = (by(self.confirmed), by(self.shown));
        let somebody_looks = match confirmed.or(shown) {
            Some(_) => Want::View(None),
            None => Want::Write(None),
        };
        match property {
            Property::Converges | Property::NoLostWrites => Want::Write(None),
            Property::NeverOversold => Want::Order,
            Property::NoLostUpdates => Want::Set,
            Property::ReadYourWrites
            | Property::Causal
            | Property::CausalConvergence
            | Property::CausalMemory => match confirmed {
                Some(_) => Want::View(confirmed),
                None => Want::Write(None),
            },
            Property::MonotonicReads if shown.is_some() => Want::View(shown),
            Property::MonotonicReads if commit => Want::View(None),
            Property::MonotonicWrites if by(self.again).is_none() => Want::Write(confirmed),
            Property::WritesFollowReads if by(self.answered).is_none() => match shown {
                Some(_) => Want::Write(shown),
                None => somebody_looks,
            },
            Property::ConsistentPrefix if !second => Want::Write(None),
            Property::ConsistentPrefix => Want::View(None),
            _ => somebody_looks,
        }
    }
}
