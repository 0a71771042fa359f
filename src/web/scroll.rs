//! Keeps in sight what matters: the current row of a list, a mark in a wide picture.

use crate::web::page;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Scrolls the list with this id, and nothing else, to its `aria-current` row where that is out
/// of sight. A list that holds the focus is left alone: somebody reads it.
pub fn to_current(list: &str) {
    let Some(list) = page::element(list) else {
        return;
    };
    let row = list.query_selector("[aria-current]").ok().flatten();
    let Some(row) = row.and_then(|row| row.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    if list.matches(":focus-within").unwrap_or(false) {
        return;
    }
    // A row's offset counts from its table, which fills the list.
    let (top, height) = (row.offset_top(), row.offset_height());
    let (seen, room) = (list.scroll_top(), list.client_height());
    if top - height < seen || top + height > seen + room {
        list.set_scroll_top(top - room / 2);
    }
}

/// Scrolls the element with this id across to the length in its `data-at`, once for each place.
pub fn across_to_mark(id: &str) {
    const DONE: &str = "data-was";
    let Some(element) = page::element(id) else {
        return;
    };
    let at = element.get_attribute("data-at").unwrap_or_default();
    if element.get_attribute(DONE).as_deref() == Some(&at) {
        return;
    }
    let _ = element.set_attribute(DONE, &at);
    // A whole number: reading others costs the page 10 KB of tables.
    if let Ok(at) = at.parse::<i32>() {
        element.set_scroll_left((at - element.client_width() / 3).max(0));
    }
}
