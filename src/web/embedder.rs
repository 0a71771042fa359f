//! The page around this one, where it stands in a frame: what it says, and what it is told.
//!
//! Messages are plain objects with `lagoon: 1` and a `type` (docs/embedding.md). Invariant: only
//! the page around is heard, and of what it says only texts and numbers are read.

use crate::web::listen::Listener;
use js_sys::{Array, JsString, Number, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The version of the messages.
const VERSION: f64 = 1.0;

/// A message from the page around.
pub struct Said {
    pub kind: String,
    data: JsValue,
}

impl Said {
    /// A text; a number as one writes it, and the texts of a list with commas between.
    pub fn text(&self, field: &str) -> Option<String> {
        let value = get(&self.data, field);
        let number = || Number::from(value.as_f64()?).to_string_with_radix(10).ok();
        let list = || Array::is_array(&value).then(|| Array::from(&value).join(","));
        let said = value.dyn_ref::<JsString>().cloned();
        said.or_else(number).or_else(list).map(String::from)
    }

    pub fn number(&self, field: &str) -> Option<f64> {
        get(&self.data, field)
            .as_f64()
            .filter(|number| number.is_finite())
    }
}

fn get(object: &JsValue, field: &str) -> JsValue {
    Reflect::get(object, &field.into()).unwrap_or_default()
}

/// The page around, if there is one.
fn around() -> Option<web_sys::Window> {
    let window = web_sys::window()?;
    let parent = window.parent().ok()??;
    (!Object::is(&parent, &window)).then_some(parent)
}

/// Whether this page stands in a frame.
pub fn is_framed() -> bool {
    around().is_some()
}

/// Calls for each message of the page around.
pub fn listen(call: impl Fn(Said) + 'static) -> Option<Listener> {
    let parent = around()?;
    Listener::on_window("message", move |event| {
        let from = get(&event, "source");
        let data = get(&event, "data");
        let ours = get(&data, "lagoon").as_f64() == Some(VERSION);
        if let (true, Some(kind)) = (
            ours && Object::is(&from, &parent),
            get(&data, "type").as_string(),
        ) {
            call(Said { kind, data });
        }
    })
}

/// A plain object with these fields.
pub fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

pub fn list(values: impl Iterator<Item = JsValue>) -> JsValue {
    values.collect::<Array>().into()
}

/// Tells the page around.
pub fn tell(kind: &str, fields: &[(&str, JsValue)]) {
    let own = [("lagoon", VERSION.into()), ("type", kind.into())];
    let object = object(&[&own, fields].concat());
    if let Some(around) = around() {
        // It says nothing that a link does not say.
        let _ = around.post_message(&object, "*");
    }
}

/// How high the page is, in CSS pixels.
pub fn height() -> u32 {
    let root = crate::web::page::element("app");
    root.map_or(0, |root| root.offset_height().max(0) as u32)
}

/// Fetches a style sheet, and waits for it: what is drawn without it would jump. A single file has
/// it in itself.
pub async fn style(sheet: &str) {
    if crate::web::address::site().is_some() {
        return;
    }
    let document = web_sys::window().and_then(|window| window.document());
    let made = document
        .as_ref()
        .and_then(|d| d.create_element("link").ok());
    if let (Some(head), Some(link)) = (document.and_then(|d| d.head()), made) {
        let _ = link.set_attribute("rel", "stylesheet");
        let _ = link.set_attribute("href", sheet);
        let over = Promise::new(&mut |done, _| {
            let _ = link.add_event_listener_with_callback("load", &done);
            let _ = link.add_event_listener_with_callback("error", &done);
        });
        let _ = head.append_child(&link);
        let _ = JsFuture::from(over).await;
    }
}
