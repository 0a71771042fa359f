//! The script: the text itself, with what each line has done beside it, and what is wrong below.

use crate::playground::Msg;
use crate::scenario::{Diagnostic, Parsed};
use crate::time::SimTime;
use crate::view::words::page as words;
use crate::view::{Shared, Show, script};
use crate::web::field;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties)]
pub struct ScriptProps {
    pub text: AttrValue,
    pub parsed: Rc<Parsed>,
    pub show: Shared<Show>,
    pub now: SimTime,
    pub dispatch: Callback<Msg>,
}

impl PartialEq for ScriptProps {
    fn eq(&self, other: &Self) -> bool {
        let same = Rc::ptr_eq(&self.parsed, &other.parsed) && self.show == other.show;
        same && self.now == other.now
    }
}

/// How many diagnostics are listed; the marks show the rest.
const LISTED: usize = 20;

#[component]
pub fn Script(props: &ScriptProps) -> Html {
    let marks = script::marks(&props.text, &props.parsed, &props.show, props.now);
    let oninput = props.dispatch.reform(|event: InputEvent| Msg::Edit(field::value(&event)));
    let onblur = props.dispatch.reform(|_: FocusEvent| Msg::EditEnd);
    let diagnostics = &props.parsed.diagnostics;
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
                    value={props.text.clone()} {oninput} {onblur} />
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
