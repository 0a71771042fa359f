//! The Key: every glyph, line and pattern of the pictures, in words.

use crate::app::glyphs::message_glyph;
use crate::view::words::timeline::{self as words, KEY, KeyRow, Sample};
use yew::prelude::*;

/// The button and what it opens; the browser opens and shuts it, and puts it above all else.
#[component]
pub fn KeyButton() -> Html {
    html! {
        <div class="key">
            <button type="button" class="key-button" popovertarget="key-panel">
                <svg class="ico" viewBox="0 0 24 24" aria-hidden="true">
                    <path d="M4 6.5h7l3 3-3 3H4ZM4 18h2M8.5 18h2M13 18h1M16 18a2.500 2.500 0 1 0 5 0 2.500 2.500 0 1 0-5 0" />
                </svg>
                <span>{ words::KEY_TITLE }</span>
            </button>
            <div id="key-panel" class="key-panel card" popover="auto">
                <h2>{ words::KEY_TITLE }</h2>
                <dl>{ for KEY.iter().map(row) }</dl>
                <button type="button" class="solid" popovertarget="key-panel">{ words::KEY_CLOSE }</button>
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

/// The patterns are those of the timeline beside the button.
fn sample(sample: Sample) -> Html {
    let inside = match sample {
        Sample::Message(kind) => html! {
            <>
                <path class="arrow" data-kind={kind} d="M36 11H84" />
                <g transform="translate(16 11)">{ message_glyph(kind) }</g>
            </>
        },
        Sample::Block(class, state) => html! {
            <g {class} data-state={state}><rect x="6" y="3" width="78" height="16" rx="4" /></g>
        },
        Sample::Job => html! { <g class="job"><path d="M6 3V11H84" /></g> },
    };
    html! { <svg class="sample" width="90" height="22" viewBox="0 0 90 22" aria-hidden="true">{ inside }</svg> }
}
