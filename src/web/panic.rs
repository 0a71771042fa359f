//! What a person sees if Lagoon itself breaks: a plain screen that keeps the text.
//!
//! The screen stands in index.html, and static/start.js shows it when the program traps: no code
//! of ours can be trusted after a panic. Invariant: the last text handed to [`keep`] is on it, and
//! what the panic said.

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

/// Lays down what a panic says, before it traps.
pub fn tell(panic: &std::panic::PanicHookInfo) {
    if let Some(said) = page::element("broken-why") {
        said.set_text_content(Some(&panic.to_string()));
    }
}
