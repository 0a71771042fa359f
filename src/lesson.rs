//! The course: lessons of prose, and runs that prove what the prose says.
//!
//! ```text
//!   Markdown --read--> Draft --course--> Course --> pages (bin/lagoon/pages.rs), and JSON
//! ```
//!
//! A lesson is a file that a teacher writes (docs/writing-lessons.md). `markdown` takes it apart,
//! `read` knows the notation, `stage` asks the runs, `judge` finds what is right and `course` puts
//! all together. All of that is native; the page only ever sees what stands in this file.
//!
//! Invariant: which answer is right, whether a task can be done, and every figure in prose come
//! from runs. Nothing of it is typed.

#[cfg(not(target_arch = "wasm32"))]
mod course;
#[cfg(not(target_arch = "wasm32"))]
mod glossary;
#[cfg(not(target_arch = "wasm32"))]
mod judge;
#[cfg(not(target_arch = "wasm32"))]
mod markdown;
#[cfg(not(target_arch = "wasm32"))]
mod prose;
#[cfg(not(target_arch = "wasm32"))]
mod read;
#[cfg(not(target_arch = "wasm32"))]
mod stage;

#[cfg(not(target_arch = "wasm32"))]
pub use course::{Source, course, differences};

use serde::Serialize;

/// With how many seeds an answer is tried.
pub const SEEDS: u64 = 200;

/// A piece of the course's own HTML: made here from Markdown, with no tag that a file brings.
pub type Html = String;

/// Where the map of the guarantees goes: a paragraph `{map}`.
pub const MAP: &str = "<div class=\"map-here\"></div>\n";

/// All lessons in one language, in order.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Course {
    pub language: String,
    pub lessons: Vec<Lesson>,
    pub glossary: Vec<Term>,
    /// Questions to ask before the course and after it.
    pub inventory: Vec<Question>,
}

/// A word of the field, explained.
#[derive(Clone, Debug, Serialize)]
pub struct Term {
    pub term: String,
    pub html: Html,
}

/// Three minutes, one idea.
#[derive(Clone, Debug, Serialize)]
pub struct Lesson {
    /// Its place in an address, and in what the page remembers.
    pub id: String,
    pub title: String,
    pub minutes: u32,
    /// The one idea, in a sentence; an index shows it.
    pub idea: Html,
    /// A question about an earlier lesson.
    pub recall: Option<Question>,
    pub pages: Vec<Page>,
    /// Why it matters outside the shop.
    pub why: Why,
    /// What the learner is asked to say in a sentence of their own.
    pub sentence: Html,
    pub teacher: Teacher,
}

/// What is read beside the stage.
#[derive(Clone, Debug, Serialize)]
pub struct Page {
    pub title: String,
    pub html: Html,
    /// What the stage shows; without one it keeps what it has. Has no `expect` lines.
    pub text: Option<String>,
    /// The promises that its scenario's claims speak of, by their names.
    pub about: Vec<&'static str>,
    /// Only what the shoppers see is shown, with or without a bet.
    pub curtained: bool,
    pub bet: Option<Question>,
    pub task: Option<Task>,
}

/// A question with answers to choose from, or with a number to give. A bet is a question that is
/// asked before its run, and whose right answer the runs tell.
#[derive(Clone, Debug, Serialize)]
pub struct Question {
    /// The lesson that it recalls.
    pub from: Option<String>,
    pub html: Html,
    /// The scenario that it is about.
    pub text: Option<String>,
    /// Empty where a number is asked for.
    pub answers: Vec<Answer>,
    pub number: Option<Number>,
    /// What to say after the answer.
    pub why: Html,
}

#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    pub html: Html,
    pub right: bool,
    /// In how many of the runs it came true; `None` where no run was asked.
    pub seeds: Option<u32>,
    /// The scenario with the lines that this answer gives it, where it gives some.
    pub text: Option<String>,
}

/// A number that the run tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Number {
    /// `ms`, or nothing for a count.
    pub unit: &'static str,
    pub right: u64,
    /// An answer no further off than this is right.
    pub within: u64,
    /// The least and the most over all seeds.
    pub low: u64,
    pub high: u64,
}

/// Something to bring about, in whatever way.
#[derive(Clone, Debug, Serialize)]
pub struct Task {
    pub html: Html,
    /// Done when all of these are met: `expect` lines.
    pub claims: Vec<String>,
    /// With how many seeds they are to be met; 1 is the text's own.
    pub seeds: u32,
    /// Lines of the scenario that may not be taken away.
    pub stays: Vec<String>,
    pub hints: Vec<Html>,
    pub solutions: Vec<Solution>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Solution {
    pub html: Html,
    pub text: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Why {
    pub html: Html,
    pub sources: Vec<Html>,
}

/// What a teacher needs besides.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Teacher {
    pub objective: Html,
    pub misconception: Html,
    /// What to ask, what the answers are, and why.
    pub questions: Vec<Question>,
    /// The same idea, outside the shop.
    pub elsewhere: Html,
    pub puzzle: Option<Puzzle>,
}

/// One question whose answer is another with each seed, so that every student gets a run of
/// their own.
#[derive(Clone, Debug, Serialize)]
pub struct Puzzle {
    pub html: Html,
    pub text: String,
    /// Of the seeds 1 to [`PUZZLE_SEEDS`], in order; only the teacher's key is given them.
    #[serde(skip)]
    pub answers: Vec<String>,
}

/// How many seeds of a puzzle have their answers written down.
pub const PUZZLE_SEEDS: u64 = 30;

/// What is wrong with a file of the course.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Slip {
    pub file: String,
    /// From 1.
    pub line: u32,
    pub message: String,
    pub suggestion: Option<String>,
}

impl std::fmt::Display for Slip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)?;
        match &self.suggestion {
            Some(suggestion) => write!(f, " Try: {suggestion}"),
            None => Ok(()),
        }
    }
}
