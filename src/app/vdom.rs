//! Plain elements as Yew's: the one place that knows both.
//!
//! Invariant: an element asks Yew for the same list of attribute names whenever it is drawn, so
//! that a redraw compares values only.

use crate::page::element::{El, Node, On, Parts, Pointed, Pointer, SharedStr};
use crate::playground::Msg;
use crate::playground::opened::{BYTES, Deed, File, Refused};
use crate::web::{field, file, page, picture, pointer};
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

/// The element, and all that stands in it; what happens to it is sent to `dispatch`.
pub fn html(element: El, dispatch: &Callback<Msg>) -> Html {
    let Parts {
        tag,
        key,
        names,
        values,
        on,
        value,
        checked,
        children,
    } = *element.0;
    let values = values.into_iter();
    let values = values.map(|value| Some(AttributeOrProperty::Attribute(text(value?))));
    let attributes = Attributes::Dynamic {
        keys: shared(names),
        values: values.collect(),
    };
    let mut heard = Vec::new();
    for on in on {
        listen(on, dispatch, &mut heard);
    }
    let listeners = match heard.is_empty() {
        true => Listeners::None,
        false => Listeners::Pending(heard.into()),
    };
    let (node, key) = (NodeRef::default(), key.map(|key| Key::from(&*key)));
    let value = value.map(text);
    VNode::from(match tag {
        "input" => VTag::__new_input(value, checked, node, key, attributes, listeners),
        "textarea" => VTag::__new_textarea(value, None, node, key, attributes, listeners),
        tag => {
            let inside = inside(children, dispatch);
            let tag = AttrValue::Static(tag);
            VTag::__new_other(tag, node, key, attributes, listeners, inside)
        }
    })
}

/// A text alone is put into its element without a list around it.
fn inside(children: Vec<Node>, dispatch: &Callback<Msg>) -> VNode {
    let node = |child| match child {
        Node::Element(element) => html(element, dispatch),
        Node::Text(words) => VNode::from(text(words)),
        Node::Markup(markup) => Html::from_html_unchecked(text(markup)),
    };
    match <[Node; 1]>::try_from(children) {
        Ok([Node::Text(words)]) => VNode::from(text(words)),
        Ok([child]) => list(vec![node(child)]),
        Err(children) => list(children.into_iter().map(node).collect()),
    }
}

fn list(children: Vec<VNode>) -> VNode {
    VNode::from(VList::with_children(children, None))
}

fn text(text: SharedStr) -> AttrValue {
    match text {
        SharedStr::Static(text) => AttrValue::Static(text),
        SharedStr::Shared(text) => AttrValue::Rc(text),
    }
}

type Heard = Vec<Option<Rc<dyn Listener>>>;

fn listen(on: On, dispatch: &Callback<Msg>, heard: &mut Heard) {
    let mut hear = |listener: Rc<dyn Listener>| heard.push(Some(listener));
    let send = dispatch.clone();
    match on {
        On::Click(msg) => hear(clicked(move |_| send.emit(msg.clone()))),
        On::ClickNumber(attribute, msg) => hear(clicked(move |event| {
            let number = page::number_above(event.target(), attribute);
            number.into_iter().for_each(|number| send.emit(msg(number)));
        })),
        On::ClickSaves { picture, name } => hear(clicked(move |_| save(&picture, &name, &send))),
        On::Input(msg) => {
            let input = move |event: InputEvent| send.emit(msg(&field::value(&event)));
            hear(Rc::new(oninput::Wrapper::new(Callback::from(input))));
        }
        On::Change(msg) => {
            let change = move |event: Event| send.emit(msg(&field::value(&event)));
            hear(Rc::new(onchange::Wrapper::new(Callback::from(change))));
        }
        On::Key(msg) => {
            let key = move |event: KeyboardEvent| {
                if let Some(msg) = msg(&event.key()) {
                    event.prevent_default();
                    send.emit(msg);
                }
            };
            hear(Rc::new(onkeydown::Wrapper::new(Callback::from(key))));
        }
        On::Pointer(msg) => pointed(msg, false, send).into_iter().for_each(hear),
        On::Grip(msg) => pointed(msg, true, send).into_iter().for_each(hear),
        On::Blur(msg) => {
            let blur = Callback::from(move |_: FocusEvent| send.emit(msg.clone()));
            hear(Rc::new(onblur::Wrapper::new(blur)));
        }
        On::Close(msg) => {
            let close = Callback::from(move |_: Event| send.emit(msg.clone()));
            hear(Rc::new(onclose::Wrapper::new(close)));
        }
        On::EscapeCloses => {
            let escape = Callback::from(|event: KeyboardEvent| {
                if event.key() == "Escape" {
                    field::close_details(&event);
                }
            });
            hear(Rc::new(onkeydown::Wrapper::new(escape)));
        }
        On::FocusSelects => {
            let select = Callback::from(|event: FocusEvent| field::select(&event));
            hear(Rc::new(onfocus::Wrapper::new(select)));
        }
        On::FileChosen => {
            let chosen = move |event: Event| open(file::chosen(&event), &send);
            hear(Rc::new(onchange::Wrapper::new(Callback::from(chosen))));
        }
        On::FileDropped => {
            let over = Callback::from(|event: DragEvent| event.prevent_default());
            let dropped = Callback::from(move |event: DragEvent| {
                event.prevent_default();
                open(file::dropped(&event), &send);
            });
            hear(Rc::new(ondragover::Wrapper::new(over)));
            hear(Rc::new(ondrop::Wrapper::new(dropped)));
        }
    }
}

fn clicked(call: impl Fn(MouseEvent) + 'static) -> Rc<dyn Listener> {
    Rc::new(onclick::Wrapper::new(Callback::from(call)))
}

/// A press and a drag of a pointer; what stands around does not hear of it where it is `alone`.
fn pointed(msg: Pointed, alone: bool, send: Callback<Msg>) -> [Rc<dyn Listener>; 2] {
    let call = |press| {
        let (msg, send) = (msg.clone(), send.clone());
        Callback::from(move |event: PointerEvent| {
            if alone {
                event.stop_propagation();
            }
            let across = pointer::across(&event, press);
            let msg = across.and_then(|across| msg(Pointer { across, press }));
            msg.into_iter().for_each(|msg| send.emit(msg));
        })
    };
    [
        Rc::new(onpointerdown::Wrapper::new(call(true))),
        Rc::new(onpointermove::Wrapper::new(call(false))),
    ]
}

/// Reads the file that a person gave, and opens it.
fn open(given: Option<file::Given>, dispatch: &Callback<Msg>) {
    let (Some(given), dispatch) = (given, dispatch.clone()) else {
        return;
    };
    wasm_bindgen_futures::spawn_local(async move {
        let text = match given.bytes() > BYTES as f64 {
            true => Err(Refused::TooLong),
            false => given.text().await.map(Rc::from).ok_or(Refused::Withheld),
        };
        let name = given.name();
        dispatch.emit(Msg::File(Deed::Open(Rc::new(File { name, text }))));
    });
}

/// Keeps the picture as pixels.
fn save(drawn: &str, name: &str, dispatch: &Callback<Msg>) {
    let (drawn, name, dispatch) = (drawn.to_string(), name.to_string(), dispatch.clone());
    wasm_bindgen_futures::spawn_local(async move {
        if picture::save(drawn, &name).await.is_none() {
            dispatch.emit(Msg::NoPixels);
        }
    });
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
