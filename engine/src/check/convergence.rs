//! In the end all copies agree (eventual consistency), and no confirmed write is gone.
//!
//! **Converges** (Vogels 2009, "Eventually consistent") is a promise about the end, not the
//! moment. Up to a moment it holds when nothing is under way and every copy's cart equals Service
//! 1's; while a write or an update is under way it is not yet; broken only when nothing more can
//! happen and a copy differs. When each write got there, its
//! [`Window`](crate::check::staleness::Window)s say.
//! ```text
//!   Service 1  v1 add book
//!   a copy                 (the update is lost, and nobody sends it again)   for ever empty
//! ```
//! **No lost writes**: no confirmed write is gone from the log of who takes the writes, or from a
//! copy to which nothing under way can still bring it. Copies can agree and still have lost one:
//! ```text
//!   Alice  |--add book--|done      Service 1 and its copies: nothing of it, all agree
//! ```
//! Where a copy took over, or Service 1 went on from an empty disk, the log is what it had then and
//! what came after; services that are out count no more.
//!
//! Invariant: judged from operations and applies alone; what is under way is what Service 1 has
//! and a copy has not, until the history is settled.

use crate::check::findings::{Findings, bits};
use crate::check::{Property, Verdict, Witness};
use crate::history::{
    Answer, Apply, Entry, History, Logs, OpId, Outcome, ReplicaLog, ServiceId, Shift, ShiftKind,
    Version,
};
use crate::order;
use crate::shop::{Cart, Model};
use crate::time::SimTime;

/// Convergence through time.
#[derive(Clone, Debug, Default)]
pub(super) struct Agreement {
    /// When writes were called, and when they were answered, each in order.
    called: Vec<SimTime>,
    ended: Vec<SimTime>,
    /// From each apply on: how many versions Service 1 has, and whether all copies agree with it.
    steps: Vec<(SimTime, u32, bool)>,
    /// Nothing more could happen from here on, and this is wrong then.
    settled: Option<(SimTime, Option<Witness>)>,
}

impl Agreement {
    pub fn at(&self, now: SimTime) -> Verdict {
        let by = |times: &[SimTime]| times.partition_point(|at| *at <= now);
        let open = by(&self.called) > by(&self.ended);
        let known = self.steps.partition_point(|(at, ..)| *at <= now);
        let (_, commits, agree) = match known {
            0 => (SimTime::ZERO, 0, true),
            known => self.steps[known - 1],
        };
        let held = match commits {
            0 => Verdict::Untested,
            chances => Verdict::Holds { chances },
        };
        match self.settled.filter(|(at, _)| *at <= now) {
            Some((_, Some(witness))) => Verdict::Violated(witness),
            Some((_, None)) => held,
            None if open || !agree => Verdict::NotYet,
            None => held,
        }
    }
}

/// Convergence through time; chances and breaches of no lost writes go to `found`.
pub(super) fn judge(
    history: &History,
    replicas: &ReplicaLog,
    settled: Option<SimTime>,
    found: &mut Findings,
) -> Agreement {
    let mut agreement = Agreement::default();
    let mut ended = Vec::new();
    for operation in history.operations.iter().filter(|o| !o.op.is_view()) {
        agreement.called.push(operation.call);
        ended.extend(operation.ended().map(|at| (at.0, 0)));
    }
    order::sort(&mut ended);
    agreement
        .ended
        .extend(ended.iter().map(|(at, _)| SimTime(*at)));
    let mut copies = Copies::run(history, replicas, None);
    if !copies.in_order || (settled.is_some() && !copies.have_all()) {
        let services = usize::from(replicas.copies) + 1;
        copies = Copies::run(history, replicas, Some(vec![Cart::default(); services]));
    }
    lost(history, &copies, settled, found);
    let last = copies.newest();
    let op = replicas
        .writes
        .get((last.0 as usize).wrapping_sub(1))
        .copied();
    agreement.settled = settled.map(|at| {
        let witness = copies.differing().zip(op).map(|(replica, op)| Witness {
            at,
            op,
            version: last,
            because: op,
            replica,
        });
        (at, witness)
    });
    agreement.steps = copies.steps;
    agreement
}

/// A confirmed write that Service 1 does not have is lost at once; one that a copy does not have,
/// once nothing can bring it any more.
fn lost(history: &History, copies: &Copies, settled: Option<SimTime>, found: &mut Findings) {
    for (place, operation) in history.operations.iter().enumerate() {
        let Outcome::Ok {
            at: confirmed,
            answer: Answer::Done(version),
        } = operation.outcome
        else {
            continue;
        };
        found.chance(confirmed, bits(&[Property::NoLostWrites]));
        let op = OpId(place as u32);
        let mut broke = |at, replica| {
            let witness = Witness {
                at,
                op,
                version,
                because: op,
                replica,
            };
            found.broke(Property::NoLostWrites, witness);
        };
        let nth = (version.0 as usize).wrapping_sub(1);
        let written = copies.writes.get(nth) == Some(&op);
        if !written || copies.committed[nth].is_none_or(|commit| commit > confirmed) {
            broke(confirmed, ServiceId::S1);
        } else if let Some((at, leader)) = copies.gone[nth] {
            broke(at.max(confirmed), leader);
        } else if let Some(settled) = settled {
            let mut others = 0..copies.count.len();
            let lacks =
                |service: &usize| !copies.is_out(*service) && !copies.has(*service, version);
            if let Some(copy) = others.find(lacks) {
                broke(settled.max(confirmed), id(copy));
            }
        }
    }
}

fn id(service: usize) -> ServiceId {
    ServiceId((service as u8).saturating_add(1))
}

/// What Service 1 and its copies have, apply by apply.
struct Copies<'a> {
    history: &'a History,
    replicas: &'a ReplicaLog,
    writes: &'a [OpId],
    /// What each service applied, in order: only with their carts. Who takes the writes, and who
    /// counts no more, always.
    logs: Logs,
    /// From when on each version is in no log that counts, and whose that is.
    gone: Vec<Option<(SimTime, ServiceId)>>,
    /// When each version was committed, from version 1 on.
    committed: Vec<Option<SimTime>>,
    /// How many were.
    commits: u32,
    /// Which versions a service has: a row for each, Service 1's first.
    has: Vec<bool>,
    /// How many a service has.
    count: Vec<u32>,
    /// Every service applied 1, 2, 3, …, so that as many versions are the same cart.
    in_order: bool,
    carts: Option<Vec<Cart>>,
    steps: Vec<(SimTime, u32, bool)>,
}

impl<'a> Copies<'a> {
    /// With their carts, if empty ones are given; without, agreement is having all.
    fn run(history: &'a History, replicas: &'a ReplicaLog, carts: Option<Vec<Cart>>) -> Copies<'a> {
        let services = usize::from(replicas.copies) + 1;
        let mut copies = Copies {
            history,
            replicas,
            writes: &replicas.writes,
            logs: Logs::new(services),
            gone: vec![None; replicas.writes.len()],
            committed: vec![None; replicas.writes.len()],
            commits: 0,
            has: vec![false; services * replicas.writes.len()],
            count: vec![0; services],
            in_order: replicas.shifts.is_empty(),
            carts,
            steps: Vec::new(),
        };
        for entry in replicas.entries() {
            match entry {
                Entry::Apply(apply) => copies.apply(apply),
                Entry::Shift(shift) => copies.shift(shift),
            }
        }
        copies
    }

    fn apply(&mut self, apply: &Apply) {
        let service = usize::from(apply.replica.0).wrapping_sub(1);
        let nth = (apply.version.0 as usize).wrapping_sub(1);
        let known = service < self.count.len();
        if known && apply.whole {
            self.become_like_leader(service, apply.version);
        }
        if !known || nth >= self.writes.len() || self.has(service, apply.version) {
            self.note(apply.at, known && apply.whole);
            return;
        }
        self.has[service * self.writes.len() + nth] = true;
        self.in_order &= nth as u32 == self.count[service];
        self.count[service] += 1;
        if service == self.leader() && self.committed[nth].is_none() {
            self.committed[nth] = Some(apply.at);
            self.commits += 1;
        }
        if self.carts.is_some() {
            self.logs.push(apply.replica, apply.version);
        }
        let deed = self.replicas.deed(self.history, apply.version);
        if let (Some(carts), Some(deed)) = (&mut self.carts, deed) {
            carts[service].apply(&deed);
        }
        self.note(apply.at, true);
    }

    fn shift(&mut self, shift: &Shift) {
        let service = usize::from(shift.service.0).wrapping_sub(1);
        if service >= self.count.len() {
            return;
        }
        let versions = self.writes.len();
        self.logs.shift(shift.service, shift.kind);
        match shift.kind {
            ShiftKind::DiskLost => {
                self.has[service * versions..][..versions].fill(false);
                self.count[service] = 0;
                if let Some(carts) = &mut self.carts {
                    carts[service] = Cart::default();
                }
            }
            ShiftKind::Leads => {
                for nth in 0..versions {
                    let version = Version(nth as u32 + 1);
                    let lost = self.committed[nth].is_some() && !self.has(service, version);
                    if lost && self.gone[nth].is_none() {
                        self.gone[nth] = Some((shift.at, shift.service));
                    }
                }
            }
        }
        self.note(shift.at, true);
    }

    /// The last version that counts.
    fn newest(&self) -> Version {
        match self.replicas.shifts.is_empty() {
            true => Version(self.count[0]),
            false => {
                let log = self.logs.of(self.logs.leader);
                log.iter().copied().max().unwrap_or_default()
            }
        }
    }

    /// The place of who takes the writes among the services.
    fn leader(&self) -> usize {
        usize::from(self.logs.leader.0) - 1
    }

    fn is_out(&self, service: usize) -> bool {
        self.logs.is_out(id(service))
    }

    /// Whether all agree from here on.
    fn note(&mut self, at: SimTime, changed: bool) {
        if changed {
            let agree = self.have_all() && self.differing().is_none();
            self.steps.push((at, self.commits, agree));
        }
    }

    /// A copy was given the whole cart, as the leader had it at this version.
    fn become_like_leader(&mut self, service: usize, newest: Version) {
        let versions = self.writes.len();
        if let Some(carts) = &mut self.carts {
            self.logs.become_like_leader(id(service), newest);
            let mut cart = Cart::default();
            for version in self.logs.of(id(service)) {
                if let Some(deed) = self.replicas.deed(self.history, *version) {
                    cart.apply(&deed);
                }
            }
            carts[service] = cart;
        }
        for nth in 0..versions {
            let here = nth < newest.0 as usize && self.has[self.leader() * versions + nth];
            self.has[service * versions + nth] = here;
        }
        let row = &self.has[service * versions..][..versions];
        self.count[service] = row.iter().filter(|has| **has).count() as u32;
    }

    fn has(&self, service: usize, version: Version) -> bool {
        let nth = (version.0 as usize).wrapping_sub(1);
        nth < self.writes.len() && self.has[service * self.writes.len() + nth]
    }

    /// Every copy has as many versions as who takes the writes.
    fn have_all(&self) -> bool {
        let leads = self.count[self.leader()];
        let mut all = self.count.iter().enumerate();
        all.all(|(service, count)| *count == leads || self.is_out(service))
    }

    /// A copy whose cart is not that of who takes the writes.
    fn differing(&self) -> Option<ServiceId> {
        let carts = self.carts.as_ref()?;
        let leads = &carts[self.leader()];
        let differs = |service: &usize| carts[*service] != *leads && !self.is_out(*service);
        (0..carts.len()).find(differs).map(id)
    }
}
