//! The head of the page: the name, the gallery, undo and redo, theme, help, and Copy link.

use crate::app::el::{El, el};
use crate::app::icons::{icon, picture};
use crate::playground::{Dialog, Form, Msg, Playground, Theme};
use crate::web;
use yew::prelude::*;

/// What the gallery offers: its title, what to look for, and what it asks for.
pub type Card = (String, &'static str, Msg);

/// The whole head.
pub fn header(
    cards: &[Card],
    title: String,
    playground: &Playground,
    dark: bool,
    dispatch: &Callback<Msg>,
) -> El {
    let (theme, theme_icon, theme_name) = if dark {
        (Theme::Light, "sun", "Light theme")
    } else {
        (Theme::Dark, "moon", "Dark theme")
    };
    let button = |name, label, msg: Msg| button(name, label).send(dispatch, msg);
    let copy = el("button.solid#copy-link[aria-label=Copy link]")
        .send(dispatch, Msg::Copy(Form::Link))
        .add(icon("link"))
        .add(el("span.copy-word").text("Copy link"));
    let nav = el("nav[aria-label=Page]")
        .add(button("undo", "Undo", Msg::Undo).is("disabled", !playground.can_undo()))
        .add(button("redo", "Redo", Msg::Redo).is("disabled", !playground.can_redo()))
        .add(button(theme_icon, theme_name, Msg::Theme(theme)))
        .add(button("help", "Help", Msg::Dialog(Some(Dialog::Help))))
        .add(copy);
    el("header.top")
        .add(brand())
        .add(el("span.tag").text("a playground for replication lag"))
        .add(gallery(title, cards, dispatch))
        .add(el("a.lessons[href=lessons/en/]").text("Lessons"))
        .add(nav)
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
fn gallery(title: String, cards: &[Card], dispatch: &Callback<Msg>) -> El {
    let mut items = el("ul.popover[aria-label=Scenarios]");
    for (name, teaser, msg) in cards {
        let msg = msg.clone();
        let open = dispatch.reform(move |_: MouseEvent| {
            close_gallery();
            msg.clone()
        });
        let card = el("button")
            .on_click(open)
            .add(el("b").text(name))
            .add(el("span").text(*teaser));
        items = items.add(el("li").add(card));
    }
    let escape = Callback::from(|event: KeyboardEvent| {
        if event.key() == "Escape" {
            close_gallery();
        }
    });
    let summary = el("summary").add(el("span").text(title)).add(icon("down"));
    el("details.chooser#gallery")
        .on_key(escape)
        .add(summary)
        .add(items)
}

fn close_gallery() {
    if let Some(details) = web::page::element("gallery") {
        let _ = details.remove_attribute("open");
    }
}
