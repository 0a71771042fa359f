//! Short names for what the page's wasm and its glue give each other.
//!
//! wasm-bindgen names each import and export at length, with a hash that no compression removes;
//! the names stand in the wasm and in the glue. Invariant: only names change, in both alike, and
//! whatever is not understood is left as it is, with an error.

use crate::sh::Result;

const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;

/// The module and its glue with short names.
pub fn shorten(wasm: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let mut names = Names {
        glue: glue.to_string(),
        given: 0,
    };
    let magic = wasm.get(..8).ok_or("no wasm")?;
    let mut out = magic.to_vec();
    let mut rest = Bytes(&wasm[8..]);
    while !rest.0.is_empty() {
        let kind = rest.byte()?;
        let length = rest.number()?;
        let body = rest.take(length)?;
        let body = match kind {
            IMPORTS => names.imports(Bytes(body))?,
            EXPORTS => names.exports(Bytes(body))?,
            _ => body.to_vec(),
        };
        out.push(kind);
        number(&mut out, body.len());
        out.extend(body);
    }
    Ok((out, names.glue))
}

struct Names {
    glue: String,
    given: u32,
}

impl Names {
    fn imports(&mut self, mut from: Bytes) -> Result<Vec<u8>> {
        let count = from.number()?;
        let mut out = Vec::new();
        number(&mut out, count);
        for _ in 0..count {
            for _ in 0..2 {
                let name = self.short(from.name()?);
                text(&mut out, &name);
            }
            let start = from.0;
            match from.byte()? {
                0 => {
                    from.number()?;
                }
                // A table has an element type before its limits; a memory has limits only.
                kind @ (1 | 2) => {
                    if kind == 1 {
                        from.byte()?;
                    }
                    let both = from.byte()? & 1 == 1;
                    from.number()?;
                    if both {
                        from.number()?;
                    }
                }
                3 => {
                    from.take(2)?;
                }
                4 => {
                    from.byte()?;
                    from.number()?;
                }
                kind => return Err(format!("the wasm imports something of kind {kind}")),
            }
            out.extend(&start[..start.len() - from.0.len()]);
        }
        Ok(out)
    }

    fn exports(&mut self, mut from: Bytes) -> Result<Vec<u8>> {
        let count = from.number()?;
        let mut out = Vec::new();
        number(&mut out, count);
        for _ in 0..count {
            let name = self.short(from.name()?);
            text(&mut out, &name);
            out.push(from.byte()?);
            number(&mut out, from.number()?);
        }
        Ok(out)
    }

    /// A short name for one of wasm-bindgen's, where the glue has it as a word of its own.
    fn short(&mut self, name: &str) -> String {
        let long = name.len() > 12 && name.contains("wbg_") | name.contains("bindgen_");
        if !long && !name.starts_with("./") {
            return name.to_string();
        }
        let short = format!("_{:x}", self.given);
        let renamed = replace_word(&self.glue, name, &short);
        match renamed {
            Some(glue) => {
                self.given += 1;
                self.glue = glue;
                short
            }
            // The module's name is taken once for all its imports.
            None if name.starts_with("./lagoon") => "_0".to_string(),
            None => name.to_string(),
        }
    }
}

/// The text with every occurrence of the word replaced; `None` where there is none.
fn replace_word(text: &str, word: &str, by: &str) -> Option<String> {
    let part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut found) = (text, false);
    while let Some(at) = rest.find(word) {
        let (before, after) = (&rest[..at], &rest[at + word.len()..]);
        let whole = !before.ends_with(part) && !after.starts_with(part);
        out.push_str(before);
        out.push_str(if whole { by } else { word });
        found |= whole;
        rest = after;
    }
    out.push_str(rest);
    found.then_some(out)
}

/// What is still to be read.
#[derive(Clone, Copy)]
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        if count > self.0.len() {
            return Err("the wasm ends too early".to_string());
        }
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    /// An unsigned number in LEB128.
    fn number(&mut self) -> Result<usize> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
            shift += 7;
        }
    }

    fn name(&mut self) -> Result<&'a str> {
        let length = self.number()?;
        std::str::from_utf8(self.take(length)?).map_err(|error| error.to_string())
    }
}

fn number(out: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn text(out: &mut Vec<u8>, text: &str) {
    number(out, text.len());
    out.extend(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_in_both_and_nothing_else() {
        // One import, `./lagoon_bg.js` `__wbg_alert_1234`, and one export of a function.
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        let mut imports = vec![1];
        text(&mut imports, "./lagoon_bg.js");
        text(&mut imports, "__wbg_alert_1234");
        imports.extend([0, 0]);
        let mut exports = vec![2];
        for name in ["wasm_bindgen__closure", "main"] {
            text(&mut exports, name);
            exports.extend([0, 0]);
        }
        for (kind, body) in [(2, imports), (7, exports)] {
            wasm.push(kind);
            number(&mut wasm, body.len());
            wasm.extend(body);
        }
        let glue = "{\"./lagoon_bg.js\": {__wbg_alert_1234: f, __wbg_alert_12345: g}} \
                    wasm.wasm_bindgen__closure(); wasm.main()";
        let (short, glue) = shorten(&wasm, glue).unwrap();
        assert_eq!(
            glue,
            "{\"_0\": {_1: f, __wbg_alert_12345: g}} wasm._2(); wasm.main()"
        );
        let has = |name: &[u8]| short.windows(name.len()).any(|window| window == name);
        assert!(has(b"\x02_0\x02_1\0\0") && has(b"\x02_2\0\0\x04main"));
        assert!(!has(b"__wbg"));
        assert!(shorten(&wasm[..20], "").is_err());
    }
}
