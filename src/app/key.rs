//! The Key: every glyph, line and pattern of the pictures, in words.

use crate::app::glyphs::message_glyph;
use crate::app::timeline::diagram::{block, definitions};
use crate::view::spacetime::Block;
use crate::view::words::timeline::{self as words, KEY, KeyRow, Sample};
use yew::prelude::*;

/// What the ids of its patterns begin with.
const ID: &str = "key";

/// The button and what it opens; the browser opens and shuts it, and puts it above all else.
pub fn key_button() -> Html {
    html! {
        <div class="key">
            <button type="button" class="key-button" aria-label={words::KEY_TITLE} popovertarget="key-panel">
                <svg class="ico" viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M4 6.5h7l3 3-3 3H4ZM4 18h2M8.500 18h2M13 18h1M16 18a2.500 2.500 0 1 0 5 0" />
                    <path d="M16 18a2.500 2.500 0 1 1 5 0" />
                </svg>
                <span>{ words::KEY_TITLE }</span>
            </button>
            <div id="key-panel" class="key-panel card" popover="auto">
                <h2>{ words::KEY_TITLE }</h2>
                <dl>{ for KEY.iter().map(row) }</dl>
                <button type="button" class="solid" popovertarget="key-panel">
                    { words::KEY_CLOSE }
                </button>
            </div>
        </div>
    }
}

fn row(row: &KeyRow) -> Html {
    html! {
        <div>
            <dt>{ sample(row.sample) }<b>{ row.word }</b></dt>
            <dd>{ row.meaning }</dd>
        </div>
    }
}

/// A piece of the pictures, as they draw it. The patterns stand in the first one.
fn sample(sample: Sample) -> Html {
    let inside = match sample {
        Sample::Message(kind) => {
            let head = if kind == "ack" { "replicate" } else { kind };
            html! {
                <>
                    <path class="arrow" data-kind={kind} d="M36 11H84"
                        marker-end={format!("url(#{ID}-{head})")} />
                    <g transform="translate(16 11)">{ message_glyph(kind) }</g>
                </>
            }
        }
        Sample::Block(class, state) => {
            let (label, title) = (None, String::new());
            let (x, y, width, height) = (6.0, 3.0, 78.0, 16.0);
            block(
                class,
                ID,
                &Block {
                    x,
                    y,
                    width,
                    height,
                    state,
                    label,
                    title,
                },
            )
        }
        Sample::Job => html! { <g class="job"><path d="M6 3V11H84" /></g> },
    };
    html! {
        <svg class="sample" width="90" height="22" viewBox="0 0 90 22" aria-hidden="true">
            if sample == KEY[0].sample { { definitions(ID) } }
            { inside }
        </svg>
    }
}
