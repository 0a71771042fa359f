//! Elements, built by plain calls: `el("button.solid#copy").text("Copy").send(dispatch, msg)`.
//!
//! `html!` writes some 300 bytes of code a node into the page; this writes a fifth of that.
//! Invariant: an element asks Yew for the same attribute names in the same order whenever it is
//! drawn, so that a redraw compares values only; whatever is text stays text.

use crate::app::svg;
use crate::playground::Msg;
use crate::view::Text;
use std::cell::RefCell;
use std::rc::Rc;
use yew::html::{
    onblur, onchange, onclick, onclose, ondragover, ondrop, onfocus, oninput, onkeydown,
    onpointerdown, onpointermove,
};
use yew::prelude::*;
use yew::virtual_dom::{
    AttributeOrProperty, Attributes, Key, Listener, Listeners, VList, VNode, VTag,
};

/// An element in the making.
pub struct El(Box<Parts>);

#[derive(Default)]
struct Parts {
    tag: &'static str,
    key: Option<Key>,
    names: Vec<&'static str>,
    values: Vec<Option<AttributeOrProperty>>,
    listeners: Vec<Option<Rc<dyn Listener>>>,
    /// What an `input` or a `textarea` holds.
    value: Option<AttrValue>,
    checked: Option<bool>,
    text: Option<AttrValue>,
    children: Vec<VNode>,
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

/// Several nodes where one is asked for; the place of an absent one is kept by `nothing()`.
pub fn fragment(children: Vec<Html>) -> Html {
    VNode::from(VList::with_children(children, None))
}

/// Nothing at all.
pub fn nothing() -> Html {
    Html::default()
}

/// What can be the value of an attribute; `None` leaves the attribute away.
pub trait Attr {
    fn attr(self) -> Option<AttrValue>;
}

impl Attr for &'static str {
    fn attr(self) -> Option<AttrValue> {
        Some(AttrValue::Static(self))
    }
}

impl Attr for String {
    fn attr(self) -> Option<AttrValue> {
        Some(AttrValue::from(self))
    }
}

impl Attr for AttrValue {
    fn attr(self) -> Option<AttrValue> {
        Some(self)
    }
}

/// `true` or `false`, as `aria-` and `data-` attributes want it.
impl Attr for bool {
    fn attr(self) -> Option<AttrValue> {
        if self { "true" } else { "false" }.attr()
    }
}

/// Dynamic text that lives elsewhere.
impl Attr for &String {
    fn attr(self) -> Option<AttrValue> {
        Some(AttrValue::from(self.clone()))
    }
}

impl Attr for &Text {
    fn attr(self) -> Option<AttrValue> {
        Some(match self {
            Text::Borrowed(text) => AttrValue::Static(text),
            Text::Owned(text) => AttrValue::from(text.clone()),
        })
    }
}

impl Attr for i32 {
    fn attr(self) -> Option<AttrValue> {
        self.to_string().attr()
    }
}

/// A length in pixels, to a tenth.
impl Attr for f32 {
    fn attr(self) -> Option<AttrValue> {
        svg::px(self).attr()
    }
}

impl<T: Attr> Attr for Option<T> {
    fn attr(self) -> Option<AttrValue> {
        self.and_then(T::attr)
    }
}

impl El {
    #[inline(never)]
    fn put(mut self, name: &'static str, value: Option<AttrValue>) -> El {
        self.0.names.push(name);
        let value = value.map(AttributeOrProperty::Attribute);
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
        self.put(name, on.then_some(AttrValue::Static(name)))
    }

    /// The same key is the same element after a redraw.
    #[inline(never)]
    pub fn key(mut self, key: &str) -> El {
        self.0.key = Some(Key::from(key));
        self
    }

    /// The same number is the same element after a redraw.
    #[inline(never)]
    pub fn number(self, key: usize) -> El {
        self.key(&key.to_string())
    }

    /// What a field holds.
    pub fn value(mut self, value: String) -> El {
        self.0.value = Some(value.into());
        self
    }

    pub fn checked(mut self, checked: bool) -> El {
        self.0.checked = Some(checked);
        self
    }

    /// Text, as text; with no other child it is put into the element without a list around it.
    #[inline(never)]
    pub fn text<T: Attr>(mut self, text: T) -> El {
        let text = text.attr().unwrap_or_default();
        if self.0.children.is_empty() && self.0.text.is_none() {
            self.0.text = Some(text);
            return self;
        }
        self.add(VNode::from(text))
    }

    /// A child.
    #[inline(never)]
    #[expect(
        clippy::should_implement_trait,
        reason = "a child is put in; this is no sum"
    )]
    pub fn add(mut self, child: impl Into<Html>) -> El {
        if let Some(text) = self.0.text.take() {
            self.0.children.push(VNode::from(text));
        }
        self.0.children.push(child.into());
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
    fn listen(mut self, listener: Rc<dyn Listener>) -> El {
        self.0.listeners.push(Some(listener));
        self
    }

    /// A press sends this.
    #[inline(never)]
    pub fn send(self, dispatch: &Callback<Msg>, msg: Msg) -> El {
        self.on_click(dispatch.reform(move |_: MouseEvent| msg.clone()))
    }

    #[inline(never)]
    pub fn on_click(self, callback: Callback<MouseEvent>) -> El {
        self.listen(Rc::new(onclick::Wrapper::new(callback)))
    }

    #[inline(never)]
    pub fn on_input(self, callback: Callback<InputEvent>) -> El {
        self.listen(Rc::new(oninput::Wrapper::new(callback)))
    }

    #[inline(never)]
    pub fn on_change(self, callback: Callback<Event>) -> El {
        self.listen(Rc::new(onchange::Wrapper::new(callback)))
    }

    #[inline(never)]
    pub fn on_key(self, callback: Callback<KeyboardEvent>) -> El {
        self.listen(Rc::new(onkeydown::Wrapper::new(callback)))
    }

    /// A press and a drag of a pointer.
    #[inline(never)]
    pub fn on_pointer(self, press: Callback<PointerEvent>, drag: Callback<PointerEvent>) -> El {
        self.listen(Rc::new(onpointerdown::Wrapper::new(press)))
            .listen(Rc::new(onpointermove::Wrapper::new(drag)))
    }

    #[inline(never)]
    pub fn on_focus(self, callback: Callback<FocusEvent>) -> El {
        self.listen(Rc::new(onfocus::Wrapper::new(callback)))
    }

    #[inline(never)]
    pub fn on_blur(self, callback: Callback<FocusEvent>) -> El {
        self.listen(Rc::new(onblur::Wrapper::new(callback)))
    }

    /// Something is dragged over it, or dropped.
    #[inline(never)]
    pub fn on_drop(self, callback: Callback<DragEvent>) -> El {
        self.listen(Rc::new(ondragover::Wrapper::new(callback.clone())))
            .listen(Rc::new(ondrop::Wrapper::new(callback)))
    }

    /// A dialog was closed, with Escape too.
    #[inline(never)]
    pub fn on_close(self, callback: Callback<Event>) -> El {
        self.listen(Rc::new(onclose::Wrapper::new(callback)))
    }

    #[inline(never)]
    pub fn html(self) -> Html {
        let parts = *self.0;
        let attributes = Attributes::Dynamic {
            keys: shared(parts.names),
            values: parts.values.into(),
        };
        let listeners = if parts.listeners.is_empty() {
            Listeners::None
        } else {
            Listeners::Pending(parts.listeners.into())
        };
        let node = NodeRef::default();
        let tag = match parts.tag {
            "input" => VTag::__new_input(
                parts.value,
                parts.checked,
                node,
                parts.key,
                attributes,
                listeners,
            ),
            "textarea" => {
                VTag::__new_textarea(parts.value, None, node, parts.key, attributes, listeners)
            }
            tag => {
                let children = match parts.text {
                    Some(text) => VNode::from(text),
                    None => fragment(parts.children),
                };
                let tag = AttrValue::Static(tag);
                VTag::__new_other(tag, node, parts.key, attributes, listeners, children)
            }
        };
        VNode::from(tag)
    }
}

impl From<El> for Html {
    fn from(element: El) -> Html {
        element.html()
    }
}

/// The one list of these names: Yew compares lists by address. There are as many lists as there
/// are kinds of element in the source.
fn shared(names: Vec<&'static str>) -> &'static [&'static str] {
    thread_local! {
        static LISTS: RefCell<Vec<&'static [&'static str]>> = const { RefCell::new(Vec::new()) };
    }
    LISTS.with_borrow_mut(|lists| {
        let same = |list: &&&'static [&'static str]| {
            list.len() == names.len()
                && list
                    .iter()
                    .zip(&names)
                    .all(|(a, b)| std::ptr::eq(*a, *b) || a == b)
        };
        if let Some(list) = lists.iter().find(same) {
            return *list;
        }
        let list: &'static [&'static str] = Vec::leak(names);
        lists.push(list);
        list
    })
}
