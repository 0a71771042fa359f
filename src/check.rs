//! The judges: what an outsider can say of a run.
//!
//! They see a [`History`](crate::history::History) and a
//! [`ReplicaLog`](crate::history::ReplicaLog), never the simulation: the switch names a
//! mechanism, a checker names a guarantee. Invariant: no verdict depends on the mode.

pub mod convergence;
pub mod staleness;
pub mod verdict;

pub use verdict::{Claim, Expected, Property, Verdict};
