//! The head of the page: the name, the gallery, undo and redo, theme, help, and Copy link.

use crate::app::icons::icon;
use crate::playground::{Dialog, Form, Msg, Playground, Theme};
use crate::web;
use yew::prelude::*;

/// A scenario of the gallery: its title, and what to look for.
pub type Card = (String, &'static str);

/// The whole head.
pub fn header(
    cards: &[Card],
    title: String,
    playground: &Playground,
    dark: bool,
    dispatch: &Callback<Msg>,
) -> Html {
    let send = |msg: Msg| dispatch.reform(move |_: MouseEvent| msg.clone());
    let theme = if dark { Theme::Light } else { Theme::Dark };
    let (theme_icon, theme_name) = if dark {
        ("sun", "Light theme")
    } else {
        ("moon", "Dark theme")
    };
    html! {
        <header class="top">
            { brand() }
            <span class="tag">{ "a playground for replication lag" }</span>
            { gallery(title, cards, dispatch) }
            <nav aria-label="Page">
                { button("undo", "Undo", !playground.can_undo(), send(Msg::Undo)) }
                { button("redo", "Redo", !playground.can_redo(), send(Msg::Redo)) }
                { button(theme_icon, theme_name, false, send(Msg::Theme(theme))) }
                { button("help", "Help", false, send(Msg::Dialog(Some(Dialog::Help)))) }
                <button class="solid" id="copy-link" onclick={send(Msg::Copy(Form::Link))} aria-label="Copy link">
                    { icon("link") }<span class="copy-word">{ "Copy link" }</span>
                </button>
            </nav>
        </header>
    }
}

fn brand() -> Html {
    html! {
        <h1 class="brand">
            <svg viewBox="0 0 28 28" aria-hidden="true">
                <circle class="disc" cx="14" cy="14" r="14" />
                <g fill="none" stroke-width="2.6" stroke-linecap="round">
                    <path class="w1" d="M5.5 11.5c2.1-2.6 4.2-2.6 6.2 0s4.1 2.6 6.1 0 3.2-2.5 4.7-1.2" />
                    <path class="w2" d="M8.5 18c2.1-2.6 4.2-2.6 6.2 0s3.9 2.5 5.6.6" />
                </g>
            </svg>
            { "Lagoon" }
        </h1>
    }
}

/// A button that is an icon, with its name for those who do not see it.
pub fn button(
    name: &str,
    label: &'static str,
    disabled: bool,
    onclick: Callback<MouseEvent>,
) -> Html {
    html! {
        <button class="icon-button" title={label} aria-label={label} {disabled} {onclick}>{ icon(name) }</button>
    }
}

/// The scenarios to begin from, behind the title of the one that is open.
fn gallery(title: String, cards: &[Card], dispatch: &Callback<Msg>) -> Html {
    let items = cards.iter().enumerate().map(|(nth, (name, teaser))| {
        let onclick = dispatch.reform(move |_: MouseEvent| {
            close_gallery();
            Msg::OpenScenario(nth)
        });
        html! {
            <li key={nth}>
                <button {onclick}><b>{ name.clone() }</b><span>{ *teaser }</span></button>
            </li>
        }
    });
    let escape = Callback::from(|event: KeyboardEvent| {
        if event.key() == "Escape" {
            close_gallery();
        }
    });
    html! {
        <details class="chooser" id="gallery" onkeydown={escape}>
            <summary><span>{ title }</span>{ icon("down") }</summary>
            <ul class="popover" aria-label="Scenarios">{ for items }</ul>
        </details>
    }
}

fn close_gallery() {
    if let Some(details) = web::page::element("gallery") {
        let _ = details.remove_attribute("open");
    }
}
