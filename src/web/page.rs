//! The page as a whole: its width, its root attributes, what the person's system prefers.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Window};

/// The inner width in CSS pixels; 1360 where the browser does not tell.
pub fn width() -> u32 {
    let width = web_sys::window().and_then(|window| window.inner_width().ok());
    width
        .and_then(|width| width.as_f64())
        .map_or(1360, |width| width as u32)
}

/// Milliseconds on the browser's own clock.
pub fn now() -> f64 {
    let clock = web_sys::window().and_then(|window| window.performance());
    clock.map_or(0.0, |clock| clock.now())
}

/// Sets an attribute of `<html>`, by which style sheets and tests know the page's state.
pub fn mark(attribute: &str, value: &str) {
    if let Some(root) = root() {
        let _ = root.set_attribute(attribute, value);
    }
}

/// Removes an attribute of `<html>`.
pub fn unmark(attribute: &str) {
    if let Some(root) = root() {
        let _ = root.remove_attribute(attribute);
    }
}

/// `<html>`.
pub fn root() -> Option<Element> {
    web_sys::window()?.document()?.document_element()
}

/// Whether a media query matches; false where the browser does not tell.
pub fn prefers(query: &str) -> bool {
    let list = web_sys::window().and_then(|window: Window| window.match_media(query).ok());
    list.flatten().is_some_and(|list| list.matches())
}

/// The element with this id.
pub fn element(id: &str) -> Option<HtmlElement> {
    web_sys::window()?
        .document()?
        .get_element_by_id(id)?
        .dyn_into()
        .ok()
}

/// The number in this attribute of the element, or of the nearest around it that has it.
pub fn number_above(target: Option<web_sys::EventTarget>, attribute: &str) -> Option<u32> {
    let element: Element = target?.dyn_into().ok()?;
    let found = element.closest(&format!("[{attribute}]")).ok()??;
    found.get_attribute(attribute)?.parse().ok()
}

/// Tells the scripts of the page that something has come.
pub fn announce(kind: &str) {
    if let (Some(window), Ok(event)) = (web_sys::window(), web_sys::Event::new(kind)) {
        let _ = window.dispatch_event(&event);
    }
}

/// Closes the details with this id.
pub fn close(id: &str) {
    if let Some(details) = element(id) {
        let _ = details.remove_attribute("open");
    }
}

/// Whether nothing on the page has the focus, as when what had it is gone.
pub fn has_no_focus() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    let focused = document.and_then(|document| document.active_element());
    focused.is_none_or(|element| element.tag_name() == "BODY")
}

/// Moves the focus to the element with this id, if it is there.
pub fn focus(id: &str) {
    if let Some(element) = element(id) {
        let _ = element.focus();
    }
}

/// Whether the key goes to a control that uses it itself.
pub fn typing(target: Option<web_sys::EventTarget>) -> bool {
    within(
        target,
        "input, textarea, select, button, a, summary, [role=button], [role=menu], [role=slider], dialog",
    )
}

/// Whether the key goes to a field that has an undo of its own.
pub fn editing(target: Option<web_sys::EventTarget>) -> bool {
    within(target, "textarea, dialog")
}

fn within(target: Option<web_sys::EventTarget>, controls: &str) -> bool {
    let element = target.and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| element.closest(controls).ok().flatten().is_some())
}
