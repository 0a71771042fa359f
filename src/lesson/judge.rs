//! What is right: asked of the runs under many seeds.
//!
//! Invariant: of the answers with claims, exactly one comes true under each seed. One that comes
//! true under all of them is right; where they differ, it depends on luck.

use super::read::{Asked, Choice, Riddle, ToDo};
use super::stage::{Stage, all_met, claims, figure, meets, problem};
use super::{Number, PUZZLE_SEEDS, SEEDS};
use crate::chance::Seed;
use crate::run::Run;
use crate::scenario::{duration_of, edit};
use std::collections::BTreeSet;

/// How many different answers a puzzle has at least.
const PUZZLE_ANSWERS: usize = 4;

/// The most seeds that a task may ask for.
const TASK_SEEDS: u32 = 50;

/// What is wrong, and with which line.
pub type Fault = (u32, String);

/// Which answers are right.
#[derive(Debug, PartialEq, Eq)]
pub enum Judged {
    /// Each answer, and in how many runs it came true.
    Answers(Vec<(bool, Option<u32>)>),
    Number(Number),
}

/// Judges the answers of a question; of a bet every one is computed.
pub fn question(asked: &Asked, stage: Option<&Stage>, bet: bool) -> Result<Judged, Fault> {
    let at = |message: &str| (asked.line, message.to_string());
    let all = &asked.answers;
    if let [Choice { codes, said, .. }] = &all[..]
        && let Some(words) = codes.first().and_then(|code| braced(code))
    {
        let stage = stage.ok_or_else(|| at("A number needs a scenario to ask."))?;
        let within = codes.get(1).map_or("0", String::as_str);
        let number = number(stage, words, within).map_err(|message| (said.line, message))?;
        return Ok(Judged::Number(number));
    }
    if all.len() < 2 || all.len() > 4 {
        return Err(at("A question has two to four answers, or one number."));
    }
    if all.iter().all(|choice| choice.codes.is_empty()) && !bet {
        let marks: Vec<_> = all
            .iter()
            .map(|choice| (choice.marked == Some(true), None))
            .collect();
        return match marks.iter().filter(|(right, _)| *right).count() {
            1 => Ok(Judged::Answers(marks)),
            _ => Err(at("One answer is right, and marked so: - [x] …")),
        };
    }
    if let Some(choice) = all.iter().find(|choice| choice.codes.is_empty()) {
        let message = "Behind this answer stands no claim. Try: : `expect bob view 1 shows book`";
        return Err((choice.said.line, message.to_string()));
    }
    let stage = stage.ok_or_else(|| at("Claims need a scenario to ask."))?;
    computed(all, stage).map(Judged::Answers)
}

fn computed(all: &[Choice], stage: &Stage) -> Result<Vec<(bool, Option<u32>)>, Fault> {
    let last = all.last().map_or(1, |choice| choice.said.line);
    let luck = all.iter().position(|choice| choice.codes == ["luck"]);
    // For each answer, under which of the seeds it comes true; the text's own seed is the first.
    let mut true_under = Vec::new();
    for choice in all {
        true_under.push(match choice.codes == ["luck"] {
            true => Vec::new(),
            false => {
                comes_true(&choice.codes, stage).map_err(|message| (choice.said.line, message))?
            }
        });
    }
    let mut right = BTreeSet::new();
    for (nth, (seed, _)) in stage.runs().enumerate() {
        let so = |answer: &usize| true_under[*answer].get(nth) == Some(&true);
        let holds: Vec<usize> = (0..all.len()).filter(so).collect();
        match holds[..] {
            [one] => right.insert(one),
            [] => return Err((last, format!("With seed {} no answer is right.", seed.0))),
            [one, two, ..] => {
                let (one, two) = (&all[one].said.source, &all[two].said.source);
                let message = format!("With seed {} both are right: {one}, and: {two}", seed.0);
                return Err((last, message));
            }
        };
    }
    let right = match (right.first(), right.len(), luck) {
        (Some(only), 1, _) => *only,
        (.., Some(luck)) => luck,
        _ => {
            let message = "It depends on the seed. Try: - It depends on luck: `luck`";
            return Err((last, message.to_string()));
        }
    };
    let seeds = |answer: usize| {
        let met = true_under[answer].iter().skip(1).filter(|met| **met);
        (Some(answer) != luck).then(|| met.count() as u32)
    };
    Ok((0..all.len())
        .map(|answer| (answer == right, seeds(answer)))
        .collect())
}

/// What a sentence of prose rests on: under each seed, or, with `here` in front, in the run that
/// is shown.
pub fn rests_on(check: &str, stage: &Stage) -> Result<(), String> {
    let mut codes: Vec<_> = check
        .split(';')
        .map(|code| code.trim().to_string())
        .collect();
    let here = codes.first().is_some_and(|code| code == "here");
    codes.drain(..usize::from(here));
    let met = comes_true(&codes, stage)?;
    let runs = match here {
        true => 1,
        false => met.len(),
    };
    let unmet = stage.runs().zip(&met).take(runs).find(|(_, met)| !**met);
    match unmet {
        None => Ok(()),
        Some(((Seed(seed), _), _)) => Err(format!("It is not so: `{check}` (seed {seed}).")),
    }
}

/// Whether all of it comes true: under the text's own seed, then under the seeds 1 to [`SEEDS`].
fn comes_true(codes: &[String], stage: &Stage) -> Result<Vec<bool>, String> {
    let (mut met, mut unmet, mut lines) = (Vec::new(), Vec::new(), Vec::new());
    for code in codes {
        match code.strip_prefix("not ") {
            Some(claim) => unmet.extend(claims(&[claim.to_string()])?),
            None if code.starts_with("expect ") => met.extend(claims(std::slice::from_ref(code))?),
            None => lines.push(code.as_str()),
        }
    }
    if met.is_empty() && unmet.is_empty() {
        return Err("There is no claim here.".to_string());
    }
    let so = |run: &Run| all_met(run, &met) && !unmet.iter().any(|claim| meets(run, claim));
    let so_under_all = |stage: &Stage| stage.runs().map(|(_, run)| so(run)).collect();
    if lines.is_empty() {
        return Ok(so_under_all(stage));
    }
    let text = stage.with(&lines);
    match problem(&text) {
        Some(problem) => Err(problem),
        None => Ok(so_under_all(&Stage::of(&text))),
    }
}

/// A number to give: the run's own, and how far it lies from the others'.
fn number(stage: &Stage, words: &str, within: &str) -> Result<Number, String> {
    let own = stage.figure(words)?;
    let right = own.number().ok_or("This is no number.")?;
    let mut all = Vec::new();
    // A figure that counts seeds is the same under each of them.
    let counted = words.starts_with("seeds");
    for run in stage.seeds().iter().filter(|_| !counted) {
        all.push(figure(run, words)?.number().unwrap_or(right));
    }
    let length = matches!(own, super::stage::Figure::Length(_));
    let within = match length {
        true => duration_of(within).map(|within| within.0 / 1000),
        false => within.parse().ok(),
    };
    Ok(Number {
        unit: if length { "ms" } else { "" },
        right,
        within: within.ok_or("How far off an answer may be: `20ms`, or `1` for a count.")?,
        low: all.iter().copied().min().unwrap_or(right),
        high: all.iter().copied().max().unwrap_or(right),
    })
}

fn braced(code: &str) -> Option<&str> {
    code.strip_prefix('{')?.strip_suffix('}')
}

/// A task is not done at its start, and each solution does it.
pub fn task(todo: &ToDo, stage: Option<&Stage>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let claims = match claims(&todo.claims) {
        Ok(claims) if !claims.is_empty() => claims,
        Ok(_) => {
            let message = "When is it done? Try: Done when: `expect fresh violated`";
            return vec![(todo.line, message.to_string())];
        }
        Err(message) => return vec![(todo.line, message)],
    };
    if !(1..=TASK_SEEDS).contains(&todo.seeds) {
        faults.push((todo.line, format!("With 1 to {TASK_SEEDS} seeds.")));
    }
    // Judged as the learner's is: under the own seed, or under the seeds from 1 on.
    let done = |stage: &Stage| {
        let all = stage.runs().skip(usize::from(todo.seeds > 1));
        let open = all
            .take(todo.seeds as usize)
            .find(|(_, run)| !all_met(run, &claims));
        open.map_or(Ok(()), |(seed, _)| Err(seed.0))
    };
    if stage.is_some_and(|stage| done(stage).is_ok()) {
        faults.push((todo.line, "The task is done before it begins.".to_string()));
    }
    if todo.solutions.is_empty() {
        let message = "No solution shows that it can be done. Try: Solution: …, then its fence";
        faults.push((todo.line, message.to_string()));
    }
    for line in &todo.stays {
        if !stage.is_some_and(|stage| edit::has(&stage.silent(), line)) {
            let message = format!("`{line}` cannot stay: the scenario does not have it.");
            faults.push((todo.line, message));
        }
        for (_, fence) in &todo.solutions {
            if !edit::has(&fence.text, line) {
                let message = format!("This takes away what stays: `{line}`");
                faults.push((fence.line, message));
            }
        }
    }
    for (_, fence) in &todo.solutions {
        if let Some(problem) = problem(&fence.text) {
            faults.push((fence.line, problem));
        } else if let Err(seed) = done(&Stage::of(&fence.text)) {
            faults.push((
                fence.line,
                format!("This does not do the task (seed {seed})."),
            ));
        }
    }
    faults
}

/// The answer of a puzzle under each seed; enough of them differ.
pub fn puzzle(riddle: &Riddle, stage: &Stage) -> Result<Vec<String>, Fault> {
    let at = |message: String| (riddle.line, message);
    let runs = &stage.seeds()[..PUZZLE_SEEDS.min(SEEDS) as usize];
    let mut answers = Vec::new();
    for run in runs {
        let mut answer = String::new();
        for (nth, part) in riddle.answer.split(['{', '}']).enumerate() {
            answer += &match nth % 2 {
                0 => part.to_string(),
                _ => figure(run, part).map_err(at)?.to_string(),
            };
        }
        answers.push(answer);
    }
    let differ = answers.iter().collect::<BTreeSet<_>>().len();
    match differ < PUZZLE_ANSWERS {
        true => Err(at(format!(
            "Over {PUZZLE_SEEDS} seeds it has {differ} answers; a puzzle has {PUZZLE_ANSWERS}."
        ))),
        false => Ok(answers),
    }
}
