//! Lagoon: a playground for replication lag.
//!
//! The scenario text is the whole state; everything else is derived from it:
//! `text --parse--> Scenario --run--> Run --view--> picture at a playhead`.
//!
//! The map, a line a floor; every `use crate::` arrow points down (tests/architecture.rs):
//!
//! - 9 `app` the page in a browser, with Yew
//! - 8 `page` what stands on the page, as plain elements
//! - 7 `web` the browser's edges; `view` pictures as data
//! - 6 `playground` what the person is doing; `lesson` the course
//! - 5 `run` from a scenario to a run, in slices
//! - 4 `scenario` the text: parse, print, link, diagnostics
//! - 3 `sim` the simulated shop; `check` the judges of a history (they never meet)
//! - 2 `history` what outsiders saw; `chance` pinned luck
//! - 1 `shop` the cart as a sequential object; `time` integer microseconds; `order` sorting;
//!   `turns` long work in slices
//!
//! Floors 1 to 3 are a package of their own, `engine/`, which the page compiles for speed.
//!
//! Invariant: nothing but `app` and `web` knows a browser; without the `ui` feature they are gone.

#[cfg(feature = "ui")]
pub mod app;
pub use lagoon_engine::{chance, check, history, order, shop, sim, time, turns};
pub mod lesson;
pub mod page;
pub mod playground;
pub mod run;
pub mod scenario;
pub mod view;
#[cfg(feature = "ui")]
pub mod web;
