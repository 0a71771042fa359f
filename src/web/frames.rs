//! One callback for each frame that the browser draws, while it is wanted.
//!
//! Invariant: dropping [`Frames`] stops the callbacks.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

type OnFrame = Closure<dyn FnMut(f64)>;

/// Calls back once a frame with the milliseconds since the frame before.
pub struct Frames {
    request: Rc<Cell<i32>>,
    closure: Rc<RefCell<Option<OnFrame>>>,
}

impl Frames {
    pub fn start(mut on_frame: impl FnMut(f64) + 'static) -> Frames {
        let request = Rc::new(Cell::new(0));
        let closure: Rc<RefCell<Option<OnFrame>>> = Rc::default();
        let (next, again) = (request.clone(), closure.clone());
        let mut before: Option<f64> = None;
        *closure.borrow_mut() = Some(Closure::new(move |now: f64| {
            // A tab that was hidden comes back with a long gap: go on from where it was left.
            let passed = before.map_or(0.0, |before| (now - before).clamp(0.0, 100.0));
            before = Some(now);
            if let Some(closure) = again.borrow().as_ref() {
                next.set(request_frame(closure));
            }
            on_frame(passed);
        }));
        if let Some(closure) = closure.borrow().as_ref() {
            request.set(request_frame(closure));
        }
        Frames { request, closure }
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        if let Some(window) = web_sys::window() {
            let _ = window.cancel_animation_frame(self.request.get());
        }
        // The closure may be the one that runs now, so it is freed a turn later.
        let closure = self.closure.clone();
        gloo_timers::callback::Timeout::new(0, move || drop(closure.borrow_mut().take())).forget();
    }
}

fn request_frame(closure: &OnFrame) -> i32 {
    let window = web_sys::window().expect("frames are asked for only where there is a window");
    window
        .request_animation_frame(closure.as_ref().unchecked_ref())
        .unwrap_or(0)
}
