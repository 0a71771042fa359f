//! The browser's edges, without Yew: address, frames, moving marks, storage, clipboard, panic.
//!
//! Invariant: whatever a browser refuses (storage in a sandboxed frame, the clipboard) comes back
//! as `None` or `false`, never as a panic.

pub mod address;
pub mod clipboard;
pub mod embedder;
pub mod field;
pub mod file;
pub mod flights;
pub mod frames;
pub mod glide;
pub mod listen;
pub mod page;
pub mod panic;
pub mod picture;
pub mod pointer;
pub mod scroll;
pub mod storage;
