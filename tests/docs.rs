//! The docs are tests: every example in them is parsed and run, every message quoted is the one
//! that is given, and every default and limit is the code's own.
//!
//! A fence marked `lagoon` is read without a problem and its claims are met; after one marked
//! `lagoon-error` stands its diagnostic, as a quotation.

use lagoon::chance::Delay;
use lagoon::check::Property;
use lagoon::run::run;
use lagoon::scenario::{LIMITS, Scenario, Severity, parse, words};
use lagoon::time::SimDuration;
use std::collections::BTreeSet;
use std::path::Path;

struct Example {
    place: String,
    text: String,
    /// The first diagnostic, if one is quoted.
    diagnostic: Option<String>,
}

fn doc(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect(name)
}

fn examples(name: &str) -> Vec<Example> {
    let (doc, mut found) = (doc(name), Vec::new());
    let mut lines = doc.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let Some(kind) = line.strip_prefix("```lagoon") else {
            continue;
        };
        let text = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| *line != "```");
        let text = text.collect::<Vec<_>>().join("\n");
        let diagnostic = (kind == "-error").then(|| {
            let (_, quoted) = lines.next().expect("a quotation");
            quoted.strip_prefix("> ").expect("a quotation").to_string()
        });
        found.push(Example {
            place: format!("{name}:{}", number + 1),
            text,
            diagnostic,
        });
    }
    found
}

#[test]
fn every_example_says_what_the_docs_say() {
    let mut count = 0;
    for name in [
        "docs/scenario-language.md",
        "docs/measures.md",
        "docs/verdicts.md",
    ] {
        for example in examples(name) {
            count += 1;
            let parsed = parse(&example.text);
            let place = &example.place;
            if let Some(quoted) = example.diagnostic {
                let first = parsed.diagnostics.first().expect("a diagnostic");
                let hint = first
                    .suggestion
                    .as_ref()
                    .map(|hint| format!(" Try: {hint}"));
                let hint = hint.unwrap_or_default();
                let said = format!(
                    "line {}, column {}: {}{hint}",
                    first.line, first.column, first.message
                );
                assert_eq!(said, quoted, "{place}");
                continue;
            }
            let problem = parsed
                .diagnostics
                .iter()
                .find(|d| d.severity == Severity::Problem);
            assert_eq!(problem, None, "{place}");
            let run = run(&parsed.scenario);
            for claim in &parsed.scenario.expectations {
                assert_eq!(
                    run.judge(claim, run.end()).1,
                    Some(true),
                    "{place}: {claim:?}"
                );
            }
        }
    }
    assert!(count >= 15, "the fences are found");
}

#[test]
fn every_default_is_the_code_s_own() {
    let doc = doc("docs/scenario-language.md");
    for key in words::KEYS {
        let start = format!("| `{key}:");
        let rows: Vec<&str> = doc.lines().filter(|row| row.starts_with(&start)).collect();
        assert_eq!(rows.len(), 1, "{key}");
        let setting = rows[0][3..].split('`').next().expect("a setting");
        if !setting.ends_with(':') {
            let parsed = parse(setting);
            assert_eq!(parsed.diagnostics, [], "{setting}");
            assert_eq!(parsed.scenario, Scenario::default(), "{setting}");
        }
    }
    let mode = Scenario::default().config.mode;
    assert!(doc.contains(&format!("| `{}` |", mode.word())));
}

#[test]
fn every_word_and_limit_is_documented() {
    let doc = doc("docs/scenario-language.md");
    // As code, in a row of a table.
    let rows = doc.lines().filter(|line| line.starts_with('|'));
    let code = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    let known: BTreeSet<&str> = code.flat_map(|code| code.split([' ', ':'])).collect();
    let shown = |word: &str| assert!(known.contains(word), "no row of a table shows {word}");
    words::VERBS.iter().for_each(|verb| shown(verb));
    let verbs = [
        words::SERVICE_VERBS,
        words::DATABASE_VERBS,
        words::LINK_VERBS,
    ];
    for word in verbs.iter().flat_map(|list| *list) {
        shown(word);
    }
    for word in [words::HANDS, words::PARCELS].iter().flat_map(|list| *list) {
        shown(word);
    }
    let verdicts = self::doc("docs/verdicts.md");
    for property in Property::ALL {
        assert!(doc.contains(property.name()), "{}", property.name());
        let row = format!("| `{}` |", property.name());
        assert!(verdicts.contains(&row), "{row}");
    }
    let thousands = |number: u64| match number {
        1_000_000.. => format!(
            "{},{:03},{:03}",
            number / 1_000_000,
            number / 1000 % 1000,
            number % 1000
        ),
        1000.. => format!("{},{:03}", number / 1000, number % 1000),
        _ => number.to_string(),
    };
    let text = doc.split_whitespace().collect::<Vec<_>>().join(" ");
    for limit in [
        format!("{} bytes", thousands(LIMITS.bytes as u64)),
        format!("{} lines", thousands(LIMITS.lines as u64)),
        format!("{} shoppers", LIMITS.shoppers),
        format!("{} copies", LIMITS.copies),
        format!("title of {} characters", LIMITS.title),
        format!("{} events", thousands(LIMITS.run.events.into())),
    ] {
        assert!(text.contains(&limit), "{limit}");
    }
}

/// The figures of the example in docs/measures.md, from its run.
#[test]
fn the_worked_example_is_the_engine_s() {
    let doc = doc("docs/measures.md");
    let text = doc.split_whitespace().collect::<Vec<_>>().join(" ");
    let fences = examples("docs/measures.md");
    let background = run(&parse(&fences[0].text).scenario);
    let synchronous = run(&parse(&fences[1].text).scenario);
    let millis = |micros: u64| {
        assert_eq!(micros % 1000, 0, "constant delays");
        micros / 1000
    };
    let (window, age) = (background.report.windows[0], background.report.views[0]);
    let sent = background.trace.holds[0].due.0;
    let [apart, after] = [window.apart(), window.window()].map(|length| millis(length.unwrap().0));
    let [commit, done, applied] =
        [Some(window.committed), window.confirmed, window.applied].map(|at| millis(at.unwrap().0));
    for told in [
        format!("| {commit} | Service 1 commits"),
        format!("| {done} | Alice is told: done. She **waited** {done} ms"),
        format!("is **out** since {done}"),
        format!("his cart is {} ms **stale**", millis(age.stale().0)),
        format!("| {} | the job sends the change", millis(sent)),
        format!("| {applied} | Service 2 applies it"),
        format!("**apart** for {apart} ms, and the **window** is {after} ms"),
        format!("From {done} to {applied} Service 2 was 1 **behind**"),
    ] {
        assert!(text.contains(&told), "{told}");
    }
    let window = synchronous.report.windows[0];
    let [commit, done, applied] =
        [Some(window.committed), window.confirmed, window.applied].map(|at| millis(at.unwrap().0));
    let [apart, after] = [window.apart(), window.window()].map(|length| millis(length.unwrap().0));
    for told in [
        format!("Service 1 commits at {commit}, Service 2 applies at {applied},"),
        format!("Alice is told at {done}. She waited {done} ms."),
        format!("apart for {apart} ms, and the window is {after}."),
    ] {
        assert!(text.contains(&told), "{told}");
    }
    assert_eq!(
        parse(&fences[0].text).scenario.config.lag,
        Delay::Constant(SimDuration(300_000))
    );
}
