//! The browser's edges, without Yew: address, frames, storage, clipboard.
//!
//! Invariant: whatever a browser refuses (storage in a sandboxed frame, the clipboard) comes back
//! as `None` or `false`, never as a panic.
