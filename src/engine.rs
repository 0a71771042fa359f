//! The simulated shop and what it stands on: floors 1 to 3 of the map in `lib.rs`.
//!
//! Its package is `engine/`, because a package's profile says how it is compiled: the page is small
//! first, and its engine fast. Invariant: nothing here knows more than these floors.

pub mod chance;
pub mod history;
pub mod order;
pub mod shop;
pub mod sim;
pub mod time;
pub mod turns;
