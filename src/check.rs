//! The judges: what an outsider can say of a run.
//!
//! They see a [`History`](crate::history::History) and a
//! [`ReplicaLog`](crate::history::ReplicaLog), never the simulation: the switch names a
//! mechanism, a checker names a guarantee. Invariant: no verdict depends on the mode.

pub mod claims;
mod convergence;
mod guarantees;
mod one_order;
mod sessions;
pub mod staleness;
pub mod verdict;

pub use claims::Ground;
pub use guarantees::Verdicts;
pub use verdict::{Claim, Expected, Kind, Property, Verdict, Want, Why, Witness};
