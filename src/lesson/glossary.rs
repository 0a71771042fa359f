//! The words of the field, each explained once: `- **copy**, copies: a database that …`.
//!
//! Invariant: a word that a lesson uses is explained where the course uses it first.

use super::markdown::{Part, Slips, blocks};

/// A word, its other forms, and what it means.
#[derive(Debug)]
pub struct Entry {
    pub line: u32,
    /// In lower case, the one that names it first.
    pub forms: Vec<String>,
    pub meaning: String,
}

impl Entry {
    pub fn name(&self) -> &str {
        &self.forms[0]
    }
}

#[derive(Debug, Default)]
pub struct Glossary(pub Vec<Entry>);

impl Glossary {
    pub fn read(text: &str, slips: &mut Slips) -> Glossary {
        let mut entries = Vec::<Entry>::new();
        for block in blocks(text, slips) {
            let Part::List(items) = block.part else {
                continue;
            };
            for item in items {
                let example = || Some("- **copy**, copies: a database that …".to_string());
                let Some((words, meaning)) = item.source.split_once(": ") else {
                    slips.suggest(item.line, "A word, a colon, what it means.", example());
                    continue;
                };
                let forms = words.split(',').map(|form| form.trim_matches(['*', ' ']));
                let forms: Vec<String> = forms.map(str::to_lowercase).collect();
                if let Some(twice) = forms.iter().find(|form| find(&entries, form).is_some()) {
                    slips.say(item.line, format!("`{twice}` is explained twice."));
                    continue;
                }
                entries.push(Entry {
                    line: item.line,
                    forms,
                    meaning: meaning.to_string(),
                });
            }
        }
        Glossary(entries)
    }

    /// The place of the entry that explains this word.
    pub fn find(&self, word: &str) -> Option<usize> {
        find(&self.0, &word.to_lowercase())
    }

    /// The entries that plain text uses, by place, in order of the glossary.
    pub fn used(&self, text: &str) -> Vec<usize> {
        let text = text.to_lowercase();
        let uses = |entry: &Entry| entry.forms.iter().any(|form| holds(&text, form));
        let places = 0..self.0.len();
        places.filter(|place| uses(&self.0[*place])).collect()
    }
}

fn find(entries: &[Entry], word: &str) -> Option<usize> {
    let named = |entry: &Entry| entry.forms.iter().any(|form| form == word);
    entries.iter().position(named)
}

/// The words stand in the text as words of their own.
fn holds(text: &str, words: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '-';
    text.match_indices(words).any(|(at, _)| {
        !text[..at].ends_with(inside) && !text[at + words.len()..].starts_with(inside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_uses() {
        let mut slips = Slips {
            file: "glossary.md",
            all: Vec::new(),
        };
        let text = "# Words\n\n- **copy**, copies: one.\n- **quorum**: two: three.\n- no\n";
        let glossary = Glossary::read(text, &mut slips);
        assert_eq!(slips.all.len(), 1);
        assert_eq!(slips.all[0].line, 5);
        assert_eq!(glossary.0[1].meaning, "two: three.");
        assert_eq!(glossary.find("Copies"), Some(0));
        assert_eq!(glossary.used("Two Copies, no photocopy"), [0]);
        assert!(glossary.used("a quorum-like thing").is_empty());
    }
}
