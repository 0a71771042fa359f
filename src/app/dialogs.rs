//! What opens above the page: sharing, and help.

use crate::app::header::button;
use crate::playground::{Dialog, Form, Msg};
use crate::view::words::page as words;
use crate::web::{address, field};
use yew::prelude::*;

/// What the dialogs show.
pub struct Dialogs {
    pub dialog: Option<Dialog>,
    /// What the share dialog hands on: the whole address, the text, the Markdown.
    pub link: String,
    pub shared: String,
    pub text: String,
    pub copied: Option<(Form, Option<bool>)>,
}

/// One native dialog, which keeps the focus inside and closes with Escape.
pub fn dialogs(props: &Dialogs, dispatch: &Callback<Msg>) -> Html {
    let close = dispatch.reform(|_: MouseEvent| Msg::Dialog(None));
    let title = match props.dialog {
        Some(Dialog::Help) => "What this is",
        _ => "Share this run",
    };
    html! {
        <dialog class="dialog" id="dialog" aria-labelledby="dialog-title"
            onclose={dispatch.reform(|_| Msg::Dialog(None))}>
            <header><h2 id="dialog-title">{ title }</h2>{ button("close", "Close", false, close) }</header>
            <div>
                { match props.dialog {
                    Some(Dialog::Share) => share(props, dispatch),
                    Some(Dialog::Help) => help(),
                    None => html! { <p></p> },
                } }
            </div>
        </dialog>
    }
}

fn share(props: &Dialogs, dispatch: &Callback<Msg>) -> Html {
    let forms = [Form::Link, Form::Text, Form::Markdown, Form::Mail].map(|form| {
        let onclick = dispatch.reform(move |_: MouseEvent| Msg::Copy(form));
        let class = if form == Form::Link {
            "solid filled"
        } else {
            "solid"
        };
        html! { <button {class} {onclick}>{ words::form(form) }</button> }
    });
    let result = props.copied.map_or("", |(_, result)| words::copied(result));
    let warning = words::long_link(props.link.chars().count());
    let file = format!(
        "data:text/plain;charset=utf-8,{}",
        address::escape(&props.text)
    );
    let select = Callback::from(|event: FocusEvent| field::select(&event));
    html! {
        <>
            <p>{ "Whoever opens this link sees the very same run, to the microsecond." }</p>
            <textarea class="field" id="shared" readonly=true rows="4" aria-label="What is shared"
                value={props.shared.clone()} onfocus={select} />
            <div class="row">{ for forms }</div>
            <p role="status" id="copied">{ result }</p>
            <div>
                if let Some(warning) = warning {
                    <p class="warning">{ warning }</p>
                    <p><a href={file} download="scenario.lagoon">{ "Save the text as a file" }</a></p>
                }
            </div>
        </>
    }
}

fn help() -> Html {
    html! {
        <>
            { for words::HELP.iter().map(|line| html! { <p>{ *line }</p> }) }
            <dl>{ for words::KEYS.iter().map(|(key, what)| html! {
                <><dt><kbd>{ *key }</kbd></dt><dd>{ *what }</dd></>
            }) }</dl>
        </>
    }
}
