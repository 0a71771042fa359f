//! The messages under way: elements that are made when one leaves and removed when it arrives.
//!
//! Hundreds of them may fly at once, and each only moves. So Yew draws an empty group, and this
//! module fills it: what flies there already is not looked at when the page is drawn anew.
//! Invariant: the group holds the elements of what was last shown, in its order, and no others.

use crate::time::SimTime;
use crate::web::glide;
use wasm_bindgen::JsCast;
use web_sys::{Element, SvgTransform};

/// What flies in one group.
pub struct Flights<T> {
    group: Option<Element>,
    known: Vec<(T, Flying)>,
}

/// An element, and what of it moves along its path.
struct Flying {
    element: Element,
    path: [f64; 6],
    moved: Vec<SvgTransform>,
}

impl<T> Default for Flights<T> {
    fn default() -> Flights<T> {
        Flights {
            group: None,
            known: Vec::new(),
        }
    }
}

impl<T: PartialEq> Flights<T> {
    /// Makes the elements of the group with this id those of `wanted`, which stand in this order.
    /// An element is drawn as the markup of one group; what has `data-glide` in it moves.
    pub fn show(
        &mut self,
        id: &str,
        wanted: Vec<T>,
        order: impl Fn(&T) -> u32,
        draw: impl Fn(&T) -> (String, [f64; 6]),
    ) {
        let document = web_sys::window().and_then(|window| window.document());
        let group = document.and_then(|document| document.get_element_by_id(id));
        if group != self.group {
            self.known.clear();
            self.group = group;
        }
        let Some(group) = &self.group else {
            return;
        };
        let mut old = std::mem::take(&mut self.known).into_iter().peekable();
        for one in wanted {
            while let Some((_, gone)) = old.next_if(|(known, _)| order(known) < order(&one)) {
                gone.element.remove();
            }
            if let Some(same) = old.next_if(|(known, _)| *known == one) {
                self.known.push(same);
                continue;
            }
            let (markup, path) = draw(&one);
            let next = old.peek().map(|(_, flying)| &flying.element);
            if let Some(element) = insert(group, next, &markup) {
                let moved = moving(&element);
                self.known.push((
                    one,
                    Flying {
                        element,
                        path,
                        moved,
                    },
                ));
            }
        }
        for (_, gone) in old {
            gone.element.remove();
        }
    }

    /// Puts everything where it is at `now`.
    pub fn move_to(&self, now: SimTime) {
        for (_, flying) in &self.known {
            let (x, y) = glide::along(&flying.path, now);
            for transform in &flying.moved {
                let _ = transform.set_translate(x, y);
            }
        }
    }
}

/// Reads the markup of one element into the group, before another or as the last one.
fn insert(group: &Element, next: Option<&Element>, markup: &str) -> Option<Element> {
    match next {
        Some(next) => {
            next.insert_adjacent_html("beforebegin", markup).ok()?;
            next.previous_element_sibling()
        }
        None => {
            group.insert_adjacent_html("beforeend", markup).ok()?;
            group.last_element_child()
        }
    }
}

fn moving(element: &Element) -> Vec<SvgTransform> {
    let mut moved = Vec::new();
    if let Ok(found) = element.query_selector_all("[data-glide]") {
        for nth in 0..found.length() {
            let part = found.get(nth).and_then(|part| part.dyn_into().ok());
            moved.extend(part.as_ref().and_then(glide::transform));
        }
    }
    moved
}
