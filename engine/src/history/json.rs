//! One JSON value of a file that anybody may have written.
//!
//! The page and the command line both read through here, so that both say the same of the same
//! file. Invariants: text is only ever text; nesting and so the stack are bounded; a value that
//! cannot be read is told with its column, and never panics.

use std::fmt::{Display, Formatter, Write};

/// A value. Numbers stay as they are written: values of a history are compared, never computed.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Lists and objects inside of each other.
const DEPTH: usize = 64;

impl Json {
    /// The one value of this text, or what is wrong and where: `column 7: …`.
    pub fn read(text: &str) -> Result<Json, String> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(DEPTH).and_then(|value| {
            reader.blanks();
            match reader.at == text.len() {
                true => Ok(value),
                false => Err("there is more after the value".to_string()),
            }
        });
        value.map_err(|what| {
            let before = text.get(..reader.at).unwrap_or(text);
            format!("column {}: {what}", before.chars().count() + 1)
        })
    }

    /// A field of an object; of several with this name the last.
    pub fn get(&self, name: &str) -> Option<&Json> {
        let Json::Object(fields) = self else {
            return None;
        };
        let same = fields.iter().rev().find(|(known, _)| known == name);
        same.map(|(_, value)| value)
    }

    /// A field that is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Json::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A whole number that fits.
    pub fn whole<T: std::str::FromStr>(&self) -> Option<T> {
        match self {
            Json::Number(number) => number.parse().ok(),
            _ => None,
        }
    }

    pub fn list(&self) -> &[Json] {
        match self {
            Json::List(all) => all,
            _ => &[],
        }
    }

    pub fn fields(&self) -> &[(String, Json)] {
        match self {
            Json::Object(fields) => fields,
            _ => &[],
        }
    }

    /// A value as text of its own; `None` for null.
    pub fn plain(&self) -> Option<String> {
        match self {
            Json::Null => None,
            Json::Text(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }
}

/// As JSON, on one line.
impl Display for Json {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let comma = |f: &mut Formatter<'_>, nth| f.write_str(if nth == 0 { "" } else { "," });
        match self {
            Json::Null => f.write_str("null"),
            Json::Bool(yes) => f.write_str(if *yes { "true" } else { "false" }),
            Json::Number(number) => f.write_str(number),
            Json::Text(text) => quoted(f, text),
            Json::List(all) => {
                f.write_char('[')?;
                for (nth, one) in all.iter().enumerate() {
                    comma(f, nth)?;
                    one.fmt(f)?;
                }
                f.write_char(']')
            }
            Json::Object(fields) => {
                f.write_char('{')?;
                for (nth, (name, value)) in fields.iter().enumerate() {
                    comma(f, nth)?;
                    quoted(f, name)?;
                    f.write_char(':')?;
                    value.fmt(f)?;
                }
                f.write_char('}')
            }
        }
    }
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> std::fmt::Result {
    f.write_char('"')?;
    for letter in text.chars() {
        if matches!(letter, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(letter)?;
    }
    f.write_char('"')
}

/// A text, and how far it is read.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

type Read<T> = Result<T, String>;

impl Reader<'_> {
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.next(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// Whether this comes next; then it is read.
    fn takes(&mut self, word: &str) -> bool {
        let taken = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        self.at += if taken { word.len() } else { 0 };
        taken
    }

    fn value(&mut self, depth: usize) -> Read<Json> {
        self.blanks();
        match self.next() {
            Some(b'{' | b'[') if depth == 0 => Err(format!("nested deeper than {DEPTH}")),
            Some(b'{') => self.object(depth - 1),
            Some(b'[') => self.items(depth - 1),
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ if self.takes("null") => Ok(Json::Null),
            _ if self.takes("true") => Ok(Json::Bool(true)),
            _ if self.takes("false") => Ok(Json::Bool(false)),
            None => Err("a value is missing".to_string()),
            Some(_) => Err("this is no value".to_string()),
        }
    }

    fn items(&mut self, depth: usize) -> Read<Json> {
        let mut all = Vec::new();
        self.at += 1;
        self.blanks();
        if self.takes("]") {
            return Ok(Json::List(all));
        }
        loop {
            all.push(self.value(depth)?);
            self.blanks();
            if self.takes("]") {
                return Ok(Json::List(all));
            }
            self.comma("]")?;
        }
    }

    fn object(&mut self, depth: usize) -> Read<Json> {
        let mut fields = Vec::new();
        self.at += 1;
        self.blanks();
        if self.takes("}") {
            return Ok(Json::Object(fields));
        }
        loop {
            self.blanks();
            if self.next() != Some(b'"') {
                return Err("a name in quotes is missing".to_string());
            }
            let name = self.string()?;
            self.blanks();
            if !self.takes(":") {
                return Err("a `:` is missing".to_string());
            }
            fields.push((name, self.value(depth)?));
            self.blanks();
            if self.takes("}") {
                return Ok(Json::Object(fields));
            }
            self.comma("}")?;
        }
    }

    fn comma(&mut self, end: &str) -> Read<()> {
        match self.takes(",") {
            true => Ok(()),
            false => Err(format!("a `,` or a `{end}` is missing")),
        }
    }

    fn number(&mut self) -> Read<Json> {
        let start = self.at;
        self.takes("-");
        let leading = self.next() == Some(b'0');
        let whole = self.digits();
        let mut wrong = whole == 0 || leading && whole > 1;
        if self.takes(".") {
            wrong |= self.digits() == 0;
        }
        if self.takes("e") || self.takes("E") {
            let _ = self.takes("+") || self.takes("-");
            wrong |= self.digits() == 0;
        }
        match wrong {
            true => Err("this is no number".to_string()),
            false => Ok(Json::Number(self.text[start..self.at].to_string())),
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.next().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    /// A text in quotes, which stand at both its ends.
    fn string(&mut self) -> Read<String> {
        let mut out = String::new();
        self.at += 1;
        loop {
            let plain = self.at;
            while self
                .next()
                .is_some_and(|byte| byte != b'"' && byte != b'\\' && byte >= b' ')
            {
                self.at += 1;
            }
            out.push_str(&self.text[plain..self.at]);
            match self.next() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escaped()?),
                Some(_) => return Err("a text holds a control character".to_string()),
                None => return Err("a `\"` is missing".to_string()),
            }
        }
    }

    fn escaped(&mut self) -> Read<char> {
        let letter = self.text.as_bytes().get(self.at + 1);
        let letter = match letter {
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(plain @ (b'"' | b'\\' | b'/')) => char::from(*plain),
            Some(b'u') => return self.coded(),
            _ => return Err("after a `\\` stands none of \"\\/bfnrtu".to_string()),
        };
        self.at += 2;
        Ok(letter)
    }

    /// `\u00e9`, or two of them for what lies beyond 16 bits.
    fn coded(&mut self) -> Read<char> {
        let first = self
            .unit()
            .ok_or("after `\\u` stand four hexadecimal digits")?;
        let code = match first {
            0xd800..=0xdbff => match self.unit() {
                Some(second @ 0xdc00..=0xdfff) => {
                    0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)
                }
                _ => return Err("half a character".to_string()),
            },
            other => other,
        };
        char::from_u32(code).ok_or("half a character".to_string())
    }

    fn unit(&mut self) -> Option<u32> {
        let written = self.text.as_bytes().get(self.at..self.at + 6)?;
        let digits = std::str::from_utf8(written.strip_prefix(b"\\u")?).ok()?;
        let digits = Some(digits).filter(|digits| !digits.starts_with('+'))?;
        let unit = u32::from_str_radix(digits, 16).ok()?;
        self.at += 6;
        Some(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_written() {
        for (text, written) in [
            (" null ", "null"),
            ("[1, -0.5e+3 ,true,[ ]]", "[1,-0.5e+3,true,[]]"),
            ("{\"a\" : {} , \"b\":[false]}", "{\"a\":{},\"b\":[false]}"),
            ("\"\\u00e9\\ud83d\\ude00\\n\\\"\"", "\"é😀\n\\\"\""),
        ] {
            assert_eq!(
                Json::read(text).map(|json| json.to_string()),
                Ok(written.to_string())
            );
        }
        let twice = Json::read("{\"a\":1,\"a\":2}").unwrap();
        assert_eq!(twice.get("a").and_then(Json::whole), Some(2));
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_column() {
        for (text, told) in [
            ("", "column 1: a value is missing"),
            ("{\"a\":1", "column 7: a `,` or a `}` is missing"),
            ("{a:1}", "column 2: a name in quotes is missing"),
            ("[1 2]", "column 4: a `,` or a `]` is missing"),
            ("{\"a\" 1}", "column 6: a `:` is missing"),
            ("01", "column 3: this is no number"),
            ("1.", "column 3: this is no number"),
            ("nul", "column 1: this is no value"),
            ("{} x", "column 4: there is more after the value"),
            ("\"a", "column 3: a `\"` is missing"),
            ("\"\\ud800x\"", "column 8: half a character"),
            (
                "\"\\u+123\"",
                "column 2: after `\\u` stand four hexadecimal digits",
            ),
            (
                "\"é\\x\"",
                "column 3: after a `\\` stands none of \"\\/bfnrtu",
            ),
        ] {
            assert_eq!(Json::read(text), Err(told.to_string()), "{text}");
        }
        let deep = "[".repeat(1_000_000);
        assert_eq!(
            Json::read(&deep),
            Err("column 65: nested deeper than 64".to_string())
        );
    }
}
