//! The course: every claim of every lesson, and a checker that finds what is wrong.

use lagoon::lesson::{Course, Source, course, differences};
use std::path::Path;

fn english() -> Vec<Source> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons/en");
    let files = std::fs::read_dir(folder).expect("the English lessons");
    let mut sources: Vec<Source> = files
        .map(|file| {
            let path = file.expect("a file").path();
            Source {
                text: std::fs::read_to_string(&path).expect("a text"),
                path: path.file_name().unwrap().to_string_lossy().into_owned(),
            }
        })
        .collect();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

/// What is wrong with one lesson of the course when a text in it is changed.
fn slips(changed: &str, to: &str) -> Vec<String> {
    let mut sources = english();
    sources.retain(|source| source.text.contains(changed) || source.path == "glossary.md");
    let found: usize = sources
        .iter()
        .map(|source| source.text.matches(changed).count())
        .sum();
    assert_eq!(found, 1, "{changed}");
    for source in &mut sources {
        source.text = source.text.replace(changed, to);
    }
    let (_, slips) = course("en", &sources);
    slips.iter().map(|slip| slip.to_string()).collect()
}

fn whole() -> Course {
    let (course, slips) = course("en", &english());
    let slips: Vec<String> = slips.iter().map(|slip| slip.to_string()).collect();
    assert_eq!(slips, Vec::<String>::new());
    course
}

#[test]
fn every_claim_of_every_lesson_is_so() {
    let course = whole();
    for lesson in &course.lessons {
        assert!(
            lesson
                .pages
                .iter()
                .any(|page| page.bet.is_some() || page.task.is_some()),
            "{}: there is something to do",
            lesson.id
        );
        for bet in lesson.pages.iter().filter_map(|page| page.bet.as_ref()) {
            let right = bet.answers.iter().filter(|answer| answer.right).count();
            assert_eq!(right, usize::from(bet.number.is_none()), "{}", lesson.id);
        }
    }
}

/// A change to a lesson on purpose, and the message that names the place.
#[test]
fn what_is_wrong_with_a_lesson_is_told_with_its_place() {
    for (changed, to, expect) in [
        (
            "background\nlag: 5ms\n",
            "background\nlag: 500ms\n",
            "This does not do the task (seed 1).",
        ),
        (
            "expect fresh violated\n```\n\nAs soon as",
            "expect fresh holds\n```\n\nAs soon as",
            "The run does not do this: expect fresh holds",
        ),
        (
            "- The book: `expect bob view 1 shows book`\n- An empty cart: `expect bob view 1 \
             shows nothing`\n- It depends on luck: `luck`\n\nThe window",
            "- The book: `expect bob view 1 shows book`\n- An empty cart: `expect bob view 1 \
             shows nothing`\n\nThe window",
            "It depends on the seed. Try: - It depends on luck: `luck`",
        ),
        (
            "`expect bob view 1 shows nothing; expect fresh violated`",
            "`expect bob view 1 shows nothing; expect fresh holds`",
            "It is not so: `expect bob view 1 shows nothing; expect fresh holds` (seed 1).",
        ),
        (
            "`lag: 200ms; expect bob view 1 shows book`",
            "`expect bob view 1 shows book`",
            "It is not so: `expect bob view 1 shows book` (seed 2).",
        ),
        (
            " `lag: 200ms; expect bob view 1 shows book` Bob\nsees",
            " Bob\nsees",
            "Nothing holds what is said after the bet to its run. Try: `expect bob view 1 shows \
             book` behind the sentence that says so",
        ),
    ] {
        let told = slips(changed, to);
        let named = |slip: &String| {
            slip.starts_with("03-the-window.md:") && slip.ends_with(&[": ", expect].concat())
        };
        assert!(told.iter().any(named), "{told:#?}");
    }
}

/// The complete lesson of docs/writing-lessons.md, and what is wrong when a part of it is another.
mod the_lesson_of_the_docs {
    use super::*;

    const GUIDE: &str = include_str!("../docs/writing-lessons.md");

    fn slips(changed: &str, to: &str) -> Vec<String> {
        let lesson = GUIDE.split("````").nth(1).expect("a lesson in the guide");
        let lesson = lesson.strip_prefix("markdown\n").expect("marked so");
        assert_eq!(lesson.matches(changed).count(), 1, "{changed}");
        let source = |path: &str, text: &str| Source {
            path: path.to_string(),
            text: text.to_string(),
        };
        let sources = [
            source("01-a.md", &lesson.replace(changed, to)),
            source("glossary.md", "- **stale**: lacks a change that was out.\n"),
        ];
        let (_, slips) = course("en", &sources);
        slips.iter().map(|slip| slip.to_string()).collect()
    }

    /// Wherever a file ends, and whatever is written twice, it is read, and something is told.
    #[test]
    fn a_broken_file_is_told() {
        let lesson = GUIDE.split("````").nth(1).expect("a lesson");
        let lines: Vec<&str> = lesson.lines().skip(1).collect();
        for end in 0..lines.len() {
            let (half, rest) = lines.split_at(end);
            let odd = rest.iter().rev().copied().collect::<Vec<_>>();
            for text in [half.join("\n"), [half, &odd].concat().join("\n")] {
                let path = "01-a.md".to_string();
                let (_, slips) = course("en", &[Source { path, text }]);
                assert!(!slips.is_empty(), "{end}");
            }
        }
    }

    /// A translation has other words, and the same runs.
    #[test]
    fn a_translation_runs_the_same() {
        let made = |changed: &str, to: &str, path: &str| {
            let lesson = GUIDE.split("````").nth(1).expect("a lesson");
            let lesson = lesson.trim_start_matches("markdown");
            assert!(lesson.contains(changed), "{changed}");
            let text = lesson.replace(changed, to);
            let path = path.to_string();
            course("en", &[Source { path, text }]).0
        };
        let original = made("Bob", "Bob", "01-a.md");
        let check = |changed, to, path, expect: &[&str]| {
            let told = differences(&original, &made(changed, to, path));
            let told: Vec<&str> = told.iter().map(|slip| slip.message.as_str()).collect();
            assert_eq!(told, expect, "{to}");
        };
        check("Bob looks 200", "Bob schaut 200", "01-a.md", &[]);
        let drifted = "its scenarios, answers or claims are not those of the original.";
        check("200ms bob views", "300ms bob views", "01-a.md", &[drifted]);
        let unknown = "no lesson of this name is there to translate.";
        check("Bob", "Bob", "01-b.md", &[unknown]);
    }

    #[test]
    fn is_right_as_it_stands() {
        assert_eq!(
            slips("# A copy that", "# A copy that"),
            Vec::<String>::new()
        );
    }

    /// Each mistake, and the one message that it brings.
    #[test]
    fn a_mistake_is_told_with_its_line_and_what_to_do() {
        for (changed, to, expect) in [
            (
                "out of date for {bob view 1 staleness}",
                "out of date for 155 ms",
                "01-a.md:24: 155ms is typed, and does not stand in the scenario. \
                 Try: {bob view 1 staleness}",
            ),
            (
                "{bob view 1 shows}.",
                "{bob view 2 shows}.",
                "01-a.md:24: `bob view 2 shows`: nobody asked for this in the run, or it was \
                 never answered.",
            ),
            (
                "Bob looks 200 ms after her click.",
                "Bob looks {bob view 1 asked} after her click.",
                "01-a.md:14: A figure before a bet gives the run away.",
            ),
            (
                "- The book: `expect bob view 1 shows book`",
                "- A pen: `expect bob view 1 shows pen`",
                "",
            ),
            (
                "- An empty cart: `expect bob view 1 shows nothing`\n",
                "",
                "01-a.md:21: With seed 1 no answer is right.",
            ),
            (
                "- The book: `expect bob view 1 shows book`",
                "- An old cart: `expect fresh violated`",
                "01-a.md:22: With seed 1 both are right: An old cart, and: An empty cart",
            ),
            (
                "expect fresh violated\n",
                "expect fresh holds\n",
                "01-a.md:33: The run does not do this: expect fresh holds",
            ),
            (
                "200ms bob views\nexpect",
                "200ms bob veiws\nexpect",
                "01-a.md:32: `veiws` is nothing that a shopper does. Shoppers add, set, remove, \
                 view, buy and wait. Try: 200ms bob views",
            ),
            (
                "lag: 5ms",
                "lag: 1s",
                "01-a.md:50: This does not do the task (seed 1).",
            ),
            (
                "`expect bob view 1 shows book`, `expect alice waits under 100ms`",
                "`expect bob view 1 shows nothing`",
                "01-a.md:38: The task is done before it begins.",
            ),
            (
                "*stale*",
                "stale",
                "01-a.md:24: `stale` is used before the course explains it. \
                 Try: *stale* here, or in an earlier lesson",
            ),
            (
                "*stale*",
                "*rotten*",
                "01-a.md:24: `rotten` is marked as a word of the field, and not explained. \
                 Try: a line in glossary.md, or ** for what is only stressed",
            ),
            (
                "- [x] When Service 1 has the book",
                "- [ ] When Service 1 has the book",
                "01-a.md:72: One answer is right, and marked so: - [x] …",
            ),
            (
                "## In your own words",
                "## <b>In</b> your own words",
                "01-a.md:63: There is no HTML in a lesson.",
            ),
            (
                "### Elsewhere\n",
                "### Puzzle\n\nWho?\n\n```lagoon\nalice adds book\n```\n\nAnswer: \
                 {alice add 1 version}\n\n### Elsewhere\n",
                "01-a.md:105: Over 30 seeds it has 1 answers; a puzzle has 4.",
            ),
            (
                "Stays: `200ms bob views`",
                "Stays: `s2 crashes`",
                "01-a.md:38: `s2 crashes` cannot stay: the scenario does not have it.",
            ),
            (
                "lag: 5ms\nalice adds book\n200ms bob views",
                "lag: 5ms\nalice adds book\n300ms bob views",
                "01-a.md:50: This takes away what stays: `200ms bob views`",
            ),
            (
                "Hint: Look for",
                "Hints: Look for",
                "01-a.md:46: `Hints:` is no label of a task. Try: Hint:",
            ),
            (
                "## For the teacher",
                "## For teachers",
                "01-a.md:67: `## For teachers` is a page like all others. \
                 Try: ## For the teacher",
            ),
            (
                "```lagoon\nbackground\nalice adds book\n200ms bob views\n```",
                "```lagon\nbackground\nalice adds book\n200ms bob views\n```",
                "01-a.md:8: A fence marked `lagon` is not shown. Try: ```lagoon",
            ),
            (
                "- Minutes: 3",
                "- Minutes: long",
                "01-a.md:3: Minutes are a number from 1 to 9.",
            ),
        ] {
            let told = slips(changed, to);
            match expect {
                "" => assert_eq!(told, Vec::<String>::new(), "{to}"),
                _ => assert!(
                    told.iter().any(|slip| slip == expect),
                    "{expect}: {told:#?}"
                ),
            }
        }
    }
}
