//! The engine of Lagoon: a simulated shop of two or more services, and judges of what its shoppers
//! saw. It knows no text, no screen and no wall clock.
//!
//! A run is a [`sim::Config`], a seed and a list of cues; the same three give the same
//! [`sim::Trace`] on every machine. Run one, and measure how old each view was:
//!
//! ```
//! use lagoon_engine::chance::Seed;
//! use lagoon_engine::check::{Property, Verdict, Verdicts, staleness};
//! use lagoon_engine::history::ClientId;
//! use lagoon_engine::shop::{Name, Op};
//! use lagoon_engine::sim::{Action, Bounds, Config, Cue, When, World};
//! use lagoon_engine::time::SimTime;
//!
//! let name = |text| Name::new(text).expect("a name");
//! let does = |client, at, op| Cue {
//!     when: When::At(SimTime(at)),
//!     action: Action::Shop { client: ClientId(client), op, to: None },
//! };
//! // In microseconds: Alice adds a book, and Bob looks 200 ms later.
//! let cues = [
//!     does(0, 0, Op::Add { item: name("book"), qty: 1 }),
//!     does(1, 200_000, Op::View),
//! ];
//! let config = Config { shoppers: vec![name("alice"), name("bob")], ..Config::default() };
//! let bounds = Bounds { events: 10_000, time: SimTime(60_000_000) };
//!
//! let mut world = World::new(&config, Seed(1), &cues, bounds);
//! while world.advance(1_000) {}
//! let trace = world.into_trace();
//!
//! // What an outsider sees of it, judged. The update waits for 300 ms: Bob is shown an old cart.
//! let (history, copies) = (trace.history(), trace.replica_log(config.replicas));
//! let views = staleness::views(&history, &copies);
//! let verdicts = Verdicts::of(&history, &copies, &views, Some(trace.end()));
//! assert!(views[0].out > 0);
//! let fresh = verdicts.at(Property::Fresh, trace.end());
//! assert!(matches!(fresh, Verdict::Violated(_)));
//! let converges = verdicts.at(Property::Converges, trace.end());
//! assert!(matches!(converges, Verdict::Holds { .. }));
//! ```
//!
//! A history of somebody else's registers, written as JSON lines, is read and judged:
//!
//! ```
//! use lagoon_engine::check::{Property, foreign};
//! use lagoon_engine::history::file::{self, Body};
//! use lagoon_engine::turns::at_once;
//!
//! let text = r#"{"kind": "header", "id": "mine", "model": "register", "init": 0}
//! {"process": 0, "op": "write", "value": 1, "call": 0, "ret": 10, "status": "ok"}
//! {"process": 1, "op": "read", "value": 0, "call": 20, "ret": 30, "status": "ok"}"#;
//! let cases = at_once(async |turn| file::read(text, 1_000, &turn).await)?;
//! let Body::Foreign(history) = &cases[0].body else { panic!("it is no cart") };
//! let verdicts = foreign::judge(history);
//! let linearizable = verdicts.iter().find(|(property, _)| *property == Property::Linearizable);
//! // Read 0 after 1 was written.
//! assert_eq!(linearizable.map(|(_, judged)| judged.word()), Some("violated"));
//! # Ok::<(), String>(())
//! ```
//!
//! The map, a line a floor; every `use crate::` arrow points down (tests/architecture.rs):
//!
//! - 3 `sim` the simulated shop; `check` the judges of a history (they never meet)
//! - 2 `history` what outsiders saw; `chance` pinned luck
//! - 1 `shop` the cart as a sequential object; `time` integer microseconds; `order` sorting;
//!   `turns` long work in slices
//!
//! Invariant: integers only, but for the drawing of delays in `chance`; no hash order.

pub mod chance;
pub mod check;
pub mod history;
pub mod order;
pub mod shop;
pub mod sim;
pub mod time;
pub mod turns;
