//! What the benches measure, in Rust: Lagoon's engine and clicks, and two peers.
//!
//! `main.rs` is the native place, `wasm.rs` the one in node and the browsers; both run the code
//! here. The JavaScript beside `src/` starts the places, shuffles the rounds and prints.
//!
//! Invariant: every contestant answers for its work with a number that another one, or a closed
//! form, must agree with.

pub mod lean;
pub mod luck;
#[cfg(not(target_arch = "wasm32"))]
pub mod nexo;
pub mod parts;
pub mod workload;
