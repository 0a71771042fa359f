//! Files that a person chose or dropped.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, Event, HtmlInputElement};

/// A file of the person's, not read yet.
pub struct Given(web_sys::File);

impl Given {
    pub fn name(&self) -> String {
        self.0.name()
    }

    pub fn bytes(&self) -> f64 {
        self.0.size()
    }

    /// What stands in it; `None` where the browser does not give it.
    pub async fn text(&self) -> Option<String> {
        JsFuture::from(self.0.text()).await.ok()?.as_string()
    }
}

/// The file that was chosen in the field that the event comes from, which is free for the next.
pub fn chosen(event: &Event) -> Option<Given> {
    let field = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
    let given = field.files()?.get(0).map(Given);
    field.set_value("");
    given
}

/// The first of the files that were dropped.
pub fn dropped(event: &DragEvent) -> Option<Given> {
    event.data_transfer()?.files()?.get(0).map(Given)
}
