//! Marks drawn inside of pictures, around the origin of their place.

use yew::prelude::*;

/// A message as it is drawn on the stage and in the key: `request`, `response`, `replicate` or
/// `ack`, 24x18 around the origin, pointing right.
pub fn message_glyph(kind: &'static str) -> Html {
    let inside = match kind {
        "request" => html! { <path d="M-11-8H4L12 0 4 8H-11Z" /> },
        "response" => html! {
            <>
                <path d="M-11-8H4L12 0 4 8H-11Z" />
                <path class="mark" d="M-6 0H4" />
            </>
        },
        "replicate" => html! {
            <>
                <rect class="back" x="-4" y="-10" width="14" height="14" rx="3" />
                <rect x="-10" y="-5" width="14" height="14" rx="3" />
            </>
        },
        _ => html! {
            <>
                <circle r="9" />
                <path class="mark" d="M-3.600 .2-1 2.800 3.600-2.800" />
            </>
        },
    };
    html! { <g class="message" data-kind={kind}>{ inside }</g> }
}
