//! The browser's entry: the app in the place of the static shell.

use lagoon::app::{App, later, later_is_wanted};

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {
    wasm_bindgen_futures::spawn_local(async {
        if later_is_wanted() {
            later::fetch().await;
        }
        if let Some(root) = lagoon::web::page::element("app") {
            yew::Renderer::<App>::with_root(root.into()).render();
        }
    });
}
