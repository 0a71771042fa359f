//! Numbers as SVG wants them, to a tenth of a pixel.
//!
//! The standard library's formatting of floats weighs some 8 KB in the page, so none is used.

/// A length: `12`, `12.5`, `-0.3`.
pub fn px(length: f32) -> String {
    let tenths = (length * 10.0 + if length < 0.0 { -0.5 } else { 0.5 }) as i32;
    let (whole, part) = (tenths / 10, tenths.abs() % 10);
    let sign = if tenths < 0 && whole == 0 { "-" } else { "" };
    match part {
        0 => whole.to_string(),
        part => format!("{sign}{whole}.{part}"),
    }
}

/// A `transform` to this place.
pub fn translate(x: f32, y: f32) -> String {
    format!("translate({} {})", px(x), px(y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_to_a_tenth() {
        for (length, text) in [
            (0.0, "0"),
            (12.04, "12"),
            (12.05, "12.1"),
            (-0.31, "-0.3"),
            (-7.96, "-8"),
        ] {
            assert_eq!(px(length), text);
        }
    }
}
