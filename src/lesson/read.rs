//! The notation of a lesson: which heading begins what (docs/writing-lessons.md).
//!
//! Invariant: a file is read to its end; what cannot be used is told with its line, and left out.

use super::Slip;
use super::markdown::{
    Block, Item, Part, Slips, blocks, codes, heading, labelled, words_and_codes,
};

/// A paragraph, or what else stands in one block, as typed.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub line: u32,
    pub source: String,
}

pub type Prose = Vec<Said>;

/// A scenario in a fence.
#[derive(Clone, Debug)]
pub struct Fence {
    pub line: u32,
    pub text: String,
}

/// A lesson as it is typed.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub title: Said,
    pub minutes: u32,
    pub idea: Said,
    pub recall: Option<Asked>,
    pub pages: Vec<Leaf>,
    pub why: Prose,
    pub sources: Vec<Said>,
    pub sentence: Prose,
    pub teacher: ForTeacher,
}

#[derive(Clone, Debug, Default)]
pub struct Leaf {
    pub title: Said,
    pub prose: Prose,
    pub stage: Option<Fence>,
    pub curtained: bool,
    pub bet: Option<Asked>,
    pub task: Option<ToDo>,
}

/// A question.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub line: u32,
    /// The file of the lesson that it recalls.
    pub from: Option<String>,
    pub question: Prose,
    pub stage: Option<Fence>,
    pub answers: Vec<Choice>,
    pub why: Prose,
}

#[derive(Clone, Debug)]
pub struct Choice {
    pub said: Said,
    /// `[x]` or `[ ]` in front: the writer says whether it is right.
    pub marked: Option<bool>,
    /// What makes it right: claims, and lines that the text is given for them.
    pub codes: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub struct ToDo {
    pub line: u32,
    pub prose: Prose,
    pub claims: Vec<String>,
    pub seeds: u32,
    /// Lines that may not be taken away.
    pub stays: Vec<String>,
    pub hints: Vec<Said>,
    pub solutions: Vec<(Said, Fence)>,
}

#[derive(Clone, Debug, Default)]
pub struct ForTeacher {
    pub line: u32,
    pub objective: Said,
    pub misconception: Said,
    pub questions: Vec<Asked>,
    pub elsewhere: Prose,
    pub puzzle: Option<Riddle>,
}

#[derive(Clone, Debug)]
pub struct Riddle {
    pub line: u32,
    pub prose: Prose,
    pub stage: Option<Fence>,
    pub answer: String,
}

/// A heading and what stands below it.
struct Section {
    level: u8,
    said: Said,
    blocks: Vec<Block>,
}

/// Reads a lesson; the slips say what is wrong.
pub fn draft(file: &str, text: &str) -> (Draft, Vec<Slip>) {
    let mut reader = Reader {
        slips: Slips {
            file,
            all: Vec::new(),
        },
        draft: Draft::default(),
        within: Within::Nothing,
    };
    let all = blocks(text, &mut reader.slips);
    for section in sections(all) {
        reader.section(section);
    }
    reader.complete();
    (reader.draft, reader.slips.all)
}

/// The questions of an inventory: each a heading, the question, its answers, and why.
pub fn inventory(file: &str, text: &str) -> (Vec<Asked>, Vec<Slip>) {
    let mut slips = Slips {
        file,
        all: Vec::new(),
    };
    let all = blocks(text, &mut slips);
    let below = sections(all)
        .into_iter()
        .filter(|section| section.level == 2);
    let questions = below.map(|section| asked(section.said.line, section.blocks, &mut slips));
    let questions = questions.collect();
    (questions, slips.all)
}

fn sections(blocks: Vec<Block>) -> Vec<Section> {
    let mut sections = Vec::<Section>::new();
    for block in blocks {
        match (&block.part, sections.last_mut()) {
            (Part::Heading(level), _) => sections.push(Section {
                level: *level,
                said: Said {
                    line: block.line,
                    source: heading(&block.source).to_string(),
                },
                blocks: Vec::new(),
            }),
            (_, Some(section)) => section.blocks.push(block),
            // What stands above the title is nobody's.
            (_, None) => {}
        }
    }
    sections
}

/// Headings of level 2 that mean something.
const HEADINGS: [&str; 3] = ["Why it matters", "In your own words", "For the teacher"];

/// What stands before a colon in a task.
const LABELS: [&str; 4] = ["Done when", "Stays", "Hint", "Solution"];

/// Whether one was probably meant by the other: they begin alike, and few letters differ.
fn alike(said: &str, known: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace(" the ", " ");
    let (said, known) = (plain(said), plain(known));
    let same = said
        .chars()
        .zip(known.chars())
        .take_while(|(one, other)| one == other)
        .count();
    same >= 4 && said.len().abs_diff(same) <= 6 && known.len() - same <= 4
}

/// The heading of level 2 below which we are.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Nothing,
    Recall,
    Page,
    Why,
    Sentence,
    Teacher,
}

struct Reader<'a> {
    slips: Slips<'a>,
    draft: Draft,
    within: Within,
}

impl Reader<'_> {
    fn section(&mut self, section: Section) {
        match (section.level, self.within, section.said.source.as_str()) {
            (1, ..) => self.top(section),
            (2, ..) => self.second(section),
            (3, Within::Page, "Bet") => {
                let asked = asked(section.said.line, section.blocks, &mut self.slips);
                self.once(asked, |page| &mut page.bet);
            }
            (3, Within::Page, "Task") => {
                let todo = self.todo(section);
                self.once(todo, |page| &mut page.task);
            }
            (3, Within::Teacher, "Question") => {
                let asked = asked(section.said.line, section.blocks, &mut self.slips);
                self.draft.teacher.questions.push(asked);
            }
            (3, Within::Teacher, "Elsewhere") => {
                self.draft.teacher.elsewhere = prose(section.blocks);
            }
            (3, Within::Teacher, "Puzzle") => {
                self.draft.teacher.puzzle = Some(self.riddle(section));
            }
            (_, within, _) => {
                let known = match within {
                    Within::Page => "### Bet or ### Task",
                    Within::Teacher => "### Question, ### Elsewhere or ### Puzzle",
                    _ => "a page, with ##",
                };
                let message = "Nothing of this name stands here.";
                self.slips
                    .suggest(section.said.line, message, Some(known.to_string()));
            }
        }
    }

    fn once<T>(&mut self, new: T, place: fn(&mut Leaf) -> &mut Option<T>) {
        if let Some(page) = self.draft.pages.last_mut()
            && place(page).replace(new).is_some()
        {
            let message = "One bet and one task to a page.";
            self.slips.say(page.title.line, message);
        }
    }

    fn top(&mut self, section: Section) {
        self.draft.title = section.said;
        for (key, said) in facts(&section.blocks) {
            match key.as_str() {
                "Minutes" => match said.source.parse() {
                    Ok(minutes @ 1..=9) => self.draft.minutes = minutes,
                    _ => self
                        .slips
                        .say(said.line, "Minutes are a number from 1 to 9."),
                },
                "Idea" => self.draft.idea = said,
                _ => self
                    .slips
                    .say(said.line, "A lesson begins with Minutes and Idea."),
            }
        }
    }

    fn second(&mut self, section: Section) {
        let own = section.said.source.clone();
        let first = |text: &str| text.split(' ').next().unwrap_or_default().to_lowercase();
        let meant = HEADINGS
            .iter()
            .find(|known| own != **known && first(&own) == first(known) && alike(&own, known));
        if let Some(known) = meant {
            let message = format!("`## {own}` is a page like all others.");
            let help = Some(format!("## {known}"));
            self.slips.suggest(section.said.line, message, help);
        }
        let title = meant.map_or(own.as_str(), |known| known);
        self.within = match title {
            "Why it matters" => {
                for said in prose(section.blocks) {
                    match labelled(&said.source, "Source") {
                        Some(source) => self.draft.sources.push(Said {
                            line: said.line,
                            source: source.to_string(),
                        }),
                        None => self.draft.why.push(said),
                    }
                }
                Within::Why
            }
            "In your own words" => {
                self.draft.sentence = prose(section.blocks);
                Within::Sentence
            }
            "For the teacher" => {
                self.teacher(section);
                Within::Teacher
            }
            _ if title.starts_with("Recall") => {
                let from = title
                    .split("](")
                    .nth(1)
                    .and_then(|rest| rest.split(')').next());
                let mut asked = asked(section.said.line, section.blocks, &mut self.slips);
                asked.from = from.map(str::to_string);
                self.draft.recall = Some(asked);
                Within::Recall
            }
            _ => {
                self.page(section);
                Within::Page
            }
        };
    }

    fn page(&mut self, section: Section) {
        let mut page = Leaf {
            title: section.said,
            ..Leaf::default()
        };
        for block in section.blocks {
            match &block.part {
                Part::Fence(info, text) if is_lagoon(info) => {
                    page.curtained = info == "lagoon curtained";
                    if !page.curtained && info != "lagoon" {
                        let message = "On a page stands `lagoon` or `lagoon curtained`.";
                        self.slips.say(block.line, message);
                    }
                    if page.stage.is_some() {
                        self.slips.say(block.line, "One scenario to a page.");
                    }
                    page.stage = Some(Fence {
                        line: block.line,
                        text: text.trim_end().to_string(),
                    });
                }
                Part::Fence(info, _) => {
                    let message = format!("A fence marked `{info}` is not shown.");
                    self.slips
                        .suggest(block.line, message, Some("```lagoon".to_string()));
                }
                _ => page.prose.push(said(block)),
            }
        }
        self.draft.pages.push(page);
    }

    fn teacher(&mut self, section: Section) {
        self.draft.teacher.line = section.said.line;
        for (key, said) in facts(&section.blocks) {
            match key.as_str() {
                "Objective" => self.draft.teacher.objective = said,
                "Misconception" => self.draft.teacher.misconception = said,
                _ => self
                    .slips
                    .say(said.line, "For the teacher: Objective and Misconception."),
            }
        }
    }

    fn todo(&mut self, section: Section) -> ToDo {
        let mut todo = ToDo {
            line: section.said.line,
            seeds: 1,
            ..ToDo::default()
        };
        let mut solution = None;
        for block in section.blocks {
            let label = |label| {
                labelled(&block.source, label).map(|rest| Said {
                    line: block.line,
                    source: rest.to_string(),
                })
            };
            if let Part::Fence(_, text) = &block.part {
                let fence = Fence {
                    line: block.line,
                    text: text.trim_end().to_string(),
                };
                match solution.take() {
                    Some(said) => todo.solutions.push((said, fence)),
                    None => self.slips.suggest(
                        block.line,
                        "A scenario of a task is one of its solutions.",
                        Some("Solution: what it does, and then the fence".to_string()),
                    ),
                }
            } else if let Some(hint) = label("Hint") {
                todo.hints.push(hint);
            } else if let Some(said) = label("Solution") {
                solution = Some(said);
            } else if block.source.starts_with("Done when") {
                todo.claims = codes(&block.source);
                todo.seeds = seeds(&block.source);
            } else if block.source.starts_with("Stays:") {
                todo.stays.extend(codes(&block.source));
            } else {
                let word = block.source.split(':').next().unwrap_or_default();
                let meant = LABELS.iter().find(|label| alike(word, label));
                if let Some(label) = meant.filter(|_| block.source.contains(':')) {
                    let message = format!("`{word}:` is no label of a task.");
                    self.slips
                        .suggest(block.line, message, Some(format!("{label}:")));
                }
                todo.prose.push(said(block));
            }
        }
        todo
    }

    fn riddle(&mut self, section: Section) -> Riddle {
        let mut riddle = Riddle {
            line: section.said.line,
            prose: Vec::new(),
            stage: None,
            answer: String::new(),
        };
        for block in section.blocks {
            match (&block.part, labelled(&block.source, "Answer")) {
                (Part::Fence(_, text), _) => {
                    riddle.stage = Some(Fence {
                        line: block.line,
                        text: text.trim_end().to_string(),
                    });
                }
                (_, Some(answer)) => riddle.answer = answer.replace('\n', " "),
                _ => riddle.prose.push(said(block)),
            }
        }
        riddle
    }

    /// What every lesson has.
    fn complete(&mut self) {
        let draft = &self.draft;
        let teacher = &draft.teacher;
        let needed = [
            (
                !draft.title.source.is_empty(),
                1,
                "a title: # A book is gone",
            ),
            (
                draft.minutes > 0,
                1,
                "its minutes, below the title: - Minutes: 3",
            ),
            (
                !draft.idea.source.is_empty(),
                1,
                "its idea, below the title: - Idea: …",
            ),
            (!draft.pages.is_empty(), 1, "a page: ## Bob looks"),
            (!draft.why.is_empty(), 1, "## Why it matters"),
            (
                !draft.sources.is_empty(),
                1,
                "below Why it matters, Source: author, title, year",
            ),
            (!draft.sentence.is_empty(), 1, "## In your own words"),
            (teacher.line > 0, 1, "## For the teacher"),
            (
                !teacher.objective.source.is_empty(),
                teacher.line,
                "- Objective: …",
            ),
            (
                !teacher.misconception.source.is_empty(),
                teacher.line,
                "- Misconception: …",
            ),
            (
                teacher.questions.len() >= 3,
                teacher.line,
                "three times ### Question",
            ),
            (!teacher.elsewhere.is_empty(), teacher.line, "### Elsewhere"),
        ];
        for (there, line, what) in needed {
            if !there {
                let message = "Something is missing.";
                self.slips
                    .suggest(line.max(1), message, Some(what.to_string()));
            }
        }
    }
}

fn is_lagoon(info: &str) -> bool {
    info.split_whitespace().next() == Some("lagoon")
}

fn said(block: Block) -> Said {
    Said {
        line: block.line,
        source: block.source,
    }
}

fn prose(blocks: Vec<Block>) -> Prose {
    blocks.into_iter().map(said).collect()
}

/// `- Minutes: 3`.
fn facts(blocks: &[Block]) -> Vec<(String, Said)> {
    let items = blocks.iter().filter_map(|block| match &block.part {
        Part::List(items) => Some(items),
        _ => None,
    });
    let fact = |item: &Item| {
        let (key, rest) = item.source.split_once(": ").unwrap_or(("", &item.source));
        let said = Said {
            line: item.line,
            source: rest.to_string(),
        };
        (key.to_string(), said)
    };
    items.flatten().map(fact).collect()
}

/// `Done when, with 20 seeds: …`; 1 where nothing is said.
fn seeds(source: &str) -> u32 {
    let before = source.split('`').next().unwrap_or_default();
    let number = before.split_whitespace().find_map(|word| word.parse().ok());
    number.unwrap_or(1)
}

/// A question: prose and a scenario, then the answers, then why.
fn asked(line: u32, blocks: Vec<Block>, slips: &mut Slips) -> Asked {
    let mut asked = Asked {
        line,
        ..Asked::default()
    };
    for block in blocks {
        match &block.part {
            Part::Fence(info, text) if is_lagoon(info) => {
                asked.stage = Some(Fence {
                    line: block.line,
                    text: text.trim_end().to_string(),
                });
            }
            Part::List(items) if asked.answers.is_empty() => {
                asked.answers = items.iter().map(choice).collect();
            }
            _ if asked.answers.is_empty() => asked.question.push(said(block)),
            _ => asked.why.push(said(block)),
        }
    }
    if asked.question.is_empty() || asked.answers.is_empty() {
        slips.say(
            line,
            "A question is a sentence, and below it a list of answers.",
        );
    }
    if asked.why.is_empty() {
        slips.say(line, "Below the answers stands why.");
    }
    asked
}

fn choice(item: &Item) -> Choice {
    let (marked, rest) = match item.source.get(..4) {
        Some("[x] ") => (Some(true), &item.source[4..]),
        Some("[ ] ") => (Some(false), &item.source[4..]),
        _ => (None, item.source.as_str()),
    };
    let (words, codes) = words_and_codes(rest);
    Choice {
        said: Said {
            line: item.line,
            source: words.to_string(),
        },
        marked,
        codes,
    }
}
