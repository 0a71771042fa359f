//! The switch: one question, three answers. A radio group, and the star of the page.

use crate::playground::Msg;
use crate::sim::ReplicationMode;
use crate::view::words::page as words;
use yew::prelude::*;

/// The three answers, with the one that is chosen filled.
pub fn switch(mode: ReplicationMode, side_by_side: bool, dispatch: &Callback<Msg>) -> Html {
    let chosen = if side_by_side {
        2
    } else {
        usize::from(mode == ReplicationMode::Background)
    };
    let messages = [
        Msg::Mode(ReplicationMode::Synchronous),
        Msg::Mode(ReplicationMode::Background),
        Msg::SideBySide,
    ];
    let segments = messages.into_iter().enumerate().map(|(nth, msg)| {
        let (name, meaning) = words::SWITCH[nth];
        let onchange = dispatch.reform(move |_: Event| msg.clone());
        let on = nth == chosen;
        html! {
            <label class="segment" data-on={on.to_string()} key={nth}>
                <input type="radio" name="switch" checked={on} {onchange}
                    aria-describedby={format!("switch-{nth}")} aria-label={name} />
                { picture(nth) }
                <span class="words">
                    <b>{ name }</b><span id={format!("switch-{nth}")}>{ meaning }</span>
                </span>
            </label>
        }
    });
    html! {
        <div>
            <div class="switch" role="radiogroup" aria-label={words::QUESTION}>{ for segments }</div>
            <p class="switch-caption" aria-hidden="true">{ words::SWITCH[chosen].1 }</p>
        </div>
    }
}

/// Dots that are done, arrows that are waited for or not.
fn picture(nth: usize) -> Html {
    let paths: &[(&str, &str)] = match nth {
        0 => &[
            (
                "n",
                "M3 17a5 5 0 1 0 10 0 5 5 0 1 0-10 0M36 17a5 5 0 1 0 10 0 5 5 0 1 0-10 0",
            ),
            (
                "",
                "M16 13h16m-4-3.500 4.500 3.500-4.500 3.500M33 21H17m4-3.500L16.500 21l4.500 3.500",
            ),
            ("tick", "m50.500 17.500 3 3 6-6.500"),
        ],
        1 => &[
            ("n", "M3 17a5 5 0 1 0 10 0 5 5 0 1 0-10 0"),
            ("tick", "m17 17.500 3 3 6-6.500"),
            ("dash", "M31 17h14"),
            ("", "m43 13.500 4.500 3.500-4.500 3.500"),
            (
                "soft dash",
                "M50.400 17a4.600 4.600 0 1 0 9.200 0 4.600 4.600 0 1 0-9.200 0",
            ),
        ],
        _ => &[
            (
                "n",
                "M7.400 8a3.600 3.600 0 1 0 7.200 0 3.600 3.600 0 1 0-7.200 0M35.400 8a3.600 3.600 0 1 0 7.200 0 3.600 3.600 0 1 0-7.200 0",
            ),
            (
                "",
                "M18 8h13m-3-2.700L31.500 8l-3.500 2.700m14.500-2.500 2.200 2.200 4.600-4.800",
            ),
            ("soft", "M4 17h54"),
            (
                "n",
                "M7.400 26a3.600 3.600 0 1 0 7.200 0 3.600 3.600 0 1 0-7.200 0",
            ),
            (
                "",
                "m18 26.200 2.200 2.200 4.600-4.800m11.700-.300 3.500 2.700-3.500 2.700",
            ),
            ("dash", "M29 26h9"),
            (
                "soft dash",
                "M43.600 26a3.400 3.400 0 1 0 6.800 0 3.400 3.400 0 1 0-6.800 0",
            ),
        ],
    };
    html! {
        <svg class="pic" viewBox="0 0 62 34" aria-hidden="true">
            { for paths.iter().map(|(class, d)| html! { <path class={*class} d={*d} /> }) }
        </svg>
    }
}
