//! How much room a label takes: an estimate, since the picture knows no font.
//!
//! Invariant: on the safe side. The widths are those of a wide bold face (Arial's) and a reserve,
//! above what Segoe UI, SF, Roboto and Liberation Sans need, so that what is said to fit does fit.

/// The size of every label in px, with the reserve for wider faces.
const SIZE: f32 = 12.0 * 1.05;

/// The width of a label in bold type, rounded up.
#[inline(never)]
pub fn whole(text: &str) -> i32 {
    width(text).ceil() as i32
}

/// The width of a label in bold type.
#[inline(never)]
pub fn width(text: &str) -> f32 {
    text.chars().map(em).sum::<f32>() * SIZE
}

fn em(letter: char) -> f32 {
    match letter {
        'i' | 'j' | 'l' | '.' | ',' | '\'' | ' ' => 0.28,
        'f' | 't' | 'r' | '-' | '(' | ')' | ':' => 0.36,
        'a' | 'c' | 'e' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | '0'..='9' => 0.56,
        'm' | 'M' | 'W' | '…' => 0.95,
        'w' | 'A'..='Z' => 0.73,
        _ => 0.62,
    }
}

/// The first of these texts that fits; they stand from the longest to the shortest.
pub fn fitting<const N: usize>(texts: [String; N], room: f32) -> Option<String> {
    texts.into_iter().find(|text| width(text) <= room)
}

/// The same, to whole pixels.
#[inline(never)]
pub fn cut_to(text: &str, room: i32) -> String {
    cut(text, room as f32)
}

/// The text, cut with an ellipsis where it does not fit.
#[inline(never)]
pub fn cut(text: &str, room: f32) -> String {
    if width(text) <= room {
        return text.to_string();
    }
    let mut used = em('…') * SIZE;
    let fits = |letter: &char| {
        used += em(*letter) * SIZE;
        used <= room
    };
    text.chars().take_while(fits).chain(['…']).collect()
}
