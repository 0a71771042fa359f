//! Marks drawn inside of pictures, around the origin. They are decoration: words stand beside.

use crate::view::svg::Svg;

/// A message as it is drawn on the stage and in the Key: `request`, `response`, `replicate` or
/// `ack`, 24x18 around the origin, pointing right. The group that it stands in is its caller's.
pub fn message(svg: &mut Svg, kind: &'static str) {
    let (body, mark) = match kind {
        "request" => ("M-11-8H4L12 0 4 8H-11Z", ""),
        "response" => ("M-11-8H4L12 0 4 8H-11Z", "M-6 0H4"),
        "replicate" => (
            "M-7-5h8a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3h-8a3 3 0 0 1-3-3v-8a3 3 0 0 1 3-3Z",
            "M-4-7.200v0a3 3 0 0 1 3-2.800h8a3 3 0 0 1 3 3v8a3 3 0 0 1-2.800 3",
        ),
        _ => (
            "M-9 0a9 9 0 1 0 18 0 9 9 0 1 0-18 0Z",
            "M-3.600 .2-1 2.800 3.600-2.800",
        ),
    };
    svg.path("body", body);
    if !mark.is_empty() {
        svg.path("mark", mark);
    }
}

/// A small mark by what it means, around the origin.
pub fn mark(svg: &mut Svg, name: &str) {
    let (class, path) = match name {
        "tick" => ("mini", "M-3.600 .2-1 2.800 3.600-2.800"),
        "bars" => ("mini", "M-4-2.500H4M-4 2.500H1"),
        "clock" => (
            "mini",
            "M-4.800 0a4.800 4.800 0 1 0 9.600 0a4.800 4.800 0 1 0-9.600 0M0-2.400V.3L1.800 1.400",
        ),
        "pen" => (
            "role",
            "M-5.500 5.500l.8-3.400L3.300-6a1.700 1.700 0 0 1 2.500 2.500L-2.200 4.700ZM1.700-4.300l2.400 2.400",
        ),
        "eye" => (
            "role",
            "M-7.500 0C-5.300-3.500-2.700-5 0-5S5.300-3.500 7.500 0C5.300 3.500 2.700 5 0 5S-5.300 3.500-7.500 0Z\
             M-2.200 0a2.200 2.200 0 1 0 4.400 0 2.200 2.200 0 1 0-4.400 0",
        ),
        "item" => (
            "item",
            "M-6-6.500h9.500a1.500 1.500 0 0 1 1.500 1.500v11.500H-4.200A1.800 1.800 0 0 1-6 4.700Z",
        ),
        "sheets" => ("sheets", "M-6-2.500h7v8h-7ZM-2.500-3.500v-2.500h8v8H2.500"),
        "less" => ("mini", "M-4 0H4"),
        "more" => ("mini", "M-4 0H4M0-4V4"),
        "remove" => ("mini", "m-3.200-3.200 6.400 6.400M3.200-3.200l-6.400 6.400"),
        "down" => ("mini", "m-3.500-1.800 3.500 3.500 3.500-3.500"),
        _ => ("mini", ""),
    };
    svg.path(class, path);
}
