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

/// Where the site stands that a single file came from; empty where the file was not told. None
/// where this page is no single file, so that it is asked for nothing that stands beside it.
pub fn site() -> Option<String> {
    let root = web_sys::window()?.document()?.document_element()?;
    root.get_attribute("data-site")
}

/// What a link is put behind: the site of a single file, else this address up to its query. Empty
/// where there is nothing that somebody else could open.
pub fn page() -> String {
    if let Some(site) = site() {
        return site;
    }
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
