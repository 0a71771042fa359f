//! The head of the page: the name, the gallery, undo and redo, theme, help, and Copy link.

use crate::page::element::{El, On, el};
use crate::page::icons::{icon, picture};
use crate::page::{Page, Room, folder};
use crate::playground::{Dialog, Form, Msg, Theme};
use crate::scenario::gallery::{self as texts, GALLERY};
use crate::view::words::{opened as file_words, page as words};

/// What the gallery offers: its title, what to look for, and what it asks for.
pub type Card = (String, &'static str, Msg);

/// The scenarios, and a way to a history of one's own.
pub fn cards() -> Vec<Card> {
    let scenario = |(nth, text): (usize, &&'static str)| {
        let open = Msg::OpenScenario(nth);
        (texts::title(text), texts::teaser(text), open)
    };
    let file = Msg::Dialog(Some(Dialog::History));
    let file = (file_words::OPEN.to_string(), file_words::TEASER, file);
    let all = GALLERY.iter().enumerate().map(scenario);
    all.chain([file]).collect()
}

/// The whole head.
pub fn header(page: &Page) -> El {
    let (playground, room) = (page.playground, page.room);
    let button = |name, label, msg: Msg| button(name, label).send(msg);
    let has_address = !page.address.is_empty();
    let copy_words = words::copy(has_address);
    let copy = el("button.solid#copy-link")
        .attr("aria-label", copy_words)
        .send(Msg::Copy(Form::Link))
        .add(icon("link"))
        .add(el("span.copy-word").text(copy_words));
    let course = el("a.lessons")
        .is("hidden", !has_address)
        .attr("href", format!("{}lessons/en/", folder(page.address)))
        .text("Lessons");
    let nav = el("nav[aria-label=Page]")
        .add(button("undo", "Undo", Msg::Undo).is("disabled", !playground.can_undo()))
        .add(button("redo", "Redo", Msg::Redo).is("disabled", !playground.can_redo()))
        .each(themes(room), |(dark, class)| {
            let (icon, name, msg) = theme(dark);
            button(icon, name, msg).attr("data-in", class)
        })
        .add(button("help", "Help", Msg::Dialog(Some(Dialog::Help))))
        .add(copy);
    el("header.top")
        .add(brand())
        .add(el("span.tag").text("a playground for replication lag"))
        .add(gallery(page.title(), page.cards))
        .add(course)
        .add(nav)
}

/// In which themes the button that leaves one is drawn, with what a style sheet knows each by:
/// where the theme is not known yet both are, and one is shown.
fn themes(room: Room) -> Vec<(bool, Option<&'static str>)> {
    match room {
        Room::Window { dark, .. } => vec![(dark, None)],
        Room::Printed => vec![(false, Some("light")), (true, Some("dark"))],
    }
}

fn theme(dark: bool) -> (&'static str, &'static str, Msg) {
    match dark {
        true => ("sun", "Light theme", Msg::Theme(Theme::Light)),
        false => ("moon", "Dark theme", Msg::Theme(Theme::Dark)),
    }
}

fn brand() -> El {
    let paths = [
        ("disc", "M0 14a14 14 0 1 0 28 0 14 14 0 1 0-28 0"),
        (
            "w1",
            "M5.5 11.5c2.1-2.6 4.2-2.6 6.2 0s4.1 2.6 6.1 0 3.2-2.5 4.7-1.2",
        ),
        ("w2", "M8.5 18c2.1-2.6 4.2-2.6 6.2 0s3.9 2.5 5.6.6"),
    ];
    el("h1.brand")
        .add(picture("", "0 0 28 28", &paths))
        .text("Lagoon")
}

/// A button that is an icon, with its name for those who do not see it.
pub fn button(name: &str, label: &'static str) -> El {
    el("button.icon-button")
        .attr("title", label)
        .attr("aria-label", label)
        .add(icon(name))
}

/// The scenarios to begin from, behind the title of the one that is open.
fn gallery(title: String, cards: &[Card]) -> El {
    let mut items = el("ul.popover[aria-label=Scenarios]");
    for (name, teaser, msg) in cards {
        let card = el("button")
            .send(msg.clone())
            .add(el("b").text(name))
            .add(el("span").text(*teaser));
        items = items.add(el("li").add(card));
    }
    let summary = el("summary").add(el("span").text(title)).add(icon("down"));
    el("details.chooser#gallery")
        .on(On::EscapeCloses)
        .add(summary)
        .add(items)
}
