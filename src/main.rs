//! The browser's entry: the app in the place of the printed first view.

use lagoon::app::{App, embed};
use lagoon::web;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {
    // Yew would put a hook of its own in the place of the standard one.
    yew::set_custom_panic_hook(Box::new(web::panic::tell));
    wasm_bindgen_futures::spawn_local(async {
        embed::before().await;
        if let Some(root) = web::page::element("app") {
            web::page::announce("lagoon-comes");
            yew::Renderer::<App>::with_root(root.into()).render();
        }
    });
}
