//! Fields and dialogs: what was typed, selecting, opening.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

/// The value of the field that the event comes from; empty where it is no field.
pub fn value(event: &Event) -> String {
    let Some(target) = event.target() else {
        return String::new();
    };
    if let Some(field) = target.dyn_ref::<HtmlTextAreaElement>() {
        return field.value();
    }
    if let Some(field) = target.dyn_ref::<HtmlSelectElement>() {
        return field.value();
    }
    target
        .dyn_ref::<HtmlInputElement>()
        .map_or(String::new(), HtmlInputElement::value)
}

/// Selects all of the text field that the event comes from.
pub fn select(event: &Event) {
    if let Some(field) = event
        .target()
        .and_then(|t| t.dyn_into::<HtmlTextAreaElement>().ok())
    {
        field.select();
    }
}

/// Closes the details that the event comes from.
pub fn close_details(event: &Event) {
    let target = event
        .target()
        .and_then(|t| t.dyn_into::<web_sys::Element>().ok());
    let details = target.and_then(|target| target.closest("details").ok().flatten());
    if let Some(details) = details {
        let _ = details.remove_attribute("open");
    }
}

/// Opens the native dialog with this id, which keeps the focus inside, or closes it.
pub fn open_dialog(id: &str, open: bool) {
    let found = crate::web::page::element(id).and_then(|e| e.dyn_into::<HtmlDialogElement>().ok());
    let Some(dialog) = found else { return };
    if open && !dialog.open() {
        let _ = dialog.show_modal();
    } else if !open && dialog.open() {
        dialog.close();
    }
}
