//! Markdown taken apart: the blocks of a file, each with its line.
//!
//! Invariant: no file brings HTML of its own; the reader is told, and the tag is left out.

use super::Slip;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

/// What stands in a file from one blank line to the next.
#[derive(Clone, Debug)]
pub struct Block {
    pub line: u32,
    /// As typed, without the space after it.
    pub source: String,
    pub part: Part,
}

#[derive(Clone, Debug)]
pub enum Part {
    Heading(u8),
    List(Vec<Item>),
    /// A fence: what is written behind its ticks, and what stands in it.
    Fence(String, String),
    /// A paragraph, or whatever else is only prose.
    Prose,
}

/// An item of a list, on one line and without its mark.
#[derive(Clone, Debug)]
pub struct Item {
    pub line: u32,
    pub source: String,
}

/// Collects what is wrong with one file.
pub struct Slips<'a> {
    pub file: &'a str,
    pub all: Vec<Slip>,
}

impl Slips<'_> {
    pub fn say(&mut self, line: u32, message: impl Into<String>) {
        self.suggest(line, message, None);
    }

    pub fn suggest(&mut self, line: u32, message: impl Into<String>, suggestion: Option<String>) {
        self.all.push(Slip {
            file: self.file.to_string(),
            line,
            message: message.into(),
            suggestion,
        });
    }
}

pub fn blocks(text: &str, slips: &mut Slips) -> Vec<Block> {
    let line_of = |at: usize| text[..at].matches('\n').count() as u32 + 1;
    let (mut blocks, mut depth) = (Vec::<Block>::new(), 0);
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                let line = line_of(range.start);
                if depth == 0 {
                    blocks.push(Block {
                        line,
                        source: text[range].trim_end().to_string(),
                        part: part(&tag),
                    });
                } else if let (1, Tag::Item, Some(Part::List(items))) =
                    (depth, &tag, blocks.last_mut().map(|block| &mut block.part))
                {
                    let source = item(&text[range]);
                    items.push(Item { line, source });
                }
                depth += 1;
            }
            Event::End(_) => depth -= 1,
            Event::Text(typed) if depth == 1 => {
                if let Some(Part::Fence(_, inside)) = blocks.last_mut().map(|block| &mut block.part)
                {
                    inside.push_str(&typed);
                }
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                slips.say(line_of(range.start), "There is no HTML in a lesson.");
            }
            _ => {}
        }
    }
    blocks
}

fn part(tag: &Tag) -> Part {
    match tag {
        Tag::Heading { level, .. } => Part::Heading(*level as u8),
        Tag::List(_) => Part::List(Vec::new()),
        Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
            Part::Fence(info.trim().to_string(), String::new())
        }
        _ => Part::Prose,
    }
}

/// `- a\n  b` is `a b`.
fn item(source: &str) -> String {
    let inside = source.trim_start_matches(|c: char| c.is_ascii_digit());
    let inside = inside.trim_start_matches(['-', '*', '+', '.', ')']);
    let words: Vec<&str> = inside.split_whitespace().collect();
    words.join(" ")
}

/// The text of a heading: `## Recall` is `Recall`.
pub fn heading(source: &str) -> &str {
    source.trim_matches('#').trim()
}

/// `Hint: look twice` is a hint, `look twice`.
pub fn labelled<'a>(source: &'a str, label: &str) -> Option<&'a str> {
    let rest = source.strip_prefix(label)?.strip_prefix(':')?;
    Some(rest.trim_start())
}

/// What stands in ticks: `a`, and `b`.
pub fn codes(source: &str) -> Vec<String> {
    let mut codes = source.split('`').skip(1).step_by(2);
    let ends = source.matches('`').count() / 2;
    codes.by_ref().take(ends).map(str::to_string).collect()
}

/// Words, and the codes after the colon behind them: "Nothing: `a`, `b`".
pub fn words_and_codes(source: &str) -> (&str, Vec<String>) {
    let Some(at) = source.find(": `") else {
        return (source, Vec::new());
    };
    let tail = &source[at + 1..];
    let plain: String = tail.split('`').step_by(2).collect();
    if plain.trim_matches([' ', ',', '.']).is_empty() {
        (&source[..at], codes(tail))
    } else {
        (source, Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_words_and_codes() {
        let check = |source, words: &str, codes: &[&str]| {
            let (found, behind) = words_and_codes(source);
            assert_eq!(found, words);
            assert_eq!(behind, codes);
        };
        check("Nothing", "Nothing", &[]);
        check("Nothing: `a`", "Nothing", &["a"]);
        check("Both: `a`, `b: c`.", "Both", &["a", "b: c"]);
        check("With `keys` he sees: `a`", "With `keys` he sees", &["a"]);
        check("It is: `a` or so", "It is: `a` or so", &[]);
        assert_eq!(codes("Done when: `a b`, `c`"), ["a b", "c"]);
    }

    #[test]
    fn blocks_know_their_lines() {
        let text = "# One\n\nTwo\nlines\n\n- [x] a\n  b\n- c\n\n```lagoon x\nd\n```\n\n<b>no</b>\n";
        let mut slips = Slips {
            file: "a.md",
            all: Vec::new(),
        };
        let blocks = blocks(text, &mut slips);
        let lines: Vec<u32> = blocks.iter().map(|block| block.line).collect();
        assert_eq!(lines, [1, 3, 6, 10, 14]);
        assert!(matches!(&blocks[2].part, Part::List(items)
            if items[0].source == "[x] a b" && items[1].line == 8));
        assert!(matches!(&blocks[3].part, Part::Fence(info, text)
            if info == "lagoon x" && text == "d\n"));
        assert_eq!(slips.all[0].line, 14);
    }
}
