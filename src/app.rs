//! The page: Yew components that draw view data, send [`Msg`](crate::playground::Msg) and perform
//! effects. Invariant: no decision is taken here; only this module names Yew.
