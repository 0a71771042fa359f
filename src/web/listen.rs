//! Events of the window that no component owns: keys, the address, the size.
//!
//! Invariant: a listener is removed when its value is dropped.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, EventTarget};

/// A listener on the window that lives as long as this value.
pub struct Listener {
    target: EventTarget,
    kind: &'static str,
    closure: Closure<dyn FnMut(Event)>,
}

impl Listener {
    pub fn on_window(kind: &'static str, call: impl FnMut(Event) + 'static) -> Option<Listener> {
        let target: EventTarget = web_sys::window()?.into();
        let closure = Closure::<dyn FnMut(Event)>::new(call);
        target.add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref()).ok()?;
        Some(Listener { target, kind, closure })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let call = self.closure.as_ref().unchecked_ref();
        let _ = self.target.remove_event_listener_with_callback(self.kind, call);
    }
}
