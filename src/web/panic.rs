//! What a person sees if Lagoon itself breaks: a plain screen that keeps the text.
//!
//! The screen stands in index.html and its Copy button in static/broken.js, since no code of ours
//! can be trusted after a panic. Invariant: the last text handed to [`keep`] is on that screen.

use crate::web::page;
use std::cell::RefCell;
use std::panic::PanicHookInfo;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

thread_local! {
    static TEXT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Remembers the text for the worst case.
pub fn keep(text: &str) {
    TEXT.with_borrow_mut(|kept| {
        kept.clear();
        kept.push_str(text);
    });
}

/// What a panic does: it shows the screen instead of a dead page. Handed to Yew, which would
/// otherwise put a hook of its own in the place of any other.
pub fn hook() -> Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync> {
    Box::new(|info| {
        let text = TEXT.try_with(|kept| kept.try_borrow().map(|kept| kept.clone()));
        let text = text.ok().and_then(Result::ok).unwrap_or_default();
        show("broken-text", &text);
        show("broken-why", &info.to_string());
        page::mark("data-broken", "true");
        if let Some(screen) = page::element("broken") {
            screen.set_hidden(false);
            let _ = screen.focus();
        }
    })
}

fn show(id: &str, text: &str) {
    let Some(element) = page::element(id) else {
        return;
    };
    match element.dyn_ref::<HtmlTextAreaElement>() {
        Some(field) => field.set_value(text),
        None => element.set_text_content(Some(text)),
    }
}
