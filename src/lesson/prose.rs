//! Prose made into HTML: figures come from the run, words of the field are marked.
//!
//! `{alice add 1 wait}` becomes what the run says; `*quorum*` becomes a word that the glossary
//! explains. A claim in ticks, `` `expect fresh holds` ``, is what a sentence rests on: it is
//! checked, and left out. Invariant: the HTML holds only tags made here and text that is
//! escaped.

use super::glossary::Glossary;
use super::judge;
use super::markdown::Slips;
use super::read::{Prose, Said};
use super::stage::Stage;
use super::{Html, MAP};
use crate::scenario::duration_of;
use crate::time::SimDuration;
use pulldown_cmark::{Event, Parser, Tag, TagEnd, TextMergeStream, html};
use std::collections::BTreeSet;

/// Every delay that the language has unless a text says otherwise: prose may name them.
const DEFAULTS: &str = "network: 10ms-30ms; write: 12ms; read: 2ms; lag: 300ms; pause: 100ms; \
    backoff: 100ms; resend: 1s";

/// Makes the prose of one file.
pub struct Weaver<'a> {
    pub slips: Slips<'a>,
    pub glossary: &'a Glossary,
    /// The entries that the course has explained up to here.
    pub known: BTreeSet<usize>,
    /// How many words a learner has read.
    pub words: usize,
}

/// Where a piece of prose stands.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    pub stage: Option<&'a Stage>,
    /// What else names lengths that may be typed.
    pub given: &'a str,
    /// Read by learners: counted, and every word of the field explained.
    pub learner: bool,
    /// Before a bet is placed: no figure may give it away.
    pub secret: bool,
}

impl Weaver<'_> {
    pub fn prose(&mut self, prose: &Prose, ground: Ground) -> Html {
        let html = prose.iter().map(|said| self.block(said, ground));
        html.collect::<String>().trim_end().to_string()
    }

    /// A single line: without a paragraph around it.
    pub fn line(&mut self, said: &Said, ground: Ground) -> Html {
        let html = self.block(said, ground);
        let inside = html.trim_end().strip_prefix("<p>");
        let inside = inside.and_then(|html| html.strip_suffix("</p>"));
        inside.map(str::to_string).unwrap_or(html)
    }

    fn block(&mut self, said: &Said, ground: Ground) -> Html {
        if said.source.trim() == "{map}" {
            return MAP.to_string();
        }
        let unbroken = Parser::new(&said.source).map(|event| match event {
            Event::SoftBreak => Event::Text(" ".into()),
            event => event,
        });
        let (mut events, mut term, mut plain) = (Vec::new(), None::<String>, String::new());
        let mut marked = BTreeSet::new();
        for event in TextMergeStream::new(unbroken) {
            match event {
                Event::Start(Tag::Emphasis) => term = Some(String::new()),
                Event::End(TagEnd::Emphasis) => {
                    let words = term.take().unwrap_or_default();
                    marked.extend(self.glossary.find(&words));
                    events.push(Event::InlineHtml(self.term(&words, said.line).into()));
                }
                Event::Text(text) => match &mut term {
                    Some(words) => words.push_str(&text),
                    None => {
                        let text = self.filled(&text, said.line, ground);
                        plain += &text;
                        events.push(Event::Text(text.into()));
                    }
                },
                Event::Code(check) if is_check(&check) => {
                    self.check(&check, said.line, ground);
                    if let Some(Event::Text(before)) = events.last_mut() {
                        *before = before.trim_end().to_string().into();
                    }
                }
                Event::Html(_) | Event::InlineHtml(_) => {}
                Event::Start(Tag::Image { .. }) => {
                    self.slips
                        .say(said.line, "There are no pictures: the stage is one.");
                }
                Event::Start(Tag::Link { ref dest_url, .. })
                    if !dest_url.starts_with("https://") =>
                {
                    let message = "A link leads to https://.";
                    self.slips.say(said.line, message);
                    events.push(event);
                }
                event => events.push(event),
            }
        }
        if ground.learner {
            self.words += plain.split_whitespace().count();
            self.known.extend(marked);
            self.unexplained(&plain, said.line);
        }
        let mut out = String::new();
        html::push_html(&mut out, events.into_iter());
        match out.trim_end() == "<p></p>" {
            true => String::new(),
            false => out,
        }
    }

    /// What a sentence rests on.
    fn check(&mut self, check: &str, line: u32, ground: Ground) {
        let so = match ground.stage {
            Some(stage) => judge::rests_on(check, stage),
            None => Err(format!("`{check}`: there is no scenario here to ask.")),
        };
        if let Err(message) = so {
            self.slips.say(line, message);
        }
    }

    /// A word of the field, marked.
    fn term(&mut self, words: &str, line: u32) -> String {
        let Some(place) = self.glossary.find(words) else {
            let message = format!("`{words}` is marked as a word of the field, and not explained.");
            let help = "a line in glossary.md, or ** for what is only stressed";
            self.slips.suggest(line, message, Some(help.to_string()));
            return escaped(words);
        };
        let name = escaped(self.glossary.0[place].name());
        ["<dfn data-term=\"", &name, "\">", &escaped(words), "</dfn>"].concat()
    }

    fn unexplained(&mut self, plain: &str, line: u32) {
        for place in self.glossary.used(plain) {
            if self.known.insert(place) {
                let name = self.glossary.0[place].name();
                let message = format!("`{name}` is used before the course explains it.");
                let suggestion = Some(format!("*{name}* here, or in an earlier lesson"));
                self.slips.suggest(line, message, suggestion);
            }
        }
    }

    /// The text with its figures in their places.
    fn filled(&mut self, text: &str, line: u32, ground: Ground) -> String {
        let (mut out, mut rest) = (String::new(), text);
        while let Some((before, behind)) = rest.split_once('{') {
            self.typed(before, line, ground);
            out += before;
            let Some((words, after)) = behind.split_once('}') else {
                self.slips.say(line, "A figure ends with }.");
                return out + behind;
            };
            out += &self.figure(words, line, ground);
            rest = after;
        }
        self.typed(rest, line, ground);
        out + rest
    }

    fn figure(&mut self, words: &str, line: u32, ground: Ground) -> String {
        if ground.secret {
            self.slips
                .say(line, "A figure before a bet gives the run away.");
        }
        let told = match ground.stage {
            Some(stage) => stage.figure(words).map(|figure| figure.to_string()),
            None => Err(format!("`{words}`: there is no scenario here to ask.")),
        };
        told.unwrap_or_else(|message| {
            self.slips.say(line, message);
            String::new()
        })
    }

    /// A length that is typed stands in the scenario, or is a default; all others are figures.
    fn typed(&mut self, text: &str, line: u32, ground: Ground) {
        let Some(stage) = ground.stage else {
            return;
        };
        let known: Vec<_> = lengths(&stage.text)
            .chain(lengths(ground.given))
            .chain(lengths(DEFAULTS))
            .collect();
        for length in lengths(text).filter(|length| !known.contains(length)) {
            let message = format!("{length} is typed, and does not stand in the scenario.");
            let suggestion = stage.asks_for(length);
            let help = "a figure of the run, as in {alice add 1 wait}".to_string();
            self.slips
                .suggest(line, message, Some(suggestion.unwrap_or(help)));
        }
    }
}

/// Whether what stands in ticks is a claim that is checked, and not a thing to be read.
pub fn is_check(code: &str) -> bool {
    code.contains("expect ")
}

/// Every length of time that a text names: `300ms`, `300 ms`, and both ends of `10ms-30ms`.
fn lengths(text: &str) -> impl Iterator<Item = SimDuration> {
    let apart = |c: char| !(c.is_alphanumeric() || c == '.');
    let words: Vec<&str> = text
        .split(apart)
        .map(|word| word.trim_matches('.'))
        .collect();
    let mut found: Vec<_> = words.iter().filter_map(|word| duration_of(word)).collect();
    let pairs = words
        .windows(2)
        .filter(|pair| matches!(pair[1], "us" | "ms" | "s"));
    found.extend(pairs.filter_map(|pair| duration_of(&pair.concat())));
    found.into_iter()
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    html::push_html(
        &mut out,
        std::iter::once(Event::Text(text.to_string().into())),
    );
    out
}

#[cfg(test)]
mod tests {
    use super::super::Slip;
    use super::*;
    use crate::scenario::{Scenario, parse};

    const TEXT: &str = "background; network: 25ms; s1-s2 network: 13ms; alice adds book; \
        200ms bob views";

    fn woven(source: &str, secret: bool) -> (Html, Vec<Slip>) {
        let mut slips = Slips {
            file: "a.md",
            all: Vec::new(),
        };
        let glossary = Glossary::read("- **copy**, copies: one more.", &mut slips);
        let mut weaver = Weaver {
            slips,
            glossary: &glossary,
            known: BTreeSet::new(),
            words: 0,
        };
        let stage = Stage::of(TEXT);
        let said = Said {
            line: 7,
            source: source.to_string(),
        };
        let ground = Ground {
            stage: Some(&stage),
            given: "",
            learner: true,
            secret,
        };
        let html = weaver.prose(&vec![said], ground);
        (html, weaver.slips.all)
    }

    #[test]
    fn figures_and_terms() {
        let check =
            |source, expect: &str| assert_eq!(woven(source, false), (expect.into(), vec![]));
        check("She waits {alice add 1\nwait}.", "<p>She waits 62 ms.</p>");
        check(
            "Two *copies*, one copy",
            "<p>Two <dfn data-term=\"copy\">copies</dfn>, one copy</p>",
        );
        check("**So** a & b", "<p><strong>So</strong> a &amp; b</p>");
        check("After 200 ms, or 300ms", "<p>After 200 ms, or 300ms</p>");
    }

    #[test]
    fn claims_are_checked_and_left_out() {
        let shown = |source, shown: &str| assert_eq!(woven(source, false), (shown.into(), vec![]));
        shown(
            "He sees none. `expect bob view 1 shows nothing` Why?",
            "<p>He sees none. Why?</p>",
        );
        shown("`here; expect bob view 1 shows nothing`", "");
        shown(
            "With `lag: 5ms` he would. `lag: 5ms; expect bob view 1 shows book`",
            "<p>With <code>lag: 5ms</code> he would.</p>",
        );
        let told = |source: &str| woven(source, false).1[0].to_string();
        assert_eq!(
            told("So he does. `expect bob view 1 shows book`"),
            "a.md:7: It is not so: `expect bob view 1 shows book` (seed 1)."
        );
        assert_eq!(
            told("So he does here. `here; expect bob view 1 shows book`"),
            "a.md:7: It is not so: `here; expect bob view 1 shows book` (seed 1)."
        );
        assert_eq!(
            told("`lag: 5ms; expect nothing`"),
            "a.md:7: `nothing` is no promise that Lagoon knows."
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let check = |source, secret, expect: &str| {
            let told: Vec<String> = woven(source, secret)
                .1
                .iter()
                .map(Slip::to_string)
                .collect();
            assert_eq!(told, [format!("a.md:7: {expect}")], "{source}");
        };
        check(
            "She waits 62 ms",
            false,
            "62ms is typed, and does not stand in the scenario. Try: {alice add 1 wait}",
        );
        check(
            "{alice add 1 wait}",
            true,
            "A figure before a bet gives the run away.",
        );
        check(
            "A copy",
            false,
            "`copy` is used before the course explains it. Try: *copy* here, or in an earlier lesson",
        );
        check("{alice", false, "A figure ends with }.");
        check("[a](b.html)", false, "A link leads to https://.");
        let (html, _) = woven("*<b>*", false);
        assert!(!html.contains("<b>"), "{html}");
    }

    #[test]
    fn the_defaults_are_the_language_s_own() {
        let parsed = parse(DEFAULTS);
        assert_eq!(parsed.diagnostics, []);
        assert_eq!(parsed.scenario, Scenario::default());
    }
}
