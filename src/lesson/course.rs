//! A course out of its files: every scenario run, every figure filled in, every claim judged.
//!
//! Invariant: a course is whole even where something in it is wrong; the slips say what.

use super::glossary::Glossary;
use super::judge::{self, Judged};
use super::markdown::{Slips, codes};
use super::prose::{Ground, Weaver, is_check};
use super::read::{self, Asked, Choice, Draft, Fence, Leaf, Riddle, Said, ToDo};
use super::stage::{Stage, told};
use super::{
    Answer, Course, Lesson, Page, Puzzle, Question, Slip, Solution, Task, Teacher, Term, Why,
};
use crate::check::Property;
use std::collections::BTreeSet;

/// Words that a learner reads in a minute, with a run to look at beside them.
const WORDS_A_MINUTE: usize = 130;

/// A file of a course.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path, for messages: `lessons/en/04-my-own-write.md`.
    pub path: String,
    pub text: String,
}

impl Source {
    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// `04-my-own-write.md` is `my-own-write`.
    fn id(&self) -> &str {
        id(self.name())
    }
}

fn id(name: &str) -> &str {
    let stem = name.strip_suffix(".md").unwrap_or(name);
    stem.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-')
}

/// Makes a course of its files, which stand in the order of their names.
pub fn course(language: &str, sources: &[Source]) -> (Course, Vec<Slip>) {
    let mut slips = Vec::new();
    let named = |name: &str| sources.iter().find(|source| source.name() == name);
    let glossary = named("glossary.md").map_or(Glossary::default(), |source| {
        let mut found = Slips {
            file: &source.path,
            all: Vec::new(),
        };
        let glossary = Glossary::read(&source.text, &mut found);
        slips.extend(found.all);
        glossary
    });
    let mut maker = Maker {
        glossary: &glossary,
        known: BTreeSet::new(),
        lessons: Vec::new(),
        slips,
    };
    for source in sources {
        if !matches!(source.name(), "glossary.md" | "inventory.md" | "README.md") {
            maker.lesson(source);
        }
    }
    let inventory = named("inventory.md").map_or(Vec::new(), |source| maker.inventory(source));
    let terms = named("glossary.md").map_or(Vec::new(), |source| maker.terms(source));
    let course = Course {
        language: language.to_string(),
        lessons: maker.lessons,
        glossary: terms,
        inventory,
    };
    (course, maker.slips)
}

/// Where a translation runs something else than the course that it was made of.
pub fn differences(original: &Course, translation: &Course) -> Vec<Slip> {
    let mut slips = Vec::new();
    for lesson in &translation.lessons {
        let same = original.lessons.iter().find(|other| other.id == lesson.id);
        let message = match same {
            None => "no lesson of this name is there to translate.",
            Some(other) if runs(other) != runs(lesson) => {
                "its scenarios, answers or claims are not those of the original."
            }
            Some(_) => continue,
        };
        slips.push(Slip {
            file: [&translation.language, "/", &lesson.id].concat(),
            line: 1,
            message: message.to_string(),
            suggestion: None,
        });
    }
    slips
}

/// What of a page is run, and no prose: its text, which answers are right, the claims of its task.
type Runs<'a> = (Option<&'a str>, Vec<bool>, [&'a [String]; 2]);

fn runs(lesson: &Lesson) -> Vec<Runs<'_>> {
    let pages = lesson.pages.iter().map(|page| {
        let answers = page.bet.iter().flat_map(|bet| &bet.answers);
        let task = page.task.as_ref();
        let task = task.map(|task| [&task.claims[..], &task.stays]);
        (
            page.text.as_deref(),
            answers.map(|answer| answer.right).collect(),
            task.unwrap_or_default(),
        )
    });
    pages.collect()
}

struct Maker<'a> {
    glossary: &'a Glossary,
    /// Which words the lessons up to here have explained.
    known: BTreeSet<usize>,
    lessons: Vec<Lesson>,
    slips: Vec<Slip>,
}

impl Maker<'_> {
    fn lesson(&mut self, source: &Source) {
        let (draft, slips) = read::draft(&source.path, &source.text);
        let mut weaver = Weaver {
            slips: Slips {
                file: &source.path,
                all: slips,
            },
            glossary: self.glossary,
            known: std::mem::take(&mut self.known),
            words: 0,
        };
        let lesson = lesson(source.id(), &draft, &self.lessons, &mut weaver);
        let most = draft.minutes as usize * WORDS_A_MINUTE;
        if weaver.words > most && draft.minutes > 0 {
            let words = weaver.words;
            let message = format!("{words} words do not fit into its minutes: at most {most}.");
            weaver.slips.say(1, message);
        }
        if self.lessons.iter().any(|other| other.id == lesson.id) {
            weaver
                .slips
                .say(1, format!("Two lessons are called `{}`.", lesson.id));
        }
        self.known = weaver.known;
        self.slips.extend(weaver.slips.all);
        self.lessons.push(lesson);
    }

    fn inventory(&mut self, source: &Source) -> Vec<Question> {
        let (questions, slips) = read::inventory(&source.path, &source.text);
        let mut weaver = Weaver {
            slips: Slips {
                file: &source.path,
                all: slips,
            },
            glossary: self.glossary,
            known: BTreeSet::new(),
            words: 0,
        };
        let made = questions
            .iter()
            .map(|asked| question(asked, TEACHER, false, &mut weaver));
        let made = made.collect();
        self.slips.extend(weaver.slips.all);
        made
    }

    fn terms(&mut self, source: &Source) -> Vec<Term> {
        let mut weaver = Weaver {
            slips: Slips {
                file: &source.path,
                all: Vec::new(),
            },
            glossary: self.glossary,
            known: BTreeSet::new(),
            words: 0,
        };
        let made = self.glossary.0.iter().map(|entry| {
            let said = Said {
                line: entry.line,
                source: entry.meaning.clone(),
            };
            Term {
                term: entry.name().to_string(),
                html: weaver.line(&said, TEACHER),
            }
        });
        let made = made.collect();
        for (place, entry) in self.glossary.0.iter().enumerate() {
            if !self.known.contains(&place) {
                let message = format!("No lesson uses `{}`.", entry.name());
                weaver.slips.say(entry.line, message);
            }
        }
        self.slips.extend(weaver.slips.all);
        made
    }
}

/// What only a teacher reads, with no scenario beside it.
const TEACHER: Ground = Ground {
    stage: None,
    given: "",
    learner: false,
    secret: false,
};

const LEARNER: Ground = Ground {
    learner: true,
    ..TEACHER
};

fn lesson(id: &str, draft: &Draft, earlier: &[Lesson], weaver: &mut Weaver) -> Lesson {
    let recall = draft
        .recall
        .as_ref()
        .map(|asked| recall(asked, earlier, weaver));
    if recall.is_none() && !earlier.is_empty() {
        let help = "## Recall: [An earlier lesson](01-one-server.md)".to_string();
        let message = "A lesson opens with a question about an earlier one.";
        weaver.slips.suggest(1, message, Some(help));
    }
    let idea = weaver.line(&draft.idea, TEACHER);
    let pages = draft.pages.iter().map(|leaf| page(leaf, weaver)).collect();
    let why = Why {
        html: weaver.prose(&draft.why, LEARNER),
        sources: draft
            .sources
            .iter()
            .map(|said| weaver.line(said, TEACHER))
            .collect(),
    };
    let sentence = weaver.prose(&draft.sentence, LEARNER);
    let notes = &draft.teacher;
    let asked = notes.questions.iter();
    let questions = asked
        .map(|asked| question(asked, TEACHER, false, weaver))
        .collect();
    let teacher = Teacher {
        objective: weaver.line(&notes.objective, TEACHER),
        misconception: weaver.line(&notes.misconception, TEACHER),
        questions,
        elsewhere: weaver.prose(&notes.elsewhere, TEACHER),
        puzzle: notes
            .puzzle
            .as_ref()
            .and_then(|riddle| puzzle(riddle, weaver)),
    };
    Lesson {
        id: id.to_string(),
        title: draft.title.source.clone(),
        minutes: draft.minutes,
        idea,
        recall,
        pages,
        why,
        sentence,
        teacher,
    }
}

fn recall(asked: &Asked, earlier: &[Lesson], weaver: &mut Weaver) -> Question {
    let from = asked.from.as_deref().map(id).unwrap_or_default();
    if !earlier.iter().any(|lesson| lesson.id == from) {
        let message = format!("`{from}` is no earlier lesson.");
        weaver.slips.say(asked.line, message);
    }
    question(asked, LEARNER, false, weaver)
}

fn page(leaf: &Leaf, weaver: &mut Weaver) -> Page {
    let stage = leaf.stage.as_ref().map(|fence| stage(fence, weaver));
    let given = lengths_asked_for(leaf);
    let ground = Ground {
        stage: stage.as_ref(),
        given: &given,
        secret: leaf.bet.is_some(),
        ..LEARNER
    };
    let html = weaver.prose(&leaf.prose, ground);
    let bet = leaf
        .bet
        .as_ref()
        .map(|asked| question(asked, ground, true, weaver));
    let task = leaf
        .task
        .as_ref()
        .map(|todo| task(todo, stage.as_ref(), weaver));
    Page {
        title: leaf.title.source.clone(),
        html,
        about: about(stage.as_ref(), leaf),
        text: stage.map(|stage| stage.silent()),
        curtained: leaf.curtained,
        bet,
        task,
    }
}

/// The promises that the claims of a page speak of: those of its scenario, its bet, its task.
fn about(stage: Option<&Stage>, leaf: &Leaf) -> Vec<&'static str> {
    let bets = leaf.bet.iter().flat_map(|bet| &bet.answers);
    let bets = bets.flat_map(|choice| &choice.codes);
    let tasks = leaf.task.iter().flat_map(|task| &task.claims);
    let mut about = stage.map(Stage::about).unwrap_or_default();
    for claim in bets.chain(tasks) {
        let names = Property::ALL.into_iter().map(Property::name);
        about.extend(names.filter(|name| claim.split(' ').any(|word| word == *name)));
    }
    about
}

/// The claims that what is said rests on.
fn checks(said: &Said) -> impl Iterator<Item = String> {
    codes(&said.source)
        .into_iter()
        .filter(|code| is_check(code))
}

/// What the figures and claims of a page name, prose may name, too: `{seeds where alice waits
/// under 80ms}`.
fn lengths_asked_for(leaf: &Leaf) -> String {
    let mut all = Vec::new();
    for choice in leaf.bet.iter().flat_map(|bet| &bet.answers) {
        all.extend(choice.codes.iter().cloned());
    }
    let after = leaf.bet.iter().flat_map(|bet| &bet.why);
    for said in leaf.prose.iter().chain(after) {
        let braced = said.source.split(['{', '}']).skip(1).step_by(2);
        all.extend(braced.map(str::to_string));
        all.extend(checks(said));
    }
    all.join(";")
}

/// A scenario as it stands in a fence: it is read without a diagnostic, and its claims are met.
fn stage(fence: &Fence, weaver: &mut Weaver) -> Stage {
    let stage = Stage::of(&fence.text);
    for diagnostic in stage.diagnostics() {
        weaver
            .slips
            .say(fence.line + diagnostic.line, told(diagnostic));
    }
    for (line, text) in stage.unmet() {
        let message = format!("The run does not do this: {text}");
        weaver.slips.say(fence.line + line, message);
    }
    stage
}

/// A question that stands on this ground, or on a scenario of its own.
fn question(asked: &Asked, ground: Ground, bet: bool, weaver: &mut Weaver) -> Question {
    let own = asked.stage.as_ref().map(|fence| stage(fence, weaver));
    let stage = own.as_ref().or(ground.stage);
    if bet && stage.is_none() {
        weaver
            .slips
            .say(asked.line, "A bet is about the scenario of its page.");
    }
    let before = Ground {
        stage,
        secret: true,
        ..ground
    };
    let after = Ground {
        secret: false,
        ..before
    };
    let judged = judge::question(asked, stage, bet);
    let (mut right, mut number) = (Vec::new(), None);
    match judged {
        Ok(Judged::Answers(judged)) => {
            right = judged;
            if bet && !asked.why.iter().any(|said| checks(said).next().is_some()) {
                let line = asked.why.first().map_or(asked.line, |said| said.line);
                let message = "Nothing holds what is said after the bet to its run.";
                let help = "`expect bob view 1 shows book` behind the sentence that says so";
                weaver.slips.suggest(line, message, Some(help.to_string()));
            }
        }
        Ok(Judged::Number(judged)) => number = Some(judged),
        Err((line, message)) => weaver.slips.say(line, message),
    }
    let html = weaver.prose(&asked.question, before);
    let answers = asked
        .answers
        .iter()
        .enumerate()
        .map(|(nth, choice)| Answer {
            html: weaver.line(&choice.said, before),
            right: right.get(nth).is_some_and(|(right, _)| *right),
            seeds: right.get(nth).and_then(|(_, seeds)| *seeds),
            text: stage.and_then(|stage| given(choice, stage)),
        });
    Question {
        from: asked.from.as_deref().map(|name| id(name).to_string()),
        html,
        text: own.as_ref().map(Stage::silent),
        answers: match number {
            Some(_) => Vec::new(),
            None => answers.collect(),
        },
        number,
        why: weaver.prose(&asked.why, after),
    }
}

/// The scenario with the lines that an answer gives it.
fn given(choice: &Choice, stage: &Stage) -> Option<String> {
    let codes = choice.codes.iter().map(String::as_str);
    let lines: Vec<&str> = codes.filter(|code| !is_check(code)).collect();
    (!lines.is_empty() && choice.marked.is_none() && !lines.contains(&"luck"))
        .then(|| stage.with(&lines))
}

fn task(todo: &ToDo, stage: Option<&Stage>, weaver: &mut Weaver) -> Task {
    let given = todo.claims.join(";");
    let ground = Ground {
        stage,
        given: &given,
        ..LEARNER
    };
    for (line, message) in judge::task(todo, stage) {
        weaver.slips.say(line, message);
    }
    let solutions = todo.solutions.iter().map(|(said, fence)| Solution {
        html: weaver.line(said, TEACHER),
        text: fence.text.clone(),
    });
    let solutions = solutions.collect();
    Task {
        html: weaver.prose(&todo.prose, ground),
        claims: todo.claims.clone(),
        seeds: todo.seeds,
        stays: todo.stays.clone(),
        hints: todo
            .hints
            .iter()
            .map(|hint| weaver.line(hint, ground))
            .collect(),
        solutions,
    }
}

fn puzzle(riddle: &Riddle, weaver: &mut Weaver) -> Option<Puzzle> {
    let Some(fence) = &riddle.stage else {
        weaver.slips.say(riddle.line, "A puzzle has a scenario.");
        return None;
    };
    let stage = stage(fence, weaver);
    let html = weaver.prose(&riddle.prose, TEACHER);
    match judge::puzzle(riddle, &stage) {
        Ok(answers) => Some(Puzzle {
            html,
            text: stage.silent(),
            answers,
        }),
        Err((line, message)) => {
            weaver.slips.say(line, message);
            None
        }
    }
}
