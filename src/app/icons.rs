//! Line icons on a 24 grid. They are decoration: the button that holds one has the name.

use yew::prelude::*;

/// An icon by what it means; paths filled by class are marked with a leading `!`.
pub fn icon(name: &str) -> Html {
    let paths: &[&str] = match name {
        "undo" => &["M9 14 4 9l5-5", "M4 9h10a6 6 0 0 1 0 12h-3"],
        "redo" => &["m15 14 5-5-5-5", "M20 9H10a6 6 0 0 0 0 12h3"],
        "moon" => &["M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5Z"],
        "sun" => &[
            "M8 12a4 4 0 1 0 8 0 4 4 0 1 0-8 0",
            "M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.400 1.400M5.600 18.400 7 17M17 7l1.400-1.400",
        ],
        "help" => &[
            "M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0",
            "M9.5 9.2a2.6 2.6 0 1 1 3.6 2.6c-.8.4-1.1.8-1.1 1.7M12 16.8v.2",
        ],
        "link" => &[
            "M10 14a5 5 0 0 0 7 0l3-3a5 5 0 0 0-7-7l-1 1",
            "M14 10a5 5 0 0 0-7 0l-3 3a5 5 0 0 0 7 7l1-1",
        ],
        "down" => &["m6 9 6 6 6-6"],
        "close" => &["m6 6 12 12M18 6 6 18"],
        _ => &[],
    };
    html! {
        <svg class="ico" viewBox="0 0 24 24" aria-hidden="true">
            { for paths.iter().map(|path| html! { <path d={*path} /> }) }
        </svg>
    }
}

/// A verdict's sign: its shape says the state without colour.
pub fn sign(state: &'static str) -> Html {
    let (ring, mark) = match state {
        "broken" => (false, "m8 8 6 6M14 8l-6 6"),
        "not-yet" => (true, "M11 6.500v5l3 2"),
        "unknown" => (
            true,
            "M9 9a2 2 0 1 1 2.600 2c-.5.300-.6.700-.6 1.200M11 15v.1",
        ),
        _ => (true, "m7 11.300 2.800 2.700 5.200-5.500"),
    };
    html! {
        <svg class="sign" viewBox="0 0 22 22" data-state={state} aria-hidden="true">
            if ring { <circle cx="11" cy="11" r="9.5" /> } else {
                <polygon points="7,1.500 15,1.500 20.500,7 20.500,15 15,20.500 7,20.500 1.500,15 1.500,7" />
            }
            <path d={mark} />
        </svg>
    }
}
