//! What outsiders saw of a run: its history, and when each copy had what.
//!
//! Invariant: a run's history is written only here, from the trace; that of a run elsewhere is
//! read from its file.

use crate::history::{Apply, History, Operation, Outcome, ReplicaLog, Shift, ShiftKind};
use crate::history::{ServiceId, Version};
use crate::sim::trace::{Ending, Trace, TraceEvent};
use crate::time::SimTime;

impl Trace {
    pub fn history(&self) -> History {
        let operations = self.operations.iter().map(|asked| Operation {
            client: asked.client,
            n: asked.n,
            op: asked.op,
            to: asked.by,
            call: asked.call,
            outcome: match asked.ended {
                Some((at, Ending::Answer(answer))) => Outcome::Ok {
                    at,
                    answer: self.answer(answer).clone(),
                },
                Some((at, Ending::Refused)) => Outcome::Failed { at },
                Some((_, Ending::Unknown)) | None => Outcome::Unknown,
            },
        });
        History {
            shoppers: self.shoppers.clone(),
            operations: operations.collect(),
            stock: self.stock.clone(),
        }
    }

    /// Of a shop with so many copies.
    pub fn replica_log(&self, copies: u8) -> ReplicaLog {
        let mut log = ReplicaLog {
            copies,
            applied: Vec::with_capacity(self.writes.len() * (1 + usize::from(copies))),
            writes: self.writes.clone(),
            undos: self.undos.clone(),
            shifts: Vec::new(),
        };
        // Who has what has to be known only once somebody becomes like another.
        let mut held: Option<Held> = None;
        for record in &self.records {
            let at = record.at;
            let apply = |replica, version, whole| Apply {
                replica,
                version,
                at,
                whole,
            };
            match record.event {
                TraceEvent::Applied(replica, version) => {
                    log.applied.push(apply(replica, version, false));
                    if let Some(held) = &mut held {
                        held.put(replica, version);
                    }
                }
                // The whole cart: all that the copy lacked of the leader's log.
                TraceEvent::Repaired(replica, newest) => {
                    let held = held.get_or_insert_with(|| Held::of(&log));
                    let lacked = held.become_like_leader(replica, newest);
                    let lacked = lacked.into_iter();
                    log.applied
                        .extend(lacked.map(|version| apply(replica, version, false)));
                    log.applied.push(apply(replica, newest, true));
                }
                TraceEvent::DiskLost(service) => {
                    let held = held.get_or_insert_with(|| Held::of(&log));
                    held.row(service).clear();
                    log.shift(service, at, ShiftKind::DiskLost);
                }
                TraceEvent::Leads(service) => {
                    let held = held.get_or_insert_with(|| Held::of(&log));
                    held.leader = service;
                    log.shift(service, at, ShiftKind::Leads);
                }
                _ => {}
            }
        }
        log
    }
}

impl ReplicaLog {
    fn shift(&mut self, service: ServiceId, at: SimTime, kind: ShiftKind) {
        let after = self.applied.len();
        self.shifts.push(Shift {
            service,
            at,
            after,
            kind,
        });
    }
}

/// Which service has which version.
struct Held {
    leader: ServiceId,
    rows: Vec<Vec<bool>>,
}

impl Held {
    /// As it is after this log, in which nothing was shifted yet.
    fn of(log: &ReplicaLog) -> Held {
        let mut held = Held {
            leader: ServiceId::S1,
            rows: Vec::new(),
        };
        for apply in &log.applied {
            held.put(apply.replica, apply.version);
        }
        held
    }

    fn row(&mut self, service: ServiceId) -> &mut Vec<bool> {
        let row = usize::from(service.0);
        self.rows.resize(self.rows.len().max(row + 1), Vec::new());
        &mut self.rows[row]
    }

    fn put(&mut self, service: ServiceId, version: Version) {
        let (row, place) = (self.row(service), version.0 as usize);
        row.resize(row.len().max(place + 1), false);
        row[place] = true;
    }

    /// What a service lacked of the leader's log up to this version, which is all it has now.
    fn become_like_leader(&mut self, service: ServiceId, newest: Version) -> Vec<Version> {
        let mut leads = self.row(self.leader).clone();
        leads.truncate(newest.0 as usize + 1);
        let had = std::mem::replace(self.row(service), leads.clone());
        let lacked = |version: &usize| leads[*version] && had.get(*version) != Some(&true);
        let lacked = (0..leads.len()).filter(lacked);
        lacked.map(|version| Version(version as u32)).collect()
    }
}
