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

use crate::check::findings::{Findings, Track, bits};
use crate::check::staleness::ViewAge;
use crate::check::{Property, Verdict, Want, Why};
use crate::check::{convergence, integrity, one_order, sessions};
use crate::history::{Answer, ClientId, History, Outcome, ReplicaLog};
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
