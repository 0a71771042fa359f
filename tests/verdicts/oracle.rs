//! Every guarantee by its definition, as slowly as it is said: sets, pairs and all orders.
//!
//! Shares no code with the judges. A history is judged as it stands; `cut` makes the history that
//! is known at a moment.

use lagoon::check::Property;
use lagoon::history::{Answer, History, OpId, Operation, Outcome, ReplicaLog, ServiceId, Version};
use lagoon::shop::{Cart, Model, Name, Op};
use lagoon::time::SimTime;

/// What the definition says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    Holds(u32),
    Untested,
    Violated,
    NotYet,
    Unknown,
}

/// The history as known at `now`: operations answered by then are known, the others are open.
pub fn cut(history: &History, log: &ReplicaLog, now: SimTime) -> (History, ReplicaLog) {
    let mut history = history.clone();
    history.operations.retain(|operation| operation.call <= now);
    for operation in &mut history.operations {
        if operation.ended().is_some_and(|at| at > now) {
            operation.outcome = Outcome::Unknown;
        }
    }
    let mut log = log.clone();
    log.applied.retain(|apply| apply.at <= now);
    let commits = log
        .applied
        .iter()
        .filter(|apply| apply.replica == ServiceId::S1);
    log.writes.truncate(commits.count());
    (history, log)
}

/// Above every version of a small history.
const MOST: u32 = 40;

pub struct Oracle<'a> {
    pub history: &'a History,
    pub log: &'a ReplicaLog,
    /// Nothing more can happen.
    pub settled: bool,
}

/// What has to agree.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Versions,
    Contents,
}

/// An answered view: its place, the operation, and the versions behind it in order.
type View<'a> = (usize, &'a Operation, Vec<u32>);

impl Oracle<'_> {
    pub fn says(&self, property: Property) -> Says {
        use Property::*;
        let (chances, broken) = match property {
            Converges => return self.converges(),
            BoundedStaleness => return Says::Unknown,
            Linearizable | Sequential => {
                let time = property == Linearizable;
                (self.chances(property), !self.explained(time))
            }
            _ => (self.chances(property), self.broken(property)),
        };
        match (broken, chances) {
            (true, _) => Says::Violated,
            (false, 0) => Says::Untested,
            (false, chances) => Says::Holds(chances),
        }
    }

    fn views(&self) -> Vec<View<'_>> {
        let places = self.history.operations.iter().enumerate();
        let view = |(place, operation): (usize, &'_ Operation)| {
            let mut list: Vec<u32> = Vec::new();
            for version in operation.seen()?.log.iter() {
                if !list.contains(&version.0) {
                    list.push(version.0);
                }
            }
            Some((place, list))
        };
        places
            .filter_map(|(place, operation)| {
                view((place, operation)).map(|(place, list)| (place, operation, list))
            })
            .collect()
    }

    /// Confirmed writes: place, operation, version, when.
    fn writes(&self) -> Vec<(usize, &Operation, u32, SimTime)> {
        let places = self.history.operations.iter().enumerate();
        let write = |(place, operation)| match operation {
            &Operation {
                outcome:
                    Outcome::Ok {
                        at,
                        answer: Answer::Done(version),
                    },
                ..
            } => Some((place, operation, version.0, at)),
            _ => None,
        };
        places.filter_map(write).collect()
    }

    fn committed(&self, version: u32) -> Option<SimTime> {
        let is = |apply: &&lagoon::history::Apply| {
            apply.replica == ServiceId::S1 && apply.version.0 == version
        };
        self.log.applied.iter().find(is).map(|apply| apply.at)
    }

    fn commits_by(&self, at: SimTime) -> usize {
        let applied = self.log.applied.iter();
        applied
            .filter(|a| a.replica == ServiceId::S1 && a.at <= at)
            .count()
    }

    /// When a version came out.
    fn out(&self, version: u32) -> Option<SimTime> {
        let confirmed = self
            .writes()
            .into_iter()
            .filter(|w| w.2 == version)
            .map(|w| w.3);
        let views = self.views();
        let shown = views
            .iter()
            .filter(|v| v.2.contains(&version))
            .filter_map(|v| v.1.ended());
        confirmed.chain(shown).min()
    }

    /// What this view should have shown: out strictly before it began.
    fn due(&self, view: &View) -> Vec<u32> {
        let before = |version: &u32| self.out(*version).is_some_and(|at| at < view.1.call);
        (1..MOST).filter(before).collect()
    }

    /// Pairs of a session: an earlier confirmed write or answered view, by place, and version
    /// lists of what it stands for.
    fn own_writes(&self, of: &Operation, before: usize) -> Vec<u32> {
        let own = |w: &(usize, &Operation, u32, SimTime)| w.1.client == of.client && w.0 < before;
        self.writes().into_iter().filter(own).map(|w| w.2).collect()
    }

    fn own_shown(&self, of: &Operation, before: usize) -> Vec<u32> {
        let views = self.views();
        let own = views
            .iter()
            .filter(|v| v.1.client == of.client && v.0 < before);
        own.flat_map(|v| v.2.clone()).collect()
    }

    /// Holds `later`, and not `earlier` before it.
    fn disordered(list: &[u32], earlier: u32, later: u32) -> bool {
        let place = |version| list.iter().position(|v| *v == version);
        match (place(later), place(earlier)) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(later), Some(earlier)) => earlier >= later,
        }
    }

    fn breaks(&self, property: Property, view: &View) -> bool {
        use Property::*;
        let (place, operation, list) = view;
        let lacks = |versions: Vec<u32>| versions.iter().any(|v| !list.contains(v));
        match property {
            Fresh => lacks(self.due(view)),
            ReadYourWrites => lacks(self.own_writes(operation, *place)),
            MonotonicReads => lacks(self.own_shown(operation, *place)),
            MonotonicWrites => self.writes().iter().any(|(later, by, version, _)| {
                let earlier = self.own_writes(by, *later);
                earlier.iter().any(|e| Self::disordered(list, *e, *version))
            }),
            WritesFollowReads => self.writes().iter().any(|(later, by, version, _)| {
                let shown = self.own_shown(by, *later);
                shown.iter().any(|e| Self::disordered(list, *e, *version))
            }),
            ConsistentPrefix => !self.is_prefix(view),
            Causal => self.causally_broken(view),
            CausalConvergence => {
                self.causally_broken(view) || list.windows(2).any(|pair| pair[0] > pair[1])
            }
            CausalMemory => {
                let views = self.views();
                let mut own = views
                    .iter()
                    .filter(|v| v.1.client == operation.client && v.0 < *place);
                self.causally_broken(view) || own.any(|v| !list.starts_with(&v.2))
            }
            _ => unreachable!("not about one view"),
        }
    }

    fn is_prefix(&self, view: &View) -> bool {
        let whole: Vec<u32> = (1..=view.2.len() as u32).collect();
        let by = view.1.ended().expect("answered");
        let log = &view.1.seen().expect("answered").log;
        view.2 == whole && log.rest().is_empty() && view.2.len() <= self.commits_by(by)
    }

    /// Happened before, from its definition: the closure of session order and of "was shown",
    /// between versions (numbers below `base`) and views (`base` and their place).
    fn causally_broken(&self, view: &View) -> bool {
        let (views, writes) = (self.views(), self.writes());
        let highest = views.iter().flat_map(|v| v.2.iter().copied());
        let highest = highest.chain(writes.iter().map(|w| w.2)).max().unwrap_or(0);
        let base = highest as usize + 1;
        let size = base + self.history.operations.len();
        let mut before = vec![vec![false; size]; size];
        let mut nodes: Vec<(usize, u32, usize)> = Vec::new();
        nodes.extend(writes.iter().map(|w| (w.0, w.1.client.0, w.2 as usize)));
        nodes.extend(views.iter().map(|v| (v.0, v.1.client.0, base + v.0)));
        for one in &nodes {
            for other in nodes
                .iter()
                .filter(|other| other.1 == one.1 && one.0 < other.0)
            {
                before[one.2][other.2] = true;
            }
        }
        for (place, _, list) in &views {
            list.iter()
                .for_each(|v| before[*v as usize][base + place] = true);
        }
        for via in 0..size {
            for from in 0..size {
                if before[from][via] {
                    let onwards = before[via].clone();
                    let reached = before[from].iter_mut().zip(onwards);
                    reached.for_each(|(known, more)| *known |= more);
                }
            }
        }
        let list = &view.2;
        let past = (1..base).filter(|w| before[*w][base + view.0]);
        let lacks = past.into_iter().any(|w| !list.contains(&(w as u32)));
        let wrong = |later: &u32| {
            (1..base as u32).any(|earlier| {
                before[earlier as usize][*later as usize] && Self::disordered(list, earlier, *later)
            })
        };
        lacks || list.iter().any(wrong)
    }

    fn broken(&self, property: Property) -> bool {
        match property {
            Property::NoLostWrites => self.lost(),
            Property::NeverOversold => self.history.stock.iter().any(|stock| {
                let sold = self
                    .writes()
                    .into_iter()
                    .filter(|w| matches!(w.1.op, Op::Buy { item, .. } if item == stock.item));
                sold.filter_map(|w| w.1.op.qty()).sum::<u32>() > stock.qty
            }),
            Property::NoLostUpdates => self.updates().iter().any(|update| !update.1.is_empty()),
            _ => self.views().iter().any(|view| self.breaks(property, view)),
        }
    }

    fn lost(&self) -> bool {
        let has = |replica: u8, version: u32| {
            let mut applied = self.log.applied.iter();
            applied.any(|a| a.replica.0 == replica && a.version.0 == version)
        };
        self.writes().iter().any(|(place, _, version, at)| {
            let stands = (*version as usize)
                .checked_sub(1)
                .and_then(|nth| self.log.writes.get(nth))
                == Some(&OpId(*place as u32));
            let gone = !stands || self.committed(*version).is_none_or(|commit| commit > *at);
            gone || (self.settled && (2..=self.log.copies + 1).any(|copy| !has(copy, *version)))
        })
    }

    /// For each confirmed set by somebody who had been shown the cart: whether another's change
    /// of that item stands before it, and those of them that nothing shown to her knew of.
    fn updates(&self) -> Vec<(bool, Vec<u32>)> {
        let operations = &self.history.operations;
        let stands = |place: usize, version: u32, by: SimTime| {
            let nth = (version as usize).checked_sub(1);
            let write = nth.and_then(|nth| self.log.writes.get(nth));
            let known = self.committed(version).is_some_and(|at| at <= by);
            write == Some(&OpId(place as u32)) && known
        };
        let replaces = |op: &Op, of: Name| match op {
            Op::Set { item, .. } | Op::Remove { item } => *item == of,
            _ => false,
        };
        let changes = |op: &Op, of: Name| match op {
            Op::Add { item, .. } => *item == of,
            op => replaces(op, of),
        };
        let mut updates = Vec::new();
        for (place, own, version, end) in self.writes() {
            let Op::Set { item, .. } = own.op else {
                continue;
            };
            let mut views = self.views();
            views.retain(|v| v.1.client == own.client && v.0 < place);
            if views.is_empty() || !stands(place, version, end) {
                continue;
            }
            // What she knew replaces the item: what she wrote, and what she was shown.
            let mut known: Vec<u32> = self
                .writes()
                .iter()
                .filter(|w| w.1.client == own.client && w.0 < place && replaces(&w.1.op, item))
                .map(|w| w.2)
                .collect();
            for (_, view, list) in &views {
                let ended = view.ended().expect("answered");
                known.extend(list.iter().filter(|v| {
                    let write = self.log.writes.get(**v as usize - 1);
                    let write = write.and_then(|op| operations.get(op.0 as usize));
                    write.is_some_and(|w| replaces(&w.op, item) && w.call <= ended)
                        && self.committed(**v).is_some_and(|at| at <= ended)
                }));
            }
            let others: Vec<u32> = self
                .writes()
                .into_iter()
                .filter(|w| w.1.client != own.client && changes(&w.1.op, item))
                .filter(|w| w.2 < version && stands(w.0, w.2, SimTime(u64::MAX)))
                .map(|w| w.2)
                .collect();
            let lost = others.iter().copied().filter(|other| {
                let shown = views.iter().any(|v| v.2.contains(other));
                !shown && !known.iter().any(|later| later > other)
            });
            updates.push((!others.is_empty(), lost.collect()));
        }
        updates
    }

    fn chances(&self, property: Property) -> u32 {
        use Property::*;
        let shows_pair = |view: &View, earlier: &dyn Fn(&Operation, usize) -> bool| {
            let writes = self.writes();
            writes
                .iter()
                .any(|w| view.2.contains(&w.2) && earlier(w.1, w.0))
        };
        let wrote = |by: &Operation, at: usize| !self.own_writes(by, at).is_empty();
        let saw = |by: &Operation, at: usize| !self.own_shown(by, at).is_empty();
        let is = |property: Property, view: &View| match property {
            Fresh | Linearizable => !self.due(view).is_empty(),
            ReadYourWrites => wrote(view.1, view.0),
            MonotonicReads => saw(view.1, view.0),
            MonotonicWrites => shows_pair(view, &wrote),
            WritesFollowReads => shows_pair(view, &saw),
            ConsistentPrefix => self.commits_by(view.1.ended().expect("answered")) >= 2,
            _ => false,
        };
        let views = self.views();
        let count = match property {
            NoLostWrites => self.writes().len(),
            NeverOversold => {
                let orders = self.history.stock.iter().map(|stock| {
                    let places = self.history.operations.iter().enumerate();
                    let mut answers: Vec<(SimTime, usize, u32)> = places
                        .filter(|(_, o)| matches!(o.op, Op::Buy { item, .. } if item == stock.item))
                        .filter_map(|(at, o)| Some((o.ended()?, at, o.op.qty()?)))
                        .collect();
                    answers.sort();
                    let by = |nth: usize| answers[..=nth].iter().map(|a| a.2).sum::<u32>();
                    (0..answers.len())
                        .filter(|nth| by(*nth) > stock.qty)
                        .count()
                });
                orders.sum()
            }
            NoLostUpdates => self.updates().iter().filter(|update| update.0).count(),
            Sequential => {
                let answered = |o: &Operation| matches!(o.outcome, Outcome::Ok { .. });
                let second = |place: usize| {
                    let operations = &self.history.operations;
                    let client = operations[place].client;
                    let before = operations[..place].iter();
                    before.filter(|o| o.client == client && answered(o)).count() == 1
                };
                let due = |place| {
                    let mut own = views.iter().filter(|v| v.0 == place);
                    own.any(|v| is(Linearizable, v))
                };
                let places = 0..self.history.operations.len();
                places
                    .filter(|at| answered(&self.history.operations[*at]))
                    .filter(|at| second(*at) || due(*at))
                    .count()
            }
            Causal | CausalConvergence | CausalMemory => {
                let four = [
                    ReadYourWrites,
                    MonotonicReads,
                    MonotonicWrites,
                    WritesFollowReads,
                ];
                views
                    .iter()
                    .filter(|v| four.iter().any(|p| is(*p, v)))
                    .count()
            }
            _ => views.iter().filter(|view| is(property, view)).count(),
        };
        count as u32
    }

    fn cart(&self, replica: u8) -> Cart {
        let mut cart = Cart::default();
        for apply in self.log.applied.iter().filter(|a| a.replica.0 == replica) {
            let op = self.log.writes[apply.version.0 as usize - 1];
            if let Some(write) = self.history.operations.get(op.0 as usize) {
                cart.apply(&write.op);
            }
        }
        cart
    }

    fn converges(&self) -> Says {
        let services = 1..=self.log.copies + 1;
        let versions = |replica: u8| {
            let own = self.log.applied.iter().filter(|a| a.replica.0 == replica);
            let mut own: Vec<Version> = own.map(|a| a.version).collect();
            own.sort();
            own
        };
        let open = |o: &Operation| !o.op.is_view() && matches!(o.outcome, Outcome::Unknown);
        let under_way = self.history.operations.iter().any(open)
            || services
                .clone()
                .any(|replica| versions(replica) != versions(1));
        let differs = services
            .clone()
            .any(|replica| self.cart(replica) != self.cart(1));
        match (self.settled, under_way, differs, self.log.writes.len()) {
            (true, _, true, _) => Says::Violated,
            (false, true, ..) | (false, _, true, _) => Says::NotYet,
            (.., 0) => Says::Untested,
            (.., commits) => Says::Holds(commits as u32),
        }
    }

    /// The conditions under which Service 1's log alone decides.
    pub fn log_explains(&self) -> bool {
        let writes = &self.log.writes;
        let operations = &self.history.operations;
        let in_log = (1..).zip(writes).all(|(version, op)| {
            let commit = self.committed(version).expect("committed");
            let once = writes.iter().filter(|other| *other == op).count() == 1;
            let inside = operations.get(op.0 as usize).is_some_and(|operation| {
                let refused = matches!(operation.outcome, Outcome::Failed { .. });
                !operation.op.is_view() && operation.call <= commit && !refused
            });
            once && inside
        });
        let answered = self.writes().iter().all(|(place, by, version, at)| {
            let stands = writes.get(*version as usize - 1) == Some(&OpId(*place as u32));
            let mut known = self.own_writes(by, *place);
            let views = self.views();
            let own = views
                .iter()
                .filter(|v| v.1.client == by.client && v.0 < *place);
            known.extend(own.map(|v| v.1.seen().expect("answered").log.prefix().0));
            stands
                && self.committed(*version).is_some_and(|commit| commit <= *at)
                && known.iter().all(|earlier| earlier < version)
        });
        let shown = self.views().iter().all(|view| {
            let mut cart = Cart::default();
            for version in &view.2 {
                let op = writes.get(*version as usize - 1);
                if let Some(write) = op.and_then(|op| operations.get(op.0 as usize)) {
                    cart.apply(&write.op);
                }
            }
            self.is_prefix(view) && *view.1.seen().expect("answered").cart == cart
        });
        in_log && answered && shown
    }

    /// Whether some order of all operations explains every answer of the versioned cart, keeping
    /// every session's order, and time if asked: by trying all.
    ///
    /// Where the log does not explain the answers, by contents alone; and then nothing that is
    /// weaker may be broken.
    pub fn explained(&self, time: bool) -> bool {
        use Property::*;
        let by = if self.log_explains() {
            By::Versions
        } else {
            By::Contents
        };
        let weaker = [CausalConvergence, CausalMemory, ConsistentPrefix];
        let broken = |property: &Property| self.broken(*property);
        let unbroken = by == By::Versions || !weaker.iter().any(broken);
        let fresh = !time || by == By::Versions || !self.broken(Fresh);
        unbroken && fresh && self.fits(by, time, 0, &Cart::default(), 0)
    }

    fn fits(&self, by: By, time: bool, version: u32, cart: &Cart, done: u32) -> bool {
        let operations = &self.history.operations;
        let answered = |o: &Operation| matches!(o.outcome, Outcome::Ok { .. });
        let waiting = |nth: usize| done & (1 << nth) == 0;
        let owed = |nth: usize| waiting(nth) && answered(&operations[nth]);
        if !(0..operations.len()).any(owed) {
            return true;
        }
        (0..operations.len())
            .filter(|nth| waiting(*nth))
            .any(|nth| {
                let operation = &operations[nth];
                let before = |other: usize| {
                    let earlier = &operations[other];
                    let session =
                        earlier.client == operation.client && other < nth && answered(operation);
                    let ended = earlier.ended().is_some_and(|at| at < operation.call);
                    owed(other) && (session || (time && ended))
                };
                if (0..operations.len()).any(before) {
                    return false;
                }
                let mut next = cart.clone();
                next.apply(&operation.op);
                let made = version + u32::from(!operation.op.is_view());
                let agrees = match &operation.outcome {
                    Outcome::Ok {
                        answer: Answer::Done(version),
                        ..
                    } => by == By::Contents || version.0 == made,
                    Outcome::Ok {
                        answer: Answer::Shown(seen),
                        ..
                    } => {
                        let same = seen.log.version() == Some(Version(version));
                        *seen.cart == *cart && (by == By::Contents || same)
                    }
                    Outcome::Failed { .. } => false,
                    Outcome::Unknown => !operation.op.is_view(),
                };
                agrees && self.fits(by, time, made, &next, done | 1 << nth)
            })
    }
}
