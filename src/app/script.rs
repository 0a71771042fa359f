//! The script: the text itself, with what each line has done beside it, and what is wrong below.

use crate::playground::{Msg, Playground};
use crate::scenario::Diagnostic;
use crate::view;
use crate::view::words::page as words;
use crate::web::field;
use yew::prelude::*;

/// How many diagnostics are listed; the marks show the rest.
const LISTED: usize = 20;

/// The editor, its marks, and the diagnostics.
pub fn script(playground: &Playground, dispatch: &Callback<Msg>) -> Html {
    let (text, parsed) = (&playground.text, &playground.parsed);
    let marks = view::script::marks(text, parsed, &playground.show, playground.now);
    let oninput = dispatch.reform(|event: InputEvent| Msg::Edit(field::value(&event)));
    let onblur = dispatch.reform(|_: FocusEvent| Msg::EditEnd);
    let diagnostics = &parsed.diagnostics;
    html! {
        <div>
            <div class="script">
                <ol aria-hidden="true">{ for marks.iter().enumerate().map(|(row, mark)| html! {
                    <li key={row} data-state={mark.state.name()}>
                        <i>{ mark.state.sign() }</i><em>{ &mark.note }</em>
                    </li>
                }) }</ol>
                <textarea id="script" aria-label="Script" aria-describedby="diagnostics" spellcheck="false"
                    autocapitalize="off" autocomplete="off" wrap="off" rows={marks.len().to_string()}
                    value={text.clone()} {oninput} {onblur} />
            </div>
            <p class="hint">{ words::HINT }</p>
            <ul class="diagnostics" id="diagnostics">
                { for diagnostics.iter().take(LISTED).enumerate().map(|(nth, diagnostic)| html! {
                    <li key={nth} data-kind={diagnostic.severity.word()}>{ say(diagnostic) }</li>
                }) }
            </ul>
            <p class="hint" hidden={diagnostics.len() <= LISTED}>
                { format!("and {} more", diagnostics.len().saturating_sub(LISTED)) }
            </p>
        </div>
    }
}

fn say(diagnostic: &Diagnostic) -> Html {
    html! {
        <>
            <b>{ format!("Line {}: ", diagnostic.line) }</b>{ &diagnostic.message }
            <span>
                if let Some(suggestion) = &diagnostic.suggestion {
                    { " Try " }<code>{ suggestion }</code>{ "." }
                }
            </span>
        </>
    }
}
