//! Events of the window that no component owns: keys, the address, the size.
//!
//! Invariant: a listener is removed when its value is dropped.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, EventTarget, KeyboardEvent};

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
        target
            .add_event_listener_with_callback(kind, closure.as_ref().unchecked_ref())
            .ok()?;
        Some(Listener {
            target,
            kind,
            closure,
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let call = self.closure.as_ref().unchecked_ref();
        let _ = self
            .target
            .remove_event_listener_with_callback(self.kind, call);
    }
}

/// A key that was pressed where no control uses it itself.
pub struct Key {
    pub name: String,
    /// Ctrl, or Command on a Mac.
    pub command: bool,
    pub shift: bool,
}

/// Calls for each such key; where the call says true the browser does nothing more with it.
pub fn on_key(mut call: impl FnMut(Key) -> bool + 'static) -> Option<Listener> {
    Listener::on_window("keydown", move |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        let command = key.ctrl_key() || key.meta_key();
        let taken = match command {
            true => crate::web::page::editing(key.target()),
            false => crate::web::page::typing(key.target()),
        };
        if taken || key.alt_key() {
            return;
        }
        if call(Key {
            name: key.key(),
            command,
            shift: key.shift_key(),
        }) {
            event.prevent_default();
        }
    })
}
