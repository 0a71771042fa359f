//! Where a press or a drag stands on a picture.

use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

/// How far across its picture the pointer is: 0 at the left edge, 1 at the right one. `None`
/// while the first button is not down. A press holds the pointer, for the slider in the picture
/// where it stands on one: its drag may leave it.
pub fn across(event: &PointerEvent, press: bool) -> Option<f64> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let picture = target.closest("svg").ok()??;
    if event.buttons() != 1 {
        return None;
    }
    if press {
        let held = target.closest("[role=slider]").ok().flatten();
        let _ = held
            .as_ref()
            .unwrap_or(&picture)
            .set_pointer_capture(event.pointer_id());
    }
    let shown = picture.get_bounding_client_rect();
    Some((f64::from(event.client_x()) - shown.left()) / shown.width().max(1.0))
}
