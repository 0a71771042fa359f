//! Guessing first: what is asked, the order of the points, and what the person is told.
//!
//! The points themselves stand on the timeline.

use crate::page::element::{El, el};
use crate::playground::{Guess, Msg, Step};
use crate::view::Show;
use crate::view::guess::Slider;
use crate::view::words::guess as words;

/// The panel above the diagram.
pub fn panel(show: &Show, guess: &Guess, sliders: &[Slider]) -> El {
    let button = |name, step| el("button.solid").send(Msg::Guess(step)).text(name);
    let ways = el("div.ways")
        .add(button(words::CHECK, Step::Check))
        .add(button(words::SHOW, Step::Show))
        .add(button(words::DONE, Step::Done));
    let told = guess.told.as_ref().map(|told| words::told(show, told));
    let mut list = el("ol").attr("aria-label", words::ORDER);
    let mut order: Vec<(u64, usize)> = sliders.iter().map(|s| s.at.0).zip(0..).collect();
    crate::order::sort(&mut order);
    for (_, nth) in order {
        let slider = &sliders[nth];
        let line = el("span").text(words::line(show, slider.op));
        list = list.add(el("li").add(line).add(el("b").text(slider.text())));
    }
    el("section.card guess[aria-labelledby=guess-title]")
        .add(el("h2#guess-title[tabindex=-1]").text(words::TITLE))
        .add(el("p").text(words::INTRO))
        .add(list)
        .add(ways)
        .add(el("p.told[role=status]").text(told.unwrap_or_default()))
}

/// A slider as an element of the picture; its drawing stands below its name.
pub fn slider(own: Slider, name: String) -> El {
    let key = move |key: &str| Some(Msg::Guess(Step::Place(own.op, own.key(key)?)));
    el("g.point[role=slider][tabindex=0]")
        .number(own.op.0 as usize)
        .attr("data-none", !own.effect)
        .attr("aria-label", name)
        .attr("aria-valuemin", own.from.0.to_string())
        .attr("aria-valuemax", own.to.0.to_string())
        .attr("aria-valuenow", own.at.0.to_string())
        .attr("aria-valuetext", own.text())
        .on_key(key)
}
