//! A picture of pixels, made of one of lines.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, HtmlImageElement};

/// Pixels for each of CSS, so that it stays sharp on paper and on a wall.
const SCALE: u32 = 2;

/// Saves the picture at this address as a PNG file. `None` where the browser does not allow it.
pub async fn save(address: String, name: &str) -> Option<()> {
    let image = HtmlImageElement::new().ok()?;
    image.set_src(&address);
    JsFuture::from(image.decode()).await.ok()?;
    let document = web_sys::window()?.document()?;
    let make = |kind: &str| document.create_element(kind).ok();
    let canvas: HtmlCanvasElement = make("canvas")?.dyn_into().ok()?;
    let (width, height) = (image.width() * SCALE, image.height() * SCALE);
    canvas.set_width(width);
    canvas.set_height(height);
    let pen: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let (width, height) = (f64::from(width), f64::from(height));
    pen.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)
        .ok()?;
    let link: HtmlAnchorElement = make("a")?.dyn_into().ok()?;
    link.set_href(&canvas.to_data_url().ok()?);
    link.set_download(name);
    link.click();
    Some(())
}
