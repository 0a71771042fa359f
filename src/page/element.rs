//! Elements as plain data: `el("button.solid#copy").text("Copy").send(msg)`.
//!
//! The page draws itself as a tree of these; `app` hands the tree to Yew, and the command line
//! writes it down as HTML ([`El::markup`]), so both show the same. What happens to an element is
//! data too ([`On`]). The builder is kept out of line: inlined into every drawing it makes the page
//! a tenth larger. Invariants: an element names the same attributes in the same order whenever
//! it is drawn, so that a redraw compares values only; whatever is text stays text.

use crate::playground::Msg;
use crate::view::svg::{Svg, px};
use std::rc::Rc;

/// An element in the making.
pub struct El(pub Box<Parts>);

#[derive(Default)]
pub struct Parts {
    pub tag: &'static str,
    /// The same key is the same element after a redraw.
    pub key: Option<SharedStr>,
    pub names: Vec<&'static str>,
    /// `None` leaves the attribute away.
    pub values: Vec<Option<SharedStr>>,
    pub on: Vec<On>,
    /// What an `input` or a `textarea` holds.
    pub value: Option<SharedStr>,
    pub checked: Option<bool>,
    pub children: Vec<Node>,
}

/// What stands in an element.
pub enum Node {
    Element(El),
    Text(SharedStr),
    /// A picture that is written already.
    Markup(SharedStr),
}

/// A text that is cheap to hand on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SharedStr {
    Static(&'static str),
    Shared(Rc<str>),
}

/// What happens to an element, and what is sent then.
pub enum On {
    Click(Msg),
    /// A click on what has a number in this attribute, or on something inside of it.
    ClickNumber(&'static str, fn(u32) -> Msg),
    /// The value of a field, at each change of it.
    Input(Written),
    /// The value of a field, once it is chosen.
    Change(Written),
    /// A key by its name. The browser does nothing more with one that sends something.
    Key(Pressed),
    /// A pointer pressed or dragged on a picture.
    Pointer(Pointed),
    /// The same on something that stands in a picture, which does not hear of it.
    Grip(Pointed),
    Blur(Msg),
    /// A dialog was closed, with Escape too.
    Close(Msg),
    /// Escape closes these details.
    EscapeCloses,
    /// The focus selects what the field holds.
    FocusSelects,
    /// A file was chosen in this field.
    FileChosen,
    /// A file was dropped here.
    FileDropped,
    /// A click keeps this picture as a file of pixels with this name.
    ClickSaves {
        picture: String,
        name: String,
    },
}

/// What the value of a field, a key or a pointer sends.
pub type Written = Rc<dyn Fn(&str) -> Msg>;
pub type Pressed = Rc<dyn Fn(&str) -> Option<Msg>>;
pub type Pointed = Rc<dyn Fn(Pointer) -> Option<Msg>>;

/// Where a press or a drag stands on a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pointer {
    /// 0 at the left edge, 1 at the right one.
    pub across: f64,
    /// The start of a press, not its drag.
    pub press: bool,
}

/// A new element, written `tag.classes#id[name=value][name=value]`: all of it that never changes.
#[inline(never)]
pub fn el(written: &'static str) -> El {
    let (head, mut rest) = cut(written, b'[');
    let (head, id) = cut(head, b'#');
    let (tag, class) = cut(head, b'.');
    let mut made = El(Box::new(Parts {
        tag,
        ..Parts::default()
    }));
    for (name, value) in [("class", class), ("id", id)] {
        if !value.is_empty() {
            made = made.attr(name, value);
        }
    }
    while !rest.is_empty() {
        let (one, after) = cut(rest, b']');
        let (name, value) = cut(one, b'=');
        made = made.attr(name, value);
        rest = after.get(1..).unwrap_or_default();
    }
    made
}

/// What stands before and after the first of these marks.
fn cut(text: &'static str, mark: u8) -> (&'static str, &'static str) {
    match text.bytes().position(|byte| byte == mark) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    }
}

/// What can be the value of an attribute; `None` leaves the attribute away.
pub trait Attr {
    fn attr(self) -> Option<SharedStr>;
}

impl Attr for &'static str {
    fn attr(self) -> Option<SharedStr> {
        Some(SharedStr::Static(self))
    }
}

impl Attr for String {
    fn attr(self) -> Option<SharedStr> {
        Some(self.into())
    }
}

impl Attr for SharedStr {
    fn attr(self) -> Option<SharedStr> {
        Some(self)
    }
}

/// `true` or `false`, as `aria-` and `data-` attributes want it.
impl Attr for bool {
    fn attr(self) -> Option<SharedStr> {
        if self { "true" } else { "false" }.attr()
    }
}

/// Dynamic text that lives elsewhere.
impl Attr for &String {
    fn attr(self) -> Option<SharedStr> {
        Some(SharedStr::Shared(self.as_str().into()))
    }
}

impl Attr for i32 {
    fn attr(self) -> Option<SharedStr> {
        self.to_string().attr()
    }
}

/// A length in pixels, to a tenth.
impl Attr for f32 {
    fn attr(self) -> Option<SharedStr> {
        px(self).attr()
    }
}

impl<T: Attr> Attr for Option<T> {
    fn attr(self) -> Option<SharedStr> {
        self.and_then(T::attr)
    }
}

impl From<String> for SharedStr {
    fn from(text: String) -> SharedStr {
        SharedStr::Shared(text.into())
    }
}

impl From<&'static str> for SharedStr {
    fn from(text: &'static str) -> SharedStr {
        SharedStr::Static(text)
    }
}

impl std::ops::Deref for SharedStr {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            SharedStr::Static(text) => text,
            SharedStr::Shared(text) => text,
        }
    }
}

impl From<El> for Node {
    fn from(element: El) -> Node {
        Node::Element(element)
    }
}

/// A picture stands in an element as it is written.
impl From<Svg> for Node {
    fn from(picture: Svg) -> Node {
        Node::Markup(picture.string().into())
    }
}

impl El {
    #[inline(never)]
    fn put(mut self, name: &'static str, value: Option<SharedStr>) -> El {
        self.0.names.push(name);
        self.0.values.push(value);
        self
    }

    /// An attribute.
    #[inline(never)]
    pub fn attr<T: Attr>(self, name: &'static str, value: T) -> El {
        let value = value.attr();
        self.put(name, value)
    }

    pub fn class(self, name: &'static str) -> El {
        self.attr("class", name)
    }

    /// An attribute that is there or not, such as `hidden`.
    #[inline(never)]
    pub fn is(self, name: &'static str, on: bool) -> El {
        self.put(name, on.then_some(SharedStr::Static(name)))
    }

    /// The same key is the same element after a redraw.
    #[inline(never)]
    pub fn key(mut self, key: &str) -> El {
        self.0.key = Some(SharedStr::Shared(key.into()));
        self
    }

    /// The same number is the same element after a redraw.
    #[inline(never)]
    pub fn number(self, key: usize) -> El {
        self.key(&key.to_string())
    }

    /// What a field holds.
    #[inline(never)]
    pub fn value(mut self, value: String) -> El {
        self.0.value = Some(value.into());
        self
    }

    pub fn checked(mut self, checked: bool) -> El {
        self.0.checked = Some(checked);
        self
    }

    /// Text, as text. Beside another text it is one with it, as it would be read from HTML: a
    /// browser places the letters of two texts otherwise than those of one.
    #[inline(never)]
    pub fn text<T: Attr>(mut self, text: T) -> El {
        let text = text.attr().unwrap_or(SharedStr::Static(""));
        match self.0.children.last_mut() {
            Some(Node::Text(before)) => *before = [&**before, &*text].concat().into(),
            _ => self.0.children.push(Node::Text(text)),
        }
        self
    }

    /// A child.
    #[expect(
        clippy::should_implement_trait,
        reason = "a child is put in; this is no sum"
    )]
    #[inline(never)]
    pub fn add(mut self, child: impl Into<Node>) -> El {
        self.0.children.push(child.into());
        self
    }

    /// A picture that is written already, cheap to hand on.
    #[inline(never)]
    pub fn markup(mut self, picture: SharedStr) -> El {
        self.0.children.push(Node::Markup(picture));
        self
    }

    /// A child for each of these.
    pub fn each<T>(mut self, all: impl IntoIterator<Item = T>, draw: impl Fn(T) -> El) -> El {
        for one in all {
            self = self.add(draw(one));
        }
        self
    }

    #[inline(never)]
    pub fn on(mut self, on: On) -> El {
        self.0.on.push(on);
        self
    }

    /// A press sends this.
    #[inline(never)]
    pub fn send(self, msg: Msg) -> El {
        self.on(On::Click(msg))
    }

    pub fn on_input(self, msg: impl Fn(&str) -> Msg + 'static) -> El {
        self.on(On::Input(Rc::new(msg)))
    }

    pub fn on_change(self, msg: impl Fn(&str) -> Msg + 'static) -> El {
        self.on(On::Change(Rc::new(msg)))
    }

    pub fn on_key(self, msg: impl Fn(&str) -> Option<Msg> + 'static) -> El {
        self.on(On::Key(Rc::new(msg)))
    }

    pub fn on_pointer(self, msg: impl Fn(Pointer) -> Option<Msg> + 'static) -> El {
        self.on(On::Pointer(Rc::new(msg)))
    }

    pub fn on_grip(self, msg: impl Fn(Pointer) -> Option<Msg> + 'static) -> El {
        self.on(On::Grip(Rc::new(msg)))
    }

    /// The element as HTML.
    pub fn html(&self) -> String {
        let mut out = Svg::new();
        self.write(&mut out);
        out.string()
    }

    fn write(&self, out: &mut Svg) {
        let parts = &*self.0;
        out.raw("<");
        out.raw(parts.tag);
        for (name, value) in parts.names.iter().zip(&parts.values) {
            if let Some(value) = value {
                out.attr(name, value);
            }
        }
        if parts.checked == Some(true) {
            out.raw(" checked");
        }
        let area = parts.tag == "textarea";
        if let Some(value) = parts.value.as_ref().filter(|_| !area) {
            out.attr("value", value);
        }
        out.raw(">");
        if parts.tag == "input" {
            return;
        }
        if let Some(value) = parts.value.as_ref().filter(|_| area) {
            out.text(value);
        }
        for child in &parts.children {
            match child {
                Node::Element(element) => element.write(out),
                Node::Text(text) => out.text(text),
                Node::Markup(markup) => out.written(markup),
            }
        }
        out.raw("</");
        out.raw(parts.tag);
        out.raw(">");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_written_as_html() {
        let mut dot = Svg::new();
        dot.path("dot", "M0 0");
        let made = el("div.a b#c[role=group]")
            .is("hidden", true)
            .is("open", false)
            .add(el("input[type=radio]").checked(true).value("1".to_string()))
            .add(el("svg").add(dot))
            .text("a < b & \"c\"");
        let expect = "<div class=\"a b\" id=\"c\" role=\"group\" hidden=\"hidden\">\
             <input type=\"radio\" checked value=\"1\"><svg><path class=\"dot\" d=\"M0 0\"/></svg>\
             a &lt; b &amp; &quot;c&quot;</div>";
        assert_eq!(made.html(), expect);
    }

    #[test]
    fn what_a_field_holds_stays_text() {
        let field = el("textarea").value("</textarea><script>".to_string());
        let expect = "<textarea>&lt;/textarea>&lt;script></textarea>";
        assert_eq!(field.html(), expect);
    }
}
