//! The Key: every glyph, line and pattern of the pictures, in words.

use crate::page::element::{El, el};
use crate::page::icons;
use crate::view::glyphs;
use crate::view::spacetime::Block;
use crate::view::spacetime::diagram::{block, definitions};
use crate::view::svg::Svg;
use crate::view::words::timeline::{self as words, KEY, KeyRow, Sample};

/// What the ids of its patterns begin with.
const ID: &str = "key";

/// The button and what it opens; the browser opens and shuts it, and puts it above all else.
/// On a printed page it opens nothing yet.
pub fn key_button(printed: bool) -> El {
    const LINES: &str = "M4 6.5h7l3 3-3 3H4ZM4 18h2M8.500 18h2M13 18h1M16 18a2.500 2.500 0 1 0 5 \
                         0M16 18a2.500 2.500 0 1 1 5 0";
    let button = el("button.key-button[type=button][popovertarget=key-panel]")
        .attr("aria-label", words::KEY_TITLE)
        .add(icons::picture("ico", "0 0 24 24", &[("", LINES)]))
        .add(el("span").text(words::KEY_TITLE));
    let close = el("button.solid[type=button][popovertarget=key-panel]").text(words::KEY_CLOSE);
    let panel = el("div.key-panel card#key-panel[popover=auto]")
        .add(el("h2").text(words::KEY_TITLE))
        .add(el("dl").each(&KEY, row))
        .add(close);
    let key = el("div.key").add(button);
    if printed { key } else { key.add(panel) }
}

fn row(row: &KeyRow) -> El {
    el("div")
        .add(el("dt").add(sample(row.sample)).add(el("b").text(row.word)))
        .add(el("dd").text(row.meaning))
}

/// A piece of the pictures, as they draw it. The patterns stand in the first one.
fn sample(sample: Sample) -> El {
    let mut svg = Svg::new();
    if sample == KEY[0].sample {
        definitions(&mut svg, ID);
    }
    match sample {
        Sample::Message(kind) => {
            let head = if kind == "ack" { "replicate" } else { kind };
            svg.raw("<path class=\"arrow\" d=\"M36 11H84\"");
            svg.attr("data-kind", kind);
            svg.attr("marker-end", &["url(#", ID, "-", head, ")"].concat());
            svg.raw("/><g transform=\"translate(16 11)\" class=\"message\"");
            svg.attr("data-kind", kind);
            svg.raw(">");
            glyphs::message(&mut svg, kind);
            svg.end();
        }
        Sample::Block(class, state) => {
            let (label, title) = (None, String::new());
            let (x, y, width, height) = (6.0, 3.0, 78.0, 16.0);
            block(
                &mut svg,
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
            );
        }
        Sample::Job => svg.raw("<g class=\"job\"><path d=\"M6 3V11H84\"/></g>"),
    }
    el("svg.sample[width=90][height=22][viewBox=0 0 90 22][aria-hidden=true]").add(svg)
}
