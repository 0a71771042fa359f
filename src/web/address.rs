//! The address bar: where the text of the scenario travels, after the `#`.
//!
//! Invariant: only our own page's fragment is ever written; a frame that refuses history keeps
//! working without it.

use wasm_bindgen::JsValue;

/// The whole address, as the reader of links wants it; empty where there is none.
pub fn current() -> String {
    web_sys::window()
        .and_then(|window| window.location().href().ok())
        .unwrap_or_default()
}

/// The address up to its query: what a link is put behind.
pub fn page() -> String {
    let whole = current();
    let end = whole.find(['#', '?']).unwrap_or(whole.len());
    whole[..end].to_string()
}

/// Writes the link without a new entry in the browser's history.
pub fn replace(link: &str) {
    if let Some(history) = history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(link));
    }
}

/// Writes the link as a new entry, so that Back returns to the one left.
pub fn push(link: &str) {
    if let Some(history) = history() {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(link));
    }
}

fn history() -> Option<web_sys::History> {
    web_sys::window()?.history().ok()
}
