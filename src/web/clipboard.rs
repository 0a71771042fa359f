//! The clipboard: a promise that may be refused.

use wasm_bindgen_futures::JsFuture;

/// Copies the text. False where the browser does not allow it (the page then shows the text,
/// selected, to be copied by hand).
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window().filter(web_sys::Window::is_secure_context) else {
        return false;
    };
    JsFuture::from(window.navigator().clipboard().write_text(text))
        .await
        .is_ok()
}
