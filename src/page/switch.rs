//! The switch: one question, three answers. A radio group, and the star of the page.

use crate::page::element::{El, el};
use crate::page::icons;
use crate::playground::Msg;
use crate::sim::ReplicationMode;
use crate::view::words::page as words;

/// The three answers, with the one that is chosen filled.
pub fn switch(mode: ReplicationMode, side_by_side: bool) -> El {
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
    let mut group = el("div.switch[role=radiogroup]").attr("aria-label", words::QUESTION);
    for (nth, msg) in messages.into_iter().enumerate() {
        let (name, meaning) = words::SWITCH[nth];
        let id = format!("switch-{nth}");
        let radio = el("input[type=radio][name=switch]")
            .checked(nth == chosen)
            .on_change(move |_| msg.clone())
            .attr("aria-describedby", &id)
            .attr("aria-label", name);
        let words = el("span.words")
            .add(el("b").text(name))
            .add(el("span").attr("id", id).text(meaning));
        let segment = el("label.segment").attr("data-on", nth == chosen);
        group = group.add(segment.add(radio).add(picture(nth)).add(words));
    }
    let caption = el("p.switch-caption[aria-hidden=true]").text(words::SWITCH[chosen].1);
    el("div").add(group).add(caption)
}

/// Dots that are done, arrows that are waited for or not.
fn picture(nth: usize) -> El {
    let paths: &[(&str, &str)] = match nth {
        0 => &[
            (
                "n",
                "M3 17a5 5 0 1 0 10 0 5 5 0 1 0-10 0M36 17a5 5 0 1 0 10 0 5 5 0 1 0-10 0",
            ),
            (
                "",
                "M16 13h16m-4-3.5 4.5 3.5-4.5 3.5M33 21H17m4-3.5L16.5 21l4.5 3.5",
            ),
            ("tick", "m50.5 17.5 3 3 6-6.5"),
        ],
        1 => &[
            ("n", "M3 17a5 5 0 1 0 10 0 5 5 0 1 0-10 0"),
            ("tick", "m17 17.5 3 3 6-6.5"),
            ("dash", "M31 17h14"),
            ("", "m43 13.5 4.5 3.5-4.5 3.5"),
            (
                "soft dash",
                "M50.4 17a4.6 4.6 0 1 0 9.2 0 4.6 4.6 0 1 0-9.2 0",
            ),
        ],
        _ => &[
            (
                "n",
                "M7.4 8a3.6 3.6 0 1 0 7.2 0 3.6 3.6 0 1 0-7.2 0M35.4 8a3.6 3.6 0 1 0 7.2 0 3.6 3.6 \
                 0 1 0-7.2 0M7.4 26a3.6 3.6 0 1 0 7.2 0 3.6 3.6 0 1 0-7.2 0",
            ),
            (
                "",
                "M18 8h13m-3-2.7L31.5 8l-3.5 2.7m14.5-2.5 2.2 2.2 4.6-4.8M18 26.2l2.2 2.2 \
                 4.6-4.8m11.7-.3 3.5 2.7-3.5 2.7",
            ),
            ("soft", "M4 17h54"),
            ("dash", "M29 26h9"),
            (
                "soft dash",
                "M43.6 26a3.4 3.4 0 1 0 6.8 0 3.4 3.4 0 1 0-6.8 0",
            ),
        ],
    };
    icons::picture("pic", "0 0 62 34", paths)
}
