//! The browser's entry: the panic screen first, then the app in the place of the static shell.

fn main() {
    yew::set_custom_panic_hook(lagoon::web::panic::hook());
    if let Some(root) = lagoon::web::page::element("app") {
        yew::Renderer::<lagoon::app::App>::with_root(root.into()).render();
    }
}
