//! Line icons on a 24 grid, and other small pictures. They are decoration: the control that holds
//! one has the name.

use crate::page::element::{El, el};

/// A picture of paths, each with its class.
pub fn picture(
    class: &'static str,
    view_box: &'static str,
    paths: &[(&'static str, &'static str)],
) -> El {
    let mut svg = el("svg")
        .class(class)
        .attr("viewBox", view_box)
        .attr("aria-hidden", true);
    for (class, d) in paths {
        svg = svg.add(el("path").class(class).attr("d", *d));
    }
    svg
}

/// An icon by what it means.
pub fn icon(name: &str) -> El {
    let path = match name {
        "undo" => "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
        "redo" => "m15 14 5-5-5-5M20 9H10a6 6 0 0 0 0 12h3",
        "moon" => "M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5Z",
        "sun" => {
            "M8 12a4 4 0 1 0 8 0 4 4 0 1 0-8 0M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 \
             1.4M5.6 18.4 7 17M17 7l1.4-1.4"
        }
        "help" => {
            "M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0M9.5 9.2a2.6 2.6 0 1 1 3.6 2.6c-.8.4-1.1.8-1.1 \
             1.7M12 16.8v.2"
        }
        "link" => {
            "M10 14a5 5 0 0 0 7 0l3-3a5 5 0 0 0-7-7l-1 1M14 10a5 5 0 0 0-7 0l-3 3a5 5 0 0 0 7 7l1-1"
        }
        "down" => "m6 9 6 6 6-6",
        "close" => "m6 6 12 12M18 6 6 18",
        _ => "",
    };
    picture("ico", "0 0 24 24", &[("", path)])
}

/// A verdict's sign: its shape says the state without colour.
pub fn sign(state: &'static str) -> El {
    const RING: &str = "M1.5 11a9.5 9.5 0 1 0 19 0 9.5 9.5 0 1 0-19 0";
    const OCTAGON: &str = "M7 1.5H15L20.5 7V15L15 20.5H7L1.5 15V7Z";
    let (shape, mark) = match state {
        "broken" => (OCTAGON, "m8 8 6 6M14 8l-6 6"),
        "not-yet" => (RING, "M11 6.5v5l3 2"),
        "unknown" => (RING, "M9 9a2 2 0 1 1 2.6 2c-.5.3-.6.7-.6 1.2M11 15v.1"),
        _ => (RING, "m7 11.3 2.8 2.7 5.2-5.5"),
    };
    picture("sign", "0 0 22 22", &[("shape", shape), ("", mark)]).attr("data-state", state)
}
