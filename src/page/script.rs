//! The script: the text itself, with what each line has done beside it, and what is wrong below.

use crate::page::element::{El, On, el};
use crate::playground::{Msg, Playground};
use crate::scenario::Diagnostic;
use crate::view;
use crate::view::words::page as words;

/// How many diagnostics are listed; the marks show the rest.
const LISTED: usize = 20;

/// The editor, its marks, and the diagnostics.
pub fn script(playground: &Playground) -> El {
    let (text, parsed) = (&playground.text, &playground.parsed);
    let marks = view::script::marks(text, parsed, &playground.show, playground.now);
    let rows = marks.len().to_string();
    let margin = el("ol[aria-hidden=true]").each(marks, |mark| {
        el("li")
            .attr("data-state", mark.state.name())
            .add(el("i").text(mark.state.sign()))
            .add(el("em").text(mark.note))
    });
    let field = el("textarea#script[aria-label=Script][aria-describedby=diagnostics][spellcheck=false][autocapitalize=off][autocomplete=off][wrap=off]")
        .attr("rows", rows)
        .value(text.clone())
        .on_input(|text| Msg::Edit(text.to_string()))
        .on(On::Blur(Msg::EditEnd));
    let diagnostics = &parsed.diagnostics;
    let more = diagnostics.len().saturating_sub(LISTED);
    el("div")
        .add(el("div.script").add(margin).add(field))
        .add(el("p.hint").text(words::HINT))
        .add(el("ul.diagnostics#diagnostics").each(diagnostics.iter().take(LISTED), say))
        .add(
            el("p.hint")
                .is("hidden", more == 0)
                .text(format!("and {more} more")),
        )
}

fn say(diagnostic: &Diagnostic) -> El {
    let item = el("li")
        .attr("data-kind", diagnostic.severity.word())
        .add(el("b").text(format!("Line {}: ", diagnostic.line)))
        .text(&diagnostic.message);
    match &diagnostic.suggestion {
        Some(suggestion) => item
            .text(" Try ")
            .add(el("code").text(suggestion))
            .text("."),
        None => item,
    }
}
