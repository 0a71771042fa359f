//! The marks of a scene as text: what only is seen, on the page and in files.
//!
//! Invariant: the same mark gives the same text; the hatch that it is filled with has its id from
//! whoever draws.

use super::{Mark, Place, Words};
use crate::view::glyphs;
use crate::view::svg::Svg;

/// The pattern of what is out of date.
pub fn hatch(id: &str) -> Svg {
    let mut svg = Svg::new();
    svg.raw(
        "<defs><pattern width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"",
    );
    svg.attr("id", &[id, "-hatch"].concat());
    svg.raw(
        "><rect width=\"7\" height=\"7\" class=\"hatch-ground\"/>\
         <line y2=\"7\" class=\"hatch-line\"/></pattern></defs>",
    );
    svg
}

/// One thing that is painted.
pub fn mark(svg: &mut Svg, id: &str, mark: &Mark) {
    match mark {
        Mark::Text { x, y, class, words } => text(svg, (*x, *y), class, words),
        Mark::Rect {
            place,
            radius,
            class,
            hatch,
        } => {
            let fill = if *hatch { id } else { "" };
            rect(svg, *place, *radius, class, fill);
        }
        Mark::Path { d, class } => svg.path(class, d),
        Mark::Icon { x, y, icon } => {
            svg.at(*x as f32, *y as f32);
            glyphs::mark(svg, icon);
            svg.end();
        }
    }
}

/// One shopper's buttons, and an open menu right behind them.
/// A rectangle, perhaps filled with the hatch of this picture.
pub fn rect(svg: &mut Svg, place: Place, radius: i32, class: &'static str, hatch: &str) {
    let Place { x, y, w, h } = place;
    let fill = match hatch {
        "" => String::new(),
        id => [id, "-hatch"].concat(),
    };
    let place = [x, y, w, h].map(|length| length as f32);
    svg.rect(class, place, radius as f32, &fill);
}

/// A text; the number that counts in it is put there as everything is moved to its moment.
pub fn text(svg: &mut Svg, (x, y): (i32, i32), class: &'static str, words: &Words) {
    svg.words_at(class, x as f32, y as f32);
    svg.text(&words.before);
    if let Some(count) = words.count {
        svg.raw("<tspan");
        svg.attr("data-glide", count.glide);
        svg.raw(" data-t=\"");
        svg.whole(count.moment.0);
        svg.raw("\">0</tspan>");
    }
    svg.text(&words.after);
    svg.raw("</text>");
}
