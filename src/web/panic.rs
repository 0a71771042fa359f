//! What a person sees if Lagoon itself breaks: a plain screen that keeps the text.
//!
//! The screen stands in index.html, and static/broken.js shows it when the program traps: no code
//! of ours can be trusted after a panic. Invariant: the last text handed to [`keep`] is on it.

use crate::web::page;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

/// Lays the text down on the hidden screen, for the worst case.
pub fn keep(text: &str) {
    let screen = page::element("broken-text");
    if let Some(field) = screen.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok()) {
        field.set_value(text);
    }
}
