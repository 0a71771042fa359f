//! Moves what moves between two events, outside of Yew: messages, the playhead, counting numbers.
//!
//! Yew draws the page anew only when the playhead crosses an event; in between, this module sets
//! transforms through cached handles (some 0.2 µs each). What moves says so in attributes:
//!
//! - `data-glide="move" data-path="x1 y1 x2 y2 t1 t2"` on an element with one translate: from
//!   (x1, y1) at t1 to (x2, y2) at t2, in microseconds (`head` is the same);
//! - `data-glide="since"` and `"until"` with `data-t`: whole milliseconds since or until t;
//! - `data-glide="clock"`: the playhead as text; `data-glide="scrub"`: as an input's value.
//!
//! Invariant: Yew's text nodes are changed in place, never replaced, so its own diff stays true.

use crate::time::SimTime;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, Node, SvgGraphicsElement, SvgTransform};

/// What moves, but for the messages: these are known where they are made (`flights.rs`).
const MOVING: &str = "[data-glide]:not(.trail, .message)";

enum Handle {
    Move {
        transform: SvgTransform,
        path: [f64; 6],
    },
    Since {
        text: Node,
        from: u64,
    },
    Until {
        text: Node,
        to: u64,
    },
    Clock {
        text: Node,
    },
    Scrub {
        input: HtmlInputElement,
    },
}

/// Everything on the page that moves by itself.
#[derive(Default)]
pub struct Glide {
    handles: Vec<Handle>,
}

impl Glide {
    /// Looks for what moves below `root`. Called after each time Yew has drawn.
    pub fn collect(&mut self, root: &Element) {
        self.handles.clear();
        let Ok(found) = root.query_selector_all(MOVING) else {
            return;
        };
        for nth in 0..found.length() {
            let element = found
                .get(nth)
                .and_then(|node| node.dyn_into::<Element>().ok());
            self.handles.extend(element.as_ref().and_then(handle));
        }
    }

    /// Puts everything where it is at `now`, which is written as `clock`.
    pub fn move_to(&self, now: SimTime, clock: &str) {
        for handle in &self.handles {
            match handle {
                Handle::Move { transform, path } => {
                    let (x, y) = along(path, now);
                    let _ = transform.set_translate(x, y);
                }
                Handle::Since { text, from } => put_millis(text, now.0.saturating_sub(*from)),
                Handle::Until { text, to } => put_millis(text, to.saturating_sub(now.0)),
                Handle::Clock { text } => put(text, clock),
                Handle::Scrub { input } => input.set_value(&now.0.to_string()),
            }
        }
    }
}

/// Where it is at `now`: from (x1, y1) at t1 to (x2, y2) at t2.
pub fn along([x1, y1, x2, y2, t1, t2]: &[f64; 6], now: SimTime) -> (f32, f32) {
    let part = if t2 > t1 {
        ((now.0 as f64 - t1) / (t2 - t1)).clamp(0.0, 1.0)
    } else {
        1.0
    };
    let (x, y) = (x1 + (x2 - x1) * part, y1 + (y2 - y1) * part);
    (x as f32, y as f32)
}

fn put_millis(text: &Node, micros: u64) {
    put(text, &((micros + 500) / 1000).to_string());
}

/// Writing a text node costs layout, so only a change is written.
fn put(text: &Node, value: &str) {
    if text.node_value().as_deref() != Some(value) {
        text.set_node_value(Some(value));
    }
}

fn handle(element: &Element) -> Option<Handle> {
    let moment = || element.get_attribute("data-t")?.parse().ok();
    Some(match element.get_attribute("data-glide")?.as_str() {
        "since" => Handle::Since {
            text: element.first_child()?,
            from: moment()?,
        },
        "until" => Handle::Until {
            text: element.first_child()?,
            to: moment()?,
        },
        "clock" => Handle::Clock {
            text: element.first_child()?,
        },
        "scrub" => Handle::Scrub {
            input: element.clone().dyn_into().ok()?,
        },
        _ => Handle::Move {
            transform: transform(element)?,
            path: path(element)?,
        },
    })
}

/// The first transform of an element.
pub fn transform(element: &Element) -> Option<SvgTransform> {
    let list = element
        .dyn_ref::<SvgGraphicsElement>()?
        .transform()
        .base_val();
    if list.number_of_items() == 0 {
        return None;
    }
    list.get_item(0).ok()
}

fn path(element: &Element) -> Option<[f64; 6]> {
    let text = element.get_attribute("data-path")?;
    let mut numbers = text.split(' ').map(js_sys::parse_float);
    let mut path = [0.0; 6];
    for place in &mut path {
        *place = numbers.next()?;
    }
    Some(path)
}
