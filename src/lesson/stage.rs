//! A scenario and its runs: under its own seed, in the other mode, and under many seeds.
//!
//! Invariant: a figure is read off a run; where the run has none, the reader is told why.

use super::SEEDS;
use crate::chance::Seed;
use crate::check::Claim;
use crate::check::staleness::{Window, behind};
use crate::history::{Answer, OpId, Operation, Outcome, ServiceId};
use crate::run::{Run, run, traffic};
use crate::scenario::{
    Diagnostic, Key, LineKind, Parsed, Scenario, Severity, duration_of, edit, parse,
};
use crate::shop::Kind;
use crate::time::{SimDuration, SimTime};
use std::cell::OnceCell;

/// A text, read and run.
pub struct Stage {
    pub text: String,
    parsed: Parsed,
    run: Run,
    other: OnceCell<Run>,
    seeds: OnceCell<Vec<Run>>,
}

/// What a run says where prose asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    Length(SimDuration),
    Count(u64),
    Words(String),
}

impl Figure {
    /// Its number, in milliseconds where it is a length.
    pub fn number(&self) -> Option<u64> {
        match self {
            Figure::Length(length) => Some((length.0 + 500) / 1000),
            Figure::Count(count) => Some(*count),
            Figure::Words(_) => None,
        }
    }
}

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Figure::Length(SimDuration(1..=499)) => f.write_str("under 1 ms"),
            Figure::Length(SimDuration(length @ 10_000_000..)) => {
                write!(
                    f,
                    "{}.{:02} s",
                    length / 1_000_000,
                    length % 1_000_000 / 10_000
                )
            }
            Figure::Length(SimDuration(length)) => write!(f, "{} ms", (length + 500) / 1000),
            Figure::Count(count) => write!(f, "{count}"),
            Figure::Words(words) => f.write_str(words),
        }
    }
}

impl Stage {
    pub fn of(text: &str) -> Stage {
        let parsed = parse(text);
        Stage {
            text: text.to_string(),
            run: run(&parsed.scenario),
            parsed,
            other: OnceCell::new(),
            seeds: OnceCell::new(),
        }
    }

    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.parsed.diagnostics
    }

    /// Each `expect` line that is not met, with its line in the text.
    pub fn unmet(&self) -> impl Iterator<Item = (u32, &str)> {
        let met =
            |claim: &Option<Claim>| claim.as_ref().is_some_and(|claim| meets(&self.run, claim));
        let expects = self.parsed.expects.iter();
        let unmet = expects.filter(move |expect| !met(&expect.claim));
        unmet.map(|expect| (expect.line, expect.text.as_str()))
    }

    /// The promises that its claims speak of, by their names.
    pub fn about(&self) -> Vec<&'static str> {
        let claims = self.parsed.scenario.expectations.iter();
        let names = claims.filter_map(|claim| match claim {
            Claim::Property { property, .. } => Some(property.name()),
            _ => None,
        });
        names.collect()
    }

    /// The text without its claims, so that it gives nothing away.
    pub fn silent(&self) -> String {
        let mut silent = String::new();
        for line in &self.parsed.lines {
            if !matches!(line.kind, LineKind::Expect(_)) {
                silent += &self.text[line.place.clone()];
                silent.push('\n');
            }
        }
        silent.trim_end().to_string()
    }

    /// The silent text with these lines: a setting takes the place of its own earlier line.
    pub fn with(&self, lines: &[&str]) -> String {
        let mut text = self.silent();
        for line in lines {
            // Read below the text: what it may be hangs on the text, as acks do on replicas.
            if let Some(key) = setting(&[&text, "\n", line].concat()) {
                text = edit::set_setting(&text, key, "");
            }
            text = [text.trim_end(), "\n", line].concat();
        }
        text
    }

    /// The run under its own seed, and those under the seeds 1 to [`SEEDS`].
    pub fn runs(&self) -> impl Iterator<Item = (Seed, &Run)> {
        let own = std::iter::once((self.parsed.scenario.seed, &self.run));
        own.chain((1..).map(Seed).zip(self.seeds()))
    }

    /// The runs under the seeds 1 to [`SEEDS`].
    pub fn seeds(&self) -> &[Run] {
        let seeds = || (1..=SEEDS).map(|seed| run(&seeded(&self.parsed.scenario, seed)));
        self.seeds.get_or_init(|| seeds().collect())
    }

    /// The same clicks in the other mode.
    fn other(&self) -> &Run {
        let scenario = &self.parsed.scenario;
        let twin = || run(&edit::twin(scenario, &self.run.trace.fired));
        self.other.get_or_init(twin)
    }

    /// What stands for these words of a prose's braces.
    pub fn figure(&self, words: &str) -> Result<Figure, String> {
        if words == "seeds" {
            return Ok(Figure::Count(SEEDS));
        }
        if let Some(claim) = words.strip_prefix("seeds where ") {
            let claims = claims(&["expect ".to_string() + claim])?;
            let met = |run: &&Run| all_met(run, &claims);
            return Ok(Figure::Count(self.seeds().iter().filter(met).count() as u64));
        }
        match words.strip_suffix(", other mode") {
            Some(words) => figure(self.other(), words),
            None => figure(&self.run, words),
        }
    }

    /// A figure that stands nearest to this typed one, as it is asked for.
    pub fn asks_for(&self, length: SimDuration) -> Option<String> {
        let history = &self.run.history;
        let named = history.operations.iter().flat_map(|operation| {
            let who = history.shoppers[operation.client.0 as usize];
            let kind = Kind::of(&operation.op);
            let same = |other: &&Operation| {
                other.client == operation.client && Kind::of(&other.op) == kind
            };
            let before = history.operations.iter().filter(same);
            let nth = 1 + before.take_while(|other| other.n < operation.n).count();
            let measures = ["wait", "staleness", "window", "apart"];
            measures.map(|measure| format!("{who} {} {nth} {measure}", kind.word()))
        });
        let close = |words: &String| {
            figure(&self.run, words) == Ok(Figure::Length(length))
                || figure(&self.run, words).is_ok_and(|figure| {
                    figure.number() == Some(length.0 / 1000) && figure.number() != Some(0)
                })
        };
        named
            .into_iter()
            .find(close)
            .map(|words| format!("{{{words}}}"))
    }
}

/// This scenario under another seed.
pub fn seeded(scenario: &Scenario, seed: u64) -> Scenario {
    Scenario {
        seed: Seed(seed),
        ..scenario.clone()
    }
}

/// What the last line of a text sets.
fn setting(text: &str) -> Option<Key> {
    match parse(text).lines.last()?.kind {
        LineKind::Setting(key) => Some(key),
        _ => None,
    }
}

/// What these `expect` lines claim, or what is wrong with one of them.
pub fn claims(lines: &[String]) -> Result<Vec<Claim>, String> {
    let mut claims = Vec::new();
    for line in lines {
        let parsed = parse(line);
        match (
            parsed.diagnostics.first(),
            parsed.scenario.expectations.first(),
        ) {
            (None, Some(claim)) => claims.push(claim.clone()),
            (Some(diagnostic), _) => return Err(told(diagnostic)),
            (None, None) => return Err(format!("`{line}` claims nothing.")),
        }
    }
    Ok(claims)
}

/// A diagnostic of a scenario, in one sentence.
pub fn told(diagnostic: &Diagnostic) -> String {
    let hint = diagnostic.suggestion.as_ref();
    let hint = hint.map_or(String::new(), |hint| format!(" Try: {hint}"));
    diagnostic.message.clone() + &hint
}

/// The first thing wrong with a text that is to run as it stands.
pub fn problem(text: &str) -> Option<String> {
    let parsed = parse(text);
    let problem = parsed
        .diagnostics
        .iter()
        .find(|diagnostic| diagnostic.severity == Severity::Problem);
    problem.map(told)
}

pub fn all_met(run: &Run, claims: &[Claim]) -> bool {
    claims.iter().all(|claim| meets(run, claim))
}

pub fn meets(run: &Run, claim: &Claim) -> bool {
    run.judge(claim, run.end()).1 == Some(true)
}

/// What a run says for these words.
pub fn figure(run: &Run, words: &str) -> Result<Figure, String> {
    let tokens: Vec<&str> = words.split_whitespace().collect();
    match tokens[..] {
        ["visitors" | "answered" | "refused" | "views"]
        | ["stale", "views"]
        | [.., "queue"]
        | ["half" | "95" | "99", .., "wait"] => of_load(run, &tokens, words),
        [copy, "behind"] => {
            let copy = service(copy).ok_or_else(|| unknown(words))?;
            Ok(Figure::Count(most_behind(run, copy)))
        }
        [copy, "behind", "at", time] => {
            let at = duration_of(time).ok_or_else(|| unknown(words))?;
            let copy = service(copy).ok_or_else(|| unknown(words))?;
            let behind = behind(&run.report.windows, copy, SimTime(at.0));
            Ok(Figure::Count(behind.into()))
        }
        [who, "wait"] => {
            let own = operations(run, who).map(|(_, operation)| wait(operation, words));
            let all = own.collect::<Result<Vec<_>, _>>()?;
            let longest = all.into_iter().max().ok_or_else(|| absent(words))?;
            Ok(Figure::Length(longest))
        }
        [who, kind, nth, ref measure @ ..] => {
            let nth: usize = nth.parse().map_err(|_| unknown(words))?;
            let mut same = operations(run, who)
                .filter(|(_, operation)| Kind::of(&operation.op).word() == kind);
            let (op, operation) = same.nth(nth.wrapping_sub(1)).ok_or_else(|| absent(words))?;
            of_operation(run, op, operation, measure, words)
        }
        _ => Err(unknown(words)),
    }
}

/// What a load did, in sum.
fn of_load(run: &Run, tokens: &[&str], words: &str) -> Result<Figure, String> {
    let traffic = run.report.traffic.as_ref();
    let traffic = traffic.ok_or(format!("`{words}`: no visitors come in this run."))?;
    let all = traffic.up_to(run.end());
    let views = &run.report.views;
    Ok(match *tokens {
        ["half", "wait"] => Figure::Length(all.p50),
        ["95", "in", "100", "wait"] => Figure::Length(all.p95),
        ["99", "in", "100", "wait"] => Figure::Length(all.p99),
        ["answered"] => Figure::Count(all.answered.into()),
        ["refused"] => Figure::Count(all.refused.into()),
        ["views"] => Figure::Count(views.len() as u64),
        ["stale", "views"] => {
            Figure::Count(views.iter().filter(|age| age.is_stale()).count() as u64)
        }
        ["visitors"] => {
            let shoppers = run.history.shoppers.iter();
            Figure::Count(shoppers.filter(|name| name.is_visitor()).count() as u64)
        }
        [at, "queue"] => {
            let service = service(at).ok_or_else(|| unknown(words))?;
            let queue = traffic.queues.get(usize::from(service.0) - 1);
            let queue = queue.ok_or_else(|| unknown(words))?;
            Figure::Count(traffic::most(queue, run.end()).1.into())
        }
        _ => return Err(unknown(words)),
    })
}

fn of_operation(
    run: &Run,
    op: OpId,
    operation: &Operation,
    measure: &[&str],
    words: &str,
) -> Result<Figure, String> {
    let age = || {
        let age = run.report.views.iter().find(|age| age.op == op);
        age.ok_or_else(|| format!("`{words}`: there is no answered view of this name."))
    };
    let longest = |length: fn(&Window) -> Option<SimDuration>, copy: Option<&str>| {
        let copy = copy.map(|copy| service(copy).ok_or_else(|| unknown(words)));
        let copy = copy.transpose()?;
        let of_it =
            |window: &&Window| window.op == op && copy.is_none_or(|copy| window.replica == copy);
        let lengths = run.report.windows.iter().filter(of_it).map(length);
        let longest = lengths.max().flatten();
        let never = || format!("`{words}`: the copy never has this change.");
        longest.map(Figure::Length).ok_or_else(never)
    };
    Ok(match *measure {
        ["wait"] => Figure::Length(wait(operation, words)?),
        ["asked"] => Figure::Length(SimDuration(operation.call.0)),
        ["answered"] => Figure::Length(
            wait(operation, words).map(|wait| SimDuration(operation.call.0 + wait.0))?,
        ),
        ["staleness"] => Figure::Length(age()?.stale()),
        ["misses"] => Figure::Count(age()?.missed.into()),
        ["shows"] => {
            let seen = operation.seen().ok_or_else(|| absent(words))?;
            Figure::Words(seen.cart.to_string())
        }
        ["version"] => match &operation.outcome {
            Outcome::Ok {
                answer: Answer::Done(version),
                ..
            } => Figure::Count(version.0.into()),
            Outcome::Ok {
                answer: Answer::Shown(seen),
                ..
            } => {
                let version = seen.log.version().ok_or("this copy has no version")?;
                Figure::Count(version.0.into())
            }
            _ => return Err(absent(words)),
        },
        ["window"] => longest(Window::window, None)?,
        ["window", "at", copy] => longest(Window::window, Some(copy))?,
        ["apart"] => longest(Window::apart, None)?,
        ["apart", "at", copy] => longest(Window::apart, Some(copy))?,
        _ => return Err(unknown(words)),
    })
}

fn operations<'a>(run: &'a Run, who: &'a str) -> impl Iterator<Item = (OpId, &'a Operation)> {
    let shoppers = &run.history.shoppers;
    let own = move |operation: &&Operation| shoppers[operation.client.0 as usize].as_str() == who;
    let all = (0..).map(OpId).zip(&run.history.operations);
    all.filter(move |(_, operation)| own(operation))
}

fn wait(operation: &Operation, words: &str) -> Result<SimDuration, String> {
    let ended = operation.ended();
    let open = || format!("`{words}`: this is never answered.");
    Ok(ended.ok_or_else(open)?.since(operation.call))
}

/// The most confirmed changes that a copy was short of, at any moment.
fn most_behind(run: &Run, copy: ServiceId) -> u64 {
    let windows = &run.report.windows;
    let moments = windows.iter().filter_map(|window| window.confirmed);
    let most = moments.map(|at| behind(windows, copy, at)).max();
    most.unwrap_or(0).into()
}

fn service(word: &str) -> Option<ServiceId> {
    let number = word.strip_prefix('s')?.parse().ok()?;
    (1..=9).contains(&number).then_some(ServiceId(number))
}

fn unknown(words: &str) -> String {
    format!(
        "`{words}` is no figure of a run. Try: {{alice add 1 wait}}, {{bob view 1 staleness}}, \
         {{alice add 1 window}}, {{s2 behind}} or {{seeds where fresh holds}}"
    )
}

fn absent(words: &str) -> String {
    format!("`{words}`: nobody asked for this in the run, or it was never answered.")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every delay is fixed, so the figures can be added up by hand (docs/measures.md).
    const TEXT: &str = "background; network: 25ms; s1-s2 network: 13ms; alice adds book; \
        200ms bob views; expect fresh violated; expect bob view 1 shows pen";

    #[test]
    fn figures_are_the_run_s_own() {
        let stage = Stage::of(TEXT);
        for (words, expect) in [
            ("alice add 1 wait", "62 ms"),
            ("alice wait", "62 ms"),
            ("alice add 1 window", "300 ms"),
            ("alice add 1 apart at s2", "325 ms"),
            ("alice add 1 wait, other mode", "100 ms"),
            ("bob view 1 staleness", "138 ms"),
            ("bob view 1 shows", "nothing"),
            ("bob view 1 asked", "200 ms"),
            ("alice add 1 answered", "62 ms"),
            ("alice add 1 version", "1"),
            ("s2 behind", "1"),
            ("s2 behind at 30ms", "0"),
            ("seeds", "200"),
            ("seeds where fresh violated", "200"),
        ] {
            let figure = stage.figure(words).map(|figure| figure.to_string());
            assert_eq!(figure.as_deref(), Ok(expect), "{words}");
        }
        for words in [
            "",
            "bob",
            "bob view 2 wait",
            "alice add 0 wait",
            "s2 before",
            "seeds where",
        ] {
            assert!(stage.figure(words).is_err(), "{words}");
        }
        let asked = stage.asks_for(SimDuration(62_000));
        assert_eq!(asked.as_deref(), Some("{alice add 1 wait}"));
    }

    #[test]
    fn claims_that_are_not_met_are_told() {
        let stage = Stage::of(TEXT);
        let unmet: Vec<_> = stage.unmet().collect();
        assert_eq!(unmet, [(7, "expect bob view 1 shows pen")]);
        assert!(!stage.silent().contains("expect"));
    }

    #[test]
    fn a_line_takes_the_place_of_its_own_setting() {
        let stage = Stage::of("background\nlag: 1s\nalice adds book\nexpect fresh holds");
        let text = stage.with(&["lag: 2s", "synchronous"]);
        assert_eq!(text, "alice adds book\nlag: 2s\nsynchronous");
    }
}
