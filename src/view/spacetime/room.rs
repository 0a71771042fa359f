//! How much room a label takes: an estimate above what the wider system faces need.
//!
//! Invariant: never below the measured width of Segoe UI, SF, Roboto or Liberation Sans at this
//! size, so that a label that is said to fit does fit.

/// The size of every label, in px.
const SIZE: f32 = 12.0;

/// The width of a label in bold type.
pub fn width(text: &str) -> f32 {
    text.chars().map(em).sum::<f32>() * SIZE
}

fn em(letter: char) -> f32 {
    match letter {
        'i' | 'j' | 'l' | '.' | ',' | ':' | '\'' | '|' | ' ' => 0.33,
        'f' | 't' | 'r' | '-' | '(' | ')' => 0.44,
        'm' | 'w' | 'M' | 'W' | '…' => 0.95,
        'A'..='Z' => 0.74,
        _ => 0.63,
    }
}

/// The first of these texts that fits; they stand from the longest to the shortest.
pub fn fitting<const N: usize>(texts: [String; N], room: f32) -> Option<String> {
    texts.into_iter().find(|text| width(text) <= room)
}

/// The text, cut with an ellipsis where it does not fit.
pub fn cut(text: &str, room: f32) -> String {
    if width(text) <= room {
        return text.to_string();
    }
    let mut short = String::new();
    let mut used = em('…') * SIZE;
    for letter in text.chars() {
        used += em(letter) * SIZE;
        if used > room {
            break;
        }
        short.push(letter);
    }
    short + "…"
}
