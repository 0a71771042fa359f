//! The browser's entry: the app in the place of the static shell.

fn main() {
    if let Some(root) = lagoon::web::page::element("app") {
        yew::Renderer::<lagoon::app::App>::with_root(root.into()).render();
    }
}
