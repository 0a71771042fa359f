//! The judges: what an outsider can say of a run.
//!
//! They see a [`History`](crate::history::History) and a
//! [`ReplicaLog`](crate::history::ReplicaLog), never the simulation: the switch names a
//! mechanism, a checker names a guarantee. Invariant: no verdict depends on the mode.

mod causal;
pub mod claims;
mod contents;
mod convergence;
mod findings;
pub mod foreign;
mod guarantees;
mod integrity;
mod one_order;
pub mod points;
pub mod search;
mod sessions;
pub mod staleness;
pub mod verdict;
mod zones;

pub use claims::Ground;
pub use guarantees::{Firsts, Verdicts};
pub use integrity::sold;
pub use verdict::{Claim, Expected, Property, Verdict, Want, Why, Witness};
