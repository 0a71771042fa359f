//! SVG as text: what has no listeners is written in one piece, for the page or for a file.
//!
//! A written picture costs a fraction of the code and of the time that elements of Yew cost, and a
//! redraw compares one string. Invariant: only literals of the source stand in it as they are;
//! whatever else is text is escaped. The standard library's formatting of floats weighs some 8 KB
//! in the page, so none is used.

/// A picture in the making.
#[derive(Default)]
pub struct Svg(String);

impl Svg {
    pub fn new() -> Svg {
        Svg::default()
    }

    /// Markup as the source has it.
    #[inline(never)]
    pub fn raw(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// What another picture wrote.
    pub fn written(&mut self, picture: &str) {
        self.0.push_str(picture);
    }

    /// Text, as text, also inside of quotes.
    #[inline(never)]
    pub fn text(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '"' => self.0.push_str("&quot;"),
                letter => self.0.push(letter),
            }
        }
    }

    /// A whole number, such as a moment.
    #[inline(never)]
    pub fn whole(&mut self, number: u64) {
        if number >= 10 {
            self.whole(number / 10);
        }
        self.0.push(char::from(b'0' + (number % 10) as u8));
    }

    /// A length: `12`, `12.5`, `-0.3`, to a tenth.
    #[inline(never)]
    pub fn px(&mut self, length: f32) {
        let tenths = (length.abs() * 10.0 + 0.5) as u32;
        if length < 0.0 && tenths > 0 {
            self.raw("-");
        }
        self.whole(u64::from(tenths / 10));
        if !tenths.is_multiple_of(10) {
            self.raw(".");
            self.whole(u64::from(tenths % 10));
        }
    }

    /// Lengths with spaces between, after this.
    #[inline(never)]
    pub fn list(&mut self, before: &'static str, lengths: &[f32]) {
        for (nth, length) in lengths.iter().enumerate() {
            self.raw(if nth == 0 { before } else { " " });
            self.px(*length);
        }
    }

    #[inline(never)]
    pub fn attr(&mut self, name: &'static str, value: &str) {
        self.raw(" ");
        self.raw(name);
        self.raw("=\"");
        self.text(value);
        self.raw("\"");
    }

    /// Attributes that are lengths.
    #[inline(never)]
    pub fn lengths(&mut self, names: &[&'static str], lengths: &[f32]) {
        for (name, length) in names.iter().zip(lengths) {
            self.raw(" ");
            self.raw(name);
            self.list("=\"", &[*length]);
            self.raw("\"");
        }
    }

    /// A group of a class, and the state that CSS knows it by.
    #[inline(never)]
    pub fn group(&mut self, class: &'static str, state: &'static str) {
        self.raw("<g");
        self.attr("class", class);
        if !state.is_empty() {
            self.attr("data-state", state);
        }
        self.raw(">");
    }

    pub fn end(&mut self) {
        self.raw("</g>");
    }

    /// What is shown where the pointer rests.
    #[inline(never)]
    pub fn title(&mut self, text: &str) {
        self.raw("<title>");
        self.text(text);
        self.raw("</title>");
    }

    /// A group around another point.
    #[inline(never)]
    pub fn at(&mut self, x: f32, y: f32) {
        self.list("<g transform=\"translate(", &[x, y]);
        self.raw(")\">");
    }

    /// A rectangle; what it is filled with may be a pattern.
    #[inline(never)]
    pub fn rect(&mut self, class: &'static str, place: [f32; 4], radius: f32, fill: &str) {
        self.raw("<rect");
        if !class.is_empty() {
            self.attr("class", class);
        }
        self.lengths(&["x", "y", "width", "height"], &place);
        self.lengths(&["rx"], &[radius]);
        if !fill.is_empty() {
            self.attr("fill", &["url(#", fill, ")"].concat());
        }
        self.raw("/>");
    }

    #[inline(never)]
    pub fn line(&mut self, class: &'static str, ends: [f32; 4]) {
        self.raw("<line");
        self.attr("class", class);
        self.lengths(&["x1", "y1", "x2", "y2"], &ends);
        self.raw("/>");
    }

    #[inline(never)]
    pub fn path(&mut self, class: &'static str, d: &str) {
        self.raw("<path");
        if !class.is_empty() {
            self.attr("class", class);
        }
        self.attr("d", d);
        self.raw("/>");
    }

    /// The start of a text; its words and `</text>` follow.
    #[inline(never)]
    pub fn words_at(&mut self, class: &'static str, x: f32, y: f32) {
        self.raw("<text");
        if !class.is_empty() {
            self.attr("class", class);
        }
        self.lengths(&["x", "y"], &[x, y]);
        self.raw(">");
    }

    /// A text.
    #[inline(never)]
    pub fn label(&mut self, class: &'static str, x: f32, y: f32, text: &str) {
        self.words_at(class, x, y);
        self.text(text);
        self.raw("</text>");
    }

    pub fn string(self) -> String {
        self.0
    }
}

/// A length: `12`, `12.5`, `-0.3`.
pub fn px(length: f32) -> String {
    let mut svg = Svg::new();
    svg.px(length);
    svg.0
}

/// A `transform` to this place.
pub fn translate(x: f32, y: f32) -> String {
    let mut svg = Svg::new();
    svg.list("translate(", &[x, y]);
    svg.raw(")");
    svg.0
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
            (-0.04, "0"),
            (-7.96, "-8"),
        ] {
            assert_eq!(px(length), text);
        }
    }

    #[test]
    fn text_stays_text() {
        let mut svg = Svg::new();
        svg.path("", "\"><script>&");
        assert_eq!(svg.string(), r#"<path d="&quot;>&lt;script>&amp;"/>"#);
    }
}
