//! What can be broken and mended, as buttons: all of it, or what was pressed on the stage.

use crate::page::element::{El, el};
use crate::playground::{Breaking, Msg};
use crate::sim::Fault;
use crate::view::scene::moment::Moment;
use crate::view::trouble::{self, Group};
use crate::view::words::trouble as words;

/// The button that shows the choices, and hides them.
pub fn opener(breaking: Option<Breaking>) -> El {
    let next = match breaking {
        Some(_) => None,
        None => Some(Breaking::All),
    };
    el("button.link breaker#breaker")
        .attr("aria-expanded", breaking.is_some())
        .send(Msg::Break(next))
        .text(words::BREAK)
}

/// The choices, each a line of the text to come.
pub fn panel(moment: &Moment, breaking: Breaking) -> El {
    let only = match breaking {
        Breaking::All => None,
        Breaking::One(target) => Some(target),
    };
    let mend = el("button.act")
        .send(Msg::Trouble(Fault::HealAll))
        .text(words::MEND_ALL);
    let mut all = el("div.trouble-all");
    if only.is_some() {
        let rest = Msg::Break(Some(Breaking::All));
        all = all.add(el("button.link").send(rest).text(words::ALL));
    }
    el("section.trouble#trouble[tabindex=-1]")
        .attr("aria-label", words::BREAK_WHAT)
        .each(trouble::groups(moment, only), row)
        .add(all.add(mend))
}

fn row(group: Group) -> El {
    let title = el("b").text(&group.name);
    let name = group.name;
    el("div.trouble-row[role=group]")
        .attr("aria-label", &name)
        .add(title)
        .each(group.choices, |choice| {
            el("button.act")
                .send(Msg::Trouble(choice.fault))
                .text(choice.label)
        })
}
